"""The visit log: one row a visit, one row an item. It is the contract between engines and everything that reads a run.

An engine returns it and keeps no statistics; metrics, pictures, the board and exports read nothing else. A hand-written log
is as good as a simulated one. All times are int64 ticks; NOT_YET (−1) is what had not happened when the run ended. What is no
time may be of fewer bits: 32 for numbers, 8 for flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vssim.clock import FLAG, NOT_YET, TICKS, Ints, Numbers, Reals
from vssim.model.terms import AS_EVER, Promised, Terms

if TYPE_CHECKING:
    import polars


class Kind(IntEnum):
    """What a visit is."""

    WORK = 0
    """the item's own work at the step"""
    TICKET = 1
    """help from somebody else: with a skill from a team (or committee); without one from outside (or, with a gate, from a
    committee that only has to meet)"""
    WAIT = 2
    """time that passes at a step where nobody is needed"""


class Origin(IntEnum):
    """Why an item exists."""

    DEMAND = 0
    """it arrived from outside (a whole of parts too)"""
    PART = 1
    """it is a part of a whole, its `parent`"""
    DEFECT = 2
    """failure demand: it `follows` a delivered item that was defective"""
    VERSION = 3
    """a new version: it `follows` a delivered item that was not right for the customer"""


class Ended(IntEnum):
    """How an item left; NOT_YET while it has not."""

    DELIVERED = 0
    STOPPED = 1
    """dropped on its way"""
    GAVE_UP = 2
    """its time was up before anybody began (or pulled, or delivered) it"""


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a visit, in the order of items and, within an item, of its itinerary. Arrays of shape (visits,)."""

    item: Numbers
    """row of the item"""
    visit: Numbers
    """number of the visit within its item, from 0"""
    step: Numbers
    """the step whose column the item stands in"""
    skill: Numbers
    """what is needed; −1 nobody"""
    kind: Numbers
    """a Kind"""
    stay: Numbers
    """number of the stay (entry into a step) within its item, from 0"""
    entered: Ints
    """took the step's token; inner visits: the moment the one before was released [ticks]"""
    ready: Ints
    """transit over: can be worked on [ticks]"""
    started: Ints
    """first touched [ticks]"""
    finished: Ints
    """work done [ticks]"""
    put_down: Ints
    """ticks between start and finish when nobody had it open (after a change, or interrupted)"""
    released: Ints
    """gate and batch let it go; inner visits: finished, or the gate [ticks]"""
    left: Ints
    """gave up the step's token; inner visits: released [ticks]"""
    pool: Numbers
    """the pool that worked on it last; −1 nobody"""
    owner: Numbers
    """the team that owned the item when the visit was started, −1 none"""
    touch: Ints
    """effective hands-on work, of all who touched it [ticks]; 0 before the start"""
    gated: Numbers
    """1 when it is let go by a gate"""
    handoff: Numbers
    """1 for every visit of a stay that was entered by a handoff"""
    rework: Numbers
    """1 for a visit of a repeated stay"""
    parked: Numbers
    """1 for a visit during which the item is shelved: it holds no place in its step's column"""


@dataclass(frozen=True, eq=False)
class Items:
    """One row an item. Arrays of shape (items,)."""

    type: Numbers
    parent: Numbers
    """row of the whole that this is a part of; −1 none"""
    follows: Numbers
    """row of the item whose delivery caused this one; −1 none"""
    origin: Numbers
    """an Origin"""
    arrived: Ints
    """arrival; for a whole the arrival of its parts [ticks]"""
    joined: Ints
    """came to the backlog: arrival; for a whole the moment its last part was done [ticks]"""
    pulled: Ints
    """left the backlog [ticks]"""
    touched: Ints
    """first started by anybody [ticks]"""
    left: Ints
    """delivered, or left in another way [ticks]"""
    ended: Numbers
    """how it left: an Ended; −1 not yet"""
    right: Numbers
    """1 for an item that is right for the customer (if delivered)"""
    work: Ints
    """own work of the first pass at proficiency 1 [ticks]"""
    due: Ints
    """due date; −1 none, or not arrived yet [ticks]"""
    value: Reals
    """value to the customer if right; NaN where its type states none"""
    cost_of_delay: Reals
    """cost per unit of time until delivery; NaN where its type states none"""

    @property
    def gave_up(self) -> Numbers:
        """1 for an item that gave up (at `left`); a view of `ended`."""
        gone: Numbers = (self.ended == Ended.GAVE_UP).astype(FLAG)
        return gone

    @property
    def stopped(self) -> Numbers:
        """1 for an item that is dropped on its way (at `left`), not delivered; a view of `ended`."""
        dropped: Numbers = (self.ended == Ended.STOPPED).astype(FLAG)
        return dropped


