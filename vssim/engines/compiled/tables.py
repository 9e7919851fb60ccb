"""The tables of the organisation in force, loaded from those of all phases."""

from __future__ import annotations

from vssim.clock import NO_LIMIT
from vssim.engines.compiled.backend.access import take_over
from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.board import count_in_spans
from vssim.engines.compiled.records import NEVER, NONE, World


@kernel
def load(w: World, phase: int) -> None:
    """The organisation of `phase` counts from now on."""
    run, tables = w.run, w.tables
    run.phase = phase
    run.routing = tables.phases[phase].routing
    run.precedence = w.precedence.row[run.routing]
    run.discipline = tables.phases[phase].discipline
    run.stream_limit = tables.phases[phase].stream_limit
    run.next_change = tables.phases[phase + 1].start if phase + 1 < run.phases else NEVER
    for step in range(run.steps):
        take_over(w.steps[step], tables.steps[phase, step])
    for kind in range(run.types):
        take_over(w.types[kind], tables.types[phase, kind])
    for span in range(run.spans):
        take_over(w.spans[span], tables.spans[phase, span])
    for gate in range(run.gates):
        take_over(w.gates[gate], tables.gates[phase, gate])
    run.next_staff = tables.phases[phase].staff_first
    expect_people(w)
    _load_teams(w)
    while run.next_people <= run.now:  # a run may begin in the middle of a phase
        take_on(w)
    _load_skills(w)
    if run.stand_ins:
        count_experts(w)
    _load_batches(w)
    if run.spans:
        _load_spans(w)
    for pool in range(run.pools):
        w.pools[pool].alone = 0 if _has_rivals(w, pool) else 1


@kernel
def count_experts(w: World) -> None:
    """Of every skill: how many pools are here that do it."""
    for skill in range(w.run.skills):
        entry = w.skills[skill]
        entry.experts = 0
        for place in range(entry.first, entry.end):
            pool = w.servers[place]
            if w.pools[pool].cap and w.tables.does[w.run.phase, pool, skill]:
                entry.experts += 1


@kernel
def _load_spans(w: World) -> None:
    """Which steps some span counts, and how many items each counts now."""
    for step in range(w.run.steps):
        w.steps[step].spanned = 0
    for span in range(w.run.spans):
        entry = w.spans[span]
        entry.inside = 0
        for step in range(entry.first, entry.last + 1):
            w.steps[step].spanned = 1
    for item in range(w.run.items):
        if w.items[item].column >= 0 and w.steps[w.items[item].column].spanned:
            count_in_spans(w, item, 1)


@kernel
def expect_people(w: World) -> None:
    """When people change next while this organisation is in force."""
    run = w.run
    more = run.next_staff < w.tables.phases[run.phase].staff_end
    run.next_people = w.tables.staff[run.next_staff].at if more else NEVER


@kernel
def take_on(w: World) -> int:
    """The next entry of the staffing counts from now on; the pool whose people it changes."""
    staff = w.tables.staff[w.run.next_staff]
    entry = w.pools[staff.pool]
    entry.people = staff.people
    entry.cap = staff.cap
    entry.row = staff.row
    w.run.next_staff += 1
    expect_people(w)
    return int(staff.pool)


@kernel
def _load_teams(w: World) -> None:
    run, tables = w.run, w.tables
    for team in range(run.teams):
        take_over(w.teams[team], tables.teams[run.phase, team])
        w.teams[team].there = 0
    craft = 0
    run.helpers = 0
    run.stand_ins = 0
    for pool in range(run.pools):
        entry = w.pools[pool]
        take_over(entry, tables.pools[run.phase, pool])
        if entry.there:
            w.teams[entry.team].there = 1
        entry.does_first = craft
        for skill in range(run.skills):
            if tables.does[run.phase, pool, skill]:
                w.crafts[craft] = skill
                craft += 1
        entry.does_end = craft
        entry.helps_first = craft
        for skill in range(run.skills):
            if tables.helps[run.phase, pool, skill]:
                run.helpers = 1
                if tables.stands_in[run.phase, pool, skill]:
                    run.stand_ins = 1
                w.crafts[craft] = skill
                craft += 1
        entry.helps_end = craft


@kernel
def _load_batches(w: World) -> None:
    """Which steps have batches, and until when items arrive that may come to gather for them."""
    run, tables = w.run, w.tables
    run.batching = 0
    run.until = NONE
    for kind in range(run.types):
        run.until = max(run.until, tables.last_arrival[run.routing, kind])
    for step in range(run.steps):
        entry = w.steps[step]
        if entry.batch > 1:
            run.batching = 1
        entry.until = NONE
        for kind in range(run.types):
            if tables.gathers[run.phase, kind, step]:
                entry.until = max(entry.until, tables.last_arrival[run.routing, kind])


@kernel
def _load_skills(w: World) -> None:
    run, tables = w.run, w.tables
    server = 0
    for skill in range(run.skills):
        for team in range(run.teams):
            w.team_does[team, skill] = 0
            w.team_can[team, skill] = 0
        w.skills[skill].first = server
        for pool in range(run.pools):
            team = w.pools[pool].team
            if tables.does[run.phase, pool, skill]:
                w.team_does[team, skill] = 1
            if tables.does[run.phase, pool, skill] or tables.helps[run.phase, pool, skill]:
                w.team_can[team, skill] = 1
                w.servers[server] = pool
                server += 1
        w.skills[skill].end = server
        w.skills[skill].somebody = 1 if server > w.skills[skill].first else 0


@kernel
def _has_rivals(w: World, pool: int) -> bool:
    """True when another pool could take what this one takes, or would have to leave it room in their team."""
    # Rivals take turns, the least busy first. To miss one here lets a pool take an item that a less busy one should have had,
    # or the last room that a team has; a rule by which starts concern others (a pool of another team, say) belongs here.
    for skill in range(w.run.skills):
        entry = w.skills[skill]
        if entry.end > entry.first + 1:
            for place in range(entry.first, entry.end):
                if w.servers[place] == pool:
                    return True
    team = w.pools[pool].team
    if w.teams[team].limit != NO_LIMIT:
        for other in range(w.run.pools):
            if other != pool and w.pools[other].team == team:
                return True
    return False
