"""Money of a run: what was paid and earned, moment by moment, and in the window. Without a currency there is none.

What is paid once is part of `cash` alone: a rate over a window would say less the longer the window is. People are paid whether
they are here or not. Only what is delivered and right for the customer earns: its value at its delivery, and its stream of revenue
from then on. A stream of r a unit of time that grows over g has earned r·u²/2g by u < g after the delivery and r·(u − g/2) by
u >= g, until it ends. Over all, customers' items earn; by type, every item of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import TICKS, Ints, Reals
from vssim.log import Log
from vssim.metrics.causes import delivered
from vssim.metrics.facts import Facts, totals
from vssim.metrics.window import Window
from vssim.model.terms import Money, Stream


def measure(facts: Facts, window: Window) -> dict[str, Reals]:
    """By metric: the value over all items, then by type; NaN where undefined. Nothing without a currency."""
    log = facts.log
    if log.terms.money is None:
        return {}
    kinds = len(log.types)
    cost = float(_running(log.terms.money, log.time(window.start), np.array([log.time(window.end)]))[0]) / window.length
    earned = _earned_inside(log, window) / window.length
    count = float((log.items.parent[_inside(log, window)] < 0).sum())
    return {
        "cost": _alone(cost, kinds),
        "cost_per_item": _alone(cost * window.length / count if count else np.nan, kinds),
        "earned": earned,
        "margin": _alone(earned[0] - cost, kinds),
        "cash": _alone(float(cash(log, 0.0, np.array([log.length]))[0]), kinds),
    }


def cash(log: Log, start: float, moments: Reals) -> Reals:
    """What was earned − what was paid, from `start` on until each of `moments` [units of time]; same shape [currency]."""
    money = log.terms.money
    assert money is not None
    earnings = _Earnings.of(log)
    before = earnings.until(np.array([start])) if start > 0 else np.zeros(1)
    once = sum((amount * (moments >= when) for when, amount in money.once if when >= start), np.zeros(len(moments)))
    balance: Reals = earnings.until(moments) - before[0] - _running(money, start, moments) - once
    return balance


def _running(money: Money, start: float, moments: Reals) -> Reals:
    """What was paid by the unit of time, from `start` until each of `moments` [units of time]; same shape [currency]."""
    total = np.zeros(len(moments))
    ends = [*(since for since, _ in money.spending[1:]), np.inf]
    for (begin, rate), end in zip(money.spending, ends, strict=False):
        total += rate * np.maximum(np.minimum(moments, end) - max(begin, start), 0.0)
    return total


@dataclass(frozen=True, eq=False)
class _Earnings:
    """What customers' items have earned, as it grows."""

    at: Reals
    """when items that were right were delivered, in order [units of time]"""
    value: Reals
    """what they had earned at once by then, in all [currency]"""
    streams: tuple[tuple[Stream, Reals], ...]
    """each with the deliveries that began it [units of time]"""

    @classmethod
    def of(cls, log: Log) -> _Earnings:
        rows = _right(log)
        rows = rows[log.items.parent[rows] < 0]
        rows = rows[np.argsort(log.items.left[rows], kind="stable")]
        at = log.times(log.items.left[rows])
        worth = np.concatenate([[0.0], np.cumsum(np.nan_to_num(log.items.value[rows]))])
        return cls(at, worth, tuple((stream, at[log.items.type[rows] == kind]) for kind, stream in _streams(log)))

    def until(self, moments: Reals) -> Reals:
        """In all until each of `moments`; same shape."""
        total: Reals = self.value[np.searchsorted(self.at, moments, side="right")]
        for stream, begun in self.streams:
            total = total + np.concatenate(
                [_yields(stream, begun, some) for some in np.array_split(moments, _parts(begun, moments))]
            )
        return total


def _parts(begun: Reals, moments: Reals) -> int:
    """Into how many parts moments are cut, so that a table of them by delivery stays small."""
    return 1 + len(begun) * len(moments) // 200_000


def _yields(stream: Stream, begun: Reals, moments: Reals) -> Reals:
    """What all of a stream's deliveries have earned until each of `moments`; same shape."""
    yields: Reals = _yield(stream, np.maximum(moments[:, None] - begun, 0.0)).sum(axis=1)
    return yields


def _earned_inside(log: Log, window: Window) -> Reals:
    """What items earned in the window: customers', then by type; shape (1 + types,)."""
    kinds, rows = len(log.types), _right(log)
    kind, at, customers = log.items.type[rows], log.items.left[rows], log.items.parent[rows] < 0
    each = np.nan_to_num(log.items.value[rows]) * window.holds(at)
    for number, stream in _streams(log):
        mine = np.flatnonzero(kind == number)
        ends = [_yield(stream, np.maximum(moment - at[mine], 0) / TICKS) for moment in (window.start, window.end)]
        each[mine] += ends[1] - ends[0]
    table = totals(kind, each, kinds)
    table[0] = float(each[customers].sum())
    return table


def _yield(stream: Stream, after: Reals) -> Reals:
    """What a stream has earned so long after the delivery [units of time]; same shape [currency]."""
    lasted = after if stream.lasts is None else np.minimum(after, stream.lasts)
    if not stream.ramp:
        return stream.per_unit * lasted
    growing = np.minimum(lasted, stream.ramp)
    earned: Reals = stream.per_unit * (growing**2 / (2 * stream.ramp) + (lasted - growing))
    return earned


def _streams(log: Log) -> list[tuple[int, Stream]]:
    """The streams of a log's item types, by the number of the type."""
    assert log.terms.money is not None
    return [(log.types.index(kind), stream) for kind, stream in log.terms.money.streams if kind in log.types]


def _right(log: Log) -> Ints:
    """Rows of the items that were delivered and right."""
    rows = delivered(log)
    right: Ints = rows[log.items.right[rows] == 1]
    return right


def _inside(log: Log, window: Window) -> Ints:
    """Rows of the items delivered in the window."""
    rows = delivered(log)
    inside: Ints = rows[window.holds(log.items.left[rows])]
    return inside


def _alone(value: float, kinds: int) -> Reals:
    """A figure of the whole; by type it is that of the only type, or undefined."""
    return np.array([value, *([value if kinds == 1 else np.nan] * kinds)])
