"""Pools at work: interchangeable people who share their attention among open visits, by virtual time."""

from __future__ import annotations

from vssim.clock import MILLION
from vssim.engines.compiled.board import ask_pool, count_in
from vssim.engines.compiled.jit import hot, kernel
from vssim.engines.compiled.journeys import finish
from vssim.engines.compiled.organisation import proficiency
from vssim.engines.compiled.queues import due, expect, next_of, open_at
from vssim.engines.compiled.records import NEVER, World


@kernel
def ceil_div(dividend: int, divisor: int) -> int:
    """⌈dividend / divisor⌉."""
    return -(-dividend // divisor)


@kernel
def bring_up(w: World, pool: int) -> None:
    """Bring the pool's progress up to now, at the rate that held until now."""
    entry = w.pools[pool]
    now = w.run.now
    if entry.open:
        entry.progress += entry.speed * (now - entry.since)
    else:
        entry.progress = 0
    entry.since = now
    if not entry.touched:
        entry.touched = 1
        w.touched[w.run.touched] = pool
        w.run.touched += 1


@kernel
def work_done(w: World, pool: int) -> None:
    """Close the visits whose target is reached."""
    bring_up(w, pool)
    entry = w.pools[pool]
    queue = open_at(w, pool)
    while w.roots[queue] >= 0 and due(w, w.roots[queue]) <= entry.progress:
        item = next_of(w, queue)
        entry.open -= 1
        w.run.open -= 1
        finish(w, item)
    ask_pool(w, pool)
    w.due[pool] = NEVER
    look_ahead(w)


@kernel
def work_left(w: World, item: int) -> int:
    """Work of the present visit at proficiency 1, with relearning and setup, less what is done [ticks]."""
    entry = w.items[item]
    if entry.remaining >= 0:
        return entry.remaining
    visit = w.visits[entry.row]
    work = visit.work
    if entry.handed_over and not visit.ticket:
        relearning = w.steps[visit.step].relearning
        if relearning:
            work += ceil_div(visit.work * relearning, MILLION)
        if entry.carries_setup:
            work += w.extras[visit.extra].setup
    return work


@hot
def start(w: World, pool: int, item: int) -> None:
    """A pool starts (or takes up again) the item's present visit, which is in no line any more."""
    entry, people, run, trace = w.items[item], w.pools[pool], w.run, w.trace
    row = entry.row
    visit = w.visits[row]
    entry.proficiency = proficiency(w, pool, visit.skill)
    effective = work_left(w, item)
    if entry.proficiency != MILLION:
        effective = ceil_div(effective * MILLION, entry.proficiency)
    if entry.owner < 0 and not visit.ticket:
        entry.owner = people.team
        count_in(w, item)
    if trace.started[row] < 0:
        trace.started[row] = run.now
        trace.owner[row] = entry.owner
    else:
        trace.put_down[row] += run.now - entry.put_down_since
    trace.pool[row] = pool
    trace.touch[row] += effective
    bring_up(w, pool)
    people.open += 1
    run.open += 1
    run.sequence += 1
    entry.sequence = run.sequence
    expect(w, open_at(w, pool), item, people.progress + effective * MILLION)


@kernel
def rate_now(w: World, pool: int) -> int:
    """Progress of each open visit [millionths]."""
    entry = w.pools[pool]
    if not entry.open:
        return 0
    last = w.tables.phases[w.run.phase].rates - 1
    rate = w.tables.rate[w.run.phase, pool, min(entry.open, last)]
    return rate if entry.pace == MILLION else ceil_div(rate * entry.pace, MILLION)


@kernel
def plan_ahead(w: World, pool: int) -> None:
    """When the next of the pool's open visits is finished, as things are now."""
    entry = w.pools[pool]
    entry.touched = 0
    entry.speed = rate_now(w, pool)
    w.due[pool] = NEVER
    if entry.open:
        ahead = due(w, w.roots[open_at(w, pool)]) - entry.progress
        if ahead <= 0:
            w.due[pool] = w.run.now
        elif entry.speed == MILLION:
            w.due[pool] = w.run.now + ceil_div(ahead, MILLION)
        elif entry.speed:
            w.due[pool] = w.run.now + ceil_div(ahead, entry.speed)


@kernel
def plan_all_ahead(w: World) -> None:
    """After the decisions: when each pool whose work changed is due next."""
    for place in range(w.run.touched):
        plan_ahead(w, w.touched[place])
    w.run.touched = 0
    look_ahead(w)


@kernel
def look_ahead(w: World) -> None:
    """Which pool is due first, and when."""
    first, which = NEVER, 0
    for pool in range(w.run.pools):
        which = pool if w.due[pool] < first else which
        first = min(first, w.due[pool])
    w.run.next_done = first
    w.run.next_pool = which


@kernel
def set_pace(w: World) -> None:
    """The pace of this unit of time holds from now on; expect the next change of it."""
    run = w.run
    pace = w.tables.pace
    units = w.tables.phases[run.phase].units
    unit = min(run.now // MILLION, units - 1)
    for pool in range(run.pools):
        entry = w.pools[pool]
        if entry.pace != pace[run.phase, entry.team, unit]:
            bring_up(w, pool)
            entry.pace = pace[run.phase, entry.team, unit]
    run.next_pace = (unit + 1) * MILLION if unit + 1 < units else NEVER
