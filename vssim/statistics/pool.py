"""The pool: the times of all items of all replications together, with the replication that each came from.

The p-quantile is the smallest time that at least a share p of the items took at most (inverted distribution function, type 1 of
Hyndman & Fan 1996). Nothing is interpolated: "85 % within 71 days" is then true of the very items that were counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = 128
"""Order statistics that are kept of a run where not all of its times are."""

_HAIR = 1e-9
"""Of a share of items: what is left over is how numbers are stored, not an item."""


@dataclass(frozen=True, eq=False)
class Pool:
    """The times of every replication, in rising order; where not all were kept, each stands for several items."""

    times: tuple[Reals, ...]
    """by replication: times in rising order; empty where it has no items"""
    counts: Reals
    """(n,) by replication: how many items its times stand for"""

    @classmethod
    def of(cls, times: Sequence[Reals], counts: Sequence[float] | None = None) -> Pool:
        """From the times of each replication in rising order, and how many items they stand for (default: themselves)."""
        numbers = [len(sample) for sample in times] if counts is None else counts
        return cls(tuple(np.asarray(sample, np.float64) for sample in times), np.asarray(numbers, np.float64))

    @property
    def n(self) -> int:
        """How many replications there are, those without items included."""
        return len(self.times)

    @cached_property
    def total(self) -> float:
        """How many items all replications have together."""
        return float(self.counts.sum())

    @cached_property
    def ordered(self) -> Reals:
        """All times in rising order."""
        return self._ranked[0]

    @cached_property
    def each(self) -> Reals:
        """(n,) By replication: how many items one of its times stands for."""
        kept = np.array([len(sample) for sample in self.times], np.float64)
        return self.counts / np.where(kept > 0, kept, 1.0)

    @cached_property
    def _ranked(self) -> tuple[Reals, Reals]:
        """All times in rising order, and how many items there are up to each of them."""
        everything = np.concatenate(self.times) if self.times else np.empty(0)
        weights = np.repeat(self.each, [len(sample) for sample in self.times])
        order = np.argsort(everything, kind="stable")
        return everything[order], np.cumsum(weights[order])

    def quantile(self, share: float) -> float | None:
        """The smallest time that at least `share` of all items took at most; None without items."""
        ordered, so_far = self._ranked
        if not len(ordered):
            return None
        place = int(np.searchsorted(so_far, share * self.total - _HAIR * max(1.0, self.total), side="left"))
        return float(ordered[min(place, len(ordered) - 1)])

    def within(self, time: float) -> Reals:
        """(n,) By replication: how many items took at most `time`."""
        return np.array([np.searchsorted(sample, time, side="right") for sample in self.times], np.float64) * self.each

    def share_within(self, time: float) -> float | None:
        """The share of all items that took at most `time`; None without items."""
        return float(self.within(time).sum() / self.total) if self.total else None


def quantile_of(ordered: Sequence[float], share: float) -> float | None:
    """The smallest of `ordered` (rising) that at least `share` of them are at most; None when there are none."""
    return ordered[_place(len(ordered), share)] if len(ordered) else None


def quantiles_of(ordered: Reals, shares: Sequence[float] | Reals) -> Reals:
    """As `quantile_of`, of several shares; NaN when there are none."""
    if not len(ordered):
        return np.full(len(shares), np.nan)
    quantiles: Reals = ordered[_places(len(ordered), tuple(float(share) for share in shares))]
    return quantiles


@lru_cache(maxsize=4096)
def _places(count: int, shares: tuple[float, ...]) -> Ints:
    return np.array([_place(count, share) for share in shares], np.int64)


def _place(count: int, share: float) -> int:
    return min(max(int(np.ceil(share * count - _HAIR * max(1, count))) - 1, 0), count - 1)


def order_statistics(ordered: Reals, most: int = KEPT) -> Reals:
    """What is kept of times in rising order: all, or of more than `most` those of the shares (k + ½) / most."""
    if len(ordered) <= most:
        return ordered
    order: Reals = ordered[_evenly(len(ordered), most)]
    return order


@lru_cache(maxsize=4096)
def _evenly(count: int, most: int) -> Ints:
    """The places of the shares (k + ½) / most among `count` values; a sweep asks for the same ones again and again."""
    return np.array([_place(count, share) for share in ((np.arange(most) + 0.5) / most).tolist()], np.int64)
