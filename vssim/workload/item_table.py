"""The item table: what every item is, in each routing, filled member by member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import FLAG, NUMBER, Ints, Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.model import Model
from vssim.workload.draws import drawn
from vssim.workload.families import Member
from vssim.workload.listed import Listed, left_given
from vssim.workload.luck import Luck
from vssim.workload.program import KEPT_BY_DELIVERY, KEPT_BY_PULL, KEPT_BY_START, ItemTable
from vssim.workload.ranks import SORTED_BY_RANK, rank
from vssim.workload.roots import Family, members_of
from vssim.workload.routes import Ways
from vssim.workload.visit_tables import Span


class Items:
    """The item table being filled, member by member."""

    def __init__(
        self,
        families: Sequence[Family],
        ways: Ways,
        luck: Luck,
        spans: Sequence[Span],
        last_arrival: Ints,
    ) -> None:
        self.families, self.ways, self.luck, self.last_arrival = families, ways, luck, last_arrival
        count = sum(len(rows) for _, _, rows in members_of(families))
        shape = (len(ways.models), count)
        self.type, self.parts = (np.zeros(count, NUMBER) for _ in range(2))
        self.parent, self.follows = (np.full(count, -1, NUMBER) for _ in range(2))
        self.origin = np.zeros(count, FLAG)
        self.arrival = np.full(count, -1, np.int64)
        self.after, self.due = (np.full(shape, -1, np.int64) for _ in range(2))
        self.priority, self.rank, self.work = (np.zeros(shape, np.int64) for _ in range(3))
        self.expedite, self.stops, self.right = (np.zeros(shape, FLAG) for _ in range(3))
        self.value, self.cost_of_delay = (np.full(shape, np.nan) for _ in range(2))
        # Most models have nobody who gives up or interrupts: one number for all takes no memory, and no time to write.
        kinds = [kind for model in ways.models for kind in model.demand.values()]
        patient, urgent = any(kind.gives_up is not None for kind in kinds), any(kind.interrupts for kind in kinds)
        self.interrupts = np.zeros(shape, FLAG) if urgent else np.broadcast_to(FLAG(0), shape)
        self.patience = np.full(shape, -1, np.int64) if patient else np.broadcast_to(np.int64(-1), shape)
        self.unless = np.zeros(shape, FLAG) if patient else np.broadcast_to(FLAG(0), shape)
        self.first = np.stack([span.first for span in spans])
        self.end = np.stack([span.end for span in spans])

    def table(self, origin: int) -> ItemTable:
        """The whole of it; `origin`: time 0 on its clock [ticks]."""
        rows_of = {id(member): rows for _, member, rows in members_of(self.families)}
        for family, member, rows in members_of(self.families):
            self.type[rows] = self.ways.names.types.index(member.cohort.type)
            self.origin[rows] = int(member.origin)
            self.parts[rows] = member.parts
            if member.parent is not None:
                self.parent[rows] = rows_of[id(member.parent)]
            if member.follows is None:
                self.arrival[rows] = family.times[member.roots] + origin
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
            last_arrival=self.last_arrival,
            after=self.after,
            priority=self.priority,
            expedite=self.expedite,
            interrupts=self.interrupts,
            rank=self.rank,
            first=self.first,
            end=self.end,
            stops=self.stops,
            right=self.right,
            work=self.work,
            due=self.due,
            patience=self.patience,
            unless=self.unless,
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
        if kind.interrupts:
            self.interrupts[phase, rows] = 1
        self.stops[phase, rows] = journey.stops
        self.right[phase, rows] = journey.right
        self.work[phase, rows] = journey.work
        if kind.due is not None:
            self.due[phase, rows] = drawn(kind.due, draws.uniforms("due"))
        if kind.gives_up is not None:
            self.patience[phase, rows] = _patience(kind.gives_up.after, draws.uniforms("patience"), member.cohort.listed)
            self.unless[phase, rows] = UNLESS[kind.gives_up.unless]
        if kind.value is not None:
            self.value[phase, rows] = draws.values(kind.value, "value")
        if kind.cost_of_delay is not None:
            self.cost_of_delay[phase, rows] = draws.values(kind.cost_of_delay, "cost of delay")
        self._of_its_own(phase, kind, member, rows)
        if model.discipline in SORTED_BY_RANK:
            estimate = journey.work * draws.values(kind.estimate, "estimate")
            cost = self.cost_of_delay[phase, rows]
            self.rank[phase, rows] = rank(model.discipline, kind, estimate, cost, self.due[phase, rows])
        if member.cohort.whole is not None:
            self.cost_of_delay[phase, rows] = np.nan  # a slice is as urgent as its whole, which is what costs

    def _of_its_own(self, phase: int, kind: ItemType, member: Member, rows: Ints) -> None:
        """What items have of their own, in place of what their type says."""
        listed, own, lineage = member.cohort.listed, member.cohort.own, member.cohort.lineage
        if listed is not None:
            self.priority[phase, rows] = listed.priorities(kind)
        if own is not None:
            self.due[phase, rows] = own.dues(self.luck, lineage, self.due[phase, rows])
            self.value[phase, rows] = own.values(self.luck, lineage, self.value[phase, rows])


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


def _patience(after: Distribution, uniforms: Reals, named: Listed | None) -> Ints:
    """How long after arrival they give up [ticks]; who is there already has had the patience until now."""
    if named is None:
        return drawn(after, uniforms)
    ages = np.maximum(-named.arrived, 0) * named.here
    return ages + left_given(after, uniforms, ages)


UNLESS = {"pulled": KEPT_BY_PULL, "started": KEPT_BY_START, "delivered": KEPT_BY_DELIVERY}
