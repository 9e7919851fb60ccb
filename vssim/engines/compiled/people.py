"""Pools at work: interchangeable people who share their attention among open visits, by virtual time."""

from __future__ import annotations

from vssim.clock import MILLION
from vssim.engines.compiled.backend.jit import hot, kernel
from vssim.engines.compiled.board import ask_pool, count_in
from vssim.engines.compiled.journeys import finish
from vssim.engines.compiled.organisation import proficiency
from vssim.engines.compiled.queues import PUT_DOWN, due, expect, has_begun, next_of, open_at
from vssim.engines.compiled.records import NEVER, NONE, World


@kernel
def ceil_div(dividend: int, divisor: int) -> int:
    """⌈dividend / divisor⌉."""
    return -(-dividend // divisor)


@kernel
def bring_up(w: World, pool: int) -> None:
    """Bring the pool's progress up to now, at the rate that held until now."""
    # Before anything that changes the rate: an opening, a finish, other people, another pace. Called after it, the time since
    # the last change would count at the new rate. The new one is worked out once a tick, for the pools in `touched`.
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
    """Work that is left of the present visit at proficiency 1, relearning and setup included [ticks]."""
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
        if run.patient:
            has_begun(w, item, 2)
    else:
        taken_up(w, item)
    trace.pool[row] = pool
    trace.touch[row] += effective
    bring_up(w, pool)
    people.open += 1
    run.open += 1
    entry.target = people.progress + effective * MILLION
    expect(w, open_at(w, pool), item, entry.target)


@kernel
def put_down(w: World, pool: int, item: int) -> None:
    """The item, out of its pool's queue already, is put down; it keeps the time since when it is ready."""
    entry, run = w.items[item], w.run
    ticks_left = max(0, ceil_div(entry.target - w.pools[pool].progress, MILLION))
    w.pools[pool].open -= 1
    run.open -= 1
    entry.remaining = ceil_div(ticks_left * entry.proficiency, MILLION)
    entry.put_down_since = run.now
    w.trace.touch[entry.row] -= ticks_left
    w.nodes[item].queue = PUT_DOWN
    if run.urgent:
        entry.pause = run.paused
        if run.paused < run.pauses:
            w.pauses[run.paused].row = entry.row
            w.pauses[run.paused].begin = run.now
            w.pauses[run.paused].end = NONE
        run.paused += 1


@kernel
def taken_up(w: World, item: int) -> None:
    """Note the end of a pause: what was put down is taken up again, or the item leaves."""
    entry = w.items[item]
    w.trace.put_down[entry.row] += w.run.now - entry.put_down_since
    if w.run.urgent and entry.pause < w.run.pauses:
        w.pauses[entry.pause].end = w.run.now


@kernel
def rate_now(w: World, pool: int) -> int:
    """Progress of each open visit [millionths]."""
    entry = w.pools[pool]
    if not entry.open:
        return 0
    last = w.tables.phases[w.run.phase].rates - 1
    rate = w.tables.rate[w.run.phase, entry.row, min(entry.open, last)]
    return rate if entry.pace == MILLION else ceil_div(rate * entry.pace, MILLION)


@kernel
def plan_ahead(w: World, pool: int) -> None:
    """Work out when the next of the pool's open visits is finished, at the rate that now holds."""
    entry = w.pools[pool]
    entry.touched = 0
    entry.speed = rate_now(w, pool)
    w.due[pool] = NEVER
    if entry.open:
        ahead = due(w, w.roots[open_at(w, pool)]) - entry.progress
        if ahead <= 0:  # done at any rate, also where nobody is here to work: else it would lie finished until they are
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
    first, first_pool = NEVER, 0
    for pool in range(w.run.pools):
        first_pool = pool if w.due[pool] < first else first_pool
        first = min(first, w.due[pool])
    w.run.next_done = first
    w.run.next_pool = first_pool


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
