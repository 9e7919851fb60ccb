"""The average over worlds: its interval holds what it is to hold, however worlds are spread, and is not wider than it has to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.running import text_of
from vssim.analysis.uncertain.effects import effect
from vssim.analysis.uncertain.evenly import Evenly
from vssim.clock import Reals
from vssim.model.worlds import Tie, complete, uniforms
from vssim.statistics import average, level

TIED = (Tie(0, 1, 0.7),)


def product(places: Reals) -> Reals:
    """What facts do together, too: exp(a + b)."""
    found: Reals = np.exp(places[:, :2].sum(axis=1))
    return found


def tied_mean() -> float:
    """Of `product` where both facts go together."""
    return float(np.mean([product(uniforms(("0", "1"), TIED, seed, 6400)).mean() for seed in range(100, 110)]))


def held(
    of: Callable[[Reals], Reals],
    mean: float,
    facts: int,
    worlds: int,
    luck: float,
    ties: Sequence[Tie] = (),
    experiments: int = 120,
) -> tuple[float, float]:
    """How often the interval held the mean, and how wide it was as a share of that of worlds drawn by chance."""
    names = [str(number) for number in range(facts)]
    kept, widths = 0, []
    for seed in range(experiments):
        places, apart = uniforms(names, ties, seed, worlds), uniforms(names, (), seed, worlds)
        effects = of(places)[:, None] + luck * np.random.default_rng([seed, 9]).standard_normal((worlds, 2))
        seen = effect(effects, places, Evenly.over(apart))
        assert seen is not None
        found, plain = seen.on_average, level(average(seen.by_world, positive=False))
        assert None not in (found.low, found.high, plain.low, plain.high)
        kept += found.low <= mean <= found.high  # type: ignore[operator]
        widths.append((found.high - found.low) / (plain.high - plain.low))  # type: ignore[operator]
    return kept / experiments, float(np.mean(widths))


CASES: dict[str, tuple[Any, ...]] = {
    "a sum": (lambda x: 3 * x[:, 0] + x[:, 1], 2.0, 3, 100, 0.3),
    "few worlds": (lambda x: 3 * x[:, 0] + x[:, 1], 2.0, 3, 50, 0.3),
    "a hypercube that is being doubled": (lambda x: 3 * x[:, 0] + x[:, 1], 2.0, 3, 130, 0.3),
    "facts that do something together": (product, (np.e - 1) ** 2, 3, 100, 0.2),
    "facts that are tied": (product, tied_mean(), 3, 100, 0.2, TIED),
    "many facts that do little each": (lambda x: x.sum(axis=1), 4.0, 8, 200, 0.4),
}


@pytest.mark.parametrize("name", CASES)
def test_the_average_holds_the_truth_nearly_as_often_as_it_says_and_not_always(name: str) -> None:
    share, width = held(*CASES[name])
    assert 0.89 <= share <= 0.99
    assert width < 0.6


def test_what_facts_do_to_jumps_and_without_luck_is_held_too() -> None:
    for of, mean in ((lambda x: np.floor(3 * x[:, 0]), 1.0), (lambda x: 3 * x[:, 0] ** 2, 1.0)):
        for worlds in (100, 130):
            share, width = held(of, mean, 2, worlds, 0.0, experiments=40)
            assert share >= 0.9
            assert width < 0.6


def test_luck_is_not_taken_for_what_many_facts_do() -> None:
    share, width = held(lambda x: np.zeros(len(x)), 0.0, 30, 50, 1.0, experiments=80)
    assert share >= 0.89
    assert width == pytest.approx(1, abs=0.05)


def test_too_few_worlds_and_worlds_without_a_result_are_taken_as_drawn_by_chance() -> None:
    places = uniforms(("a", "b"), (), 1, 60)
    effects = np.repeat(places[:, :1], 2, axis=1) + np.random.default_rng(1).normal(0, 0.1, (60, 2))
    evenly = Evenly.over(places)
    some = effects.copy()
    some[7] = np.nan
    for table, spread in ((effects[:49], Evenly.over(places[:49])), (some, evenly), (effects, None)):
        seen = effect(table, None, spread)
        assert seen is not None
        assert seen.on_average == level(average(seen.by_world, positive=False))
    whole = effect(effects, None, evenly)
    assert whole is not None
    assert whole.averaged.error < 0.5 * float(whole.by_world.std())
    assert whole.averaged.influence.sum() == pytest.approx(0, abs=1e-9)


def test_a_hypercube_is_whole_at_its_doublings() -> None:
    assert [complete(count) for count in (24, 25, 49, 50, 99, 100, 399, 400)] == [0, 25, 25, 50, 50, 100, 200, 400]


def test_a_comparison_takes_tied_worlds_as_they_were_before_they_were_tied() -> None:
    """Tied facts themselves are no hypercube; members of a file are none at all."""
    known = {
        "name": "tied",
        "run": {"horizon": 60, "warmup": 10, "replications": 100},
        "demand": {"item": {"every": "exponential(2)"}},
        "steps": {"serve": {"work": "exponential(between(0.8, 1.2))"}, "send": {"work": "between(0.1, 0.5)"}},
        "teams": {"crew": {"people": 2, "does": ["serve", "send"]}},
        "changes": {"faster": [{"set": {"steps.send.work": 0.1}}]},
        "uncertain": {"correlated": [{"figures": ["steps.serve.work.0", "steps.send.work"], "rank": 0.8}]},
    }
    over = vssim.compare(vssim.loads(text_of(known)), engine="compiled")["faster"].over_worlds
    assert over is not None
    apart, tied = over.worlds.apart(50), over.worlds.values(50)
    assert apart is not None
    ends = np.array([[0.8, 1.2], [0.1, 0.5]])
    parts = np.floor((apart - ends[:, 0]) / (ends[:, 1] - ends[:, 0]) * 50)
    assert all(sorted(column) == list(range(50)) for column in parts.T)
    assert not np.array_equal(apart, tied)
