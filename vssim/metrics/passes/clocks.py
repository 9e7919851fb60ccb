"""The clocks of one window: how long delivered items took, in rising order, and what is said of it."""

from __future__ import annotations

import math
from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.layout import (
    BEGUN,
    COUNTS,
    I_ARRIVED,
    I_ENDED,
    I_FOLLOWS,
    I_LEFT,
    I_ORIGIN,
    I_PARENT,
    I_RIGHT,
    I_TYPE,
    KEYS,
    MOST_TIMES,
    N_ITEMS,
    N_ROWS,
    N_SHARES,
    N_TYPES,
    ORDER,
    SHARES,
    SINCE,
    TABLE,
    TIMES,
    WINDOWS,
)
from vssim.metrics.passes.sorting import sort
from vssim.metrics.passes.windows import DELIVERED, TICKS, holds

HAIR = 1e-9
"""As `statistics.pool` has it."""

VERSION = 3

A_CLOCK = N_SHARES + 4
"""Rows of a clock."""


@passes.kernel
def place_of(share: float, count: int) -> int:
    """Where the quantile of a share is among `count` values in rising order."""
    return min(max(math.ceil(share * count - HAIR * max(1, count)) - 1, 0), count - 1)


@passes.kernel
def first_version(words: Any, item: int) -> int:
    """The item that this one is a new version of, in the end; itself if of none."""
    origin, follows = passes.numbers_at(words[I_ORIGIN], passes.int8), passes.numbers_at(words[I_FOLLOWS], passes.int32)
    while origin[item] == VERSION and follows[item] >= 0:
        item = follows[item]
    return item


@passes.kernel
def clocks_of(words: Any, window: int) -> None:
    """The times of every clock, in rising order by column, and what is said of them."""
    windows = passes.numbers_at(words[WINDOWS], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    columns = 1 + words[N_TYPES]
    counts = passes.numbers_at(words[COUNTS] + 24 * window * columns, passes.int64)
    times = passes.numbers_at(words[TIMES] + 8 * window * words[MOST_TIMES], passes.float64)
    left, ended = passes.numbers_at(words[I_LEFT], passes.int64), passes.numbers_at(words[I_ENDED], passes.int8)
    arrived, right = passes.numbers_at(words[I_ARRIVED], passes.int64), passes.numbers_at(words[I_RIGHT], passes.int8)
    since, begun = passes.numbers_at(words[SINCE], passes.int64), passes.numbers_at(words[BEGUN], passes.int64)
    kind, parent = passes.numbers_at(words[I_TYPE], passes.int32), passes.numbers_at(words[I_PARENT], passes.int32)
    keys, order = passes.numbers_at(words[KEYS], passes.int64), passes.numbers_at(words[ORDER], passes.int64)
    begins = 0
    for clock in range(4):
        count, largest = 0, 0
        for item in range(words[N_ITEMS]):
            if ended[item] != DELIVERED or not holds(words, left[item], start, end) or (clock == 3 and right[item] != 1):
                continue
            if clock == 0:
                began = arrived[item]
            elif clock == 1:
                began = since[item]
            elif clock == 2:
                began = begun[item]
            else:
                began = arrived[first_version(words, item)]
            keys[count], order[count] = left[item] - began, item
            largest = max(largest, keys[count])
            count += 1
        sort(words, count, largest)
        order_statistic = 1 if clock == 3 else 0
        for column in range(columns):
            placed = begins
            for place in range(count):
                item = order[place]
                if kind[item] + 1 == column or (column == 0 and parent[item] < 0):
                    times[placed] = keys[place] / TICKS
                    placed += 1
            _clock(words, window, clock * A_CLOCK * columns + column, begins, counts[3 * column + order_statistic])
            begins = placed


@passes.kernel
def _clock(words: Any, window: int, cell: int, begins: int, count: int) -> None:
    """Mean, percentiles, deviation of the times of one clock in one column, whose first row is at `cell`."""
    columns = 1 + words[N_TYPES]
    table = passes.numbers_at(words[TABLE] + 8 * window * words[N_ROWS] * columns, passes.float64)
    times = passes.numbers_at(words[TIMES] + 8 * (window * words[MOST_TIMES] + begins), passes.float64)
    shares = passes.numbers_at(words[SHARES], passes.float64)
    if count == 0:
        for row in range(A_CLOCK):
            table[cell + row * columns] = math.nan
        return
    total = 0.0
    for place in range(count):
        total += times[place]
    mean, squares = total / count, 0.0
    for place in range(count):
        squares += (times[place] - mean) ** 2
    deviation = math.sqrt(squares / count)
    table[cell] = mean
    for number in range(N_SHARES):
        table[cell + (1 + number) * columns] = times[place_of(shares[number], count)]
    table[cell + (1 + N_SHARES) * columns] = deviation
    table[cell + (2 + N_SHARES) * columns] = deviation / mean if mean else math.nan
    table[cell + (3 + N_SHARES) * columns] = times[place_of(0.95, count)] - times[place_of(0.5, count)]
