"""A board of last entries, as some trackers export it: what went back is not in it, and is found again all the same."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.support import teams
from vssim.learning.door import learn
from vssim.learning.effort import Effort
from vssim.scenario import loads
from vssim.tracker.board import read
from vssim.views.exports import table

COLUMNS = ["Backlog", "analyse", "develop", "test", "Done"]


def of_last_entries(moves: pl.DataFrame) -> pl.DataFrame:
    """One row an item, one date a column, the last one; what lies further on is wiped out where an item went back."""
    rows: list[list[str | None]] = []
    for (item,), part in moves.filter(pl.col("to").is_in(COLUMNS)).sort("at").group_by("item", maintain_order=True):
        dates: list[str | None] = [None] * len(COLUMNS)
        for at, to in part.select("at", "to").iter_rows():
            place = COLUMNS.index(to)
            dates[place:] = [str(at)[:10], *[None] * (len(COLUMNS) - place - 1)]
        rows.append([str(item), "", f"item {item}", *dates])
    return pl.DataFrame(rows, schema=["ID", "Link", "Name", *COLUMNS], orient="row")


def test_the_board_of_last_entries_that_is_exported_is_made_of_the_last_moves() -> None:
    log, dates = teams.played().log, loads(teams.TEAM).dates
    made = of_last_entries(table(log, "moves", dates)).sort(pl.col("ID").cast(int))
    found = table(log, "board-last", dates).with_columns(pl.col("ID").cast(str), pl.col(*COLUMNS).cast(str))
    assert found.height == made.height > 200
    for column in COLUMNS:
        assert found[column].to_list() == made[column].to_list(), column
    open_again = found.filter(pl.col("test").is_null() & pl.col("Done").is_null())
    first = table(log, "board", dates).with_columns(pl.col("ID").cast(str))
    assert first.filter(pl.col("ID").is_in(open_again["ID"].to_list()))["test"].drop_nulls().len(), "some went back from there"


@pytest.mark.slow
def test_returns_that_last_entries_hide_are_learned_with_the_work_that_is_true(tmp_path: Path) -> None:
    file = tmp_path / "board.csv"
    table(teams.played().log, "board-last", loads(teams.TEAM).dates).write_csv(file)
    board = read(file, {"convention": "last"})
    assert "last entries only" in board.losses
    found = learn(board, teams.ANSWERS, jobs=1, effort=Effort(runs=200, waves=3, histories=100, held_out=0))
    assert found.verdict != "not"
    figures = {each.figure.name: each for each in found.figures}
    for name, true in (("hands-on work at develop", 4.0), ("comes back from test", 0.2)):
        estimate = figures[name]
        wide = estimate.high - estimate.low
        assert estimate.low - wide / 2 < true < estimate.high + wide / 2, (name, estimate.range)
    assert figures["comes back from test"].figure.source == "fitted", "nobody could count them"
