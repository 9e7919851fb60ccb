"""Moments of an item's life: when it was committed, when it started, when its clocks began and ended.

Commitment is the pull, or what the scenario says. An item starts when the first of its visits does: work, a ticket, a wait,
time that passes. What is never committed counts as backlog until it leaves. A whole's clocks look through all levels: an
initiative of epics of stories is committed when the first story is.
"""

from __future__ import annotations

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.log import Ended, Log
from vssim.model.terms import PULLED, STARTED, Span

_NEVER = np.iinfo(np.int64).max


def pulled(log: Log) -> Ints:
    """When items left the backlog [ticks]; an item without a route left it when it was delivered."""
    items = log.items
    return np.where((items.pulled == NOT_YET) & (items.left != NOT_YET), items.left, items.pulled)


def started(log: Log) -> Ints:
    """When the first of an item's own visits started [ticks]; for items without such a visit, when they left. Shape (items,)."""
    return _or_left(log, _first(log, np.arange(len(log.visits.item)), log.visits.started))


def committed(log: Log) -> Ints:
    """When each item was committed by itself, from then on in progress [ticks]; NOT_YET while it counts as backlog."""
    terms = log.terms
    if terms.committed == PULLED:
        return pulled(log)
    if terms.committed == STARTED:
        return started(log)
    if terms.committed not in log.steps:
        return pulled(log)
    rows = np.flatnonzero(log.visits.step >= log.steps.index(terms.committed))
    return _or_left(log, _first(log, rows, log.visits.entered))


def through_levels(log: Log, own: Ints) -> Ints:
    """For a whole, the earliest of its own moment and those of all its parts, theirs, and so on [ticks]; shape (items,)."""
    parts = np.flatnonzero(log.items.parent >= 0)
    if not len(parts):
        return own
    first = np.where(own == NOT_YET, _NEVER, own)
    whole = log.items.parent[parts]
    while True:
        before = first[whole].copy()
        np.minimum.at(first, whole, first[parts])
        if np.array_equal(before, first[whole]):
            return np.where(first == _NEVER, NOT_YET, first)


def span(log: Log, clock: Span) -> tuple[Ints, Ints]:
    """When each item's clock began and ended [ticks], NOT_YET where it did not; a whole's through all levels."""
    latest = clock.entry == "last"
    begin = _edge(log, clock.begin, log.visits.entered, latest=latest)
    end = _edge(log, clock.end, log.visits.left, latest=True)
    begin = _latest_through_levels(log, begin) if latest else through_levels(log, begin)
    return begin, _latest_through_levels(log, end)


def _edge(log: Log, name: str, of_visits: Ints, *, latest: bool) -> Ints:
    """When an item itself reached the event with which a clock begins or ends."""
    items = log.items
    if name == "arrived":
        return items.arrived
    if name == "delivered":
        return np.where(items.ended == Ended.DELIVERED, items.left, NOT_YET)
    if name == "pulled":
        return pulled(log)
    if name == "started":
        return started(log)
    if name not in log.steps:
        return np.full(len(items.type), NOT_YET)
    rows = np.flatnonzero(log.visits.step == log.steps.index(name))
    return _last(log, rows, of_visits) if latest else _first(log, rows, of_visits)


def _latest_through_levels(log: Log, own: Ints) -> Ints:
    parts = np.flatnonzero(log.items.parent >= 0)
    if not len(parts):
        return own
    last, whole = own.copy(), log.items.parent[parts]
    while True:
        before = last[whole].copy()
        np.maximum.at(last, whole, last[parts])
        if np.array_equal(before, last[whole]):
            return last


def _first(log: Log, rows: Ints, moments: Ints) -> Ints:
    """By item, the earliest of the moments of some of its visits [ticks]; NOT_YET where none has come."""
    first = np.full(len(log.items.type), _NEVER)
    came = rows[moments[rows] != NOT_YET]
    np.minimum.at(first, log.visits.item[came], moments[came])
    return np.where(first == _NEVER, NOT_YET, first)


def _last(log: Log, rows: Ints, moments: Ints) -> Ints:
    last = np.full(len(log.items.type), NOT_YET)
    np.maximum.at(last, log.visits.item[rows], moments[rows])
    return last


def _or_left(log: Log, moments: Ints) -> Ints:
    return np.where((moments == NOT_YET) & (log.items.left != NOT_YET), log.items.left, moments)
