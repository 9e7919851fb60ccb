"""Facts: what is so of a run whatever the window. Worked out once, read by several metrics and for every window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vssim.analysis import breakdown, people
from vssim.clock import Ints, Reals
from vssim.log import Kind, Log, Origin

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Facts:
    """What is so of the items and visits of `log`."""

    log: Log

    # --- by item, shape (items,) ---

    @cached_property
    def pulled(self) -> Ints:
        """When it left the backlog [ticks]."""
        return breakdown.pulled(self.log)

    @cached_property
    def in_progress_since(self) -> Ints:
        """When it left the backlog; of a whole, when the first of its parts did [ticks]."""
        return breakdown.in_progress_since(self.log)

    @cached_property
    def first_version(self) -> Ints | None:
        """Row of the item that it is a new version of, in the end; None where there are no new versions."""
        return breakdown.first_versions(self.log) if (self.log.items.origin == Origin.VERSION).any() else None

    @cached_property
    def causes(self) -> Ints:
        """Shape (causes, items): where the time of those that are delivered went [ticks]."""
        return breakdown.by_cause(self.log)

    @cached_property
    def rework(self) -> Ints:
        """Time in repeated stays, of those that are delivered [ticks]."""
        return breakdown.rework(self.log)

    @cached_property
    def returns(self) -> Ints:
        """How often it was sent back."""
        visits, opens = self.log.visits, self._opens_stay
        back = np.zeros_like(opens)
        back[1:] = opens[1:] & (visits.item[1:] == visits.item[:-1]) & (visits.step[1:] <= visits.step[:-1])
        return self._visits_that(back)

    @cached_property
    def handoffs(self) -> Ints:
        """How often it was handed on."""
        return self._visits_that(self._opens_stay & (self.log.visits.handoff == 1))

    @cached_property
    def _bounds(self) -> tuple[Ints, Ints]:
        """Its first row among the visits, and the row after its last."""
        return breakdown.bounds(self.log)

    def _visits_that(self, counted: Mask) -> Ints:
        first, end = self._bounds
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(counted, dtype=np.int64)])
        found: Ints = total[end] - total[first]
        return found

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


def totals(kind: Ints, values: Ints | Reals | Mask, kinds: int) -> Reals:
    """`values` (n,) summed: all, then by `kind` (n,)."""
    by_kind = np.bincount(kind, values, kinds)
    return np.concatenate([[by_kind.sum()], by_kind])
