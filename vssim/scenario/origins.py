"""Where a scenario comes from: the sources of its figures, and of one that was learned, its records and how far it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from vssim.language import said
from vssim.model.values import Names, Part, Time, expected
from vssim.scenario.texts import Text

Verdict = Literal["reproduced", "roughly", "not"]


class Source(Part):
    """Where a figure of the scenario comes from; shown in the report."""

    name: Text = Field(description="the figure")
    from_: Text = Field(alias="from", description="where it comes from")


def _day(value: Any) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise expected("a date such as 2026-01-05") from None


Day = Annotated[
    dt.date,
    BeforeValidator(_day),
    PlainSerializer(lambda day: day.isoformat()),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def _numbers(value: Any) -> tuple[float, ...]:
    parts = value.split() if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    try:
        return tuple(float(part) for part in parts)
    except (TypeError, ValueError):
        raise expected("numbers with blanks between them, such as 3 5.5 4") from None


Numbers = Annotated[
    tuple[float, ...],
    BeforeValidator(_numbers),
    PlainSerializer(lambda numbers: " ".join(f"{number:.6g}" for number in numbers)),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {"type": "number"}}]}),
]
"""Many numbers in one text, which keeps a file short."""


@dataclass(frozen=True)
class Standing:
    """Where an item was on the last day of the records."""

    column: str
    age: float
    """since it was started [working days]"""
    there: float
    """since it came to that column [working days]"""


def _standing(value: Any) -> Standing:
    parts = str(value).rsplit(",", 2)
    try:
        column, age, there = parts[0].strip(), *(float(part) for part in parts[1:])
        return Standing(column, age, there)
    except ValueError:
        raise expected("a column, the age and the days there, such as Build, 14, 5.5") from None


Stands = Annotated[
    Standing,
    PlainValidator(lambda value: value if isinstance(value, Standing) else _standing(value)),
    PlainSerializer(lambda item: f"{item.column}, {item.age:.6g}, {item.there:.6g}"),
    WithJsonSchema({"type": "string"}),
]


class Column(Part):
    """What a column of the records is in the scenario."""

    step: Text = Field(description="the step that it belongs to")
    hands_on: Time | None = Field(
        default=None, description="mean hands-on work of a visit [units of time]; none: there is waiting, or time passes"
    )


def _alike(part: Part, names: tuple[str, ...]) -> None:
    """Refuse series of different lengths that describe the same windows or weeks."""
    counts = {name: len(getattr(part, name)) for name in names}
    if len(set(counts.values())) > 1:
        raise expected(f"as many numbers in each of {', '.join(names)}")


class Foretold(Part):
    """Windows that were held back, each foretold by members that were learned from what lies before them; one number a window."""

    days: int = Field(description="how long each window is [working days]")
    promised: Numbers = Field(description="at least so many items, with 85 %")
    probability: Numbers = Field(description="of that promise [1]")
    low: Numbers = Field(description="lower ends of the band of 80 % [items]")
    high: Numbers = Field(description="upper ends of the band of 80 % [items]")
    came: Numbers = Field(description="what was delivered [items]")
    place: Numbers = Field(description="where that lies among the futures [1]")
    crps: Numbers = Field(description="continuous ranked probability scores [items]")
    throughput: Numbers = Field(description="the same scores of the forecast from throughput alone [items]")

    @model_validator(mode="after")
    def _one_a_window(self) -> Foretold:
        _alike(self, ("promised", "probability", "low", "high", "came", "place", "crps", "throughput"))
        return self


class Band(Part):
    """Records, week by week, beside what the members play of the same weeks."""

    recorded: Numbers = Field(description="as it was")
    low: Numbers = Field(description="lower ends of nine tenths of the histories")
    middle: Numbers = Field(description="their medians")
    high: Numbers = Field(description="upper ends of nine tenths of the histories")

    @model_validator(mode="after")
    def _one_a_week(self) -> Band:
        _alike(self, ("recorded", "low", "middle", "high"))
        return self


class Checked(Part):
    """One check of what was learned."""

    found: Text = Field(description="what was found")
    verdict: Text = Field(description="passes, rough, fails, or cannot be told")


class Learned(Part):
    """From which records a scenario was learned, until when, and whether it plays them as they were."""

    records: Names = Field(default=(), description="the files that it was learned from")
    first: Day = Field(description="first day that was learned from")
    until: Day = Field(description="last day that was learned from")
    verdict: Verdict = Field(description="whether it plays the past as it was: reproduced, roughly, or not")
    off: Names = Field(
        default=(), description="what it does not play as it was; where there is nothing of it, which checks it falls short of"
    )
    silent: dict[str, str] = Field(default={}, description="figures of which the records say nothing, and what people call them")
    checks: dict[str, Checked] = Field(default={}, description="the checks by name")
    columns: dict[str, Column] = Field(default={}, description="columns of the records by name")
    today: Day | None = Field(default=None, description="last day of the records: forecasts begin on the working day after it")
    open: dict[str, Stands] = Field(default={}, description="what was open then: item, column, age and days there [working days]")
    record: tuple[Foretold, ...] = Field(default=(), description="how forecasts of members turned out, by length of window")
    weekly: dict[str, Band] = Field(default={}, description="records beside played histories, week by week")

    @property
    def sentence(self) -> str:
        """The verdict as it stands beside every result."""
        return f"{self.plays} ({'; '.join(self.off)})" if self.off else self.plays

    @property
    def plays(self) -> str:
        """The verdict without what it falls short of."""
        source = said(" of {records}", records=", ".join(self.records)) if self.records else ""
        values = {"first": self.first, "until": self.until, "source": source}
        if self.verdict == "not":
            return said("learned from {first} to {until}{source}: not: it does NOT play its own past", **values)
        if self.verdict == "roughly":
            return said("learned from {first} to {until}{source}: roughly: it plays its own past roughly", **values)
        return said("learned from {first} to {until}{source}: reproduced: it plays its own past", **values)
