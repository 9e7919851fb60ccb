"""The clock of records: instants as working days, by the calendar of the reading.

Only working days of the calendar count. A holiday among them counts as a day on which nobody works, as in a scenario. What happens
outside working time counts at the next working instant. A working day is the stated hours, or the whole local day where no hours
are stated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from vssim import working_time
from vssim.calendar import WEEKDAYS, WORKED
from vssim.clock import Ints, Reals
from vssim.errors import Fault, ScenarioError, nearest
from vssim.public_holidays import public_holidays

KEYS = ("working_days", "holidays", "hours", "zone")

YEARS = range(2000, 2051)
"""The years for which public holidays are known."""

DAY, MINUTE = 86_400_000_000, 60_000_000
"""A day and a minute [microseconds]."""


@dataclass(frozen=True)
class WorkTime:
    """A team's working days and hours."""

    zone: str = "UTC"
    working: tuple[bool, ...] = (True, True, True, True, True, False, False)
    """which days of the week are worked, from Monday on"""
    hours: tuple[tuple[int, int], ...] = ()
    """stretches of a working day, from and to [microseconds since midnight]; empty: the whole day"""
    holidays: frozenset[dt.date] = field(default=frozenset())

    def local(self, at: pl.Series) -> pl.Series:
        """Instants in local time."""
        return at.dt.convert_time_zone(self.zone).dt.replace_time_zone(None)

    def days_of(self, at: pl.Series) -> Ints:
        """The local day of each instant [days since 1970]. No instant may be null."""
        return self.local(at).dt.date().cast(pl.Int32).to_numpy().astype(np.int64)

    def of(self, at: pl.Series) -> Reals:
        """Instants as working days since Monday, 5 January 1970; NaN for null."""
        micros = self.local(at).cast(pl.Int64)
        missing = micros.is_null().to_numpy()
        stamps = micros.fill_null(0).to_numpy().astype(np.int64)
        days, inside = np.divmod(stamps, DAY)
        worked = self._worked_before(days) + np.where(self._works(days), self._share(inside), 0.0)
        worked[missing] = np.nan
        return worked

    def outside(self, at: pl.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which instants lie outside working time. No instant may be null."""
        stamps = self.local(at).cast(pl.Int64).to_numpy().astype(np.int64)
        days, inside = np.divmod(stamps, DAY)
        beyond = ~self._works(days)
        if self.hours:
            within = np.zeros(len(stamps), bool)
            for begin, end in self.hours:
                within |= (inside >= begin) & (inside <= end)
            beyond |= ~within
        return beyond

    def between(self, first: int, last: int) -> int:
        """How many working days there are from local day `first` to `last`, both included [days since 1970]."""
        return int(self._worked_before(np.array([last + 1]))[0] - self._worked_before(np.array([first]))[0])

    def at_end(self, days: Ints) -> Reals:
        """The ends of local days [days since 1970] as working days, on the scale of `of`."""
        return self._worked_before(days + 1)

    def working_days(self, first: int, last: int) -> Ints:
        """The working days from local day `first` to `last`, holidays included [days since 1970]."""
        days: Ints = np.arange(first, last + 1)
        worked: Ints = days[self._works(days)]
        return worked

    @property
    def week(self) -> int:
        """Working days in a week."""
        return sum(self.working)

    def _works(self, days: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
        works: np.ndarray[Any, np.dtype[np.bool_]] = np.array(self.working)[(days + 3) % 7]
        return works  # 1 January 1970 was a Thursday

    def _worked_before(self, days: Ints) -> Reals:
        weeks, weekday = np.divmod(days + 3, 7)
        before = np.concatenate([[0], np.cumsum(self.working)])[:-1]
        worked: Reals = (weeks * self.week + before[weekday]).astype(np.float64)
        return worked

    def _share(self, inside: Ints) -> Reals:
        """The share of a working day that is over at a time of day [1]."""
        if not self.hours:
            return inside / DAY
        over = sum(np.clip(inside, begin, end) - begin for begin, end in self.hours)
        return np.asarray(over / sum(end - begin for begin, end in self.hours), np.float64)

    def document(self) -> dict[str, Any]:
        """The calendar as a reading writes it."""
        days = [name for name, works in zip(WEEKDAYS, self.working, strict=True) if works]
        written_calendar: dict[str, Any] = {"working_days": days}
        if self.holidays:
            written_calendar["holidays"] = [day.isoformat() for day in sorted(self.holidays)]
        if self.hours:
            written_calendar["hours"] = [f"{_clock(begin)}-{_clock(end)}" for begin, end in self.hours]
        return {**written_calendar, "zone": self.zone}


def worktime(calendar: Mapping[str, Any] | None, zone: str, file: str = "reading") -> WorkTime:
    """The clock of a `calendar:` mapping, which has the keys of a scenario's. Raises an error with every fault at once."""
    content, faults = dict(calendar or {}), []

    def fault(path: str, value: Any, expected: str, near: str = "") -> None:
        faults.append(Fault(file, 0, 0, f"calendar.{path}" if path else "calendar", repr(value), expected, near))

    for key, value in content.items():
        if key not in KEYS:
            fault(str(key), value, f"one of {', '.join(KEYS)}", nearest(str(key), KEYS))
    read: dict[str, Any] = {}
    for key, reader in (("working_days", working_time.working_days), ("hours", working_time.hours)):
        if content.get(key) is not None:
            read[key], wrong = reader(content[key])
            for refusal in wrong:
                fault(key, *refusal)
    holidays = _holidays(content.get("holidays"), fault)
    name = content.get("zone") or zone
    if (unknown := working_time.zone(name)) is not None:
        fault("zone", *unknown)
    if faults:
        raise ScenarioError(faults)
    working = tuple(day in read.get("working_days", WORKED) for day in WEEKDAYS)
    hours = tuple((begin * MINUTE, end * MINUTE) for begin, end in read.get("hours", ()))
    return WorkTime(str(name), working, hours, holidays)


def _holidays(value: Any, fault: Any) -> frozenset[dt.date]:
    dates: set[dt.date] = set()
    for entry in value if isinstance(value, list | tuple) else [] if value is None else [value]:
        if isinstance(entry, Mapping) and "country" in entry:
            dates |= _of_country(entry, fault)
        elif isinstance(entry, Mapping) and {"from", "to"} <= set(entry):
            first, last = _date(entry["from"]), _date(entry["to"])
            if first is None or last is None or last < first:
                fault("holidays", dict(entry), "a range of dates, from and to (the last day)")
            else:
                dates |= {first + dt.timedelta(days=number) for number in range((last - first).days + 1)}
        elif (day := _date(entry)) is not None:
            dates.add(day)
        else:
            fault("holidays", entry, "a date, {from: …, to: …} or {country: DE, region: BY}")
    return frozenset(dates)


def _of_country(entry: Mapping[str, Any], fault: Any) -> set[dt.date]:
    days, refused = public_holidays(entry, YEARS)
    if refused is not None:
        key, value, expected, near = refused
        fault(f"holidays.{key}", value, expected, near)
    return set(days)


def _date(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _clock(micros: int) -> str:
    minutes = micros // MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"


def names_of(days: Sequence[bool]) -> str:
    """The names of working days, for sentences."""
    return ", ".join(name for name, works in zip(WEEKDAYS, days, strict=True) if works)
