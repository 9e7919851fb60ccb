"""What may be promised, with which probability, and whether as many promises were kept as is usual."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from vssim.forecasts.promises import at_least, at_most, crps, kept_distribution, place, usual_range
from vssim.forecasts.record import of_counts, of_dates
from vssim.forecasts.throughput import Past


def test_a_count_is_promised_with_at_least_the_probability_asked_for_and_says_its_own() -> None:
    counts = np.array([3] * 10 + [4] * 20 + [5] * 70)
    promise = at_least(counts, 0.85)
    assert (promise.number, promise.probability) == (4, 0.9)
    assert at_least(np.arange(1, 101), 0.85).number == 16


def test_a_date_is_promised_the_other_way_round() -> None:
    promise = at_most(np.arange(1, 101), 0.85)
    assert (promise.number, promise.probability) == (85, 0.85)


def test_how_many_promises_are_kept_is_counted_out_over_all_cases() -> None:
    chances = (0.85, 0.9, 0.6)
    by_hand = [0.0] * 4
    for kept in itertools.product((0, 1), repeat=3):
        by_hand[sum(kept)] += math.prod(p if one else 1 - p for p, one in zip(chances, kept, strict=True))
    assert kept_distribution(chances) == pytest.approx(by_hand)


def test_twenty_promises_of_half_are_kept_between_six_and_fourteen_times() -> None:
    assert usual_range([0.5] * 20) == (6, 14)


def test_the_score_is_the_area_between_what_was_said_and_what_came() -> None:
    drawn = np.array([1, 2, 4])
    grid = np.arange(-1, 8, 0.001)
    said = (drawn[:, None] <= grid).mean(axis=0)
    assert crps(drawn, 3) == pytest.approx(float(((said - (grid >= 3)) ** 2).sum() * 0.001), abs=0.01)
    assert crps(np.array([3, 3]), 3) == 0


def test_ties_are_split_by_luck() -> None:
    assert place(np.array([1, 2, 2, 3]), 2, 0.5) == pytest.approx(0.5)


def test_windows_of_the_record_end_today_do_not_overlap_and_know_only_what_was_before() -> None:
    daily = np.random.default_rng(2).poisson(1, 200)
    record = of_counts(Past(daily), 15)
    begins = [window.begin for window in record.windows]
    assert begins[-1] == 185
    assert set(np.diff(begins)) == {15}
    assert [window.actual for window in record.windows] == [int(daily[begin : begin + 15].sum()) for begin in begins]
    changed = daily.copy()
    changed[185:] = 50
    assert of_counts(Past(changed), 15).windows[:-1] == record.windows[:-1]


def test_dates_are_promised_one_after_the_other_and_what_is_not_done_is_left_out() -> None:
    daily = np.array([1, 0] * 60)
    record = of_dates(Past(daily), 10)
    assert [window.actual for window in record.windows] == [20 if index else 19 for index in range(len(record.windows))]
    assert record.windows[-1].begin + record.windows[-1].actual <= 120
    assert record.kept == len(record.windows)


def test_a_record_of_many_lucks_holds_nine_times_in_ten() -> None:
    """Stationary teams: the promises are careful, so that too few are hardly ever kept."""
    records = [of_counts(Past(np.random.default_rng(seed).poisson(1.5, 260)), 20, seed=seed) for seed in range(40)]
    too_few = [record.kept < record.usual[0] for record in records]
    assert sum(too_few) <= 6


def test_there_is_no_record_without_a_past() -> None:
    for daily in (np.zeros(100, np.int64), np.ones(4, np.int64), np.ones(15, np.int64)):
        assert not of_counts(Past(daily), 10).is_shown
