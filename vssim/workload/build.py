"""From a plan and luck to a program: everything an engine needs, numbered and in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vssim.clock import Ints, Reals, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel, Plan
from vssim.model.demand import ItemType
from vssim.model.distributions import ONE, Distribution
from vssim.model.model import Model
from vssim.workload.arrivals import arrivals
from vssim.workload.families import FamilyTree, Member
from vssim.workload.journeys import drawn
from vssim.workload.luck import Luck
from vssim.workload.organisation import organisation
from vssim.workload.program import NO_RANK, ItemTable, Phase, Program, VisitTable
from vssim.workload.rows import COLUMNS
from vssim.workload.universe import Universe, universe


@dataclass(eq=False)
class _Family:
    """All families of one type whose roots arrived in one phase."""

    type_number: int
    numbers: Ints
    times: Ints
    members: list[Member]
    rows: list[Ints]
    """final item numbers, one array per member"""


def build(plan: Plan, *, horizon: float, seed: int, replication: int, unit: str) -> Program:
    """Draw one replication of a plan up to `horizon` [units].

    Raises RunError when the run's numbers would not fit the engines.
    """
    in_force = _that_count(plan, horizon)
    models = [phase.model for phase in in_force]
    names = universe(models)
    luck = Luck(seed, replication)
    starts = [ticks(phase.start) for phase in in_force]
    families = _families(models, starts, ticks(horizon), names, luck)
    phases = tuple(organisation(phase, names, horizon) for phase in in_force)
    visits, spans = _visits(families, len(models))
    items = _Items(families, models, names, luck, len(visits.item), spans).table()
    team_number = {name: number for number, name in enumerate(names.teams)}
    program = Program(
        horizon=ticks(horizon),
        phases=phases,
        items=items,
        visits=visits,
        unit=unit,
        steps=names.steps,
        skills=names.skills,
        types=names.types,
        teams=names.teams,
        pool_team=np.array([team_number[team] for team, _ in names.pools], np.int64),
        gates=names.gates,
    )
    _check_range(program)
    return program


def _that_count(plan: Plan, horizon: float) -> list[PhaseModel]:
    """The organisations that come into force within the run and differ from the one before: only for them does anybody wait."""
    found = list(plan.phases[:1])
    for phase in plan.phases[1:]:
        if phase.start <= horizon and replace(phase, start=found[-1].start) != found[-1]:
            found.append(phase)
    return found


def _families(models: Sequence[Model], starts: Sequence[int], horizon: int, names: Universe, luck: Luck) -> list[_Family]:
    """Families by arrival phase and type, with final item numbers in `rows`."""
    ends = [*starts[1:], horizon + 1]
    found = []
    for phase, (model, start, end) in enumerate(zip(models, starts, ends, strict=True)):
        tree = FamilyTree(models, names, luck, phase)
        for kind, item_type in model.demand.items():
            numbers, times = arrivals(kind, item_type, horizon, luck)
            now = (times >= start) & (times < end)
            if now.any():
                members = tree.of(kind, numbers[now])
                found.append(_Family(names.types.index(kind), numbers[now], times[now], members, []))
    _number(found)
    return found


def _number(families: list[_Family]) -> None:
    """Number all items by arrival, then type, then number in their stream, then place in the family."""
    keys: list[tuple[Ints, Ints, Ints, Ints]] = []
    for family in families:
        for place, member in enumerate(family.members):
            count = len(member.roots)
            keys.append(
                (
                    np.full(count, place),
                    family.numbers[member.roots],
                    np.full(count, family.type_number),
                    family.times[member.roots],
                )
            )
    if not keys:
        return
    order = np.lexsort([np.concatenate(column) for column in zip(*keys, strict=True)])
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    begin = 0
    for family in families:
        for member in family.members:
            family.rows.append(number[begin : begin + len(member.roots)])
            begin += len(member.roots)


def _members(families: Sequence[_Family]) -> list[tuple[_Family, Member, Ints]]:
    return [(family, member, rows) for family in families for member, rows in zip(family.members, family.rows, strict=True)]


def _visits(families: Sequence[_Family], phases: int) -> tuple[VisitTable, dict[int, tuple[Ints, Ints]]]:
    """The visit table, and by phase the (first, end) rows of every item. Phases with the same journeys share their rows."""
    count = sum(len(rows) for _, _, rows in _members(families))
    tables: list[dict[str, Ints]] = []
    owners: list[Ints] = []
    spans: dict[int, tuple[Ints, Ints]] = {}
    base = 0
    for phase in range(phases):
        first, end = np.zeros(count, np.int64), np.zeros(count, np.int64)
        fresh = np.zeros(count, np.int64)
        for _, member, rows in _members(families):
            journey = member.journeys[phase]
            earlier = [p for p in range(phase) if member.journeys[p] is journey]
            if journey is not None and not earlier:
                fresh[rows] = journey.rows.written
            elif journey is not None:
                first[rows], end[rows] = (span[rows] for span in spans[earlier[0]])
        begins = base + np.cumsum(fresh) - fresh
        drawn_now = [
            (member, rows)
            for _, member, rows in _members(families)
            if member.journeys[phase] is not None and not any(member.journeys[p] is member.journeys[phase] for p in range(phase))
        ]
        table = {name: np.empty(int(fresh.sum()), np.int64) for name in COLUMNS}
        for member, rows in drawn_now:
            first[rows], end[rows] = begins[rows], begins[rows] + fresh[rows]
            _place(table, member, phase, begins[rows] - base)
        tables.append(table)
        owners.append(np.repeat(np.arange(count), fresh))
        spans[phase] = (first, end)
        base += int(fresh.sum())
    columns = {name: np.concatenate([table[name] for table in tables]) for name in COLUMNS}
    return VisitTable(item=np.concatenate(owners), **columns), spans


def _place(table: dict[str, Ints], member: Member, phase: int, begins: Ints) -> None:
    """Write a member's visits into the phase's table, each item's from its own row on."""
    journey = member.journeys[phase]
    if journey is None or not journey.rows.written.any():
        return
    written = journey.rows.written
    starts = np.cumsum(written) - written
    own = journey.rows.table(starts)
    rows = np.repeat(begins - starts, written) + np.arange(int(written.sum()))
    for name, values in own.items():
        table[name][rows] = values


