"""The possible values of a figure before the records are known: laws, given by their quantile functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vssim.clock import Reals


class Prior(Protocol):
    """The law of a figure over worlds."""

    def at(self, uniform: Reals) -> Reals:
        """The quantiles of the law at `uniform`, in (0, 1); same shape."""
        ...


@dataclass(frozen=True)
class Even:
    """The uniform law between two ends."""

    low: float
    high: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return self.low + uniform * (self.high - self.low)


@dataclass(frozen=True)
class EvenFactor:
    """The log-uniform law between two ends: equal factors are equally likely."""

    low: float
    high: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return np.asarray(self.low * np.exp(uniform * np.log(self.high / self.low)), np.float64)


@dataclass(frozen=True)
class Whole:
    """The whole numbers from one to another, equally likely."""

    low: int
    high: int

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return np.minimum(np.floor(self.low + uniform * (self.high - self.low + 1)), self.high)


@dataclass(frozen=True)
class Chance:
    """A probability, of which some hits and misses were seen: Beta(½ + hits, ½ + misses), Jeffreys 1946."""

    hits: float
    misses: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        from vssim.special import betaincinv

        return np.asarray(betaincinv(0.5 + self.hits, 0.5 + self.misses, uniform), np.float64)


@dataclass(frozen=True)
class Rate:
    """The mean time between events, some of which were seen in a known time. `clumped`: variance over mean of their counts.

    The gamma posterior of the rate, with the count divided by `clumped` (quasi-likelihood: McCullagh & Nelder 1989, ch. 9).
    """

    events: float
    time: float
    clumped: float = 1.0

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        from vssim.special import gammaincinv

        shape = (self.events + 0.5) / self.clumped
        return np.asarray(self.time / self.clumped / gammaincinv(shape, 1 - uniform), np.float64)


@dataclass(frozen=True)
class Deviation:
    """A standard deviation, or a coefficient of variation, estimated from a number of values: s √(ν / χ²(ν)), ν one less.

    The posterior under Jeffreys's prior where values are normal (Box & Tiao 1973, 2.3); counts of weeks are nearly so.
    """

    estimate: float
    count: int

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        from vssim.special import gammaincinv

        half = max(self.count - 1, 1) / 2
        return np.asarray(self.estimate * np.sqrt(half / gammaincinv(half, 1 - uniform)), np.float64)
