"""The flow of items through places as arrays, the same for recorded and played flows.

A place is a column, or all queue columns of one step. Times are working days since the begin of the window, NaN where an item has
not left. Played flows lose what the export loses, and are rounded as the export rounds, before they are compared with records.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from vssim.clock import Ints, Reals

EVENING = 1e-6
"""A time so little after midnight belongs to the evening before [days]."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Stays, sorted by item and time, and items; one entry in the arrays of each."""

    item: Ints
    """row of the item; (stays,)"""
    place: Ints
    """number of the place; (stays,)"""
    entered: Reals
    """[working days]; (stays,)"""
    left: Reals
    """[working days]; NaN: still there; (stays,)"""
    start: Reals
    """the first entry [working days]; (items,)"""
    done: Reals
    """delivery [working days]; NaN: not delivered; (items,)"""
    gone: Reals
    """leaving without delivery [working days]; NaN: did not; (items,)"""
    hands: Reals
    """hands-on work [working days]; NaN where it is not known; (items,)"""

    @property
    def lead(self) -> Reals:
        """The time from start to delivery [working days]; NaN where it is not delivered; (items,)."""
        return self.done - self.start

    @property
    def out(self) -> Reals:
        """When each item left, delivered or not [working days]; NaN while it is there; (items,)."""
        return np.where(np.isnan(self.done), self.gone, self.done)


@dataclass(frozen=True)
class Rule:
    """What an export loses of the true flow."""

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
    """The flow with one date for each item and place: the first entry, or the last one, before which later places have no date."""
    order = np.lexsort((-flow.entered if last else flow.entered, flow.place, flow.item))
    item, place = flow.item[order], flow.place[order]
    keep = np.append(True, (item[1:] != item[:-1]) | (place[1:] != place[:-1]))[: len(item)]
    rows = order[keep]
    if last:  # a later place whose date precedes this entry was left when the item went back: such boards erase that date
        rows = rows[flow.entered[rows] >= _running_max(flow.item[rows], flow.entered[rows])]
    order = rows[np.lexsort((flow.place[rows], flow.entered[rows], flow.item[rows]))]
    return _rejoined(flow, flow.item[order], flow.place[order], flow.entered[order])


def _running_max(group: Ints, values: Reals) -> Reals:
    """The running maximum within each group of equal neighbours; same shape."""
    largest = values.copy()
    begins = np.append(True, group[1:] != group[:-1])[: len(group)]
    for place in np.flatnonzero(~begins).tolist():
        largest[place] = max(largest[place], largest[place - 1])
    return largest


def _rejoined(flow: Flow, item: Ints, place: Ints, entered: Reals) -> Flow:
    """The stays that follow from entries alone: each lasts until the item's next entry, the last one until the item leaves."""
    out = flow.out[item]
    same = np.append(item[1:] == item[:-1], False)[: len(item)]
    left = np.where(same, np.append(entered[1:], np.nan)[: len(item)], out)
    return replace(flow, item=item, place=place, entered=entered, left=left)


def _without_passing(flow: Flow) -> Flow:
    """The flow without stays of length 0: where blanks are filled, a place with the date of the next one counts as skipped."""
    kept = ~(flow.left <= flow.entered)
    return replace(flow, item=flow.item[kept], place=flow.place[kept], entered=flow.entered[kept], left=flow.left[kept])


def in_days(flow: Flow, slack: float = EVENING) -> Flow:
    """The flow in whole days. `slack` is added to times before they are rounded down [days]."""
    names = ("entered", "left", "start", "done", "gone")
    times = {name: np.maximum(np.floor(getattr(flow, name) + slack), 0.0) for name in names}
    return replace(flow, **times)
