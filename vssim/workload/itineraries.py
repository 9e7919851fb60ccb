"""Itineraries: what luck makes of demand and routes. All items that may come to exist, numbered, with all their visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from vssim.clock import FLAG, NUMBER, Ints, Numbers, Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.model import Model
from vssim.workload.arrivals import arrivals
from vssim.workload.draws import drawn
from vssim.workload.families import FamilyTree, Member
from vssim.workload.luck import Luck
from vssim.workload.program import NO_RANK, ItemTable, VisitTable
from vssim.workload.routes import Ways
from vssim.workload.rows import check, table


@dataclass(frozen=True, eq=False)
class Itineraries:
    """The tables of a program that luck fills."""

    items: ItemTable
    visits: VisitTable

    @property
    def bytes(self) -> int:
        """How much they take in memory."""
        return sum(array.nbytes for array in self._arrays())

    def freeze(self) -> Itineraries:
        """The same, safe to be shared: nobody can write in them any more."""
        for array in self._arrays():
            array.flags.writeable = False
        return self

    def _arrays(self) -> Iterator[Numbers | Reals]:
        for one in (self.items, self.visits):
            yield from (getattr(one, field.name) for field in fields(one))


@dataclass(eq=False)
class _Family:
    """All families of one type whose roots arrived in one phase."""

    type_number: int
    numbers: Ints
    times: Ints
    members: list[Member]
    rows: list[Ints]
    """final item numbers, one array per member"""


def itineraries(ways: Ways, starts: Sequence[int], horizon: int, luck: Luck) -> Itineraries:
    """Draw one replication up to `horizon` [ticks] of organisations that come into force at `starts` [ticks]."""
    families = _families(ways, starts, horizon, luck)
    visits, spans = _visits(families, len(ways.models))
    return Itineraries(_Items(families, ways, luck, spans).table(), visits)


def _families(ways: Ways, starts: Sequence[int], horizon: int, luck: Luck) -> list[_Family]:
    """Families by arrival phase and type, with final item numbers in `rows`."""
    ends = [*starts[1:], horizon + 1]
    found = []
    for phase, (model, start, end) in enumerate(zip(ways.models, starts, ends, strict=True)):
        tree = FamilyTree(ways, luck, phase)
        for kind, item_type in model.demand.items():
            numbers, times = arrivals(kind, item_type, horizon, luck)
            now = (times >= start) & (times < end)
            if now.any():
                members = tree.of(kind, numbers[now])
                found.append(_Family(ways.names.types.index(kind), numbers[now], times[now], members, []))
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
    number = np.arange(sum(len(place) for place, *_ in keys))
    if len(keys) > 1:  # one cohort alone is in order
        order = np.lexsort([np.concatenate(column) for column in zip(*keys, strict=True)])
        number[order] = np.arange(len(order))
    begin = 0
    for family in families:
        for member in family.members:
            family.rows.append(number[begin : begin + len(member.roots)])
            begin += len(member.roots)


def _members(families: Sequence[_Family]) -> list[tuple[_Family, Member, Ints]]:
    return [(family, member, rows) for family in families for member, rows in zip(family.members, family.rows, strict=True)]


def _visits(families: Sequence[_Family], phases: int) -> tuple[VisitTable, list[tuple[Numbers, Numbers]]]:
    """The visit table, and by phase the (first, end) rows of every item. Phases with the same journeys share their rows."""
    members = _members(families)
    count = sum(len(rows) for _, _, rows in members)
    tables: list[dict[str, Any]] = []
    spans: list[tuple[Numbers, Numbers]] = []
    base = 0
    for phase in range(phases):
        first, end, fresh = (np.zeros(count, NUMBER) for _ in range(3))
        drawn_now = []
        for _, member, rows in members:
            journey = member.journeys[phase]
            earlier = next((p for p in range(phase) if member.journeys[p] is journey), None)
            if journey is not None and earlier is None:
                fresh[rows] = journey.rows.written
                drawn_now.append((journey.rows, rows))
            elif journey is not None and earlier is not None:
                first[rows], end[rows] = (span[rows] for span in spans[earlier])
        check(base + int(fresh.sum()))
        begins = np.cumsum(fresh, dtype=NUMBER) - fresh
        for _, rows in drawn_now:
            first[rows], end[rows] = base + begins[rows], base + begins[rows] + fresh[rows]
        item = np.repeat(np.arange(count, dtype=NUMBER), fresh)
        tables.append(table([(visits, begins[rows]) for visits, rows in drawn_now]) | {"item": item})
        spans.append((first, end))
        base += int(fresh.sum())
    whole = tables[0] if phases == 1 else {name: np.concatenate([part[name] for part in tables]) for name in tables[0]}
    return VisitTable(**whole), spans


class _Items:
    """The item table being filled, member by member."""

    def __init__(self, families: Sequence[_Family], ways: Ways, luck: Luck, spans: Sequence[tuple[Numbers, Numbers]]) -> None:
        self.families, self.ways, self.luck = families, ways, luck
        count = sum(len(rows) for _, _, rows in _members(families))
        shape = (len(ways.models), count)
        self.type, self.parts = (np.zeros(count, NUMBER) for _ in range(2))
        self.parent, self.follows = (np.full(count, -1, NUMBER) for _ in range(2))
        self.origin = np.zeros(count, FLAG)
        self.arrival = np.full(count, -1, np.int64)
        self.after, self.due = (np.full(shape, -1, np.int64) for _ in range(2))
        self.priority, self.rank, self.work = (np.zeros(shape, np.int64) for _ in range(3))
        self.expedite, self.stops, self.right = (np.zeros(shape, FLAG) for _ in range(3))
        self.value, self.cost_of_delay = (np.full(shape, np.nan) for _ in range(2))
        self.first = np.stack([first for first, _ in spans])
        self.end = np.stack([end for _, end in spans])

    def table(self) -> ItemTable:
        rows_of = {id(member): rows for _, member, rows in _members(self.families)}
        for family, member, rows in _members(self.families):
            self.type[rows] = self.ways.names.types.index(member.cohort.type)
            self.origin[rows] = int(member.origin)
            self.parts[rows] = member.parts
            if member.parent is not None:
                self.parent[rows] = rows_of[id(member.parent)]
            if member.follows is None:
                self.arrival[rows] = family.times[member.roots]
            else:
                self.follows[rows] = rows_of[id(member.follows)][member.source]
                self.after[:, rows] = member.after
            for phase, model in enumerate(self.ways.models):
                self._in_phase(phase, model, member, rows)
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

    def _in_phase(self, phase: int, model: Model, member: Member, rows: Ints) -> None:
        route, journey = member.routes[phase], member.journeys[phase]
        if route is None or journey is None:
            return
        kind, draws = route.kind, _Draws(self.luck, member)
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
        if model.discipline in SORTED_BY_RANK:
            estimate = journey.work * draws.values(kind.estimate, "estimate")
            cost = self.cost_of_delay[phase, rows]
            self.rank[phase, rows] = rank(model.discipline, kind, estimate, cost, self.due[phase, rows])
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
        if distribution.is_constant:
            return np.full(len(self.member.roots), distribution.mean)
        return distribution.quantile(self.uniforms(purpose))


SORTED_BY_RANK = ("shortest_first", "wsjf", "earliest_due")
"""Disciplines that sort by something known before the run."""


def rank(discipline: str, kind: ItemType, estimate: Reals, cost: Reals, due: Ints) -> Ints:
    """What a discipline of `SORTED_BY_RANK` sorts by, smallest first; (n,).

    shortest_first: estimated work of the first pass [ticks]. wsjf: minus cost of delay per unit of estimated work [millionths]
    (Reinertsen 2009, ch. 7), a type without a cost of delay counting 1. earliest_due: due date after arrival [ticks].
    """
    if discipline == "shortest_first":
        return np.rint(estimate).astype(np.int64)
    if discipline == "wsjf":
        costs = np.ones(len(estimate)) if kind.cost_of_delay is None else cost
        urgency = costs / np.maximum(estimate, 1.0) * 1e12
        return -np.rint(np.minimum(urgency, 2.0**60)).astype(np.int64)
    return np.where(due < 0, NO_RANK, due)
