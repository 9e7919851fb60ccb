"""An organisation as an engine sees it: a phase of a plan turned into tables of whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from vssim.clock import MILLION, NO_LIMIT, TICKS, Ints, Reals, millionths, ticks
from vssim.model.batches import gatherings
from vssim.model.changes import PhaseModel
from vssim.model.model import Model
from vssim.model.moments import Spell
from vssim.model.spans import SpanLimit
from vssim.model.staffing import Staff, steps_of
from vssim.model.steps import Gate
from vssim.model.teams import Group, Team
from vssim.workload.crowds import Crowd, crowds, drifting, staffed
from vssim.workload.luck import Luck
from vssim.workload.numbering import Universe, named_needs
from vssim.workload.program import (
    EARLIEST_DUE,
    FIFO,
    LIFO,
    NEVER,
    PULL_FIFO,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
    RANKED,
)
from vssim.workload.rules import GateRules, Phase, PoolRules, SpanRules, StepRules, TeamRules, TypeRules

DISCIPLINES = {"fifo": FIFO, "lifo": LIFO, "shortest_first": RANKED, "wsjf": RANKED, "earliest_due": EARLIEST_DUE}
PULLS = {
    "fifo": PULL_FIFO,
    "finish_first": PULL_FINISH_FIRST,
    "start_first": PULL_START_FIRST,
    "oldest_first": PULL_OLDEST_FIRST,
}
TICKETS = {"first": -1, "with_the_rest": 0, "last": 1}


def organisation(phase: PhaseModel, names: Universe, horizon: float, luck: Luck | None = None, routing: int = 0) -> Phase:
    """The tables of one phase; `horizon` [units] bounds how far pace and people are worked out. `routing`: its number.

    Without `luck` nobody falls ill and no month is better than another.
    """
    model = phase.model
    crowd = crowds(phase, names, horizon, luck)
    staffing, rate = staffed(crowd, ticks(phase.start))
    return Phase(
        start=ticks(phase.start),
        routing=routing,
        discipline=DISCIPLINES[model.discipline],
        stream_limit=_limit(model.wip_limit),
        steps=_step_rules(model, names),
        types=TypeRules(
            limit=_ints(_limit(model.demand[name].wip_limit if name in model.demand else None) for name in names.types),
            gathers=_gathers(model, names),
        ),
        spans=_span_rules(model, names),
        gates=_gate_rules(model, names),
        teams=_team_rules(phase, names, horizon, luck),
        pools=_pool_rules(model, names, crowd, rate),
        staffing=staffing,
        away=tuple((pool, *entry) for pool, each in enumerate(crowd) for entry in each.away),
        closed=tuple((ticks(spell.begin), ticks(spell.end)) for spell in model.calendar.holidays.spells if spell.end > 0),
    )


def shifted(phase: Phase, origin: int, number: int) -> Phase:
    """The tables of a phase on a clock that begins `origin` [ticks] earlier, whole units of time; the first begins there."""
    if not origin:
        return phase
    every, units = np.maximum(phase.gates.every, 1), origin // TICKS
    pace = phase.teams.pace
    if pace.shape[1] > 1:
        pace = np.ascontiguousarray(np.pad(pace, ((0, 0), (units, 0)), "edge"))
    return replace(
        phase,
        start=phase.start + origin if number else 0,
        gates=replace(
            phase.gates,
            offset=(phase.gates.offset + origin) % every,
            openings=np.where(phase.gates.openings == NEVER, NEVER, phase.gates.openings + origin),
        ),
        teams=replace(phase.teams, pace=pace),
        staffing=replace(phase.staffing, at=phase.staffing.at + origin),
        away=tuple((pool, since + origin, absent, ill) for pool, since, absent, ill in phase.away),
        closed=tuple((begin + origin, end + origin) for begin, end in phase.closed),
    )


def _step_rules(model: Model, names: Universe) -> StepRules[Ints]:
    handoffs = [model.handoffs.at(name) for name in names.steps]
    return StepRules(
        there=_ints(name in model.steps for name in names.steps),
        limit=_ints(_limit(model.steps[name].wip_limit if name in model.steps else None) for name in names.steps),
        batch=_ints(into.batch for into in handoffs),
        batch_wait=_ints(_wait(into.wait_at_most) for into in handoffs),
        relearning=_ints(millionths(into.relearning) for into in handoffs),
    )


def _span_rules(model: Model, names: Universe) -> SpanRules[Ints, Ints]:
    spans = [model.limits.get(name) for name in names.spans]
    places = [[names.step_number[step] for step in span.steps] if span else [] for span in spans]
    return SpanRules(
        limit=_ints(_limit(span.most if span else None) for span in spans),
        first=_ints(min(run, default=1) for run in places),
        last=_ints(max(run, default=0) for run in places),
        counted=np.array([[_counts(span, kind) for kind in names.types] for span in spans], np.int64).reshape(
            len(spans), len(names.types)
        ),
    )


def _counts(span: SpanLimit | None, kind: str) -> bool:
    return span is not None and (span.for_ is None or kind in span.for_)


def _gate_rules(model: Model, names: Universe) -> GateRules[Ints, Ints]:
    gates = _gates(model)
    listed = [_openings(gates.get(name)) for name in names.gates]
    openings = np.full((len(listed), 1 + max(map(len, listed), default=0)), NEVER, np.int64)
    for number, moments in enumerate(listed):
        openings[number, : len(moments)] = moments
    return GateRules(
        every=_ints(_every(gates.get(name)) for name in names.gates),
        offset=_ints(ticks(gates[name].offset) % _every(gates[name]) if name in gates else 0 for name in names.gates),
        listed=_ints(name in gates and gates[name].at is not None for name in names.gates),
        openings=openings,
        most=_ints(_limit(gates[name].most) if name in gates else NO_LIMIT for name in names.gates),
    )


def _every(gate: Gate | None) -> int:
    """The interval of a gate [ticks]; 0 for one that does not exist, 1 for one that opens at listed moments."""
    return 0 if gate is None else 1 if gate.every is None else ticks(gate.every)


def _openings(gate: Gate | None) -> list[int]:
    """The moments at which a gate opens that has a list of them [ticks], rising."""
    return [] if gate is None else sorted({ticks(moment) for moment in gate.at or () if moment >= 0})


def _team_rules(phase: PhaseModel, names: Universe, horizon: float, luck: Luck | None) -> TeamRules[Ints, Ints]:
    teams = [phase.model.teams.get(name) for name in names.teams]
    return TeamRules(
        limit=_ints(_limit(team.wip_limit if team else None) for team in teams),
        pull=_ints(PULLS[team.pull] if team else 0 for team in teams),
        resuming=_ints(ticks(team.resuming) if team else 0 for team in teams),
        tickets=_ints(TICKETS[team.tickets] if team else 0 for team in teams),
        pace=_paces(phase, names, horizon, luck),
    )


def _pool_rules(model: Model, names: Universe, crowd: Sequence[Crowd], rate: Ints) -> PoolRules[Ints, Ints]:
    people = _ints(each.people[0] for each in crowd)
    return PoolRules(
        there=_there(model, names),
        people=people,
        cap=_ints(each.cap[0] for each in crowd),
        row=np.arange(len(crowd)),
        most=_ints(_most_on_one(model, name, int(number)) for (name, _), number in zip(names.pools, people, strict=True)),
        rate=rate,
        does=_proficiencies(model, names, "does"),
        helps=_proficiencies(model, names, "helps"),
        stands_in=_stand_ins(model, names),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit


def _wait(longest: float | None) -> int:
    return NEVER if longest is None else ticks(longest)


def _gathers(model: Model, names: Universe) -> Ints:
    """By type and step: whether what arrives may come to gather there."""
    table = np.zeros((len(names.types), len(names.steps)), np.int64)
    places = [(gathering.kind, gathering.into) for gathering in gatherings(model)]
    for number, name in enumerate(names.types):
        if name in model.demand:
            arriving = _arriving(model, name)
            for kind, into in places:
                table[number, names.steps.index(into)] |= kind in arriving
    return table


def _arriving(model: Model, name: str) -> set[str]:
    """The types of what arrives with an item: itself, or its parts, down to those without parts."""
    parts = model.demand[name].parts
    return set().union(*(_arriving(model, part) for part in parts)) if parts else {name}


def _gates(model: Model) -> dict[str, Gate]:
    gates = {name: step.gate for name, step in model.steps.items() if step.gate is not None}
    for name, step in model.steps.items():
        gates |= {label: need.gate for label, need in named_needs(name, step.needs) if need.gate is not None}
    return gates


def _there(model: Model, names: Universe) -> Ints:
    return _ints(position < len(groups) for groups, position in _each_pool(model, names))


def _each_pool(model: Model, names: Universe) -> list[tuple[tuple[Group, ...], int]]:
    """By pool: the groups of its team (none where there is no such team), and its place among them."""
    groups = {name: team.groups for name, team in model.teams.items()}  # each is made anew when it is asked for
    return [(groups.get(name, ()), position) for name, position in names.pools]


def _moves(team: Team, luck: Luck | None) -> bool:
    """Whether a team's pace is not the same at all times."""
    people = bool(team.coordination) and any(isinstance(group.count, Staff) for group in team.groups)
    return team.improvement is not None or people or (team.drift is not None and luck is not None)


