"""What an engine is given: everything known before the run, in whole numbers, as flat arrays.

Steps, skills, types, teams, pools and gates have one numbering for the whole run, also when changes come into force: a phase
says which of them exist in it. Skill k < number of steps is the work of step k; further skills are other teams' help.
A *routing* is what items' journeys depend on (demand, routes, discipline); phases one after the other that differ in people,
limits or pull rules only have the same. Every item has an itinerary per routing, and follows the one that is in force when it
leaves the backlog. A *plan* is an itinerary that an item may come to follow: nothing is kept of those that it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, Ints, Numbers, Reals
from vssim.model.terms import AS_EVER, Promised, Terms
from vssim.workload.rules import Phase
from vssim.workload.trace import Trace
from vssim.workload.under_way import UnderWay

FIFO, LIFO, RANKED, EARLIEST_DUE = 0, 1, 2, 3
"""Disciplines as engines know them: by time, by negated time, by the item's rank, by arrival + the item's rank."""

PULL_FIFO, PULL_FINISH_FIRST, PULL_START_FIRST, PULL_OLDEST_FIRST = 0, 1, 2, 3
"""Pull orders of teams."""

NEVER = 2**62
"""A time that does not come [ticks]."""

KEPT_BY_PULL, KEPT_BY_START, KEPT_BY_DELIVERY = 0, 1, 2
"""What keeps an item from giving up: that it, or a part of it, has left the backlog, was started; only its delivery."""

NO_RANK = 2**60
"""Rank of an item without due date under EARLIEST_DUE [ticks]; its key is NO_RANK whatever its arrival."""


@dataclass(frozen=True, eq=False)
class ItemTable:
    """All items that may come to exist, in the order of their numbers. N items, F routings, K plans, G rows of precedence."""

    type: Numbers
    """(N,)"""
    parent: Numbers
    """(N,) the whole it is a part of; −1"""
    follows: Numbers
    """(N,) the item whose delivery makes it due; −1"""
    origin: Numbers
    """(N,) log.Origin"""
    arrival: Ints
    """(N,) [ticks]; −1 for successors. A whole has its parts' arrival, but joins the backlog when they are done"""
    parts: Numbers
    """(N,) number of parts; 0 for what is no whole"""
    last_arrival: Ints
    """(F, Y) [ticks] when the last item of a type arrives by the demand of routing f, were that to hold for ever; −1 none does,
    NEVER after the horizon"""
    track: Numbers
    """(N,) which of the tracks an item is on; 0 where it has one plan, whatever is in force"""
    tracks: Numbers
    """(T, F) the way that is in force with routing f for items on track t"""
    plan: Numbers
    """(N,) number of the plan of way 0; items have plans for those ways only that they may still go"""
    first: Numbers
    """(K,) by plan: first row of the itinerary. Plans stand item by item, way by way, and so do the rows"""
    end: Numbers
    """(K,) row after its last; equal to `first` for an empty route"""
    stops: Numbers
    """(K,) 1 when that itinerary ends in being dropped"""
    right: Numbers
    """(K,)"""
    work: Ints
    """(K,) own work of the first pass [ticks]"""
    due: Ints
    """(K,) [ticks] after arrival; −1 none"""
    value: Reals
    """(K,) NaN none"""
    cost_of_delay: Reals
    """(K,) NaN none"""
    first_after: Numbers
    """(N,) of a successor: where in `after` it stands for way 0 of what it follows"""
    after: Ints
    """[ticks] after the delivery of `follows`, if that one goes this way; −1: then it never comes"""
    precedence: Ints
    """(F,) which of the G rows below is in force with routing f"""
    priority: Ints
    """(G, N)"""
    expedite: Numbers
    """(G, N) 1 expedited"""
    interrupts: Numbers
    """(G, N) 1 when somebody puts down for it what is in hand"""
    rank: Ints
    """(G, N) by the discipline in force"""
    patience: Ints
    """(G, N) [ticks] after arrival at which it gives up, unless …; −1 never"""
    unless: Numbers
    """(G, N) by then: KEPT_BY_PULL, KEPT_BY_START, KEPT_BY_DELIVERY"""

    def plans(self, routings: Numbers | int, items: Ints | slice) -> Numbers:
        """The numbers of the plans that some items follow, each by its routing (n,), or all by one."""
        plans: Numbers = self.plan[items] + self.tracks[self.track[items], routings]
        return plans

    def afters(self, routings: Numbers, items: Ints) -> Ints:
        """How long after what they follow some successors come, each by the routing which that has followed (n,) [ticks]."""
        afters: Ints = self.after[self.first_after[items] + self.tracks[self.track[self.follows[items]], routings]]
        return afters

    def coming(self, routings: Numbers, dropped: Numbers) -> NDArray[np.bool_]:
        """Which items may come to exist (N,), given the routings that items followed (or would), and who was `dropped`."""
        coming = np.ones(len(self.type), bool)
        successors = np.flatnonzero(self.follows >= 0)
        cause = self.follows[successors]
        while len(successors):
            now = coming[cause] & (self.afters(routings[cause], successors) >= 0) & (dropped[cause] == 0)
            if (now == coming[successors]).all():
                break
            coming[successors] = now
        return coming

    @property
    def of_plans(self) -> tuple[str, ...]:
        """The names of the columns that have an entry a plan."""
        return "first", "end", "stops", "right", "work", "due", "value", "cost_of_delay"


