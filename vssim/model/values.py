"""The small values of the scenario language: shares, limits, times, distributions, and what each may be.

Every check raises `expected(...)`, whose text is only what should have stood there; the reader adds place, value and path.
A value is written back exactly as a file would write it, so that a model can be turned into a document and read again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from vssim.model.distributions import EXAMPLES, Distribution, DistributionFault, parse


class Part(BaseModel):
    """A frozen piece of a scenario; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)

    def document(self) -> dict[str, Any]:
        """The piece as a scenario file writes it, without what is left at its default."""
        return self.model_dump(by_alias=True, exclude_defaults=True)


def expected(text: str, near: str = "", got: Any = None) -> PydanticCustomError:
    """The error of a check: `text` says what should have stood there, `near` the closest right name.

    `got` is what the fault is about, where it is a name or a number inside the value and not the value as a whole.
    """
    return PydanticCustomError("expected", "{text}", {"text": text, "near": near} | ({} if got is None else {"got": got}))


def plain(number: float) -> int | float:
    """`number` as a file writes it: 3 rather than 3.0."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def is_number(value: Any) -> bool:
    """True for a finite number that is not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf


def at_most(value: Any, most: int) -> None:
    """Refuse a number above `most` as too large. Anything else passes, for a later check that knows what it should be."""
    if isinstance(value, int | float) and not isinstance(value, bool) and most < value < math.inf:
        raise expected(f"at most {most:,}; it is too large", got=value)


def percent(value: Any) -> float | None:
    """The share that a text such as '30%' means, or None when it is not one."""
    if not isinstance(value, str) or not value.strip().endswith("%"):
        return None
    try:
        share = float(value.strip()[:-1]) / 100
    except ValueError:
        return None
    return share if math.isfinite(share) else None


def number_of(value: Any) -> float | None:
    """The number that a value is, or that a text such as '30%' or '1.5' means; None when it is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    share = percent(value)
    if share is not None:
        return share
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def share_of(low: float, high: float, text: str) -> BeforeValidator:
    """The check of a share between two bounds, written 30% or 0.3; `text` says what is expected."""

    def check(value: Any) -> float:
        share = percent(value)
        if share is None and is_number(value):
            share = float(value)
        if share is not None and high > 1 and share > high:
            raise expected(f"at most {100 * high:,.0f}%; it is too large")
        if share is None or not low <= share <= high:
            raise expected(text)
        return share

    return BeforeValidator(check)


def _real(low: float, high: int, text: str, *, above: bool = False) -> BeforeValidator:
    def check(value: Any) -> float:
        at_most(value, high)
        if not is_number(value) or not low <= value or (above and value == low):
            raise expected(text)
        return float(value)

    return BeforeValidator(check)


def _whole(low: int, high: int, text: str) -> BeforeValidator:
    def check(value: Any) -> int:
        at_most(value, high)
        if not is_number(value) or value != int(value) or not low <= value:
            raise expected(text)
        return int(value)

    return BeforeValidator(check)


WRITE_NUMBER = PlainSerializer(plain)
SHARE_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$"}]})
MOST = 10**9
"""Largest time, count or size that a file may state [units, items]; far above any real stream, far below 64 bits."""

Chance = Annotated[float, share_of(0, 1, "a chance from 0 to 1, or 0% to 100%"), WRITE_NUMBER, SHARE_SCHEMA]
"""A probability in [0, 1]; 30% or 0.3."""

Share = Annotated[float, share_of(0, 1000, "a share such as 30% or 0.3"), WRITE_NUMBER, SHARE_SCHEMA]
"""A share of something, at least 0; 30% or 0.3; may exceed 1."""

PartShare = Annotated[float, share_of(0, 0.999999, "a share of at least 0% and below 100%"), WRITE_NUMBER, SHARE_SCHEMA]
"""A share in [0, 1) that is taken away from something which must stay above 0."""

LEAST_PROFICIENCY = 0.000001
"""The smallest proficiency that engines can tell from none: one millionth."""

Proficiency = Annotated[
    float, share_of(LEAST_PROFICIENCY, 1, "a proficiency above 0% and at most 100%"), WRITE_NUMBER, SHARE_SCHEMA
]
"""How fast somebody does a step, in (0, 1]; 1 = the work's stated time."""

PositiveShare = Annotated[float, share_of(0.000001, 1000, "a share above 0%"), WRITE_NUMBER, SHARE_SCHEMA]

Time = Annotated[float, _real(0, MOST, "a time of at least 0"), WRITE_NUMBER, WithJsonSchema({"type": "number"})]
"""A moment or duration of at least 0 [units of time]."""

PositiveTime = Annotated[float, _real(0, MOST, "a time above 0", above=True), WRITE_NUMBER, WithJsonSchema({"type": "number"})]
"""A duration above 0 [units of time]."""

Positive = Annotated[float, _real(0, MOST, "a number above 0", above=True), WRITE_NUMBER, WithJsonSchema({"type": "number"})]

Count = Annotated[int, _whole(1, MOST, "a whole number of at least 1"), WithJsonSchema({"type": "integer", "minimum": 1})]
"""A whole number of at least 1."""


