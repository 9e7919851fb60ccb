"""Sorting of times: by their digits, from the last to the first, so that equal ones keep their order."""

from __future__ import annotations

from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.layout import BUCKET_BITS, BUCKETS, KEYS, KEYS_2, ORDER, ORDER_2

SIZE = 1 << BUCKET_BITS


@passes.kernel
def sort(words: Any, count: int, largest: int) -> None:
    """The first `count` of KEYS (0 up to `largest`) in rising order, and ORDER with them."""
    keys, order = passes.numbers_at(words[KEYS], passes.int64), passes.numbers_at(words[ORDER], passes.int64)
    others, orders = passes.numbers_at(words[KEYS_2], passes.int64), passes.numbers_at(words[ORDER_2], passes.int64)
    buckets = passes.numbers_at(words[BUCKETS], passes.int64)
    # Radix sort, from the lowest bits up. Each pass keeps the order of equal keys; the result depends on that, both here (later
    # passes must not undo earlier ones) and in `spans`, which sorts twice.
    shift = 0
    while (largest >> shift) > 0:
        for bucket in range(SIZE):
            buckets[bucket] = 0
        for place in range(count):
            buckets[(keys[place] >> shift) & (SIZE - 1)] += 1
        before = 0
        for bucket in range(SIZE):
            here = buckets[bucket]
            buckets[bucket] = before
            before += here
        for place in range(count):
            bucket = (keys[place] >> shift) & (SIZE - 1)
            others[buckets[bucket]] = keys[place]
            orders[buckets[bucket]] = order[place]
            buckets[bucket] += 1
        for place in range(count):
            keys[place] = others[place]
            order[place] = orders[place]
        shift += BUCKET_BITS
