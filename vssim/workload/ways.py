"""Ways: how the routes of an item type follow each other as organisations come into force, those that are alike as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import Ints
from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.workload.numbering import Universe
from vssim.workload.ranks import SORTED_BY_RANK
from vssim.workload.routes import Halt, Route, route, travelled


@dataclass(frozen=True, eq=False)
class Track:
    """The ways that items of one type go, one after the other, as organisations come into force."""

    routes: tuple[Route, ...]
    """those that differ, in the order in which they come"""
    ways: Ints
    """(routings,) which of them is the way in each"""

    @cached_property
    def reach(self) -> tuple[Ints, Ints]:
        """The first and the last way that is still to come for who is there since a routing; (routings,)."""
        back = self.ways[::-1]
        return np.minimum.accumulate(back)[::-1], np.maximum.accumulate(back)[::-1]


@dataclass(eq=False)
class Ways:
    """All routes through the organisations of a run, worked out once."""

    models: Sequence[Model]
    names: Universe
    open_doors: NDArray[np.bool_]
    """(routings, types) whether everything of a type leaves the backlog as it joins it, while the routing is in force"""
    alike: tuple[int, ...] = field(init=False)
    """by organisation: the first one in which items make the same journeys"""
    _routes: dict[tuple[int, str], Route] = field(default_factory=dict)
    _like: dict[Any, list[Route]] = field(default_factory=dict)
    """routes that may be alike, since their durations are the same"""
    _tracks: dict[tuple[int, str], Track] = field(default_factory=dict)

    def __post_init__(self) -> None:
        journeys: list[Any] = [travelled(model) for model in self.models] if len(self.models) > 1 else [None]
        self.alike = tuple(journeys.index(walked) for walked in journeys)

    def route(self, number: int, kind: str) -> Route:
        """The route of an item type through organisation `number`; one object for those in which its journeys are alike."""
        key = self.alike[number], kind
        if key not in self._routes:
            mine = route(self.models[key[0]], kind, self.names)
            durations = [(halt.step, halt.skip, halt.work, halt.wait, halt.handoff_delay, halt.setup) for halt in mine.halts]
            others = self._like.setdefault((kind, tuple(durations)), [])
            self._routes[key] = next((other for other in others if _alike(mine, other)), mine)
            others.append(mine)
        return self._routes[key]

    @cached_property
    def stretches(self) -> list[list[tuple[int, int]]]:
        """Stretches of routings, one after the other, in which the same comes of items, each in pieces in which as many come.

        Of each piece the first routing, and the one after the last.
        """
        stretches: list[list[int]] = []
        for number, model in enumerate(self.models):
            before = self.models[stretches[-1][-1]] if stretches else None
            if before is None or not _come_alike(before, model, _but_arrivals):
                stretches.append([number])
            elif not _come_alike(before, model, _coming):
                stretches[-1].append(number)
        ends = [*(begins[0] for begins in stretches[1:]), len(self.models)]
        return [list(pairwise([*begins, end])) for begins, end in zip(stretches, ends, strict=True)]

    @cached_property
    def rows(self) -> Ints:
        """The row of precedence of each routing: those one after the other share one where they say the same of all items."""
        said_of_all = [_said(model, number, self.names.types) for number, model in enumerate(self.models)]
        return np.cumsum([number > 0 and said_of_all[number] != said_of_all[number - 1] for number in range(len(said_of_all))])

    @cached_property
    def of_families(self) -> list[Any]:
        """By routing what families as a whole have in common."""
        return [
            (model.discipline, model.linked, [(name, _of_family(kind)) for name, kind in model.demand.items()])
            for model in self.models
        ]

    def track(self, kind: str, since: int) -> Track:
        """The ways of what arrives as `kind` while routing `since` is in force; who does not know it is passed over.

        Whether an item is a whole of parts is settled when it arrives.
        """
        knowing = [number for number, model in enumerate(self.models) if kind in model.demand]
        whole = [bool(self.models[number].demand[kind].parts) for number in knowing]
        begin = 0 if len(knowing) == len(self.models) and len(set(whole)) == 1 else since
        if (begin, kind) not in self._tracks:
            self._tracks[begin, kind] = self._track(kind, begin, dict(zip(knowing, whole, strict=True)))
        return self._tracks[begin, kind]

    def _track(self, kind: str, begin: int, whole: dict[int, bool]) -> Track:
        known = next((number for number in whole if number >= begin), next(iter(whole)))
        parts = whole[known]
        ways: dict[Route, int] = {}
        numbers = np.zeros(len(self.models), np.int64)
        for phase in range(begin, len(self.models)):
            if whole.get(phase) == parts:
                known = phase
            numbers[phase] = ways.setdefault(self.route(known, kind), len(ways))
        return Track(tuple(ways), numbers)


OTHERWISE = dict.fromkeys(
    ("every", "backlog", "at", "count", "declined", "season", "batch", "promise", "lane", "revenue", "wip_limit")
)
"""What a type says of when its items come, or for others to read: where they go, and what they are, does not depend on it."""


ON_THE_WAY = (
    "work", "skips", "route", "size", "priority", "expedite", "interrupts", "gives_up", "due", "estimate", "value",
    "cost_of_delay", "promise", "lane", "revenue", "wip_limit",
)  # fmt: skip
"""What a type says of what its items do once they are there."""


ARRIVING = ("every", "backlog", "at", "count", "declined", "season", "batch")
"""What a type says of how many come, and when."""


def _come_alike(model: Model, other: Model, coming: Callable[[ItemType], ItemType]) -> bool:
    """Whether the same items come in two organisations, and the same parts and successors of them; by what is asked of a type."""
    if model.demand is other.demand:
        return True
    if model.demand.keys() != other.demand.keys() or model.linked != other.linked:
        return False
    return all(kind is other.demand[name] or coming(kind) == coming(other.demand[name]) for name, kind in model.demand.items())


def _coming(kind: ItemType) -> ItemType:
    """A type by what it says of which items come: those of their own have sizes by the type's, and the worst are declined."""
    own = kind.items or kind.history is not None
    kept = {"size"} if own or kind.slice or kind.parts else set()
    kept |= {"value", "cost_of_delay"} if kind.declined else set()
    return kind.model_copy(update=dict.fromkeys(name for name in ON_THE_WAY if name not in kept))


