"""The schema of a scenario file: one declaration gives the checks, the messages and the JSON Schema for editors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from vssim import markup
from vssim.calendar import A_DATE, HOURS, Calendar, Dated
from vssim.errors import UsageError
from vssim.model.changes import BASELINE, Change, Plan, plan
from vssim.model.checks import warnings
from vssim.model.demand import ItemType
from vssim.model.endings import expected_items, is_finite, last_gates
from vssim.model.model import Model
from vssim.model.moments import LaterMoment, WorkingTime, moment, moved_dates, write
from vssim.model.promises import Promise
from vssim.model.spans import SpanLimit
from vssim.model.spending import money, unstated
from vssim.model.steps import Step
from vssim.model.teams import Discipline, Handoffs, Team
from vssim.model.terms import PULLED, Span, Terms
from vssim.model.values import MOST, Count, Limit, Part, Positive, at_most, expected, is_number, percent, plain
from vssim.scenario.opening import DOOR
from vssim.scenario.origins import Learned, Source
from vssim.scenario.room import Room
from vssim.scenario.texts import ONE_OR_MANY, Text, Texts, one_or_many
from vssim.scenario.unknown import Unknown


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
    at_most(value, MOST)
    if not is_number(value) or value < 0:
        raise expected("a time of at least 0, or auto")
    return float(value)


Warmup = Annotated[
    float | Literal["auto"],
    BeforeValidator(_warmup),
    PlainSerializer(lambda warmup: warmup if isinstance(warmup, str) else plain(warmup)),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"const": "auto"}]}),
]


def _seed(value: Any) -> int:
    at_most(value, 2**63 - 1)
    if not is_number(value) or value != int(value) or value < 0:
        raise expected("a whole number of at least 0")
    return int(value)


Seed = Annotated[int, BeforeValidator(_seed), WithJsonSchema({"type": "integer", "minimum": 0})]


class RunSettings(Part):
    """How long and how often a scenario is run."""

    horizon: LaterMoment = Field(default=250.0, description="when a run ends")
    warmup: Warmup = Field(default=0.0, description="from when on is measured; auto finds it")
    replications: Count = Field(default=20, description="independent runs of each variant")
    seed: Seed = Field(default=1, description="which luck")

    def document(self) -> dict[str, Any]:
        """As a file writes them; a length and a number of replications that were stated are written whatever they are.

        Where a file does not say them they are worked out: left out because they are the default, they would be others when read
        again.
        """
        written = super().document()
        if "horizon" in self.model_fields_set:
            written["horizon"] = write(self.horizon)
        if "replications" in self.model_fields_set:
            written["replications"] = self.replications
        return {name: written[name] for name in RunSettings.model_fields if name in written}


@dataclass(frozen=True)
class Bound:
    """What a claim compares with: a share of the other variant's figure, or a value in the metric's own unit."""

    share: float | None = None
    value: float | None = None
    """a date that was claimed is still known (a Dated)"""

    def document(self) -> Any:
        """As a file writes it; a share carries its %."""
        if self.share is not None:
            return f"{plain(round(self.share * 100, 10))}%"
        return write(self.value or 0.0)

    @property
    def dated(self) -> Dated | None:
        """The date that is claimed, if one is."""
        return self.value if isinstance(self.value, Dated) else None


_A_SHARE = "a share of the baseline such as 60%, or a number of at least 0 in the metric's own unit"


def _bound(value: Any, a_bound: str = _A_SHARE) -> Bound:
    if isinstance(value, Bound):
        return value
    share = percent(value)
    if share is not None and 0 <= share <= 1000:
        return Bound(share=share)
    if is_number(value) and 0 <= value <= 10**15:
        return Bound(value=float(value))
    raise expected(a_bound)


def _dated_bound(value: Any) -> Bound:
    date = moment(value)
    return Bound(value=date) if isinstance(date, Dated) else _bound(value, f"{_A_SHARE}; of a moment {A_DATE} (needs a start)")


_A_BOUND: list[dict[str, Any]] = [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$"}]
_A_DATE: dict[str, Any] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d"}
_WRITTEN = PlainSerializer(lambda bound: bound.document())

ClaimBound = Annotated[Bound, BeforeValidator(_bound), _WRITTEN, WithJsonSchema({"anyOf": _A_BOUND})]
DatedBound = Annotated[Bound, BeforeValidator(_dated_bound), _WRITTEN, WithJsonSchema({"anyOf": [*_A_BOUND, _A_DATE]})]
"""A date too, where the metric is a moment and the scenario has a start."""

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
    at_most: DatedBound | None = Field(default=None, description="largest value: a share of the other's, or a value or date")
    at_least: DatedBound | None = Field(default=None, description="smallest value: a share of the other's, or a value or date")
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


def _metrics(value: Any) -> Any:
    if value in ([], ()):
        raise expected("at least one metric")
    return one_or_many(value)


Reveal = Annotated[
    tuple[Annotated[str, BeforeValidator(_metric)], ...],
    BeforeValidator(_metrics),
    PlainSerializer(list),
    ONE_OR_MANY,
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
    reveal: Reveal = Field(default=(), description="metrics that are revealed; the guess is about the first; default the headline")
    chart: Chart = Field(default="progress", description="which chart is up when it is revealed")
    discuss: Texts = Field(default=(), description="questions for the room afterwards")
    minutes: Positive | None = Field(default=None, description="how long the round takes [minutes]")
    notes: Text = Field(default="", description="for the facilitator only")


def _hours(value: Any) -> float:
    if not is_number(value) or not 0 < value <= 24:
        raise expected("a number of hours above 0 and at most 24")
    return float(value)


class Clock(Part):
    """A clock of the scenario's own."""

    from_: Text = Field(alias="from", description="what it begins with: entering a step, or arrived, started, pulled, delivered")
    to: Text = Field(description="what it ends with: leaving a step for the last time, or arrived, started, pulled, delivered")
    entry: Literal["first", "last"] = Field(default="first", description="whether the first entry begins it, or the last")


