"""What arrived in the past: a table of arrivals becomes whole weeks, from which each replication draws.

A week counts if it lies wholly within the past: between the day of the first arrival in the table (or `from`) and that of the
last (or `to`). Weeks are those of the calendar, so that Monday's arrivals come on Mondays.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vssim.calendar import A_DATE, Calendar, instant
from vssim.clock import Ints, Reals
from vssim.errors import Fault, nearest
from vssim.model.history import COLUMNS, EXPECTED, KEYS, Past, Weeks
from vssim.model.values import MOST, is_number
from vssim.scenario.calendars import MONDAY, calendar_of
from vssim.scenario.documents import Document
from vssim.yaml import show

Path_ = tuple[Any, ...]

MOST_ARRIVALS = 100_000
"""Most arrivals that a past may have."""

MOST_FAULTS = 5
"""Of one past, at most so many entries are named."""


def history(written: Mapping[Any, Any], document: Document, faults: list[Fault], place: Path_) -> Past | Mapping[Any, Any]:
    """The past in a mapping of columns; the mapping itself where that cannot be made, with its faults added to `faults`."""
    return _Reader(written, document, faults, place).read()


class _Reader:
    """One past being read."""

    def __init__(self, written: Mapping[Any, Any], document: Document, faults: list[Fault], place: Path_) -> None:
        self.written, self.document, self.faults, self.place = written, document, faults, place
        self.dated = calendar_of(document.content)
        calendar = self.dated or calendar_of(document.content, MONDAY)
        assert calendar is not None
        self.calendar: Calendar = calendar
        self.before = len(faults)

    def read(self) -> Past | Mapping[Any, Any]:
        at = self._column("at", self.written.get("at"), None)
        if at is None or not self._knows_its_keys():
            return self._as_it_is()
        columns = {name: self._column(name, self.written.get(name), len(at)) for name in COLUMNS[1:]}
        work = self._work(len(at))
        begins, ends = self._span(at)
        weeks = None if self._failed else self._weeks(at, columns, work, (begins, ends))
        return self._as_it_is() if weeks is None else Past({str(key): value for key, value in self.written.items()}, weeks)

    @property
    def _failed(self) -> bool:
        return len(self.faults) > self.before

    def _as_it_is(self) -> Mapping[Any, Any]:
        del self.faults[self.before + MOST_FAULTS :]
        return Past(dict(self.written), NOTHING)

    def _refuse(self, path: Path_, value: Any, expected: str, near: str = "") -> None:
        if len(self.faults) < self.before + MOST_FAULTS:
            self.faults.append(self.document.fault((*self.place, *path), "" if value is None else show(value), expected, near))

    def _knows_its_keys(self) -> bool:
        for key in self.written:
            if key not in KEYS[2:]:
                near = nearest(str(key), KEYS)
                self._refuse((key,), "an unknown key", f"one of {', '.join(KEYS)}", near)
        blocks = self.written.get("blocks", "week")
        if blocks != "week":
            self._refuse(("blocks",), blocks, "week: whole weeks are drawn together", "week")
        return not self._failed

    # --- columns ---

    def _work(self, count: int) -> dict[str, Reals]:
        given = self.written.get("work", {})
        if not isinstance(given, Mapping):
            self._refuse(("work",), given, "a column by step, as in {develop: Dev days}")
            return {}
        columns = {str(step): self._column(f"work.{step}", column, count) for step, column in given.items()}
        return {step: column for step, column in columns.items() if column is not None}

    def _column(self, name: str, values: Any, count: int | None) -> Reals | None:
        """A column as numbers; NaN where nothing stands. `count`: how many there must be."""
        path = tuple(name.split(".", 1))
        if values is None and name != "at":
            return np.full(count or 0, np.nan)
        if not isinstance(values, Sequence) or isinstance(values, str):
            self._refuse(path, values, f"a list, or a file and its column; {EXPECTED}")
            return None
        if count is not None and len(values) != count:
            self._refuse(path, f"{len(values)} entries", f"as many as at has: {count}")
            return None
        if len(values) > MOST_ARRIVALS:
            self._refuse(path, f"{len(values):,} entries", f"at most {MOST_ARRIVALS:,}")
            return None
        if name in ("at", "due"):
            column = [self._moment((*path, row), value, ends=name == "due") for row, value in enumerate(values)]
            return self._after_arrival(values, np.array(column, np.float64)) if name == "due" else np.array(column, np.float64)
        return np.array([self._number((*path, row), value) for row, value in enumerate(values)], np.float64)

    def _number(self, path: Path_, value: Any) -> float:
        if value is None:
            return math.nan
        if not is_number(value) or not 0 <= value <= MOST:
            self._refuse(path, value, f"a number from 0 to {MOST:,}")
            return math.nan
        return float(value)

    def _moment(self, path: Path_, value: Any, *, ends: bool) -> float:
        """A moment of the run's clock; a number counts from the beginning of a week, as a due date from arrival."""
        date = None if is_number(value) else instant(value)
        if date is None:
            if value is None and path[0] == "at":
                self._refuse(path, value, f"a time of at least 0, or {A_DATE}")
            counts_from = 0.0 if path[0] == "due" else self.calendar.into_the_week
            return self._number(path, value) - counts_from
        if self.dated is None:
            if not self._failed:  # said once, not of every row
                self._refuse(path, value, "a start: a date needs the date of time 0")
            return 0.0
        return self.calendar.number(date, ends=ends)

    def _after_arrival(self, values: Sequence[Any], due: Reals) -> Reals:
        """Due dates as time after arrival; a date before the arrival is due at once."""
        dates = np.array([not (value is None or is_number(value)) for value in values], bool)
        arrived = [self._moment(("at", row), value, ends=False) for row, value in enumerate(self.written["at"])]
        return np.where(dates, np.maximum(due - np.array(arrived, np.float64), 0.0), due)

    # --- weeks ---

    def _span(self, at: Reals) -> tuple[float, float]:
        """From when to when the past goes: mornings and evenings of days [units of time]."""
        a_day = self.calendar.units_a_day
        begins, ends = (float(fold(at)) if len(at) else 0.0 for fold in (np.min, np.max))
        begins, ends = math.floor(begins / a_day + 1e-9) * a_day, (math.floor(ends / a_day + 1e-9) + 1) * a_day
        if "from" in self.written:
            begins = self._moment(("from",), self.written["from"], ends=False)
        if "to" in self.written:
            ends = self._moment(("to",), self.written["to"], ends=True)
        return begins, ends

    def _weeks(
        self, at: Reals, columns: Mapping[str, Reals | None], work: Mapping[str, Reals], span: tuple[float, float]
    ) -> Weeks | None:
        length, into = self.calendar.week, self.calendar.into_the_week
        first, end = math.ceil((span[0] + into) / length - 1e-9), math.floor((span[1] + into) / length + 1e-9)
        number = np.floor((at + into) / length + 1e-9).astype(np.int64)
        order = np.flatnonzero((number >= first) & (number < end))
        order = order[np.argsort(at[order], kind="stable")]
        if end <= first or not len(order):
            got = f"{max(end - first, 0)} whole weeks with {len(order)} arrivals"
            self._refuse((), got, "at least one whole week with something in it, from the first arrival's day to the last's")
            return None
        begins: Ints = np.searchsorted(number[order], np.arange(first, end + 1))
        after = np.clip(at[order] + into - number[order] * length, 0.0, None)
        size, due, value = (column[order] for name in COLUMNS[1:] if (column := columns[name]) is not None)
        return Weeks(length, into, begins, after, size, due, value, {step: column[order] for step, column in work.items()})


_NONE = np.empty(0)
NOTHING = Weeks(1.0, 0.0, np.zeros(2, np.int64), _NONE, _NONE, _NONE, _NONE, {})
"""The weeks of a past that could not be read: one in which nothing arrived."""
