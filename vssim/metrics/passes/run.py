"""The entrance: everything that is measured of a run, over all its windows."""

from __future__ import annotations

from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.clocks import clocks_of, place_of
from vssim.metrics.passes.items import LATE, NOT_YET, causes_of_items, journeys_of_items, moments_of_items
from vssim.metrics.passes.layout import (
    AGE_COUNTS,
    AGES,
    COMMITTED,
    I_LEFT,
    I_TYPE,
    KEYS,
    LOOKS,
    MOST_AGES,
    MOST_LOOKS,
    N_ITEMS,
    N_ROWS,
    N_TYPES,
    N_WINDOWS,
    ORDER,
    TABLE,
)
from vssim.metrics.passes.sorting import sort
from vssim.metrics.passes.spans import open_spans, people_time
from vssim.metrics.passes.windows import (
    R_AGE_50,
    R_AGE_85,
    TICKS,
    deliveries_of,
    figures_of,
    stock_of,
    visits_of,
)


@passes.entrance
def measure_at(address: int) -> None:
    """Measure the log whose list of words begins at `address`."""
    words = passes.numbers_at(address, passes.int64)
    spans = open_spans(words)
    people_time(words, spans)
    moments_of_items(words)
    journeys_of_items(words)
    causes_of_items(words)
    for window in range(words[N_WINDOWS]):
        stock_of(words, window)
        deliveries_of(words, window)
        visits_of(words, window, spans)
        clocks_of(words, window)
        figures_of(words, window)
        ages_of(words, window)


@passes.kernel
def ages_of(words: Any, window: int) -> None:
    """How long ago items were committed that are in progress at each look, in rising order: of all, then by type."""
    columns = 1 + words[N_TYPES]
    committed, left = passes.numbers_at(words[COMMITTED], passes.int64), passes.numbers_at(words[I_LEFT], passes.int64)
    kind = passes.numbers_at(words[I_TYPE], passes.int32)
    looks = passes.numbers_at(words[LOOKS] + 8 * window * MOST_LOOKS, passes.int64)
    keys, order = passes.numbers_at(words[KEYS], passes.int64), passes.numbers_at(words[ORDER], passes.int64)
    ages = passes.numbers_at(words[AGES] + 8 * window * words[MOST_AGES], passes.float64)
    counts = passes.numbers_at(words[AGE_COUNTS] + 8 * window * columns, passes.int64)
    table = passes.numbers_at(words[TABLE] + 8 * window * words[N_ROWS] * columns, passes.float64)
    count, largest = 0, 0
    for look in range(MOST_LOOKS):
        for item in range(words[N_ITEMS] if looks[look] != NOT_YET else 0):
            over = LATE if left[item] == NOT_YET else left[item]
            if committed[item] != NOT_YET and committed[item] <= looks[look] and over > looks[look]:
                keys[count], order[count] = looks[look] - committed[item], item
                largest = max(largest, keys[count])
                count += 1
    sort(words, count, largest)
    placed = 0
    for column in range(columns):
        begins = placed
        for place in range(count):
            if column == 0 or kind[order[place]] + 1 == column:
                ages[placed] = keys[place] / TICKS
                placed += 1
        counts[column] = placed - begins
        if placed > begins:
            table[R_AGE_50 * columns + column] = ages[begins + place_of(0.5, placed - begins)]
            table[R_AGE_85 * columns + column] = ages[begins + place_of(0.85, placed - begins)]
