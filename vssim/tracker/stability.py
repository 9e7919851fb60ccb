"""Whether weekly counts come from one unchanged team: change points, the two halves compared, and the trend of work in progress.

The change point is the largest standardised difference of the means of two segments, read against its distribution when the weeks
are permuted in blocks (which keeps the correlation of neighbouring weeks): Bai & Perron 1998 for the statistic; Kirch 2007, *Block
permutation principles for the change analysis of dependent data*, for the reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals
from vssim.language import said
from vssim.statistics import student
from vssim.tracker.weekly import Weeks

SEGMENT = 8
"""The fewest weeks on either side of a change [weeks]."""

BLOCK = 4
"""The length of the blocks that are permuted [weeks]."""

PERMUTATIONS = 999
SURE = 0.01
"""A difference counts as a change where at most this share of the permutations shows one as large."""

RATIO = 1.5
"""Halves may differ by this factor, or by what chance explains."""

GROWTH = 0.25
"""Work in progress may grow or shrink by this share of its mean over the whole time, or by what chance explains."""


@dataclass(frozen=True)
class Change:
    """The most likely change of a series."""

    week: int
    """the first week after the change"""
    before: float
    after: float
    """mean weekly counts before and after"""
    chance: float
    """the share of permutations with a difference at least as large"""


@dataclass(frozen=True)
class Halves:
    """The second half of a series compared with the first."""

    ratio: float
    low: float
    high: float
    """the 95 % confidence interval of the ratio"""

    @property
    def apart(self) -> bool:
        """Whether the halves differ by more than the factor, and by more than chance explains."""
        return (self.ratio > RATIO or self.ratio < 1 / RATIO) and not self.low <= 1 <= self.high


@dataclass(frozen=True)
class Growth:
    """How much work in progress grew over the record, along a straight line."""

    share: float
    """as a share of its mean [1]"""
    sure: bool
    """whether chance alone would show as much in less than 1 % of cases, given that successive weeks are correlated"""

    @property
    def is_one(self) -> bool:
        """Whether the growth is large, and more than chance."""
        return abs(self.share) > GROWTH and self.sure


@dataclass(frozen=True)
class Stability:
    """The results for arrivals, departures and work in progress."""

    changes: dict[str, Change | None]
    """of arrivals and of departures; None where chance explains every difference"""
    halves: dict[str, Halves | None]
    growth: Growth | None
    """of work in progress over the whole record"""
    stretch: tuple[int, int] | None
    """the longest stable stretch of weeks: its first week, and the week after its last; None where there is none"""
    weeks: int

    @property
    def stable(self) -> bool:
        """Whether the whole record is one stable stretch."""
        return self.stretch == (0, self.weeks) and self.weeks >= 2 * SEGMENT

    def reasons(self) -> list[str]:
        """Why the record is not stable, in words."""
        sentences: list[str] = [
            said(
                "{what} changed from {before} to {after} a week", what=said(name), before=f"{c.before:.1f}", after=f"{c.after:.1f}"
            )
            for name, c in self.changes.items()
            if c
        ]
        sentences += [
            said("{what}: second half × {ratio} of the first", what=said(name), ratio=f"{h.ratio:.2f}")
            for name, h in self.halves.items()
            if h and h.apart
        ]
        if self.growth is not None and self.growth.is_one:
            share = f"{100 * abs(self.growth.share):.0f}"
            grew = said("work in progress grew by {share} % of its mean", share=share)
            sentences.append(
                grew if self.growth.share > 0 else said("work in progress shrank by {share} % of its mean", share=share)
            )
        return sentences


def stability(weeks: Weeks) -> Stability:
    """The results for these weeks, with their longest stable stretch."""
    series = {"arrivals": weeks.arrivals, "departures": weeks.departures}
    changes = {name: change_point(values) for name, values in series.items()}
    halves = {name: compared_halves(values) for name, values in series.items()}
    growth = trend(weeks.wip)
    return Stability(changes, halves, growth, _stretch(weeks, 0, len(weeks)), len(weeks))


def change_point(values: Ints) -> Change | None:
    """The most likely change of the mean; None where more than 1 % of the permutations show a difference as large."""
    place, largest = _largest(values[None, :].astype(np.float64))
    if place is None:
        return None
    rows = _permuted(values)
    _, others = _largest(rows)
    chance = float((1 + (others >= largest[0] - 1e-12).sum()) / (1 + len(rows)))
    at = int(place[0])
    return Change(at, float(values[:at].mean()), float(values[at:].mean()), chance) if chance <= SURE else None


def _largest(rows: Reals) -> tuple[Ints | None, Reals]:
    """For each series, the place where the difference of means is largest in standard errors, and that difference."""
    length = rows.shape[1]
    if length < 2 * SEGMENT:
        return None, np.zeros(len(rows))
    cuts = np.arange(SEGMENT, length - SEGMENT + 1)
    sums, squares = np.cumsum(rows, axis=1), np.cumsum(rows**2, axis=1)
    left, right = sums[:, cuts - 1] / cuts, (sums[:, -1:] - sums[:, cuts - 1]) / (length - cuts)
    within = squares[:, -1:] - cuts * left**2 - (length - cuts) * right**2
    error = np.sqrt(np.maximum(within, 1e-12) / (length - 2) * (1 / cuts + 1 / (length - cuts)))
    sizes = np.abs(left - right) / error
    best = sizes.argmax(axis=1)
    return cuts[best], sizes[np.arange(len(rows)), best]


def _permuted(values: Ints) -> Reals:
    """The series with its blocks of weeks permuted; blocks begin at any week. The permutations are the same in every call."""
    luck = np.random.default_rng(1)
    rows = np.empty((PERMUTATIONS, len(values)))
    for row in rows:
        begin = int(luck.integers(0, BLOCK))
        blocks = [values[:begin], *(values[place : place + BLOCK] for place in range(begin, len(values), BLOCK))]
        order = luck.permutation(len(blocks))
        row[:] = np.concatenate([blocks[number] for number in order])
    return rows


def compared_halves(values: Ints) -> Halves | None:
    """The mean of the second half over that of the first; the interval comes from means of blocks (log scale, delta method)."""
    half = len(values) // 2
    if half < SEGMENT:
        return None
    parts = values[:half].astype(np.float64), values[-half:].astype(np.float64)
    means = [part.mean() for part in parts]
    if min(means) <= 0:
        return None
    errors, freedom = [], 0
    for part in parts:
        count = len(part) // BLOCK
        blocks = part[-count * BLOCK :].reshape(count, BLOCK).mean(axis=1)
        errors.append(blocks.var(ddof=1) / count / part.mean() ** 2)
        freedom += count - 1
    reach = student(freedom) * float(np.sqrt(sum(errors)))
    ratio = float(means[1] / means[0])
    return Halves(ratio, ratio * float(np.exp(-reach)), ratio * float(np.exp(reach)))


def trend(wip: Ints) -> Growth | None:
    """The straight line through a series, and whether chance explains it; None for fewer than three weeks, or a series of zeros.

    Work in progress in one week is nearly that of the week before. So the line is tested with the number of independent weeks to
    which the correlated residuals amount, n (1 − r) / (1 + r) with its lag-1 correlation r (Santer et al. 2000, *Statistical
    significance of trends and trend differences in layer-average atmospheric temperature time series*), r corrected for its bias
    in short series (Kendall 1954: r + (1 + 4 r) / n).
    """
    count = len(wip)
    if count < 3 or wip.mean() <= 0:
        return None
    weeks = np.arange(count) - (count - 1) / 2
    slope = float((weeks * wip).sum() / (weeks**2).sum())
    rest = wip - wip.mean() - slope * weeks
    spread = float((rest**2).sum())
    share = slope * (count - 1) / float(wip.mean())
    if spread <= 0:
        return Growth(share, sure=True)
    together = float((rest[1:] * rest[:-1]).sum()) / spread
    together = min(max(together + (1 + 4 * together) / count, 0.0), 0.999)
    alone = count * (1 - together) / (1 + together)
    if alone <= 3:
        return Growth(share, sure=False)  # so few independent weeks do not show a trend
    error = float(np.sqrt(spread / (alone - 2) / (weeks**2).sum()))
    return Growth(share, sure=abs(slope) > student(alone - 2, 1 - SURE) * error)


def _stretch(weeks: Weeks, first: int, last: int) -> tuple[int, int] | None:
    """The longest stable stretch between two weeks: the record is cut at changes, or in halves, until a part is stable."""
    part = weeks.part(first, last)
    if len(part) < 2 * SEGMENT:
        return None
    cuts = [change.week for values in (part.arrivals, part.departures) if (change := change_point(values))]
    apart = any(halves is not None and halves.apart for halves in map(compared_halves, (part.arrivals, part.departures)))
    growth = trend(part.wip)
    if not cuts and not apart and not (growth is not None and growth.is_one):
        return first, last
    cut = first + (cuts[0] if cuts else len(part) // 2)
    longer = [stretch for stretch in (_stretch(weeks, first, cut), _stretch(weeks, cut, last)) if stretch]
    return max(longer, key=lambda stretch: (stretch[1] - stretch[0], stretch[1]), default=None)
