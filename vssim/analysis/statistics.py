"""What replications say: means with 95 % intervals, paired differences and ratios, and a verdict in words.

*Intervals* are Student's t over replications, which are independent. *Differences* are paired: within a replication the
organisation as it is and the change meet the same luck, so the interval is that of the mean of the pairs' differences.

*Ratios* are ratios of means, the number that people read ("lead time fell to 47 %"), with Fieller's interval (1954): the
ratios r for which a t test of `after − r · before` on the pairs does not reject. It needs no approximation where the t test
needs none, and it holds 1 exactly when the paired interval of the difference holds 0, so the two never disagree. Rejected:
the mean of the pairs' ratios (biased, and undefined as soon as one pair has a zero) and the delta method (too short where
the means are noisy). Where the baseline's own mean is not clearly different from 0 the ratio has no finite interval.

Replications in which a metric is undefined are left out, of both sides of a pair; `n` says how many were left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vssim.catalogue import Direction

Verdict = Literal["better", "worse", "no real difference", "undecided"]

CONFIDENCE = 0.95
NO_REAL_DIFFERENCE = 0.03
"""A change whose interval lies within ± this share of the baseline makes no real difference."""

_MOST_REPLICATIONS = 1_000_000
"""More than so many are not worth naming."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its 95 % interval; None where undefined (an interval from one replication)."""

    mean: float | None
    low: float | None
    high: float | None
    n: int
    """replications in which it was defined"""

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
    """mean after / mean before [1]"""
    better_in: int | None
    """pairs in which the change was better; None for a metric with no good direction"""
    n: int
    """pairs"""
    verdict: Verdict | None
    """None for a metric with no good direction, or without any pair"""
    needed: int | None
    """replications that would decide, when undecided; None when it cannot be told"""


UNDEFINED = Estimate(None, None, None, 0)


def estimate(values: Sequence[float | None], confidence: float = CONFIDENCE) -> Estimate:
    """Mean and interval (95 %) of independent `values`, one a replication."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return UNDEFINED
    mean, deviation = _mean_and_deviation(known)
    if len(known) == 1:
        return Estimate(mean, None, None, 1)
    half = half_width(deviation, len(known), confidence)
    return Estimate(mean, mean - half, mean + half, len(known))


def half_width(deviation: float, n: int, confidence: float = CONFIDENCE) -> float:
    """Half the width of the interval of a mean of n values with a standard deviation; infinite for n < 2."""
    return student(n - 1, confidence) * deviation / math.sqrt(n) if n > 1 else math.inf


def compare_pairs(before: Sequence[float | None], after: Sequence[float | None], direction: Direction | None) -> Difference:
    """The change from `before` to `after`, whose entries belong together pair by pair."""
    pairs = paired(before, after)
    steps = [new - old for old, new in pairs]
    difference, ratio = estimate(steps), ratio_of_means(pairs)
    if direction is None or not pairs:
        return Difference(difference, ratio, None, len(pairs), None, None)
    better = sum(step > 0 if direction == "up" else step < 0 for step in steps)
    verdict = _verdict(difference, ratio, direction)
    needed = _needed(pairs) if verdict == "undecided" else None
    return Difference(difference, ratio, better, len(pairs), verdict, needed)


def ratio_of_means(pairs: Sequence[tuple[float, float]], confidence: float = CONFIDENCE) -> Estimate:
    """Mean of the second entries / mean of the first, with Fieller's interval.

    The ratios r with |ȳ − r x̄| ≤ t · s(y − r x) / √n lie between the roots of a r² − 2 b r + c, where
    a = x̄² − h s_xx, b = x̄ ȳ − h s_xy, c = ȳ² − h s_yy and h = t² / n; they are an interval only where a > 0.
    """
    n = len(pairs)
    if n == 0:
        return UNDEFINED
    old_mean, old_deviation = _mean_and_deviation([old for old, _ in pairs])
    new_mean, new_deviation = _mean_and_deviation([new for _, new in pairs])
    if old_mean == 0:
        return Estimate(None, None, None, n)
    ratio = new_mean / old_mean
    if n == 1:
        return Estimate(ratio, None, None, n)
    h = student(n - 1, confidence) ** 2 / n
    together = math.fsum([(old - old_mean) * (new - new_mean) for old, new in pairs]) / (n - 1)
    a = old_mean**2 - h * old_deviation**2
    if a <= 0:
        return Estimate(ratio, None, None, n)
    b, c = old_mean * new_mean - h * together, new_mean**2 - h * new_deviation**2
    root = math.sqrt(max(b * b - a * c, 0.0))
    return Estimate(ratio, min((b - root) / a, ratio), max((b + root) / a, ratio), n)


@cache
def student(degrees: int, confidence: float = CONFIDENCE) -> float:
    """The t value of a two-sided interval."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


def _verdict(difference: Estimate, ratio: Estimate, direction: Direction) -> Verdict:
    low, high = difference.low, difference.high
    if low is None or high is None:
        return "undecided"
    if low == high == 0 or _inside(ratio):
        return "no real difference"
    if low <= 0 <= high:
        return "undecided"
    return "better" if (low > 0) == (direction == "up") else "worse"


def _inside(ratio: Estimate) -> bool:
    """Whether the interval lies within ± 3 % of the baseline."""
    if ratio.low is None or ratio.high is None:
        return False
    return ratio.low >= 1 - NO_REAL_DIFFERENCE and ratio.high <= 1 + NO_REAL_DIFFERENCE


def _needed(pairs: Sequence[tuple[float, float]]) -> int | None:
    """Replications that would decide, if means and deviations stay as they are: for a difference, or for none worth naming.

    None from one pair, which says nothing about deviations, and where it would take more than a million.
    """
    if len(pairs) < 2:
        return None
    mean, deviation = _mean_and_deviation([new - old for old, new in pairs])
    margin = NO_REAL_DIFFERENCE * abs(_mean_and_deviation([old for old, _ in pairs])[0])
    narrow = max(abs(mean), margin - abs(mean))
    if narrow <= 0 or half_width(deviation, _MOST_REPLICATIONS) > narrow:
        return None
    low, high = len(pairs), _MOST_REPLICATIONS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(deviation, middle) < narrow else (middle, high)
    return high


def paired(before: Sequence[float | None], after: Sequence[float | None]) -> list[tuple[float, float]]:
    """The pairs in which both values are defined."""
    both = zip(before, after, strict=True)
    known = [(old, new) for old, new in both if old is not None and new is not None]
    return [(old, new) for old, new in known if math.isfinite(old) and math.isfinite(new)]


def _mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation (n − 1); 0 from a single value, and exactly 0 when all are equal."""
    first = values[0]
    if values.count(first) == len(values):
        return first, 0.0
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum([(value - mean) ** 2 for value in values]) / (len(values) - 1))