@dataclass(frozen=True, eq=False)
class VisitTable:
    """The visits of all plans, one after the other. M visits, arrays of shape (M,)."""

    item: Numbers
    step: Numbers
    skill: Numbers
    """−1 nobody is needed"""
    kind: Numbers
    """log.Kind"""
    work: Ints
    """touch time at proficiency 1, or the time that passes where nobody is needed [ticks]"""
    delay: Ints
    """a ticket's own transit [ticks]"""
    handoff_delay: Ints
    """transit if the stay is entered by a handoff [ticks]; first visit of a stay only, else 0"""
    setup: Ints
    """extra work if the item comes in first of its batch or gate opening [ticks]; first own work of a stay, else 0"""
    gate: Numbers
    """the gate that lets it go when done; −1 none"""
    parks: Numbers
    """1: while on this visit the item holds no step or team token"""
    opens: Numbers
    """1: first visit of a stay"""
    back: Numbers
    """1: visit of a stay that was entered backwards, as a return"""
    rework: Numbers
    """1: visit of a repeated stay"""
    stay_skill: Numbers
    """skill of the stay's first own work; −1 when the stay has none"""


def _told(table: Numbers) -> Numbers:
    """The numbers of a table by row and item; stored once, taking no memory, where it is one number everywhere."""
    return table[:, :1] if table.strides[1] == 0 else table


@dataclass(frozen=True, eq=False)
class Program:
    """One run, ready for an engine: phases, items, itineraries, and the names for the log."""

    horizon: int
    """[ticks], events at it included"""
    phases: tuple[Phase, ...]
    items: ItemTable
    visits: VisitTable
    unit: str
    steps: tuple[str, ...]
    skills: tuple[str, ...]
    types: tuple[str, ...]
    teams: tuple[str, ...]
    pool_team: Ints
    """(P,)"""
    gates: tuple[str, ...]
    """names of gates: a step's name, or the path of a need"""
    terms: Terms = AS_EVER
    """for the log: what is counted, and from when"""
    origin: int = 0
    """time 0 of the scenario [ticks]: all times count from the arrival of the oldest item that is under way then"""
    waits: tuple[tuple[int, int], ...] = ()
    """numbers of an item that waits for another to leave before it joins the backlog, and of that other, pair by pair"""
    leaves: frozenset[tuple[int, int]] = frozenset()
    """those of the pairs in which the first leaves with the other, if that is dropped"""
    ids: Mapping[int, str] = field(default_factory=dict)
    """for the log: names of items that have one, by number"""
    promises: Mapping[int, Promised] = field(default_factory=dict)
    """for the log: what is promised of items of their own, by number"""
    under_way: UnderWay | None = None
    """what is under way as the run begins; None nothing"""
    trace: Trace | None = None
    """how it goes, where it was played to see what had to be drawn"""

    @property
    def first_tick(self) -> int:
        """When the run begins [ticks]."""
        return 0 if self.under_way is None else self.under_way.at

    @property
    def first_phase(self) -> int:
        """Number of the phase that is in force as the run begins."""
        return max(number for number, phase in enumerate(self.phases) if phase.start <= self.first_tick or number == 0)

    def parts_missing(self) -> Ints:
        """How many of its parts, and of those it waits for, have not left as the run begins (N,)."""
        missing = np.array(self.items.parts, np.int64)
        for item, other in self.waits:
            missing[item] += self.under_way is None or self.under_way.past.item_left[other] == NOT_YET
        if self.under_way is not None:
            gone = (self.items.parent >= 0) & (self.under_way.past.item_left != NOT_YET)
            np.subtract.at(missing, self.items.parent[gone], 1)
        return missing

    def touched_before(self) -> Ints:
        """When an item was first started, where its itinerary begins after that [ticks]; else −1 (N,)."""
        return np.full(len(self.items.type), NOT_YET, np.int64) if self.under_way is None else self.under_way.touched

    @property
    def patient(self) -> bool:
        """Whether anybody may give up, or leave with another that is dropped."""
        return len(self.leaves) > 0 or bool(_told(self.items.patience).max(initial=-1) >= 0)

    @property
    def urgent(self) -> bool:
        """Whether anybody interrupts."""
        return bool(_told(self.items.interrupts).any())

    def begun(self) -> Ints:
        """What has happened to each item, or a part of it, as the run begins (N,): 1 left the backlog, 2 was started, 3 both."""
        begun = np.zeros(len(self.items.type), np.int64)
        if self.under_way is not None:
            past = self.under_way.past
            started = self.under_way.touched != NOT_YET
            started[self.visits.item[past.started != NOT_YET]] = True
            begun |= (past.item_pulled != NOT_YET) | started * 2
            parts = np.flatnonzero(self.items.parent >= 0)
            for part in parts.tolist():  # a part has a lower number than its whole
                begun[self.items.parent[part]] |= begun[part]
        return begun

    def leaving(self) -> Ints:
        """How each item leaves as soon as it has arrived, because another was dropped before (N,): log.Ended; else 0."""
        leaving = np.zeros(len(self.items.type), np.int64)
        if self.under_way is not None:
            past = self.under_way.past
            for item, other in self.leaves:
                whole = item
                while whole >= 0:  # its wholes wait with it
                    if past.item_left[other] != NOT_YET and past.item_left[whole] == past.item_joined[whole] == NOT_YET:
                        leaving[whole] = max(leaving[whole], self._dropped(other, past))
                    whole = int(self.items.parent[whole])
        return leaving

    def _dropped(self, item: int, past: Trace) -> int:
        """How an item left that was dropped: log.Ended; 0 where it was delivered."""
        plan = self.items.plans(past.item_routing[item : item + 1], np.array([item]))
        return int(past.item_dropped[item] or self.items.stops[plan[0]])

    def arriving(self) -> Ints:
        """Numbers of the items that come from outside and have not come as the run begins."""
        coming = (self.items.arrival >= 0) & (self.items.parts == 0)
        if self.under_way is not None:
            coming &= self.under_way.past.item_arrived == NOT_YET
        return np.flatnonzero(coming)
