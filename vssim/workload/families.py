"""Families: what arrives, the parts it consists of, and the successors its delivery will cause, generation by generation.

A family member is a whole cohort at once (all roots of one type that arrived while the same items came). Members are listed in
the order of their numbers within a family: parts before their whole, successors directly after the item they follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from vssim.clock import Ints
from vssim.log import Origin
from vssim.model.demand import ItemType
from vssim.workload.blends import Blend
from vssim.workload.draws import drawn
from vssim.workload.journeys import Cohort, Journeys, Mask, journeys
from vssim.workload.listed import NAMED, Listed
from vssim.workload.luck import Luck
from vssim.workload.own import Cut, Own
from vssim.workload.together import Group, Together, Tracks

MOST_GENERATIONS = 50
"""Most generations of successors; what would come after is left out."""


@dataclass(frozen=True, eq=False)
class Walk:
    """The journeys of those items of a cohort that may still go a way, or ways that are walked at once."""

    blend: Blend
    who: Ints
    """(n,) their positions in the cohort, rising"""
    way: Ints
    """(n,) the way of each, among those of the track"""
    journeys: Journeys

    @property
    def kind(self) -> ItemType:
        """Their type there; ways that are walked at once differ in no more than figures that it says of them."""
        return self.blend.first.kind


@dataclass(eq=False)
class Member:
    """One place in a family, filled for items `roots` of the cohort that arrived. Arrays of shape (n,)."""

    cohort: Cohort
    origin: Origin
    roots: Ints
    """positions of the items among the roots of the family"""
    world: Ints
    """of each, where worlds are drawn together"""
    since: Ints
    """the routing in force when the root of each arrived"""
    tracks: Tracks
    settled: bool = False
    """they leave the backlog at once: their way is the one that is in force then"""
    least: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """the first of its track's ways that each may still go"""
    most: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """and the last"""
    walks: list[Walk] = field(default_factory=list)
    """by way, rising by the first; none where nobody can go it any more"""
    parts: int = 0
    """how many parts each of these wholes has; 0 for what is no whole"""
    parent: Member | None = None
    """the whole that these are parts of, row by row"""
    follows: Member | None = None
    source: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """the row of `follows` that each item follows"""
    after: Ints = field(default_factory=lambda: np.empty((0, 0), np.int64))
    """(ways of `follows`, n) [ticks] after its delivery; −1 it never comes if that one goes this way"""

    @property
    def kind(self) -> ItemType:
        """The item type as it was when the family arrived, or first had this type."""
        return self.tracks.kind(int(self.world[0]), int(self.since[0]))


