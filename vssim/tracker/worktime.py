"""The clock of records: instants as working days, by the calendar of the reading.

Only the days that the calendar names as working days count; a holiday among them counts as a day on which nobody works, as in a
scenario. What happens outside working time is put at the next working instant. Where no hours are given, a working day is the whole
local day; where they are, it is those hours.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.errors import Fault, ScenarioError, nearest
from vssim.public_holidays import public_holidays

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KEYS = ("working_days", "holidays", "hours", "zone")

YEARS = range(2000, 2051)
"""Of which public holidays are known."""

DAY = 86_400_000_000
"""[microseconds]"""


@dataclass(frozen=True)
class WorkTime:
    """Working days and hours of a team."""

    zone: str = "UTC"
    working: tuple[bool, ...] = (True, True, True, True, True, False, False)
    """from Monday on"""
    hours: tuple[tuple[int, int], ...] = ()
    """stretches of a working day, from and to [microseconds since midnight]; empty: the whole day"""
    holidays: frozenset[dt.date] = field(default=frozenset())

    def local(self, at: pl.Series) -> pl.Series:
        """Instants as the clock on the wall shows them."""
        return at.dt.convert_time_zone(self.zone).dt.replace_time_zone(None)

    def days_of(self, at: pl.Series) -> Ints:
        """The local day of each instant, in days since 1970; no instant may be missing."""
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
        """Which instants lie outside working time; no instant may be missing."""
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
        """Working days from local day `first` to `last`, both counted [days since 1970]."""
        return int(self._worked_before(np.array([last + 1]))[0] - self._worked_before(np.array([first]))[0])

    def at_end(self, days: Ints) -> Reals:
        """The ends of local days [days since 1970] as working days, as `of` counts them."""
        return self._worked_before(days + 1)

    def working_days(self, first: int, last: int) -> Ints:
        """The working days from local day `first` to `last`, holidays too [days since 1970]."""
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
        """How much of a working day is over at a time of day [1]."""
        if not self.hours:
            return inside / DAY
        over = sum(np.clip(inside, begin, end) - begin for begin, end in self.hours)
        return np.asarray(over / sum(end - begin for begin, end in self.hours), np.float64)

    def document(self) -> dict[str, Any]:
        """The calendar as a reading writes it."""
        written_calendar: dict[str, Any] = {"working_days": [name for name, works in zip(DAYS, self.working, strict=True) if works]}
        if self.holidays:
            written_calendar["holidays"] = [day.isoformat() for day in sorted(self.holidays)]
        if self.hours:
            written_calendar["hours"] = [f"{_clock(begin)}-{_clock(end)}" for begin, end in self.hours]
        return {**written_calendar, "zone": self.zone}


def worktime(calendar: Mapping[str, Any] | None, zone: str, file: str = "reading") -> WorkTime:
    """The clock of a `calendar:` with the keys of a scenario; every fault at once."""
    content, faults = dict(calendar or {}), []

    def fault(path: str, value: Any, expected: str, near: str = "") -> None:
        faults.append(Fault(file, 0, 0, f"calendar.{path}" if path else "calendar", repr(value), expected, near))

    for key, value in content.items():
        if key not in KEYS:
            fault(str(key), value, f"one of {', '.join(KEYS)}", nearest(str(key), KEYS))
    working = _working(content.get("working_days"), fault)
    hours = _hours(content.get("hours"), fault)
    holidays = _holidays(content.get("holidays"), fault)
    name = content.get("zone") or zone
    try:
        zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        fault("zone", name, "a zone such as Europe/Berlin or UTC")
    if faults:
        raise ScenarioError(faults)
    return WorkTime(str(name), working, hours, holidays)


def _working(value: Any, fault: Any) -> tuple[bool, ...]:
    if value is None:
        return WorkTime().working
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        fault("working_days", value, "a list of days such as [Mon, Tue]")
        return WorkTime().working
    short = [str(name)[:3].title() for name in names]
    for name, cut in zip(names, short, strict=True):
        if cut not in DAYS:
            fault("working_days", name, f"one of {', '.join(DAYS)}", nearest(cut, DAYS))
    return tuple(day in short for day in DAYS) if any(day in short for day in DAYS) else WorkTime().working


def _hours(value: Any, fault: Any) -> tuple[tuple[int, int], ...]:
    if value is None:
        return ()
    stretches: list[tuple[int, int]] = []
    for stretch in [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []:
        times = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", str(stretch))
        begin, end = (int(times[1]) * 60 + int(times[2]), int(times[3]) * 60 + int(times[4])) if times else (0, 0)
        if not 0 <= begin < end <= 24 * 60 or (stretches and begin * 60_000_000 < stretches[-1][1]):
            fault("hours", stretch, 'stretches of a day one after another, such as "09:00-12:00"')
        else:
            stretches.append((begin * 60_000_000, end * 60_000_000))
    if not isinstance(value, str | list | tuple):
        fault("hours", value, 'a list of stretches such as "09:00-12:00"')
    return tuple(stretches)


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
    minutes = micros // 60_000_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


def names_of(days: Sequence[bool]) -> str:
    """Working days in words."""
    return ", ".join(name for name, works in zip(DAYS, days, strict=True) if works)
