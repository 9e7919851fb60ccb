"""An effect over worlds: on average, in the world that one happens to live in, and what luck adds to a single run.

Three things that are never mixed. Of every world there are m replications, so that what differs between them is luck, and what
differs between worlds beyond that is not known: σ²(not known) = s²(world means) − σ²(luck) / m, unbiased.

How effects lie between worlds is read off with luck taken out twice. What the facts explain one by one is without luck (luck knows
nothing of them); what is left over is drawn towards 0 as far as it is luck. Then all is drawn to the spread that is not known.
Without facts all world means are drawn towards their mean alike, by √κ, κ = σ²(not known) / s²(world means): that is too much where
luck is small and too little where it is large, and where both go with the effect the range was too narrow by several points.
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
"""κ from which on worlds can be told from luck; below it the spread of world means is said as «at most»."""

MOST, LEAST = 0.9, 0.1
"""Better when surely in more than this share of worlds; worse when surely in less than the second."""

FEWEST = 50
"""Fewer worlds say nothing of single facts."""

BAND = (0.05, 0.95)
"""The quantiles between which one's own world lies in nine of ten of what is thought possible."""

DRAWS = 1000
"""Resamples of whole worlds."""


@dataclass(frozen=True, eq=False)
class Effect:
    """An effect over worlds; all in the metric's unit."""

    by_world: Reals
    """(worlds,) mean of each world's replications"""
    luck: float
    """σ of luck: of one replication of one world"""
    not_known: float
    """σ² of what is not known; below 0 where luck hides it"""
    kappa: float
    """share of the spread of world means that is not luck, 0 … 1"""
    replications: int
    """of each world"""
    shape: Reals
    """(worlds,) how effects lie, luck taken out as far as the facts tell it; their spread is drawn to what is not known"""
    averaged: Statistic
    """the mean over worlds, with how far each pulls it"""

    @property
    def mean(self) -> float:
        """On average over what is thought possible."""
        return float(self.by_world.mean())

    @property
    def on_average(self) -> Estimate:
        """The mean over what is thought possible, with its 95 % confidence interval."""
        return level(self.averaged)

    @property
    def calmed(self) -> Reals:
        """The effect in each world, luck taken out of its spread; (worlds,)."""
        calmed: Reals = _calmed(self.by_world[None], self.shape[None], self.luck, self.replications)[0]
        return calmed

    @property
    def is_told(self) -> bool:
        """Whether worlds can be told from luck."""
        return self.kappa >= TRUSTED

    @property
    def in_your_world(self) -> tuple[float, float]:
        """Between which values it lies in nine of ten of what is thought possible; at most so wide where luck hides it."""
        low, high = np.quantile(self.calmed if self.is_told else self.by_world, BAND, method="weibull")
        return float(low), float(high)

    def share_better(self, sign: int) -> float:
        """The share of worlds in which it is better; `sign` is −1 where less is better, +1 where more is."""
        return float((sign * self.calmed > 0).mean())

    def share_interval(self, sign: int) -> tuple[float, float]:
        """The 95 % interval of that share, by resampling worlds; κ is worked out anew each time.

        Where all worlds agree, resampling them can show nothing else, were they but two: the interval reaches at least to the
        share of all that is thought possible of which so many worlds that agree can be sure.
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
    """The effect of a change. `differences`: (worlds, replications of each), after − before; None for too little.

    `facts`: (worlds, facts), what each fact is, NaN columns for what is no number. `evenly`: how worlds were spread, where they
    are a hypercube. Worlds in which one of the replications is undefined (NaN) are left out, and the rest is no hypercube any
    more; two worlds and two replications are needed.
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
    """(worlds,) What facts explain one by one, and of the rest what is not luck; `luck`: the variance that luck gives means."""
    fitted, rest = additive(facts, means)
    shape: Reals = fitted + np.sqrt(max(rest - luck, 0.0) / rest if rest > 0 else 0.0) * (means - fitted)
    return shape if shape.var() > 0 else means


def _calmed(means: Reals, shape: Reals, luck: float, replications: int) -> Reals:
    """The effects of each row's worlds, spread as far as what is not known; all (rows, worlds)."""
    not_known = np.maximum(means.var(axis=1, ddof=1) - luck**2 / replications, 0.0)
    spread = shape.var(axis=1, ddof=1)
    factor = np.sqrt(np.where(spread > 0, not_known / np.where(spread > 0, spread, 1.0), 0.0))
    calmed: Reals = means.mean(axis=1)[:, None] + factor[:, None] * (shape - shape.mean(axis=1)[:, None])
    return calmed


def verdict(share: tuple[float, float]) -> Literal["better", "worse", "not settled"]:
    """Better, worse or not settled, by the interval of the share of worlds in which it is better."""
    low, high = share
    if low > MOST:
        return "better"
    return "worse" if high < LEAST else "not settled"
