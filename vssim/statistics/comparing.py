"""Comparing: one figure before and after, under the same luck, with a verdict in words.

The difference and its interval decide about better and worse, the ratio's about no real difference. What is told as a ratio is
better or worse only where that interval says so, too: few replications may leave it open where the difference's is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vssim.catalogue import Direction
from vssim.statistics.estimates import CONFIDENCE, NO_REAL_DIFFERENCE, Difference, Estimate, Verdict
from vssim.statistics.influence import Statistic, average, combined
from vssim.statistics.intervals import FEWEST, half_width, level, ratio
from vssim.statistics.pool import Reals

_MOST_REPLICATIONS = 1_000_000
"""More than so many are not worth naming."""

A_HAIR = 1e-11
"""Two figures of the same run are the same where they differ by no larger share."""

LEAST_LUCK = 1.5
"""What common luck saved is told from this factor on."""


def compare(before: Statistic, after: Statistic, direction: Direction | None, *, by_ratio: bool = True) -> Difference:
    """The difference and ratio of a figure before and after, with a verdict; the replications of both sides are pairs.

    `by_ratio`: the metric is told as a ratio, so that the verdict needs a decided ratio too.
    """
    n = len(before.influence)
    if before.value is None or after.value is None:
        missing = Estimate(None, None, None, 0, "nothing to measure")
        return Difference(missing, missing, None, 0, None, None)
    apart = combined([(1.0, after), (-1.0, before)])
    difference, share = level(apart), ratio(before, after)
    worth = _variance_ratio(before, after, apart)
    if direction is None:
        return Difference(difference, share, None, n, None, None, worth)
    steps = _steps(before, after)
    better = int((steps > 0).sum() if direction == "up" else (steps < 0).sum())
    alike = apart.value == 0 and not apart.influence.any() and not (steps != 0).any()
    verdict = "no real difference" if alike else _verdict(difference, share, direction, by_ratio)
    needed = _needed(before, after, apart) if verdict == "undecided" else None
    return Difference(difference, share, better, n, verdict, needed, worth, int((steps == 0).sum()))


def compare_pairs(before: Sequence[float | None], after: Sequence[float | None], direction: Direction | None) -> Difference:
    """The change from `before` to `after`, one value a replication, which belong together pair by pair.

    Pairs in which either is undefined are left out.
    """
    both = [(old, new) for old, new in zip(before, after, strict=True) if old is not None and new is not None]
    known = [(old, new) for old, new in both if math.isfinite(old) and math.isfinite(new)]
    return compare(average([old for old, _ in known]), average([new for _, new in known]), direction)


def _steps(before: Statistic, after: Statistic) -> Reals:
    """By pair, how far the replication itself moved; only pairs in which both sides have something to measure."""
    if before.by_run is None or after.by_run is None:
        return np.empty(0)
    steps = after.by_run - before.by_run
    # The readable way of measuring and the compiled one may differ by a hair: no step, else a store that holds both counts it.
    steps[np.abs(steps) <= A_HAIR * np.maximum(np.abs(after.by_run), np.abs(before.by_run))] = 0.0
    known: Reals = steps[~np.isnan(steps)]
    return known


def _verdict(difference: Estimate, share: Estimate, direction: Direction, by_ratio: bool) -> Verdict:
    low, high = difference.low, difference.high
    if low is None or high is None:
        return "undecided"
    if low == high == 0 or _inside(share):
        return "no real difference"
    if low <= 0 <= high or (by_ratio and _open(share)):
        return "undecided"
    return "better" if (low > 0) == (direction == "up") else "worse"


def _inside(share: Estimate) -> bool:
    """Whether the interval lies within ± 3 % of the baseline."""
    if share.low is None or share.high is None:
        return False
    return share.low >= 1 - NO_REAL_DIFFERENCE and share.high <= 1 + NO_REAL_DIFFERENCE


def _open(share: Estimate) -> bool:
    """Whether the ratio's interval holds "as before"."""
    return share.low is not None and share.high is not None and share.low <= 1 <= share.high


def _variance_ratio(before: Statistic, after: Statistic, apart: Statistic) -> float | None:
    """How many times as large the variance of the difference would be if the sides met different luck."""
    together, alone = apart.error**2, before.error**2 + after.error**2
    return alone / together if together > 0 and apart.n > 1 else None


def luck_in_words(difference: Difference) -> str:
    """How much common luck saved, in words (as many times as many runs); '' where it saved little or nobody knows.

    At 20 runs it is known to a factor of 2 only, so it is never told with digits.
    """
    worth = difference.variance_ratio
    if worth is None or worth < LEAST_LUCK or difference.n < FEWEST:
        return ""
    size = 10 ** math.floor(math.log10(worth))
    rounded = min(
        (replications * size for replications in (1, 2, 3, 5, 10)), key=lambda replications: abs(math.log(replications / worth))
    )
    times = f"about {max(rounded, 2):,.0f}" if rounded <= 100 else "more than 100"
    return f"{times} times as many runs would have been needed without common luck"


def _needed(before: Statistic, after: Statistic, apart: Statistic) -> int | None:
    """How many replications would decide, if figures and spreads stay: for a difference, or for none worth naming.

    None from one pair, which says nothing about spreads, and where it would take more than a million.
    """
    n = len(apart.influence)
    if n < 2 or apart.value is None or before.value is None or after.value is None:
        return None
    count = _runs(apart.error, abs(apart.value), NO_REAL_DIFFERENCE * abs(before.value), n)
    if half_width(apart.error, n) < abs(apart.value) and before.value > 0 and after.value > 0:
        logs = combined([(1 / after.value, after), (-1 / before.value, before)])
        count = _runs(logs.error, abs(math.log(after.value / before.value)), NO_REAL_DIFFERENCE, n)
    if count is None:
        return None
    return max(count, FEWEST) if apart.nature == "percentile" else count


def _runs(deviation: float, moved: float, margin: float, n: int) -> int | None:
    """From how many replications on the interval excludes 0, or everything beyond the margin; None where that is too many."""
    narrow = max(moved, margin - moved)
    if narrow <= 0 or half_width(deviation, _MOST_REPLICATIONS) > narrow:
        return None
    low, high = n, _MOST_REPLICATIONS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(deviation, middle, CONFIDENCE) < narrow else (middle, high)
    return high
