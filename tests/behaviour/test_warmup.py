"""The automatic warm-up: when a run has forgotten that it began empty."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.logs import Item, Visit, log_of, work
from vssim.analysis.warmup import OBSERVATIONS, course, cut, settle


def climbing(settled: int, seed: int = 1) -> list[float]:
    """A course that climbs to its level until observation `settled`, then only wobbles."""
    level = np.minimum(np.arange(OBSERVATIONS) / max(settled, 1), 1) * 10
    noise = np.random.default_rng(seed).normal(0, 0.3, OBSERVATIONS)
    return [float(value) for value in level + noise]


def test_the_climb_is_left_out_and_no_more_than_needed() -> None:
    assert 85 <= cut(np.array(climbing(100))) <= 110


def test_a_course_that_never_changes_needs_no_warm_up() -> None:
    assert cut(np.full(500, 3.3)) == 0
    assert cut(np.arange(4.0)) == 0


def test_at_most_half_is_left_out() -> None:
    assert cut(np.linspace(0, 100, 500)) <= 250


def test_the_warm_up_is_in_units_of_time_and_long_enough_for_every_variant() -> None:
    quick, slow = ([climbing(settled, seed) for seed in range(5)] for settled in (20, 150))
    both = settle([quick, slow], horizon=1000)
    assert both == settle([slow], horizon=1000)
    assert 250 <= both <= 330
    assert settle([], horizon=1000) == 0


def test_the_course_is_the_mean_number_of_items_in_each_span() -> None:
    log = log_of(
        Item(arrived=2, visits=[work("develop", 3, 3, 4.5)]),
        Item(arrived=3, visits=[Visit("develop", 5, at="ready")], open=True),
        horizon=10,
    )
    a_unit = np.array(course(log)).reshape(10, -1).mean(axis=1)
    assert a_unit.tolist() == pytest.approx([0, 0, 1, 2, 1.5, 1, 1, 1, 1, 1])


def test_a_backlog_to_work_off_counts_only_once_it_is_pulled() -> None:
    log = log_of(*(Item(arrived=0, visits=[work("develop", start, start, start + 2)]) for start in (0, 2, 4, 6, 8)), horizon=10)
    assert course(log) == pytest.approx([1.0] * OBSERVATIONS)
