"""A run day by day: what stood where at the end of each unit of time, and what had been delivered until then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from vssim.analysis.breakdown import delivered, in_progress_since
from vssim.analysis.deliveries import quantiles
from vssim.analysis.spans import Spans, State, spans, there
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Log

_SPANS: WeakKeyDictionary[Log, Spans] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Daily:
    """The course of a run, at the moments 0, every, 2·every, … up to the horizon. Arrays of shape (moments,) unless said."""

    log: Log
    every: float = 1.0
    """[units of time]"""

    @cached_property
    def at(self) -> Reals:
        """The moments [units of time]."""
        return np.arange(int(self.log.horizon / TICKS / self.every + 1e-9) + 1, dtype=np.float64) * self.every

    @cached_property
    def moments(self) -> Ints:
        """The moments [ticks]."""
        return np.rint(self.at * TICKS).astype(np.int64)

    @cached_property
    def spans(self) -> Spans:
        """Where every item is; worked out once a log, however many courses it has."""
        found = _SPANS.get(self.log)
        if found is None:
            found = _SPANS[self.log] = spans(self.log)
        return found

    @cached_property
    def customers(self) -> Ints:
        """Rows of customers' items: those that are nobody's part."""
        return np.flatnonzero(self.log.items.parent < 0)

    @cached_property
    def deliveries(self) -> Ints:
        """Rows of customers' items that were delivered, in the order of delivery."""
        rows = delivered(self.log)
        rows = rows[self.log.items.parent[rows] < 0]
        return rows[np.argsort(self.log.items.left[rows], kind="stable")]

    @cached_property
    def lead(self) -> Reals:
        """Lead times of the deliveries, in their order [units of time]; shape (deliveries,)."""
        items = self.log.items
        return (items.left[self.deliveries] - items.arrived[self.deliveries]) / TICKS

    @cached_property
    def delivered_at(self) -> Reals:
        """When they were delivered [units of time]; shape (deliveries,)."""
        return self.log.items.left[self.deliveries] / TICKS

    @cached_property
    def arrived(self) -> Ints:
        """Customers' items that have arrived until then."""
        return self._until(self.log.items.arrived[self.customers])

    @cached_property
    def begun(self) -> Ints:
        """Customers' items that have left the backlog until then."""
        return self._until(in_progress_since(self.log)[self.customers])

    @cached_property
    def delivered(self) -> Ints:
        """Customers' items that have been delivered until then."""
        return self._until(self.log.items.left[self.deliveries])

    @cached_property
    def by_step(self) -> Ints:
        """Items in each step's column; shape (steps, moments)."""
        rows = (np.flatnonzero(self.spans.step == step) for step in range(len(self.log.steps)))
        counts: Ints = np.array([self.spans.there(found, self.moments) for found in rows])
        return counts

    @cached_property
    def in_progress(self) -> Ints:
        """Items past the backlog and not done."""
        total: Ints = self.by_step.sum(axis=0)
        return total

    @cached_property
    def backlog(self) -> Ints:
        """Items waiting to be let in."""
        return self.spans.there(np.flatnonzero(self.spans.state == State.BACKLOG), self.moments)

    @cached_property
    def blocked(self) -> Ints:
        """Items that wait for help."""
        return self.spans.there(np.flatnonzero(self.spans.state == State.BLOCKED), self.moments)

    @cached_property
    def past(self) -> Ints:
        """Items that have come at least as far as each step, or left; shape (steps, moments): the lines of a cumulative flow."""
        log, furthest = self.log, []
        for step in range(len(log.steps)):
            reached = np.full(len(log.items.type), NOT_YET)
            rows = np.flatnonzero(self.spans.step >= step)[::-1]
            reached[self.spans.item[rows]] = self.spans.begin[rows]
            gone = log.items.left
            reached = np.where(reached == NOT_YET, gone, reached)
            furthest.append(self._until(reached[self.on_board]))
        return np.array(furthest).reshape(len(log.steps), len(self.moments))

    @cached_property
    def on_board(self) -> Ints:
        """Rows of the items that have a way to go through the steps, as far as can be seen: all but wholes."""
        wholes = np.unique(self.log.items.parent[self.log.items.parent >= 0])
        return np.setdiff1d(np.arange(len(self.log.items.type)), wholes)

    def so_far(self, share: float) -> list[float | None]:
        """The lead time within which `share` of the items delivered until each moment were done; None before the first."""
        shares = np.array([share])
        found: list[float | None] = []
        known: dict[int, float | None] = {0: None}
        for count in self.delivered.tolist():
            if count not in known:
                known[count] = float(quantiles(self.lead[:count], shares)[0])
            found.append(known[count])
        return found

    def rate(self, over: float) -> Reals:
        """Deliveries per unit of time over the `over` units before each moment (fewer at the start)."""
        since = np.maximum(self.at - over, 0.0)
        before = np.searchsorted(self.delivered_at, since, side="right")
        length = np.where(self.at > since, self.at - since, np.nan)
        return np.where(self.at > 0, (self.delivered - before) / np.where(length > 0, length, 1.0), 0.0)

    def _until(self, times: Ints) -> Ints:
        """How many of `times` [ticks] have come by each moment."""
        return there(times, np.full_like(times, NOT_YET), self.moments)
