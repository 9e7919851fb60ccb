"""The items delivered in the window, with how long they took and why; worked out once, read by several metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vssim.analysis import breakdown
from vssim.analysis.facts import Facts
from vssim.analysis.window import Window
from vssim.catalogue import QUANTILES
from vssim.clock import TICKS, Ints, Reals

_SHARES = np.array(list(QUANTILES.values()))


@dataclass(frozen=True, eq=False)
class Deliveries:
    """The items of a run that were delivered in `window`."""

    facts: Facts
    window: Window

    @cached_property
    def rows(self) -> Ints:
        """Rows of the delivered items, shape (n,); so are all arrays here."""
        rows = breakdown.delivered(self.facts.log)
        return rows[self.window.holds(self.facts.log.items.left[rows])]

    @cached_property
    def type(self) -> Ints:
        """The item type's number."""
        return self.facts.log.items.type[self.rows]

    @cached_property
    def customers(self) -> NDArray[np.bool_]:
        """True for customers' items: wholes and items that are nobody's part."""
        return self.facts.log.items.parent[self.rows] < 0

    @cached_property
    def left(self) -> Ints:
        """Delivery [ticks]."""
        return self.facts.log.items.left[self.rows]

    @cached_property
    def lead(self) -> Reals:
        """Arrival → delivered [units of time]."""
        return (self.left - self.facts.log.items.arrived[self.rows]) / TICKS

    @cached_property
    def cycle(self) -> Reals:
        """Leaves the backlog → delivered [units of time]; a whole has left it when the first of its parts has."""
        return (self.left - self.facts.in_progress_since[self.rows]) / TICKS

    @cached_property
    def to_outcome(self) -> Reals:
        """Arrival of the first version → delivered [units of time]; counts for items that were right."""
        first = self.facts.first_version
        return self.lead if first is None else (self.left - self.facts.log.items.arrived[first[self.rows]]) / TICKS

    @cached_property
    def causes(self) -> Reals:
        """Shape (causes, n): where the time went [units of time]."""
        return self.facts.causes[:, self.rows] / TICKS

    @cached_property
    def rework(self) -> Reals:
        """Time in repeated stays [units of time]."""
        return self.facts.rework[self.rows] / TICKS


def spread(values: Reals, ordered: Reals | None = None) -> list[float]:
    """Mean and the catalogue's percentiles of `values`, NaN when there are none; `ordered`: the values sorted, if they are."""
    if not len(values):
        return [np.nan] * (1 + len(_SHARES))
    return [float(values.mean()), *_quantiles(np.sort(values) if ordered is None else ordered, _SHARES).tolist()]


def quantiles(values: Reals, shares: Reals) -> Reals:
    """The values below which `shares` of `values` lie, interpolated linearly; NaN when there are none."""
    return _quantiles(np.sort(values), shares) if len(values) else np.full(len(shares), np.nan)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which `share` of `ordered` (rising) lies, to the last bit that of `quantiles`; None when there are none."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _quantiles(ordered: Reals, shares: Reals) -> Reals:
    place = shares * (len(ordered) - 1)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, len(ordered) - 1)
    found: Reals = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return found
