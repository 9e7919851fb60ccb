"""The calendar that a document describes, as far as it can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from vssim.calendar import HOURS, Calendar, instant
from vssim.model.moments import WorkingTime
from vssim.model.values import is_number

MONDAY = dt.date(2024, 1, 1)
"""Stands for a start where there is none: time 0 is then the beginning of a week."""


def calendar_of(content: Mapping[str, Any], otherwise: dt.date | None = None) -> Calendar | None:
    """The calendar that a document describes, as far as it can be read; None without a start (or `otherwise` in its place)."""
    start = instant(content.get("start"))
    if start is None or isinstance(start, dt.datetime):
        start = otherwise
    if start is None:
        return None
    times = _working_time(content.get("calendar"))
    unit = content.get("unit", "day")
    stated = content.get("hours_per_day")
    given = float(stated) if isinstance(stated, int | float) and is_number(stated) and 0 < stated <= 24 else HOURS
    hours = times.hours_per_day or given
    return Calendar(start, unit if unit in ("hour", "day", "week") else "day", hours, times.working_days, times.spans, times.zone)


def _working_time(written: Any) -> WorkingTime:
    """What can be read of the calendar of a document; each key by itself, so that one fault does not hide the others."""
    stated = {}
    for key in ("working_days", "hours", "zone"):
        if isinstance(written, Mapping) and key in written:
            try:
                stated[key] = getattr(WorkingTime.model_validate({key: written[key]}), key)
            except ValidationError:
                continue
    return WorkingTime(**stated)