@dataclass(frozen=True, eq=False)
class Pauses:
    """When visits lay put down: one row a pause, by visit, then in order. Arrays of shape (pauses,)."""

    visit: Ints
    """row of the visit"""
    begin: Ints
    """[ticks]"""
    end: Ints
    """taken up again, or left; NOT_YET [ticks]"""


@dataclass(frozen=True)
class Pool:
    """A group of interchangeable people, as it was from `since` on."""

    team: int
    """its team"""
    index: int
    """its number in the log's `pool` column"""
    people: int | None
    """how many; None = unlimited, 0 = gone [persons]"""
    since: int = 0
    """from when on [ticks]"""
    most: float = 1.0
    """most people who work on one item at once (swarming) [persons]"""
    rates: tuple[float, ...] = ()
    """progress of each item while N are open, by N from 0, before pace; the last counts for more; () where nothing is lost
    [1 = one person on one item]"""

    def attention(self, open_items: int) -> float:
        """Share of its people's time that is left for work while so many items are open; switching eats the rest [1]."""
        if not self.people or not self.rates or open_items <= self.people:
            return 1.0
        return min(1.0, self.rates[min(open_items, len(self.rates) - 1)] * open_items / self.people)


class Away(NamedTuple):
    """Who of a pool is not here, from `since` on; nobody before its first entry."""

    pool: int
    """its number in the log's `pool` column"""
    since: int
    """[ticks]"""
    absent: int
    """on leave, as the scenario says [persons]"""
    ill: int
    """[persons]"""


