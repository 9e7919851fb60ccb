"""From a trace to the visit log: rows of itineraries that were not followed are left out, numbers become absolute.

Where nothing is left out, the log shares the columns of the program instead of copying them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import FLAG, MILLION, NO_LIMIT, NOT_YET, NUMBER, PLACE, Ints, Numbers
from vssim.log import Items, Log, Pool, Visits
from vssim.workload.program import Program, Trace


@dataclass(frozen=True, eq=False)
class _Shown:
    """What of a program the log shows: itineraries that were followed (or would be), of items that may come to exist."""

    items: Ints | slice
    """numbers of the items in the program"""
    phase: Numbers | int
    """whose itinerary each of them follows"""
    number: Numbers
    """(items of the program,) row of each in the log"""
    visits: Ints | slice
    """rows of the program's visit table, item by item"""
    first: Numbers
    """(items of the log,) first row of each in the log's visits"""
    lengths: Numbers
    """(items of the log,) number of its visits"""


def assemble(program: Program, trace: Trace) -> Log:
    """The log of a finished run.

    An item that had not left the backlog when the run ended shows the itinerary of the last organisation in force.
    """
    shown = _shown(program, trace)
    visits = _visits(program, trace, shown)
    return Log(
        visits=visits,
        items=_items(program, trace, shown, visits),
        horizon=program.horizon,
        unit=program.unit,
        steps=program.steps,
        skills=program.skills,
        types=program.types,
        teams=program.teams,
        pools=_pools(program),
        phases=tuple(phase.start for phase in program.phases),
        step_limits=tuple(
            tuple(None if limit == NO_LIMIT else limit for limit in phase.step_limit.tolist()) for phase in program.phases
        ),
    )


def _shown(program: Program, trace: Trace) -> _Shown:
    items = program.items
    last = max(number for number, phase in enumerate(program.phases) if phase.start <= program.horizon or number == 0)
    followed = np.where(trace.item_phase == NOT_YET, last, trace.item_phase)
    kept = _kept(program, followed)
    everything = len(program.phases) == 1 and bool(kept.all())
    which: Ints | slice = slice(None) if everything else np.flatnonzero(kept)
    phase: Numbers | int = 0 if everything else followed[which]
    begin, end = items.first[phase, which], items.end[phase, which]
    lengths = end - begin
    first = np.cumsum(lengths, dtype=NUMBER) - lengths
    rows = slice(None) if everything else np.repeat(begin - first, lengths) + np.arange(int(lengths.sum()))
    return _Shown(which, phase, np.cumsum(kept, dtype=NUMBER) - NUMBER(1), rows, first, lengths)


def _kept(program: Program, followed: Numbers) -> NDArray[np.bool_]:
    """Which items may come to exist, given the itineraries that were followed (or would be)."""
    items = program.items
    kept = np.ones(len(items.type), bool)
    follower = np.flatnonzero(items.follows >= 0)
    cause = items.follows[follower]
    while len(follower):
        now = kept[cause] & (items.after[followed[cause], follower] >= 0)
        if (now == kept[follower]).all():
            break
        kept[follower] = now
    return kept


def _visits(program: Program, trace: Trace, shown: _Shown) -> Visits:
    table, rows = program.visits, shown.visits
    item = table.item if isinstance(rows, slice) else np.repeat(np.arange(len(shown.first), dtype=NUMBER), shown.lengths)
    before = np.repeat(shown.first, shown.lengths)
    opened = np.cumsum(table.opens[rows], dtype=NUMBER)
    return Visits(
        item=item,
        visit=np.arange(len(item), dtype=NUMBER) - before,
        step=table.step[rows],
        skill=table.skill[rows],
        kind=table.kind[rows],
        stay=opened - opened[before],
        entered=_column(trace.entered, rows),
        ready=_column(trace.ready, rows),
        started=_column(trace.started, rows),
        finished=_column(trace.finished, rows),
        put_down=_column(trace.put_down, rows),
        released=_column(trace.released, rows),
        left=_column(trace.left, rows),
        pool=_column(trace.pool, rows, PLACE),
        owner=_column(trace.owner, rows, PLACE),
        touch=_column(trace.touch, rows),
        gated=(table.gate[rows] >= 0).astype(FLAG),
        handoff=_column(trace.handoff, rows, FLAG),
        rework=table.rework[rows],
    )


def _column(values: Numbers, rows: Ints | slice, kind: type[np.signedinteger[Any]] = np.int64) -> Any:
    """The rows of a column side by side in memory: an engine may have kept its columns between others, or wider."""
    return np.ascontiguousarray(values[rows], kind)


def _items(program: Program, trace: Trace, shown: _Shown, visits: Visits) -> Items:
    items, which, phase = program.items, shown.items, shown.phase
    arrived, left = _column(trace.item_arrived, which), _column(trace.item_left, which)
    due = items.due[phase, which]
    return Items(
        type=items.type[which],
        parent=_renumbered(items.parent, shown),
        follows=_renumbered(items.follows, shown),
        origin=items.origin[which],
        arrived=arrived,
        joined=_column(trace.item_joined, which),
        pulled=_column(trace.item_pulled, which),
        touched=_touched(visits, len(arrived)),
        left=left,
        stopped=items.stops[phase, which] * (left != NOT_YET),
        right=items.right[phase, which],
        work=items.work[phase, which],
        due=np.where((due < 0) | (arrived < 0), NOT_YET, arrived + due),
        value=items.value[phase, which],
        cost_of_delay=items.cost_of_delay[phase, which],
    )


def _renumbered(others: Numbers, shown: _Shown) -> Numbers:
    """The rows in the log of the items that a column names by their numbers in the program; −1 for none."""
    if isinstance(shown.items, slice):
        return others
    others = others[shown.items]
    return np.where(others < 0, NUMBER(-1), shown.number[others])


def _touched(visits: Visits, count: int) -> Ints:
    """When each item was first started by anybody."""
    touched = np.full(count, NOT_YET)
    worked = np.flatnonzero(visits.pool >= 0)[::-1]
    touched[visits.item[worked]] = visits.started[worked]
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
