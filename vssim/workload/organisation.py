"""An organisation as an engine sees it: a phase of a plan turned into tables of whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from vssim.clock import MILLION, NO_LIMIT, Ints, Reals, millionths, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel
from vssim.model.model import Model
from vssim.model.steps import Gate
from vssim.model.teams import Onboarding, Team
from vssim.workload.program import (
    EARLIEST_DUE,
    FIFO,
    LIFO,
    PULL_FIFO,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
    RANKED,
    Phase,
)
from vssim.workload.universe import Universe, named_needs

DISCIPLINES = {"fifo": FIFO, "lifo": LIFO, "shortest_first": RANKED, "wsjf": RANKED, "earliest_due": EARLIEST_DUE}
PULLS = {
    "fifo": PULL_FIFO,
    "finish_first": PULL_FINISH_FIRST,
    "start_first": PULL_START_FIRST,
    "oldest_first": PULL_OLDEST_FIRST,
}
TICKETS = {"first": -1, "with_the_rest": 0, "last": 1}

MOST_OPEN = 200_000
"""Largest number of open items a pool may have a rate for [items]."""


def organisation(phase: PhaseModel, names: Universe, horizon: float) -> Phase:
    """The tables of one phase; `horizon` [units] bounds how far pace is worked out."""
    model = phase.model
    gates = _gates(model)
    teams = [model.teams.get(name) for name in names.teams]
    people, cap = _pools(model, names)
    return Phase(
        start=ticks(phase.start),
        step_there=_ints(name in model.steps for name in names.steps),
        step_limit=_ints(_limit(model.steps[name].wip_limit if name in model.steps else None) for name in names.steps),
        type_limit=_ints(_limit(model.demand[name].wip_limit if name in model.demand else None) for name in names.types),
        stream_limit=_limit(model.wip_limit),
        discipline=DISCIPLINES[model.discipline],
        batch=_ints(model.handoffs.at(name).batch for name in names.steps),
        relearning=_ints(millionths(model.handoffs.at(name).relearning) for name in names.steps),
        gate_every=_ints(ticks(gates[name].every) if name in gates else 0 for name in names.gates),
        gate_offset=_ints(ticks(gates[name].offset) % ticks(gates[name].every) if name in gates else 0 for name in names.gates),
        gate_most=_ints(_limit(gates[name].most) if name in gates else NO_LIMIT for name in names.gates),
        team_limit=_ints(_limit(team.wip_limit if team else None) for team in teams),
        team_pull=_ints(PULLS[team.pull] if team else 0 for team in teams),
        team_tickets=_ints(TICKETS[team.tickets] if team else 0 for team in teams),
        pace=_paces(phase, names, horizon),
        pool_people=people,
        pool_cap=cap,
        pool_most=_ints(_most_on_one(model, name, int(number)) for (name, _), number in zip(names.pools, people, strict=True)),
        rate=_rates(model, names, people, cap),
        does=_proficiencies(model, names, "does"),
        helps=_proficiencies(model, names, "helps"),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit


def _gates(model: Model) -> dict[str, Gate]:
    gates = {name: step.gate for name, step in model.steps.items() if step.gate is not None}
    for name, step in model.steps.items():
        gates |= {label: need.gate for label, need in named_needs(name, step.needs) if need.gate is not None}
    return gates


def _pools(model: Model, names: Universe) -> tuple[Ints, Ints]:
    """People and cap of every pool; (0, 0) where the pool is not there, (0, NO_LIMIT) for unlimited people."""
    people, cap = np.zeros(len(names.pools), np.int64), np.zeros(len(names.pools), np.int64)
    for number, (name, position) in enumerate(names.pools):
        team = model.teams.get(name)
        if team is None or position >= len(team.groups):
            continue
        count = team.groups[position].count
        if count == "unlimited":
            cap[number] = NO_LIMIT
        else:
            people[number] = count
            cap[number] = max(1, math.floor(count * team.multitasking + 1e-9))
    return people, cap


def _most_on_one(model: Model, name: str, people: int) -> int:
    """How many people of a pool work on one item at most [millionths of a person]; as many as there are, where more may."""
    team = model.teams.get(name)
    most = team.swarming.most if team is not None and team.swarming is not None else 1.0
    return millionths(min(most, max(1, people)))


def _rates(model: Model, names: Universe, people: Ints, cap: Ints) -> Ints:
    """r(N) of every pool (page of formulas: Little's processor sharing; Weinberg 1992 for multitasking) [millionths]."""
    bounded = np.where(cap == NO_LIMIT, 1, cap)
    most = int(bounded.max(initial=1))
    if most > MOST_OPEN:
        raise RunError(f"people × multitasking gives {most:,} open items in one team; at most {MOST_OPEN:,} are possible")
    rates = np.full((len(names.pools), most + 1), MILLION, np.int64)
    for number, (name, _) in enumerate(names.pools):
        if people[number]:
            open_items = np.arange(1, cap[number] + 1)
            found = np.maximum(1, np.rint(rate_of(model.teams[name], int(people[number]), open_items) * MILLION))
            rates[number, 1 : cap[number] + 1] = found
            rates[number, cap[number] + 1 :] = found[-1]
    return rates


def rate_of(team: Team, people: int, open_items: Ints) -> Reals:
    """Progress of each of `open_items` (any shape, >= 1) items at once on `people` people [1 = one person on one item]."""
    a_person = open_items / people
    if team.efficiency is not None:
        left = np.interp(a_person, np.arange(1, len(team.efficiency) + 1), np.array(team.efficiency))
    else:
        left = 1 / (1 + team.switching_cost * np.maximum(a_person - 1, 0))
    shared = left / np.maximum(a_person, 1)
    if team.swarming is None:
        return np.where(a_person > 1, shared, 1.0)
    return np.where(a_person > 1, shared, np.minimum(1 / a_person, team.swarming.most) ** team.swarming.help)


def _paces(phase: PhaseModel, names: Universe, horizon: float) -> Ints:
    """Pace of every team in every unit of time, as few columns as say it [millionths]."""
    moving = bool(phase.dips) or any(team.improvement or team.onboarding for team in phase.model.teams.values())
    units = np.arange(math.ceil(horizon) + 1 if moving else 1, dtype=np.float64)
    since_start = np.maximum(units, phase.start)
    pace = np.full((len(names.teams), len(units)), MILLION, np.int64)
    for number, name in enumerate(names.teams):
        team = phase.model.teams.get(name)
        if team is not None:
            values = _pace(team, phase, name, since_start)
            pace[number] = np.rint(np.broadcast_to(values, units.shape) * MILLION)
    pace[:, -1] = np.maximum(pace[:, -1], 1)
    changes = np.nonzero((pace[:, 1:] != pace[:, :-1]).any(axis=0))[0]
    return np.ascontiguousarray(pace[:, : (changes[-1] + 2 if len(changes) else 1)])


def _pace(team: Team, phase: PhaseModel, name: str, times: Reals) -> Reals | float:
    pace: Reals | float = 1 - team.meetings
    if team.coordination and team.headcount:
        pace = pace / (1 + team.coordination * (team.headcount - 1))
    if team.improvement is not None:
        improvement = team.improvement
        learned = 1 - np.exp(-np.maximum(times - phase.improving_since.get(name, 0.0), 0) / improvement.within)
        pace = pace * (1 - improvement.share) / (1 - improvement.gain * learned)
    if team.onboarding is not None and team.headcount:
        pace = pace * _left_by_newcomers(team.onboarding, team.headcount, times - phase.onboarding_since.get(name, 0.0))
    for dip in phase.dips:
        if name in dip.teams:
            pain = dip.depth * np.exp(-3 * np.maximum(times - dip.since, 0) / dip.recover)
            pace = pace * (1 - np.where(times >= dip.since, pain, 0))
    return pace


def _left_by_newcomers(onboarding: Onboarding, people: int, times: Reals) -> Reals:
    """The share of a team's pace that is there so long after newcomers came: theirs and their mentors' is missing at first."""
    new = np.exp(-3 * np.maximum(times, 0) / onboarding.ramp) * min(1.0, onboarding.people / people)
    return np.maximum(1 - new * (1 + onboarding.mentoring), 0.0)


def _proficiencies(model: Model, names: Universe, verb: str) -> Ints:
    table = np.zeros((len(names.pools), len(names.skills)), np.int64)
    for number, (name, position) in enumerate(names.pools):
        groups = model.teams[name].groups if name in model.teams else ()
        if position < len(groups):
            for skill, proficiency in getattr(groups[position], verb).items():
                table[number, names.skill_number[skill]] = max(1, millionths(proficiency))
    return table
