"""Arrivals: when the items of a type come, up to the horizon, and which number in their own stream they have."""

from __future__ import annotations

import math

import numpy as np

from vssim.clock import Ints, ticks, ticks_of
from vssim.errors import RunError
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.workload.luck import Luck

MOST_ITEMS = 20_000_000
"""Most items of one type in one run."""


def arrivals(name: str, kind: ItemType, horizon: int, luck: Luck) -> tuple[Ints, Ints]:
    """Numbers (n,) and arrival times (n,) [ticks] of the items of one type that arrive by `horizon` [ticks].

    The first item of `every` comes one interval after time 0. Numbers count from 0 in the order of arrival.
    """
    if kind.backlog is not None:
        times = np.zeros(min(kind.backlog, kind.count or kind.backlog), np.int64)
    elif kind.at is not None:
        moments = np.sort(ticks_of(np.array(kind.at)))
        times = _in_batches(name, kind, moments[moments <= horizon], luck)
    elif kind.every is not None and math.isfinite(kind.every.mean):
        times = _in_batches(name, kind, _moments(name, kind.every, horizon, luck), luck)
    else:
        times = np.empty(0, np.int64)
    times = times[: kind.count]
    return np.arange(len(times)), times


def _moments(name: str, every: Distribution, horizon: int, luck: Luck) -> Ints:
    """Moments at which something arrives, as running sums of intervals rounded to ticks."""
    expected = horizon / max(1, ticks(every.mean))
    count = int(expected + 4 * max(every.cv, 0.1) * math.sqrt(expected)) + 16
    while True:
        if count > MOST_ITEMS:
            raise RunError(f"about {expected:,.0f} arrivals of {name!r} by the horizon; at most {MOST_ITEMS:,} are possible")
        uniforms = luck.stream(name, "", "every").random(count)
        moments = np.cumsum(ticks_of(np.minimum(every.quantile(uniforms), horizon)))
        if moments[-1] > horizon:
            return moments[moments <= horizon]
        count *= 2


def _in_batches(name: str, kind: ItemType, moments: Ints, luck: Luck) -> Ints:
    if kind.batch.is_constant:
        return np.repeat(moments, int(kind.batch.mean))
    sizes = kind.batch.quantile(luck.stream(name, "", "batch").random(len(moments))).astype(np.int64)
    if sizes.sum() > MOST_ITEMS:
        raise RunError(f"{sizes.sum():,} arrivals of {name!r} by the horizon; at most {MOST_ITEMS:,} are possible")
    return np.repeat(moments, sizes)
