"""Arrivals: when the items of a type come, up to the horizon, and which number in their own stream they have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import TICKS, Ints, ticks, ticks_of
from vssim.errors import RunError
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.history import Weeks
from vssim.workload.luck import Luck
from vssim.workload.program import NEVER

MOST_ITEMS = 20_000_000
"""Most items of one type in one run."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Items of one type that arrive; arrays of shape (n,), in the order of time."""

    numbers: Ints
    """in their own stream"""
    times: Ints
    """[ticks]"""
    rows: Ints
    """which arrival of the past each is; shape (0,) where they do not come as in the past"""
    last: int = -1
    """when the last may arrive [ticks]: −1 where none ever does, NEVER where one may after the horizon"""

    def only(self, chosen: NDArray[np.bool_]) -> Arrivals:
        """Some of them."""
        return Arrivals(self.numbers[chosen], self.times[chosen], self.rows[chosen] if len(self.rows) else self.rows, self.last)


NONE = np.empty(0, np.int64)

ALL = "@all"
"""The name under which all types share luck: a busy week of the past is busy for all of them. No type has such a name."""


def arrivals(name: str, kind: ItemType, horizon: int, luck: Luck, of: int = 0) -> Arrivals:
    """What arrives of one type by `horizon` [ticks] in replication `of` of the luck.

    When the last may arrive is the same whatever the horizon, until then.

    The first item of `every` comes one interval after time 0. Numbers count from 0 in the order of arrival; items that are
    declined have one too, so that the others keep theirs, and with it all their luck.
    """
    rows = NONE
    if kind.backlog is not None:
        times = np.zeros(min(kind.backlog, kind.count or kind.backlog), np.int64)
    elif kind.at is not None:
        moments = np.sort(ticks_of(np.array(kind.at)))
        times, _ = _in_batches(name, kind, moments[moments <= horizon], NONE, luck, of)
    elif kind.rate:
        times, rows = _in_batches(name, kind, *_seasonal(name, kind, horizon, luck, of), luck, of)
    else:
        times = NONE
    times, rows = times[: kind.count], rows[: kind.count]
    numbers = _accepted(name, kind, len(times), rows, luck, of)
    return Arrivals(numbers, times[numbers], rows[numbers] if len(rows) else rows, _last(kind, horizon, times))


def _last(kind: ItemType, horizon: int, times: Ints) -> int:
    """When the last item may arrive; `times` (n,) [ticks]: arrivals by the horizon, declined ones too."""
    if kind.count is not None and len(times) >= kind.count:
        return int(times[-1])
    if kind.backlog is not None:
        return 0
    if kind.at is not None:
        last = int(ticks_of(np.array(kind.at)).max(initial=-1))
        return last if last <= horizon else NEVER
    if kind.season is not None and kind.season.entries[-1][1] == 0 and ticks(max(kind.season.entries[-1][0], 0.0)) <= horizon:
        return int(times[-1]) if len(times) else -1
    return NEVER if kind.rate else -1


def _accepted(name: str, kind: ItemType, count: int, rows: Ints, luck: Luck, of: int) -> Ints:
    """Those of `count` items that are not declined: the most valuable, or without values the most urgent, or any."""
    numbers = np.arange(count)
    if not kind.declined:
        return numbers
    if kind.history is not None:
        worth = kind.history.weeks.value
        worth = np.where(np.isnan(worth), 0.0 if kind.value is None else kind.value.mean, worth)
        if len(np.unique(worth)) > 1:
            below, upto = (np.searchsorted(np.sort(worth), worth[rows], side=side) for side in ("left", "right"))
            ties = luck.stream(name, "", "value", of=of).random(count)
            return numbers[(below + ties * (upto - below)) / len(worth) >= kind.declined]
    differ = [purpose for purpose, worth in (("value", kind.value), ("cost of delay", kind.cost_of_delay)) if _differs(worth)]
    return numbers[luck.stream(name, "", (differ or ["declined"])[0], of=of).random(count) >= kind.declined]


def _differs(worth: Distribution | None) -> bool:
    """True when items differ in worth; then the luck that draws it ranks them."""
    return worth is not None and not worth.is_constant


