"""Periods: the measured time in pieces, of a length or by the calendar, each of which has every metric of its own."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from vssim.clock import TICKS
from vssim.errors import UsageError, nearest
from vssim.scenario import Scenario, measured_from

MOST = 500
"""The most periods that a run may be split into."""

Span = tuple[float, float]
"""Begin and end of a period [units of time]; what happens at its end counts, what happens at its begin counts before it."""

_AFTER: dict[str, Callable[[dt.date], dt.date]] = {
    "week": lambda day: day + dt.timedelta(days=7 - day.weekday()),
    "month": lambda day: _month(day, 1),
    "quarter": lambda day: _month(day, 3),
    "year": lambda day: _month(day, 12),
}
"""By name of a period: the first day after the one that a day is in."""


def _month(day: dt.date, length: int) -> dt.date:
    """The first day of the next `length` months, counted from January on."""
    months = (day.year * 12 + day.month - 1) // length * length + length
    return dt.date(months // 12, months % 12 + 1, 1)


def periods(scenario: Scenario, by: float | str) -> tuple[Span, ...]:
    """The measured time of a scenario's runs in periods of a length [units], or of a week, month, quarter, year of its calendar.

    The first begins with the measured time, the last ends with the run; both may be shorter. UsageError for what is no period.
    """
    start, end = measured_from(scenario), scenario.run.horizon
    inner = _by_dates(scenario, by, start, end) if by in _AFTER else _by_length(by, scenario.unit, start, end)
    edges = [start, *inner, end]
    return tuple(pairwise(edges))


def _by_length(by: float | str, unit: str, start: float, end: float) -> list[float]:
    try:
        length = float(by)
    except (TypeError, ValueError):
        length = math.nan
    if not length > 1 / TICKS or not math.isfinite(length):
        near = nearest(str(by), _AFTER)
        hint = f" (did you mean {near!r}?)" if near else ""
        raise UsageError(f"by: got {by!r}, expected a number of {unit}s above 0, or {', '.join(_AFTER)}{hint}")
    count = math.ceil(round((end - start) / length, 9))
    _few(by, count)
    return [start + length * number for number in range(1, count)]


def _by_dates(scenario: Scenario, by: float | str, start: float, end: float) -> list[float]:
    if scenario.dates is None:
        raise UsageError(f"by: got {by!r}, expected a number of {scenario.unit}s: a {by} needs a scenario with a start")
    days = _firsts(scenario.dates.day_of(start), _AFTER[str(by)])
    edges: list[float] = []
    for day in days:
        moment = scenario.dates.number(day)
        if moment >= end:
            break
        if moment > start:
            edges.append(moment)
        _few(by, len(edges))
    return edges


def _firsts(day: dt.date, after: Callable[[dt.date], dt.date]) -> Iterator[dt.date]:
    """The first days of the periods after the one that a day lies in, up to the last year that a date may have."""
    while day.year < dt.MAXYEAR:
        day = after(day)
        yield day


def _few(by: float | str, count: int) -> None:
    if count > MOST:
        raise UsageError(f"by: got {by!r}, expected longer periods: at most {MOST} of them")
