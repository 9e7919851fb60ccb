"""Calendar and class: in which order the items of a plan are taken."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vssim.model.items import Item
from vssim.model.levers.base import Lever, absent, with_demand
from vssim.model.model import Model
from vssim.model.values import Names

THEME = "calendar and class"

Place = tuple[str, int]
"""A named item: its type, and its number in the type's list."""


class Sequence(Lever):
    """What most depends on comes first: named items in the order of the work that waits for them, longest chain first.

    Behind an item waits the longest chain of those that wait for it (`waits_for`), one after the other: of each its mean work
    along its route (for a whole also that of its longest part) and the time that only passes at steps. Among items of equal
    priority those with more behind them come first, in the backlog and wherever they wait for people; what nobody waits for
    comes with the rest of its type, as before. All priorities are numbered anew for it, and their order stays: a change that
    sets one too should set it first. It makes nobody faster, passes no limit, puts down nothing that is in hand, and knows mean
    work only, not luck; parts of a whole have their own types' priority.

    Example: sequence, or {sequence: {types: [migration]}}
    Source: Hu 1961, Parallel Sequencing and Assembly Line Problems, Operations Research 9(6): the longest chain first is best
    for trees of equal tasks; Graham 1969, SIAM J. Appl. Math. 17(2): never later than 2 − 1/n times the best with n people.
    """

    name: ClassVar[str] = "sequence"
    theme: ClassVar[str] = THEME

    types: Names | None = Field(default=None, description="which item types' named items; default all")

    def apply(self, model: Model) -> Model:
        """The model in which what has more waiting for it comes first."""
        behind = {place: work for place, work in waiting_work(model).items() if self.types is None or place[0] in self.types}
        if not any(behind.values()):
            return model
        usual = {(kind.priority, 0.0) for kind in model.demand.values()}
        named = {_key(model, place, behind) for place in _places(model)}
        number = {key: 1 + rank for rank, key in enumerate(sorted(usual | named))}
        demand = {}
        for name, kind in model.demand.items():
            items = tuple(
                item
                if item.priority is None and not behind.get((name, index))
                else item.model_copy(update={"priority": number[_key(model, (name, index), behind)]})
                for index, item in enumerate(kind.items)
            )
            demand[name] = kind.model_copy(update={"items": items, "priority": number[kind.priority, 0.0]})
        return with_demand(model, demand)

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model, or that nothing waits for anything."""
        unlinked = [] if model.linked else ["no item waits for another (waits_for)"]
        return [*absent("item type", self.types, model.demand), *unlinked]


def waiting_work(model: Model) -> dict[Place, float]:
    """How much work waits for each named item: along the longest chain of those that wait for it [units of time]."""
    known = {item.id: place for place, item in _places(model).items() if item.id is not None}
    before = {
        place: [known[name] for name in dict.fromkeys(item.waits_for) if name in known] for place, item in _places(model).items()
    }
    waiters = dict.fromkeys(before, 0)
    for others in before.values():
        for other in others:
            waiters[other] += 1
    behind = dict.fromkeys(before, 0.0)
    last = [place for place, count in waiters.items() if not count]
    while last:  # from the ends of the chains; what waits for itself all the way round is never reached
        place = last.pop()
        whole = behind[place] + mean_work(model, place[0], model.demand[place[0]].items[place[1]])
        for other in before[place]:
            behind[other] = max(behind[other], round(whole, 9))
            waiters[other] -= 1
            if not waiters[other]:
                last.append(other)
    return behind


def mean_work(model: Model, kind: str, item: Item | None = None, above: frozenset[str] = frozenset()) -> float:
    """Mean work of an item along its route, and the time that passes there, after the longest of its parts [units of time]."""
    its = model.demand[kind]
    size = its.size.mean * (1.0 if item is None or item.size is None else item.size.mean)
    whole = 0.0
    for step in model.route(kind):
        usual, wait = its.work.get(step, model.steps[step].work), model.steps[step].wait
        own = None if item is None else item.work.get(step)
        done = own.mean if own is not None else 0.0 if usual is None else usual.mean * size
        whole += (done + (0.0 if wait is None else wait.mean)) * (1 - its.skips.get(step, 0.0))
    parts = item.parts if item is not None and item.parts else its.parts
    below = [part for part in parts if part in model.demand and part not in above | {kind}]
    return whole + max((mean_work(model, part, above=above | {kind}) for part in below), default=0.0)


def _places(model: Model) -> dict[Place, Item]:
    return {(name, index): item for name, kind in model.demand.items() for index, item in enumerate(kind.items)}


def _key(model: Model, place: Place, behind: dict[Place, float]) -> tuple[int, float]:
    """By what an item is sorted: its priority, then what waits for it, most first."""
    kind = model.demand[place[0]]
    own = kind.items[place[1]].priority
    return (kind.priority if own is None else own, -behind.get(place, 0.0))
