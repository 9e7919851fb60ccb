"""The cases in SimPy as somebody writes them who wants speed: SimPy keeps the clock, and everything else is lists and counts.

No processes, no resources: a timeout with a callback for each piece of work, and one for the next arrival.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import simpy

from benchmarks.cases import Work, lead_times
from vssim.clock import NO_LIMIT, Ints


class Board:
    """Who is where, and who waits for what."""

    def __init__(self, work: Work) -> None:
        steps = len(work.people)
        self.env = simpy.Environment()
        self.arrivals, self.stays = work.arrivals, work.stays
        self.free = list(work.people)
        self.room = list(work.limits or [NO_LIMIT] * steps)
        """places left in each step; below 0 where returns went over the limit"""
        self.outside: list[deque[int]] = [deque() for _ in range(steps)]
        self.line: list[deque[int]] = [deque() for _ in range(steps)]
        self.stay = [0] * len(work.arrivals)
        self.left = [0] * len(work.arrivals)

    def after(self, delay: int, item: int, then: Callable[[Any], None]) -> None:
        """Have something done to an item."""
        event = simpy.Timeout(self.env, delay, item)
        assert event.callbacks is not None
        event.callbacks.append(then)

    def arrive(self, event: Any) -> None:
        """An item arrives, and the next one is expected."""
        item = event.value
        if item + 1 < len(self.arrivals):
            self.after(self.arrivals[item + 1] - self.arrivals[item], item + 1, self.arrive)
        self.want(item)

    def want(self, item: int) -> None:
        """Into the next step; a return goes straight in."""
        step, _, back = self.stays[item][self.stay[item]]
        if back or self.room[step] > 0:
            self.enter(item)
        else:
            self.outside[step].append(item)

    def enter(self, item: int) -> None:
        """In, and out of where it was; to the people, or into their line."""
        number = self.stay[item]
        step = self.stays[item][number][0]
        self.room[step] -= 1
        if self.free[step]:
            self.start(item)
        else:
            self.line[step].append(item)
        if number:
            self.leave(self.stays[item][number - 1][0])

    def leave(self, step: int) -> None:
        """A place is free; whoever waits for it comes in."""
        self.room[step] += 1
        if self.room[step] > 0 and self.outside[step]:
            self.enter(self.outside[step].popleft())

    def start(self, item: int) -> None:
        """Somebody begins."""
        step, duration, _ = self.stays[item][self.stay[item]]
        self.free[step] -= 1
        self.after(duration, item, self.done)

    def done(self, event: Any) -> None:
        """Somebody is done, and takes the next of the line."""
        item = event.value
        step = self.stays[item][self.stay[item]][0]
        self.free[step] += 1
        if self.line[step]:
            self.start(self.line[step].popleft())
        self.stay[item] += 1
        if self.stay[item] < len(self.stays[item]):
            self.want(item)
        else:
            self.left[item] = int(self.env.now)
            self.leave(step)


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]."""
    board = Board(work)
    board.after(work.arrivals[0], 0, board.arrive)
    board.env.run()
    return lead_times(work, board.left)
