"""Shapley values: what each of several parts contributes to the whole, when they depend on each other.

A part's value is its contribution averaged over all orders in which the parts could be brought in (Shapley, 1953): it adds up
to the whole, and treats parts alike that do alike. Sets of parts are written as bits of a number.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Values = Mapping[int, NDArray[np.float64]]
"""What a set of parts is worth, by replication; sets are the bits of a number."""


def subsets(parts: int, without: int = 0) -> Iterator[int]:
    """Every set of the first so many parts that holds none of `without`."""
    return (subset for subset in range(1 << parts) if not subset & without)


def shapley(values: Values, parts: int, part: int) -> NDArray[np.float64]:
    """The value of a part by replication, from what every set is worth."""
    return contribution(values, parts, part, 0, 1 << part)


def contribution(values: Values, parts: int, part: int, given: int, aside: int) -> NDArray[np.float64]:
    """What a part adds, averaged over all orders of the others; `given` are there already, `aside` play no part in the order."""
    others = parts - (aside | given).bit_count()
    weights = [math.factorial(size) * math.factorial(others - size) / math.factorial(others + 1) for size in range(others + 1)]
    terms = [
        weights[subset.bit_count()] * (values[subset | given | 1 << part] - values[subset | given])
        for subset in subsets(parts, aside | given)
    ]
    total: NDArray[np.float64] = np.sum(terms, axis=0)
    return total


def orders(parts: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Orders of the parts drawn at random, each followed by its reverse, which takes away much of the chance in it."""
    luck = random.Random(seed)
    permutations: list[tuple[int, ...]] = []
    for _ in range(pairs):
        drawn = list(range(parts))
        luck.shuffle(drawn)
        permutations += [tuple(drawn), tuple(reversed(drawn))]
    return permutations


def prefixes(order: Sequence[int]) -> list[int]:
    """The sets of parts on the way as they are brought in one after the other, the empty set first."""
    subsets = [0]
    for part in order:
        subsets.append(subsets[-1] | 1 << part)
    return subsets


def soonest(parts: int, gain: Callable[[int], float]) -> tuple[int, ...]:
    """The order with the largest sum of gains on the way, so that what gains most comes early. Looks at every set."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for subset in sorted(range(1, 1 << parts), key=int.bit_count):
        ways = [(best[subset ^ 1 << part][0], best[subset ^ 1 << part][1], part) for part in range(parts) if subset >> part & 1]
        area, before, part = max(ways, key=lambda way: (way[0], [-earlier for earlier in (*way[1], way[2])]))
        best[subset] = (area + gain(subset), (*before, part))
    return best[(1 << parts) - 1][1]


def greedy(parts: int, gain: Callable[[Sequence[int]], Sequence[float]]) -> tuple[int, ...]:
    """An order in which each next part gains most; `gain` tells of several sets at a time what they gain."""
    order: list[int] = []
    while len(order) < parts:
        left = [part for part in range(parts) if part not in order]
        gains = gain([prefixes(order)[-1] | 1 << part for part in left])
        order.append(left[max(range(len(left)), key=lambda number: (gains[number], -number))])
    return tuple(order)
