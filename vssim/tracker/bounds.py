"""Bounds without a model: what hands-on work can be at most, and what a column's capacity is at least.

Σ hands-on ≤ people × working days, so mean hands-on a visit ≤ people / visits a day. A column that let so many through on ten
working days with a queue at their beginning and end can do that.
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
    """What is known of a column without any model."""

    column: str
    visits: int
    """that ended"""
    a_day: float
    """visits that ended a working day"""
    hands_on_per_person: float
    """one person's working days there, at most, a visit; people × this is the bound"""
    capacity: float | None
    """departures a working day that were sustained with a queue; None where there never was one"""


def bound(column: str, stays: pl.DataFrame, clock: WorkTime, days: int) -> Bound | None:
    """The bounds of one column over a record of so many working days; None where nothing left it. `stays`: those of the column."""
    ended = stays.filter(pl.col("left").is_not_null())
    if ended.is_empty() or days < 1:
        return None
    a_day = ended.height / days
    return Bound(column, ended.height, a_day, 1 / a_day, _sustained(stays, clock))


def _sustained(stays: pl.DataFrame, clock: WorkTime) -> float | None:
    """The most departures a day over ten working days at whose every beginning at least two items were there."""
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
