"""The items delivered in the window, with how long they took and why; worked out once, read by several metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vssim.analysis import breakdown
from vssim.analysis.window import Window
from vssim.catalogue import QUANTILES
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Log, Origin

_SHARES = np.array(list(QUANTILES.values()))


@dataclass(frozen=True, eq=False)
class Deliveries:
    """The items of `log` that were delivered in `window`."""

    log: Log
    window: Window

    @cached_property
    def rows(self) -> Ints:
        """Rows of the delivered items, shape (n,); so are all arrays here."""
        rows = breakdown.delivered(self.log)
        return rows[self.window.holds(self.log.items.left[rows])]

    @cached_property
    def type(self) -> Ints:
        """The item type's number."""
        return self.log.items.type[self.rows]

    @cached_property
    def customers(self) -> NDArray[np.bool_]:
        """True for customers' items: wholes and items that are nobody's part."""
        return self.log.items.parent[self.rows] < 0

    @cached_property
    def left(self) -> Ints:
        """Delivery [ticks]."""
        return self.log.items.left[self.rows]

    @cached_property
    def lead(self) -> Reals:
        """Arrival → delivered [units of time]."""
        return (self.left - self.log.items.arrived[self.rows]) / TICKS

    @cached_property
    def cycle(self) -> Reals:
        """Leaves the backlog → delivered [units of time]; a whole has left it when the first of its parts has."""
        return (self.left - in_progress_since(self.log)[self.rows]) / TICKS

    @cached_property
    def to_outcome(self) -> Reals:
        """Arrival of the first version → delivered [units of time]; counts for items that were right."""
        return (self.left - self.log.items.arrived[first_versions(self.log)[self.rows]]) / TICKS

    @cached_property
    def causes(self) -> Reals:
        """Shape (causes, n): where the time went [units of time]."""
        return breakdown.by_cause(self.log, self.rows) / TICKS

    @cached_property
    def rework(self) -> Reals:
        """Time in repeated stays [units of time]."""
        return breakdown.rework(self.log, self.rows) / TICKS


def in_progress_since(log: Log) -> Ints:
    """When each item left the backlog; for a whole, when the first of its parts did; NOT_YET [ticks], shape (items,)."""
    since = breakdown.pulled(log)
    parts = np.flatnonzero((log.items.parent >= 0) & (since != NOT_YET))
    if len(parts):
        never = np.iinfo(np.int64).max
        first = np.where(since == NOT_YET, never, since)
        np.minimum.at(first, log.items.parent[parts], since[parts])
        since = np.where(first == never, NOT_YET, first)
    return since


def first_versions(log: Log) -> Ints:
    """For each item the row of the item that it is a new version of, in the end; itself if of none. Shape (items,)."""
    items = log.items
    root = np.where(items.origin == Origin.VERSION, items.follows, np.arange(len(items.type)))
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def spread(values: Reals) -> list[float]:
    """Mean and the catalogue's percentiles of `values`, NaN when there are none."""
    if not len(values):
        return [np.nan] * (1 + len(_SHARES))
    return [float(values.mean()), *quantiles(values, _SHARES).tolist()]


def quantiles(values: Reals, shares: Reals) -> Reals:
    """The values below which `shares` of `values` lie, interpolated linearly; NaN when there are none."""
    if not len(values):
        return np.full(len(shares), np.nan)
    ordered = np.sort(values)
    place = shares * (len(ordered) - 1)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    found: Reals = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return found
