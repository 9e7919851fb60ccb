"""Working time as dates: time 0 is the morning of `start`, Monday to Friday are worked, at `hours` a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vssim.clock import TICKS

DAYS_A_WEEK = 5
HOURS = 8.0
"""Working hours in a day where the scenario does not say."""
MORNING = 9.0
"""When work begins, if the day is then long enough [hours]."""


@dataclass(frozen=True)
class Calendar:
    """Where the times of a run fall in the calendar."""

    start: dt.date
    """the day of time 0; the next Monday if it is no working day"""
    unit: str
    hours: float = HOURS
    """working hours in a day"""

    def moment(self, ticks: int) -> dt.datetime:
        """The date and time of a moment of the run [ticks]."""
        days, inside = divmod(ticks, self._ticks_a_day)
        morning = MORNING if MORNING + self.hours <= 24 else 0.0
        passed = dt.timedelta(hours=morning) + dt.timedelta(hours=self.hours) * (inside / self._ticks_a_day)
        return dt.datetime.combine(self._working_day(days), dt.time()) + passed

    def day(self, ticks: int) -> dt.date:
        """The date of a moment of the run [ticks]."""
        return self._working_day(ticks // self._ticks_a_day)

    @property
    def _ticks_a_day(self) -> int:
        units_a_day = {"hour": self.hours, "day": 1.0, "week": 1 / DAYS_A_WEEK}[self.unit]
        return round(units_a_day * TICKS)

    def _working_day(self, number: int) -> dt.date:
        """The working day that is `number` working days after the first."""
        beyond = self.start.weekday() - DAYS_A_WEEK
        first = self.start if beyond < 0 else self.start + dt.timedelta(days=2 - beyond)
        weeks, day = divmod(first.weekday() + number, DAYS_A_WEEK)
        return first + dt.timedelta(days=weeks * 7 + day - first.weekday())
