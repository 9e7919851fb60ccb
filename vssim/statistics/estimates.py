"""What a reader is told of a figure: an estimate with its interval, and a difference with its verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["better", "worse", "no real difference", "undecided", "not settled"]

CONFIDENCE = 0.95
NO_REAL_DIFFERENCE = 0.03
"""A change whose interval lies within ± this share of the baseline makes no real difference."""


@dataclass(frozen=True)
class Estimate:
    """A figure over all replications with its 95 % interval; None where undefined."""

    mean: float | None
    """the estimate: of a pooled metric the pool's figure, else the mean over replications"""
    low: float | None
    high: float | None
    n: int
    """replications that it rests on"""
    reason: str | None = field(default=None, compare=False)
    """why there is no interval, or no figure"""
    share: float | None = field(default=None, compare=False)
    """of a percentile: the share of items that really took at most so long; more than its name says where many share that time"""
    rough: bool = field(default=False, compare=False)
    """a percentile far out, from few replications"""
    skewed: bool = field(default=False, compare=False)
    """the replications are so uneven that the interval holds about 9 times in 10"""

    def __str__(self) -> str:
        if self.mean is None:
            return "–"
        return f"{self.mean:.4g}" + ("" if self.low is None else f" [{self.low:.4g}, {self.high:.4g}]")


@dataclass(frozen=True)
class Difference:
    """A change against the baseline in one metric, over pairs of replications that share their luck."""

    difference: Estimate
    """after − before [unit of the metric]"""
    ratio: Estimate
    """after / before [1]"""
    better_in: int | None
    """pairs in which the change was better; None for a metric with no good direction"""
    n: int
    """pairs"""
    verdict: Verdict | None
    """None for a metric with no good direction, or without any pair"""
    needed: int | None
    """replications that would decide, when undecided; None when it cannot be told"""
    variance_ratio: float | None = field(default=None, compare=False)
    """so many times as many runs it would have taken without common luck; None where there is no telling"""
    same_in: int = field(default=0, compare=False)
    """pairs in which both were the same, as where gates let through what they let through before"""

    @property
    def reason(self) -> str | None:
        """Why there is no interval."""
        return self.difference.reason or self.ratio.reason


UNDEFINED = Estimate(None, None, None, 0)
