"""What the kernel works on: records in flat arrays, one kind a noun, and the world that holds them all.

Times are in ticks, items and rows are numbers; −1 is none. Flags are 0 or 1.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from vssim.clock import FLAG, NUMBER, PLACE
from vssim.workload.rules import GateRules, PoolRules, SpanRules, StepRules, TeamRules, TypeRules, columns
from vssim.workload.under_way import COLUMNS

NONE = -1
"""no item, no team, no row, no time"""

NEVER = 2**63 - 1
"""a time that does not come [ticks]"""

NUMBERED = 9
"""Queues below this are there once, as `queues` names them; from it on there is one each for a pool, a gate, …, and the run
says where each kind begins."""

TRANSIT, WAIT, ARRIVAL = 1, 2, 3
"""what an item awaits while time passes: to be ready, to be finished, to join the backlog"""


INT, SHORT, SMALL, BIT = (np.dtype(kind) for kind in (np.int64, NUMBER, PLACE, FLAG))


def _record(counters: str, numbers: str = "", places: str = "", flags: str = "") -> np.dtype[Any]:
    columns = zip((INT, SHORT, SMALL, BIT), (counters, numbers, places, flags), strict=True)
    fields = [(name, kind) for kind, names in columns for name in names.split()]
    return np.dtype(fields, align=True)


NODE = _record("urgency place rank time", "child next prev queue")
"""An item's place in a queue: its key there (with the number as the last word), its links, and which queue.
Where time alone decides it is the `urgency`, so that the first look tells."""

VISIT = _record("work", "extra", "step skill gate stay_skill", "ticket parks opens back")
"""A row of the program's visit table, as one record. `extra`: its row among EXTRA; row 0, all zeros, for most visits."""

EXTRA = _record("delay handoff_delay setup")
"""Columns of the program's visit table that are 0 for most visits, kept apart so that VISIT stays small."""

ITEM = _record(
    "since arrived joined pulled left urgency rank remaining put_down_since proficiency target pause",
    "row end routing plan track type parent first_successor next_successor parts_missing",
    "owner column",
    "begun dropped leaves interrupts expedited parked gathering handed_over passed_gate opens_batch carries_setup awaits brought",
)
"""An item. `since`: since when it waits for what it waits for. `remaining`: work left after it was put down, NONE: all of it.
`target`: where in its pool's progress it is finished, while it is open. `brought`: another item's leaving has made it due.
`begun`: it, or a part of it, has left the backlog (1), was started (2). `leaves`: another was
dropped, with which it leaves: as what. `pause`: the row of its
pause, while it is put down, where anybody interrupts."""

STEP_RULES, TYPE_RULES, SPAN_RULES, GATE_RULES, POOL_RULES = (
    _record(" ".join(columns(rules))) for rules in (StepRules, TypeRules, SpanRules, GateRules, PoolRules)
)
"""What a phase says of a step, a type, a span, a gate, a pool: the columns that `workload.rules` declares."""

TEAM_RULES = _record(" ".join(columns(TeamRules)) + " slot")
"""And of a team. `slot`: the order of lines by which it looks."""


def _with_rules(rules: np.dtype[Any], own: str) -> np.dtype[Any]:
    """A record that holds the rules in force beside what is its own."""
    return _record(" ".join([*(rules.names or ()), own]))


STEP = _with_rules(STEP_RULES, "until to_come column gathered coming_back backlog spanned dirty")
"""A step. `until`: when the last item arrives that may come to gather for it; `to_come`: entries ahead of items that are here,
for which they may come to gather. `column`, `gathered`, `coming_back`, `backlog`: items in its column, gathering for it,
waiting to come back to it, in the backlog with it as their first. `spanned`: some span counts it. `dirty`: somebody may be able to
enter it."""

TEAM = _with_rules(TEAM_RULES, "there limited owned coming_back")
"""A team. `limited`: some phase limits it. `owned`: parked items not counted."""

POOL = _with_rules(
    POOL_RULES, "team does_first does_end helps_first helps_end pace open progress since speed alone dirty touched candidate"
)
"""A pool. `there`: it exists, whether somebody is here or not. `row`: of the rate table. `does_first` to `does_end`: its skills in
the list of crafts. `progress`: V [millionths of a tick], brought up to `since`. `speed`: of V since then [millionths]. `alone`:
what it starts concerns no other pool. `dirty`, `touched`: it is in the list of those asked whether they have something to
start, of those whose speed and due are to be worked out again."""

