"""The cases in salabim, as its manual does it: an item is a component, people and places are resources."""

from __future__ import annotations

from typing import Any

import salabim

from benchmarks.cases import Work, lead_times
from vssim.clock import Ints


class Item(salabim.Component):  # type: ignore[misc]
    """An item on its way; `setup` takes the arguments that its maker gave."""

    def setup(self, number: int, table: Table) -> None:
        """Which item it is, and where it is."""
        self.number = number
        self.table = table

    def process(self) -> Any:
        """Stay after stay."""
        table, place = self.table, None
        for step, duration, back in table.work.stays[self.number]:
            if table.places:
                following = table.places[step]
                answer = self.request((following, 1, 0 if back else 1))
                if back and self.isrequesting():
                    following.set_capacity(following.capacity() + 1)
                yield answer
                self.give_up(place)
                place = step
            yield self.request(table.people[step])
            yield self.hold(duration)
            self.release(table.people[step])
        self.give_up(place)
        table.left[self.number] = round(self.env.now())

    def give_up(self, step: int | None) -> None:
        """The place is another's; one that was over the limit is gone."""
        if step is not None:
            place = self.table.places[step]
            if place.capacity() > self.table.limits[step]:
                place.set_capacity(place.capacity() - 1)
            self.release(place)


class Arrivals(salabim.Component):  # type: ignore[misc]
    """Makes the items."""

    def setup(self, table: Table) -> None:
        """For whom."""
        self.table = table

    def process(self) -> Any:
        """Each when it arrives."""
        for number, time in enumerate(self.table.work.arrivals):
            yield self.hold(time - self.env.now())
            Item(number=number, table=self.table)


class Table:
    """Everything that components share."""

    def __init__(self, work: Work, env: Any) -> None:
        self.work = work
        self.people = [salabim.Resource(capacity=count, env=env) for count in work.people]
        self.limits = work.limits or []
        self.places = [salabim.Resource(capacity=limit, env=env) for limit in self.limits]
        self.left = [0] * len(work.arrivals)


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]."""
    return simulated(work)[1]


def simulated(work: Work) -> tuple[Table, Ints]:
    """What was simulated, and the lead time of every item [ticks]."""
    salabim.yieldless(False)
    env = salabim.Environment(trace=False)
    table = Table(work, env)
    Arrivals(table=table, env=env)
    env.run()
    return table, lead_times(work, table.left)