@dataclass
class FamilyTree:
    """Draws families of items that arrive from routing `phase` on, as long as the same items come."""

    together: Together
    luck: Luck
    phase: int

    def of(self, kind: str, numbers: Ints, since: Ints, listed: Listed | None = None, own: Own | None = None) -> list[Member]:
        """All members of the families of items `numbers` of type `kind`, in the order of their numbers in the family.

        `since` which routings they arrive; `listed`: where the file names them; `own`: what they have of their own.
        """
        members: list[Member] = []
        root = Cohort(kind, kind if listed is None else kind + NAMED, numbers, listed=listed, own=own if listed is None else listed)
        everyone, world = np.arange(len(numbers)), self.together.of(numbers)
        self._add(members, Member(root, Origin.DEMAND, everyone, world, since, self.together.tracks(kind, self.phase)), 0)
        return members

    def _add(self, members: list[Member], member: Member, generation: int) -> None:
        """Append a member with its parts before it and its successors behind it."""
        cohort = member.cohort
        own = {} if cohort.listed is None else cohort.listed.parts
        parts = own or member.kind.parts
        member.settled = not parts and self._settled(member)
        self._walk(member)
        for kind, count in parts.items():
            for number in range(count):
                part = Cohort(kind, f"{cohort.lineage}/{kind}#{number}", cohort.numbers, cohort.factor)
                follower = replace(
                    member, origin=Origin.PART, parent=member, parts=0, tracks=self.together.tracks(kind, self.phase)
                )
                if follower.kind.slice:
                    part = replace(part, whole=cohort.nature, own=self._cut(cohort, member.kind, follower.kind))
                follower.cohort = part
                self._add(members, follower, generation)
                member.parts += 1
        members.append(member)
        if generation < MOST_GENERATIONS:
            self._add_successors(members, member, generation + 1)

    def _cut(self, cohort: Cohort, whole: ItemType, sliced: ItemType) -> Own | None:
        """What slices take over from what their wholes have of their own."""
        if cohort.own is None:
            return None
        return Cut(cohort.own, cohort.lineage, sliced.size.mean / whole.size.mean if whole.size.mean else 1.0)

    def _settled(self, member: Member) -> bool:
        """Whether the items of a member that have no parts join the backlog as they arrive, and leave it at once."""
        above: Member | None = member
        while above is not None:
            if above.follows is not None or above.cohort.listed is not None:  # that come later, wait for others, or are there
                return False
            above = above.parent
        return bool(self.together.first.open_doors[member.since, self.together.names.types.index(member.cohort.type)].all())

    def _walk(self, member: Member) -> None:
        """Draw the journeys of each way for those who may go it."""
        tracks = member.tracks
        if member.settled:
            member.least = member.most = tracks.ways[member.world, member.since]
            groups = tracks.blended
        else:
            member.least, member.most = tracks.reach(member.world, member.since)
            groups = tracks.by_way if member.cohort.listed is None else tracks.one_by_one
        walks = (self._together(member, group) for group in groups)
        member.walks = [walk for walk in walks if walk is not None]

    def _together(self, member: Member, group: Group) -> Walk | None:
        """The journeys of those who may go some ways, each one of them; None where nobody may."""
        way = member.least if member.settled else group.way[member.world]
        place = np.where((member.least <= way) & (way <= member.most), group.number[member.world, way], -1)
        who = np.flatnonzero(place >= 0)
        if not len(who):
            return None
        blend = Blend(group.mixture, place[who])
        return Walk(blend, who, way[who], journeys(member.cohort.only(who), blend, self.luck))

    def _add_successors(self, members: list[Member], member: Member, generation: int) -> None:
        for origin in (Origin.DEFECT, Origin.VERSION):
            by_kind: dict[str, Ints] = {}
            for walk in member.walks:
                self._successors_of(walk, member, origin, by_kind)
            for kind, after in by_kind.items():
                come = np.nonzero((after >= 0).any(axis=0))[0]
                if len(come):
                    cohort, tracks = self._successor_cohort(member, origin, kind, come), self.together.tracks(kind, self.phase)
                    roots, world, since = (values[come] for values in (member.roots, member.world, member.since))
                    follower = Member(cohort, origin, roots, world, since, tracks, follows=member)
                    follower.source, follower.after = come, after[:, come]
                    self._add(members, follower, generation)

    def _successors_of(self, walk: Walk, member: Member, origin: Origin, by_kind: dict[str, Ints]) -> None:
        """Note for which items a successor comes, and how long after, if they walk this way."""
        defects, outcome = walk.kind.defects, walk.kind.outcome
        lineage, numbers = member.cohort.lineage, member.cohort.numbers[walk.who]
        if origin is Origin.DEFECT:
            if defects is None:
                return
            name = defects.as_
            comes: Mask = self.luck.uniforms(numbers, lineage, "", "defect") < walk.blend.defect
            law = walk.blend.after(lambda kind: kind.defects)
        else:
            if outcome is None:
                return
            name, comes = member.cohort.type, ~walk.journeys.right
            law = walk.blend.after(lambda kind: kind.outcome)
        times = drawn(law, self.luck.uniforms(numbers, lineage, "", f"after {origin.name}"))
        after = by_kind.setdefault(name, np.full((member.tracks.most, len(member.roots)), -1, np.int64))
        after[walk.way, walk.who] = np.where(comes & ~walk.journeys.stops, times, -1)

    def _successor_cohort(self, member: Member, origin: Origin, kind: str, come: Ints) -> Cohort:
        mark, factor = (">", 1.0) if origin is Origin.DEFECT else ("+", self._version_factor(member))
        return Cohort(kind, f"{member.cohort.lineage}{mark}{kind}", member.cohort.numbers[come], factor)

    def _version_factor(self, member: Member) -> float:
        """Work of a new version as a share of a new item's; it does not compound over versions."""
        tracks, world = member.tracks, int(member.world[0])
        known = [tracks.kind(world, routing).outcome for routing in range(int(member.since[0]), tracks.ways.shape[1])]
        works: Iterator[float] = (outcome.work for outcome in known if outcome is not None)
        return next(works)
