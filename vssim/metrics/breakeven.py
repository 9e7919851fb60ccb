"""Break-even: from when on all that a change has delivered since it came into force is no longer below the baseline's.

A change often makes things worse before it makes them better. So the deliveries of both sides are counted from the moment at
which the change comes into force, run by run with the same luck, and their difference is followed. Break-even is the moment from
which on its mean stays at or above 0 until the end of the run. Its interval turns the interval of that difference around: it
begins when the upper end stays at or above 0 (the change is no longer surely behind), and ends when the lower end does (it is
surely not behind any more). Rejected: the mean of the break-even times of single runs, because some end before they get there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vssim.clock import TICKS, Ints, Reals
from vssim.log import Log
from vssim.metrics.causes import delivered
from vssim.metrics.money import cash
from vssim.statistics import Estimate, half_width

SPANS = 200
"""The time since a change came into force is cut into this many equal spans."""


@dataclass(frozen=True, eq=False)
class Course:
    """What one run had delivered at each moment, counted from when a change comes into force. Shape (SPANS + 1,)."""

    items: Reals
    """customers' items"""
    value: Reals
    """of those that were right"""
    priced: bool
    """whether any item states a value"""
    cash: Reals | None = None
    """earned − paid; None without a currency [currency]"""


def course(log: Log, start: float) -> Course:
    """The course of a run from `start` [units of time] to its horizon."""
    rows = delivered(log)
    rows = rows[log.items.parent[rows] < 0]
    rows = rows[np.argsort(log.items.left[rows], kind="stable")]
    rows = rows[log.items.left[rows] >= log.tick(start)]
    value = np.nan_to_num(log.items.value[rows]) * (log.items.right[rows] == 1)
    so_far: Ints = np.searchsorted(log.items.left[rows], np.rint(moments(start, log.length) * TICKS) + log.origin, side="right")
    worth = np.concatenate([[0.0], np.cumsum(value)])
    priced = not bool(np.isnan(log.items.value).all())
    paid = None if log.terms.money is None else cash(log, start, moments(start, log.length))
    return Course(so_far.astype(np.float64), worth[so_far], priced, paid)


def moments(start: float, horizon: float) -> Reals:
    """The moments of a course [units of time]."""
    return np.linspace(start, max(start, horizon), SPANS + 1)


@dataclass(frozen=True, eq=False)
class BreakEven:
    """How far a change is ahead of the baseline in deliveries since it came into force, and from when on it stays ahead."""

    at: Reals
    """(moments,) the first is when the change comes into force [units of time]"""
    ahead: Reals
    """(replications, moments) delivered with the change − as it is [items, value, currency]; of worlds, not replications, where
    something is not known"""

    @cached_property
    def mean(self) -> Reals:
        """Mean over replications, by moment."""
        mean: Reals = self.ahead.mean(axis=0)
        return mean

    @cached_property
    def half(self) -> Reals | None:
        """Half the width of the 95 % interval, by moment; None from one replication."""
        n = len(self.ahead)
        if n < 2:
            return None
        width: Reals = self.ahead.std(axis=0, ddof=1) * half_width(1.0, n)
        return width

    @property
    def time(self) -> float | None:
        """From when on it is no longer behind, on average [units of time]; None where it still is at the end."""
        return self._for_good(self.mean)

    @property
    def earliest(self) -> float | None:
        """Lower end of its 95 % interval; None where it is surely behind at the end, or from one replication."""
        return None if self.half is None else self._for_good(self.mean + self.half)

    @property
    def latest(self) -> float | None:
        """Upper end of its 95 % interval; None where it is not surely ahead at the end, or from one replication."""
        return None if self.half is None else self._for_good(self.mean - self.half)

    @property
    def worst(self) -> int:
        """Number of the moment at which it is furthest behind."""
        return int(np.argmin(self.mean))

    def estimate(self, moment: int) -> Estimate:
        """How far it is ahead at a moment."""
        mean, n = float(self.mean[moment]), len(self.ahead)
        if self.half is None:
            return Estimate(mean, None, None, n)
        return Estimate(mean, mean - float(self.half[moment]), mean + float(self.half[moment]), n)

    def _for_good(self, line: Reals) -> float | None:
        behind = np.flatnonzero(line < 0)
        if not len(behind):
            return float(self.at[0])
        last = int(behind[-1])
        return None if last + 1 == len(line) else float(self.at[last + 1])


def break_even(
    before: Sequence[Course], after: Sequence[Course], start: float, horizon: float, each: int = 1
) -> dict[str, BreakEven]:
    """Break-even by what is counted: `items`, `value` where any item states one, `cash` where there is a currency.

    `before` and `after` belong together pair by pair; `each` consecutive pairs share a world and count as one.
    """
    at = moments(start, horizon)
    lines = {"items": BreakEven(at, np.array([new.items - old.items for old, new in zip(before, after, strict=True)]))}
    if any(course.priced for course in (*before, *after)):
        lines["value"] = BreakEven(at, np.array([new.value - old.value for old, new in zip(before, after, strict=True)]))
    if all(course.cash is not None for course in (*before, *after)):
        lines["cash"] = BreakEven(at, _cash(after) - _cash(before))
    return {counted: replace(line, ahead=_by_world(line.ahead, each)) for counted, line in lines.items()}


def cash_line(courses: Sequence[Course], start: float, horizon: float, each: int = 1) -> BreakEven | None:
    """The cash of one variant by itself, against having none; None without a currency."""
    if any(course.cash is None for course in courses):
        return None
    return BreakEven(moments(start, horizon), _by_world(_cash(courses), each))


def _cash(courses: Sequence[Course]) -> Reals:
    return np.array([course.cash for course in courses])


def _by_world(values: Reals, each: int) -> Reals:
    whole = len(values) // each * each
    return values if each == 1 or not whole else values[:whole].reshape(-1, each, values.shape[1]).mean(axis=1)
