"""Families: what arrives, the parts it consists of, and the successors its delivery will cause, generation by generation.

A family member is a whole cohort at once (all roots of one type that arrived while the same items came). Members are listed in
the order of their numbers within a family: parts before their whole, successors directly after the item they follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from vssim.clock import Ints
from vssim.log import Origin
from vssim.model.demand import ItemType
from vssim.workload.blends import Blend
from vssim.workload.draws import drawn
from vssim.workload.foresight import Foresight
from vssim.workload.journeys import Cohort, Journeys, Mask, journeys
from vssim.workload.listed import NAMED, Listed
from vssim.workload.luck import MARK, Luck
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
    ids: Ints
    """of the roots, for foresight: with the marks of their replications, rising, each once, which numbers in streams need not be"""
    since: Ints
    """the routing in force when the root of each arrived"""
    tracks: Tracks
    settled: bool = False
    """they leave the backlog at once: their way is the one that is in force then"""
    known_as: tuple[int, str] | None = None
    """where it is guessed when they leave the backlog: under which name. They may go other ways than from `least` to `most`"""
    least: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """the first of its track's ways that are drawn for each"""
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
    """(ways of `follows` from its `least` on, n) [ticks] after its delivery; −1 it never comes if that one goes this way"""

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
    foresight: Foresight | None = None
    """guesses when they leave the backlog; None: all ways are drawn that they may still go"""

    def of(self, kind: str, numbers: Ints, since: Ints, listed: Listed | None = None, own: Own | None = None) -> list[Member]:
        """All members of the families of items `numbers` of type `kind`, in the order of their numbers in the family.

        `since` which routings they arrive; `listed`: where the file names them; `own`: what they have of their own.
        """
        members: list[Member] = []
        root = Cohort(kind, kind if listed is None else kind + NAMED, numbers, listed=listed, own=own if listed is None else listed)
        everyone, world = np.arange(len(numbers)), self.together.of(numbers)
        tracks, ids = self.together.tracks(kind, self.phase), numbers if self.foresight is None else _ids(numbers)
        self._add(members, Member(root, Origin.DEMAND, everyone, world, ids, since, tracks), 0)
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
        member.known_as = None
        if member.settled:
            member.least = member.most = tracks.ways[member.world, member.since]
        elif self.foresight is not None and tracks.most > 1:
            member.known_as = self.phase, member.cohort.lineage
            member.least, member.most = self.foresight.ways(member.known_as, member.ids, tracks.each[0], member.since)
        else:
            member.least, member.most = tracks.reach(member.world, member.since)
        if member.settled or member.known_as is not None:
            walks = (self._together(member, group, *chosen) for chosen in _by_turn(member) for group in tracks.blended)
        else:
            groups = tracks.by_way if member.cohort.listed is None else tracks.one_by_one
            walks = (self._together(member, group, *_who_may_go(member, group)) for group in groups)
        member.walks = [walk for walk in walks if walk is not None]

    def _together(self, member: Member, group: Group, who: Ints, way: Ints) -> Walk | None:
        """The journeys of items `who`, each of which goes a `way`, if it is one of a group; None where it is nobody's."""
        place = group.number[member.world[who], way]
        if (place < 0).any():
            among = place >= 0
            who, way, place = who[among], way[among], place[among]
        if not len(who):
            return None
        blend = Blend(group.mixture, place)
        return Walk(blend, who, way, journeys(member.cohort.only(who), blend, self.luck))

    def _add_successors(self, members: list[Member], member: Member, generation: int) -> None:
        for origin in (Origin.DEFECT, Origin.VERSION):
            by_kind: dict[str, Ints] = {}
            for walk in member.walks:
                self._successors_of(walk, member, origin, by_kind)
            for kind in _in_order(member, origin, by_kind):
                after = by_kind[kind]
                come = np.nonzero((after >= 0).any(axis=0))[0]
                if len(come):
                    cohort, tracks = self._successor_cohort(member, origin, kind, come), self.together.tracks(kind, self.phase)
                    roots, world, ids, since = (values[come] for values in (member.roots, member.world, member.ids, member.since))
                    follower = Member(cohort, origin, roots, world, ids, since, tracks, follows=member)
                    follower.source, follower.after = come, after[:, come]
                    self._add(members, follower, generation)

    def _successors_of(self, walk: Walk, member: Member, origin: Origin, by_kind: dict[str, Ints]) -> None:
        """Note for which items a successor comes, and how long after, if they walk this way."""
        defects, outcome = walk.kind.defects, walk.kind.outcome
        lineage, numbers = member.cohort.lineage, member.cohort.numbers[walk.who]
        if origin is Origin.DEFECT:
            if defects is None:
                return
            comes: Mask = self.luck.uniforms(numbers, lineage, "", "defect") < walk.blend.defect
            law = walk.blend.after(lambda kind: kind.defects)
        else:
            if outcome is None:
                return
            comes = ~walk.journeys.right
            law = walk.blend.after(lambda kind: kind.outcome)
        times = drawn(law, self.luck.uniforms(numbers, lineage, "", f"after {origin.name}"))
        name = _name_of(walk.kind, member, origin)
        if name not in by_kind:
            by_kind[name] = np.full((1 + int((member.most - member.least).max()), len(member.roots)), -1, np.int64)
        by_kind[name][walk.way - member.least[walk.who], walk.who] = np.where(comes & ~walk.journeys.stops, times, -1)

    def _successor_cohort(self, member: Member, origin: Origin, kind: str, come: Ints) -> Cohort:
        mark, factor = (">", 1.0) if origin is Origin.DEFECT else ("+", self._version_factor(member))
        return Cohort(kind, f"{member.cohort.lineage}{mark}{kind}", member.cohort.numbers[come], factor)

    def _version_factor(self, member: Member) -> float:
        """Work of a new version as a share of a new item's; it does not compound over versions."""
        tracks, world = member.tracks, int(member.world[0])
        known = [tracks.kind(world, routing).outcome for routing in range(int(member.since[0]), tracks.ways.shape[1])]
        works: Iterator[float] = (outcome.work for outcome in known if outcome is not None)
        return next(works)


