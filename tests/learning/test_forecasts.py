"""Forecasts of what was learned: members play from the board of a day on, with the record of windows that were held back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import vssim as package
from tests.interface.commands import SMALL, vssim
from tests.support import teams
from vssim.errors import ScenarioError, UsageError
from vssim.forecasts import foretold
from vssim.forecasts.deliveries import day_of, known_on
from vssim.forecasts.simulation import ScenarioForecast
from vssim.forecasts.today import from_today, standing
from vssim.learning.learned import Learned
from vssim.learning.written import save
from vssim.scenario import Scenario, loads
from vssim.scenario.origins import Column, Foretold, Standing
from vssim.tracker.board import Board, read


def kept(count: int, *, promised: int = 5, came: int = 7, crps: float = 1.0, throughput: float = 1.5) -> Foretold:
    """The record of so many windows of two weeks."""
    noise = np.linspace(-0.1, 0.1, count).round(3)
    same = {"promised": promised, "probability": 0.88, "low": 4, "high": 9, "came": came, "place": 0.5, "throughput": throughput}
    series = {name: (float(value),) * count for name, value in same.items()}
    return Foretold(days=10, crps=tuple((crps + noise).tolist()), **series)


@pytest.fixture(scope="module")
def mine(learned: Learned) -> Scenario:
    return replace(learned, verdict="roughly", record=(kept(15),)).scenario


def made(scenario: Scenario, **question: object) -> ScenarioForecast:
    answer = package.forecast(scenario, **{"futures": 40, **question})  # type: ignore[arg-type]
    assert isinstance(answer, ScenarioForecast)
    return answer


def test_what_is_open_on_a_morning_stands_where_it_entered_last_and_has_its_age(board: Board) -> None:
    day = day_of(dt.date(2024, 9, 2))
    columns = {name: Column(step=name) for name in ("analyse", "develop", "test")}
    there = standing(board, columns, day)
    moves = known_on(board, day).moves
    last = {name: to for name, to in moves.select("item", "to").iter_rows() if to is not None}
    assert {name: item.column for name, item in there.items()} == {
        name: column for name, column in last.items() if column in columns
    }
    name, item = max(there.items(), key=lambda entry: entry[1].age)
    begun = moves.filter((pl.col("item") == name) & pl.col("to").is_in(list(columns)))["at"].min()
    assert isinstance(begun, dt.datetime)
    assert item.age == pytest.approx(np.busday_count(begun.date(), dt.date(2024, 9, 2)), abs=1)
    assert all(0 <= item.there <= item.age for item in there.values())


def test_as_many_are_in_hand_as_people_may_have_and_those_that_are_there_longest(mine: Scenario) -> None:
    there = {str(number): Standing("test", 20.0, float(number)) for number in range(1, 6)}
    of = {item.id: item for item in from_today(mine, there).demand["item"].items}
    assert [name for name, item in of.items() if item.team == "testers"] == ["4", "5"]
    assert of["1"].entered == -1
    assert mine.learned is not None
    work = mine.learned.columns["test"].hands_on
    assert work is not None
    assert of["5"].entered == pytest.approx(-min(5.0, work))
    assert from_today(mine, {}).demand["item"].items == ()


def test_members_play_from_the_last_day_of_the_records_and_changes_with_the_same_luck(mine: Scenario, board: Board) -> None:
    told = mine.learned
    assert told is not None
    assert told.today == board.moves["at"].max().date()  # type: ignore[union-attr]
    forecast = made(
        mine,
        when=20,
        changes=[next((name for name in mine.changes if name.startswith("one more person in ")), next(iter(mine.changes)))],
    )
    assert forecast.begins is not None
    assert forecast.begins > told.today
    assert forecast.board == len(told.open)
    assert len(np.unique(forecast.sides[0].samples)) > 10
    assert forecast.promise(0.85).date is not None
    oldest = next(iter(told.open))
    assert made(mine, item=oldest).promise(0.5).promise.number < made(mine, when="items").promise(0.5).promise.number


def test_later_records_bring_the_board_of_their_last_day(mine: Scenario, tmp_path: Path, board: Board) -> None:
    later = known_on(board, day_of(dt.date(2024, 9, 2)))
    forecast = made(mine, by="2024-10-01", today=later)
    assert forecast.begins == dt.date(2024, 9, 2)
    assert forecast.board == len(standing(later, mine.learned.columns))  # type: ignore[union-attr]
    strange = tmp_path / "other.csv"
    strange.write_text("id,started,closed\n1,2024-01-02,2024-01-04\n", encoding="utf-8")
    with pytest.raises(UsageError, match="was learned with analyse, develop, test"):
        made(mine, when=3, today=read(strange))
    with pytest.raises(UsageError, match="today"):
        package.forecast(board, when=3, today=board)


def test_the_record_is_told_and_who_foretells_better(learned: Learned) -> None:
    def text(*records: Foretold) -> str:
        return made(replace(learned, verdict="roughly", record=records).scenario, when=20).text

    better = text(kept(15))
    assert "In the last 15 windows of 2 weeks we would have said at least 5" in better
    assert "surely better than throughput alone: mean score (CRPS) 1.00" in better
    assert "plays its own past roughly" in better
    assert "ask the records" in text(kept(15, crps=1.8))
    assert "about as well" in text(kept(8))
    assert text(kept(15, came=3)).startswith("Its record fails: 0 of 15")
    assert foretold.NONE in text()


def test_the_nearest_length_of_window_is_the_record_of_a_forecast(learned: Learned) -> None:
    of = replace(learned, record=(kept(30).model_copy(update={"days": 5}), kept(15))).scenario
    records = foretold.told(of)
    assert [one.length for one in records] == ["1 week", "2 weeks"]
    assert foretold.nearest(records, 6) is records[0]
    assert foretold.nearest(records, 40) is records[1]
    assert foretold.nearest([], 6) is None


def test_the_file_keeps_it_all_and_the_command_tells_it(learned: Learned, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    save(replace(learned, verdict="roughly", record=(kept(15),)), file)
    teams.exported(teams.played(), tmp_path)
    again = package.load(str(file))
    assert again.learned is not None
    assert again.learned.record[0].document() == kept(15).document()
    answer = vssim("forecast", str(file), "--when", "10", "--json")
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    assert document["records"][0]["kept"] == 15
    assert document["promises"][0]["date"]
    table = vssim("forecast", str(file), "--record")
    assert "15 (100%)" in table.out
    assert vssim("forecast", str(file), "--record", "--json").code == 0
    board = vssim("forecast", str(file), "--when", "10", "--board", str(tmp_path / "moves.csv"))
    assert board.code == 0, board.err


def test_boards_and_records_are_of_what_was_learned(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert "scenario that was learned" in vssim("forecast", str(file), "--record").err
    assert "scenario that was learned" in vssim("forecast", str(file), "--when", "3", "--board", "x.csv").err
    (tmp_path / "moves.csv").write_text("id,started,closed\n1,2024-01-02,2024-01-04\n", encoding="utf-8")
    assert "--board: is for a scenario" in vssim("forecast", str(tmp_path / "moves.csv"), "--when", "3", "--board", "x.csv").err
    with pytest.raises(UsageError, match="was not learned"):
        from_today(loads(SMALL))


def test_what_is_withheld_is_withheld_from_forecasts_of_changes_too(learned: Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    untrue = replace(learned, verdict="not").scenario
    assert "does NOT play its own past" in made(untrue, when=5).text
    with pytest.raises(UsageError, match="withheld"):
        made(untrue, when=5, changes=list(untrue.changes)[:1])


def test_faults_of_what_was_kept_are_told(learned: Learned) -> None:
    content = learned.content()
    told = content["learned"]
    told["open"] = {"7": "develop"}
    told["record"] = [{**kept(3).document(), "came": "1 2"}]
    told["weekly"] = {"in progress": {"recorded": "1 x", "low": "1", "middle": "1", "high": "1"}}
    with pytest.raises(ScenarioError) as refused:
        loads(content)
    words = str(refused.value)
    assert "a column, the age and the days there" in words
    assert "as many numbers in each of" in words
    assert "numbers with blanks between them" in words