def _limit(value: Any) -> int | None:
    if value is None or value == "none":
        return None
    at_most(value, MOST)
    if not is_number(value) or value != int(value) or value < 1:
        raise expected("a limit of at least 1, or none")
    return int(value)


Limit = Annotated[
    int | None,
    BeforeValidator(_limit),
    PlainSerializer(lambda limit: "none" if limit is None else limit),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]}),
]
"""Most items at once [items]; None = no limit, written 'none'."""


def _distribution(value: Any) -> Distribution:
    try:
        return parse(value)
    except DistributionFault as fault:
        raise expected(fault.expected, fault.near) from None


def duration(value: Any) -> Distribution:
    """The distribution of finite durations that a file means by `value`."""
    distribution = _distribution(value)
    if distribution.is_never:
        raise expected("a finite duration")
    return distribution


def _batch(value: Any) -> Distribution:
    distribution = _distribution(value)
    if distribution.counts:
        return distribution
    raise expected("a whole number of at least 1, or a distribution over 1, 2, … (geometric, discrete, empirical)")


def _positive(value: Any) -> Distribution:
    distribution = duration(value)
    if distribution.mean <= 0:
        raise expected("a distribution with a mean above 0")
    return distribution


def _every(value: Any) -> Distribution:
    distribution = _distribution(value)
    if distribution.mean <= 0:
        raise expected("a time between arrivals above 0, or never")
    return distribution


WRITE_DISTRIBUTION = PlainSerializer(lambda distribution: distribution.document())
DISTRIBUTION_SCHEMA = WithJsonSchema(
    {
        "description": EXAMPLES,
        "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}, {"type": "object", "maxProperties": 1}],
    }
)

Duration = Annotated[Distribution, BeforeValidator(duration), WRITE_DISTRIBUTION, DISTRIBUTION_SCHEMA]
"""A distribution of finite values of at least 0 [units of time, or 1 for factors]."""

Factor = Annotated[Distribution, BeforeValidator(_positive), WRITE_DISTRIBUTION, DISTRIBUTION_SCHEMA]
"""A distribution of factors with a mean above 0 [1]."""

Interval = Annotated[Distribution, BeforeValidator(_every), WRITE_DISTRIBUTION, DISTRIBUTION_SCHEMA]
"""Time between arrivals [units of time]; may be `never`."""

BatchSize = Annotated[Distribution, BeforeValidator(_batch), WRITE_DISTRIBUTION, DISTRIBUTION_SCHEMA]
"""How many arrive together: a distribution over 1, 2, … [items]."""


@dataclass(frozen=True)
class Rework:
    """The work of a repeated stay: drawn afresh (`again`), a share of the item's first work there, or a draw of its own."""

    share: float | None = None
    own: Distribution | None = None

    def document(self) -> Any:
        """As a file writes it; a share always carries its %, which tells it from a quantity."""
        if self.share is not None:
            return f"{plain(round(self.share * 100, 10))}%"
        return "again" if self.own is None else self.own.document()


AGAIN = Rework()


def _rework(value: Any) -> Rework:
    if isinstance(value, Rework):
        return value
    if value == "again":
        return AGAIN
    share = percent(value)
    if share is not None:
        if not 0 <= share <= 1000:
            raise expected("again, a share such as 40%, or a distribution")
        return Rework(share=share)
    return Rework(own=duration(value))


ReworkWork = Annotated[Rework, BeforeValidator(_rework), PlainSerializer(lambda rework: rework.document()), DISTRIBUTION_SCHEMA]
"""Work of a repeated stay: again, 40%, or a distribution."""


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _one_or_many(value: Any) -> Any:
    """A list of one may be written without its list."""
    return (value,) if isinstance(value, Mapping | BaseModel) else value


def _write_one_or_many(parts: tuple[Any, ...]) -> Any:
    written = [part.document() for part in parts]
    return written[0] if len(written) == 1 else written


Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_names),
    PlainSerializer(list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One name or a list of names."""

ONE_OR_MANY = BeforeValidator(_one_or_many)
WRITE_ONE_OR_MANY = PlainSerializer(_write_one_or_many)


def _skills(value: Any) -> Any:
    if isinstance(value, str):
        return {value: 1.0}
    if not isinstance(value, list | tuple | Mapping):
        raise expected("a step or skill, a list of them, or each with its proficiency as in {develop: 1, test: 60%}")
    if isinstance(value, list | tuple):
        if not all(isinstance(name, str) for name in value):
            raise expected("names of steps or skills")
        return dict.fromkeys(value, 1.0)
    return value


def _write_skills(skills: dict[str, float]) -> Any:
    if any(proficiency != 1 for proficiency in skills.values()):
        return {name: plain(proficiency) for name, proficiency in skills.items()}
    return next(iter(skills)) if len(skills) == 1 else list(skills)


_SKILLS_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        ]
    }
)

Skills = Annotated[dict[str, Proficiency], BeforeValidator(_skills), PlainSerializer(_write_skills), _SKILLS_SCHEMA]
"""Skill -> proficiency; a name or a list of names means proficiency 1."""
