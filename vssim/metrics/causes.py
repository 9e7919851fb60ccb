"""Where the time went: the causes of a delivered item's lead time, exact in ticks. They add up to it, always.

A whole's wait for its parts is one cause, `parts`; what its parts spent it on is told under the parts' own type.
Rework is a second cut across all causes: the share of them that fell into repeated stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from vssim.causes import CAUSES
from vssim.clock import NOT_YET, Ints
from vssim.log import Ended, Kind, Log, Origin, Visits
from vssim.metrics.moments import committed, pulled, through_levels
from vssim.metrics.people import OpenSpans, open_spans, set_aside
from vssim.model.terms import PULLED

__all__ = ["CAUSES", "bounds", "by_cause", "causes", "delivered", "first_versions", "in_progress_since", "pulled", "rework"]


def delivered(log: Log) -> Ints:
    """Rows of the items that were delivered."""
    return np.flatnonzero(log.items.ended == Ended.DELIVERED)


def causes(log: Log, rows: Ints | None = None) -> dict[str, Ints]:
    """By cause, the ticks that each delivered item spent; `rows` picks delivered items (default all), in their order."""
    rows = delivered(log) if rows is None else rows
    return dict(zip(CAUSES, by_cause(log, committed(log))[:, rows], strict=True))


def by_cause(log: Log, since: Ints, spans: OpenSpans | None = None) -> Ints:
    """As `causes`, of all items; shape (causes, items), meaningless for those that were not delivered [ticks].

    `since` (items,): when each was committed; whatever came before, from joining the backlog on, is `backlog`. `spans`: when
    somebody had each visit open, if that is known already.
    """
    items = log.items
    by_visit = _of_visits(log.visits, set_aside(log, open_spans(log) if spans is None else spans))
    if log.terms.committed != PULLED:
        by_visit = _since(log.visits, since, by_visit)
    return np.array([items.joined - items.arrived, since - items.joined, *_per_item(log, by_visit)])


def rework(log: Log) -> Ints:
    """Ticks that items spent in repeated stays, whatever the cause; shape (items,), meaningless for those not delivered."""
    visits = log.visits
    (spent,) = _per_item(log, [(visits.left - visits.entered + _pause_after(visits)) * visits.rework])
    return spent


def in_progress_since(log: Log) -> Ints:
    """When each item was committed; for a whole, when the first of its parts was; NOT_YET [ticks], shape (items,)."""
    return through_levels(log, committed(log))


def first_versions(log: Log) -> Ints:
    """For each item the row of the item that it is a new version of, in the end; itself if of none. Shape (items,)."""
    items = log.items
    root = np.where(items.origin == Origin.VERSION, items.follows, np.arange(len(items.type)))
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def bounds(log: Log) -> tuple[Ints, Ints]:
    """First row of each item's visits and the row after its last; shape (items,) each."""
    end = np.cumsum(np.bincount(log.visits.item, minlength=len(log.items.type)))
    return np.concatenate([np.zeros(1, np.int64), end[:-1]]), end


def _of_visits(visits: Visits, aside: Ints) -> Iterator[Ints]:
    """Ticks by cause (from transit on), each of shape (visits,); meaningless for visits that are not over yet.

    `aside` (visits,): how long each was set aside while it was open. It is less than that where several people at once, or a
    better pace, made up for it: hands-on and set aside are together never longer than the visit was open.
    """
    work, ticket = ((visits.kind == kind).astype(np.int64) for kind in (Kind.WORK, Kind.TICKET))
    helped = ticket * (visits.skill >= 0)
    opened = visits.finished - visits.started - visits.put_down
    hands_on = np.minimum(visits.touch, opened) * (work + helped) + opened * (1 - work - ticket)
    in_ticket = visits.finished - visits.entered
    yield (visits.ready - visits.entered) * (1 - ticket)
    yield (visits.started - visits.ready + visits.put_down) * (1 - ticket)
    yield hands_on
    waiting = (opened - hands_on) * work
    set_aside = np.minimum(aside, waiting)
    yield waiting - set_aside
    yield set_aside
    yield (in_ticket - hands_on) * helped
    yield in_ticket * (ticket - helped)
    yield visits.released - visits.finished
    yield visits.left - visits.released + _pause_after(visits)


def _since(visits: Visits, since: Ints, by_visit: Iterable[Ints]) -> Iterator[Ints]:
    """Of `by_visit` (ticks by cause, from transit on) only what comes after each item's commitment.

    That falls on an entry, or on the start of a visit.
    """
    moment = since[visits.item]
    after = ((moment != NOT_YET) & (visits.entered >= moment)).astype(np.int64)
    begun = ((visits.started == moment) & (moment != NOT_YET)).astype(np.int64)
    for number, ticks in enumerate(by_visit):
        if number == 0:
            yield ticks * after
        elif number == 1:
            yield np.where(after == 1, ticks, visits.put_down * begun)
        else:
            yield ticks * np.maximum(after, begun)


def _pause_after(visits: Visits) -> Ints:
    """Ticks from leaving a visit to entering the item's next: above 0 only where it comes back after being shelved."""
    pause = np.zeros_like(visits.entered)
    pause[:-1] = (visits.entered[1:] - visits.left[:-1]) * (visits.item[1:] == visits.item[:-1])
    return pause


def _per_item(log: Log, by_visit: Iterable[Ints]) -> Iterator[Ints]:
    """Each of `by_visit` (visits,) summed over the visits of the items; shape (items,)."""
    first, end = bounds(log)
    total = np.zeros(len(log.visits.item) + 1, np.int64)
    for ticks in by_visit:
        np.cumsum(ticks, out=total[1:])
        yield total[end] - total[first]
