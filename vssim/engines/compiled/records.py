"""What the kernel works on: records in flat arrays, one kind a noun, and the world that holds them all.

Times are in ticks, items and rows are numbers; −1 is none. Flags are 0 or 1.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from vssim.clock import FLAG, NUMBER, PLACE

NONE = -1
"""no item, no team, no row, no time"""

NEVER = 2**63 - 1
"""a time that does not come [ticks]"""

NUMBERED = 6
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
"""A row of the program's visit table, in one piece. `extra`: what few visits have is elsewhere, in row 0 where there is none."""

EXTRA = _record("delay handoff_delay setup")
"""What few visits have, as the program's visit table says it."""

ITEM = _record(
    "since arrived joined pulled left urgency rank remaining put_down_since proficiency sequence",
    "row end phase type parent first_successor next_successor parts_missing",
    "owner column",
    "expedited parked gathering handed_over passed_gate opens_batch carries_setup awaits",
)
"""An item. `since`: since when it waits for what it waits for. `remaining`: work left after it was put down, NONE: all of it.
`sequence`: its number among all starts."""

STEP = _record("there limit batch relearning column gathered coming_back backlog dirty")
"""A step. `column`, `gathered`, `coming_back`, `backlog`: items in its column, gathering for it, waiting to come back to it,
in the backlog with it as their first. `dirty`: somebody may be able to enter it."""

TEAM = _record("limit pull slot tickets there limited owned coming_back")
"""A team. `slot`: the order of lines by which it looks. `limited`: some phase limits it. `owned`: parked items not counted."""

POOL = _record(
    "team people cap does_first does_end helps_first helps_end pace open progress since speed alone dirty touched candidate"
)
"""A pool. `does_first` to `does_end`: its skills in the list of crafts. `progress`: V [millionths of a tick], brought up to
`since`. `speed`: of V since then [millionths]. `alone`: what it starts concerns no other pool. `dirty`, `touched`: it is in
the list of those asked whether they have something to start, of those whose speed and due are to be worked out again."""

GATE = _record("every offset most opening passed held look dirty")
"""A gate. `passed` items in its latest `opening`; `held` wait; it is looked at again at `look`."""

TYPE = _record("limit inside")
"""An item type, and how many of its items are past the backlog."""

SKILL = _record("somebody first end")
"""A skill: whether somebody has it; who, from `first` to `end` in the list of servers."""

PHASE = _record("start discipline stream_limit units rates")
"""A phase. `units`, `rates`: columns of its pace table, and of the rate table."""

RUN = _record(
    "now horizon phase phases discipline stream_limit in_stream coming timed open held gathered "
    "next_arrival next_pace next_change next_look sequence "
    "gates_dirty batches_dirty highest_dirty asked touched next_done next_pool helpers "
    "arrivals queues items steps skills types teams pools gates orders "
    "to_open at_gate gathering to_enter coming_back backlog owned anybody"
)
"""The run. `coming`, `timed`, `open`, `held`, `gathered`: items due to arrive, in transit or waiting for time, open, at gates,
gathering. `asked`, `touched`: how many pools are in the lists of that name. `next_done`, `next_pool`: when the first pool is
due, and which that is. `helpers`: somebody helps at something. From `to_open` on: where each kind of queue begins."""


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
    """What the itineraries of each phase say of each item; (phases, items)."""

    first: Annotated[Any, (SHORT, 2)]
    end: Annotated[Any, (SHORT, 2)]
    priority: Annotated[Any, (INT, 2)]
    expedite: Annotated[Any, (BIT, 2)]
    rank: Annotated[Any, (INT, 2)]
    after: Annotated[Any, (INT, 2)]
    stops: Annotated[Any, (BIT, 2)]


class Tables(NamedTuple):
    """The organisations: one row a phase, then one a step, team and so on."""

    phases: Annotated[Any, (PHASE, 1)]
    steps: Annotated[Any, (STEP, 2)]
    types: Annotated[Any, (TYPE, 2)]
    teams: Annotated[Any, (TEAM, 2)]
    pools: Annotated[Any, (POOL, 2)]
    gates: Annotated[Any, (GATE, 2)]
    does: Annotated[Any, (INT, 3)]
    """(phases, pools, skills) [millionths]"""
    helps: Annotated[Any, (INT, 3)]
    pace: Annotated[Any, (INT, 3)]
    """(phases, teams, units) [millionths]"""
    rate: Annotated[Any, (INT, 3)]
    """(phases, pools, open items) [millionths]"""


class World(NamedTuple):
    """Everything in the run."""

    run: Annotated[Any, (RUN, 0)]
    visits: Annotated[Any, (VISIT, 1)]
    extras: Annotated[Any, (EXTRA, 1)]
    trace: Happened
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
    plans: Plans
    tables: Tables
