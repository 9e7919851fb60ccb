"""A learned scenario is tried again later, and says what has drifted."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from tests.interface.commands import SMALL, vssim
from tests.support import teams
from vssim.errors import UsageError
from vssim.forecasts.deliveries import day_of, known_on
from vssim.language import speaking
from vssim.learning.backtest import Backtest, backtest
from vssim.learning.learned import Learned
from vssim.learning.written import save
from vssim.scenario import loads
from vssim.tracker.board import Board, read
from vssim.views import figures
from vssim.views.terminal.learned import backtested
from vssim.views.terminal.learned import learned as shown


@pytest.fixture(scope="module")
def again(board: Board, learned: Learned) -> Backtest:
    then = known_on(board, day_of(learned.baseline.history.until) + 1)
    return backtest(learned.scenario, then, teams.ANSWERS, jobs=1, histories=150)


def test_records_that_were_learned_from_are_played(again: Backtest, learned: Learned) -> None:
    assert again.verdict in ("reproduced", "roughly")
    assert not again.fresh
    assert again.first == learned.baseline.history.begin
    assert len(again.past.lines) == len(again.document()["metrics"])


def test_a_team_that_takes_twice_as_long_is_not_the_one_that_was_learned(learned: Learned, tmp_path: Path) -> None:
    slower = {**teams.TEAM, "steps": {**teams.TEAM["steps"], "develop": {"work": "lognormal(mean=12, cv=0.8)"}}}
    slower = {**slower, "teams": {**teams.TEAM["teams"], "developers": {"people": 30, "does": "develop", "meetings": "15%"}}}
    slower = {**slower, "demand": {"item": {"every": "gamma(mean=1.3, cv=1)"}}}
    held = read(teams.exported(teams.played(slower), tmp_path, slower))
    found = backtest(learned.scenario, held, teams.ANSWERS, jobs=1, histories=150)
    assert found.verdict == "not"
    assert "learn it anew" in found.sentence
    assert any("too short" in text for text in found.drifted)


def test_what_was_not_learned_cannot_be_tried_again(board: Board) -> None:
    with pytest.raises(UsageError, match="was not learned"):
        backtest(loads(SMALL), board)


def test_other_steps_are_refused_by_name(board: Board, learned: Learned) -> None:
    with pytest.raises(UsageError, match="its steps are analyse, develop, test"):
        backtest(learned.scenario, replace(board, stages=replace(board.stages, done=("test", "Done"))))


def test_the_command_finds_the_records_beside_the_scenario(board: Board, learned: Learned, tmp_path: Path) -> None:
    teams.exported(teams.played(), tmp_path)
    save(learned, tmp_path / "mine.yaml")
    answer = vssim(
        "backtest", str(tmp_path / "mine.yaml"), "--json", "--jobs", "1", "--quiet", "--picture", str(tmp_path / "past.png")
    )
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["verdict"] in ("reproduced", "roughly", "not")
    assert (tmp_path / "past.png").stat().st_size > 10_000
    (tmp_path / "moves.csv").unlink()
    assert "not beside it" in vssim("backtest", str(tmp_path / "mine.yaml")).err


def test_pictures_of_both_show_the_records_on_top(again: Backtest, learned: Learned) -> None:
    for found in (again, learned):
        assert len(figures.past(found).axes) == 4


ENGLISH = re.compile(
    r"\b(counted|fitted|told|assumed|known|nobody|possible|visits?|checks?|passes|rough|lies?|yes|work|learned|plays)\b"
)


def test_everything_but_names_is_told_in_german_on_the_terminal(again: Backtest, learned: Learned) -> None:
    names = set(learned.changes())
    with speaking("de"):
        first, second = _printed(shown(learned)), _printed(backtested(again))
    for text in (first, second):
        assert [line for line in text.splitlines() if line.strip("· ") not in names and ENGLISH.search(line)] == []
    assert "Arbeit an der Sache bei" in first
    assert "Besuchen" in first
    assert "Prüfungen" in first
    assert "Aufgezeichnet, und gespielt" in second


def _printed(content: RenderableType) -> str:
    console = Console(width=400, file=io.StringIO())
    console.print(content)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]
