"""The distance to a loop that can play these cases and nothing else: places, people, lines, a heap, compiled by Numba.

It writes the log that vssim's kernel writes of these cases: when each visit was entered, started, finished and left. It knows no
handoffs, batches, gates, phases, urgency, skills, switching or interruptions, so nothing is looked up that could be otherwise.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from benchmarks.cases import Work, lead_times
from vssim.clock import NO_LIMIT, Ints

NONE = -1


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]."""
    return lead_times(work, logged(work)[3][work.program.items.end - 1])


def logged(work: Work) -> Any:
    """When each visit was entered, started, finished and left [ticks]; shape (4, visits)."""
    program = work.program
    steps = len(work.people)
    room = np.array(work.limits or [NO_LIMIT] * steps, np.int64)
    visits = program.visits
    rows = np.ascontiguousarray(program.items.first, np.int64), np.ascontiguousarray(program.items.end, np.int64)
    columns = (np.ascontiguousarray(column, np.int64) for column in (visits.step, visits.work, visits.back))
    return _run(np.ascontiguousarray(program.items.arrival), *rows, *columns, np.array(work.people, np.int64), room)


@numba.njit  # type: ignore[untyped-decorator]
def _run(  # noqa: C901, PLR0912, PLR0915 -- what cannot be anything else is written as what it is
    arrivals: Any, first: Any, end: Any, step: Any, work: Any, back: Any, free: Any, room: Any
) -> Any:
    """Event after event: the next arrival, or the earliest in the heap of those at work."""
    log = np.full((4, len(step)), NONE, np.int64)
    row, following = first.copy(), np.full(len(arrivals), NONE, np.int64)
    lines = np.full((2, 2, len(free)), NONE, np.int64)
    """[waits for a place, for people][first, last][step]"""
    times, items, size = np.empty(free.sum() + 1, np.int64), np.empty(free.sum() + 1, np.int64), 0
    enters = np.empty(len(free) + 2, np.int64)
    """who is about to enter, as a stack: whoever leaves a step lets another in"""
    arriving = 0
    while arriving < len(arrivals) or size:
        leaves, ready = NONE, NONE
        """a step that somebody leaves for good, and an item that wants to enter its next step"""
        if size == 0 or (arriving < len(arrivals) and arrivals[arriving] <= times[0]):
            now, ready = arrivals[arriving], arriving
            arriving += 1
        else:
            now, item = times[0], items[0]
            size -= 1
            _sink(times, items, size)
            at = step[row[item]]
            log[2, row[item]] = now
            free[at] += 1
            waiting = _pop(lines[1], following, at)
            if waiting != NONE:
                size = _start(waiting, now, row, work, free, at, times, items, size, log)
            if row[item] + 1 < end[item]:
                row[item] += 1
                ready = item
            else:
                log[3, row[item]] = now
                leaves = at
        entering = 0
        if ready != NONE:
            to = step[row[ready]]
            if back[row[ready]] or room[to] > 0:
                enters[0], entering = ready, 1
            else:
                _push(lines[0], following, to, ready)
        while entering or leaves != NONE:
            if leaves != NONE:
                room[leaves] += 1
                inside = _pop(lines[0], following, leaves) if room[leaves] > 0 else NONE
                leaves = NONE
                if inside != NONE:
                    enters[entering] = inside
                    entering += 1
                continue
            entering -= 1
            item = enters[entering]
            at = step[row[item]]
            room[at] -= 1
            log[0, row[item]] = now
            if free[at]:
                size = _start(item, now, row, work, free, at, times, items, size, log)
            else:
                _push(lines[1], following, at, item)
            if row[item] > first[item]:
                log[3, row[item] - 1] = now
                leaves = step[row[item] - 1]
    return log


@numba.njit  # type: ignore[untyped-decorator]
def _start(item: Any, now: Any, row: Any, work: Any, free: Any, at: Any, times: Any, items: Any, size: Any, log: Any) -> Any:
    """Somebody begins with an item; the size of the heap after it."""
    free[at] -= 1
    log[1, row[item]] = now
    time, place = now + work[row[item]], size
    while place > 0 and times[(place - 1) // 2] > time:
        times[place], items[place] = times[(place - 1) // 2], items[(place - 1) // 2]
        place = (place - 1) // 2
    times[place], items[place] = time, item
    return size + 1


@numba.njit  # type: ignore[untyped-decorator]
def _sink(times: Any, items: Any, size: Any) -> None:
    """The heap without its first: the last one takes its place and sinks."""
    time, item, place = times[size], items[size], 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[place], items[place] = times[child], items[child]
        place = child
    times[place], items[place] = time, item


@numba.njit  # type: ignore[untyped-decorator]
def _push(line: Any, following: Any, at: Any, item: Any) -> None:
    """Into a line, as its last."""
    following[item] = NONE
    if line[0, at] == NONE:
        line[0, at] = item
    else:
        following[line[1, at]] = item
    line[1, at] = item


@numba.njit  # type: ignore[untyped-decorator]
def _pop(line: Any, following: Any, at: Any) -> Any:
    """The first of a line, out of it; none where it is empty."""
    item = line[0, at]
    if item != NONE:
        line[0, at] = following[item]
    return item
