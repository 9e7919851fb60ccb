"""From a team's records and answers to a scenario: what is true lies within it, every figure has its source, and it plays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.interface.commands import vssim
from tests.support import teams
from vssim.errors import UsageError
from vssim.learning.baseline import MEETINGS, OTHER
from vssim.learning.compared import COMPARED
from vssim.learning.diagnostics import AMONG, diagnostics
from vssim.learning.door import draft, expect_enough, learn, prepared
from vssim.learning.effort import Effort
from vssim.learning.figures import values_at
from vssim.learning.held_out import HELD_OUT
from vssim.learning.kept import Kept, key_of
from vssim.learning.learned import Learned
from vssim.learning.structure import Alternative
from vssim.learning.verdicts import of_another_kind, short_of, verdict
from vssim.learning.written import members_file, save
from vssim.scenario import load
from vssim.tracker.board import Board, read
from vssim.tracker.checks import Check

TRUE = {
    "hands-on work at analyse": 1.0,
    "hands-on work at develop": 4.0,
    "hands-on work at test": 1.0,
    "comes back from test": 0.2,
    "time between arrivals": 0.8,
}


def test_what_is_true_is_near_what_was_learned(learned: Learned) -> None:
    found = {estimate.figure.name: estimate for estimate in learned.figures}
    for name, value in TRUE.items():
        estimate = found[name]
        wide = estimate.high - estimate.low
        assert estimate.low - wide / 2 < value < estimate.high + wide / 2, (name, estimate.range)
    assert found["hands-on work at develop"].contraction > 0.8


def test_work_has_the_time_that_meetings_leave(board: Board) -> None:
    """Told, they make what is possible smaller; not known, every member has less with more of them."""
    unknown = {key: value for key, value in teams.ANSWERS.items() if key != "other_work"}
    by_answers = []
    for answers in (teams.ANSWERS, unknown):
        figures = draft(*prepared(board, answers)).figures
        (work,) = (number for number, figure in enumerate(figures) if figure.name == "hands-on work at develop")
        shares = np.full((2, len(figures)), 0.5)
        if answers is unknown:
            (meetings,) = (number for number, figure in enumerate(figures) if figure.name == MEETINGS)
            shares[:, meetings] = 0.0, 1.0
        by_answers.append(values_at(figures, shares)[:, work])
    told, (none, most) = by_answers
    assert told == pytest.approx([0.85 * none] * 2)
    assert most == pytest.approx((1 - OTHER[1]) * none)


def test_the_past_that_was_played_by_the_truth_is_not_refused(learned: Learned) -> None:
    assert learned.verdict in ("reproduced", "roughly")
    assert learned.scenario.learned is not None
    assert learned.scenario.learned.verdict == learned.verdict


def test_a_verdict_names_what_keeps_it_from_being_better(learned: Learned) -> None:
    assert learned.verdict != "reproduced", "nothing was held back"
    assert learned.off
    assert learned.off[0] in learned.sentence


def test_what_a_verdict_falls_short_of_is_said_in_the_words_of_its_checks() -> None:
    fine = Check("finished items", "90", "≥ 60", "passes")
    few = Check("whole weeks", "20", "≥ 26", "rough")
    held = Check(HELD_OUT, "6 windows", "≥ 20 windows", "cannot be told", "not tried: the records are too short for it")
    aside = Check("last two waves agree", "no", "yes", "rough")
    assert short_of([fine], 52 * 5, 5) == ()
    assert short_of([fine, few, held, aside], 100, 5) == (
        "whole weeks: 20, asked for is ≥ 26",
        f"{HELD_OUT}: not tried: the records are too short for it",
        "20 weeks of one and the same team: 52 are asked for",
    )


def test_records_far_beyond_what_was_played_are_of_another_kind_of_organisation(learned: Learned) -> None:
    assert learned.past is not None
    for beyond, state, word in ((1.4, "rough", "roughly"), (1.6, "fails", "not")):
        last = replace(learned.ensemble.waves[-1], typical=0.0, beyond=beyond)
        checks = diagnostics(replace(learned.ensemble, waves=(*learned.ensemble.waves[:-1], last)))
        (among,) = (check for check in checks if check.name == AMONG)
        others = [check for check in learned.checks if check.name != AMONG]
        assert (among.verdict, verdict([*others, among], learned.past, 300, 5)) == (state, word)
        assert [AMONG in sentence for sentence in of_another_kind(checks)] == [True] * (word == "not")


def test_every_figure_of_the_file_says_where_it_comes_from(learned: Learned, tmp_path: Path) -> None:
    save(learned, tmp_path / "mine.yaml")
    lines = (tmp_path / "mine.yaml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.strip().startswith(("every:", "work:", "people:", "meetings:", "multitasking:", "chance:", "cv:", "delay:")):
            assert lines[number - 1].strip().startswith("# "), line
    text = "\n".join(lines)
    assert all(word in text for word in ("counted:", "fitted:", "told"))


def test_the_file_is_a_scenario_whose_members_are_played(learned: Learned, tmp_path: Path) -> None:
    save(learned, tmp_path / "mine.yaml")
    found = load(tmp_path / "mine.yaml")
    assert found.uncertain is not None
    assert found.uncertain.members is not None
    assert len(found.uncertain.members.rows) == len(learned.rows)
    assert set(found.changes) == set(learned.changes())
    assert any(name.startswith("one more person in ") for name in found.changes)
    members = pl.read_parquet(members_file(tmp_path / "mine.yaml"))
    assert set(members.columns) == set(learned.paths)
    assert found.learned is not None
    assert found.learned.until == learned.baseline.history.until


def test_a_member_names_the_parameters_of_its_distributions_as_facts(learned: Learned) -> None:
    uncertain = learned.scenario.uncertain
    assert uncertain is not None
    assert "steps.develop.work.mean" in uncertain.facts
    assert "teams.developers.drift.cv" in uncertain.facts
    assert uncertain.members is not None
    assert np.isfinite(np.array(uncertain.members.numbers())).all()


def test_the_same_seed_learns_the_same(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = Alternative("the newest item first", "order", "discipline", discipline="lifo")
    monkeypatch.setattr("vssim.learning.early.alternatives", lambda *_: [newest])
    effort = Effort(runs=60, waves=2, histories=20, held_out=60, structures=60)
    first, again = (learn(board, teams.ANSWERS, jobs=1, effort=effort) for _ in range(2))
    assert first.rows == again.rows
    assert first.checks == again.checks
    told = next(check for check in first.checks if check.name == COMPARED)
    assert "the newest item first: score" in told.found
    assert "the newest item first: score" in first.baseline.sources["discipline"]
    assert first.content()["discipline"] in ("fifo", "lifo")


def test_an_interrupted_fit_is_taken_up_by_the_same_question_alone(learned: Learned, tmp_path: Path) -> None:
    file, key = tmp_path / "fit.npz", key_of(learned.baseline, 1, 60)
    Kept(file, key).keep(learned.ensemble.waves)
    assert np.array_equal(Kept(file, key).waves()[-1].scores, learned.ensemble.waves[-1].scores)
    assert Kept(file, key_of(learned.baseline, 2, 60)).waves() == []
    file.write_bytes(b"half a file")
    assert Kept(file, key).waves() == []


def test_nothing_is_learned_from_too_little(tmp_path: Path) -> None:
    short = {**teams.TEAM, "run": {"horizon": 40, "warmup": 0}}
    file = teams.exported(teams.played(short), tmp_path, short)
    with pytest.raises(UsageError, match=r"whole weeks; at least 13 are needed"):
        learn(file, teams.ANSWERS)


def test_without_answers_the_sheet_is_written_and_said(board: Board, tmp_path: Path) -> None:
    file = teams.exported(teams.played(), tmp_path)
    answer = vssim("learn", str(file), "-o", str(tmp_path / "mine.yaml"))
    assert answer.code == 2
    assert (tmp_path / "mine.answers.yaml").is_file()
    assert "--answers" in answer.err


def test_nobody_is_asked_where_no_answer_could_help(tmp_path: Path) -> None:
    short = {**teams.TEAM, "run": {"horizon": 40, "warmup": 0}}
    file = teams.exported(teams.played(short), tmp_path, short)
    answer = vssim("learn", str(file), "-o", str(tmp_path / "mine.yaml"))
    assert answer.code == 2
    assert "whole weeks; at least 13 are needed" in answer.err
    assert not (tmp_path / "mine.answers.yaml").exists()


def test_few_items_are_refused_before_they_are_replayed(tmp_path: Path) -> None:
    slow = {**teams.TEAM, "demand": {"item": {"every": 10}}}
    file = teams.exported(teams.played(slow), tmp_path, slow)
    with pytest.raises(UsageError, match=r"\d\d items; at least 60 finished ones are needed. Export a longer period$"):
        expect_enough(read(file))


def test_what_was_learned_shows_itself_in_a_notebook(learned: Learned) -> None:
    page = learned._repr_html_()
    assert "hands-on work at develop" in page
    assert learned.table().height == len(learned.figures)
    assert learned.document()["verdict"] == learned.verdict
