"""Which primitives of the language came into play in a run: what the equality of two engines on it says something about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vssim.clock import MILLION, NO_LIMIT, NOT_YET
from vssim.engines.compiled.records import NONE
from vssim.log import Kind
from vssim.workload.program import (
    EARLIEST_DUE,
    LIFO,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
    RANKED,
    Program,
    Trace,
)

Flags = NDArray[np.bool_]

EVERY = frozenset(
    {
        "a change came into force",
        "another change after it",
        "work was put down",
        "a step that is gone",
        "a return",
        "a ticket",
        "a ticket under way",
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
        "an empty route",
        "expedited",
        "priorities",
        "swarming",
        "multitasking",
        "pace",
        "unlimited people",
        "people of several crafts",
        "slower at it",
        "several teams for a skill",
        "help",
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
    most = np.any([phase.gate_most < NO_LIMIT for phase in program.phases], axis=0) if program.gates else np.zeros(1, bool)
    relearning = np.any([phase.relearning > 0 for phase in program.phases], axis=0)
    batch = np.any([phase.batch > 1 for phase in program.phases], axis=0)
    yield "work was put down", _any(trace.put_down > 0)
    yield "a return", _any(entered & (visits.back == 1))
    yield "a ticket", _any(ticket)
    yield "a ticket under way", _any(ticket & (visits.delay > 0))
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
    phases = trace.item_phase[pulled]
    which = np.nonzero(pulled)[0]
    starts = [phase.start for phase in program.phases if phase.start <= program.horizon]
    gone = {step for phase in program.phases[1 : len(starts)] for step in np.nonzero(phase.step_there == 0)[0].tolist()}
    there = set(np.unique(program.visits.step[trace.entered >= 0]).tolist())
    changed = [_any(trace.finished > start) for start in starts[1:]]
    yield "a change came into force", any(changed)
    yield "another change after it", sum(changed) > 1
    yield "a step that is gone", bool(gone & there)
    yield "a whole and its parts", _any((items.parts > 0) & (trace.item_joined >= 0))
    yield "a successor", _any((items.follows >= 0) & (items.parts == 0) & (trace.item_joined >= 0))
    yield "a stop", _any((items.stops[phases, which] == 1) & (trace.item_left[which] != NOT_YET))
    yield "an empty route", _any(items.first[phases, which] == items.end[phases, which])
    yield "expedited", _any(items.expedite[phases, which] == 1)
    yield "priorities", len(np.unique(items.priority[phases, which])) > 1


def _of_people(program: Program, trace: Trace) -> Iterator[tuple[str, bool]]:
    worked = set(np.unique(trace.pool[trace.pool != NONE]).tolist())
    for name, there in {
        "swarming": [phase.pool_most > MILLION for phase in program.phases],
        "multitasking": [(phase.pool_cap > phase.pool_people) & (phase.pool_cap < NO_LIMIT) for phase in program.phases],
        "unlimited people": [phase.pool_cap == NO_LIMIT for phase in program.phases],
        "people of several crafts": [((phase.does > 0) | (phase.helps > 0)).sum(axis=1) > 1 for phase in program.phases],
        "slower at it": [((phase.does > 0) & (phase.does < MILLION)).any(axis=1) for phase in program.phases],
        "pace": [(phase.pace[program.pool_team] != MILLION).any(axis=1) for phase in program.phases],
    }.items():
        yield name, any(worked & set(np.nonzero(some)[0].tolist()) for some in there)
    sharing = [((phase.does > 0) | (phase.helps > 0)).sum(axis=0) > 1 for phase in program.phases]
    yield "several teams for a skill", any(_any(some) for some in sharing)
    started = np.nonzero(trace.pool != NONE)[0]
    pool, skill = trace.pool[started], program.visits.skill[started]
    yield "help", any(_any((phase.helps[pool, skill] > 0) & (phase.does[pool, skill] == 0)) for phase in program.phases)


def _of_rules(program: Program, _: Trace) -> Iterator[tuple[str, bool]]:
    disciplines = {phase.discipline for phase in program.phases}
    pulls = {int(pull) for phase in program.phases for pull in phase.team_pull}
    ranks = {int(rank) for phase in program.phases for rank in phase.team_tickets}
    yield "last in, first out", LIFO in disciplines
    yield "ranked", RANKED in disciplines
    yield "earliest due date", EARLIEST_DUE in disciplines
    yield "finish first", PULL_FINISH_FIRST in pulls
    yield "start first", PULL_START_FIRST in pulls
    yield "oldest first", PULL_OLDEST_FIRST in pulls
    yield "tickets first", -1 in ranks
    yield "tickets last", 1 in ranks
    yield "a step's limit", any(_any(phase.step_limit < NO_LIMIT) for phase in program.phases)
    yield "a team's limit", any(_any(phase.team_limit < NO_LIMIT) for phase in program.phases)
    yield "a type's limit", any(_any(phase.type_limit < NO_LIMIT) for phase in program.phases)
    yield "the stream's limit", any(phase.stream_limit < NO_LIMIT for phase in program.phases)


def _any(flags: Flags) -> bool:
    return bool(flags.any())
