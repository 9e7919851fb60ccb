"""What the organisation in force says of a visit."""

from __future__ import annotations

from vssim.engines.compiled.backend.jit import hot, kernel
from vssim.engines.compiled.records import NONE, World


@kernel
def somebody_needed(w: World, row: int) -> bool:
    """True when people have to do the visit; one that nobody here can do, or at a step that is gone, is passed."""
    visit = w.visits[row]
    return visit.skill >= 0 and w.steps[visit.step].there == 1 and w.skills[visit.skill].somebody == 1


@kernel
def time_to_pass(w: World, row: int) -> int:
    """Ticks that a visit takes for which nobody is needed."""
    visit = w.visits[row]
    return 0 if visit.skill >= 0 or w.steps[visit.step].there == 0 else visit.work


@kernel
def own_skill(w: World, row: int) -> int:
    """The skill of the stay's first own work; NONE when it has none, or nobody can do it any more."""
    visit = w.visits[row]
    skill = visit.stay_skill
    if skill >= 0 and w.steps[visit.step].there == 1 and w.skills[skill].somebody == 1:
        return skill
    return NONE


@kernel
def keeps(w: World, team: int, row: int) -> bool:
    """True when a team that owns an item keeps it in the stay that `row` opens."""
    skill = own_skill(w, row)
    return skill < 0 or w.team_does[team, skill] == 1


@kernel
def ends_stay(w: World, item: int) -> bool:
    """True when the item's present visit is the last of its stay."""
    following = w.items[item].row + 1
    return following == w.items[item].end or w.visits[following].opens == 1


@kernel
def until_open(w: World, gate: int) -> int:
    """Ticks until the gate's next opening; 0 when it is open now, or gone."""
    entry = w.gates[gate]
    if entry.listed:
        return first_listed(w, gate, w.run.now) - w.run.now
    return (entry.offset - w.run.now) % entry.every if entry.every else 0


@kernel
def until_next(w: World, gate: int) -> int:
    """Ticks from an opening of the gate to the one after it."""
    if w.gates[gate].listed:
        return first_listed(w, gate, w.run.now + 1) - w.run.now
    return int(w.gates[gate].every)


@kernel
def first_listed(w: World, gate: int, tick: int) -> int:
    """The first listed opening of a gate at a tick or later."""
    place = 0
    while w.tables.openings[w.run.phase, gate, place] < tick:
        place += 1
    return int(w.tables.openings[w.run.phase, gate, place])


@kernel
def proficiency(w: World, pool: int, skill: int) -> int:
    """How fast a pool does, or else helps at, a skill [millionths]; 0 not at all."""
    phase = w.run.phase
    does = w.tables.does[phase, pool, skill]
    return does if does else w.tables.helps[phase, pool, skill]


@hot
def plan_of(w: World, item: int) -> int:
    """The plan that the item follows; one that has not left the backlog, that which it would follow now."""
    entry = w.items[item]
    return entry.plan + way_of(w, item, w.run.routing if entry.routing < 0 else entry.routing)


@hot
def way_of(w: World, item: int, routing: int) -> int:
    """How far behind an item's first plan the one is that a routing has it follow."""
    # Nearly always everybody has one plan: then the table is not looked at.
    track = w.items[item].track
    return w.plans.tracks[track, routing] if track else 0
