"""What would decide, against functions whose shares, thresholds and values of knowing are known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vssim.analysis.uncertain.deciding import deciding, first_order
from vssim.analysis.uncertain.fitting import ranks
from vssim.clock import Reals
from vssim.model.worlds import uniforms

NAMES = ("a", "b", "c")


def ishigami(seed: int, worlds: int) -> tuple[Reals, Reals, list[float]]:
    """The function of Ishigami & Homma 1990 (a = 7, b = 0.1), with its first-order shares."""
    x = (2 * uniforms(NAMES, (), seed, worlds) - 1) * math.pi
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    total = 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.1**2 * math.pi**8 / 18 + 0.5
    return x, y, [0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / total, 7**2 / 8 / total, 0.0]


def test_shares_of_a_known_function_lie_in_their_intervals() -> None:
    held = []
    for seed in range(8):
        x, y, exact = ishigami(seed, 400)
        found = deciding(NAMES, x, y, float(y.var(ddof=1)), -1)
        assert found is not None
        by_name = {fact.name: fact for fact in found.facts}
        held += [by_name[name].low - 0.02 <= share <= by_name[name].high + 0.02 for name, share in zip(NAMES, exact, strict=True)]
        assert found.facts[0].name == "b"
        assert found.together == pytest.approx(1 - sum(exact), abs=0.12)
    assert np.mean(held) >= 0.85


def test_shares_of_a_sum_are_the_squares_of_its_weights_also_with_luck() -> None:
    weights = np.array([3.0, 2.0, 0.0])
    shares = []
    for seed in range(20):
        x = uniforms(NAMES, (), seed, 200)
        luck = np.random.default_rng(seed).normal(0, 0.5, 200)
        y = x @ weights + luck
        found = deciding(NAMES, x, y, float(y.var(ddof=1)) - 0.25, -1)
        assert found is not None
        shares.append([{fact.name: fact.share for fact in found.facts}[name] for name in NAMES])
    assert np.mean(shares, axis=0) == pytest.approx([9 / 13, 4 / 13, 0], abs=0.03)


def test_the_turning_point_lies_in_its_interval() -> None:
    held = seen = 0
    for seed in range(60):
        x = uniforms(NAMES, (), seed, 200)
        y = 4 * (x[:, 0] - 0.6) + 0.5 * x[:, 1] + np.random.default_rng(seed).normal(0, 0.6, 200)
        found = deciding(NAMES, x, y, float(y.var(ddof=1)), -1)
        assert found is not None
        threshold = next(fact for fact in found.facts if fact.name == "a").threshold
        if threshold is not None:
            seen += 1
            held += threshold.low <= 0.6 - 0.25 / 4 <= threshold.high
            assert not threshold.better_above, "less is better, and it rises"
    assert seen >= 55
    assert 0.9 <= held / seen <= 1


def test_an_effect_of_one_sign_has_no_turning_point() -> None:
    x = uniforms(NAMES, (), 1, 200)
    found = deciding(NAMES, x, -5 + x[:, 0] + np.random.default_rng(1).normal(0, 0.1, 200), 0.09, -1)
    assert found is not None
    assert all(fact.threshold is None and fact.never_turns for fact in found.facts)
    assert all(fact.worth is None for fact in found.facts), "knowing more would change nothing"


def test_knowing_is_worth_what_one_would_choose_better() -> None:
    x = uniforms(NAMES, (), 3, 800)
    y = 10 * (x[:, 0] - 0.5)
    found = deciding(NAMES, x, y + np.random.default_rng(3).normal(0, 0.5, 800), float(y.var(ddof=1)), -1)
    assert found is not None
    first = found.facts[0]
    assert first.name == "a"
    assert first.worth == pytest.approx(10 / 8, rel=0.1)  # E max(0, 10 (½ − U)) − max(0, 0)


def test_few_worlds_tell_only_the_order_and_fewer_nothing() -> None:
    for worlds, expected in ((49, None), (60, True), (120, False)):
        x = uniforms(NAMES, (), 1, worlds)
        found = deciding(NAMES, x, x[:, 0] * 2 + x[:, 1], 0.4, -1)
        assert (None if found is None else found.order_only) == expected


def test_equal_values_share_their_rank() -> None:
    assert ranks(np.array([1.0, 1.0, 2.0, 3.0])).tolist() == [0.25, 0.25, 0.625, 0.875]


def test_a_fact_of_three_whole_numbers_is_fitted_too() -> None:
    x = np.repeat([2.0, 3.0, 4.0], 50)
    assert first_order(x, x**2 + np.random.default_rng(2).normal(0, 0.5, 150)) == pytest.approx(0.99, abs=0.01)
