"""Moments on the run's clock: numbers, or dates where the scenario has a start; and timetables, whose keys they are.

Dates have become moments by the time a model is made (vssim.scenario.dates); here they only keep their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from vssim import working_time
from vssim.calendar import A_DATE, WORKED, Dated, DateText, hours_of
from vssim.model.history import Past
from vssim.model.values import MOST, Part, at_most, expected, is_number, plain

Value = TypeVar("Value")


def moment(value: Any) -> float | None:
    """The moment that a value means, None for what is none; a date must have met its calendar."""
    if isinstance(value, DateText):
        return value.dated
    return (value if isinstance(value, Dated) else float(value)) if is_number(value) else None


def write(value: float) -> Any:
    """A moment as a file has it."""
    return value.document() if isinstance(value, Dated) else plain(value)


def on_the_clock(document: Any) -> Any:
    """A document with moments in place of dates, which mean another one where the start is another."""
    if isinstance(document, DateText):
        return float(document.dated)
    if isinstance(document, Past):
        return document.weeks.told()
    if isinstance(document, Closed):
        return [[spell.begin, spell.end] for spell in document.spells]
    if isinstance(document, Mapping):
        return {on_the_clock(key): on_the_clock(value) for key, value in document.items()}
    return [on_the_clock(value) for value in document] if isinstance(document, list | tuple) else document


def _moment(low: float, text: str, *, above: bool = False) -> PlainValidator:
    def check(value: Any) -> float:
        since = moment(value)
        if not isinstance(since, Dated):
            at_most(since, MOST)
        if since is None or not (isinstance(since, Dated) or low <= since) or (above and since == low):
            raise expected(f"{text}, or {A_DATE} (needs a start)" if not above else f"{text}, or {A_DATE}")
        return since

    return PlainValidator(check)  # pydantic's own check of a float would forget the date


_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d"}]})

Moment = Annotated[float, _moment(0, "a time of at least 0"), PlainSerializer(write), _SCHEMA]
"""A moment on the run's clock of at least 0 [units of time]; a date where the scenario has a start."""


def _list(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise expected("a list of moments, as in [0, 1.5, 4]")
    return tuple(value)


Moments = Annotated[tuple[Moment, ...], BeforeValidator(_list), PlainSerializer(lambda moments: [write(each) for each in moments])]
"""A list of moments on the run's clock [units of time]."""

LaterMoment = Annotated[float, _moment(0, "a time above 0", above=True), PlainSerializer(write), _SCHEMA]
"""A moment after time 0."""


@dataclass(frozen=True)
class Timetable(Generic[Value]):
    """What holds from which moment on, in the order of time; one value, that is replaced as a whole."""

    entries: tuple[tuple[float, Value], ...]

    def at(self, when: float, before: Value) -> Value:
        """What holds at a moment [units]; `before` the first entry."""
        return next((value for since, value in reversed(self.entries) if since <= when), before)

    def __iter__(self) -> Iterator[tuple[float, Value]]:
        return iter(self.entries)

    def document(self) -> dict[Any, Any]:
        """As a file writes it."""
        return {write(since): value for since, value in self.entries}


def timetable(value: Mapping[Any, Any], read: Callable[[Any], Value]) -> Timetable[Value]:
    """The timetable in a mapping whose keys are moments (numbers, also as texts, or dates)."""
    values: dict[float, Value] = {}
    for key, entry in value.items():
        since = moment(_number(key))
        if since is None or (since < 0 and not isinstance(since, Dated)) or since > MOST:
            raise expected(f"moments as keys: numbers of at least 0, or dates such as 2026-03-01 (not {key!r})")
        if since in values:
            raise expected(f"each moment once ({plain(since)} stands there twice)")
        values[since] = read(entry)
    if not values:
        raise expected("at least one moment with what holds from then on")
    return Timetable(tuple(sorted(values.items(), key=lambda entry: entry[0])))


def _number(key: Any) -> Any:
    if isinstance(key, str) and not isinstance(key, DateText):
        try:
            return float(key)
        except ValueError:
            return key
    return key


@dataclass(frozen=True)
class Spell:
    """A stretch of time: from a moment to a moment [units of time]."""

    begin: float
    end: float


class Closed(list[Any]):
    """Holidays as a file has them, which know when they are."""

    spells: tuple[Spell, ...]

    def __init__(self, entries: Any = (), spells: tuple[Spell, ...] = ()) -> None:
        super().__init__(entries)
        self.spells = spells

    def __reduce__(self) -> Any:
        return Closed, (list(self), self.spells)


def _holidays(value: Any) -> Closed:
    if isinstance(value, Closed):
        return value
    if value in ((), [], None):
        return Closed()
    raise expected("dates, ranges as in {from: 2026-08-03, to: 2026-08-14}, or a country as in {country: DE, region: BY}")


Holidays = Annotated[
    Closed,
    BeforeValidator(_holidays),
    PlainSerializer(lambda closed: closed),
    WithJsonSchema({"type": "array", "items": {"anyOf": [{"type": "string", "format": "date"}, {"type": "object"}]}}),
]
"""Days on which nobody works; they count like any other."""


def _days(value: Any) -> tuple[str, ...]:
    days, wrong = working_time.working_days(value)
    _refuse(wrong)
    return days


def _spans(value: Any) -> tuple[str, ...]:
    _refuse(working_time.hours(value)[1])
    return (value,) if isinstance(value, str) else tuple(str(text) for text in value)


def _zone(value: Any) -> str:
    wrong = working_time.zone(value)
    _refuse([] if wrong is None else [wrong])
    return str(value)


def _refuse(wrong: list[working_time.Refusal]) -> None:
    """Refuse the first of what cannot be read; it is told by itself where it stands inside of a list."""
    for value, expectation, near in wrong:
        raise expected(expectation, near, got=str(value))


_TEXTS = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})


class WorkingTime(Part):
    """Which days and hours the clock counts, and when nobody works."""

    working_days: Annotated[tuple[str, ...], BeforeValidator(_days), PlainSerializer(list), _TEXTS] = Field(
        default=WORKED, description="days of the week that the clock counts"
    )
    holidays: Holidays = Field(default=Closed(), description="days on which nobody works: dates, ranges, those of a country")
    hours: Annotated[tuple[str, ...], BeforeValidator(_spans), PlainSerializer(list), _TEXTS] | None = Field(
        default=None, description="hours of the day that are worked; gives the length of a day in place of hours_per_day"
    )
    zone: Annotated[str, BeforeValidator(_zone)] = Field(default="UTC", description="time zone of stamps that have none")

    def document(self) -> dict[str, Any]:
        """As a file writes it; the holidays still know when they are."""
        return super().document() | ({"holidays": self.holidays} if self.holidays else {})

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """From when to when is worked [hours of the day]; () where it does not say."""
        return tuple((begin / 60, end / 60) for begin, end in working_time.hours(self.hours)[0]) if self.hours else ()

    @property
    def hours_per_day(self) -> float | None:
        """Length of a day [hours], where it says."""
        return hours_of(self.spans) if self.hours else None


def moved_dates(part: Any, path: str = "") -> Iterator[str]:
    """Sentences about dates of a scenario that are no working days."""
    if isinstance(part, Dated):
        if part.moved:
            yield f"{path}: {part.text} is no working day; {part.moved} counts"
    elif isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield from moved_dates(getattr(part, name), f"{path}.{field.alias or name}".lstrip("."))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from moved_dates(value, f"{path}.{key}")
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from moved_dates(value, f"{path}.{index}")
