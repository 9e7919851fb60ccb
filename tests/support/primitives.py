"""Which primitives of the language came into play in a run: what the equality of two engines on it says something about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vssim.clock import MILLION, NO_LIMIT, NOT_YET
from vssim.engines.compiled.records import NONE
from vssim.log import Ended, Kind
from vssim.workload.program import (
    EARLIEST_DUE,
    LIFO,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
    RANKED,
    Program,
)
from vssim.workload.rules import Phase
from vssim.workload.trace import Trace

Flags = NDArray[np.bool_]

EVERY = frozenset(
    {
        "a change came into force",
        "another change after it",
        "work was put down",
        "work was interrupted",
        "work was interrupted twice",
        "a step that is gone",
        "a return",
        "a ticket",
        "a ticket under way",
        "a ticket of nothing",
        "work of nothing",
        "a parked committee",
        "a wait",
        "parked",
        "a handoff",
        "a handoff under way",
        "relearning",
        "a batch",
        "setup",
        "a gate",
        "a gate with a most",
        "a committee",
        "a whole and its parts",
        "a successor",
        "a stop",
        "waited for another to leave",
        "left with one that was stopped",
        "left with one that gave up",
        "gave up in the backlog",
        "gave up on the way",
        "gave up with its whole",
        "an empty route",
        "expedited",
        "priorities",
        "swarming",
        "multitasking",
        "pace",
        "people at a standstill",
        "two crafts with a skill in common",
        "unlimited people",
        "people of several crafts",
        "slower at it",
        "several teams for a skill",
        "help",
        "stood in",
        "last in, first out",
        "ranked",
        "earliest due date",
        "finish first",
        "start first",
        "oldest first",
        "tickets first",
        "tickets last",
        "a step's limit",
        "a team's limit",
        "a type's limit",
        "the stream's limit",
        "a limit over columns",
        "a limit of a type in columns",
        "no room",
        "a tie",
    }
)
"""All that is looked for."""


def primitives(program: Program, trace: Trace) -> set[str]:
    """Those that came into play when the program was played."""
    found = dict(pair for part in (_of_visits, _of_items, _of_people, _of_rules) for pair in part(program, trace))
    assert found.keys() == EVERY
    return {name for name, there in found.items() if there}


def _of_visits(program: Program, trace: Trace) -> Iterator[tuple[str, bool]]:
    visits = program.visits
    entered, finished = trace.entered >= 0, trace.finished >= 0
    handoff, ticket = entered & (trace.handoff == 1), entered & (visits.kind == Kind.TICKET)
    gate = finished & (visits.gate >= 0)
    most = np.any([phase.gates.most < NO_LIMIT for phase in program.phases], axis=0) if program.gates else np.zeros(1, bool)
    relearning = np.any([phase.steps.relearning > 0 for phase in program.phases], axis=0)
    batch = np.any([phase.steps.batch > 1 for phase in program.phases], axis=0)
    yield "work was put down", _any(trace.put_down > 0)
    changes = [phase.start + at for phase in program.phases for at in (0, *phase.staffing.at.tolist())]
    interrupted = trace.pause_row[~np.isin(trace.pause_begin, changes)]
    yield "work was interrupted", len(interrupted) > 0
    yield "work was interrupted twice", len(np.unique(interrupted)) < len(interrupted)
    yield "a return", _any(entered & (visits.back == 1))
    yield "a ticket", _any(ticket)
    yield "a ticket under way", _any(ticket & (visits.delay > 0))
    worked = finished & (trace.pool != NONE) & (trace.touch == 0)
    yield "a ticket of nothing", _any(worked & ticket)
    yield "work of nothing", _any(worked & ~ticket)
    yield "a parked committee", _any(ticket & gate & (visits.parks == 1))
    yield "a wait", _any(entered & (visits.skill < 0) & (visits.work > 0))
    yield "parked", _any(entered & (visits.parks == 1))
    yield "a handoff", _any(handoff)
    yield "a handoff under way", _any(handoff & (visits.handoff_delay > 0))
    yield "relearning", _any(handoff & relearning[visits.step] & (visits.skill >= 0))
    yield "a batch", _any(handoff & batch[visits.step] & (visits.opens == 1))
    yield "setup", _any(handoff & (visits.setup > 0) & (trace.touch > 0))
    yield "a gate", _any(gate & (trace.released > trace.finished))
    yield "a gate with a most", _any(gate & most[visits.gate])
    yield "a committee", _any(ticket & gate)
    yield "no room", _any((trace.left > trace.released) & (trace.released >= 0))
    times = trace.finished[finished]
    yield "a tie", len(np.unique(times)) < len(times)


def _of_items(program: Program, trace: Trace) -> Iterator[tuple[str, bool]]:
    items = program.items
    pulled = trace.item_pulled >= 0
    which = np.nonzero(pulled)[0]
    routings = trace.item_routing[which]
    plans, ranked = items.plans(routings, which), items.precedence[routings]
    starts = [phase.start for phase in program.phases if phase.start <= program.horizon]
    gone = {step for phase in program.phases[1 : len(starts)] for step in np.nonzero(phase.steps.there == 0)[0].tolist()}
    there = set(np.unique(program.visits.step[trace.entered >= 0]).tolist())
    changed = [_any(trace.finished > start) for start in starts[1:]]
    yield "a change came into force", any(changed)
    yield "another change after it", sum(changed) > 1
    yield "a step that is gone", bool(gone & there)
    yield "a whole and its parts", _any((items.parts > 0) & (trace.item_joined >= 0))
    yield "a successor", _any((items.follows >= 0) & (items.parts == 0) & (trace.item_joined >= 0))
    yield "a stop", _any((items.stops[plans] == 1) & (trace.item_left[which] != NOT_YET))
    waiters = np.array([item for item, _ in program.waits], np.int64)
    yield "waited for another to leave", _any(trace.item_joined[waiters] > trace.item_arrived[waiters])
    leavers = np.array([item for item, _ in program.leaves], np.int64)
    yield "left with one that was stopped", _any(trace.item_dropped[leavers] == Ended.STOPPED)
    yield "left with one that gave up", _any(_left_with(program, trace))
    gave_up = trace.item_dropped == Ended.GAVE_UP
    whole = np.where(items.parent >= 0, items.parent, 0)
    yield "gave up in the backlog", _any(gave_up & (trace.item_pulled < 0))
    yield "gave up on the way", _any(gave_up & (trace.item_pulled >= 0))
    together = gave_up & (items.parent >= 0) & gave_up[whole] & (trace.item_left == trace.item_left[whole])
    yield "gave up with its whole", _any(together)
    yield "an empty route", _any(items.first[plans] == items.end[plans])
    yield "expedited", _any(items.expedite[ranked, which] == 1)
    yield "priorities", len(np.unique(items.priority[ranked, which])) > 1


def _left_with(program: Program, trace: Trace) -> Flags:
    """Which of those who leave with others gave up at the very tick at which such a one did."""
    pairs = np.array(sorted(program.leaves), np.int64).reshape(-1, 2)
    item, other = pairs[:, 0], pairs[:, 1]
    both: Flags = (trace.item_dropped[item] == Ended.GAVE_UP) & (trace.item_dropped[other] == Ended.GAVE_UP)
    return both & np.equal(trace.item_left[item], trace.item_left[other])


def _of_people(program: Program, trace: Trace) -> Iterator[tuple[str, bool]]:
    worked = set(np.unique(trace.pool[trace.pool != NONE]).tolist())
    has = [(phase.pools.does > 0) | (phase.pools.helps > 0) for phase in program.phases]
    for name, there in {
        "swarming": [phase.pools.most > MILLION for phase in program.phases],
        "multitasking": [(phase.pools.cap > phase.pools.people) & (phase.pools.cap < NO_LIMIT) for phase in program.phases],
        "unlimited people": [phase.pools.cap == NO_LIMIT for phase in program.phases],
        "people of several crafts": [
            ((phase.pools.does > 0) | (phase.pools.helps > 0)).sum(axis=1) > 1 for phase in program.phases
        ],
        "slower at it": [((phase.pools.does > 0) & (phase.pools.does < MILLION)).any(axis=1) for phase in program.phases],
        "people at a standstill": [(phase.teams.pace[program.pool_team] == 0).any(axis=1) for phase in program.phases],
        "pace": [(phase.teams.pace[program.pool_team] != MILLION).any(axis=1) for phase in program.phases],
    }.items():
        yield name, any(worked & set(np.nonzero(some)[0].tolist()) for some in there)
    yield "several teams for a skill", any(_any(skills.sum(axis=0) > 1) for skills in has)
    yield "two crafts with a skill in common", any(_in_common(program, phase) for phase in program.phases)
    started = np.nonzero(trace.pool != NONE)[0]
    pool, skill = trace.pool[started], program.visits.skill[started]
    yield (
        "stood in",
        any(
            _any((phase.pools.stands_in[pool, skill] > 0) & (phase.pools.does[:, skill] > 0).any(axis=0))
            for phase in program.phases
        ),
    )
    yield "help", any(_any((phase.pools.helps[pool, skill] > 0) & (phase.pools.does[pool, skill] == 0)) for phase in program.phases)


def _in_common(program: Program, phase: Phase) -> bool:
    """True when two pools of a team have the same skill."""
    has = ((phase.pools.does > 0) | (phase.pools.helps > 0)).astype(np.int64)
    return any(_any(has[program.pool_team == team].sum(axis=0) > 1) for team in range(len(program.teams)))


def _of_rules(program: Program, _: Trace) -> Iterator[tuple[str, bool]]:
    disciplines = {phase.discipline for phase in program.phases}
    pulls = {int(pull) for phase in program.phases for pull in phase.teams.pull}
    ranks = {int(rank) for phase in program.phases for rank in phase.teams.tickets}
    yield "last in, first out", LIFO in disciplines
    yield "ranked", RANKED in disciplines
    yield "earliest due date", EARLIEST_DUE in disciplines
    yield "finish first", PULL_FINISH_FIRST in pulls
    yield "start first", PULL_START_FIRST in pulls
    yield "oldest first", PULL_OLDEST_FIRST in pulls
    yield "tickets first", -1 in ranks
    yield "tickets last", 1 in ranks
    yield "a step's limit", any(_any(phase.steps.limit < NO_LIMIT) for phase in program.phases)
    yield "a team's limit", any(_any(phase.teams.limit < NO_LIMIT) for phase in program.phases)
    yield "a type's limit", any(_any(phase.types.limit < NO_LIMIT) for phase in program.phases)
    spans = [phase.spans for phase in program.phases]
    yield "a limit over columns", any(_any((rules.limit < NO_LIMIT) & (rules.last > rules.first)) for rules in spans)
    yield "a limit of a type in columns", any(_any((rules.limit < NO_LIMIT) & (rules.counted.min(axis=1) == 0)) for rules in spans)
    yield "the stream's limit", any(phase.stream_limit < NO_LIMIT for phase in program.phases)


def _any(flags: Flags) -> bool:
    return bool(flags.any())