def _ids(numbers: Ints) -> Ints:
    """A number of each of some items that stand replication by replication, in their order."""
    marks = numbers & -(1 << MARK)
    ids: Ints = np.arange(len(numbers)) - np.searchsorted(marks, marks) + marks
    return ids


def _by_turn(member: Member) -> Iterator[tuple[Ints, Ints]]:
    """Who has a first way, a second, …, and which it is: each time everybody goes one."""
    ways = 1 + member.most - member.least
    for turn in range(int(ways.max(initial=0))):
        who = np.flatnonzero(ways > turn)
        yield who, member.least[who] + turn


def _who_may_go(member: Member, group: Group) -> tuple[Ints, Ints]:
    """Who may go the way of his world that is in a group, and that way for each."""
    way = group.way[member.world]
    who = np.flatnonzero((member.least <= way) & (way <= member.most))
    return who, way[who]


def _name_of(kind: ItemType, member: Member, origin: Origin) -> str:
    """The type of the successors of a member's items."""
    return kind.defects.as_ if kind.defects is not None and origin is Origin.DEFECT else member.cohort.type


def _in_order(member: Member, origin: Origin, names: Collection[str]) -> list[str]:
    """Types of successors in the order in which the ways that are to come name them, whether these are drawn or not."""
    if len(names) < 2 or member.settled:
        return list(names)
    least, most = member.tracks.reach(member.world, member.since)
    track = member.tracks.each[int(member.world[0])]  # all worlds name the same types in the same order
    kinds = [route.kind for route in track.routes[int(least.min()) : int(most.max()) + 1]]
    return [name for name in dict.fromkeys(_name_of(kind, member, origin) for kind in kinds) if name in names]
