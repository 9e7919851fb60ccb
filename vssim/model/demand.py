"""Demand: item types, how they arrive, how big they are, and what follows from delivering them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from vssim.clock import Reals
from vssim.model.distributions import ONE, ZERO, constant
from vssim.model.history import History
from vssim.model.items import Items
from vssim.model.moments import Moment, Timetable, timetable, write
from vssim.model.money import Revenue
from vssim.model.promises import Promise
from vssim.model.values import (
    BatchSize,
    Chance,
    Count,
    Duration,
    Factor,
    Interval,
    Limit,
    Names,
    Part,
    Share,
    expected,
    is_number,
    percent,
)


class Outcome(Part):
    """Whether a delivered item works for the customer; if not, a new version comes."""

    right: Chance = Field(description="chance that the item works for the customer")
    after: Duration = Field(default=ZERO, description="time from delivery until a new version arrives")
    work: Share = Field(default=1.0, description="work of a new version, as a share of a new item's")


class Defects(Part):
    """Failure demand: after delivery an item may cause another item."""

    chance: Chance = Field(description="chance that a delivered item causes one")
    after: Duration = Field(default=ZERO, description="time from delivery until it arrives")
    as_: str = Field(alias="as", description="the item type as which it arrives")


class GivesUp(Part):
    """How long a customer waits before he gives up."""

    after: Duration = Field(description="time from arrival; drawn once an item")
    unless: Literal["pulled", "started", "delivered"] = Field(
        default="started", description="what keeps him if it has happened by then, to the item or a part of it"
    )


def _factor(value: Any) -> float:
    share = percent(value)
    factor = float(value) if share is None and is_number(value) else share
    if factor is None or not 0 <= factor <= 1000:
        raise expected("a share such as 60% from each moment on")
    return factor


def _season(value: Any) -> Timetable[float]:
    if isinstance(value, Timetable):
        return value
    if not isinstance(value, Mapping):
        raise expected("a share of the usual demand from each moment on, as in {0: 100%, 130: 60%}")
    return timetable(value, _factor)


Season = Annotated[
    Timetable[float],
    PlainValidator(_season),
    PlainSerializer(lambda season: season if season is None else season.document()),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["number", "string"]}}),
]
"""Share of the usual demand, from each moment on; before the first all of it."""


def _moments(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise expected("a list of times, as in [0, 1.5, 4]")


def _moments_of(column: Reals) -> tuple[float, float]:
    """Mean and cv of what is stated in a column; 1 and 0 where nothing is."""
    stated = column[~np.isnan(column)]
    mean = float(stated.mean()) if len(stated) else 1.0
    return mean, float(stated.std() / mean) if len(stated) and mean else 0.0


class ItemType(Part):
    """A class of work item: how it arrives, and how its items differ from others."""

    every: Interval | None = Field(default=None, description="time between arrivals")
    backlog: Count | None = Field(default=None, description="so many items, all there at time 0")
    at: (
        Annotated[tuple[Moment, ...], BeforeValidator(_moments), PlainSerializer(lambda moments: [write(each) for each in moments])]
        | None
    ) = Field(default=None, description="arrival times")
    history: History | None = Field(default=None, description="what arrived in the past, by weeks that each run draws anew")
    items: Items = Field(default=(), description="these very items, beside what arrives; on the board at time 0, or to come")
    count: Count | None = Field(default=None, description="at most so many items")
    declined: Chance = Field(default=0.0, description="share of what arrives that is turned down, the least valuable first")
    season: Season | None = Field(default=None, description="share of the usual demand from each moment on; 100% before the first")
    size: Factor = Field(default=ONE, description="factor on the item's own work at every step")
    estimate: Factor = Field(default=ONE, description="error factor of the estimate that disciplines go by")
    batch: BatchSize = Field(default=ONE, description="how many arrive together")
    work: dict[str, Duration] = Field(default={}, description="own work at a step, instead of the step's")
    priority: Count = Field(default=5, description="1 first")
    expedite: bool = Field(default=False, description="passes limits and batches, never gates")
    interrupts: bool = Field(default=False, description="somebody puts down for it what is in hand")
    due: Duration | None = Field(default=None, description="due date, time after arrival")
    promise: Promise | None = Field(default=None, description="how long it may take if a promise is to be kept; only measured")
    gives_up: GivesUp | None = Field(default=None, description="how long its customers wait before they give up; default for ever")
    wip_limit: Limit = Field(default=None, description="most items of this type past the backlog")
    route: Names | None = Field(default=None, description="the steps it takes, in their order; default all")
    skips: dict[str, Chance] = Field(default={}, description="chance to skip a step")
    value: Factor | None = Field(default=None, description="value of an item that is right")
    revenue: Revenue | None = Field(default=None, description="what an item that is right earns from its delivery on")
    cost_of_delay: Duration | None = Field(default=None, description="cost of an item's delay per unit of time")
    outcome: Outcome | None = Field(default=None, description="whether it works for the customer")
    defects: Defects | None = Field(default=None, description="failure demand it causes")
    parts: dict[str, Count] = Field(default={}, description="item types and numbers of its parts")
    lane: str | None = Field(
        default=None, description="the lane it has on a flow map; default one with types that share its longest step"
    )
    slice: bool = Field(default=False, description="as a part: cut from its whole, whose luck says how big and urgent it is")

    @model_validator(mode="after")
    def _one_source(self) -> ItemType:
        sources = [name for name in ("every", "backlog", "at", "history") if getattr(self, name) is not None]
        if len(sources) > 1:
            raise expected(f"one of every, backlog, at and history (this has {' and '.join(sources)})")
        if self.season is not None and (self.backlog is not None or self.at is not None):
            raise expected("a season beside every or history; what is there at stated times has none", got="season")
        return self

    def document(self) -> dict[str, Any]:
        """As a file writes it; what arrived in the past still knows its weeks."""
        return super().document() | ({} if self.history is None else {"history": self.history})

    @property
    def rate(self) -> float:
        """How often something arrives, one item or a batch, as long as demand goes on [per unit of time]."""
        if self.history is not None:
            return self.history.weeks.rate
        return 0.0 if self.every is None or not self.every.mean else 1 / self.every.mean

    @property
    def goes_on(self) -> bool:
        """Whether items come again and again: by `every`, or by weeks of the past."""
        return (self.every is not None and not self.every.is_never) or self.history is not None

    @property
    def unevenness(self) -> float:
        """How unevenly arrivals come: their number in a long time has so many times the variance of a Poisson one [1]."""
        if self.history is not None:
            return self.history.weeks.dispersion
        return 0.0 if self.every is None else self.every.cv**2

    def by_laws(self) -> ItemType:
        """The same type, its past's sizes and work replaced by distributions with the same means, for arithmetic."""
        if self.history is None:
            return self
        weeks, size = self.history.weeks, self.size
        mean, cv = _moments_of(weeks.size)
        size = size.scaled(mean).with_cv(math.sqrt((1 + size.cv**2) * (1 + cv**2) - 1)) if mean else size
        work = {step: _moments_of(column) for step, column in weeks.work.items()}
        own = {step: constant(mean / (size.mean or 1)).with_cv(cv) for step, (mean, cv) in work.items()}
        return self.model_copy(update={"size": size, "work": self.work | own})

    def hastened(self, factor: float) -> ItemType:
        """The same with arrivals so many times as often."""
        if self.every is not None:
            return self.model_copy(update={"every": self.every.scaled(1 / factor)})
        if self.history is None or factor == 1:
            return self
        usual = self.season or Timetable(((0.0, 1.0),))
        first = () if usual.entries[0][0] <= 0 else ((0.0, factor),)
        return self.model_copy(update={"season": Timetable((*first, *((since, share * factor) for since, share in usual)))})
