"""What is played goes through the export's rule before it is compared with what was recorded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.support import teams
from vssim.clock import Reals
from vssim.learning.door import draft
from vssim.learning.flow import Flow, Rule, in_days, through
from vssim.learning.history import flow_of
from vssim.learning.replay import Replay
from vssim.learning.told import told
from vssim.tracker.board import Board, read


def flow(rows: list[tuple[int, int, float, float]], done: float) -> Flow:
    """One item's stays: item, place, entered, left."""
    item, place, entered, left = (np.array(column) for column in zip(*rows, strict=True))
    one = np.array([np.nan])
    return Flow(item, place, entered.astype(float), left.astype(float), np.array([entered[0]]), np.array([done]), one, one)


BACK_AND_FORTH = flow([(0, 0, 0.0, 2.0), (0, 1, 2.0, 3.0), (0, 0, 3.0, 7.0), (0, 1, 7.0, 8.5)], 8.5)
"""Built for 2 days, tested for 1, built again for 4, tested for 1.5."""


def times(found: Flow) -> list[tuple[int, float]]:
    return [(int(place), float(days)) for place, days in zip(found.place, found.left - found.entered, strict=True)]


def test_first_entries_hide_the_return_and_give_its_time_to_the_later_column() -> None:
    assert times(through(BACK_AND_FORTH, Rule(first_entries=True))) == [(0, 2.0), (1, 6.5)]


def test_last_entries_tell_of_the_second_round_only() -> None:
    assert times(through(BACK_AND_FORTH, Rule(last_entries=True))) == [(0, 4.0), (1, 1.5)]


def test_last_entries_forget_that_an_item_had_ever_been_further() -> None:
    back_now = flow([(0, 0, 0.0, 2.0), (0, 1, 2.0, 3.0), (0, 0, 3.0, np.nan)], np.nan)
    assert through(back_now, Rule(last_entries=True)).place.tolist() == [0]


def test_where_blanks_are_filled_a_column_of_no_length_counts_as_skipped() -> None:
    passed = flow([(0, 0, 0.2, 2.3), (0, 1, 2.3, 2.6), (0, 2, 2.6, 3.1)], 3.1)
    rule = Rule(first_entries=True, blanks_filled=True, whole_days=True)
    assert times(through(passed, rule)) == [(0, 2.0), (2, 1.0)]


def test_days_have_no_time_and_what_ends_with_a_day_ends_in_its_evening() -> None:
    found = through(flow([(0, 0, 0.4, 3.0)], 3.0), Rule(whole_days=True))
    assert (found.entered[0], found.left[0]) == (0.0, 2.0)


def test_a_run_that_is_exported_and_read_is_the_flow_of_the_run(board: Board) -> None:
    replay = Replay(draft(board, told(teams.ANSWERS, board)), 1)
    recorded, run = whole(board, replay), replay.whole_flow(teams.played().log)
    for name in ("place", "entered", "left", "done", "start"):
        assert _by_item(recorded, name) == pytest.approx(_by_item(run, name), abs=1e-3, nan_ok=True), name


def whole(board: Board, replay: Replay) -> Flow:
    """All records of a board as a flow, whatever stretch is learned from."""
    zero = float(board.clock.of(pl.Series([dt.datetime(2024, 1, 1, 9)]).dt.replace_time_zone("UTC"))[0])
    return flow_of(board, replay.baseline.shape, np.floor(zero), 300.0 + 1e-9)[0]


def test_a_board_of_a_run_is_its_flow_through_the_rule_of_boards(tmp_path: Path) -> None:
    held = read(teams.exported(teams.played(), tmp_path, form="board"), {"convention": "first"})
    replay = Replay(draft(held, told(teams.ANSWERS, held)), 1)
    run = through(replay.whole_flow(teams.played().log), replay.baseline.history.rule)
    recorded = in_days(whole(held, replay))
    assert np.nanmean(recorded.lead) == pytest.approx(np.nanmean(run.lead), abs=0.02)
    for place in range(3):
        means = [np.nanmean((one.left - one.entered)[one.place == place]) for one in (recorded, run)]
        assert means[0] == pytest.approx(means[1], rel=0.03, abs=0.02), place


def _by_item(found: Flow, name: str) -> Reals:
    """A column in an order that both have: by start of the item, then by entry."""
    values = getattr(found, name)
    if len(values) == len(found.start):
        return np.asarray(values[np.argsort(found.start, kind="stable")], float)
    return np.asarray(values[np.lexsort((found.entered, found.start[found.item]))], float)
