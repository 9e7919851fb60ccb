"""The cases in SimPy, written the ordinary way: an item is a process, people and places are resources."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.cases import Work, lead_times
from vssim.clock import Ints

Steps = Generator[simpy.Event, Any, None]

OVER_THE_LIMIT, IN_LINE = 0, 1


class Table:
    """Everything that items share."""

    def __init__(self, work: Work) -> None:
        self.env = simpy.Environment()
        self.stays = work.stays
        self.people = [simpy.Resource(self.env, count) for count in work.people]
        self.places = [simpy.PriorityResource(self.env, limit) for limit in work.limits or ()]
        self.left = [0] * len(work.arrivals)


class Recording(Table):
    """The same, and every visit is written down."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.visits: list[tuple[int, float, float, float]] = []
        """step, asked for people, begun, done"""

    def note(self, step: int, asked: float, begun: float) -> None:
        """A visit is done."""
        self.visits.append((step, asked, begun, self.env.now))


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]."""
    return played(Table(work), work)


def played(table: Table, work: Work) -> Ints:
    """Lead time of every item, once all of a table's have left [ticks]."""
    table.env.process(arrive(table, work.arrivals))
    table.env.run()
    return lead_times(work, table.left)


def arrive(table: Table, arrivals: list[int]) -> Steps:
    """Items, each when it arrives."""
    walk = on_a_board if table.places else on_a_line
    for item, time in enumerate(arrivals):
        yield table.env.timeout(time - table.env.now)
        table.env.process(walk(table, item))


def on_a_line(table: Table, item: int) -> Steps:
    """An item where only people are scarce."""
    for step, duration, _ in table.stays[item]:
        with table.people[step].request() as person:
            yield person
            yield table.env.timeout(duration)
    table.left[item] = int(table.env.now)


def on_a_board(table: Table, item: int) -> Steps:
    """An item that keeps its place until it has the next one."""
    place = None
    noted = table.note if isinstance(table, Recording) else None
    for step, duration, back in table.stays[item]:
        following = table.places[step].request(OVER_THE_LIMIT if back else IN_LINE)
        if not back:
            yield following
        if place is not None:
            give_up(place)
        place = following
        asked = table.env.now
        with table.people[step].request() as person:
            yield person
            begun = table.env.now
            yield table.env.timeout(duration)
        if noted is not None:
            noted(step, asked, begun)
    give_up(place)
    table.left[item] = int(table.env.now)


def give_up(place: Any) -> None:
    """The place is another's; a return that was over the limit until now never had one."""
    if place.triggered:
        place.resource.release(place)
    else:
        place.cancel()
