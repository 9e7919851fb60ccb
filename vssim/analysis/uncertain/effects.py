"""An effect over worlds: its average, its range for one's own world, and the part of luck.

Three things are kept apart. Each world has m replications, so that differences between its replications are luck, and differences
between worlds beyond luck are what is not known: σ²(not known) = s²(world means) − σ²(luck) / m, which is unbiased.

The distribution of effects between worlds is estimated in two steps, both of which remove luck. The part of the world means that
single facts explain has no luck in it, since luck is independent of the facts; the rest is shrunk towards 0 as far as it is luck.
Then everything is scaled to σ²(not known). Without facts all world means would be shrunk alike, by √κ, κ = σ²(not known) / s²(world
means): too much where luck is small and too little where it is large. Where luck varies with the effect, the range would then be
too narrow by several percentage points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vssim import special
from vssim.analysis.uncertain.evenly import Evenly
from vssim.analysis.uncertain.fitting import additive
from vssim.clock import Reals
from vssim.statistics import Estimate, Statistic, average, level

TRUSTED = 0.4
"""From this κ on worlds can be told from luck; below it the range is an upper bound and is reported as «at most»."""

MOST, LEAST = 0.9, 0.1
"""A change is better where it is significantly so in more than the first share of worlds, worse where in less than the second."""

FEWEST = 50
"""With fewer worlds the influence of single facts cannot be told."""

BAND = (0.05, 0.95)
"""The quantiles of the range for one's own world, which nine of ten worlds lie in."""

DRAWS = 1000
"""How often all worlds are resampled."""


@dataclass(frozen=True, eq=False)
class Effect:
    """An effect over worlds; all in the metric's unit."""

    by_world: Reals
    """(worlds,) the mean over the replications of each world"""
    luck: float
    """σ of a single replication around the mean of its world"""
    not_known: float
    """σ² between worlds; below 0 where luck hides it"""
    kappa: float
    """the share of the variance of world means that is not luck [1]"""
    replications: int
    """of each world"""
    shape: Reals
    """(worlds,) effects with as much luck taken out as facts allow; they give the shape of the distribution, not its spread"""
    averaged: Statistic
    """the mean over worlds, with the influence of each world"""

    @property
    def mean(self) -> float:
        """The mean over worlds."""
        return float(self.by_world.mean())

    @property
    def on_average(self) -> Estimate:
        """The mean over worlds with its 95 % confidence interval."""
        return level(self.averaged)

    @property
    def calmed(self) -> Reals:
        """The effect in each world with luck taken out, so that their variance is σ² between worlds; (worlds,)."""
        calmed: Reals = _calmed(self.by_world[None], self.shape[None], self.luck, self.replications)[0]
        return calmed

    @property
    def is_told(self) -> bool:
        """Whether worlds can be told from luck."""
        return self.kappa >= TRUSTED

    @property
    def in_your_world(self) -> tuple[float, float]:
        """The range that nine of ten worlds lie in; an upper bound of it where luck hides the differences."""
        low, high = np.quantile(self.calmed if self.is_told else self.by_world, BAND, method="weibull")
        return float(low), float(high)

    def share_better(self, sign: int) -> float:
        """The share of worlds in which the change is better. `sign`: −1 where less is better, +1 where more is."""
        return float((sign * self.calmed > 0).mean())

    def share_interval(self, sign: int) -> tuple[float, float]:
        """The 95 % confidence interval of that share, from resampled worlds; κ is estimated anew in each resample.

        Where all worlds agree, every resample agrees too, even with two worlds only: the interval then reaches at least to the
        share of which so many worlds that agree can be sure.
        """
        count = len(self.by_world)
        again = np.random.default_rng(20).integers(0, count, (DRAWS, count))
        calmed = _calmed(self.by_world[again], self.shape[again], self.luck, self.replications)
        shares = (sign * calmed > 0).mean(axis=1)
        low, high = (float(edge) for edge in np.quantile(shares, [0.025, 0.975]))
        share = self.share_better(sign)
        return min(low, self._sure if share == 1 else 1.0), max(high, 1 - self._sure if share == 0 else 0.0)

    @property
    def _sure(self) -> float:
        """Of worlds that all agree: the share of all that is thought possible of which they are 97.5 % sure, at least.

        Without any assumption that is 0.025^(1/n) (Clopper and Pearson 1934), which takes 36 worlds to reach 90 %. Effects that
        lie far from 0 for their spread need fewer: how much of a normal distribution lies on their side of 0, with bounds of
        98.75 % on its mean and on its spread (Bonferroni), luck left in the spread.
        """
        count, spread = len(self.by_world), float(self.by_world.std(ddof=1))
        exact = float(0.025 ** (1 / count))
        if not spread:
            return exact
        widest = spread / math.sqrt(2 * special.gammaincinv((count - 1) / 2, 0.0125) / (count - 1))
        distance = abs(self.mean) / widest - special.ndtri(0.9875) / math.sqrt(count)
        return max(exact, float(special.ndtr(distance)))


def effect(differences: Reals, facts: Reals | None = None, evenly: Evenly | None = None) -> Effect | None:
    """The effect from `differences` after − before, (worlds, replications of each); None where there are too few.

    `facts`: (worlds, facts), the values of the facts, NaN columns for what is no number. `evenly`: the design of the worlds, where
    they are a Latin hypercube. Worlds with an undefined replication (NaN) are left out; the rest then counts as independent worlds.
    Two worlds and two replications are needed.
    """
    defined = ~np.isnan(differences).any(axis=1)
    whole = differences[defined]
    worlds, replications = whole.shape
    if worlds < 2 or replications < 2:
        return None
    means = whole.mean(axis=1)
    luck = float(np.sqrt(whole.var(axis=1, ddof=1).mean()))
    total = float(means.var(ddof=1))
    not_known = total - luck**2 / replications
    kappa = float(np.clip(not_known / total, 0.0, 1.0)) if total > 0 else 0.0
    shape = means if facts is None or worlds < FEWEST else _shaped(means, facts[defined], luck**2 / replications)
    averaged = average(means, positive=False) if evenly is None or not defined.all() else evenly.average(means)
    return Effect(means, luck, not_known, kappa, replications, shape, averaged)


def _shaped(means: Reals, facts: Reals, luck: float) -> Reals:
    """The part of the means that facts explain, and the rest without luck; (worlds,). `luck`: variance of means due to luck."""
    fitted, rest = additive(facts, means)
    shape: Reals = fitted + np.sqrt(max(rest - luck, 0.0) / rest if rest > 0 else 0.0) * (means - fitted)
    return shape if shape.var() > 0 else means


def _calmed(means: Reals, shape: Reals, luck: float, replications: int) -> Reals:
    """The effects of each row, with the variance between worlds; all (rows, worlds)."""
    not_known = np.maximum(means.var(axis=1, ddof=1) - luck**2 / replications, 0.0)
    spread = shape.var(axis=1, ddof=1)
    factor = np.sqrt(np.where(spread > 0, not_known / np.where(spread > 0, spread, 1.0), 0.0))
    calmed: Reals = means.mean(axis=1)[:, None] + factor[:, None] * (shape - shape.mean(axis=1)[:, None])
    return calmed


def verdict(share: tuple[float, float]) -> Literal["better", "worse", "not settled"]:
    """The verdict, from the confidence interval of the share of worlds in which the change is better."""
    low, high = share
    if low > MOST:
        return "better"
    return "worse" if high < LEAST else "not settled"
