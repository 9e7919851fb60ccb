"""Spending: what the people of a plan cost and what its changes do, by moment; and what delivered items earn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vssim.model.changes import BASELINE, Change, PhaseModel, reached
from vssim.model.model import Model
from vssim.model.moments import Timetable
from vssim.model.money import NOTHING, ChangeCost
from vssim.model.staffing import on_payroll, steps_of
from vssim.model.terms import Money, Stream


def money(phases: Sequence[PhaseModel], changes: Mapping[str, Change], name: str | None) -> Money:
    """What is paid and earned while `phases` are in force, which the change called `name` makes (None: as it is)."""
    costs = [] if name is None or name == BASELINE else list(costs_of(changes, name))
    running: list[tuple[float, float]] = []
    rate = 0.0
    for start, cost in sorted(costs, key=lambda each: each[0]):
        rate += cost.running
        running.append((start, rate))
    wages = [entry for phase, end in zip(phases, _ends(phases), strict=True) for entry in _wages(phase, end)]
    return Money(
        spending=_summed(wages, running),
        once=tuple((start, cost.once) for start, cost in costs if cost.once),
        streams=tuple(
            (kind, Stream(item_type.revenue.per_unit, item_type.revenue.ramp, item_type.revenue.for_))
            for kind, item_type in phases[-1].model.demand.items()
            if item_type.revenue is not None
        ),
    )


def costs_of(changes: Mapping[str, Change], name: str) -> Iterator[tuple[float, ChangeCost]]:
    """What a change and everything that it includes cost, each with when it comes into force; what comes twice is paid once."""
    change = changes[name]
    start, every, days = change.begins or 0.0, change.every or 0.0, change.includes.days
    paid = {name}
    yield start, change.cost
    for number, other in enumerate(change.includes):
        when = days[other] if days else start + number * every
        for each in reached(changes, other):
            if each not in paid:
                paid.add(each)
                yield when, changes[each].cost


def unstated(model: Model, changes: Mapping[str, Change], currency: str) -> Iterator[str]:
    """What of the money is not stated: the currency, or what some people cost while others do."""
    costs = {name: [group.cost for group in team.groups] for name, team in model.teams.items() if team.headcount is not None}
    paid = [cost for each in costs.values() for cost in each if cost is not None]
    earning = any(kind.revenue is not None for kind in model.demand.values())
    if not currency:
        if paid or earning or any(change.cost != NOTHING for change in changes.values()):
            yield "money is stated without a currency: nothing of it is told"
        return
    free = [name for name, each in costs.items() if None in each]
    if free:
        yield f"nothing is said of what people cost in {', '.join(free)}: they count as free of charge"


def _ends(phases: Sequence[PhaseModel]) -> list[float | None]:
    return [*(phase.start for phase in phases[1:]), None]


def _wages(phase: PhaseModel, end: float | None) -> Iterator[tuple[float, float]]:
    """What people cost a unit of time from each moment of a phase on."""
    groups = [group for team in phase.model.teams.values() for group in team.groups if group.cost and isinstance(group.count, int)]
    tables = [(Timetable(steps_of(on_payroll(group.count))), group.cost or 0.0) for group in groups if isinstance(group.count, int)]
    moments = {phase.start, *(since for table, _ in tables for since, _ in table if since > phase.start)}
    for since in sorted(moments):
        if end is None or since < end:
            yield since, sum(table.at(since, 0) * cost for table, cost in tables)


def _summed(wages: Sequence[tuple[float, float]], running: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    moments = sorted({since for since, _ in (*wages, *running)})
    tables = Timetable(tuple(wages)), Timetable(tuple(running))
    return tuple((since, tables[0].at(since, 0.0) + tables[1].at(since, 0.0)) for since in moments)
