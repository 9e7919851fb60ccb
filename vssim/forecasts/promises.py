"""Promises: what may be promised of outcomes that were drawn, with which probability, and whether enough promises were kept.

Counts are discrete: of all counts that come with at least 85 %, the largest comes with more than that. So a promise bears its own
probability, and promises are judged by theirs: the number kept has a Poisson-binomial distribution.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals

MOST = 0.95
"""Nothing is promised with more than this."""


NEVER = 2**62
"""A number of days that stands for: not within what is followed."""


@dataclass(frozen=True)
class Promise:
    """A number that is promised, and how probable it is that it is kept."""

    number: int
    probability: float


@dataclass(frozen=True)
class Told:
    """One promise: what is promised, and its own probability."""

    asked: float
    """the probability that was asked for"""
    promise: Promise
    date: dt.date | None
    """the day by which so many are done; None for counts, and where it lies beyond what is followed"""
    counts: bool = False
    """whether items are promised, not a date"""

    @property
    def probability(self) -> float:
        """Its own probability, and never more than is ever promised."""
        return min(self.promise.probability, MOST)


def at_least(counts: Ints, probability: float) -> Promise:
    """The largest count that is reached with at least that probability. `counts`: one a future."""
    ordered = np.sort(counts)
    number = int(ordered[int(np.floor((1 - probability) * len(ordered) + 1e-9))])
    return Promise(number, float((counts >= number).mean()))


def at_most(days: Ints, probability: float) -> Promise:
    """The smallest number of days that is enough with at least that probability. `days`: one a future."""
    ordered = np.sort(days)
    number = int(ordered[int(np.ceil(probability * len(ordered) - 1e-9)) - 1])
    return Promise(number, float((days <= number).mean()))


def kept_distribution(probabilities: Sequence[float]) -> Reals:
    """The Poisson-binomial distribution: the chances that 0, 1, … of promises with these probabilities are kept."""
    chances = np.ones(1)
    for probability in probabilities:
        chances = np.convolve(chances, [1 - probability, probability])
    return chances


def usual_range(probabilities: Sequence[float], share: float = 0.9) -> tuple[int, int]:
    """How many promises are kept in the central `share` of all cases: fewest, most."""
    cumulative = np.cumsum(kept_distribution(probabilities))
    tail = (1 - share) / 2
    return int(np.argmax(cumulative > tail)), int(np.argmax(cumulative >= 1 - tail - 1e-12))


def crps(drawn: Ints | Reals, actual: float) -> float:
    """The continuous ranked probability score of what was drawn; less is better.

    E|Y − y| − ½ E|Y − Y′|: Gneiting & Raftery 2007, *Strictly proper scoring rules, prediction, and estimation*.
    """
    ordered = np.sort(drawn.astype(np.float64))
    count = len(ordered)
    apart = 2 * float(np.sum(ordered * (2 * np.arange(1, count + 1) - count - 1))) / count**2
    return float(np.abs(ordered - actual).mean()) - apart / 2


def place(drawn: Ints, actual: int, uniform: float) -> float:
    """Where an outcome lies among those drawn, from 0 to 1; ties are split by `uniform` (randomised PIT: Smith 1985)."""
    return float((drawn < actual).mean() + uniform * (drawn == actual).mean())
