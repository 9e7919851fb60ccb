"""The items delivered in the window, with how long they took and why; worked out once, read by several metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vssim.catalogue import QUANTILES
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.metrics import causes
from vssim.metrics.facts import Facts
from vssim.metrics.window import Window
from vssim.statistics import quantiles_of

_SHARES = np.array(list(QUANTILES.values()))


@dataclass(frozen=True, eq=False)
class Deliveries:
    """The items of a run that were delivered in `window`."""

    facts: Facts
    window: Window

    @cached_property
    def rows(self) -> Ints:
        """Rows of the delivered items, shape (n,); so are all arrays here."""
        rows = causes.delivered(self.facts.log)
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
        """Commitment → delivered [units of time]; a whole is committed when the first of its parts is."""
        return (self.left - self.facts.in_progress_since[self.rows]) / TICKS

    @cached_property
    def since_start(self) -> Reals:
        """First start → delivered [units of time]; a whole starts when the first of its parts does."""
        return (self.left - self.facts.started[self.rows]) / TICKS

    @cached_property
    def clocks(self) -> dict[str, Reals]:
        """By the scenario's own clocks, the time between their ends [units of time]; NaN for what misses either."""
        times = {}
        for name, (begin, end) in self.facts.clocks.items():
            begun, ended = begin[self.rows], end[self.rows]
            there = (begun != NOT_YET) & (ended != NOT_YET) & (ended >= begun)
            times[name] = np.where(there, (ended - begun) / TICKS, np.nan)
        return times

    @cached_property
    def kept_promise(self) -> Reals:
        """1 where the promise to an item was kept, 0 where it was not, NaN where nothing was promised (or its clock missed)."""
        kept = np.full(len(self.rows), np.nan)
        own = {"lead_time": self.lead, "cycle_time": self.cycle, "since_start": self.since_start}
        own |= {f"clock.{name}": times for name, times in self.clocks.items()}
        log = self.facts.log
        promised = [(self.type == log.types.index(name), promise) for name, promise in log.terms.promises if name in log.types]
        promised += [(self.rows == item, promise) for item, promise in log.promises.items()]  # in place of its type's
        for covered, promise in promised:
            if promise.of in own:
                taken = own[promise.of][covered]
                kept[covered] = np.where(np.isnan(taken), np.nan, np.rint(taken * TICKS) <= round(promise.within * TICKS))
        return kept

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
    return [float(values.mean()), *quantiles_of(np.sort(values) if ordered is None else ordered, _SHARES).tolist()]


def quantiles(values: Reals, shares: Reals) -> Reals:
    """For each share the smallest of `values` that at least this share of them do not exceed (no interpolation); NaN for none."""
    return quantiles_of(np.sort(values), shares)


def deviations(values: Reals, ordered: Reals) -> list[float]:
    """Standard deviation, coefficient of variation, and how far the 95th percentile is from the median; NaN when there are none."""
    if not len(values):
        return [np.nan] * 3
    deviation, mean = float(values.std()), float(values.mean())
    half, most = quantiles_of(ordered, (0.5, 0.95)).tolist()
    return [deviation, deviation / mean if mean else np.nan, most - half]
