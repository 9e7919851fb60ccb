"""Dates: a moment on the clock may be written as a date, if the scenario has a start; here dates meet the calendar.

One rule: what begins on a date begins in its morning, what ends on it ends in its evening. A document in which every date knows
its moment is read like any other; it keeps the dates, so that it can be moved to another start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from vssim.calendar import A_DATE, Calendar, DateText, instant
from vssim.errors import Fault
from vssim.model.moments import Closed, Spell
from vssim.model.values import is_number, plain
from vssim.public_holidays import public_holidays
from vssim.scenario.calendars import calendar_of
from vssim.scenario.documents import Document
from vssim.scenario.histories import history
from vssim.scenario.moments import NoMoment, is_history, is_moment, is_timetable, on_calendar
from vssim.yaml import show

Path_ = tuple[Any, ...]


def with_dates(document: Document) -> Document:
    """The document in which every date knows its moment; what is wrong with dates is among its faults."""
    return _Reader(document).read()


class _Reader:
    """One walk through a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.calendar = calendar_of(document.content)
        self.faults: list[Fault] = []

    def read(self) -> Document:
        content = self._read(self.document.content, (), ())
        return replace(self.document, content=content, faults=[*self.document.faults, *self.faults])

    def _read(self, value: Any, path: Path_, place: Path_) -> Any:
        """`value` with its dates; `path` is where it takes effect, `place` where it stands."""
        if path == ("calendar", "holidays"):
            return self._holidays(value, place)
        if isinstance(value, Mapping):
            return self._mapping(value, path, place)
        if isinstance(value, list | tuple):
            return [self._read(entry, (*path, index), (*place, index)) for index, entry in enumerate(value)]
        return self._moment(value, path, place)

    def _mapping(self, value: Mapping[Any, Any], path: Path_, place: Path_) -> Any:
        if is_history(path):
            return history(value, self.document, self.faults, place)
        if is_timetable(path):
            numbers = [_as_number(key) for key in value]
            keys = numbers if len(set(numbers)) == len(numbers) else list(value)  # one moment twice is told of later
            return {
                self._moment(now, (*path, key), (*place, key)): entry for now, (key, entry) in zip(keys, value.items(), strict=True)
            }
        if path[-1:] == ("set",) and "levers" in path:
            return {key: self._read(entry, tuple(str(key).split(".")), (*place, key)) for key, entry in value.items()}
        return {key: self._read(entry, (*path, key), (*place, key)) for key, entry in value.items()}

    def _moment(self, value: Any, path: Path_, place: Path_) -> Any:
        """A date that stands where a moment may, with its moment; everything else as it is."""
        date = None if is_number(value) else instant(value)
        if date is None or not is_moment(path):
            return value
        try:
            return on_calendar(date, path, self.calendar)
        except NoMoment as fault:
            return self._refuse(place, date, fault.expected)

    def _refuse(self, place: Path_, value: Any, expected: str) -> float:
        text = str(value) if isinstance(value, dt.date) else show(value)
        self.faults.append(self.document.fault(place, text, expected))
        return 1.0

    # --- holidays ---

    def _holidays(self, value: Any, place: Path_) -> Any:
        if value in (None, "none", [], ()):
            return value
        entries = list(value) if isinstance(value, list | tuple) else [value]
        calendar = self.calendar
        if calendar is None:
            self._refuse(place, value, "a start: holidays need the date of time 0")
            return Closed()
        spells = [spell for index, entry in enumerate(entries) for spell in self._closed(entry, (*place, index), calendar)]
        return Closed(entries, _joined(spells))

    def _closed(self, entry: Any, place: Path_, calendar: Calendar) -> Iterator[Spell]:
        """From when to when nobody works because of one entry of the holidays."""
        date = instant(entry)
        if isinstance(entry, Mapping) and "country" in entry:
            days, fault = public_holidays(entry, self._years(calendar))
            if fault:
                self.faults.append(self.document.fault((*place, *fault[:1]), fault[1], fault[2], fault[3]))
            for day in days:
                yield Spell(calendar.number(day), calendar.number(day, ends=True))
        elif isinstance(entry, Mapping) and set(entry) == {"from", "to"}:
            first, last = instant(entry["from"]), instant(entry["to"])
            if first is None or last is None:
                self._refuse(place, entry["from"] if first is None else entry["to"], A_DATE)
            elif calendar.number(last, ends=True) < calendar.number(first) or str(first) > str(last):
                self._refuse((*place, "to"), entry["to"], f"a day from {entry['from']} on: the last day")
            else:
                yield Spell(calendar.number(first), calendar.number(last, ends=True))
        elif date is not None:
            yield Spell(calendar.number(date), calendar.number(date, ends=True))
        else:
            self._refuse(place, entry, f"{A_DATE}, {{from: 2026-08-03, to: 2026-08-14}}, or {{country: DE, region: BY}}")

    def _years(self, calendar: Calendar) -> range:
        """The years that a run may reach."""
        run = self.document.content.get("run")
        horizon = run.get("horizon") if isinstance(run, Mapping) else None
        last = instant(horizon)
        if last is None:
            days = min(float(horizon), 50_000.0) / calendar.units_a_day if isinstance(horizon, int | float) else 2_500.0
            year = calendar.start.year + int(days / len(calendar.working_days) / 52) + 1
        else:
            year = last.year
        return range(calendar.start.year, min(year, calendar.start.year + 200, 9999) + 1)


def _as_number(key: Any) -> Any:
    """The number in a moment that is written in quotes, as in JSON."""
    try:
        return plain(float(key)) if isinstance(key, str) and not isinstance(key, DateText) else key
    except ValueError:
        return key


def _joined(spells: list[Spell]) -> tuple[Spell, ...]:
    """Spells in the order of time, joined where they touch or overlap; empty ones and those before time 0 are left out."""
    joined: list[Spell] = []
    for spell in sorted(spells, key=lambda each: each.begin):
        if spell.end <= max(spell.begin, 0.0):
            continue
        if joined and spell.begin <= joined[-1].end:
            joined[-1] = Spell(joined[-1].begin, max(joined[-1].end, spell.end))
        else:
            joined.append(spell)
    return tuple(joined)
