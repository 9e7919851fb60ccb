"""The schema of a scenario file: one declaration gives the checks, the messages and the JSON Schema for editors."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from vssim.model.changes import BASELINE, Change, Plan, plan
from vssim.model.checks import warnings
from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.model.steps import Step
from vssim.model.teams import Discipline, Handoffs, Team
from vssim.model.values import Count, Limit, Part, Positive, PositiveTime, expected, is_number, percent, plain


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise expected("a text; put it in quotes")
    return value


Text = Annotated[str, BeforeValidator(_text)]


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise expected("a date such as 2026-01-05")


Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    PlainSerializer(lambda date: date.isoformat()),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def _warmup(value: Any) -> float | Literal["auto"]:
    if value == "auto":
        return "auto"
    if not is_number(value) or not 0 <= value <= 10**9:
        raise expected("a time of at least 0, or auto")
    return float(value)


Warmup = Annotated[
    float | Literal["auto"],
    BeforeValidator(_warmup),
    PlainSerializer(lambda warmup: warmup if isinstance(warmup, str) else plain(warmup)),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"const": "auto"}]}),
]


def _seed(value: Any) -> int:
    if not is_number(value) or value != int(value) or not 0 <= value < 2**63:
        raise expected("a whole number of at least 0")
    return int(value)


Seed = Annotated[int, BeforeValidator(_seed), WithJsonSchema({"type": "integer", "minimum": 0})]


class RunSettings(Part):
    """How long and how often a scenario is run."""

    horizon: PositiveTime = Field(default=250.0, description="when a run ends")
    warmup: Warmup = Field(default=0.0, description="from when on is measured; auto finds it")
    replications: Count = Field(default=20, description="independent runs of each variant")
    seed: Seed = Field(default=1, description="which luck")


class Source(Part):
    """Where a figure of the scenario comes from; shown in the report."""

    name: Text = Field(description="the figure")
    from_: Text = Field(alias="from", description="where it comes from")


@dataclass(frozen=True)
class Bound:
    """What a claim compares with: a share of what the other variant has, or a value in the metric's own unit."""

    share: float | None = None
    value: float | None = None

    def document(self) -> Any:
        """As a file writes it; a share carries its %."""
        if self.share is not None:
            return f"{plain(round(self.share * 100, 10))}%"
        return plain(self.value or 0.0)


def _bound(value: Any) -> Bound:
    if isinstance(value, Bound):
        return value
    share = percent(value)
    if share is not None and 0 <= share <= 1000:
        return Bound(share=share)
    if is_number(value) and 0 <= value <= 10**15:
        return Bound(value=float(value))
    raise expected("a share of the baseline such as 60%, or a number of at least 0 in the metric's own unit")


ClaimBound = Annotated[
    Bound,
    BeforeValidator(_bound),
    PlainSerializer(lambda bound: bound.document()),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$"}]}),
]

_METRIC = re.compile(r"[a-z]\w*(\.[^.,=:@]+)*(\.[0-9]+)?(@[^.,=:@]+)?\Z")


def _metric(value: Any) -> str:
    if not isinstance(value, str) or not _METRIC.match(value):
        raise expected("a metric such as lead_time.p85, throughput or lead_time.p85@feature")
    return value