class _Items:
    """The item table being filled, member by member."""

    def __init__(
        self,
        families: Sequence[_Family],
        models: Sequence[Model],
        names: Universe,
        luck: Luck,
        visits: int,
        spans: dict[int, tuple[Ints, Ints]],
    ) -> None:
        self.families, self.models, self.names, self.luck, self.visits = families, models, names, luck, visits
        count = sum(len(rows) for _, _, rows in _members(families))
        shape = (len(models), count)
        self.type = np.zeros(count, np.int64)
        self.parent, self.follows, self.arrival = (np.full(count, -1, np.int64) for _ in range(3))
        self.origin, self.parts = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.after, self.due = (np.full(shape, -1, np.int64) for _ in range(2))
        self.priority, self.expedite, self.rank, self.stops, self.right, self.work = (np.zeros(shape, np.int64) for _ in range(6))
        self.value, self.cost_of_delay = (np.full(shape, np.nan) for _ in range(2))
        self.first = np.stack([spans[phase][0] for phase in range(len(models))])
        self.end = np.stack([spans[phase][1] for phase in range(len(models))])

    def table(self) -> ItemTable:
        rows_of = {id(member): rows for _, member, rows in _members(self.families)}
        for family, member, rows in _members(self.families):
            self.type[rows] = self.names.types.index(member.cohort.type)
            self.origin[rows] = int(member.origin)
            self.parts[rows] = member.parts
            if member.parent is not None:
                self.parent[rows] = rows_of[id(member.parent)]
            if member.follows is None:
                self.arrival[rows] = family.times[member.roots]
            else:
                self.follows[rows] = rows_of[id(member.follows)][member.source]
                self.after[:, rows] = member.after
            for phase in range(len(self.models)):
                self._in_phase(phase, member, rows)
        return ItemTable(
            type=self.type,
            parent=self.parent,
            follows=self.follows,
            origin=self.origin,
            arrival=self.arrival,
            parts=self.parts,
            after=self.after,
            priority=self.priority,
            expedite=self.expedite,
            rank=self.rank,
            first=self.first,
            end=self.end,
            stops=self.stops,
            right=self.right,
            work=self.work,
            due=self.due,
            value=self.value,
            cost_of_delay=self.cost_of_delay,
        )

    def _in_phase(self, phase: int, member: Member, rows: Ints) -> None:
        model, journey = member.models[phase], member.journeys[phase]
        if model is None or journey is None:
            return
        kind = model.demand[member.cohort.type]
        draws = _Draws(self.luck, member)
        self.priority[phase, rows] = kind.priority
        self.expedite[phase, rows] = kind.expedite
        self.stops[phase, rows] = journey.stops
        self.right[phase, rows] = journey.right
        self.work[phase, rows] = journey.work
        if kind.due is not None:
            self.due[phase, rows] = drawn(kind.due, draws.uniforms("due"))
        if kind.value is not None:
            self.value[phase, rows] = draws.values(kind.value, "value")
        if kind.cost_of_delay is not None:
            self.cost_of_delay[phase, rows] = draws.values(kind.cost_of_delay, "cost of delay")
        estimate = self.work[phase, rows] * draws.values(kind.estimate, "estimate")
        cost = self.cost_of_delay[phase, rows]
        self.rank[phase, rows] = rank(self.models[phase].discipline, kind, estimate, cost, self.due[phase, rows])
        if member.cohort.whole is not None:
            self.cost_of_delay[phase, rows] = np.nan  # a slice is as urgent as its whole, which is what costs


