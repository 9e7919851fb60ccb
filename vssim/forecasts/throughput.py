"""Futures from throughput alone: past weeks are drawn anew and multiplied by a slow drift of the team's capacity.

Drawing single days of the past, as other tools do, ignores that good and bad times last: the weekly deliveries of real teams vary
2.6 times as much as chance alone would allow (median of twenty teams), and successive weeks are correlated. So whole weeks (or the
team's own cadence) are drawn, and their sum is multiplied by a factor of mean 1 from a gamma distribution. Its squared coefficient
of variation is the variation of windows of the past, as long as the future, beyond that explained by drawing weeks:

    excess = (s²(S) − V) / S̄²        S: the sums of m such windows, V: the variance of sums drawn from weeks
    cv²    = max(0, (m · excess + w · prior) / (m + w)) + V / mean² · H / W

The second term is the uncertainty of the team's mean, known from a past of W days, for a future of H days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vssim.clock import Ints, Reals
from vssim.forecasts.cadence import cadence

PRIOR = 0.10
"""The assumed excess of a team without any windows: squared coefficient of variation of its slow drift [1]."""

WEIGHT = 3.0
"""The weight of the prior, as a number of windows of the past."""

FUTURES = 10_000
"""Futures that are drawn."""

MOST_DAYS = 2_600
"""The longest future: ten years [working days]."""


@dataclass(frozen=True, eq=False)
class Past:
    """A team's deliveries, day by day, up to the day before the forecast begins."""

    daily: Ints
    """items delivered on each working day, the latest last; shape (days,)"""
    block: int = 5
    """length of the blocks that are drawn: a week, or the team's cadence [working days]"""

    @classmethod
    def of(cls, daily: Ints, week: int = 5) -> Past:
        """The past with the cadence that its deliveries show, otherwise with blocks of one week."""
        return cls(daily, cadence(daily, week))

    @cached_property
    def blocks(self) -> Ints:
        """The past in blocks that end today; shape (blocks, days in a block). A rest at the beginning is left out."""
        count = len(self.daily) // self.block
        return self.daily[len(self.daily) - count * self.block :].reshape(count, self.block)

    @property
    def mean(self) -> float:
        """Items delivered a working day, on average."""
        return float(self.blocks.mean()) if self.blocks.size else 0.0

    @property
    def active_days(self) -> int:
        """The number of days with deliveries."""
        return int((self.daily > 0).sum())

    def windows(self, days: int) -> Ints:
        """The sums of successive windows of so many days, the latest, which ends today, first; shape (windows,)."""
        count = len(self.daily) // days
        sums: Ints = self.daily[len(self.daily) - count * days :].reshape(count, days).sum(axis=1)
        return sums[::-1]

    def drawn_variance(self, days: int) -> float:
        """V: the variance of the sum of so many days, when blocks are drawn with replacement [items²]."""
        whole, rest = divmod(days, self.block)
        return float(whole * self.blocks.sum(axis=1).var() + self.blocks[:, :rest].sum(axis=1).var())

    def drift(self, days: int) -> float:
        """The squared coefficient of variation of the factor for so many days [1], by the formula at the top of this module."""
        sums, variance = self.windows(days), self.drawn_variance(days)
        expected = days * self.mean
        if expected <= 0:
            return 0.0
        windows, excess = len(sums), 0.0
        if windows >= 2:
            excess = float((sums.var(ddof=1) - variance) / sums.mean() ** 2) if sums.mean() > 0 else 0.0
        else:
            windows = 0
        seen = max(0.0, (windows * excess + WEIGHT * PRIOR) / (windows + WEIGHT))
        return seen + variance / expected**2 * days / len(self.daily)


@dataclass(frozen=True, eq=False)
class Futures:
    """Possible deliveries from now on."""

    totals: Reals
    """items delivered by the end of each day, times each future's factor, not rounded; shape (futures, days)"""

    def by(self, day: int) -> Ints:
        """Items delivered within so many days; shape (futures,)."""
        return np.rint(self.totals[:, day - 1]).astype(np.int64)

    def until(self, items: int | Ints) -> Ints:
        """The day, from 1, on which so many items are done; one more than the number of days where they never are; (futures,).

        `items`: one number, or one a future.
        """
        done = np.rint(self.totals) >= np.reshape(items, (-1, 1))
        days: Ints = np.where(done[:, -1], done.argmax(axis=1) + 1, done.shape[1] + 1)
        return days


def futures(past: Past, days: int, luck: np.random.Generator, *, count: int = FUTURES, drift: float | None = None) -> Futures:
    """Futures of `days` days, from blocks of the past and a drift, which is that for `days` days where none is given.

    A drift of 0 with blocks of one day is the method of tools that draw single days.
    """
    needed = -(-days // past.block)
    drawn = past.blocks[luck.integers(0, len(past.blocks), (count, needed))].reshape(count, -1)[:, :days]
    spread = past.drift(days) if drift is None else drift
    factor = luck.gamma(1 / spread, spread, count) if spread > 0 else np.ones(count)
    return Futures(np.cumsum(drawn, axis=1) * factor[:, None])


def days_for(past: Past, items: float) -> int:
    """The approximate number of days that so many items take at the mean rate of the past, from 1 to MOST_DAYS."""
    return int(np.clip(np.ceil(items / past.mean), 1, MOST_DAYS)) if past.mean > 0 else MOST_DAYS


def when(past: Past, items: int | Ints, luck: np.random.Generator, *, count: int = FUTURES, drift: float | None = None) -> Ints:
    """The day from now on which so many items are done, in each future; shape (futures,). `items`: one number, or one a future.

    The drift is that of a future of the expected length. Futures in which the items are not done are continued.
    """
    expected = days_for(past, float(np.mean(items)))
    spread = past.drift(expected) if drift is None else drift
    state = luck.bit_generator.state
    days = min(MOST_DAYS, 3 * expected + past.block)
    while True:
        luck.bit_generator.state = state
        done = futures(past, days, luck, count=count, drift=spread).until(items)
        if days >= MOST_DAYS or (done > days).mean() < 0.01:
            return done
        days = min(MOST_DAYS, 2 * days)
