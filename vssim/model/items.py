"""Items that a file names one by one, beside those that arrive: on the board at time 0, or to come."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from vssim.calendar import A_DATE, Dated
from vssim.model.distributions import Distribution
from vssim.model.moments import moment, write
from vssim.model.promises import Promise
from vssim.model.values import (
    DISTRIBUTION_SCHEMA,
    MOST,
    ONE_OR_MANY,
    Count,
    Duration,
    Factor,
    Names,
    Part,
    Time,
    duration,
    expected,
    is_number,
    percent,
    plain,
)


def _any_moment(value: Any) -> float:
    moment_given = moment(value)
    if moment_given is None or not -MOST <= moment_given <= MOST:
        raise expected(f"a time (negative: before time 0), or {A_DATE} (needs a start)")
    return moment_given


AnyMoment = Annotated[
    float,
    PlainValidator(_any_moment),  # pydantic's own check of a float would forget the date
    PlainSerializer(write),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d"}]}),
]
"""A moment on the run's clock, before time 0 too [units of time]; a date where the scenario has a start."""


class Left(float):
    """What is left of the work at a step: a share of it, or a time [units of time]."""

    is_share: bool

    def __new__(cls, value: float, *, is_share: bool) -> Left:
        """So much of the work, as a share (1 = all) or a time."""
        made = super().__new__(cls, value)
        made.is_share = is_share
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, bool]]:
        return (float(self),), {"is_share": self.is_share}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Left) and float(self) == float(other) and self.is_share == other.is_share

    def __hash__(self) -> int:
        return hash((float(self), self.is_share))

    def document(self) -> Any:
        """As a file writes it; a share carries its %."""
        return f"{plain(round(self * 100, 10))}%" if self.is_share else plain(self)


def _left(value: Any) -> Left:
    if isinstance(value, Left):
        return value
    share = percent(value)
    if share is not None and 0 <= share <= 1:
        return Left(share, is_share=True)
    if is_number(value) and 0 <= value <= MOST:
        return Left(float(value), is_share=False)
    raise expected("what is left of the work there: 0% to 100% of it, or a time of at least 0")


Remaining = Annotated[
    Left,
    PlainValidator(_left),
    PlainSerializer(lambda left: None if left is None else left.document()),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$"}]}),
]


def _due(value: Any) -> Distribution | float:
    due = moment(value)
    return due if isinstance(due, Dated) else duration(value)


Due = Annotated[
    Distribution | float,
    PlainValidator(_due),
    PlainSerializer(lambda due: due.document() if isinstance(due, Distribution | Dated) else due),
    DISTRIBUTION_SCHEMA,
]
"""A date, or so long after arrival [units of time]."""


def _name(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise expected("a name, such as PAY-12")
    return str(value)


IfDropped = Literal["go_on", "leave"]
"""What an item does when one that it waits for is dropped."""


class Item(Part):
    """An item that the file names: on the board at time 0 where it has a step, else in the backlog or to come."""

    id: Annotated[str, BeforeValidator(_name)] | None = Field(default=None, description="its name")
    at: AnyMoment = Field(default=0.0, description="when it arrives, or arrived (before time 0: negative, or a date)")
    age: Time | None = Field(default=None, description="how long ago it arrived, in place of at")
    count: Count = Field(default=1, description="so many alike")
    step: str | None = Field(default=None, description="where it is at time 0")
    entered: AnyMoment | None = Field(default=None, description="when it came to that step; default when it was started")
    started: AnyMoment | None = Field(
        default=None, description="when it was first started; behind the first step by default at its arrival"
    )
    remaining: Remaining | None = Field(
        default=None, description="what is left of the work there: 40% of it, or a time; 0% is done there"
    )
    team: str | None = Field(default=None, description="the team that has it in hand")
    stuck: str | None = Field(default=None, description="whom it waits for: a need of the step")
    size: Factor | None = Field(default=None, description="factor on its work, beside its type's")
    work: dict[str, Duration] = Field(default={}, description="its own work at a step, in units of time, whatever its size")
    value: Factor | None = Field(default=None, description="its value if it is right, in place of its type's")
    due: Due | None = Field(default=None, description="due date: a date, or time after arrival; in place of its type's")
    promise: Promise | None = Field(default=None, description="how long it may take, in place of its type's")
    priority: Count | None = Field(default=None, description="1 first; in place of its type's")
    parts: dict[str, Count] = Field(default={}, description="item types and numbers of its parts, in place of its type's")
    waits_for: Names = Field(default=(), description="names of items that must have left before it joins the backlog")
    if_dropped: IfDropped = Field(
        default="go_on", description="when one that it waits for is stopped or gives up: go_on, or leave with it"
    )

    @property
    def arrived(self) -> float:
        """When it arrives, or arrived [units of time]."""
        return self.at if self.age is None else -self.age

    @property
    def since(self) -> float:
        """Since when it is where it is, as far as is known [units of time]."""
        known = (self.entered, self.started)
        return max(next((each for each in known if each is not None), self.arrived), self.arrived)

    @property
    def in_hand(self) -> bool:
        """Whether somebody works on it at time 0."""
        return self.stuck is None and not self.is_done and (self.team is not None or self._is_begun)

    @property
    def is_done(self) -> bool:
        """Whether its work at the step is done, and it waits to go on."""
        return self.stuck is None and self.remaining is not None and float(self.remaining) == 0

    @property
    def _is_begun(self) -> bool:
        return self.remaining is not None and not (self.remaining.is_share and float(self.remaining) == 1)

    @property
    def is_here(self) -> bool:
        """Whether it has arrived before time 0, or is on the board at time 0."""
        return self.step is not None or self.arrived < 0


Items = Annotated[tuple[Item, ...], ONE_OR_MANY, PlainSerializer(lambda items: [item.document() for item in items])]
"""Items that a file names, each of them so many times as it says."""
