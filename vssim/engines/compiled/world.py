"""The world made from a program, and the trace read from it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NO_LIMIT, NOT_YET, Ints, Numbers
from vssim.engines.compiled.backend.plain import is_plain
from vssim.engines.compiled.records import (
    EXTRA,
    GATE,
    GATE_RULES,
    INT,
    ITEM,
    NEVER,
    NODE,
    NONE,
    NUMBERED,
    PAUSE,
    PHASE,
    POOL,
    POOL_RULES,
    RUN,
    SKILL,
    SPAN,
    SPAN_RULES,
    STAFF,
    STANDING,
    STEP,
    STEP_RULES,
    TEAM,
    TEAM_RULES,
    TYPE,
    TYPE_RULES,
    VISIT,
    Happened,
    Links,
    PartsOf,
    Plans,
    Precedence,
    Tables,
    World,
)
from vssim.log import Kind
from vssim.workload.program import PULL_FIFO, Program
from vssim.workload.rules import Phase, columns
from vssim.workload.trace import Trace

Records = NDArray[Any]

MOST_PAUSES = 1000
"""Room for pauses where anybody interrupts; a run with more of them is played again, with room for all."""

OF_ITEMS = ("arrived", "joined", "pulled", "left", "routing", "dropped")
"""What a trace says of items, and their records keep."""


def world(program: Program, room: int = 0) -> World:
    """The world before the first tick, with `room` for at least so many pauses."""
    slots = _slots(program.phases)
    items = _items(program)
    extras, extra = _extras(program)
    shape = program.phases[0].pools.does.shape
    pools, skills = shape
    teams, steps = len(program.teams), len(program.steps)
    arrivals = _arrivals(program)
    run = _run(program, len(slots))
    past = 0 if program.under_way is None else len(program.under_way.past.pause_row)
    room = max(room, past, MOST_PAUSES) if program.urgent else 0
    run["linked"] = len(program.waits) > 0
    run["urgent"], run["paused"], run["pauses"] = program.urgent, past, room
    run["arrivals"], run["patient"] = len(arrivals), program.patient
    under_way = _under_way(program)
    run["under_way"], run["now"], run["phase"] = len(under_way), program.first_tick, program.first_phase
    run["routing"] = program.phases[program.first_phase].routing
    run["precedence"] = program.items.precedence[run["routing"]]
    tables = _tables(program.phases, slots)._replace(last_arrival=_plain(program.items.last_arrival, INT))
    return World(
        run=_open(run.reshape(1))[0] if is_plain() else run,
        visits=_open(_visits(program, extra)),
        extras=_open(extras),
        trace=_past(program),
        items=_open(items),
        pauses=_open(_pauses(program, room)),
        nodes=_open(_blank(NODE, len(items) * (len(slots) + program.patient + program.urgent), queue=NONE)),
        roots=np.full(int(run["queues"]), NONE, np.int64),
        steps=_open(_blank(STEP, steps)),
        teams=_open(_teams(program)),
        pools=_open(_pools(program)),
        gates=_open(_gates(program)),
        types=_open(_blank(TYPE, len(program.types))),
        spans=_open(_blank(SPAN, len(program.phases[0].spans.limit))),
        skills=_open(_blank(SKILL, skills)),
        due=np.full(pools, NEVER, np.int64),
        asked=np.zeros(pools, np.int64),
        touched=np.zeros(pools, np.int64),
        crafts=np.zeros(2 * pools * skills, np.int64),
        servers=np.zeros(pools * skills, np.int64),
        standing=np.zeros((teams, steps), np.int64),
        team_does=np.zeros((teams, skills), np.int64),
        team_can=np.zeros((teams, skills), np.int64),
        slots=np.array(slots, np.int64),
        arrivals=arrivals,
        arrival=_plain(program.items.arrival[arrivals], INT),
        under_way=_open(under_way),
        plans=_plans(program),
        precedence=_precedence(program),
        parts=_parts(program),
        links=_links(program),
        tables=tables,
    )


def trace_of(w: World) -> Trace:
    """What happened, as the columns of a trace."""
    count = min(int(w.run["paused"]), len(w.pauses))
    told = w.pauses[:count][np.lexsort((w.pauses["begin"][:count], w.pauses["row"][:count]))]
    pauses = {f"pause_{name}": np.array(told[name]) for name in ("row", "begin", "end")}
    seen = {f"item_{name}": np.array(w.items[name]) for name in OF_ITEMS}
    return Trace(**w.trace._asdict(), **pauses, **seen)


def _open(records: Records) -> Records:
    """Records as arrays whose fields plain Python can name too."""
    return records.view(np.recarray) if is_plain() else records


def _plain(values: Numbers, kind: np.dtype[Any]) -> Numbers:
    """Contiguous and writable, so that the kernel meets one kind of array only."""
    return np.require(values, kind, ["C", "W"])


@cache
def _kinds(columns: type) -> dict[str, np.dtype[Any]]:
    """By name, the kind of numbers in each array of a named tuple."""
    return {name: hint.__metadata__[0][0] for name, hint in get_type_hints(columns, include_extras=True).items()}


def _blank(kind: np.dtype[Any], count: int, **values: int) -> Records:
    records = np.zeros(count, kind)
    for name, value in values.items():
        records[name] = value
    return records


@lru_cache(maxsize=8)
def _slots(phases: tuple[Phase, ...]) -> tuple[int, ...]:
    """The orders in which lines for anybody are kept: their own, and every pull order of a team."""
    pulls = {pull for phase in phases for pull in phase.teams.pull.tolist()}
    return (PULL_FIFO, *sorted(pulls - {PULL_FIFO}))


def _run(program: Program, orders: int) -> Records:
    run = np.zeros((), RUN)
    sizes = {
        "items": len(program.items.type),
        "steps": len(program.steps),
        "skills": program.phases[0].pools.does.shape[1],
        "types": len(program.types),
        "teams": len(program.teams),
        "pools": len(program.pool_team),
        "gates": len(program.gates),
        "spans": len(program.phases[0].spans.limit),
        "orders": orders,
        "phases": len(program.phases),
        "horizon": program.horizon,
    }
    steps, teams = sizes["steps"], sizes["teams"]
    begins = {
        "to_open": sizes["pools"],
        "at_gate": sizes["gates"],
        "gathering": steps,
        "to_enter": steps,
        "coming_back": steps * teams,
        "backlog": steps * sizes["types"],
        "owned": sizes["skills"] * teams,
    }
    first = NUMBERED
    for name, count in begins.items():
        sizes[name] = first
        first += count
    sizes["anybody"] = first
    sizes["queues"] = first + 3 * sizes["skills"] * orders
    for name, value in sizes.items():
        run[name] = value
    run["next_people"] = run["next_batch"] = run["next_look"] = run["next_pace"] = run["next_change"] = run["next_done"] = NEVER
    run["highest_dirty"] = NONE
    return run


def _extras(program: Program) -> tuple[Records, Ints]:
    """(rows, extra) The EXTRA record of each visit that has one, behind a row of zeros; and by visit its row there."""
    table = program.visits
    columns = {name: column for name in EXTRA.names or () if _says_something(column := getattr(table, name))}
    extra = np.zeros(len(table.item), np.int64)
    for column in columns.values():
        extra |= column != 0
    rows = np.nonzero(extra)[0]
    extra[rows] = np.arange(1, len(rows) + 1)
    extras = np.zeros(len(rows) + 1, EXTRA)
    for name, column in columns.items():
        extras[name][1:] = column[rows]
    return extras, extra


def _says_something(column: Numbers) -> bool:
    """True when not every number is 0; a column that is one number everywhere may take no memory."""
    return bool(column[:1].any() if column.strides == (0,) else column.any())


def _visits(program: Program, extra: Ints) -> Records:
    table = program.visits
    columns = {name: getattr(table, name) for name in VISIT.names or () if name not in ("ticket", "extra")}
    columns |= {"ticket": table.kind == Kind.TICKET, "extra": extra}
    blank = np.zeros(1, VISIT)
    for name, column in columns.items():
        if column.strides == (0,) and len(column):
            blank[name] = column[0]
    visits = np.repeat(blank, len(table.item))
    for name, column in columns.items():
        if column.strides != (0,) and column.any():
            visits[name] = column
    return visits


def _past(program: Program) -> Happened:
    """The trace so far: where a run begins at the beginning, nothing has happened and sums are 0."""
    nought, count, under_way = ("put_down", "touch", "handoff"), len(program.visits.item), program.under_way
    if under_way is not None:
        past = {name: np.array(getattr(under_way.past, name), kind) for name, kind in _kinds(Happened).items()}
    else:
        past = {
            name: np.zeros(count, kind) if name in nought else np.full(count, NOT_YET, kind)
            for name, kind in _kinds(Happened).items()
        }
    return Happened(**past)


def _under_way(program: Program) -> Records:
    """The items that are under way as the run begins."""
    if program.under_way is None:
        return np.zeros(0, STANDING)
    standing = np.zeros(len(program.under_way.item), STANDING)
    for name in STANDING.names or ():
        standing[name] = getattr(program.under_way, "item" if name == "who" else name)
    return standing


def _pauses(program: Program, room: int) -> Records:
    """Room for so many pauses; those that there have been are in it."""
    pauses = np.zeros(room, PAUSE)
    if program.under_way is not None and room:
        past = program.under_way.past
        for name in PAUSE.names or ():
            pauses[name][: len(past.pause_row)] = getattr(past, f"pause_{name}")
    return pauses


def _gates(program: Program) -> Records:
    gates = _blank(GATE, len(program.gates), opening=NOT_YET, look=NEVER)
    if program.under_way is not None:
        gates["opening"], gates["passed"] = program.under_way.at, program.under_way.gate_passed
    return gates


def _items(program: Program) -> Records:
    table = program.items
    blank = dict.fromkeys(
        ("row", "arrived", "joined", "pulled", "left", "routing", "remaining", "put_down_since", "owner", "column"), NONE
    )
    items = np.repeat(_blank(ITEM, 1, first_successor=NONE, next_successor=NONE, **blank), len(table.type))
    items["type"], items["parent"], items["parts_missing"] = table.type, table.parent, program.parts_missing()
    items["plan"], items["track"] = table.plan, table.track
    if program.urgent and program.under_way is not None:
        past = program.under_way.past
        lying = np.flatnonzero(past.pause_end == NOT_YET)
        items["pause"][program.visits.item[past.pause_row[lying]]] = lying
    if program.patient:
        items["begun"], items["leaves"] = program.begun(), program.leaving()
    if program.under_way is not None:
        for name in OF_ITEMS:
            items[name] = getattr(program.under_way.past, f"item_{name}")
    follower = np.nonzero((table.follows >= 0) & (table.parts == 0))[0]
    if len(follower):
        follower = follower[np.argsort(table.follows[follower], kind="stable")]
        cause = table.follows[follower]
        first = np.append(True, cause[1:] != cause[:-1])
        items["first_successor"][cause[first]] = follower[first]
        items["next_successor"][follower[:-1][~first[1:]]] = follower[1:][~first[1:]]
    return items


def _arrivals(program: Program) -> Ints:
    coming = program.arriving()
    coming = coming[program.items.arrival[coming] <= program.horizon]
    times = program.items.arrival[coming]
    return coming if (times[1:] >= times[:-1]).all() else coming[np.argsort(times, kind="stable")]


def _teams(program: Program) -> Records:
    teams = np.zeros(len(program.teams), TEAM)
    teams["limited"] = _limited(program.phases)
    return teams


@lru_cache(maxsize=8)
def _limited(phases: tuple[Phase, ...]) -> Ints:
    """By team: 1 when some phase limits it."""
    limits = np.array([phase.teams.limit for phase in phases])
    return (limits != NO_LIMIT).any(axis=0).astype(np.int64)


def _pools(program: Program) -> Records:
    pools = _blank(POOL, len(program.pool_team), candidate=NONE)
    pools["team"] = program.pool_team
    return pools


def _plans(program: Program) -> Plans:
    table = program.items
    plans = {name: getattr(table, name) for name in _kinds(Plans)}
    if not len(table.after):
        plans["first_after"] = table.first_after[:0]
    return Plans(**{name: _plain(plans[name], kind) for name, kind in _kinds(Plans).items()})


def _precedence(program: Program) -> Precedence:
    table = program.items
    columns = {name: getattr(table, "precedence" if name == "row" else name) for name in _kinds(Precedence)}
    if not program.patient:
        columns |= {name: columns[name][:, :0] for name in ("patience", "unless")}
    if not program.urgent:
        columns["interrupts"] = columns["interrupts"][:, :0]
    return Precedence(**{name: _plain(columns[name], kind) for name, kind in _kinds(Precedence).items()})


def _links(program: Program) -> Links:
    """The table of who waits for whom to leave."""
    pairs = np.array(sorted((other, waiter) for waiter, other in program.waits), np.int64).reshape(-1, 2)
    count = 1 + len(program.items.type) if len(pairs) else 0
    leaves = np.array([(waiter, other) in program.leaves for other, waiter in pairs.tolist()], np.int64)
    return Links(np.searchsorted(pairs[:, 0], np.arange(count)), np.ascontiguousarray(pairs[:, 1]), leaves)


def _parts(program: Program) -> PartsOf:
    """The parts of every whole, where somebody may give up; else nothing."""
    count = len(program.items.type) if program.patient else 0
    first, following = (np.full(count, NONE, np.int64) for _ in range(2))
    for part in np.flatnonzero(program.items.parent[:count] >= 0)[::-1].tolist():
        whole = program.items.parent[part]
        following[part], first[whole] = first[whole], part
    return PartsOf(first, following)


@lru_cache(maxsize=8)
def _tables(phases: tuple[Phase, ...], slots: tuple[int, ...]) -> Tables:
    """The rules of all phases; replications share the tables in which luck has no say, which the kernel only reads."""
    alone = np.zeros(len(phases), PHASE)
    for number, phase in enumerate(phases):
        staffed = int(alone["staff_end"][number - 1]) if number else 0
        widths = (phase.teams.pace.shape[1], phase.pools.rate.shape[1])
        alone[number] = (
            phase.start,
            phase.routing,
            phase.discipline,
            phase.stream_limit,
            *widths,
            staffed,
            staffed + len(phase.staffing.at),
        )
    teams = _rules([phase.teams for phase in phases], TEAM_RULES)
    teams["slot"] = [[slots.index(pull) for pull in phase.teams.pull.tolist()] for phase in phases]
    return Tables(
        phases=_open(alone),
        steps=_open(_rules([phase.steps for phase in phases], STEP_RULES)),
        types=_open(_rules([phase.types for phase in phases], TYPE_RULES)),
        teams=_open(teams),
        pools=_open(_rules([phase.pools for phase in phases], POOL_RULES)),
        gates=_open(_rules([phase.gates for phase in phases], GATE_RULES)),
        spans=_open(_rules([phase.spans for phase in phases], SPAN_RULES)),
        does=_stacked([phase.pools.does for phase in phases]),
        helps=_stacked([phase.pools.helps for phase in phases]),
        stands_in=_stacked([phase.pools.stands_in for phase in phases]),
        pace=_stacked([phase.teams.pace for phase in phases]),
        staff=_open(_staff(phases)),
        rate=_stacked([phase.pools.rate for phase in phases]),
        openings=_stacked([phase.gates.openings for phase in phases]),
        counted=_stacked([phase.spans.counted for phase in phases]),
        gathers=_stacked([phase.types.gathers for phase in phases]),
        last_arrival=np.zeros((0, 0), INT),
    )


def _staff(phases: Sequence[Phase]) -> Records:
    """The staffing of all phases, one after the other."""
    staff = np.zeros(sum(len(phase.staffing.at) for phase in phases), STAFF)
    for name in STAFF.names or ():
        staff[name] = np.concatenate([getattr(phase.staffing, name) for phase in phases])
    return staff


def _rules(groups: Sequence[Any], kind: np.dtype[Any]) -> Records:
    """One record a phase and step (gate, …) from the columns of groups of rules, one a phase."""
    names = columns(type(groups[0]))
    records = np.zeros((len(groups), len(getattr(groups[0], names[0]))), kind)
    for name in names:
        records[name] = [getattr(group, name) for group in groups]
    return records


def _stacked(tables: Sequence[Ints]) -> Ints:
    """Tables of different width and height as one array, each continued with its last column and row."""
    if len(tables) == 1:
        return np.array(tables)
    height, width = (max(table.shape[axis] for table in tables) for axis in (0, 1))
    stacked = np.empty((len(tables), height, width), np.int64)
    for place, table in zip(stacked, tables, strict=True):
        rows, filled = table.shape
        place[:rows, :filled] = table
        if filled < width:
            place[:rows, filled:] = table[:, -1:]
        if rows < height:
            place[rows:] = place[rows - 1]
    return stacked
