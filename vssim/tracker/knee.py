"""The knee of a column: how many items its people can work on at once, estimated from its departures.

While k items are in a column with capacity c, they leave at the rate min(k, c) / s: more items than c do not leave faster.
Days and departures are counted for each k; the Poisson likelihood over c, with the best s for each c, gives the estimate and the
set of all c within 2 log units of it. Where the load never exceeds the knee, the set reaches up to the highest load of the record.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.tracker.worktime import WorkTime

WITHIN = 2.0
"""Capacities within so many units of log likelihood of the best belong to the set."""

FEWEST = 30
"""With fewer departures no knee is estimated."""

STEP = 0.1


@dataclass(frozen=True)
class Knee:
    """The estimated capacity of a column."""

    column: str
    best: float
    low: float
    high: float
    """the ends of the set within 2 log units [items]"""
    days: float
    """s, the working days that an item takes, at the best capacity"""
    most: int
    """the most items that were in the column at once"""
    departures: int
    in_batches: bool
    """departures become rarer when the column is full: it is emptied at intervals, so that the estimate means little"""

    @property
    def seen(self) -> bool:
        """Whether the load ever exceeded the knee; if not, only the lower end means anything."""
        return self.high < self.most


def knee(column: str, stays: pl.DataFrame, clock: WorkTime) -> Knee | None:
    """The knee of one column from its `stays`; None where too few items left it."""
    time, left = _by_load(stays, clock)
    departures = int(left.sum())
    if departures < FEWEST or len(time) < 3:
        return None
    most = len(time) - 1
    capacities = np.arange(1.0, most + STEP / 2, STEP)
    places = np.minimum(np.arange(most + 1)[None, :], capacities[:, None])
    exposure = (places * time).sum(axis=1)
    seen = left > 0
    logs = np.log(np.where(places > 0, places, 1.0))
    likelihood = (logs[:, seen] * left[seen]).sum(axis=1) - departures * np.log(exposure)
    best = int(likelihood.argmax())
    good = capacities[likelihood >= likelihood[best] - WITHIN]
    return Knee(
        column,
        float(capacities[best]),
        float(good.min()),
        float(good.max()),
        float(exposure[best] / departures),
        most,
        departures,
        _in_batches(time, left),
    )


def _by_load(stays: pl.DataFrame, clock: WorkTime) -> tuple[Reals, Ints]:
    """For k = 0, 1, …: the working days on which k items were in the column, and the departures while they were."""
    entered, left = clock.of(stays["entered"]), clock.of(stays["left"].drop_nulls())
    end = max(entered.max(initial=0.0), left.max(initial=0.0))
    at = np.concatenate([entered, left])
    change = np.concatenate([np.ones(len(entered), np.int64), -np.ones(len(left), np.int64)])
    instants, where = np.unique(at, return_inverse=True)
    net = np.bincount(where, weights=change).astype(np.int64)
    after = np.cumsum(net)
    before = after - net
    spans = np.diff(np.append(instants, end))
    most = max(int(after.max(initial=0)), int(before.max(initial=0)), 1)
    time = np.bincount(np.maximum(after, 0), weights=spans, minlength=most + 1)
    # Several items may leave at one instant (a batch, or a file that has days only). Each counts as a departure from the load
    # before that instant: counted one by one they would seem to leave from loads at which no time was spent.
    loads = np.clip(before[where[change < 0]], 1, most)
    return time.astype(np.float64), np.bincount(loads, minlength=most + 1).astype(np.int64)


def _in_batches(time: Reals, left: Ints) -> bool:
    """Whether departures are rarer in the fullest third of the time than in the middle third."""
    over = np.cumsum(time) / max(time.sum(), 1e-12)
    middle, upper = (over > 1 / 3) & (over <= 2 / 3), over > 2 / 3
    if min(left[middle].sum(), left[upper].sum()) < 10:
        return False
    rates = left[middle].sum() / time[middle].sum(), left[upper].sum() / time[upper].sum()
    error = np.sqrt(1 / left[middle].sum() + 1 / left[upper].sum())
    return bool(np.log(rates[1] / rates[0]) < -2 * error)
