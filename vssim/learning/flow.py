"""The flow of items through places, as numbers: one form for what was recorded and for what was played.

A place is a column, or the queue columns of one step. Times are working days since the begin of the window; an item that had not
left has NaN. A played flow goes through the rule of the export, and is rounded as the export rounds, before anything is compared.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from vssim.clock import Ints, Reals

EVENING = 1e-6
"""What ends on the stroke of a day ends in that day's evening, not on the next morning [days]."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Stays, one row each, by item and time; and items, one row each."""

    item: Ints
    """row of the item; (stays,)"""
    place: Ints
    """(stays,)"""
    entered: Reals
    """[working days]; (stays,)"""
    left: Reals
    """NaN: still there; (stays,)"""
    start: Reals
    """first entry; (items,)"""
    done: Reals
    """delivered; NaN: not; (items,)"""
    gone: Reals
    """left without being delivered; NaN: not; (items,)"""
    hands: Reals
    """hands-on work, NaN where it is not known; (items,)"""

    @property
    def lead(self) -> Reals:
        """From start to done; NaN where it is not done; (items,)."""
        return self.done - self.start

    @property
    def out(self) -> Reals:
        """When an item left, delivered or not; NaN while it is there; (items,)."""
        return np.where(np.isnan(self.done), self.gone, self.done)


@dataclass(frozen=True)
class Rule:
    """What an export changes of what happened."""

    first_entries: bool = False
    last_entries: bool = False
    blanks_filled: bool = False
    whole_days: bool = False

    @classmethod
    def of(cls, losses: Collection[str], *, whole_days: bool) -> Rule:
        """The rule of an export with these losses."""
        last = "last entries only" in losses
        first = not last and ("first entries only" in losses or "blanks filled" in losses)
        return cls(first, last, "blanks filled" in losses, whole_days)


def through(flow: Flow, rule: Rule) -> Flow:
    """The flow as the export would show it."""
    if rule.first_entries or rule.last_entries:
        flow = _one_entry(flow, last=rule.last_entries)
    if rule.whole_days:
        flow = in_days(flow, -EVENING)
    return _without_passing(flow) if rule.blanks_filled else flow


def _one_entry(flow: Flow, *, last: bool) -> Flow:
    """One date an item and place: the first entry, or the last one and no later place before it."""
    order = np.lexsort((-flow.entered if last else flow.entered, flow.place, flow.item))
    item, place = flow.item[order], flow.place[order]
    keep = np.append(True, (item[1:] != item[:-1]) | (place[1:] != place[:-1]))[: len(item)]
    rows = order[keep]
    if last:  # a date further on that lies before the last entry here is of before the item went back: it is wiped out
        rows = rows[flow.entered[rows] >= _running_max(flow.item[rows], flow.entered[rows])]
    order = rows[np.lexsort((flow.place[rows], flow.entered[rows], flow.item[rows]))]
    return _rejoined(flow, flow.item[order], flow.place[order], flow.entered[order])


def _running_max(group: Ints, values: Reals) -> Reals:
    """The largest value so far within each group of equal neighbours."""
    largest = values.copy()
    begins = np.append(True, group[1:] != group[:-1])[: len(group)]
    for place in np.flatnonzero(~begins).tolist():
        largest[place] = max(largest[place], largest[place - 1])
    return largest


def _rejoined(flow: Flow, item: Ints, place: Ints, entered: Reals) -> Flow:
    """Stays from entries alone: each lasts until the item's next one, the last until it leaves."""
    out = flow.out[item]
    same = np.append(item[1:] == item[:-1], False)[: len(item)]
    left = np.where(same, np.append(entered[1:], np.nan)[: len(item)], out)
    return replace(flow, item=item, place=place, entered=entered, left=left)


def _without_passing(flow: Flow) -> Flow:
    """Without stays of no length: where blanks are filled, a place that has the date of the next one counts as skipped."""
    kept = ~(flow.left <= flow.entered)
    return replace(flow, item=flow.item[kept], place=flow.place[kept], entered=flow.entered[kept], left=flow.left[kept])


def in_days(flow: Flow, slack: float = EVENING) -> Flow:
    """The flow in whole days. `slack`: added before rounding down [days]."""
    names = ("entered", "left", "start", "done", "gone")
    times = {name: np.maximum(np.floor(getattr(flow, name) + slack), 0.0) for name in names}
    return replace(flow, **times)
