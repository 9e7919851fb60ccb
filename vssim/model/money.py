"""Money as a file states it: what people and changes cost, and what a delivered item earns. It is counted and steers nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from vssim.model.values import WRITE_NUMBER, Part, PositiveTime, Time, expected, is_number

MOST_MONEY = 10**12
"""Largest amount that a file may state [units of its currency]."""


def _amount(value: object) -> float:
    if not is_number(value) or not 0 <= float(value) <= MOST_MONEY:  # type: ignore[arg-type]
        raise expected("an amount of money of at least 0")
    return float(value)  # type: ignore[arg-type]


Amount = Annotated[float, BeforeValidator(_amount), WRITE_NUMBER, WithJsonSchema({"type": "number", "minimum": 0})]
"""An amount of money of at least 0 [currency]."""


class ChangeCost(Part):
    """What a change costs beside the people that it adds."""

    once: Amount = Field(default=0.0, description="paid when it comes into force [currency]")
    running: Amount = Field(default=0.0, description="paid from then on [currency per unit of time]")


NOTHING = ChangeCost()


class Revenue(Part):
    """What a delivered item that is right earns, from its delivery on."""

    per_unit: Amount = Field(description="what it earns a unit of time in full [currency per unit of time]")
    ramp: Time = Field(default=0.0, description="time over which it grows to that, evenly")
    for_: PositiveTime | None = Field(default=None, alias="for", description="how long it earns; default without end")