def _seasonal(name: str, kind: ItemType, horizon: int, luck: Luck, of: int) -> tuple[Ints, Ints]:
    """Moments at which something arrives and which past arrivals they are, on a clock that runs as fast as the season.

    So a season that changes moves the arrivals from then on, and draws nothing anew.
    """
    if kind.season is None:
        return _again_and_again(name, kind, horizon, luck, of)
    begins = np.array([0.0, *(max(since * TICKS, 0.0) for since, _ in kind.season)])
    factors = np.array([1.0, *(share for _, share in kind.season)])
    passed = np.append(0.0, np.cumsum(np.diff(begins) * factors[:-1]))
    now = int(np.searchsorted(begins, horizon, side="right")) - 1
    usual = math.ceil(passed[now] + (horizon - begins[now]) * factors[now])
    moments, rows = _again_and_again(name, kind, usual, luck, of)
    stretch = np.searchsorted(passed, moments, side="right") - 1
    on_time = factors[stretch] > 0
    stretch, moments, rows = stretch[on_time], moments[on_time], rows[on_time] if len(rows) else rows
    moved: Ints = np.rint(begins[stretch] + (moments - passed[stretch]) / factors[stretch]).astype(np.int64)
    return moved[moved <= horizon], rows[: int((moved <= horizon).sum())]


def _again_and_again(name: str, kind: ItemType, horizon: int, luck: Luck, of: int) -> tuple[Ints, Ints]:
    """Moments at which something arrives by `horizon` without a season; and which past arrivals they are."""
    if kind.history is not None:
        return _weeks_again(name, kind.history.weeks, horizon, luck, of)
    assert kind.every is not None
    return _moments(name, kind.every, horizon, luck, of), NONE


def _weeks_again(name: str, weeks: Weeks, horizon: int, luck: Luck, of: int) -> tuple[Ints, Ints]:
    """The arrivals of past weeks drawn one after the other, beginning within the week that is running at time 0."""
    count = int((horizon / TICKS + weeks.into) / weeks.length) + 1
    if count * weeks.rate * weeks.length > 2 * MOST_ITEMS:
        raise RunError(f"more than {MOST_ITEMS:,} arrivals of {name!r} by the horizon; that is the most that can be played")
    drawn = (luck.stream(ALL, "", "history", of=of).random(count) * weeks.count).astype(np.int64)
    first, each = weeks.begins[drawn], np.diff(weeks.begins)[drawn]
    rows = np.repeat(first - (np.cumsum(each) - each), each) + np.arange(each.sum())
    times = np.repeat(np.arange(count) * weeks.length - weeks.into, each) + weeks.at[rows]
    moments = np.rint(times * TICKS).astype(np.int64)
    here = (moments >= 0) & (moments <= horizon)
    return moments[here], rows[here]


def _moments(name: str, every: Distribution, horizon: int, luck: Luck, of: int) -> Ints:
    """Moments at which something arrives, as running sums of intervals rounded to ticks."""
    expected = horizon / max(1, ticks(every.mean))
    count = int(expected + 4 * max(every.cv, 0.1) * math.sqrt(expected)) + 16
    while True:
        if count > 2 * MOST_ITEMS:  # what a blueprint lets pass needs some more draws than it has items
            raise RunError(f"more than {MOST_ITEMS:,} arrivals of {name!r} by the horizon; that is the most that can be played")
        uniforms = luck.stream(name, "", "every", of=of).random(count)
        moments = np.cumsum(ticks_of(np.minimum(every.quantile(uniforms), horizon)))
        if moments[-1] > horizon:
            return moments[moments <= horizon]
        count *= 2


def _in_batches(name: str, kind: ItemType, moments: Ints, rows: Ints, luck: Luck, of: int) -> tuple[Ints, Ints]:
    """Moments and rows, each repeated as often as items arrive together."""
    if kind.batch.is_constant:
        size = int(kind.batch.mean)
        return np.repeat(moments, size), np.repeat(rows, size)
    sizes = kind.batch.quantile(luck.stream(name, "", "batch", of=of).random(len(moments))).astype(np.int64)
    if sizes.sum() > 2 * MOST_ITEMS:
        raise RunError(f"{sizes.sum():,} arrivals of {name!r} by the horizon; at most {2 * MOST_ITEMS:,} can be drawn")
    return np.repeat(moments, sizes), np.repeat(rows, sizes) if len(rows) else rows
