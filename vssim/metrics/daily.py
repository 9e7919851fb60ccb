"""A run day by day: what stood where at the end of each unit of time, and what had been delivered until then."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Log
from vssim.metrics.causes import delivered, in_progress_since
from vssim.metrics.moments import committed
from vssim.metrics.spans import Spans, State, spans
from vssim.model.terms import PULLED
from vssim.statistics import quantile_of

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
        return np.arange(int(self.log.length / self.every + 1e-9) + 1, dtype=np.float64) * self.every

    @cached_property
    def moments(self) -> Ints:
        """The moments [ticks]."""
        return np.rint(self.at * TICKS).astype(np.int64) + self.log.origin

    @cached_property
    def spans(self) -> Spans:
        """Where every item is; worked out once a log, however many courses it has."""
        known_spans = _SPANS.get(self.log)
        if known_spans is None:
            known_spans = _SPANS[self.log] = spans(self.log)
        return known_spans

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
        return self.log.times(self.log.items.left[self.deliveries])

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
        return self._there(self.spans.step, len(self.log.steps))

    @cached_property
    def in_progress(self) -> Ints:
        """Items committed and not done."""
        if self.log.terms.committed != PULLED:
            return self._between(committed(self.log), self.log.items.left)
        total: Ints = self.by_step.sum(axis=0)
        return total

    @cached_property
    def backlog(self) -> Ints:
        """Items waiting to be let in; where commitment is not the pull, all that is not committed."""
        if self.log.terms.committed != PULLED:
            return self._between(self.log.items.joined, committed(self.log))
        items: Ints = self._by_state[State.BACKLOG]
        return items

    def _between(self, begin: Ints, end: Ints) -> Ints:
        """Items that have come to `begin` and not yet to `end` [ticks], each (items,)."""
        gone: Ints = self._until(begin) - self._until(end)
        return gone

    @cached_property
    def blocked(self) -> Ints:
        """Items that wait for help."""
        items: Ints = self._by_state[State.BLOCKED]
        return items

    def state(self, state: int) -> Ints:
        """Items in a State."""
        items: Ints = self._by_state[state]
        return items

    @cached_property
    def past(self) -> Ints:
        """Items that have come at least as far as each step, or left; shape (steps, moments): the lines of a cumulative flow."""
        furthest = [self._come_to(step) for step in range(len(self.log.steps))]
        return np.array(furthest).reshape(len(self.log.steps), len(self.moments))

    @cached_property
    def started(self) -> Ints:
        """Items that have come to any step, or left: the line of `past` that is furthest up."""
        return self._come_to(0)

    def _come_to(self, step: int) -> Ints:
        """Items that have come at least as far as a step, or left."""
        there, reached = self.spans, self.log.items.left.copy()
        rows = self._further[there.step[self._further] >= step][::-1]  # the first one is written last
        reached[there.item[rows]] = there.begin[rows]
        return self._until(reached[self.on_board])

    @cached_property
    def _further(self) -> Ints:
        """Rows of the spans in which an item stands further down than it ever did before."""
        there = self.spans
        so_far = np.maximum.accumulate(there.item * (len(self.log.steps) + 1) + there.step)
        rows: Ints = np.flatnonzero((np.diff(so_far, prepend=-1) > 0) & (there.step >= 0))
        return rows

    @cached_property
    def on_board(self) -> Ints:
        """Rows of the items that have a way to go through the steps, as far as can be seen: all but wholes."""
        wholes = np.unique(self.log.items.parent[self.log.items.parent >= 0])
        return np.setdiff1d(np.arange(len(self.log.items.type)), wholes)

    def so_far(self, *shares: float) -> list[list[float | None]]:
        """By share, the lead time that this share of the items delivered until each moment took at most; None before the first."""
        lead, ordered = self.lead.tolist(), list[float]()
        now: list[float | None] = [None] * len(shares)
        rows = []
        for count in self.delivered.tolist():
            if count > len(ordered):
                for more in lead[len(ordered) : count]:
                    insort(ordered, more)
                now = [quantile_of(ordered, share) for share in shares]
            rows.append(now)
        return [list(column) for column in zip(*rows, strict=True)]

    def rate(self, over: float) -> Reals:
        """Deliveries per unit of time over the `over` units before each moment (fewer at the start)."""
        since = np.maximum(self.at - over, 0.0)
        before = np.searchsorted(self.delivered_at, since, side="right")
        length = np.where(self.at > since, self.at - since, np.nan)
        return np.where(self.at > 0, (self.delivered - before) / np.where(length > 0, length, 1.0), 0.0)

    def _until(self, times: Ints) -> Ints:
        """How many of `times` [ticks] have come by each moment."""
        came = self._first_moments(times[times != NOT_YET])
        return np.cumsum(np.bincount(came, minlength=len(self.moments) + 1)[:-1])

    def _first_moments(self, times: Ints) -> Ints:
        """For each time [ticks] the number of the first moment at or after it; the number of moments where there is none."""
        count, first = len(self.moments), self.log.origin
        every = (int(self.moments[-1]) - first) // max(count - 1, 1)
        if every and (self.moments == first + every * np.arange(count)).all():
            return np.clip(-(-(times - first) // every), 0, count)
        return np.searchsorted(self.moments, times)

    @cached_property
    def _by_state(self) -> Ints:
        """Items in each state; shape (states, moments)."""
        return self._there(self.spans.state, len(State))

    def _there(self, kind: Ints, kinds: int) -> Ints:
        """How many of the spans, by `kind` (spans,), hold each moment; shape (kinds, moments). Kinds below 0 do not count."""
        rows = np.flatnonzero(kind >= 0)
        width, cell = len(self.moments) + 1, kind[rows] * (len(self.moments) + 1)
        began, over = (cell + moments[rows] for moments in self._moments_of_spans)
        shape = (kinds, width)
        change = np.bincount(began, minlength=kinds * width) - np.bincount(over, minlength=kinds * width)
        counts: Ints = np.cumsum(change.reshape(shape)[:, :-1], axis=1)
        return counts

    @cached_property
    def _moments_of_spans(self) -> tuple[Ints, Ints]:
        """By span, the numbers of the first moment that it holds and of the first after it."""
        began, over = self._first_moments(self.spans.begin), self._first_moments(self.spans.end)
        return began, np.where(self.spans.end == NOT_YET, len(self.moments), over)