@dataclass(frozen=True)
class _Draws:
    """What is drawn once per item of a member."""

    luck: Luck
    member: Member

    def uniforms(self, purpose: str) -> Reals:
        return self.luck.uniforms(self.member.cohort.numbers, self.member.cohort.nature, "", purpose)

    def values(self, distribution: Distribution, purpose: str) -> Reals:
        if distribution is ONE or distribution.is_constant:
            return np.full(len(self.member.roots), distribution.mean)
        return distribution.quantile(self.uniforms(purpose))


def rank(discipline: str, kind: ItemType, estimate: Reals, cost: Reals, due: Ints) -> Ints:
    """What the discipline sorts by, smallest first; (n,).

    shortest_first: estimated work of the first pass [ticks]. wsjf: minus cost of delay per unit of estimated work [millionths]
    (Reinertsen 2009, ch. 7), a type without a cost of delay counting 1. earliest_due: due date after arrival [ticks].
    """
    if discipline == "shortest_first":
        return np.rint(estimate).astype(np.int64)
    if discipline == "wsjf":
        costs = np.ones(len(estimate)) if kind.cost_of_delay is None else cost
        urgency = costs / np.maximum(estimate, 1.0) * 1e12
        return -np.rint(np.minimum(urgency, 2.0**60)).astype(np.int64)
    if discipline == "earliest_due":
        return np.where(due < 0, NO_RANK, due)
    return np.zeros(len(estimate), np.int64)


def _check_range(program: Program) -> None:
    """Refuse a run whose sums could leave 64 bits: virtual time, and the longest work in it."""
    fastest = max(int(phase.rate.max(initial=0)) * int(phase.pace.max(initial=0)) for phase in program.phases) / 1e12
    slowest = min(_least(phase) for phase in program.phases)
    extra = 1 + max(int(phase.relearning.max(initial=0)) for phase in program.phases) / 1e6
    work = (int(program.visits.work.max(initial=0)) * extra + int(program.visits.setup.max(initial=0))) / slowest
    virtual = (program.horizon * max(fastest, 1.0) + work) * 1e6
    clock = float(program.horizon) + work
    most_people = max(int(phase.pool_people.max(initial=0)) for phase in program.phases)
    if max(virtual, clock * max(1, most_people)) >= 2.0**63:
        raise RunError(
            f"the run is too long for the engines' whole numbers: horizon {program.horizon / 1e6:,.0f} units and work of up to "
            f"{work / 1e6:,.0f} units need {virtual:.3g} steps of a millionth of a tick; at most {2.0**63:.3g} fit"
        )


def _least(phase: Phase) -> float:
    """The smallest proficiency in a phase [1]."""
    both = [table[table > 0] for table in (phase.does, phase.helps)]
    return float(min((int(values.min()) for values in both if len(values)), default=1_000_000)) / 1e6
