"""The columns of a board as other tools get it: Backlog, the steps, Done; and which dates stand in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vssim.calendar import Calendar, Moments
from vssim.clock import Ints
from vssim.errors import UsageError
from vssim.log import Log

if TYPE_CHECKING:
    import polars

BACKLOG = "Backlog"
DONE = "Done"
PARTS = "Parts"
"""Where a whole stands while its parts are under way."""

OWN = ("ID", "Link", "Title", BACKLOG, PARTS, DONE, "Type", "Stopped")
"""Columns of a board that are not steps."""


def column_of(step: str) -> str:
    """The column of a step; a step with the name of another column gets `(step)` behind it."""
    return f"{step} (step)" if step in OWN else step


def columns(log: Log) -> list[str]:
    """The columns of the steps, in order."""
    return [column_of(step) for step in log.steps]


def needs_dates(calendar: Calendar | None, form: str) -> Calendar:
    """The calendar; UsageError where a form with dates has none."""
    if calendar is None:
        raise UsageError(
            f"--as {form} has dates: the scenario must say when it starts (start: 2026-01-05, or --set start=2026-01-05)"
        )
    return calendar


def as_times(log: Log, ticks: Ints, calendar: Calendar | None, *, ends: NDArray[np.bool_] | bool = False) -> polars.Series:
    """Moments as dates with times, or in units of time; null for not yet."""
    import polars

    if calendar is None:
        return polars.Series(log.times(ticks), nan_to_null=True)
    return as_series(calendar.moments(ticks, ends=ends))


def as_instants(ticks: Ints, calendar: Calendar, *, ends: NDArray[np.bool_] | bool = False) -> polars.Series:
    """Moments of a run as instants (UTC): its clock hangs in the calendar's zone.

    Of an hour that the clock shows twice the first is meant; one that it skips is the hour after it.
    """
    shown = as_series(calendar.moments(ticks, ends=ends))
    skipped = (shown + dt.timedelta(hours=1)).dt.replace_time_zone(calendar.zone, ambiguous="earliest", non_existent="null")
    instants = shown.dt.replace_time_zone(calendar.zone, ambiguous="earliest", non_existent="null")
    return instants.zip_with(instants.is_not_null(), skipped).dt.convert_time_zone("UTC")


def as_series(moments: Moments) -> polars.Series:
    """Dates as a column; null for NaT."""
    import polars

    return polars.Series(moments)
