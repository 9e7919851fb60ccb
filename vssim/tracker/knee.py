"""The knee of a column: how many items at once its people can carry forward, as its departures show.

While k items are in a column, departures follow min(k, c) / s: more items than c do not leave faster. Exposure and departures are
counted by k; the Poisson likelihood over c, with s at its best for each c, gives an estimate and the set within 2 log units of it.
Where the load never passes the knee, the set reaches up to the most that was ever there, and that is all that is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.tracker.worktime import WorkTime

WITHIN = 2.0
"""Log units of likelihood within which a capacity is as good as the best."""

FEWEST = 30
"""No knee from fewer departures."""

STEP = 0.1


@dataclass(frozen=True)
class Knee:
    """What a column's departures say of its capacity."""

    column: str
    best: float
    low: float
    high: float
    """ends of the set within 2 log units [items]"""
    days: float
    """s: working days of one place an item, at the best capacity"""
    most: int
    """the most items that were there"""
    departures: int
    in_batches: bool
    """departures fall where much is there: emptied on a cadence"""

    @property
    def seen(self) -> bool:
        """Whether the load ever passed the knee: else only the lower end means anything."""
        return self.high < self.most


def knee(column: str, stays: pl.DataFrame, clock: WorkTime) -> Knee | None:
    """The knee of one column; None where too little left it. `stays`: those of the column."""
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
    """Working days with k items in the column, and departures from k items; both from k = 0 on."""
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
    # Several that leave at one instant (days only, a batch) leave from the load that there was before it.
    loads = np.clip(before[where[change < 0]], 1, most)
    return time.astype(np.float64), np.bincount(loads, minlength=most + 1).astype(np.int64)


def _in_batches(time: Reals, left: Ints) -> bool:
    """Whether departures are rarer in the third of the time with most items than in the third below it."""
    over = np.cumsum(time) / max(time.sum(), 1e-12)
    middle, upper = (over > 1 / 3) & (over <= 2 / 3), over > 2 / 3
    if min(left[middle].sum(), left[upper].sum()) < 10:
        return False
    rates = left[middle].sum() / time[middle].sum(), left[upper].sum() / time[upper].sum()
    error = np.sqrt(1 / left[middle].sum() + 1 / left[upper].sum())
    return bool(np.log(rates[1] / rates[0]) < -2 * error)
