"""Openings: which luck a room watches, and on which day. The most ordinary ones: neither flatters a side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vssim.clock import Reals
from vssim.log import Log
from vssim.metrics.daily import Daily
from vssim.metrics.looks import by_day

CLOSE = 2.0
"""How far from the most average day a day in the middle of the run may be and still be taken [items]."""

MIDDLE = 0.6
"""Up to which share of the run a day counts as in its middle: there is still something to come."""

LAST = 1 / 3
"""From which share of the run on its days are averaged."""


def most_ordinary(
    pairs: Sequence[tuple[float | None, float | None]], levels: tuple[float | None, float | None] = (None, None)
) -> int:
    """The number of the luck whose metric is nearest to that of all on both sides; 0 where there is none to tell.

    `levels`: the metric of all lucks together on both sides; where it is not given, the mean over them.
    """
    values = np.array([[np.nan if value is None else value for value in pair] for pair in pairs], np.float64).reshape(-1, 2)
    known = np.flatnonzero(np.isfinite(values).all(axis=1))
    if not len(known):
        return 0
    given = np.array([np.nan if level is None else level for level in levels], np.float64)
    mean = np.where(np.isfinite(given), given, values[known].mean(axis=0))
    away = np.abs(values[known] - mean) / np.where(mean == 0, 1.0, np.abs(mean))
    return int(known[int(np.argmin(away.max(axis=1)))])


def average_day(logs: Sequence[Log], warmup: float, horizon: float) -> float:
    """The day on which all sides are most like their average day: by the number of items in every state [units of time].

    A whole one, after the warm-up; of days about as average one in the middle of the run. Where everything is done before the
    run ends, the days after that do not count: there is nothing to see on them.
    """
    each = [np.array(list(by_day(Daily(log)).values()))[:, : int(horizon) + 1] for log in logs]
    horizon = min(horizon, max((_over(counts) for counts in each), default=horizon))
    since = max(warmup, LAST * horizon)
    away: Reals | None = None
    days = np.arange(int(horizon) + 1, dtype=np.float64)
    late = days >= since
    if horizon < 1 or not late.any():
        return float(min(np.ceil(warmup), horizon))
    for whole in each:
        counts = whole[:, : len(days)]
        distance = np.abs(counts - counts[:, late].mean(axis=1, keepdims=True)).sum(axis=0)
        away = distance if away is None else away + distance
    assert away is not None
    days = days[: len(away)]
    rated = np.where(days >= np.ceil(warmup), away, np.inf)
    least = float(rated[late[: len(rated)]].min())
    middle = (days >= horizon * LAST / 2) & (days <= MIDDLE * horizon) & (rated <= least + CLOSE)
    near = np.flatnonzero(middle)
    if len(near):
        return float(days[near[int(np.argmin(rated[near]))]])
    return float(days[int(np.argmin(np.where(late[: len(rated)], rated, np.inf)))])


def _over(counts: Reals) -> float:
    """The last day on which anything is there; of shape (looks, days)."""
    return float(np.flatnonzero(counts.any(axis=0))[-1]) if counts.any() else float(counts.shape[1] - 1)
