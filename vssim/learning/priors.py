"""What is thought possible of a figure before the records speak: laws by their quantile functions, and nothing else of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vssim.clock import Reals


class Prior(Protocol):
    """A law of a figure over worlds."""

    def at(self, uniform: Reals) -> Reals:
        """The values below which shares `uniform`, in (0, 1), of all worlds lie; same shape."""
        ...


@dataclass(frozen=True)
class Even:
    """All values between two ends are alike."""

    low: float
    high: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return self.low + uniform * (self.high - self.low)


@dataclass(frozen=True)
class EvenFactor:
    """All factors between two ends are alike: even on the log scale."""

    low: float
    high: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return np.asarray(self.low * np.exp(uniform * np.log(self.high / self.low)), np.float64)


@dataclass(frozen=True)
class Whole:
    """Whole numbers from one to another, all alike."""

    low: int
    high: int

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        return np.minimum(np.floor(self.low + uniform * (self.high - self.low + 1)), self.high)


@dataclass(frozen=True)
class Chance:
    """A chance of which so many cases were seen among so many: Beta(½ + hits, ½ + misses), Jeffreys 1946."""

    hits: float
    misses: float

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        from vssim.special import betaincinv

        return np.asarray(betaincinv(0.5 + self.hits, 0.5 + self.misses, uniform), np.float64)


@dataclass(frozen=True)
class Rate:
    """A mean time between events of which so many were seen in so long a time; `clumped`: variance over mean of their counts.

    Gamma posterior of the rate with the count divided by how much it clumps (a quasi-likelihood: McCullagh & Nelder 1989, ch. 9).
    """

    events: float
    time: float
    clumped: float = 1.0

    def at(self, uniform: Reals) -> Reals:
        """As `Prior.at`."""
        from vssim.special import gammaincinv

        shape = (self.events + 0.5) / self.clumped
        return np.asarray(self.time / self.clumped / gammaincinv(shape, 1 - uniform), np.float64)
