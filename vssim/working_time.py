"""Which days and hours are worked, and where the clock hangs: how a `calendar` says so, in scenarios and in readings of records.

Each reader gives what it could read, and what is wrong with the rest: the value, what was expected, the nearest right one.
"""

from __future__ import annotations

import re
from typing import Any

from vssim.calendar import WEEKDAYS
from vssim.errors import nearest

Refusal = tuple[Any, str, str]
"""The value, what was expected, the nearest right one."""

Stretch = tuple[int, int]
"""From when to when is worked [minutes since midnight]."""

A_DAY = f"days of the week out of {', '.join(WEEKDAYS)}"
A_STRETCH = 'times of the day such as "09:00-12:00"'
IN_ORDER = 'times of the day one after the other, as in ["09:00-12:00", "13:00-17:00"]'
A_ZONE = "a time zone such as Europe/Berlin"

_STRETCH = re.compile(r"\s*(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)\s*")


def working_days(value: Any) -> tuple[tuple[str, ...], list[Refusal]]:
    """The days of the week that a value names (one or a list), by WEEKDAYS."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        return (), [(value, A_DAY, "")]
    wrong = [(name, A_DAY, _day_like(name)) for name in names if name not in WEEKDAYS]
    return tuple(day for day in WEEKDAYS if day in names), wrong


def _day_like(name: Any) -> str:
    """The day that a longer or shorter name for it begins like; else the nearest."""
    begins = [day for day in WEEKDAYS if isinstance(name, str) and name[:2].lower() == day[:2].lower()]
    return begins[0] if begins else nearest(str(name)[:3].title(), WEEKDAYS)


def hours(value: Any) -> tuple[tuple[Stretch, ...], list[Refusal]]:
    """The stretches of a day that a value names (one or a list), one after the other."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not texts:
        return (), [(value, IN_ORDER, "")]
    stretches: list[Stretch] = []
    wrong: list[Refusal] = []
    for text in texts:
        stretch = stretch_of(text)
        if stretch is None:
            wrong.append((text, A_STRETCH, ""))
        elif stretches and stretch[0] < stretches[-1][1]:
            wrong.append((text, IN_ORDER, ""))
        else:
            stretches.append(stretch)
    return tuple(stretches), wrong


def stretch_of(text: Any) -> Stretch | None:
    """The stretch of a day that a text means, as 09:00-12:00 does; None for everything else."""
    times = _STRETCH.fullmatch(str(text))
    if times is None:
        return None
    first, past, last, beyond = map(int, times.groups())
    begin, end = 60 * first + past, 60 * last + beyond
    return (begin, end) if begin < end <= 24 * 60 else None


def zone(value: Any) -> Refusal | None:
    """What is wrong with a name of a time zone; None for one that is known."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
    except (ValueError, TypeError, OSError, KeyError):
        return value, A_ZONE, nearest(str(value), available_timezones())
    return None
