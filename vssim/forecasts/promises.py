"""Promises: what can be promised from drawn outcomes, with which probability, and whether enough promises were kept.

Counts are discrete: the largest count that is reached with at least 85 % is usually reached with more than that. So a promise has
its own probability, and a record is judged by these: the number of promises kept has a Poisson-binomial distribution.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals

MOST = 0.95
"""Nothing is promised with a higher probability."""


NEVER = 2**62
"""The number of days that means: not within the time that futures are followed."""


@dataclass(frozen=True)
class Promise:
    """A promised number, and the probability that the promise is kept."""

    number: int
    probability: float


@dataclass(frozen=True)
class Told:
    """A promise as it is told: what was asked for, what is promised."""

    asked: float
    """the probability that was asked for"""
    promise: Promise
    date: dt.date | None
    """the day by which the items are done; None for counts, and where that day lies beyond the futures"""
    counts: bool = False
    """whether the promise is a number of items rather than a date"""

    @property
    def probability(self) -> float:
        """The promise's own probability, but at most the highest that is ever promised."""
        return min(self.promise.probability, MOST)


def at_least(counts: Ints, probability: float) -> Promise:
    """The largest count that is reached with at least this probability. `counts`: one for each future."""
    ordered = np.sort(counts)
    number = int(ordered[int(np.floor((1 - probability) * len(ordered) + 1e-9))])
    return Promise(number, float((counts >= number).mean()))


def at_most(days: Ints, probability: float) -> Promise:
    """The smallest number of days that suffices with at least this probability. `days`: one for each future."""
    ordered = np.sort(days)
    number = int(ordered[int(np.ceil(probability * len(ordered) - 1e-9)) - 1])
    return Promise(number, float((days <= number).mean()))


def kept_distribution(probabilities: Sequence[float]) -> Reals:
    """The Poisson-binomial distribution: the probabilities that 0, 1, … promises are kept; shape (promises + 1,)."""
    chances = np.ones(1)
    for probability in probabilities:
        chances = np.convolve(chances, [1 - probability, probability])
    return chances


def usual_range(probabilities: Sequence[float], share: float = 0.9) -> tuple[int, int]:
    """The fewest and the most promises that are kept in the central `share` of cases, if the probabilities are right."""
    cumulative = np.cumsum(kept_distribution(probabilities))
    tail = (1 - share) / 2
    return int(np.argmax(cumulative > tail)), int(np.argmax(cumulative >= 1 - tail - 1e-12))


def crps(drawn: Ints | Reals, actual: float) -> float:
    """The continuous ranked probability score of drawn outcomes, given what happened; less is better.

    E|Y − y| − ½ E|Y − Y′|: Gneiting & Raftery 2007, *Strictly proper scoring rules, prediction, and estimation*.
    """
    ordered = np.sort(drawn.astype(np.float64))
    count = len(ordered)
    apart = 2 * float(np.sum(ordered * (2 * np.arange(1, count + 1) - count - 1))) / count**2
    return float(np.abs(ordered - actual).mean()) - apart / 2


def place(drawn: Ints, actual: int, uniform: float) -> float:
    """The position of the actual outcome among those drawn, 0 to 1; ties are split by `uniform` (randomised PIT: Smith 1985)."""
    return float((drawn < actual).mean() + uniform * (drawn == actual).mean())
