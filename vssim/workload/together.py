"""Together: worlds whose replications are drawn as one, each with its own ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from vssim.clock import Ints
from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.workload.blends import Mixture, blends
from vssim.workload.luck import MARK
from vssim.workload.numbering import Universe
from vssim.workload.routes import Route
from vssim.workload.ways import Track, Ways

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Group:
    """Ways that are walked at once."""

    mixture: Mixture
    number: Ints
    """(worlds, ways) the position of each among the routes that are mixed; −1 it is not in the group"""
    way: Ints
    """(worlds,) the first way of each world in it; −1 none"""


@dataclass(frozen=True, eq=False)
class Tracks:
    """The ways that items of one type go in each of some worlds."""

    each: tuple[Track, ...]

    @cached_property
    def ways(self) -> Ints:
        """The way of each world in each routing; (worlds, routings)."""
        return np.stack([track.ways for track in self.each])

    @property
    def most(self) -> int:
        """The most ways of a world."""
        return max(len(track.routes) for track in self.each)

    @cached_property
    def _reach(self) -> tuple[Ints, Ints]:
        least, most = zip(*(track.reach for track in self.each), strict=True)
        return np.stack(least), np.stack(most)

    def reach(self, world: Ints, since: Ints) -> tuple[Ints, Ints]:
        """The first and the last way that is still to come for who is in a world since some routings; shapes as `since`."""
        least, most = self._reach
        return least[world, since], most[world, since]

    def kind(self, world: int, routing: int) -> ItemType:
        """The item type as it is in a world in a routing."""
        track = self.each[world]
        return track.routes[int(track.ways[routing])].kind

    @cached_property
    def blended(self) -> list[Group]:
        """All ways, those together that blend: for items that go one of them."""
        return self._groups([(world, way) for world, track in enumerate(self.each) for way in range(len(track.routes))])

    @cached_property
    def by_way(self) -> list[Group]:
        """No two ways of one world together, but those of several worlds that blend: for items that may go several."""
        turns = range(self.most)
        return [
            group
            for way in turns
            for group in self._groups([(world, way) for world, track in enumerate(self.each) if way < len(track.routes)])
        ]

    @cached_property
    def one_by_one(self) -> list[Group]:
        """Each way by itself."""
        pairs = [(world, way) for way in range(self.most) for world, track in enumerate(self.each) if way < len(track.routes)]
        return [self._group([pair]) for pair in pairs]

    def _groups(self, pairs: Sequence[tuple[int, int]]) -> list[Group]:
        return [self._group([pairs[place] for place in group]) for group in blends(tuple(self._route(*pair) for pair in pairs))]

    def _group(self, pairs: Sequence[tuple[int, int]]) -> Group:
        routes: dict[Route, int] = {}
        number = np.full((len(self.each), self.most), -1)
        for world, way in pairs:
            number[world, way] = routes.setdefault(self._route(world, way), len(routes))
        first = np.where((number >= 0).any(axis=1), np.argmax(number >= 0, axis=1), -1)
        return Group(Mixture(tuple(routes)), number, first)

    def _route(self, world: int, way: int) -> Route:
        return self.each[world].routes[way]


@dataclass(eq=False)
class Together:
    """The ways of some worlds that `may_be_drawn` as one, and the world that each replication is in."""

    each: tuple[Ways, ...]
    world: Ints
    """(replications,) its position"""
    _tracks: dict[tuple[int, str], Tracks] = field(default_factory=dict)

    @property
    def first(self) -> Ways:
        """One of them, for all that is the same."""
        return self.each[0]

    @property
    def names(self) -> Universe:
        """All names, which they have in common."""
        return self.first.names

    def of(self, numbers: Ints) -> Ints:
        """The world of each of some items, by their numbers with the marks of their replications."""
        return np.zeros(len(numbers), np.int64) if len(self.each) == 1 else self.world[numbers >> MARK]

    def in_turn(self, values: Sequence[T], replications: int) -> list[T]:
        """Of values that each world has, those of each of some replications."""
        return list(values) * replications if len(self.each) == 1 else [values[world] for world in self.world.tolist()]

    def models(self, routing: int) -> list[Model]:
        """The organisation of each world in a routing."""
        return [ways.models[routing] for ways in self.each]

    def tracks(self, kind: str, since: int) -> Tracks:
        """The ways of what arrives as `kind` while routing `since` is in force."""
        if (since, kind) not in self._tracks:
            self._tracks[since, kind] = Tracks(tuple(ways.track(kind, since) for ways in self.each))
        return self._tracks[since, kind]


def may_be_drawn(ways: Ways, other: Ways) -> bool:
    """Whether the families of two worlds can be drawn as one: all is the same in them that a whole family has in common.

    When its items come, how long they take and where their ways lead may differ.
    """
    return (
        ways.names == other.names
        and len(ways.models) == len(other.models)
        and ways.stretches == other.stretches
        and np.array_equal(ways.rows, other.rows)
        and np.array_equal(ways.open_doors, other.open_doors)
        and ways.of_families == other.of_families
    )