class Claim(Part):
    """What the author says the run shows: a metric under one variant, compared with the same metric under another."""

    change: Text = Field(description="the change that the claim is about")
    against: Text = Field(default=BASELINE, description="what it is compared with; default the baseline")
    metric: Annotated[str, BeforeValidator(_metric)] = Field(description="the metric, by its full name")
    at_most: ClaimBound | None = Field(default=None, description="largest value: a share of the other's, or a value")
    at_least: ClaimBound | None = Field(default=None, description="smallest value: a share of the other's, or a value")
    within: ClaimBound | None = Field(default=None, description="largest difference: a share of the other's, or a value")

    @model_validator(mode="after")
    def _says_something(self) -> Claim:
        if self.at_most is None and self.at_least is None and self.within is None:
            raise expected("at_most, at_least or within in a claim")
        return self

    @property
    def bounds(self) -> dict[Literal["at_most", "at_least", "within"], Bound]:
        """What is claimed: at_most, at_least and within, as far as they are stated."""
        stated: dict[Literal["at_most", "at_least", "within"], Bound | None]
        stated = {"at_most": self.at_most, "at_least": self.at_least, "within": self.within}
        return {name: bound for name, bound in stated.items() if bound is not None}

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants that it speaks of; a bare number at_most or at_least says nothing of the other one."""
        alone = all(name != "within" and bound.share is None for name, bound in self.bounds.items())
        return (self.change,) if alone else (self.change, self.against)


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_ONE_OR_MANY = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})

Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many), PlainSerializer(list), _ONE_OR_MANY]
"""One text, or a list of them."""


def _metrics(value: Any) -> Any:
    if value in ([], ()):
        raise expected("at least one metric")
    return _one_or_many(value)


Reveal = Annotated[
    tuple[Annotated[str, BeforeValidator(_metric)], ...],
    BeforeValidator(_metrics),
    PlainSerializer(list),
    _ONE_OR_MANY,
]
"""One metric, or a list of them."""

Chart = Literal["progress", "lead", "delivered", "histogram", "flow", "time"]
"""In progress by step, lead times, delivered, histogram of lead times, cumulative flow, where the time goes."""


class Round(Part):
    """One round of a workshop: two variants of a scenario side by side, a guess of the room, what is revealed and discussed."""

    title: Text = Field(default="", description="what the round is called")
    scenario: Text | None = Field(default=None, description="whose change it is, a file or library name; default this file")
    change: Text = Field(description="the change on the right-hand side")
    against: Text = Field(default=BASELINE, description="what is on the left-hand side; default the baseline")
    question: Text = Field(description="what the room guesses before it sees")
    reveal: Reveal = Field(default=("lead_time.p50",), description="metrics that are revealed; the guess is about the first")
    chart: Chart = Field(default="progress", description="which chart is up when it is revealed")
    discuss: Texts = Field(default=(), description="questions for the room afterwards")
    minutes: Positive | None = Field(default=None, description="how long the round takes [minutes]")
    notes: Text = Field(default="", description="for the facilitator only")


def _hours(value: Any) -> float:
    if not is_number(value) or not 0 < value <= 24:
        raise expected("a number of hours above 0 and at most 24")
    return float(value)


class Scenario(Part):
    """A scenario: the organisation as it is, the changes to try, and what the author claims will happen."""

    name: Text = Field(default="Untitled", description="title")
    question: Text = Field(default="", description="the question that the scenario answers")
    lesson: Text = Field(default="", description="what the result teaches; shown after it, never before")
    sources: Annotated[tuple[Source, ...], PlainSerializer(lambda sources: [source.document() for source in sources])] = Field(
        default=(), description="where figures come from"
    )
    unit: Literal["hour", "day", "week"] = Field(default="day", description="unit of every time in the file (working time)")
    hours_per_day: Annotated[float, BeforeValidator(_hours), PlainSerializer(plain)] | None = Field(
        default=None, description="working hours in a day; needed with unit hour"
    )
    start: Date | None = Field(default=None, description="calendar date of time 0, for dates in exports")
    run: RunSettings = Field(default=RunSettings(), description="how long and how often it is run")
    demand: dict[str, ItemType] = Field(description="item types by name")
    steps: dict[str, Step] = Field(description="steps by name, in order")
    teams: dict[str, Team] = Field(description="teams by name")
    handoffs: Handoffs = Field(default=Handoffs(), description="what passing an item to another team costs")
    discipline: Discipline = Field(default="fifo", description="which waiting item comes first")
    wip_limit: Limit = Field(default=None, description="most items past the backlog (CONWIP)")
    changes: dict[str, Change] = Field(default={}, description="changes by name: what to try")
    claims: Annotated[tuple[Claim, ...], PlainSerializer(lambda claims: [claim.document() for claim in claims])] = Field(
        default=(), description="what the author says the run shows"
    )
    sliders: Texts = Field(default=(), description="paths worth moving in a room")
    rounds: Annotated[tuple[Round, ...], PlainSerializer(lambda rounds: [one.document() for one in rounds])] = Field(
        default=(), description="a workshop: what the room guesses, sees and discusses, in order"
    )
    notes: Text = Field(default="", description="about the workshop, for the facilitator only")

    @cached_property
    def model(self) -> Model:
        """The organisation as it is, and the demand on it."""
        return Model.model_construct(**{name: getattr(self, name) for name in Model.model_fields})

    def plan(self, change: str | None = None) -> Plan:
        """The organisations that are in force one after the other under `change`; None: the organisation as it is."""
        return plan(self.model, self.changes, change)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What does not keep the scenario from running, but should be known."""
        return tuple(warnings(self.model))

    def document(self) -> dict[str, Any]:
        """The scenario as a file writes it: short forms written out, defaults left out, always in the same order."""
        written = {**super().document(), "name": self.name, **self.model.document()}
        if self.changes:
            written["changes"] = {name: change.document() for name, change in self.changes.items()}
        return {name: written[name] for name in Scenario.model_fields if name in written}
