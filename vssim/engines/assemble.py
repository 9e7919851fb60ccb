"""From a trace to the visit log: rows of itineraries that were not followed are left out, numbers become absolute.

Where nothing is left out, the log shares the columns of the program instead of copying them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from vssim.clock import FLAG, MILLION, NO_LIMIT, NOT_YET, NUMBER, PLACE, Ints, Numbers
from vssim.log import Away, Ended, Items, Log, Pauses, Pool, Visits
from vssim.workload.program import Program
from vssim.workload.rules import Phase
from vssim.workload.trace import Trace


@dataclass(frozen=True, eq=False)
class _Shown:
    """The part of a program that the log shows: itineraries that were (or would be) followed, of items that may exist."""

    items: Ints | slice
    """numbers of the items in the program"""
    plans: Numbers | slice
    """the plan that each of them follows"""
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

    def row(item: int) -> int:  # what the file names comes from outside, and is always shown
        return item if isinstance(shown.items, slice) else int(shown.number[item])

    return Log(
        visits=visits,
        items=_items(program, trace, shown, visits),
        horizon=program.horizon,
        unit=program.unit,
        steps=program.steps,
        skills=program.skills,
        types=program.types,
        teams=program.teams,
        pools=_pools(program.phases, tuple(program.pool_team.tolist()), program.horizon),
        phases=tuple(phase.start for phase in program.phases),
        waits=tuple((row(item), row(other)) for item, other in program.waits),
        ids={row(item): name for item, name in program.ids.items()},
        promises={row(item): promise for item, promise in program.promises.items()},
        terms=program.terms,
        away=_away(program.phases, program.horizon),
        closed=_closed(program.phases, program.horizon),
        there_before=frozenset() if program.under_way is None else frozenset(map(row, program.under_way.item.tolist())),
        origin=program.origin,
        pauses=_pauses(program, trace, shown) if program.urgent else None,
        step_limits=_step_limits(program.phases),
    )


def _shown(program: Program, trace: Trace) -> _Shown:
    items = program.items
    last = max(phase.routing for number, phase in enumerate(program.phases) if phase.start <= program.horizon or number == 0)
    followed = np.where(trace.item_routing == NOT_YET, last, trace.item_routing)
    kept = items.coming(followed, trace.item_dropped)
    everything = len(items.first) == len(kept) and bool(kept.all())
    numbers: Ints | slice = slice(None) if everything else np.flatnonzero(kept)
    plans: Numbers | slice = slice(None) if everything else items.plans(followed[numbers], numbers)
    begin, end = items.first[plans], items.end[plans]
    lengths = end - begin
    first = np.cumsum(lengths, dtype=NUMBER) - lengths
    rows = slice(None) if everything else np.repeat(begin - first, lengths) + np.arange(int(lengths.sum()))
    return _Shown(numbers, plans, np.cumsum(kept, dtype=NUMBER) - NUMBER(1), rows, first, lengths)


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
        parked=_column(table.parks, rows, FLAG),
    )


def _pauses(program: Program, trace: Trace, shown: _Shown) -> Pauses:
    number = np.full(len(program.visits.item), -1, np.int64)
    number[shown.visits] = np.arange(len(number[shown.visits]))
    lasting = trace.pause_end != trace.pause_begin
    return Pauses(number[trace.pause_row[lasting]], trace.pause_begin[lasting], trace.pause_end[lasting])


def _column(values: Numbers, rows: Ints | slice, kind: type[np.signedinteger[Any]] = np.int64) -> Any:
    """Rows of a column as an array of its own: an engine may have kept its columns between others, or wider."""
    return np.ascontiguousarray(values[rows], kind)


def _items(program: Program, trace: Trace, shown: _Shown, visits: Visits) -> Items:
    items, numbers, plans = program.items, shown.items, shown.plans
    arrived, left = _column(trace.item_arrived, numbers), _column(trace.item_left, numbers)
    due = items.due[plans]
    return Items(
        type=items.type[numbers],
        parent=_renumbered(items.parent, shown),
        follows=_renumbered(items.follows, shown),
        origin=items.origin[numbers],
        arrived=arrived,
        joined=_column(trace.item_joined, numbers),
        pulled=_column(trace.item_pulled, numbers),
        touched=_touched(program, visits, numbers, len(arrived)),
        left=left,
        ended=_ended(trace, left, numbers, items.stops[plans]),
        right=items.right[plans],
        work=items.work[plans],
        due=np.where((due < 0) | (arrived < 0), NOT_YET, arrived + due),
        value=items.value[plans],
        cost_of_delay=items.cost_of_delay[plans],
    )


def _ended(trace: Trace, left: Ints, numbers: Ints | slice, stops: Numbers) -> Numbers:
    """How each item left."""
    dropped = trace.item_dropped[numbers]
    ways = np.where(stops, FLAG(Ended.STOPPED), FLAG(Ended.DELIVERED))
    if dropped.any():
        ways = np.where(dropped, dropped.astype(FLAG), ways)
    return np.where(left == NOT_YET, FLAG(NOT_YET), ways)


def _renumbered(others: Numbers, shown: _Shown) -> Numbers:
    """The rows in the log of the items that a column names by their numbers in the program; −1 for none."""
    if isinstance(shown.items, slice):
        return others
    others = others[shown.items]
    return np.where(others < 0, NUMBER(-1), shown.number[others])


def _touched(program: Program, visits: Visits, numbers: Ints | slice, count: int) -> Ints:
    """When each item was first started by anybody; of what was under way, as far as is known."""
    touched = np.full(count, NOT_YET)
    worked = np.flatnonzero(visits.pool >= 0)[::-1]
    touched[visits.item[worked]] = visits.started[worked]
    if program.under_way is not None:
        before = program.under_way.touched[numbers]
        touched = np.where(before == NOT_YET, touched, before)
    return touched


_State = tuple[int, int, int, tuple[float, ...]]
"""People, cap, most on one item [millionths], and the progress of each open item by how many there are [1]."""


def _states(phases: Sequence[Phase], pool: int, horizon: int) -> Iterator[tuple[int, _State]]:
    """Every state of a pool and from when on it holds [ticks]."""
    for phase, later in _in_force(phases, horizon):
        staff, most = phase.staffing, int(phase.pools.most[pool])
        yield phase.start, (int(phase.pools.people[pool]), cap := int(phase.pools.cap[pool]), most, _rates(phase, pool, cap))
        for entry in np.flatnonzero((staff.pool == pool) & (staff.at < later)).tolist():
            cap = int(staff.cap[entry])
            yield int(staff.at[entry]), (int(staff.people[entry]), cap, most, _rates(phase, int(staff.row[entry]), cap))


def _rates(phase: Phase, row: int, cap: int) -> tuple[float, ...]:
    return () if cap == NO_LIMIT else tuple((phase.pools.rate[row, : cap + 1] / MILLION).tolist())


def _in_force(phases: Sequence[Phase], horizon: int) -> Iterator[tuple[Phase, int]]:
    """Every phase, and when the next one comes into force [ticks]."""
    for number, phase in enumerate(phases):
        yield phase, phases[number + 1].start if number + 1 < len(phases) else horizon + 1


@lru_cache(maxsize=8)
def _away(phases: tuple[Phase, ...], horizon: int) -> tuple[Away, ...]:
    """Who is away, by pool and time: in each phase what it says, and nobody where it says nothing."""
    entries: list[Away] = []
    for phase, end in _in_force(phases, horizon):
        latest = {entry.pool: entry for entry in entries}
        there = [Away(*entry) for entry in phase.away if entry[1] < end]
        still = {pool for pool, entry in latest.items() if entry.absent or entry.ill}
        back = still - {entry.pool for entry in there if entry.since <= phase.start}
        entries += [*(Away(pool, phase.start, 0, 0) for pool in back), *there]
    return tuple(sorted(entries, key=lambda entry: entry[:2]))


@lru_cache(maxsize=8)
def _closed(phases: tuple[Phase, ...], horizon: int) -> tuple[tuple[int, int], ...]:
    """When nobody works, while the phase that says so is in force."""
    cut = ((max(begin, phase.start), min(until, end)) for phase, end in _in_force(phases, horizon) for begin, until in phase.closed)
    return tuple((begin, until) for begin, until in cut if begin < until)


@lru_cache(maxsize=8)
def _step_limits(phases: tuple[Phase, ...]) -> tuple[tuple[int | None, ...], ...]:
    """By phase and step."""
    return tuple(tuple(None if limit == NO_LIMIT else limit for limit in phase.steps.limit.tolist()) for phase in phases)


@lru_cache(maxsize=8)
def _pools(phases: tuple[Phase, ...], teams: tuple[int, ...], horizon: int) -> tuple[Pool, ...]:
    """Every state of every pool (each has its team): one entry at the start, one where its people change.

    Worked out once for all replications that share their phases: all those in which luck has no say in who is here.
    """
    states: list[Pool] = []
    for pool, team in enumerate(teams):
        before: _State | None = None
        for since, now in _states(phases, pool, horizon):
            if now != before:
                people = None if now[1] == NO_LIMIT else now[0]
                states.append(Pool(team, pool, people, since, now[2] / MILLION, now[3]))
            before = now
    return tuple(states)
