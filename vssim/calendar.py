"""The calendar: working time as dates and dates as working time, in one place.

Time 0 is the morning of `start`. The clock counts working days, whichever of the week they are, at `hours` a day; a holiday is a
day on which nobody works, and counts like any other. The end of a working day and the morning of the next are one moment of a run.
What *begins* on a date begins in its morning, what *ends* on it ends in its evening: Friday's work is done on Friday. On a day
that is not worked a beginning moves to the next working morning, an end to the last working evening.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, TICKS, Ints

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORKED = WEEKDAYS[:5]
"""The days that the clock counts where the scenario does not say."""
HOURS = 8.0
"""Working hours in a day where the scenario does not say."""
MORNING = 9.0
"""When work begins, if the day is then long enough [hours]."""

HOUR = 3_600_000_000
"""[microseconds]"""

Moments = NDArray[np.datetime64]
"""Dates with times of day, to the microsecond; NaT for not yet."""

A_DATE = "a date such as 2026-03-01"
"""What is expected where a text should be a date."""

_FORM = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?\Z")


class Dated(float):
    """A moment on a run's clock [units of time] that was written as a date; it is written as that date again."""

    text: str
    moved: str
    """'' or the worked day that it moved to, where the date is none"""

    def __new__(cls, moment: float, text: str, moved: str = "") -> Dated:
        """The moment of a date that is written as `text`."""
        made = super().__new__(cls, moment)
        made.text, made.moved = text, moved
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return float(self), self.text, self.moved

    def document(self) -> DateText:
        """As a file writes it."""
        return DateText(self)


class DateText(str):
    """A date as a file writes it, which knows its moment on the run's clock."""

    dated: Dated

    def __new__(cls, dated: Dated) -> DateText:
        """The text of a date."""
        made = super().__new__(cls, dated.text)
        made.dated = dated
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.dated,)


