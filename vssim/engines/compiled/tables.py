"""The tables of the organisation in force, loaded from those of all phases."""

from __future__ import annotations

from vssim.clock import NO_LIMIT
from vssim.engines.compiled.jit import kernel
from vssim.engines.compiled.records import NEVER, World


@kernel
def load(w: World, phase: int) -> None:
    """The organisation of `phase` counts from now on."""
    run, tables = w.run, w.tables
    run.phase = phase
    run.discipline = tables.phases[phase].discipline
    run.stream_limit = tables.phases[phase].stream_limit
    run.next_change = tables.phases[phase + 1].start if phase + 1 < run.phases else NEVER
    for step in range(run.steps):
        w.steps[step].there = tables.steps[phase, step].there
        w.steps[step].limit = tables.steps[phase, step].limit
        w.steps[step].batch = tables.steps[phase, step].batch
        w.steps[step].relearning = tables.steps[phase, step].relearning
    for kind in range(run.types):
        w.types[kind].limit = tables.types[phase, kind].limit
    for gate in range(run.gates):
        w.gates[gate].every = tables.gates[phase, gate].every
        w.gates[gate].offset = tables.gates[phase, gate].offset
        w.gates[gate].most = tables.gates[phase, gate].most
    _load_teams(w)
    _load_skills(w)
    for pool in range(run.pools):
        w.pools[pool].alone = 0 if _has_rivals(w, pool) else 1


@kernel
def _load_teams(w: World) -> None:
    run, tables = w.run, w.tables
    for team in range(run.teams):
        w.teams[team].limit = tables.teams[run.phase, team].limit
        w.teams[team].pull = tables.teams[run.phase, team].pull
        w.teams[team].slot = tables.teams[run.phase, team].slot
        w.teams[team].tickets = tables.teams[run.phase, team].tickets
        w.teams[team].there = 0
    craft = 0
    run.helpers = 0
    for pool in range(run.pools):
        entry = w.pools[pool]
        entry.people = tables.pools[run.phase, pool].people
        entry.cap = tables.pools[run.phase, pool].cap
        if entry.cap:
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
                w.crafts[craft] = skill
                craft += 1
        entry.helps_end = craft


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