GATE = _with_rules(GATE_RULES, "opening passed held look dirty")
"""A gate. `passed` items in its latest `opening`; `held` wait; it is looked at again at `look`."""

TYPE = _with_rules(TYPE_RULES, "inside")
"""An item type, and how many of its items are past the backlog."""

SPAN = _with_rules(SPAN_RULES, "inside")
"""A limit over columns, and how many items it counts."""

SKILL = _record("somebody experts first end")
"""A skill: whether somebody has it; who, from `first` to `end` in the list of servers. `experts`: pools that are here and do it,
counted where somebody stands in."""

PHASE = _record("start routing discipline stream_limit units rates staff_first staff_end")
"""A phase. `routing`: whose itineraries items follow.

`units`, `rates`: columns of its pace table, and of the rate table. `staff_first` to `staff_end`: its staffing."""

STAFF = _record("at pool people cap row")
"""When the people of a pool change while a phase is in force, and what they are from then on."""

STANDING = _record(" ".join(COLUMNS).replace("item", "who", 1))
"""An item that is under way as the run begins, and where it stands: the columns that `workload.under_way` declares.

`who` is its item: a record has a method `item`, which uncompiled code would meet in its place.
"""

RUN = _record(
    "now horizon phase phases routing precedence discipline stream_limit in_stream coming timed open held gathered "
    "patient urgent linked "
    "paused pauses next_arrival next_pace next_people next_staff next_change next_look next_batch batching until "
    "gates_dirty batches_dirty highest_dirty asked touched next_done next_pool helpers stand_ins "
    "under_way arrivals queues items steps skills types teams pools gates spans orders "
    "to_open at_gate gathering to_enter coming_back backlog owned anybody"
)
"""The run. `coming`, `timed`, `open`, `held`, `gathered`: items due because another has left (after the horizon too), in transit
or waiting for time, open, at gates, gathering.
`patient`: somebody may give up. `urgent`: somebody
interrupts. `linked`: somebody waits for others to leave.
`paused`: how many pauses there were so far; `pauses`: for how many there is room.
`batching`: some step has batches. `until`: when the last item arrives. `asked`,
`touched`: how many pools are in the lists of that name. `next_done`, `next_pool`: when the first pool is due, and which that
is. `helpers`: somebody helps at something; `stand_ins`: at
something only while nobody is here who does it. `under_way`: so many items are, as the run begins.
From `to_open` on: where each kind of queue begins."""


PAUSE = _record("row begin end")
"""When a visit lay put down."""


class Happened(NamedTuple):
    """What has happened, by row of the program's visit table: the columns of the trace themselves."""

    entered: Annotated[Any, (INT, 1)]
    ready: Annotated[Any, (INT, 1)]
    started: Annotated[Any, (INT, 1)]
    finished: Annotated[Any, (INT, 1)]
    released: Annotated[Any, (INT, 1)]
    left: Annotated[Any, (INT, 1)]
    pool: Annotated[Any, (SMALL, 1)]
    owner: Annotated[Any, (SMALL, 1)]
    put_down: Annotated[Any, (INT, 1)]
    touch: Annotated[Any, (INT, 1)]
    handoff: Annotated[Any, (BIT, 1)]


class Plans(NamedTuple):
    """The itineraries that items may come to follow, by plan."""

    tracks: Annotated[Any, (SHORT, 2)]
    """(tracks, routings) how far behind its first plan the one is that an item on a track follows"""
    first: Annotated[Any, (SHORT, 1)]
    end: Annotated[Any, (SHORT, 1)]
    stops: Annotated[Any, (BIT, 1)]
    first_after: Annotated[Any, (SHORT, 1)]
    """by successor; without items where nothing follows anything"""
    after: Annotated[Any, (INT, 1)]


class Precedence(NamedTuple):
    """What says of each item, while an organisation is in force, which comes first and how long it waits; (rows, items)."""

    row: Annotated[Any, (INT, 1)]
    """by routing"""
    priority: Annotated[Any, (INT, 2)]
    expedite: Annotated[Any, (BIT, 2)]
    interrupts: Annotated[Any, (BIT, 2)]
    """without items where nobody interrupts"""
    rank: Annotated[Any, (INT, 2)]
    patience: Annotated[Any, (INT, 2)]
    """without items where nobody gives up, as are `unless` and the parts"""
    unless: Annotated[Any, (BIT, 2)]


