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

    The first item of `every` comes one interval after time 0. Numbers count from 0 in the order of arrival; items that are
    declined have one too, so that the others keep theirs, and with it all their luck.
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
    numbers = _accepted(name, kind, np.arange(len(times)), luck)
    return numbers, times[numbers]


def _accepted(name: str, kind: ItemType, numbers: Ints, luck: Luck) -> Ints:
    """Those of the items `numbers` that are not declined: the most valuable, or without values the most urgent, or any."""
    if not kind.declined:
        return numbers
    differ = [purpose for purpose, worth in (("value", kind.value), ("cost of delay", kind.cost_of_delay)) if _differs(worth)]
    return numbers[luck.uniforms(numbers, name, "", (differ or ["declined"])[0]) >= kind.declined]


def _differs(worth: Distribution | None) -> bool:
    """True when items differ in worth; then the luck that draws it ranks them."""
    return worth is not None and not worth.is_constant


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