def _heads(team: Team, times: Reals) -> Reals:
    """How many people a team has, here or not, at some moments [units] (any shape)."""
    heads = np.zeros(np.shape(times))
    for group in team.groups:
        since, count = zip(*steps_of(int(group.count) if not isinstance(group.count, Staff) else group.count), strict=True)
        heads += np.array(count)[np.maximum(np.searchsorted(since, times, side="right") - 1, 0)]
    return heads


def _most_on_one(model: Model, name: str, people: int) -> int:
    """How many people of a pool work on one item at most [millionths of a person]; as many as there are, where more may."""
    team = model.teams.get(name)
    most = team.swarming.most if team is not None and team.swarming is not None else 1.0
    return millionths(min(most, max(1, people)))


def _paces(phase: PhaseModel, names: Universe, horizon: float, luck: Luck | None) -> Ints:
    """Pace of every team in every unit of time, as few columns as say it [millionths]."""
    closed = phase.model.calendar.holidays.spells
    moving = bool(phase.dips or closed) or any(_moves(team, luck) for team in phase.model.teams.values())
    units = np.arange(math.ceil(horizon) + 2 if moving else 1, dtype=np.float64)
    here = 1 - away(closed, len(units)) if closed else 1.0
    since_start = np.maximum(units, phase.start)
    pace = np.full((len(names.teams), len(units)), MILLION, np.int64)
    for number, name in enumerate(names.teams):
        team = phase.model.teams.get(name)
        if team is not None:
            values = _pace(team, phase, name, since_start) * here
            if team.drift is not None and luck is not None:
                values = values * drifting(team.drift, name, len(units), luck)
            pace[number] = np.rint(np.broadcast_to(values, units.shape) * MILLION)
    pace[:, -1] = np.maximum(pace[:, -1], 1)
    changes = np.nonzero((pace[:, 1:] != pace[:, :-1]).any(axis=0))[0]
    return np.ascontiguousarray(pace[:, : (changes[-1] + 2 if len(changes) else 1)])


