"""The world made from a program, and the trace read from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NO_LIMIT, NOT_YET, Ints, Numbers
from vssim.engines.compiled import is_plain
from vssim.engines.compiled.records import (
    EXTRA,
    GATE,
    INT,
    ITEM,
    NEVER,
    NODE,
    NONE,
    NUMBERED,
    PHASE,
    POOL,
    RUN,
    SKILL,
    STEP,
    TEAM,
    TYPE,
    VISIT,
    Happened,
    Plans,
    Tables,
    World,
)
from vssim.log import Kind
from vssim.workload.program import PULL_FIFO, Program, Trace

Records = NDArray[Any]


def world(program: Program) -> World:
    """Everything in its place before the first tick."""
    slots = _slots(program)
    items = _items(program)
    extras, extra = _extras(program)
    shape = program.phases[0].does.shape
    pools, skills = shape
    teams, steps = len(program.teams), len(program.steps)
    arrivals = _arrivals(program)
    run = _run(program, len(slots))
    run["coming"] = run["arrivals"] = len(arrivals)
    tables = _tables(program, slots)
    return World(
        run=_open(run.reshape(1))[0] if is_plain() else run,
        visits=_open(_visits(program, extra)),
        extras=_open(extras),
        trace=_nothing(len(program.visits.item)),
        items=_open(items),
        nodes=_open(_blank(NODE, len(items) * len(slots), queue=NONE)),
        roots=np.full(int(run["queues"]), NONE, np.int64),
        steps=_open(_blank(STEP, steps)),
        teams=_open(_teams(program)),
        pools=_open(_pools(program)),
        gates=_open(_blank(GATE, len(program.gates), opening=NOT_YET, look=NEVER)),
        types=_open(_blank(TYPE, len(program.types))),
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
        plans=_plans(program),
        tables=tables,
    )


def addresses(arrays: Any) -> Ints:
    """The list of addresses and lengths of a named tuple of arrays."""
    words: list[int] = []
    for array in arrays:
        if isinstance(array, tuple):
            words += addresses(array).tolist()
        else:
            words += [array.ctypes.data, *array.shape]
    return np.array(words, np.int64)


def trace_of(w: World) -> Trace:
    """What happened, as the columns of a trace."""
    seen = {f"item_{name}": np.array(w.items[name]) for name in ("arrived", "joined", "pulled", "left", "phase")}
    return Trace(**w.trace._asdict(), **seen)


def _open(records: Records) -> Records:
    """Records whose fields plain Python can name, too."""
    return records.view(np.recarray) if is_plain() else records


def _plain(values: Numbers, kind: np.dtype[Any]) -> Numbers:
    """Contiguous and writable, so that the kernel meets one kind of array only."""
    return np.require(values, kind, ["C", "W"])


def _kinds(columns: type) -> dict[str, np.dtype[Any]]:
    """By name: of what kind the numbers of a named tuple of arrays are."""
    return {name: hint.__metadata__[0][0] for name, hint in get_type_hints(columns, include_extras=True).items()}


def _blank(kind: np.dtype[Any], count: int, **values: int) -> Records:
    records = np.zeros(count, kind)
    for name, value in values.items():
        records[name] = value
    return records


def _slots(program: Program) -> list[int]:
    """The orders in which lines for anybody are kept: their own, and every pull order of a team."""
    pulls = {int(pull) for phase in program.phases for pull in phase.team_pull}
    return [PULL_FIFO, *sorted(pulls - {PULL_FIFO})]


def _run(program: Program, orders: int) -> Records:
    run = np.zeros((), RUN)
    sizes = {
        "items": len(program.items.type),
        "steps": len(program.steps),
        "skills": program.phases[0].does.shape[1],
        "types": len(program.types),
        "teams": len(program.teams),
        "pools": len(program.pool_team),
        "gates": len(program.gates),
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
    run["next_look"] = run["next_pace"] = run["next_change"] = run["next_done"] = NEVER
    run["highest_dirty"] = NONE
    return run


def _extras(program: Program) -> tuple[Records, Ints]:
    """What few visits have, after a row of nothing; and for each visit its row there."""
    table = program.visits
    columns = {name: column for name in EXTRA.names or () if _says_something(column := getattr(table, name))}
    extra = np.zeros(len(table.item), np.int64)
    for column in columns.values():
        extra |= column != 0
    which = np.nonzero(extra)[0]
    extra[which] = np.arange(1, len(which) + 1)
    extras = np.zeros(len(which) + 1, EXTRA)
    for name, column in columns.items():
        extras[name][1:] = column[which]
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


def _nothing(count: int) -> Happened:
    """Nothing has happened yet; what adds up is 0."""
    nought = ("put_down", "touch", "handoff")
    return Happened(
        **{
            name: np.zeros(count, kind) if name in nought else np.full(count, NOT_YET, kind)
            for name, kind in _kinds(Happened).items()
        }
    )


def _items(program: Program) -> Records:
    table = program.items
    blank = dict.fromkeys(
        ("row", "arrived", "joined", "pulled", "left", "phase", "remaining", "put_down_since", "owner", "column"), NONE
    )
    items = np.repeat(_blank(ITEM, 1, first_successor=NONE, next_successor=NONE, **blank), len(table.type))
    items["type"], items["parent"], items["parts_missing"] = table.type, table.parent, table.parts
    follower = np.nonzero((table.follows >= 0) & (table.parts == 0))[0]
    if len(follower):
        follower = follower[np.argsort(table.follows[follower], kind="stable")]
        cause = table.follows[follower]
        first = np.append(True, cause[1:] != cause[:-1])
        items["first_successor"][cause[first]] = follower[first]
        items["next_successor"][follower[:-1][~first[1:]]] = follower[1:][~first[1:]]
    return items


def _arrivals(program: Program) -> Ints:
    table = program.items
    coming = np.nonzero((table.arrival >= 0) & (table.parts == 0) & (table.arrival <= program.horizon))[0]
    times = table.arrival[coming]
    return coming if (times[1:] >= times[:-1]).all() else coming[np.argsort(times, kind="stable")]


def _teams(program: Program) -> Records:
    teams = np.zeros(len(program.teams), TEAM)
    for phase in program.phases:
        teams["limited"] |= phase.team_limit != NO_LIMIT
    return teams


def _pools(program: Program) -> Records:
    pools = _blank(POOL, len(program.pool_team), candidate=NONE)
    pools["team"] = program.pool_team
    return pools


def _plans(program: Program) -> Plans:
    table = program.items
    return Plans(**{name: _plain(getattr(table, name), kind) for name, kind in _kinds(Plans).items()})


def _tables(program: Program, slots: Sequence[int]) -> Tables:
    phases = program.phases
    steps = np.zeros((len(phases), len(program.steps)), STEP)
    types = np.zeros((len(phases), len(program.types)), TYPE)
    teams = np.zeros((len(phases), len(program.teams)), TEAM)
    pools = np.zeros((len(phases), len(program.pool_team)), POOL)
    gates = np.zeros((len(phases), len(program.gates)), GATE)
    alone = np.zeros(len(phases), PHASE)
    for number, phase in enumerate(phases):
        alone[number] = (phase.start, phase.discipline, phase.stream_limit, phase.pace.shape[1], phase.rate.shape[1])
        for name, values in {
            "there": phase.step_there,
            "limit": phase.step_limit,
            "batch": phase.batch,
            "relearning": phase.relearning,
        }.items():
            steps[name][number] = values
        types["limit"][number] = phase.type_limit
        for name in ("every", "offset", "most"):
            gates[name][number] = getattr(phase, f"gate_{name}")
        for name in ("limit", "pull", "tickets"):
            teams[name][number] = getattr(phase, f"team_{name}")
        teams["slot"][number] = [slots.index(pull) for pull in phase.team_pull.tolist()]
        pools["people"][number], pools["cap"][number] = phase.pool_people, phase.pool_cap
    return Tables(
        phases=_open(alone),
        steps=_open(steps),
        types=_open(types),
        teams=_open(teams),
        pools=_open(pools),
        gates=_open(gates),
        does=np.stack([phase.does for phase in phases]),
        helps=np.stack([phase.helps for phase in phases]),
        pace=_stacked([phase.pace for phase in phases]),
        rate=_stacked([phase.rate for phase in phases]),
    )


def _stacked(tables: Sequence[Ints]) -> Ints:
    """Tables of different width in one, each continued with its last column."""
    width = max(table.shape[1] for table in tables)
    return np.stack([np.pad(table, ((0, 0), (0, width - table.shape[1])), "edge") for table in tables])
