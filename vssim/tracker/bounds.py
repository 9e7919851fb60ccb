"""Limits on hands-on work and capacity that follow from the records alone, without a simulation.

Σ hands-on ≤ people × working days, so mean hands-on per visit ≤ people / (visits per day). What left a column on ten working days,
each of which began with a queue, is what its people can do in that time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from vssim.tracker.worktime import WorkTime

SUSTAINED = 10
"""Working days over which departures count as sustained."""


@dataclass(frozen=True)
class Bound:
    """The limits of one column that follow from the records alone."""

    column: str
    visits: int
    """how many visits ended"""
    a_day: float
    """how many visits ended a working day"""
    hands_on_per_person: float
    """the most hands-on work that one person can have done per visit [working days]; times the number of people it is the
    limit"""
    capacity: float | None
    """the most departures a working day over ten days with a queue; None where there were no such ten days"""


def bound(column: str, stays: pl.DataFrame, clock: WorkTime, days: int) -> Bound | None:
    """The limits of one column over `days` working days of records, from its `stays`; None where nothing left the column."""
    ended = stays.filter(pl.col("left").is_not_null())
    if ended.is_empty() or days < 1:
        return None
    a_day = ended.height / days
    return Bound(column, ended.height, a_day, 1 / a_day, _sustained(stays, clock))


def _sustained(stays: pl.DataFrame, clock: WorkTime) -> float | None:
    """The most departures a day over ten working days, each of which began with at least two items in the column."""
    entered = np.floor(clock.of(stays["entered"])).astype(np.int64)
    left = np.floor(clock.of(stays["left"].drop_nulls())).astype(np.int64)
    if not len(left):
        return None
    first, last = int(entered.min()), int(max(entered.max(), left.max()))
    length = last - first + 1
    if length < SUSTAINED:
        return None
    into, out = np.bincount(entered - first, minlength=length), np.bincount(left - first, minlength=length)
    held = np.concatenate([[0], np.cumsum(into - out)[:-1]])
    totals = np.convolve(out, np.ones(SUSTAINED, np.int64), "valid")
    queued = np.convolve((held >= 2).astype(np.int64), np.ones(SUSTAINED, np.int64), "valid") == SUSTAINED
    return float(totals[queued].max()) / SUSTAINED if queued.any() else None
