"""Families: what arrives, the parts it consists of, and the successors its delivery will cause, generation by generation.

A family member is a whole cohort at once (all roots of one type that arrived in one phase). Members are listed in the order of
their numbers within a family: parts before their whole, successors directly after the item they follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vssim.clock import Ints
from vssim.log import Origin
from vssim.model.demand import ItemType
from vssim.workload.draws import drawn
from vssim.workload.journeys import Cohort, Journeys, Mask, journeys
from vssim.workload.listed import NAMED, Listed
from vssim.workload.luck import Luck
from vssim.workload.own import Cut, Own
from vssim.workload.routes import Route, Ways

MOST_GENERATIONS = 50
"""Most generations of successors; what would come after is left out."""


@dataclass(eq=False)
class Member:
    """One place in a family, filled for items `roots` of the cohort that arrived. Arrays of shape (n,) or (phases, n)."""

    cohort: Cohort
    origin: Origin
    roots: Ints
    """positions of the items among the roots of the family"""
    after: Ints
    """(phases, n) [ticks] after the delivery of `follows`; −1 it never comes if that one follows this phase"""
    journeys: list[Journeys | None] = field(default_factory=list)
    """by phase; None before the arrival's phase. Equal organisations share one object"""
    routes: list[Route | None] = field(default_factory=list)
    """by phase: the way that the journeys take"""
    parts: int = 0
    """how many parts each of these wholes has; 0 for what is no whole"""
    parent: Member | None = None
    """the whole that these are parts of, row by row"""
    follows: Member | None = None
    source: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """(n,) the row of `follows` that each item follows"""

    @property
    def kind(self) -> ItemType:
        """The item type as it was when the family arrived, or first had this type."""
        return next(route for route in self.routes if route is not None).kind


@dataclass
class FamilyTree:
    """Draws families of items that arrive in phase `phase`."""

    ways: Ways
    luck: Luck
    phase: int

    def of(self, kind: str, numbers: Ints, listed: Listed | None = None, own: Own | None = None) -> list[Member]:
        """All members of the families of items `numbers` of type `kind`, in the order of their numbers in the family.

        `listed`: where the file names them; `own`: what they have of their own.
        """
        members: list[Member] = []
        count = len(numbers)
        never = np.full((len(self.ways.models), count), -1, np.int64)
        root = Cohort(kind, kind if listed is None else kind + NAMED, numbers, listed=listed, own=own if listed is None else listed)
        self._add(members, Member(root, Origin.DEMAND, np.arange(count), never), 0)
        return members

    def _add(self, members: list[Member], member: Member, generation: int) -> None:
        """Append a member with its parts before it and its successors behind it."""
        cohort = member.cohort
        member.routes = self._routes(cohort.type)
        member.journeys = self._journeys(cohort, member.routes)
        own = {} if cohort.listed is None else cohort.listed.parts
        for kind, count in (own or member.kind.parts).items():
            for number in range(count):
                part = Cohort(kind, f"{cohort.lineage}/{kind}#{number}", cohort.numbers, cohort.factor)
                if self._is_slice(kind):
                    part = replace(part, whole=cohort.nature, own=self._cut(cohort, member.kind, kind))
                follower = replace(member, cohort=part, origin=Origin.PART, parent=member, parts=0)
                self._add(members, follower, generation)
                member.parts += 1
        members.append(member)
        if generation < MOST_GENERATIONS:
            self._add_successors(members, member, generation + 1)

    def _cut(self, cohort: Cohort, whole: ItemType, kind: str) -> Own | None:
        """What slices take over from what their wholes have of their own."""
        if cohort.own is None:
            return None
        sliced = next(route for route in self._routes(kind) if route is not None).kind
        return Cut(cohort.own, cohort.lineage, sliced.size.mean / whole.size.mean if whole.size.mean else 1.0)

    def _is_slice(self, kind: str) -> bool:
        return next(route for route in self._routes(kind) if route is not None).kind.slice

    def _routes(self, kind: str) -> list[Route | None]:
        """By phase the route that an item of `kind` follows; an organisation that does not know it is passed over.

        Whether an item is a whole of parts is settled when it arrives.
        """
        models = self.ways.models
        routes: list[Route | None] = [None] * len(models)
        knowing = [number for number, model in enumerate(models) if kind in model.demand]
        known = next((number for number in knowing if number >= self.phase), knowing[0])
        parts = bool(models[known].demand[kind].parts)
        for phase in range(self.phase, len(models)):
            if phase in knowing and bool(models[phase].demand[kind].parts) == parts:
                known = phase
            routes[phase] = self.ways.route(known, kind)
        return routes

    def _journeys(self, cohort: Cohort, routes: list[Route | None]) -> list[Journeys | None]:
        """Journeys by phase; phases whose journeys cannot differ share them."""
        by_route = {route: journeys(cohort, route, self.luck) for route in dict.fromkeys(routes) if route is not None}
        return [None if route is None else by_route[route] for route in routes]

    def _add_successors(self, members: list[Member], member: Member, generation: int) -> None:
        for origin in (Origin.DEFECT, Origin.VERSION):
            by_kind: dict[str, Ints] = {}
            for phase, route in enumerate(member.routes):
                if route is not None:
                    self._successors_in(phase, route.kind, member, origin, by_kind)
            for kind, after in by_kind.items():
                come = np.nonzero((after >= 0).any(axis=0))[0]
                if len(come):
                    cohort = self._successor_cohort(member, origin, kind, come)
                    successor = Member(cohort, origin, member.roots[come], after[:, come], follows=member, source=come)
                    self._add(members, successor, generation)

    def _successors_in(self, phase: int, kind: ItemType, member: Member, origin: Origin, by_kind: dict[str, Ints]) -> None:
        """Note for which items a successor comes, and how long after, if they follow the itinerary of `phase`."""
        journey = member.journeys[phase]
        cause = kind.defects if origin is Origin.DEFECT else kind.outcome
        if cause is None or journey is None:
            return
        lineage, numbers = member.cohort.lineage, member.cohort.numbers
        if kind.defects is not None and origin is Origin.DEFECT:
            name = kind.defects.as_
            comes: Mask = self.luck.uniforms(numbers, lineage, "", "defect") < kind.defects.chance
        else:
            name = member.cohort.type
            comes = ~journey.right
        times = drawn(cause.after, self.luck.uniforms(numbers, lineage, "", f"after {origin.name}"))
        after = by_kind.setdefault(name, np.full((len(self.ways.models), len(numbers)), -1, np.int64))
        after[phase] = np.where(comes & ~journey.stops, times, -1)

    def _successor_cohort(self, member: Member, origin: Origin, kind: str, come: Ints) -> Cohort:
        mark, factor = (">", 1.0) if origin is Origin.DEFECT else ("+", self._version_factor(member))
        return Cohort(kind, f"{member.cohort.lineage}{mark}{kind}", member.cohort.numbers[come], factor)

    def _version_factor(self, member: Member) -> float:
        """Work of a new version as a share of a new item's; it does not compound over versions."""
        known = [route.kind.outcome for route in member.routes if route is not None]
        return next(outcome.work for outcome in known if outcome is not None)
