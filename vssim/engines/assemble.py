"""From a trace to the visit log: rows of itineraries that were not followed are left out, numbers become absolute."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vssim.clock import MILLION, NO_LIMIT, NOT_YET, Ints
from vssim.log import Items, Log, Pool, Visits
from vssim.workload.program import Program, Trace

Index = slice | Ints
"""Rows of a table: all of it as it is, so that nothing is copied, or these."""


def assemble(program: Program, trace: Trace) -> Log:
    """The log of a finished run.

    An item that had not left the backlog when the run ended shows the itinerary of the last organisation in force.
    """
    last = max(number for number, phase in enumerate(program.phases) if phase.start <= program.horizon or number == 0)
    followed = np.where(trace.item_phase == NOT_YET, last, trace.item_phase)
    kept = _kept(program, followed)
    number = np.cumsum(kept) - 1
    rows: Index = slice(None)
    which: Index = slice(None)
    plan: tuple[int | Ints, Index] = (0, which)
    if len(program.phases) > 1 or not kept.all():
        rows = _rows(program, followed, kept)
        which = np.nonzero(kept)[0]
        plan = (followed[which], which)
    return Log(
        visits=_visits(program, trace, rows, number),
        items=_items(program, trace, which, plan, number, rows),
        horizon=program.horizon,
        unit=program.unit,
        steps=program.steps,
        skills=program.skills,
        types=program.types,
        teams=program.teams,
        pools=_pools(program),
        phases=tuple(phase.start for phase in program.phases),
        step_limits=tuple(
            tuple(None if limit == NO_LIMIT else int(limit) for limit in phase.step_limit) for phase in program.phases
        ),
    )


def _kept(program: Program, followed: Ints) -> NDArray[np.bool_]:
    """Which items may come to exist, given the itineraries that were followed (or would be)."""
    items = program.items
    kept = np.ones(len(items.type), bool)
    follower = np.nonzero(items.follows >= 0)[0]
    cause = items.follows[follower]
    while len(follower):
        now = kept[cause] & (items.after[followed[cause], follower] >= 0)
        if (now == kept[follower]).all():
            break
        kept[follower] = now
    return kept


def _rows(program: Program, followed: Ints, kept: NDArray[np.bool_]) -> Ints:
    """Rows of the program's visit table that the log shows, item by item."""
    items = program.items
    which = np.nonzero(kept)[0]
    first, end = items.first[followed[which], which], items.end[followed[which], which]
    lengths = end - first
    offsets = np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
    return offsets + np.arange(int(lengths.sum()))


def _visits(program: Program, trace: Trace, rows: Index, number: Ints) -> Visits:
    table = program.visits
    item = number[table.item[rows]]
    begins = np.ones(len(item), bool)
    begins[1:] = item[1:] != item[:-1]
    first = np.nonzero(begins)[0]
    lengths = np.diff(np.append(first, len(item)))
    stays = np.cumsum(table.opens[rows])
    return Visits(
        item=item,
        visit=np.arange(len(item)) - np.repeat(first, lengths),
        step=table.step[rows],
        skill=table.skill[rows],
        kind=table.kind[rows],
        stay=stays - np.repeat(stays[first], lengths),
        entered=trace.entered[rows],
        ready=trace.ready[rows],
        started=trace.started[rows],
        finished=trace.finished[rows],
        put_down=trace.put_down[rows],
        released=trace.released[rows],
        left=trace.left[rows],
        pool=trace.pool[rows],
        owner=trace.owner[rows],
        touch=trace.touch[rows],
        gated=(table.gate[rows] >= 0).astype(np.int64),
        handoff=trace.handoff[rows],
        rework=table.rework[rows],
    )


def _items(program: Program, trace: Trace, which: Index, plan: tuple[int | Ints, Index], number: Ints, rows: Index) -> Items:
    items = program.items
    arrived, left = trace.item_arrived[which], trace.item_left[which]
    due = items.due[plan]
    return Items(
        type=items.type[which],
        parent=np.where(items.parent[which] < 0, -1, number[items.parent[which]]),
        follows=np.where(items.follows[which] < 0, -1, number[items.follows[which]]),
        origin=items.origin[which],
        arrived=arrived,
        joined=trace.item_joined[which],
        pulled=trace.item_pulled[which],
        touched=_touched(program, trace, rows)[which],
        left=left,
        stopped=items.stops[plan] * (left != NOT_YET),
        right=items.right[plan],
        work=items.work[plan],
        due=np.where((due < 0) | (arrived < 0), NOT_YET, arrived + due),
        value=items.value[plan],
        cost_of_delay=items.cost_of_delay[plan],
    )


def _touched(program: Program, trace: Trace, rows: Index) -> Ints:
    """When each item of the program was first started by anybody."""
    touched = np.full(len(program.items.type), NOT_YET)
    worked = trace.pool[rows] >= 0
    touched[program.visits.item[rows][worked][::-1]] = trace.started[rows][worked][::-1]
    return touched


def _pools(program: Program) -> tuple[Pool, ...]:
    """Every state of every pool: one entry at the start, one where a phase changes its people."""
    found: list[Pool] = []
    for pool, team in enumerate(program.pool_team.tolist()):
        before: tuple[int, int, int] | None = None
        for phase in program.phases:
            now = (int(phase.pool_people[pool]), int(phase.pool_cap[pool]), int(phase.pool_most[pool]))
            if now != before:
                people = None if now[1] == NO_LIMIT else now[0]
                found.append(Pool(team=team, index=pool, people=people, since=phase.start, most=now[2] / MILLION))
            before = now
    return tuple(found)
