"""Futures from past deliveries: weeks drawn anew, times a drift; by hand where a hand can do it."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.forecasts.cadence import cadence
from vssim.forecasts.throughput import PRIOR, WEIGHT, Past, futures, when


def luck() -> np.random.Generator:
    return np.random.default_rng(3)


def test_blocks_end_today_and_a_rest_at_the_beginning_is_left_out() -> None:
    past = Past(np.arange(12))
    assert past.blocks.tolist() == [[2, 3, 4, 5, 6], [7, 8, 9, 10, 11]]
    assert past.windows(4).tolist() == [38, 22, 6]


def test_the_variance_of_what_is_drawn_is_that_of_whole_blocks_and_the_beginning_of_one() -> None:
    past = Past(np.random.default_rng(1).poisson(2, 100))
    drawn = futures(past, 12, luck(), drift=0.0, count=200_000).by(12)
    assert drawn.var() == pytest.approx(past.drawn_variance(12), rel=0.02)
    assert drawn.mean() == pytest.approx(12 * past.mean, rel=0.1)


def test_the_drift_is_what_windows_vary_beyond_what_is_drawn_and_a_prior() -> None:
    past = Past(np.repeat([1, 3], 50))
    sums = np.array([150, 50])
    variance = past.drawn_variance(50)
    excess = (sums.var(ddof=1) - variance) / sums.mean() ** 2
    expected = (2 * excess + WEIGHT * PRIOR) / (2 + WEIGHT) + variance / 100**2 * 50 / 100
    assert past.drift(50) == pytest.approx(expected)


def test_with_one_window_only_the_prior_speaks() -> None:
    past = Past(np.full(50, 2))
    assert past.drift(40) == pytest.approx(PRIOR)


def test_a_team_that_delivers_the_same_every_day_is_certain_but_for_its_drift() -> None:
    past = Past(np.full(50, 2))
    assert set(futures(past, 10, luck(), drift=0.0, count=50).by(10).tolist()) == {20}
    assert set(when(past, 20, luck(), drift=0.0, count=50).tolist()) == {10}


def test_when_and_how_many_are_two_sides_of_one_future() -> None:
    past = Past(np.random.default_rng(5).poisson(0.7, 150))
    drawn = futures(past, 60, luck(), count=4000)
    for items in (10, 30, 50):
        done = drawn.until(items)
        for day in (5, 30, 60):
            assert ((done <= day) == (drawn.by(day) >= items)).all()


def test_slow_futures_are_followed_until_they_are_done() -> None:
    past = Past(np.array([0, 0, 0, 0, 1] * 20))
    days = when(past, 40, luck(), drift=0.6, count=500)
    assert (days > 600).any()
    assert days.min() >= 1


def test_nothing_delivered_means_never() -> None:
    assert (when(Past(np.zeros(50, np.int64)), 3, luck(), count=10) == 2601).all()


@pytest.mark.parametrize("length", [10, 15])
def test_a_sprint_is_seen_in_what_is_closed_at_its_end(length: int) -> None:
    chance = np.random.default_rng(9)
    daily = chance.poisson(0.3, 40 * length // 2 * 2)
    daily[length - 1 :: length] += chance.poisson(6, len(daily[length - 1 :: length]))
    assert cadence(daily) == length


def test_chance_and_weekdays_are_no_cadence() -> None:
    seen = [cadence(np.random.default_rng(seed).poisson([1.0, 1.0, 1.0, 1.0, 4.0] * 50)) for seed in range(60)]
    assert seen.count(5) >= 58
    assert cadence(np.array([0, 0, 0, 0, 12] * 4)) == 5, "too short to tell"
