"""Facts of a run that do not depend on the window: worked out once, read by several metrics and for every window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vssim.clock import Ints, Reals
from vssim.log import Kind, Log, Origin
from vssim.metrics import causes, moments, people

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts about the items and visits of a log that hold for every window."""

    log: Log

    # --- by item, shape (items,) ---

    @cached_property
    def committed(self) -> Ints:
        """When it was committed, by itself: left the backlog, or as the scenario says [ticks]."""
        return moments.committed(self.log)

    @cached_property
    def in_progress_since(self) -> Ints:
        """When it was committed; of a whole, when the first of its parts was, on any level [ticks]."""
        return moments.through_levels(self.log, self.committed)

    @cached_property
    def started(self) -> Ints:
        """When it started; of a whole, when the first of its parts did, on any level [ticks]."""
        return moments.through_levels(self.log, moments.started(self.log))

    @cached_property
    def clocks(self) -> dict[str, tuple[Ints, Ints]]:
        """By the name of a clock of the scenario's own: when it began and ended [ticks]."""
        return {name: moments.span(self.log, clock) for name, clock in self.log.terms.clocks}

    @cached_property
    def first_version(self) -> Ints | None:
        """For each item the row of the item that it is, in the end, a new version of; None where there are no new versions."""
        return causes.first_versions(self.log) if (self.log.items.origin == Origin.VERSION).any() else None

    @cached_property
    def causes(self) -> Ints:
        """Shape (causes, items): where the time of those that are delivered went [ticks]."""
        return causes.by_cause(self.log, self.committed, self.open_spans)

    @cached_property
    def rework(self) -> Ints:
        """Time in repeated stays, of those that are delivered [ticks]."""
        return causes.rework(self.log)

    @cached_property
    def returns(self) -> Ints:
        """How often each item was sent back to an earlier step. Shape (items,)."""
        visits, opens = self.log.visits, self._opens_stay
        back = np.zeros_like(opens)
        back[1:] = opens[1:] & (visits.item[1:] == visits.item[:-1]) & (visits.step[1:] <= visits.step[:-1])
        return self._visits_that(back)

    @cached_property
    def handoffs(self) -> Ints:
        """How often each item passed to another team. Shape (items,)."""
        return self._visits_that(self._opens_stay & (self.log.visits.handoff == 1))

    @cached_property
    def _bounds(self) -> tuple[Ints, Ints]:
        """Its first row among the visits, and the row after its last."""
        return causes.bounds(self.log)

    def _visits_that(self, counted: Mask) -> Ints:
        first, end = self._bounds
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(counted, dtype=np.int64)])
        counts: Ints = total[end] - total[first]
        return counts

    # --- by visit ---

    @cached_property
    def _opens_stay(self) -> Mask:
        """True for the first visit of a stay; shape (visits,)."""
        visits = self.log.visits
        opens = np.ones(len(visits.item), bool)
        opens[1:] = (visits.item[1:] != visits.item[:-1]) | (visits.stay[1:] != visits.stay[:-1])
        return opens

    @cached_property
    def stays(self) -> tuple[Ints, Ints]:
        """Rows of the first and of the last visit of every stay."""
        first = np.flatnonzero(self._opens_stay)
        return first, np.concatenate([first[1:], np.full(min(len(first), 1), len(self.log.visits.item))]) - 1

    @cached_property
    def first_starts(self) -> Ints:
        """Rows of the first own work of each stay that is not rework."""
        visits = self.log.visits
        work = np.flatnonzero((visits.kind == Kind.WORK) & (visits.rework == 0))
        same = (visits.item[work[1:]] == visits.item[work[:-1]]) & (visits.stay[work[1:]] == visits.stay[work[:-1]])
        first: Ints = work[np.concatenate([np.ones(min(len(work), 1), bool), ~same])]
        return first

    @cached_property
    def open_spans(self) -> people.OpenSpans:
        """When somebody had a visit open."""
        return people.open_spans(self.log)

    # --- of all items, then by type, shape (1 + types,) ---

    @cached_property
    def priced(self) -> Mask:
        """Whether any item states a value."""
        return self.whole_and_types(~np.isnan(self.log.items.value)) > 0

    def whole_and_types(self, values: Ints | Reals | Mask) -> Reals:
        """`values` (items,) summed."""
        return totals(self.log.items.type, values, len(self.log.types))

    def customers_and_types(self, values: Ints | Reals | Mask) -> Reals:
        """`values` (items,) summed: over customers' items, then by type over all."""
        table = self.whole_and_types(values)
        if (self.log.items.parent >= 0).any():
            table[0] = float(np.asarray(values)[self.log.items.parent < 0].sum())
        return table


def totals(kind: Ints, values: Ints | Reals | Mask, kinds: int) -> Reals:
    """`values` (n,) summed: all, then by `kind` (n,)."""
    by_kind = np.bincount(kind, values, kinds)
    return np.concatenate([[by_kind.sum()], by_kind])
