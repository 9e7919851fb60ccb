"""What was held back is foretold as probably as it is said, or the verdict says that it is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from vssim.forecasts.promises import Promise
from vssim.learning.held_out import FEWEST, Future, HeldOut, Window, held_out, lengths_of, not_tried, window_days, windows_of
from vssim.learning.learned import Learned
from vssim.play.executors import Staff
from vssim.scenario.origins import Standing
from vssim.tracker.board import Board


def windows(count: int, at: float, score: float, *, kept: int | None = None) -> HeldOut:
    """So many windows, of which so many keep a promise of 85 %."""
    held = round(0.85 * count) if kept is None else kept
    luck = np.random.default_rng(1).standard_normal(count)
    rows = [
        Window(7.0 * n, 7, 10 if n < held else 3, Promise(5, 0.85), 4, 12, at if n % 5 else 0.95, score + float(luck[n]) / 100, 1.0)
        for n in range(count)
    ]
    return HeldOut(tuple(rows), 7)


@pytest.mark.parametrize(
    ("back", "verdict"),
    [
        (windows(25, 0.5, 1.0), "passes"),
        (windows(25, 0.5, 1.2), "fails"),
        (windows(25, 0.5, 0.7), "passes"),
        (windows(25, 0.02, 1.0), "rough"),
        (windows(25, 0.5, 1.0, kept=12), "rough"),
        (windows(FEWEST - 1, 0.5, 1.0), "cannot be told"),
    ],
)
def test_bands_and_promises_have_to_be_as_probable_as_they_say(back: HeldOut, verdict: str) -> None:
    assert back.check().verdict == verdict


def test_too_few_windows_are_not_tried_and_that_is_said() -> None:
    assert "too short" in not_tried(7, 5).why


def test_windows_follow_each_other_in_the_last_two_fifths(learned: Learned) -> None:
    history = learned.baseline.history
    days, begins = windows_of(history)
    assert days == window_days(history) >= history.week
    assert begins[0] >= 0.6 * history.days
    assert np.diff(begins) == pytest.approx(days)
    assert begins[-1] + days <= history.days


def test_longer_windows_are_made_of_whole_ones_and_end_with_the_last() -> None:
    assert lengths_of(19) == [1, 2]
    assert lengths_of(40) == [1, 2, 4]
    assert lengths_of(7) == [1]


def test_every_record_has_the_same_days_and_adds_them_up(learned: Learned, board: Board) -> None:
    baseline = learned.baseline
    with Staff(1) as staff:
        tried = held_out(baseline.history, board, baseline, learned.ensemble, 1, staff)
    assert [len(each.windows) for each in tried] == [
        len(tried[0].windows) // longer for longer in lengths_of(len(tried[0].windows))
    ]
    for each in tried[1:]:
        longer = each.days // tried[0].days
        part = tried[0].windows[len(tried[0].windows) % longer :][:longer]
        assert each.windows[0].begin == part[0].begin
        assert each.windows[0].actual == sum(window.actual for window in part)
        assert each.windows[0].promise.number > part[0].promise.number
        assert each.record().came == tuple(float(window.actual) for window in each.windows)


def test_the_board_of_a_day_is_worked_off_from_where_it_stands(learned: Learned) -> None:
    values, last = learned.ensemble.values[:20], dt.date(2024, 6, 3)
    there = {f"{column} {number}": Standing(column, 9.0, 2.0) for column in ("develop", "test") for number in range(6)}
    full, empty = (Future(learned.baseline, board, last, 10, 1).deliveries(values, 0) for board in (there, {}))
    assert full.shape == (20, 10)
    assert full.sum(axis=1).mean() > empty.sum(axis=1).mean() + 4
