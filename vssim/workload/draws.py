"""Draws: durations in ticks from a distribution and the luck of some items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals, ticks, ticks_of
from vssim.errors import RunError
from vssim.model.distributions import Distribution
from vssim.workload.luck import Luck

LONGEST = 2.0**62 / 1_000_000
"""Longest duration that fits the engines' clock [units]."""


def drawn(distribution: Distribution, uniforms: Reals, factor: Reals | float = 1.0) -> Ints:
    """Durations in ticks at those quantiles, times `factor`, rounded once; refused where they would not fit the clock."""
    times = distribution.quantile(uniforms) * factor
    if len(times):
        _fits(distribution, float(times.max()))
    return ticks_of(times)


def fixed(distribution: Distribution) -> int:
    """The duration in ticks that a constant distribution always gives; refused where it would not fit the clock."""
    _fits(distribution, distribution.mean)
    return ticks(distribution.mean)


def _fits(distribution: Distribution, longest: float) -> None:
    if not longest < LONGEST:
        raise RunError(f"{distribution} gave a duration of {longest:.3g} units, which does not fit the clock")


@dataclass(frozen=True, eq=False)
class Entry:
    """Some items as they come to a step, with their luck there."""

    luck: Luck
    lineage: str
    """of the items"""
    step: str
    numbers: Ints
    """(n,) of their roots, replication by replication"""
    visits: Ints | int
    """number of this entry among those of each item into the step, from 0; (n,), or one for all"""

    def uniforms(self, purpose: str) -> Reals:
        """Uniforms keyed by each item's present visit number; (n,)."""
        return self.luck.uniforms_by_visit(self.numbers, self.visits, self.lineage, self.step, purpose)

    def duration(self, distribution: Distribution, purpose: str) -> Ints | int:
        """Durations [ticks]: (n,), or the one that a constant gives them all."""
        return fixed(distribution) if distribution.is_constant else drawn(distribution, self.uniforms(purpose))

    def durations(self, distribution: Distribution, purpose: str, factor: Reals | float = 1.0) -> Ints:
        """Durations times `factor` [ticks]; (n,)."""
        uniforms = np.zeros(len(self.numbers)) if distribution.is_constant else self.uniforms(purpose)
        return drawn(distribution, uniforms, factor)
