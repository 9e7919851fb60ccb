"""Where every item is, and in which state, at every moment of a run: what the board shows. Read from the visit log alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.log import Ended, Kind, Log
from vssim.metrics.people import over

NOWHERE = -1
"""The step of an item that is in no step."""


class State(IntEnum):
    """What an item is doing."""

    AWAY = 0
    """not on the board: not arrived, a whole whose parts are under way, or a part that is done"""
    BACKLOG = 1
    """waits to be let in"""
    TRANSIT = 2
    """under way between teams"""
    WAITING = 3
    """can be worked on, nobody does"""
    DOING = 4
    """somebody has it open (at a wait step: time passes)"""
    BLOCKED = 5
    """waits for help from another team, a committee or outside"""
    GATE = 6
    """done here, waits at a gate or for the rest of a batch"""
    NO_ROOM = 7
    """done here, waits for room: downstream, or to come back after being shelved"""
    DONE = 8
    """delivered"""
    STOPPED = 9
    """dropped on its way"""
    GAVE_UP = 10
    """gone before anybody had begun (or pulled, or delivered) it"""


IN_PROGRESS = (State.TRANSIT, State.WAITING, State.DOING, State.BLOCKED, State.GATE, State.NO_ROOM)
"""The states of an item that stands in a step's column."""


@dataclass(frozen=True, eq=False)
class Spans:
    """One row a stretch of time in which an item keeps its step and state; by item, then in the order of its journey."""

    item: Ints
    """row of the item"""
    step: Ints
    """the step whose column it stands in; −1 none"""
    state: Ints
    """a State"""
    rework: Ints
    """1 while it repeats a step"""
    put_down: Ints
    """1 while it waits because somebody who had begun put it down"""
    begin: Ints
    """[ticks]"""
    end: Ints
    """[ticks], not included; NOT_YET when the run ends first"""

    def there(self, rows: Ints, moments: Ints) -> Ints:
        """How many of the spans `rows` hold each of the `moments` [ticks]."""
        return there(self.begin[rows], self.end[rows], moments)

    def count(self, step: int, state: int, moments: Ints) -> Ints:
        """How many items are in `step` and `state` at each of the `moments` [ticks]."""
        return self.there(np.flatnonzero((self.step == step) & (self.state == state)), moments)


def there(begin: Ints, end: Ints, moments: Ints) -> Ints:
    """How many of the stretches [begin, end) hold each of the `moments`; what has not begun holds none, what has no end, all."""
    started = np.sort(begin[begin != NOT_YET])
    over = np.sort(end[(begin != NOT_YET) & (end != NOT_YET)])
    counts: Ints = np.searchsorted(started, moments, side="right") - np.searchsorted(over, moments, side="right")
    return counts


def spans(log: Log) -> Spans:
    """Every stretch of every item's journey; those of no length are left out."""
    columns = [np.concatenate(parts) for parts in zip(*_marks(log), strict=True)]
    journey = columns[0] * (1 + columns[1].max(initial=0)) + columns[1]
    order = np.argsort(journey, kind="stable")  # which merges what is in order already: each part is
    item, _, step, state, rework, put_down, begin = (column[order] for column in columns)
    same_item = np.append(item[1:] == item[:-1], False)
    end = np.where(same_item, np.append(begin[1:], NOT_YET), NOT_YET)
    lasting = ~(same_item & (end == begin))
    return Spans(*(column[lasting] for column in (item, step, state, rework, put_down, begin, end)))


Marks = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]
"""Item, place in its journey, step, state, rework, put down, moment [ticks]: from then on, until its next mark."""


def _marks(log: Log) -> Iterator[Marks]:
    items, count = log.items, len(log.items.type)
    everything = np.arange(count)
    yield _mark(everything, np.zeros(count, np.int64), NOWHERE, State.BACKLOG, items.joined)
    visits = log.visits
    helped = visits.kind == Kind.TICKET
    ours = np.flatnonzero(~helped)
    yield _visit_mark(log, np.flatnonzero(helped), 0, State.BLOCKED, visits.entered)
    yield _visit_mark(log, ours, 0, State.TRANSIT, visits.entered)
    yield _visit_mark(log, ours, 1, State.WAITING, visits.ready)
    yield _visit_mark(log, ours, 2, State.DOING, visits.started)
    yield from _pauses(log)
    every = np.arange(len(visits.item))
    yield _visit_mark(log, every, 5, State.GATE, visits.finished)
    yield _visit_mark(log, every, 6, State.NO_ROOM, visits.released)
    left = np.where(items.parent >= 0, State.AWAY, State.DONE)
    left = np.where(items.ended == Ended.STOPPED, State.STOPPED, np.where(items.ended == Ended.GAVE_UP, State.GAVE_UP, left))
    last = np.full(count, _STAGES * (2 + int(visits.visit.max(initial=0))))
    yield _mark(everything, last, NOWHERE, left, items.left)


_STAGES = 8
"""Marks that a visit may have, at most."""


def _pauses(log: Log) -> Iterator[Marks]:
    """The marks of work that was put down.

    Where only changes put work down the log says how long, not when: the pause then begins with the last change that leaves room
    for it.
    """
    visits = log.visits
    if log.pauses is not None:
        pauses = log.pauses
        number = np.repeat(np.arange(len(pauses.visit)), 2)
        again = np.tile(np.array([False, True]), len(pauses.visit))
        moments = np.where(again, pauses.end[number], pauses.begin[number])
        rows = pauses.visit[number]
        place, states = _STAGES * (1 + visits.visit[rows]) + 3, np.where(again, State.DOING, State.WAITING)
        yield _mark(visits.item[rows], place, visits.step[rows], states, moments, visits.rework[rows], (~again).astype(np.int64))
        return
    rows = np.flatnonzero(visits.put_down > 0)
    end = over(log)[rows]
    changes = np.array(log.phases)
    place = np.maximum(np.searchsorted(changes, end - visits.put_down[rows], side="right") - 1, 0)
    pause = np.maximum(changes[place], visits.started[rows])
    begin, again = np.full(len(visits.item), NOT_YET), np.full(len(visits.item), NOT_YET)
    begin[rows] = pause
    again[rows] = np.minimum(pause + visits.put_down[rows], end)
    yield _visit_mark(log, rows, 3, State.WAITING, begin, put_down=1)
    yield _visit_mark(log, rows, 4, State.DOING, again)


def _visit_mark(log: Log, rows: Ints, stage: int, state: State, moments: Ints, put_down: int = 0) -> Marks:
    visits = log.visits
    item, place = visits.item[rows], _STAGES * (1 + visits.visit[rows]) + stage
    return _mark(item, place, visits.step[rows], state, moments[rows], visits.rework[rows], put_down)


def _mark(
    item: Ints, place: Ints, step: Ints | int, state: Ints | State, begin: Ints, rework: Ints | int = 0, put_down: Ints | int = 0
) -> Marks:
    """The marks whose moment has come (is not NOT_YET)."""
    came = np.flatnonzero(begin != NOT_YET)

    def column(values: Ints | int) -> Ints:
        full: Ints = np.broadcast_to(np.asarray(values, np.int64), item.shape)[came]
        return full

    return tuple(column(column_values) for column_values in (item, place, step, state, rework, put_down, begin))  # type: ignore[return-value]
