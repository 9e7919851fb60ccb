"""Blends: ways that differ in nothing but durations, sizes and chances to come back, walked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from vssim.clock import Ints, Reals
from vssim.model.distributions import Distribution
from vssim.workload.routes import Halt, Route
from vssim.workload.ways import OTHERWISE, Track, said

DURATIONS = ("work", "wait", "handoff_delay", "setup")
"""What may differ at a halt."""

BY_HALT_OR_ROW = dict.fromkeys(("work", "size", "skips", "route", "priority", "expedite", "interrupts", "gives_up"))
"""What a type says that may differ, that its halts have taken over, or that is in force whichever way an item goes."""


@dataclass(frozen=True, eq=False)
class Among(Distribution):
    """The laws of some items, each with its own."""

    laws: tuple[Distribution, ...] = ()
    law: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """(n,) the law of each"""

    @property
    def is_constant(self) -> bool:
        """Never: items differ."""
        return False

    def quantile(self, uniform: Reals) -> Reals:
        """The values below which shares `uniform` (n,) of all draws of each item's law lie."""
        order = np.argsort(self.law, kind="stable")
        edges = np.searchsorted(self.law[order], np.arange(len(self.laws) + 1)).tolist()
        values = np.empty(len(uniform))
        for each, begin, end in zip(self.laws, edges, edges[1:], strict=False):
            if begin < end:
                values[order[begin:end]] = each.quantile(uniform[order[begin:end]])
        return values

    def __str__(self) -> str:
        return f"one of {len(self.laws)} laws from {self.laws[0]} to {self.laws[-1]}"


@dataclass(frozen=True, eq=False)
class Blend:
    """Routes that differ in durations, sizes and chances to come back only, and which of them each of some items goes."""

    routes: Sequence[Route]
    route: Ints
    """(n,) its position"""

    @cached_property
    def _laws(self) -> list[dict[str, tuple[tuple[Distribution, ...], Ints]]]:
        """By halt what differs there: the laws, and which of them is each route's."""
        return [
            {name: laws for name in DURATIONS if len((laws := _told_apart([getattr(halt, name) for halt in halts]))[0]) > 1}
            for halts in zip(*(route.halts for route in self.routes), strict=True)
        ]

    @cached_property
    def size(self) -> Distribution:
        """The law of everybody's size."""
        laws, law = _told_apart([route.kind.size for route in self.routes])
        return laws[0] if len(laws) == 1 else Among("among", (), laws, law[self.route])

    def log_chance(self, position: int, number: int, who: Ints) -> Reals | float:
        """The logarithm of the chance of a loop at a halt, below 1, for items `who` (n,), or for all."""
        chances = [float(np.log(route.halts[position].loops[number].rule.chance)) for route in self.routes]
        return chances[0] if len(set(chances)) == 1 else np.array(chances)[self.route[who]]

    def halt(self, position: int, who: Ints) -> Halt:
        """A halt as it is for items `who`, positions among those of the blend."""
        first = self.routes[0].halts[position]
        laws = self._laws[position]
        if not laws:
            return first
        route = self.route[who]
        own: dict[str, Any] = {name: Among("among", (), each, law[route]) for name, (each, law) in laws.items()}
        return replace(first, **own)


def _told_apart(laws: Sequence[Distribution]) -> tuple[tuple[Distribution, ...], Ints]:
    """Those that differ, and of each which of these it is."""
    numbers: dict[Distribution, int] = {}
    positions = [numbers.setdefault(law, len(numbers)) for law in laws]
    return tuple(numbers), np.array(positions, np.int64)


@lru_cache(maxsize=64)
def blends(track: Track) -> tuple[tuple[int, ...], ...]:
    """The ways of a track, those together that blend."""
    like: dict[Any, list[list[int]]] = {}
    groups: list[list[int]] = []
    for number, route in enumerate(track.routes):
        candidates = like.setdefault(_at_a_glance(route), [])
        mine = next((group for group in candidates if _blend(track.routes[group[0]], route)), None)
        if mine is None:
            mine = []
            candidates.append(mine)
            groups.append(mine)
        mine.append(number)
    return tuple(map(tuple, groups))


def _at_a_glance(route: Route) -> Any:
    """What routes that blend have in common, and can be looked up by."""
    return tuple(
        (halt.step, halt.skip, halt.work is None, tuple(loop.rule.chance >= 1 for loop in halt.loops), len(halt.asks))
        for halt in route.halts
    )


def _blend(route: Route, other: Route) -> bool:
    if route.kind is not other.kind:
        kinds = [kind.model_copy(update=OTHERWISE | BY_HALT_OR_ROW) for kind in (route.kind, other.kind)]
        if kinds[0] != kinds[1]:
            return False
    return all(
        (mine.work is None) == (yours.work is None) and _but_figures(mine) == _but_figures(yours)
        for mine, yours in zip(route.halts, other.halts, strict=True)
    )


def _but_figures(halt: Halt) -> list[Any]:
    """All that a halt says, but for its durations and the chances of its loops below 1."""
    loops = [
        replace(loop, rule=loop.rule.model_copy(update={"chance": 1.0 if loop.rule.chance >= 1 else 0.5})) for loop in halt.loops
    ]
    rest: dict[str, Any] = dict.fromkeys(DURATIONS)
    return said(replace(halt, loops=tuple(loops), **rest))