def away(spells: Iterable[Spell], units: int) -> Reals:
    """The share of each unit of time from 0 on that lies in some of the spells, which are apart from each other (units,)."""
    absent = np.zeros(units)
    for spell in spells:
        begin, end = max(spell.begin, 0.0), min(spell.end, float(units))
        if begin < end:
            cells = np.arange(math.floor(begin), math.ceil(end))
            absent[cells] += np.minimum(cells + 1, end) - np.maximum(cells, begin)
    return np.minimum(absent, 1.0)


def _pace(team: Team, phase: PhaseModel, name: str, times: Reals) -> Reals | float:
    pace: Reals | float = 1 - team.meetings
    if team.coordination and team.headcount:
        pace = pace / (1 + team.coordination * np.maximum(_heads(team, times) - 1, 0))
    if team.improvement is not None:
        improvement = team.improvement
        learned = 1 - np.exp(-np.maximum(times - phase.improving_since.get(name, 0.0), 0) / improvement.within)
        pace = pace * (1 - improvement.share) / (1 - improvement.gain * learned)
    for dip in phase.dips:
        if name in dip.teams:
            pain = dip.depth * np.exp(-3 * np.maximum(times - dip.since, 0) / dip.recover)
            pace = pace * (1 - np.where(times >= dip.since, pain, 0))
    return pace


def _stand_ins(model: Model, names: Universe) -> Ints:
    table = np.zeros((len(names.pools), len(names.skills)), np.int64)
    for number, (groups, position) in enumerate(_each_pool(model, names)):
        if position < len(groups):
            group = groups[position]
            table[number, [names.skill_number[skill] for skill in group.only_when_alone if skill not in group.does]] = 1
    return table


def _proficiencies(model: Model, names: Universe, verb: str) -> Ints:
    table = np.zeros((len(names.pools), len(names.skills)), np.int64)
    for number, (groups, position) in enumerate(_each_pool(model, names)):
        if position < len(groups):
            for skill, proficiency in getattr(groups[position], verb).items():
                table[number, names.skill_number[skill]] = max(1, millionths(proficiency))
    return table
