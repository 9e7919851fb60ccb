"""The small values of the scenario language: shares, limits, times, distributions, and what each may be.

Every check raises `expected(...)`, whose text is only what should have stood there; the reader adds place, value and path.
A value is written back exactly as a file would write it, so that a model can be turned into a document and read again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from vssim.model.distributions import EXAMPLES, Distribution, DistributionFault, parse


class Part(BaseModel):
    """A frozen piece of a scenario; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)

    def document(self) -> dict[str, Any]:
        """The piece as a scenario file writes it, without what is left at its default."""
        return self.model_dump(by_alias=True, exclude_defaults=True)


def expected(text: str, near: str = "", got: str | None = None) -> PydanticCustomError:
    """The error of a check: `text` says what should have stood there, `near` the closest right name.

    `got` is what the fault is about, where it is a name inside the value and not the value as a whole.
    """
    return PydanticCustomError("expected", "{text}", {"text": text, "near": near} | ({} if got is None else {"got": got}))


def plain(number: float) -> int | float:
    """`number` as a file writes it: 3 rather than 3.0."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def is_number(value: Any) -> bool:
    """True for a finite number that is not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf


def percent(value: Any) -> float | None:
    """The share that a text such as '30%' means, or None when it is not one."""
    if not isinstance(value, str) or not value.strip().endswith("%"):
        return None
    try:
        share = float(value.strip()[:-1]) / 100
    except ValueError:
        return None
    return share if math.isfinite(share) else None


def _share(low: float, high: float, text: str) -> BeforeValidator:
    def check(value: Any) -> float:
        share = percent(value)
        if share is None and is_number(value):
            share = float(value)
        if share is None or not low <= share <= high:
            raise expected(text)
        return share

    return BeforeValidator(check)


def _real(low: float, high: float, text: str, *, above: bool = False) -> BeforeValidator:
    def check(value: Any) -> float:
        if not is_number(value) or not low <= value <= high or (above and value == low):
            raise expected(text)
        return float(value)

    return BeforeValidator(check)


def _whole(low: int, high: int, text: str) -> BeforeValidator:
    def check(value: Any) -> int:
        if not is_number(value) or value != int(value) or not low <= value <= high:
            raise expected(text)
        return int(value)

    return BeforeValidator(check)


_WRITE_NUMBER = PlainSerializer(plain)
_SHARE_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$"}]})
_MOST = 10**9
"""Largest time, count or size that a file may state [units, items]; far above any real stream, far below 64 bits."""

Chance = Annotated[float, _share(0, 1, "a chance from 0 to 1, or 0% to 100%"), _WRITE_NUMBER, _SHARE_SCHEMA]
"""A probability in [0, 1]; 30% or 0.3."""

Share = Annotated[float, _share(0, 1000, "a share such as 30% or 0.3"), _WRITE_NUMBER, _SHARE_SCHEMA]
"""A share of something, at least 0; 30% or 0.3; may exceed 1."""

PartShare = Annotated[float, _share(0, 0.999999, "a share of at least 0% and below 100%"), _WRITE_NUMBER, _SHARE_SCHEMA]
"""A share in [0, 1) that is taken away from something which must stay above 0."""

LEAST_PROFICIENCY = 0.000001
"""The smallest proficiency that engines can tell from none: one millionth."""

Proficiency = Annotated[
    float, _share(LEAST_PROFICIENCY, 1, "a proficiency above 0% and at most 100%"), _WRITE_NUMBER, _SHARE_SCHEMA
]
"""How fast somebody does a step, in (0, 1]; 1 = the work's stated time."""

PositiveShare = Annotated[float, _share(0.000001, 1000, "a share above 0%"), _WRITE_NUMBER, _SHARE_SCHEMA]

Time = Annotated[float, _real(0, _MOST, "a time of at least 0"), _WRITE_NUMBER, WithJsonSchema({"type": "number"})]
"""A moment or duration of at least 0 [units of time]."""

PositiveTime = Annotated[float, _real(0, _MOST, "a time above 0", above=True), _WRITE_NUMBER, WithJsonSchema({"type": "number"})]
"""A duration above 0 [units of time]."""

