"""How many people there are, and when: numbers, timetables, absences, sickness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from vssim.model.moments import LaterMoment, Moment, Timetable, timetable
from vssim.model.values import MOST, Duration, Part, PartShare, at_most, expected, is_number, percent

MOST_PEOPLE = 1_000_000


class Staff(int):
    """A number of people that changes: as a number, the most that there ever are."""

    table: Timetable[int]
    paid: int | None
    """how many are paid, where that is not those who are here: a number, or a timetable"""

    def __new__(cls, table: Timetable[int], paid: int | None = None) -> Staff:
        """The people of a timetable."""
        made = super().__new__(cls, max(count for _, count in table))
        made.table, made.paid = table, paid
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.table, self.paid)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Staff) and self.table == other.table

    def __hash__(self) -> int:
        return hash(self.table)


Heads = int | Literal["unlimited"]


def headcount(value: Any) -> Heads:
    """A number of people as a file states it: a whole number, 'unlimited', or a timetable of whole numbers."""
    if value == "unlimited":
        return "unlimited"
    if isinstance(value, Staff):
        return value
    if isinstance(value, Mapping):
        return _staff(value)
    at_most(value, MOST_PEOPLE)
    if not is_number(value) or value != int(value) or value < 1:
        raise expected("a whole number of people of at least 1, or unlimited")
    return int(value)


def _staff(value: Mapping[Any, Any]) -> Staff:
    table = timetable(value, _some)
    if table.entries[0][0] > 0:
        raise expected("a timetable that says how many there are at time 0: an entry at or before it")
    now = max(since for since, _ in table if since <= 0)
    if not any(count for since, count in table if since >= now):
        raise expected("a timetable with somebody in it")
    return Staff(table)


def _some(value: Any) -> int:
    at_most(value, MOST_PEOPLE)
    if not is_number(value) or value != int(value) or value < 0:
        raise expected("whole numbers of people of at least 0 in a timetable")
    return int(value)


def write_heads(count: Heads) -> Any:
    """A number of people as a file has it."""
    return count.table.document() if isinstance(count, Staff) else count


_TABLE = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
HEADS_SCHEMA: list[dict[str, Any]] = [{"type": "integer", "minimum": 1}, {"const": "unlimited"}, _TABLE]

Headcount = Annotated[Heads, PlainValidator(headcount), PlainSerializer(write_heads), WithJsonSchema({"anyOf": HEADS_SCHEMA})]
"""How many people [persons], 'unlimited', or a timetable: so many from each moment on."""


def steps_of(count: int) -> tuple[tuple[float, int], ...]:
    """From when on how many people there are, the first entry at or before time 0."""
    return count.table.entries if isinstance(count, Staff) else ((0.0, count),)


def on_payroll(count: int) -> int:
    """How many of these people are paid, here or not; a number or a timetable."""
    return count if not isinstance(count, Staff) or count.paid is None else count.paid


def here_of(present: int, paid: int) -> int:
    """The people who are here, of so many who are paid."""
    return Staff(present.table, paid) if isinstance(present, Staff) else present


def combined(counts: Iterable[int], how: Callable[[list[int]], int]) -> int:
    """The timetable of `how` applied to the numbers of people at every moment; a plain number where it never changes."""
    counts = list(counts)
    if not any(isinstance(count, Staff) for count in counts):  # most never change: of many worlds each deals its people anew
        return how(counts)
    tables = [Timetable(steps_of(count)) for count in counts]
    moments = sorted({max(since, 0.0) if since <= 0 else since for table in tables for since, _ in table})
    entries: list[tuple[float, int]] = []
    for since in moments:
        value = how([table.at(since, 0) for table in tables])
        if not entries or entries[-1][1] != value:
            entries.append((since, value))
    return entries[0][1] if len(entries) == 1 else Staff(Timetable(tuple(entries)))


def plus(count: int, more: int) -> int:
    """So many people more, from every moment on."""
    if not isinstance(count, Staff):
        return count + more
    paid = None if count.paid is None else plus(count.paid, more)
    return Staff(Timetable(tuple((since, people + more) for since, people in count.table)), paid)


def _all_or_some(value: Any) -> int | Literal["all"]:
    if value == "all":
        return "all"
    at_most(value, MOST_PEOPLE)
    if not is_number(value) or value != int(value) or value < 1:
        raise expected("a whole number of people of at least 1, or all")
    return int(value)


class Absence(Part):
    """People who are not here for a while; nobody works in their place."""

    from_: Moment = Field(alias="from", description="from when on; a date: from its morning")
    to: LaterMoment = Field(description="until when; a date: the last day")
    people: Annotated[
        int | Literal["all"],
        PlainValidator(_all_or_some),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "all"}]}),
    ] = Field(default=1, description="how many of them, or all")


class Sickness(Part):
    """Spells of sickness, of each person by himself, drawn for each replication and the same for all variants."""

    share: PartShare = Field(description="share of each one's time, in the long run")
    lasts: Duration = Field(description="how long a spell lasts [units of time], rounded to whole units")


def _cv(value: Any) -> float:
    share = percent(value)
    cv = float(value) if share is None and is_number(value) else share
    if cv is None or not 0 <= cv <= 10:
        raise expected("a share such as 30%, at most 1000%")
    return cv


def _over(value: Any) -> float:
    at_most(value, MOST)
    if not is_number(value) or value <= 0:
        raise expected("a time above 0")
    return float(value)


class Drift(Part):
    """Good and bad months: a slow chance factor on the pace, with mean 1."""

    cv: Annotated[float, BeforeValidator(_cv)] = Field(description="how much it varies: sd / mean")
    over: Annotated[float, BeforeValidator(_over)] = Field(
        description="how slowly: half of it is forgotten after 0.7 × this [units of time]"
    )
