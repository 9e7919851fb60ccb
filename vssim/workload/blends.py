"""Blends: ways that differ in nothing but durations, sizes and chances, walked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from vssim.clock import Ints, Reals
from vssim.model.demand import Defects, ItemType, Outcome
from vssim.model.distributions import ZERO, Distribution
from vssim.model.values import Rework
from vssim.workload.routes import Ask, Halt, Loop, Route
from vssim.workload.ways import OTHERWISE, said

DURATIONS = ("work", "wait", "handoff_delay", "setup")
"""What may differ at a halt."""

OF_AN_ASK = ("help", "delay", "effort", "ours")
"""Durations that may differ of what is asked there."""

BY_HALT_OR_ROW = dict.fromkeys(("work", "size", "skips", "route", "priority", "expedite", "interrupts", "gives_up"))
"""What a type says that may differ, that its halts have taken over, or that is in force whichever way an item goes."""

Differing = dict[str, tuple[tuple[Distribution, ...], Ints]]
"""By name what differs: the laws, and which of them is each route's."""


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

    @property
    def mean(self) -> float:
        """The largest mean: what is nothing for nobody has to be drawn."""
        return max(law.mean for law in self.laws)

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


def law_of(law: Distribution, at: Ints) -> Distribution:
    """The law of some of the items that a law is of; `at` positions among them."""
    return Among("among", (), law.laws, law.law[at]) if isinstance(law, Among) else law


@dataclass(frozen=True, eq=False)
class Again:
    """The work of repeated stays of some items: a share of their first work there, a draw of its own, or drawn afresh."""

    share: float | Reals | None
    """one for all, or (n,)"""
    own: Distribution | None


@dataclass(frozen=True, eq=False)
class Mixture:
    """Routes that differ in durations, sizes and chances only."""

    routes: tuple[Route, ...]

    @cached_property
    def sizes(self) -> tuple[tuple[Distribution, ...], Ints]:
        """The laws of sizes, and which of them is each route's."""
        return _told_apart([route.kind.size for route in self.routes])

    @cached_property
    def durations(self) -> list[tuple[Differing, list[Differing]]]:
        """By halt the durations that differ there, and of each need."""
        return [
            (_differing(halts, DURATIONS), [_differing(asks, OF_AN_ASK) for asks in zip(*(h.asks for h in halts), strict=True)])
            for halts in zip(*(route.halts for route in self.routes), strict=True)
        ]

    @cached_property
    def chances(self) -> list[list[dict[str, Reals]]]:
        """By halt and need the chances that differ; (routes,)."""
        halts = zip(*(route.halts for route in self.routes), strict=True)
        return [[_unequal(asks, ("asked", "chance")) for asks in zip(*(h.asks for h in each), strict=True)] for each in halts]

    @cached_property
    def numbers(self) -> dict[Any, float | Reals]:
        """Numbers of halts and loops by who asked for them: those that are the same, or (routes,)."""
        return {}

    def number(self, key: tuple[Any, ...], of: Callable[[Route], float]) -> float | Reals:
        """A number that each route has: one for all, or (routes,)."""
        if key not in self.numbers:
            values = [of(route) for route in self.routes]
            self.numbers[key] = values[0] if len(set(values)) == 1 else np.array(values)
        return self.numbers[key]


@dataclass(frozen=True, eq=False)
class Blend:
    """Routes that differ in figures only, and which of them each of some items goes."""

    mixture: Mixture
    route: Ints
    """(n,) its position"""

    @property
    def first(self) -> Route:
        """One of them, for all that is the same."""
        return self.mixture.routes[0]

    @cached_property
    def size(self) -> Distribution:
        """The law of everybody's size."""
        laws, law = self.mixture.sizes
        return laws[0] if len(laws) == 1 else Among("among", (), laws, law[self.route])

    @property
    def right(self) -> float | Reals:
        """The chance of each to be what the customer needs; (n,), or one for all."""
        return self._each(
            self.mixture.number(("right",), lambda route: 1.0 if route.kind.outcome is None else route.kind.outcome.right)
        )

    @property
    def defect(self) -> float | Reals:
        """The chance of each to cause a defect; (n,), or one for all."""
        return self._each(
            self.mixture.number(("defect",), lambda route: 0.0 if route.kind.defects is None else route.kind.defects.chance)
        )

    def after(self, cause: Callable[[ItemType], Defects | Outcome | None]) -> Distribution:
        """The law of how long after its delivery comes what each has caused."""
        causes = [cause(route.kind) for route in self.mixture.routes]
        laws, law = _told_apart([each.after for each in causes if each is not None])
        return laws[0] if len(laws) == 1 else Among("among", (), laws, law[self.route])

    def skip(self, position: int) -> float | Reals:
        """The chance of each to skip a halt; (n,), or one for all."""
        return self._each(self.mixture.number(("skip", position), lambda route: route.halts[position].skip))

    def log_chance(self, position: int, number: int, who: Ints) -> Reals | float:
        """The logarithm of the chance of a loop at a halt, below 1, for items `who` (n,), or for all."""
        chance = self.mixture.number(
            ("loop", position, number), lambda route: float(np.log(_loop(route, position, number).rule.chance))
        )
        return chance[self.route[who]] if isinstance(chance, np.ndarray) else chance

    def again(self, position: int, number: int, of_rule: Callable[[Loop], Rework]) -> Again:
        """The work of stays that a loop at a halt repeats, by what its rule says of it."""
        rework = of_rule(_loop(self.first, position, number))
        if rework.share is None:
            return Again(None, rework.own)
        shares = self.mixture.number(
            ("share", position, number, of_rule), lambda route: _share(of_rule(_loop(route, position, number)))
        )
        return Again(self._each(shares), None)

    def halt(self, position: int, who: Ints) -> Halt:
        """A halt as it is for items `who`, positions among those of the blend."""
        first = self.first.halts[position]
        (durations, of_asks), chances = self.mixture.durations[position], self.mixture.chances[position]
        if not (durations or any(of_asks) or any(chances)):
            return first
        route = self.route[who]
        asks = tuple(
            replace(ask, **_own(own, numbers, route)) for ask, own, numbers in zip(first.asks, of_asks, chances, strict=True)
        )
        return replace(first, asks=asks, **_own(durations, {}, route))

    def _each(self, numbers: float | Reals) -> float | Reals:
        return numbers[self.route] if isinstance(numbers, np.ndarray) else numbers


