"""Demand: item types, how they arrive, how big they are, and what follows from delivering them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from vssim.model.distributions import ONE, ZERO
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
    Time,
    expected,
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


def _moments(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise expected("a list of times, as in [0, 1.5, 4]")


class ItemType(Part):
    """A class of work item: how it arrives, and how its items differ from others."""

    every: Interval | None = Field(default=None, description="time between arrivals")
    backlog: Count | None = Field(default=None, description="so many items, all there at time 0")
    at: Annotated[tuple[Time, ...], BeforeValidator(_moments), PlainSerializer(list)] | None = Field(
        default=None, description="arrival times"
    )
    count: Count | None = Field(default=None, description="at most so many items")
    declined: Chance = Field(default=0.0, description="share of what arrives that is turned down, the least valuable first")
    size: Factor = Field(default=ONE, description="factor on the item's own work at every step")
    estimate: Factor = Field(default=ONE, description="error factor of the estimate that disciplines go by")
    batch: BatchSize = Field(default=ONE, description="how many arrive together")
    work: dict[str, Duration] = Field(default={}, description="own work at a step, instead of the step's")
    priority: Count = Field(default=5, description="1 first")
    expedite: bool = Field(default=False, description="passes limits and batches, never gates")
    due: Duration | None = Field(default=None, description="due date, time after arrival")
    wip_limit: Limit = Field(default=None, description="most items of this type past the backlog")
    route: Names | None = Field(default=None, description="the steps it takes, in their order; default all")
    skips: dict[str, Chance] = Field(default={}, description="chance to skip a step")
    value: Factor | None = Field(default=None, description="value of an item that is right")
    cost_of_delay: Duration | None = Field(default=None, description="cost of an item's delay per unit of time")
    outcome: Outcome | None = Field(default=None, description="whether it works for the customer")
    defects: Defects | None = Field(default=None, description="failure demand it causes")
    parts: dict[str, Count] = Field(default={}, description="item types and numbers of its parts")
    slice: bool = Field(default=False, description="as a part: cut from its whole, whose luck says how big and urgent it is")

    @model_validator(mode="after")
    def _one_source(self) -> ItemType:
        sources = [name for name in ("every", "backlog", "at") if getattr(self, name) is not None]
        if len(sources) > 1:
            raise expected(f"one of every, backlog and at (this has {' and '.join(sources)})")
        return self
