"""A table in place of a list of items: our words and its columns; a table of moves needs none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import vssim
from tests.support.running import text_of
from vssim.views import exports

STREAM: dict[str, Any] = {
    "start": "2026-06-15",
    "run": {"horizon": 60},
    "steps": {"develop": {"work": 3}, "test": {"work": 1}},
    "teams": {"developers": {"people": 4, "does": "develop"}, "testers": {"people": 2, "does": "test"}},
}

BOARD = """Key,Type,Created,Status,Due,Points,Done
A-1,CR,2026-05-04,develop,2026-07-10,3,
A-2,CR,2026-05-20T10:11:12Z,test,,5,
A-3,Bug,2026-06-01,develop,,1,
A-4,CR,2026-06-08,Backlog,,1,
A-5,CR,2026-04-01,Done,,2,2026-05-01
A-6,CR,2026-07-01,,,3,
"""


def scenario_of(folder: Path, table: str = BOARD, file: str = "board.csv", **asked: Any) -> vssim.Scenario:
    (folder / file).write_text(table, encoding="utf-8")
    scenario = folder / "scenario.yaml"
    scenario.write_text(text_of({**STREAM, "demand": {"cr": {"items": {"file": file, **asked}}}}), encoding="utf-8")
    return vssim.load(str(scenario))


WORDS: dict[str, Any] = {"only": {"Type": "CR"}, "id": "Key", "at": "Created", "step": "Status", "due": "Due", "size": "Points"}


def test_a_table_means_the_list_that_it_holds(tmp_path: Path) -> None:
    items = scenario_of(tmp_path, **WORDS).demand["cr"].items
    assert [item.id for item in items] == ["A-1", "A-2", "A-4", "A-6"]
    assert [item.step for item in items] == ["develop", "test", None, None]
    assert [item.arrived for item in items] == [-30, -18, -5, 12]
    assert items[0].due == 20


def test_points_are_no_days_they_are_told_by_their_mean(tmp_path: Path) -> None:
    items = scenario_of(tmp_path, **WORDS).demand["cr"].items
    assert [item.size.mean for item in items if item.size] == [1, 5 / 3, 1 / 3, 1]


def test_what_was_done_before_time_0_is_left_out_by_its_column_or_by_its_date(tmp_path: Path) -> None:
    table = BOARD.replace("2026-04-01,Done", "2026-04-01,develop")
    assert len(scenario_of(tmp_path, table, **WORDS).demand["cr"].items) == 5
    assert len(scenario_of(tmp_path, table, **WORDS, done="Done").demand["cr"].items) == 4


def test_work_of_a_row_stands_in_place_of_the_step_s(tmp_path: Path) -> None:
    items = scenario_of(tmp_path, id="Key", at="Created", work={"develop": "Points"}).demand["cr"].items
    assert items[0].work["develop"].mean == 3


def test_decimal_commas_between_semicolons_are_read(tmp_path: Path) -> None:
    items = scenario_of(tmp_path, "id;at;left\na;2026-06-01;2,5\n", id="id", at="at", work={"develop": "left"}).demand["cr"].items
    assert items[0].work["develop"].mean == 2.5


def test_the_board_of_a_run_exported_as_moves_can_be_begun_again(tmp_path: Path) -> None:
    scenario = vssim.loads(text_of({**STREAM, "demand": {"cr": {"every": 1}}}))
    run = vssim.simulate(scenario)
    table = exports.table(run.log, "moves", scenario.dates)
    table.write_parquet(tmp_path / "board.moves.parquet")
    text = {**STREAM, "start": "2026-07-01", "demand": {"cr": {"items": "board.moves.parquet"}}}
    (tmp_path / "again.yaml").write_text(text_of(text), encoding="utf-8")
    items = vssim.load(str(tmp_path / "again.yaml")).demand["cr"].items
    there = run.log.items
    moment = run.log.tick(12)
    assert len(items) == int(((there.arrived < moment) & ((there.left > moment) | (there.left < 0))).sum())
    assert {item.step for item in items} <= {"develop", "test", None}


@pytest.mark.parametrize(
    ("table", "asked", "expected"),
    [
        (BOARD, WORDS | {"step": "Statsu"}, "did you mean 'Status'"),
        (BOARD, WORDS | {"stp": "Status"}, "did you mean 'step'"),
        (BOARD, WORDS | {"only": {"Typ": "CR"}}, "did you mean 'Type'"),
        (BOARD.replace(",test,", ",In Review,"), WORDS, "'In Review' \\(1\\)"),
        (BOARD.replace("2026-05-04", "04.05.2026"), WORDS, "board.csv:2.*a date such as"),
        (BOARD.replace(",,5,", ",,-5,"), WORDS, "board.csv:3.*a number of at least 0"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_place(tmp_path: Path, table: str, asked: Any, expected: str) -> None:
    with pytest.raises(vssim.ScenarioError, match=expected):
        scenario_of(tmp_path, table, **asked)


def test_a_table_that_is_not_there_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "board.csv").write_text(BOARD, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(text_of({**STREAM, "demand": {"cr": {"items": {"file": "bord.csv"}}}}), encoding="utf-8")
    with pytest.raises(vssim.ScenarioError, match=r"did you mean 'board\.csv'"):
        vssim.load(str(tmp_path / "s.yaml"))