def _own(laws: Differing, numbers: dict[str, Reals], route: Ints) -> dict[str, Any]:
    own: dict[str, Any] = {name: Among("among", (), each, law[route]) for name, (each, law) in laws.items()}
    return own | {name: values[route] for name, values in numbers.items()}


def _loop(route: Route, position: int, number: int) -> Loop:
    return route.halts[position].loops[number]


def _share(rework: Rework) -> float:
    assert rework.share is not None
    return rework.share


def _differing(several: Sequence[Halt] | Sequence[Ask], names: Iterable[str]) -> Differing:
    laws = {name: [getattr(each, name) for each in several] for name in names}
    return {name: told for name, each in laws.items() if each[0] is not None and len((told := _told_apart(each))[0]) > 1}


def _unequal(asks: Sequence[Ask], names: Iterable[str]) -> dict[str, Reals]:
    values = {name: [getattr(ask, name) for ask in asks] for name in names}
    return {name: np.array(each) for name, each in values.items() if len(set(each)) > 1}


def _told_apart(laws: Sequence[Distribution]) -> tuple[tuple[Distribution, ...], Ints]:
    """Those that differ, and of each which of these it is."""
    numbers: dict[Distribution, int] = {}
    positions = [numbers.setdefault(law, len(numbers)) for law in laws]
    return tuple(numbers), np.array(positions, np.int64)


@lru_cache(maxsize=64)
def blends(routes: tuple[Route, ...]) -> tuple[tuple[int, ...], ...]:
    """Positions of some routes, those together that blend."""
    like: dict[Any, list[list[int]]] = {}
    groups: list[list[int]] = []
    for number, route in enumerate(routes):
        candidates = like.setdefault(_at_a_glance(route), [])
        mine = next((group for group in candidates if _blend(routes[group[0]], route)), None)
        if mine is None:
            mine = []
            candidates.append(mine)
            groups.append(mine)
        mine.append(number)
    return tuple(map(tuple, groups))


def _at_a_glance(route: Route) -> Any:
    """What routes that blend have in common, and can be looked up by."""
    return tuple(
        (halt.step, halt.work is None, tuple(loop.rule.chance >= 1 for loop in halt.loops), len(halt.asks)) for halt in route.halts
    )


def _blend(route: Route, other: Route) -> bool:
    if route.kind is not other.kind and _kind_but_figures(route.kind) != _kind_but_figures(other.kind):
        return False
    return all(_but_figures(mine) == _but_figures(yours) for mine, yours in zip(route.halts, other.halts, strict=True))


def _kind_but_figures(kind: ItemType) -> ItemType:
    """A type without what may differ, or is in force whichever way an item goes."""
    caused = {name: getattr(kind, name) for name in ("outcome", "defects")}
    chances = {"outcome": {"right": 1.0}, "defects": {"chance": 1.0}}
    same = {name: each.model_copy(update=chances[name] | {"after": ZERO}) for name, each in caused.items() if each is not None}
    return kind.model_copy(update=OTHERWISE | BY_HALT_OR_ROW | same)


def _but_figures(halt: Halt) -> list[Any]:
    """All that a halt says, but for its durations and chances; what there is none of stays none."""
    asks = [replace(ask, asked=0.0, chance=0.0, **_there(ask, OF_AN_ASK)) for ask in halt.asks]
    loops = [replace(loop, rule=_but_shares(loop)) for loop in halt.loops]
    return said(replace(halt, skip=0.0, asks=tuple(asks), loops=tuple(loops), **_there(halt, DURATIONS)))


def _but_shares(loop: Loop) -> Any:
    """The rule of a loop but for its chance below 1 and for shares of work."""
    rule = loop.rule
    shares = {name: 1.0 for name in ("on_the_way",) if getattr(rule, name) is not None}
    work = rule.work if rule.work.share is None else Rework(share=1.0)
    return rule.model_copy(update={"chance": 1.0 if rule.chance >= 1 else 0.5, "work": work, **shares})


def _there(part: Halt | Ask, names: Iterable[str]) -> dict[str, Any]:
    """By name whether there is such a duration."""
    return {name: getattr(part, name) is not None for name in names}
