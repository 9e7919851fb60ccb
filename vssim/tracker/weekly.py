"""Arrivals and departures by week, with the limits of an XmR chart.

Only whole weeks count: the first and the last week, of which the records hold a part, would look quiet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.tracker.worktime import WorkTime

MOVING_RANGE = 2.66
"""3 / 1.128, the constant of XmR charts for pairs: Shewhart 1931; Wheeler 2000, *Understanding Variation*."""


@dataclass(frozen=True, eq=False)
class Weeks:
    """Whole weeks of records. Arrays of shape (weeks,)."""

    mondays: Ints
    """[days since 1970]"""
    arrivals: Ints
    """items created"""
    starts: Ints
    """items started"""
    departures: Ints
    """items done"""
    wip: Ints
    """items started and neither done nor gone, at the end of the week"""

    def __len__(self) -> int:
        return len(self.mondays)

    def part(self, first: int, last: int) -> Weeks:
        """The weeks from number `first` to before `last`."""
        return Weeks(*(getattr(self, name)[first:last] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Limits:
    """The mean and limits of an XmR chart, and the weeks outside of the limits."""

    mean: float
    low: float
    high: float
    outside: tuple[int, ...]


def weeks_of(lives: pl.DataFrame, clock: WorkTime) -> Weeks:
    """Counts for every whole week from the first to the last move of any item."""
    first, last = _span(lives, clock)
    count = max(0, (last - first) // 7)
    mondays = first + 7 * np.arange(count)
    # Weeks run from Monday to Sunday, also where weekends are free: what is done on a Saturday counts in the week that it ends.
    counts = {name: _by_week(lives[name], clock, first, count) for name in ("created", "started", "done")}
    begun, ended = lives["started"], pl.DataFrame([lives["done"], lives["gone"]]).select(pl.coalesce(pl.all())).to_series()
    was = lives["started"].is_not_null()
    inside = _until(begun.filter(was), clock, mondays + 7) - _until(ended.filter(was), clock, mondays + 7)
    return Weeks(mondays, counts["created"], counts["started"], counts["done"], inside)


def xmr(values: Ints) -> Limits | None:
    """The XmR chart of a series; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = float(values.mean())
    reach = MOVING_RANGE * float(np.abs(np.diff(values)).mean())
    low, high = max(0.0, mean - reach), mean + reach
    return Limits(mean, low, high, tuple(np.flatnonzero((values < low) | (values > high)).tolist()))


def fano(values: Ints) -> float | None:
    """Variance over mean of weekly counts: 1 for chance alone [1]."""
    return float(values.var(ddof=1) / values.mean()) if len(values) > 1 and values.mean() > 0 else None


def lag_1(values: Ints) -> float | None:
    """Correlation of each week's count with the next one's [1]."""
    centred: Reals = values - values.mean() if len(values) > 2 else np.zeros(0)
    spread = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / spread if spread > 0 else None


def _span(lives: pl.DataFrame, clock: WorkTime) -> tuple[int, int]:
    """The first Monday with a whole week, and the Monday after the last whole week [days since 1970]."""
    ends = clock.days_of(pl.Series([lives["first"].min(), lives["latest"].max()], dtype=lives["first"].dtype))
    first, last = int(ends[0]), int(ends[1])
    monday = first - (first + 3) % 7
    before = clock.between(monday, first - 1) if first > monday else 0
    begin = monday if before == 0 else monday + 7
    end = last - (last + 3) % 7
    left = clock.between(last + 1, end + 6) if last < end + 6 else 0
    return begin, max(begin, end + 7 if left == 0 else end)


def _by_week(at: pl.Series, clock: WorkTime, first: int, count: int) -> Ints:
    weeks = (clock.days_of(at.drop_nulls()) - first) // 7
    return np.bincount(weeks[(weeks >= 0) & (weeks < count)], minlength=count)[:count].astype(np.int64)


def _until(at: pl.Series, clock: WorkTime, days: Ints) -> Ints:
    """How many of the instants lie before the beginning of each day; shape (days,)."""
    return np.searchsorted(np.sort(clock.days_of(at.drop_nulls())), days, side="left").astype(np.int64)