def _but_arrivals(kind: ItemType) -> ItemType:
    """A type by what it says of what each of its items is, and what comes of it."""
    return _coming(kind).model_copy(update=dict.fromkeys(ARRIVING))


def _alike(mine: Route, other: Route) -> bool:
    """Whether items make the same journeys on two ways, and are the same by their type."""
    if [said(halt) for halt in mine.halts] != [said(halt) for halt in other.halts]:
        return False
    return mine.kind.model_copy(update=OTHERWISE) == other.kind.model_copy(update=OTHERWISE)


def said(halt: Halt) -> list[Any]:
    """All that a halt says, comparable."""
    plain = [value for name, value in vars(halt).items() if name not in ("asks", "loops")]
    return [*plain, [vars(ask) for ask in halt.asks], [vars(loop) for loop in halt.loops]]


def _said(model: Model, number: int, types: tuple[str, ...]) -> list[Any]:
    """All that an organisation says of what comes first; ranks go by journeys, which are another one's in each routing."""
    kinds = [model.demand.get(name) for name in types]
    return [model.discipline in SORTED_BY_RANK and number, *(None if kind is None else of_precedence(kind) for kind in kinds)]


def of_precedence(kind: ItemType) -> tuple[Any, ...]:
    """All that a type says of which items come first, and which wait no longer."""
    return kind.priority, kind.expedite, kind.interrupts, kind.gives_up, bool(kind.parts), kind.items


def _of_family(kind: ItemType) -> list[Any]:
    """What a type says of families as a whole: who belongs to them, and what their items have of each other."""
    own = bool(kind.items) or kind.history is not None
    return [
        kind.parts,
        kind.slice,
        kind.items,
        kind.history,
        kind.size if own or kind.slice or kind.parts else None,
        None if kind.defects is None else kind.defects.as_,
        None if kind.outcome is None else kind.outcome.work,
    ]