HEADLINE = "lead_time.p85"
"""The metric that the verdict is about where a scenario names no other."""


CHECKED = {"checked": True}
"""Context for a caller that makes the checks beyond the schema itself; without it the scenario makes them."""


class Scenario(Part):
    """A scenario: the organisation as it is, the changes to try, and what the author claims will happen.

    It cannot be altered into something unchecked: `with_` gives another one, and so do the ways that pydantic has.
    """

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
    start: Date | None = Field(default=None, description="date of time 0; with it, a date may stand wherever a moment may")
    calendar: WorkingTime = Field(default=WorkingTime(), description="which days the clock counts, and when nobody works")
    currency: Text = Field(default="", description="what money is in, such as EUR; without it no money is told of")
    headline: Annotated[str, BeforeValidator(_metric)] = Field(default=HEADLINE, description="the metric that the verdict is about")
    committed: Text = Field(default=PULLED, description="from when cycle time, wip and backlog count: pulled, started, or a step")
    clocks: dict[str, Clock] = Field(default={}, description="further clocks by name, measured as clock.NAME.p85 and so on")
    promise: Promise | None = Field(default=None, description="how long an item may take if a promise is to be kept; only measured")
    run: RunSettings = Field(default=RunSettings(), description="how long and how often it is run")
    demand: dict[str, ItemType] = Field(description="item types by name")
    steps: dict[str, Step] = Field(description="steps by name, in order")
    teams: dict[str, Team] = Field(description="teams by name")
    handoffs: Handoffs = Field(default=Handoffs(), description="what passing an item to another team costs")
    discipline: Discipline = Field(default="fifo", description="which waiting item comes first")
    wip_limit: Limit = Field(default=None, description="most items past the backlog (CONWIP)")
    limits: dict[str, SpanLimit] = Field(default={}, description="limits over several columns, or of a type in a column, by name")
    changes: dict[str, Change] = Field(default={}, description="changes by name: what to try")
    claims: Annotated[tuple[Claim, ...], PlainSerializer(lambda claims: [claim.document() for claim in claims])] = Field(
        default=(), description="what the author says the run shows"
    )
    sliders: Texts = Field(default=(), description="paths worth moving in a room")
    uncertain: Unknown = Field(default=None, description="what is not known, by path; or a file of joint members")
    rounds: Annotated[tuple[Round, ...], PlainSerializer(lambda rounds: [entry.document() for entry in rounds])] = Field(
        default=(), description="a workshop: what the room guesses, sees and discusses, in order"
    )
    room: Room = Field(default=Room(), description="how a room meets it: order of the questions, and the library's page")
    notes: Text = Field(default="", description="about the workshop, for the facilitator only")
    learned: Learned | None = Field(default=None, description="where a scenario that was learned comes from, and how far it holds")

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> Scenario:
        """The scenario in a mapping, whose keys are those of a file. Raises ScenarioError with every fault."""
        made: Scenario = DOOR.of(mapping)
        return made

    def with_(self, settings: Mapping[str, Any]) -> Scenario:
        """The scenario with values put at paths of the file, as in {"teams.testers.people": 3, "wip_limit": None}, and checked.

        A path that is not there yet is added, None takes out what is there. Raises ScenarioError with every fault.
        """
        altered: Scenario = DOOR.altered(self, settings)
        return altered

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Scenario:
        """As `with_`; pydantic's own would leave figures beside each other that do not belong together."""
        return super().model_copy(deep=deep) if update is None else DOOR.altered(self, update)

    if not TYPE_CHECKING:  # the plugin of the type checker writes a signature of its own

        @classmethod
        def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Scenario:
            """As `of`: nothing is made unchecked."""
            return DOOR.of(values)

    @model_validator(mode="wrap")
    @classmethod
    def _all_checks(cls, value: Any, read: ModelWrapValidatorHandler[Scenario], info: ValidationInfo) -> Scenario:
        """Make every check of a file also where pydantic is asked to read a scenario."""
        if info.context is CHECKED or isinstance(value, Scenario):
            return read(value)
        made = DOOR.of(value)
        return read({**made.document(), **({} if made.uncertain is None else {"uncertain": made.uncertain})})

    def __setattr__(self, name: str, value: Any) -> None:
        raise UsageError(f'a scenario stays as it is; scenario.with_({{"{name}": …}}) gives another one')

    def __delattr__(self, name: str) -> None:
        raise UsageError(f'a scenario stays as it is; scenario.with_({{"{name}": None}}) gives another one')

    @cached_property
    def model(self) -> Model:
        """The organisation as it is, and the demand on it."""
        return Model.model_construct(**{name: getattr(self, name) for name in Model.model_fields})

    @cached_property
    def dates(self) -> Calendar | None:
        """Where the times of a run fall in the calendar; None without a start."""
        if self.start is None:
            return None
        hours = self.calendar.hours_per_day or self.hours_per_day or HOURS
        return Calendar(self.start, self.unit, hours, self.calendar.working_days, self.calendar.spans, self.calendar.zone)

    def plan(self, change: str | None = None) -> Plan:
        """The organisations that are in force one after the other under `change`; None: the organisation as it is."""
        made = plan(self.model, self.changes, change)
        return replace(made, terms=self._terms(made, change))

    def _terms(self, made: Plan, change: str | None) -> Terms:
        """What is to be counted in a plan's runs, and from when."""
        models = [phase.model for phase in made.phases]
        promises = {name: kind.promise or self.promise for name, kind in models[-1].demand.items()}
        return Terms(
            committed=self.committed,
            clocks=tuple((name, Span(clock.from_, clock.to, clock.entry)) for name, clock in self.clocks.items()),
            promises=tuple((name, promise) for name, promise in promises.items() if promise is not None),
            patience=any(kind.gives_up is not None for model in models for kind in model.demand.values()),
            finite=is_finite(models),
            expected=expected_items(models, self.run.horizon),
            gates=last_gates(models[-1]),
            money=money(made.phases, self.changes, change) if self.currency else None,
        )

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What does not keep the scenario from running, but should be known."""
        learned = () if self.learned is None else (self.learned.sentence,)
        claimed = tuple({name: bound.value for name, bound in claim.bounds.items()} for claim in self.claims)
        standing_in = tuple(f"{belief.path}: " for belief in self.uncertain.beliefs) if self.uncertain is not None else ()
        moved = [*(text for text in moved_dates(self) if not text.startswith(standing_in)), *moved_dates(claimed, "claims")]
        return (*learned, *warnings(self.model), *moved, *unstated(self.model, self.changes, self.currency))

    def _repr_html_(self) -> str:
        """The scenario in a notebook: its question, who works on what, and what could be changed."""
        teams = [
            (name, team.people if isinstance(team.people, int | str) else len(team.groups), ", ".join(_does(team)))
            for name, team in self.teams.items()
        ]
        parts = [
            markup.title(self.name),
            markup.paragraph(self.question),
            markup.paragraph(f"{' → '.join(self.steps)}; {', '.join(self.demand)}"),
            markup.table(("team", "people", "does"), teams),
            markup.table(("change", "levers"), [(name, _levers(change)) for name, change in self.changes.items()]),
            markup.notes(self.warnings),
        ]
        return "".join(parts)

    def document(self) -> dict[str, Any]:
        """The scenario as a file writes it: short forms written out, defaults left out, always in the same order."""
        written = {**super().document(), "name": self.name, "run": self.run.document(), **self.model.document()}
        if not written["run"]:
            del written["run"]
        if self.changes:
            written["changes"] = {name: change.document() for name, change in self.changes.items()}
        return {name: written[name] for name in Scenario.model_fields if name in written}


def with_parts(scenario: Scenario, **parts: Any) -> Scenario:
    """The scenario with other parts that are known to be sound; what was worked out of those it had is forgotten."""
    altered = BaseModel.model_copy(scenario, update=parts)
    if not parts.keys().isdisjoint(Model.model_fields):
        altered.__dict__.pop("model", None)
        altered.__dict__.pop("warnings", None)
    if not parts.keys().isdisjoint(("unit", "hours_per_day", "start", "calendar")):
        altered.__dict__.pop("dates", None)
    return altered


def _does(team: Team) -> list[str]:
    return list(dict.fromkeys(skill for group in team.groups for skill in group.does))


def _levers(change: Change) -> str:
    return ", ".join([*change.includes, *(lever.name for lever in change.levers)])