def instant(value: Any) -> dt.date | dt.datetime | None:
    """The date, or date and time of day, that a value means: 2026-03-01, 2026-03-01 09:00; None for everything else."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() and value.tzinfo is None else value.replace(microsecond=0)
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _FORM.match(value.strip()):
        return None
    try:
        text = value.strip()
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def written(value: dt.date | dt.datetime) -> str:
    """A date, or date and time of day, as a file has it."""
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, dt.datetime) else value.isoformat()


@dataclass(frozen=True)
class Calendar:
    """Where the times of a run fall in the calendar, and the other way round."""

    start: dt.date
    """the day of time 0; the next worked day if it is none"""
    unit: str
    hours: float = HOURS
    """working hours in a day"""
    working_days: tuple[str, ...] = WORKED
    """of the week, by WEEKDAYS"""
    spans: tuple[tuple[float, float], ...] = ()
    """from when to when is worked [hours of the day]; () from `MORNING` for `hours`"""
    zone: str = "UTC"
    """where the clock hangs"""
    origin: int = 0
    """time 0 on the run's clock [ticks]"""

    # --- from the run's clock to dates ---

    def moment(self, ticks: int, *, ends: bool = False) -> dt.datetime:
        """The date and time of a moment of the run [ticks]; at the end of a day that evening if something `ends` then."""
        moment: dt.datetime = self.moments(np.array([ticks]), ends=ends)[0].item()
        return moment

    def day(self, ticks: int, *, ends: bool = False) -> dt.date:
        """The date of a moment of the run [ticks]; at the end of a day that day if something `ends` then."""
        return self.moment(ticks, ends=ends).date()

    def day_of(self, units: float, *, ends: bool = False) -> dt.date:
        """The date of a moment of the run [units of time]."""
        date: dt.date = self._dates(*self._split(np.array([round(units * TICKS)]), ends=ends)[:1])[0].item()
        return date

    def evening(self, units: float) -> str:
        """The date of a moment of the run [units of time] as what is over by then has it; '' for one that has none."""
        return self.day_of(units, ends=True).isoformat() if self.has(round(units * TICKS) + self.origin) else ""

    def told(self) -> dict[str, Any]:
        """What a page needs to tell dates as `evening` does: first day, weekdays that count, length of a day [units]."""
        return {"first": self.first.isoformat(), "worked": list(self._positions[1]), "day": self.units_a_day}

    def moments(self, ticks: Ints, *, ends: NDArray[np.bool_] | bool = False) -> Moments:
        """The dates and times of moments of the run [ticks]; `ends`: whether it is an end, for each or for all. Same shape.

        NOT_YET has none. Moments before time 0 are those of the days before.
        """
        days, inside = self._split(np.asarray(ticks, np.int64) - self.origin, ends=ends)
        within = np.rint(self._time_of_day(self.hours * (inside / self._ticks_a_day), ends=ends) * HOUR).astype(np.int64)
        # A day of 24 hours ends at midnight, which is the next date: its last microsecond is told instead.
        within = np.minimum(within, 24 * HOUR - 1)
        dates = self._dates(days).astype("datetime64[us]") + within.astype("timedelta64[us]")
        dates[ticks == NOT_YET] = np.datetime64("NaT")
        dated: Moments = dates
        return dated

    def days(self, ticks: Ints, *, ends: NDArray[np.bool_] | bool = False) -> Moments:
        """The dates of moments of the run [ticks]; as `moments`."""
        dates: Moments = self.moments(ticks, ends=ends).astype("datetime64[D]")
        return dates

    def has(self, ticks: int) -> bool:
        """Whether a moment of the run has a date: there is none after the year 9999."""
        try:
            last = self.moments(np.array([ticks]))[0]
        except OverflowError:  # the first working day is already too late
            return False
        return bool(last < np.datetime64("9999-12-31T23:59:59"))

    def beginning(self, origin: int) -> Calendar:
        """The same for a run whose clock begins so many ticks before time 0."""
        return replace(self, origin=origin)

    # --- from dates to the run's clock ---

    def number(self, when: dt.date | dt.datetime, *, ends: bool = False) -> float:
        """The moment of the run's clock [units] of a date: its evening if something `ends` then, else its morning.

        With a time of day, that moment; a stamp of another time zone is first told in the calendar's own.
        """
        if not isinstance(when, dt.datetime):
            return (self._count(when) + (ends and self.is_worked(when))) * self.units_a_day
        local = self.local(when)
        day = local.date()
        if not self.is_worked(day):
            return self._count(day) * self.units_a_day
        hour = local.hour + local.minute / 60 + local.second / 3600
        worked = sum(min(max(hour - begin, 0.0), end - begin) for begin, end in self._spans)
        return (self._count(day) + min(worked / self.hours, 1.0)) * self.units_a_day

    def dated(self, when: dt.date | dt.datetime, *, ends: bool = False) -> Dated:
        """As `number`, keeping the date, and the day that it moved to where that one is not worked."""
        moment = self.number(when, ends=ends)
        day = self.local(when).date() if isinstance(when, dt.datetime) else when
        moved = "" if self.is_worked(day) else self.day_of(moment, ends=ends).isoformat()
        return Dated(moment, written(when), moved)

    def local(self, stamp: dt.datetime) -> dt.datetime:
        """A stamp as the clock of the calendar's zone shows it; one without a zone is taken to be there already."""
        if stamp.tzinfo is None:
            return stamp
        from zoneinfo import ZoneInfo

        return stamp.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def is_worked(self, day: dt.date) -> bool:
        """Whether the clock counts a day."""
        return WEEKDAYS[day.weekday()] in self.working_days

    @property
    def first(self) -> dt.date:
        """The day of time 0, which is worked."""
        return next(day for ahead in range(7) if self.is_worked(day := self.start + dt.timedelta(days=ahead)))

    @property
    def week(self) -> float:
        """How long a working week is [units of time]."""
        return len(self.working_days) * self.units_a_day

    @property
    def into_the_week(self) -> float:
        """How much of its week is over at time 0 [units of time]."""
        return self._positions[0][self.first.weekday()] * self.units_a_day

    @property
    def units_a_day(self) -> float:
        """How long a working day is [units of time]."""
        return {"hour": self.hours, "day": 1.0, "week": 1 / len(self.working_days)}[self.unit]

    # --- inside ---

    @property
    def _spans(self) -> tuple[tuple[float, float], ...]:
        morning = MORNING if MORNING + self.hours <= 24 else 0.0
        return self.spans or ((morning, morning + self.hours),)

    @property
    def _ticks_a_day(self) -> int:
        return round(self.units_a_day * TICKS)

    def _split(self, ticks: Ints, *, ends: NDArray[np.bool_] | bool) -> tuple[Ints, Ints]:
        """Working days since the first, and ticks into the day; an end in the evening is the end of that day."""
        if self.unit == "week":  # a day is no whole number of ticks in a week of 6 or 7
            a_week = len(self.working_days)
            scaled = ticks * a_week
            days = (scaled + a_week // 2) // TICKS
            inside = np.maximum(scaled - days * TICKS, 0) // a_week
        else:
            days, inside = np.divmod(ticks, self._ticks_a_day)
        evening = (inside == 0) & ends & (ticks > 0)
        return days - evening, np.where(evening, self._ticks_a_day, inside)

    def _time_of_day(self, worked: NDArray[np.float64], *, ends: NDArray[np.bool_] | bool) -> NDArray[np.float64]:
        """The hour of the day after so many worked hours; before a break for what ends then, after it for what begins."""
        hour = np.full(worked.shape, self._spans[0][0])
        before = 0.0
        for number, (begin, end) in enumerate(self._spans):
            inside = (worked > before + 1e-9) | ((worked >= before - 1e-9) & ~np.asarray(ends)) if number else worked >= 0
            hour = np.where(inside, begin + np.minimum(worked - before, end - begin), hour)
            before += end - begin
        return hour

    @cached_property
    def _positions(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """By weekday: how many worked days of its week come before it; and the weekdays that are worked."""
        worked = tuple(number for number, name in enumerate(WEEKDAYS) if name in self.working_days)
        return tuple(sum(day < weekday for day in worked) for weekday in range(7)), worked

    def _count(self, day: dt.date) -> int:
        """Worked days from time 0 up to the morning of `day`; below 0 for days before."""
        return self._ordinal(day) - self._ordinal(self.first)

    def _ordinal(self, day: dt.date) -> int:
        weeks, weekday = divmod(day.toordinal() - 1, 7)
        return weeks * len(self.working_days) + self._positions[0][weekday]

    def _dates(self, numbers: Ints) -> Moments:
        """The worked days that are `numbers` worked days after the first."""
        before, worked = self._positions
        weekday = self.first.weekday()
        weeks, days = np.divmod(before[weekday] + numbers, len(worked))
        monday = np.datetime64(self.first, "D") - np.timedelta64(weekday, "D")
        dates: Moments = monday + (weeks * 7 + np.array(worked)[days]).astype("timedelta64[D]")
        return dates


def hours_of(spans: Sequence[tuple[float, float]]) -> float:
    """Length of a day [hours]."""
    return round(sum(end - begin for begin, end in spans), 9)