Positive = Annotated[float, _real(0, _MOST, "a number above 0", above=True), _WRITE_NUMBER, WithJsonSchema({"type": "number"})]

Count = Annotated[int, _whole(1, _MOST, "a whole number of at least 1"), WithJsonSchema({"type": "integer", "minimum": 1})]
"""A whole number of at least 1."""


def _limit(value: Any) -> int | None:
    if value is None or value == "none":
        return None
    if not is_number(value) or value != int(value) or not 1 <= value <= _MOST:
        raise expected("a limit of at least 1, or none")
    return int(value)


Limit = Annotated[
    int | None,
    BeforeValidator(_limit),
    PlainSerializer(lambda limit: "none" if limit is None else limit),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]}),
]
"""Most items at once [items]; None = no limit, written 'none'."""


def headcount(value: Any) -> int | Literal["unlimited"]:
    """A number of people as a file states it: a whole number, or 'unlimited'."""
    if value == "unlimited":
        return "unlimited"
    if not is_number(value) or value != int(value) or not 1 <= value <= 1_000_000:
        raise expected("a whole number of people of at least 1, or unlimited")
    return int(value)


Headcount = Annotated[
    int | Literal["unlimited"],
    BeforeValidator(headcount),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "unlimited"}]}),
]
"""How many people [persons], or 'unlimited'."""


def _distribution(value: Any) -> Distribution:
    try:
        return parse(value)
    except DistributionFault as fault:
        raise expected(fault.expected, fault.near) from None


def _duration(value: Any) -> Distribution:
    found = _distribution(value)
    if found.kind == "never":
        raise expected("a finite duration")
    return found


def _batch(value: Any) -> Distribution:
    found = _distribution(value)
    tables = {"constant": "value", "discrete": "table", "empirical": "values"}
    if found.kind in tables:
        inside = found[tables[found.kind]]
        entries = [inside] if found.kind == "constant" else [e[0] if isinstance(e, tuple) else e for e in inside]
        if all(entry >= 1 and float(entry).is_integer() for entry in entries):
            return found
    elif found.kind == "geometric" and found.support[0] == 1:
        return found
    raise expected("a whole number of at least 1, or a distribution over 1, 2, … (geometric, discrete, empirical)")


def _positive(value: Any) -> Distribution:
    found = _duration(value)
    if found.mean <= 0:
        raise expected("a distribution with a mean above 0")
    return found


def _every(value: Any) -> Distribution:
    found = _distribution(value)
    if found.mean <= 0:
        raise expected("a time between arrivals above 0, or never")
    return found


_WRITE_DISTRIBUTION = PlainSerializer(lambda distribution: distribution.document())
_DISTRIBUTION_SCHEMA = WithJsonSchema(
    {
        "description": EXAMPLES,
        "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}, {"type": "object", "maxProperties": 1}],
    }
)

Duration = Annotated[Distribution, BeforeValidator(_duration), _WRITE_DISTRIBUTION, _DISTRIBUTION_SCHEMA]
"""A distribution of finite values of at least 0 [units of time, or 1 for factors]."""

Factor = Annotated[Distribution, BeforeValidator(_positive), _WRITE_DISTRIBUTION, _DISTRIBUTION_SCHEMA]
"""A distribution of factors with a mean above 0 [1]."""

Interval = Annotated[Distribution, BeforeValidator(_every), _WRITE_DISTRIBUTION, _DISTRIBUTION_SCHEMA]
"""Time between arrivals [units of time]; may be `never`."""

BatchSize = Annotated[Distribution, BeforeValidator(_batch), _WRITE_DISTRIBUTION, _DISTRIBUTION_SCHEMA]
"""How many arrive together: a distribution over 1, 2, … [items]."""


@dataclass(frozen=True)
class Rework:
    """The work of a repeated stay: drawn afresh (`again`), a share of the item's first work there, or its own draw."""

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
    return Rework(own=_duration(value))


ReworkWork = Annotated[Rework, BeforeValidator(_rework), PlainSerializer(lambda rework: rework.document()), _DISTRIBUTION_SCHEMA]
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