@dataclass(frozen=True, eq=False)
class Log:
    """A finished run: visits, items, and what their numbers mean."""

    visits: Visits
    items: Items
    horizon: int
    """when the run ended, inclusive [ticks]"""
    unit: str
    """hour, day or week"""
    steps: tuple[str, ...]
    skills: tuple[str, ...]
    types: tuple[str, ...]
    teams: tuple[str, ...]
    pools: tuple[Pool, ...]
    """every state of every pool, by number and time"""
    phases: tuple[int, ...] = (0,)
    """when an organisation came into force [ticks]"""
    step_limits: tuple[tuple[int | None, ...], ...] = field(default=())
    """by phase and step: WIP limits [items]"""
    pauses: Pauses | None = None
    """when visits lay put down, where anybody interrupts; None: only changes, of the organisation or of who is here, put down"""
    waits: tuple[tuple[int, int], ...] = ()
    """rows of an item that waits for another to leave before it joins the backlog, and of that other, pair by pair"""
    ids: Mapping[int, str] = field(default_factory=dict)
    """names that the file gives to items, by row"""
    promises: Mapping[int, Promised] = field(default_factory=dict)
    """what is promised of items themselves, in place of what `terms` promise of their type, by row"""
    terms: Terms = AS_EVER
    """what is counted of it, and from when"""
    away: tuple[Away, ...] = ()
    """who is not here, by pool and time"""
    closed: tuple[tuple[int, int], ...] = ()
    """from when to when nobody works at all [ticks], by time"""
    there_before: frozenset[int] = frozenset()
    """rows of the items with which the run began: there at time 0, as the file says"""
    origin: int = 0
    """time 0 of the scenario: what was under way then may have come earlier, and all times of the log count from there [ticks]"""

    @property
    def length(self) -> float:
        """How long the run is, from time 0 to the horizon [units of time]."""
        return (self.horizon - self.origin) / TICKS

    @property
    def changes(self) -> tuple[float, ...]:
        """When another organisation came into force after time 0 [units of time]."""
        return tuple(self.time(start) for start in self.phases[1:] if start > self.origin)

    def tick(self, time: float) -> int:
        """The tick of a moment of the scenario [units of time]."""
        return round(time * TICKS) + self.origin

    def time(self, tick: int) -> float:
        """The moment of the scenario at a tick [units of time]; before 0 where something was under way."""
        return (tick - self.origin) / TICKS

    def times(self, ticks: Ints) -> Reals:
        """The moments of the scenario at ticks [units of time], any shape; NaN for not yet."""
        return np.where(ticks == NOT_YET, np.nan, (ticks - self.origin) / TICKS)

    def called(self, item: int) -> str:
        """What an item is called: its name in the file, or its type and row."""
        kind = self.types[self.items.type[item]]
        return self.ids.get(item) or f"{kind[:1].upper()}{kind[1:]} {item}"

    def waited_for(self, item: int) -> list[int]:
        """Rows of the items that an item waits for, or waited for; a whole by its parts."""
        mine = {item}
        if self.waits:
            for part in np.flatnonzero(self.items.parent >= 0).tolist()[::-1]:  # wholes stand behind their parts
                if int(self.items.parent[part]) in mine:
                    mine.add(part)
        return list(dict.fromkeys(other for waiter, other in self.waits if waiter in mine))

    def visits_table(self) -> polars.DataFrame:
        """The visits as a table: names for numbers, units of time for ticks, null for not yet."""
        import polars

        names = {"step": self.steps, "skill": self.skills, "kind": [kind.name.lower() for kind in Kind]}
        names |= {"owner": self.teams, "pool": self.pool_names()}
        types = _named(self.items.type[self.visits.item], self.types).tolist()
        table = {"item": self.visits.item, "type": polars.Series(types, dtype=polars.String)}
        return polars.DataFrame(table | _columns(self, self.visits, names, VISIT_TIMES, VISIT_FLAGS))

    def items_table(self) -> polars.DataFrame:
        """The items as a table: names for numbers, units of time for ticks, null for not yet."""
        import polars

        names = {"type": self.types, **{of.__name__.lower(): [number.name.lower() for number in of] for of in (Origin, Ended)}}
        table = {"item": np.arange(len(self.items.type))} | _columns(self, self.items, names, ITEM_TIMES, ITEM_FLAGS)
        table["stopped"] = self.items.stopped == 1
        return polars.DataFrame(table)

    def pool_names(self) -> list[str]:
        """By number: the team's name, with the position of the craft where a team has several."""
        team_of = {pool.index: pool.team for pool in self.pools}
        names = []
        for index in range(len(team_of)):
            mates = [other for other in sorted(team_of) if team_of[other] == team_of[index]]
            suffix = f"#{mates.index(index)}" if len(mates) > 1 else ""
            names.append(self.teams[team_of[index]] + suffix)
        return names


VISIT_TIMES = ("entered", "ready", "started", "finished", "released", "left")
VISIT_SPANS = ("put_down", "touch")
VISIT_FLAGS = ("gated", "handoff", "rework", "parked")
ITEM_TIMES = ("arrived", "joined", "pulled", "touched", "left", "due")
ITEM_FLAGS = ("right",)


def units(times: Ints) -> Reals:
    """Ticks as units of time, NaN for not yet; same shape."""
    return np.where(times == NOT_YET, np.nan, times / TICKS)


def _named(numbers: Numbers, names: Any) -> NDArray[np.object_]:
    """Names for numbers; None for −1."""
    lookup = np.array([*names, None], dtype=object)
    named: NDArray[np.object_] = lookup[numbers]
    return named


def _columns(
    log: Log, rows: Visits | Items, names: dict[str, Any], times: tuple[str, ...], flags: tuple[str, ...]
) -> dict[str, Any]:
    import polars

    table: dict[str, Any] = {}
    for column in fields(rows):
        values = getattr(rows, column.name)
        if column.name in names:
            table[column.name] = polars.Series(_named(values, names[column.name]).tolist(), dtype=polars.String)
        elif column.name in times:
            table[column.name] = polars.Series(log.times(values), nan_to_null=True)
        elif column.name in VISIT_SPANS or (column.name == "work"):
            table[column.name] = values / TICKS
        elif column.name in flags:
            table[column.name] = values == 1
        elif column.name in ("parent", "follows"):
            table[column.name] = polars.Series(values, dtype=polars.Int64).replace(-1, None)
        elif values.dtype == np.float64:
            table[column.name] = polars.Series(values, nan_to_null=True)
        else:
            table[column.name] = polars.Series(values, dtype=polars.Int64)
    return table
