"""Do less: fewer items ask for work, and they ask more evenly."""

from __future__ import annotations

import math
from typing import ClassVar

from pydantic import Field

from vssim.model.demand import ItemType
from vssim.model.distributions import constant
from vssim.model.levers.base import Lever, absent, with_demand
from vssim.model.model import Model
from vssim.model.values import Chance, Count, Names

THEME = "do less"


class SayNo(Lever):
    """A share of new demand is turned down, the least valuable first; the rest comes as it would have come.

    Of each named item type the share of items with the least value never arrives; of a type without values that differ, those
    with the least cost of delay; where that does not differ either, a random share. The arrival rate becomes × (1 − share).
    The items that remain keep their luck: when they come, how big they are, what goes wrong with them. It is said within each
    type: to turn down one type in favour of another, name it. It does not touch failure demand, new versions and parts, nor
    what a `count` counts (those that ask), and it makes nobody faster.

    Pulled twice, the second share is of what the first one left.

    Example: {say_no: {share: 20%, types: [feature]}}
    Source: Little 1961, L = λW: at a given WIP, time goes with what comes in; near full load it goes with 1 / (1 − ρ).
    """

    name: ClassVar[str] = "say_no"
    theme: ClassVar[str] = THEME

    share: Chance = Field(default=0.2, description="share of what arrives that is turned down")
    types: Names | None = Field(default=None, description="which item types; default all that arrive")

    def apply(self, model: Model) -> Model:
        """The model in which less arrives."""
        return with_demand(model, {name: self._declining(kind) for name, kind in arriving(model, self.types).items()})

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model, or do not arrive by themselves."""
        return [*absent("item type", self.types, model.demand), *not_arriving(model, self.types)]

    def _declining(self, kind: ItemType) -> ItemType:
        declined = kind.declined + (1 - kind.declined) * self.share
        return kind.model_copy(update={"declined": declined})


class LevelDemand(Lever):
    """Demand comes more evenly: few at a time, and at intervals that vary less, at the same rate.

    Arrival batches that can be larger become `batch` items (or their mean, if less) and come as much more often as keeps the
    rate. The coefficient of variation of the time between arrivals becomes × `variation` (an interval that is neither lognormal
    nor Weibull becomes a gamma). By Kingman's formula the waiting in a queue goes with (ca² + cs²) / 2, of which this lowers
    ca² and leaves cs². It turns nothing down and changes no work. A `backlog`, given times, a `history` and `never` stay as they
    are.

    Example: {level_demand: {variation: 50%}}
    Source: Kingman 1961; Reinertsen 2009, Principles of Product Development Flow, ch. 4 on variability and 5 on batch size.
    """

    name: ClassVar[str] = "level_demand"
    theme: ClassVar[str] = THEME

    batch: Count = Field(default=1, description="most items that arrive together [items]")
    variation: Chance = Field(default=0.5, description="share that is left of the cv of the time between arrivals")
    types: Names | None = Field(default=None, description="which item types; default all that arrive at intervals")

    def apply(self, model: Model) -> Model:
        """The model with evener arrivals."""
        return with_demand(model, {name: self._levelled(kind) for name, kind in arriving(model, self.types).items()})

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model, or whose arrivals are no stream."""
        given = [name for name, kind in arriving(model, self.types).items() if kind.every is None and self.types]
        return [
            *absent("item type", self.types, model.demand),
            *not_arriving(model, self.types),
            *(f"{name} does not arrive at intervals and stays as it is" for name in given),
        ]

    def _levelled(self, kind: ItemType) -> ItemType:
        if kind.every is None:
            return kind
        every, batch = kind.every, kind.batch
        if batch.support[1] > self.batch:
            size = min(self.batch, math.floor(batch.mean))
            every, batch = every.scaled(size / batch.mean), constant(size)
        if self.variation < 1:
            every = every.with_cv(every.cv * self.variation)
        return kind.model_copy(update={"every": every, "batch": batch})


def arriving(model: Model, names: Names | None) -> dict[str, ItemType]:
    """The item types that a lever is for: of those named, or of all, the ones that arrive by themselves."""
    return {name: kind for name, kind in model.demand.items() if (names is None or name in names) and arrives(kind)}


def arrives(kind: ItemType) -> bool:
    """True for a type whose items come from outside; not for what only follows from others, or is only part of them."""
    return kind.backlog is not None or bool(kind.at or kind.items) or kind.goes_on


def not_arriving(model: Model, names: Names | None) -> list[str]:
    """A sentence for each type that is named but does not come from outside."""
    there = [name for name in names or () if name in model.demand]
    return [f"{name} does not arrive by itself and stays as it is" for name in there if not arrives(model.demand[name])]
