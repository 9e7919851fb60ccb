"""Moments of a scenario file: at which paths they stand, whether something begins or ends then, and where they are keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from vssim.calendar import A_DATE, Calendar, DateText, instant
from vssim.model.values import is_number

Path_ = tuple[Any, ...]
Pattern = tuple[str, ...]

BEGINS: tuple[str, ...] = (
    "run.warmup",
    "demand.*.at.*",
    *(f"demand.*.items.{word}" for word in ("at", "entered", "started", "*.at", "*.entered", "*.started")),
    "changes.*.from",
    "changes.*.includes.*",
    "teams.*.absences.*.from",
    "teams.*.absences.from",
    "teams.*.people.*.absences.*.from",
    "teams.*.people.*.absences.from",
    *(f"claims.{claim}at_least" for claim in ("", "*.")),
)
"""Where a moment stands at which something begins."""

ENDS: tuple[str, ...] = (
    "run.horizon",
    "demand.*.items.due",
    "demand.*.items.*.due",
    "steps.*.gate.offset",
    "steps.*.gate.at.*",
    "steps.*.needs.gate.offset",
    "steps.*.needs.gate.at.*",
    "steps.*.needs.*.gate.offset",
    "steps.*.needs.*.gate.at.*",
    "teams.*.absences.*.to",
    "teams.*.absences.to",
    "teams.*.people.*.absences.*.to",
    "teams.*.people.*.absences.to",
    *(f"claims.{claim}at_most" for claim in ("", "*.")),
)
"""Where a moment stands at which something ends."""

TIMETABLES: tuple[str, ...] = ("demand.*.season", "teams.*.people", "teams.*.people.*.count")
"""Where moments are keys; each of these mappings is one value."""

OVER_IS_FINE = (
    "demand.*.items.*",
    "demand.*.items.*.*",
    "teams.*.absences.*.*",
    "teams.*.absences.*",
    "teams.*.people.*.absences.*.*",
    "teams.*.people.*.absences.*",
    *TIMETABLES,
    "steps.*.gate.*",
    "steps.*.gate.at.*",
    "steps.*.needs.gate.*",
    "steps.*.needs.*.gate.*",
)
"""Where a date before the start may stand, because it still, or no longer, means something."""


class NoMoment(ValueError):
    """A date that has no moment where it stands. `expected` is what may stand there."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def on_calendar(date: dt.date | dt.datetime, path: Path_, calendar: Calendar | None) -> DateText:
    """A date that takes effect at a path at which a moment may stand, with its moment. Raises NoMoment."""
    if calendar is None:
        raise NoMoment("a start: a date needs the date of time 0")
    if isinstance(date, dt.datetime) and calendar.unit != "hour":
        raise NoMoment(f"{A_DATE}; a time of day where the unit is hour")
    moment = calendar.dated(date, ends=ends(path))
    if moment < 0 and not may_be_over(path):
        raise NoMoment(f"a date from the start on ({calendar.start})")
    return DateText(moment)


def in_effect(path: Path_) -> Path_:
    """Where what stands at a path takes effect: what a lever sets, at the path that it names."""
    keys = tuple(key for part in path for key in str(part).split("."))
    return keys[keys.index("set") + 1 :] if keys[:1] == ("changes",) and "set" in keys[3:] else keys


def dated(value: Any, path: str, calendar: Calendar | None) -> Any:
    """A value that is put at a dotted path: a date that stands for a moment, with its moment. Raises NoMoment."""
    date = None if is_number(value) or isinstance(value, DateText) else instant(value)
    where = in_effect((path,))
    return value if date is None or not is_moment(where) else on_calendar(date, where, calendar)


def is_moment(path: Path_) -> bool:
    """Whether a moment may stand at a path, and so a date."""
    return begins(path) or ends(path) or is_timetable(path[:-1])


def begins(path: Path_) -> bool:
    """Whether something begins at the moment that stands at a path."""
    return _fits(path, BEGINS)


def ends(path: Path_) -> bool:
    """Whether something ends at the moment that stands at a path."""
    return _fits(path, ENDS)


def may_be_over(path: Path_) -> bool:
    """Whether a date before the start may stand at a path."""
    return _fits(path, OVER_IS_FINE) or is_timetable(path[:-1])


def is_timetable(path: Path_) -> bool:
    """Whether the mapping at a path of the document is a timetable."""
    return _fits(path, TIMETABLES)


def is_one_value(path: Path_) -> bool:
    """Whether the mapping at a path is one value, that another file or setting replaces and never merges with."""
    return is_timetable(path) or is_history(path)


def is_history(path: Path_) -> bool:
    """Whether the mapping at a path of the document is a past."""
    return _fits(path, ("demand.*.history",))


def _fits(path: Path_, patterns: tuple[str, ...]) -> bool:
    return any(_matches(path, tuple(pattern.split("."))) for pattern in patterns)


def _matches(path: Path_, pattern: Pattern) -> bool:
    return len(path) == len(pattern) and all(mine in ("*", str(key)) for mine, key in zip(pattern, path, strict=True))