class PartsOf(NamedTuple):
    """The parts of every whole, in the order of their numbers: its first, and of each part the one after it; NONE."""

    first: Annotated[Any, (INT, 1)]
    following: Annotated[Any, (INT, 1)]


class Links(NamedTuple):
    """Who waits for whom to leave: by item its waiters, from `first` to that of the next item; nothing where nobody waits."""

    first: Annotated[Any, (INT, 1)]
    waiter: Annotated[Any, (INT, 1)]
    leaves: Annotated[Any, (INT, 1)]
    """1: the waiter leaves with it, if it is dropped"""


class Tables(NamedTuple):
    """The organisations: one row a phase, then one a step, team and so on."""

    phases: Annotated[Any, (PHASE, 1)]
    steps: Annotated[Any, (STEP_RULES, 2)]
    types: Annotated[Any, (TYPE_RULES, 2)]
    teams: Annotated[Any, (TEAM_RULES, 2)]
    pools: Annotated[Any, (POOL_RULES, 2)]
    gates: Annotated[Any, (GATE_RULES, 2)]
    spans: Annotated[Any, (SPAN_RULES, 2)]
    does: Annotated[Any, (INT, 3)]
    """(phases, pools, skills) [millionths]"""
    helps: Annotated[Any, (INT, 3)]
    stands_in: Annotated[Any, (INT, 3)]
    """(phases, pools, skills) 1 where it helps only while no pool is here that does it"""
    pace: Annotated[Any, (INT, 3)]
    """(phases, teams, units) [millionths]"""
    staff: Annotated[Any, (STAFF, 1)]
    """of all phases, one after the other"""
    rate: Annotated[Any, (INT, 3)]
    """(phases, rows, open items) [millionths]"""
    openings: Annotated[Any, (INT, 3)]
    """(phases, gates, openings) [ticks]"""
    gathers: Annotated[Any, (INT, 3)]
    """(phases, types, steps)"""
    counted: Annotated[Any, (INT, 3)]
    """(phases, spans, types)"""
    last_arrival: Annotated[Any, (INT, 2)]
    """(routings, types) [ticks]"""


class World(NamedTuple):
    """Everything in the run."""

    run: Annotated[Any, (RUN, 0)]
    visits: Annotated[Any, (VISIT, 1)]
    extras: Annotated[Any, (EXTRA, 1)]
    trace: Happened
    pauses: Annotated[Any, (PAUSE, 1)]
    """room for them, where anybody interrupts; the run counts how many there are"""
    items: Annotated[Any, (ITEM, 1)]
    nodes: Annotated[Any, (NODE, 1)]
    """(orders × items)"""
    roots: Annotated[Any, (INT, 1)]
    """first of every queue"""
    steps: Annotated[Any, (STEP, 1)]
    teams: Annotated[Any, (TEAM, 1)]
    pools: Annotated[Any, (POOL, 1)]
    gates: Annotated[Any, (GATE, 1)]
    types: Annotated[Any, (TYPE, 1)]
    spans: Annotated[Any, (SPAN, 1)]
    skills: Annotated[Any, (SKILL, 1)]
    due: Annotated[Any, (INT, 1)]
    """by pool: when the next of its open visits is finished [ticks]"""
    asked: Annotated[Any, (INT, 1)]
    """pools that may have something to start, in no order"""
    touched: Annotated[Any, (INT, 1)]
    """pools whose speed and due are to be worked out again"""
    crafts: Annotated[Any, (INT, 1)]
    """skills of the pools, one after the other"""
    servers: Annotated[Any, (INT, 1)]
    """pools by skill"""
    standing: Annotated[Any, (INT, 2)]
    """(teams, steps) owned items in that column, neither parked nor gathering"""
    team_does: Annotated[Any, (INT, 2)]
    """(teams, skills)"""
    team_can: Annotated[Any, (INT, 2)]
    """(teams, skills) does or helps"""
    slots: Annotated[Any, (INT, 1)]
    """pull order of every order of lines; slot 0 has none"""
    arrivals: Annotated[Any, (INT, 1)]
    """items that arrive by the horizon, in the order of time"""
    arrival: Annotated[Any, (INT, 1)]
    """when they do [ticks]"""
    under_way: Annotated[Any, (STANDING, 1)]
    """items that are under way as the run begins, by number"""
    plans: Plans
    precedence: Precedence
    parts: PartsOf
    links: Links
    tables: Tables
