"""Intervals: of a level, of a sum of figures, of a ratio; by Student's t, by Hall's transformation, by resampling.

*Means and rates* of few uneven replications are skewed, and a symmetric interval misses on one side. Hall's (1992)
transformation takes the skewness γ of z out: with k = γ / √n and H(v) = (3/k)(∛(1 + k(v − k/6)) − 1) the interval of m is [m −
s H(t)/√n, m − s H(−t)/√n].
*Ratios of means and rates* bend with what is below the line: on the log scale, with jackknife values (how far the log moves when a
replication is left out) in place of z, which know of the bend, and Hall's transformation of these. Rejected, measured on the queue
of `benchmarks/coverage.py`: t on the log scale, the bootstrap of percentiles and an Edgeworth expansion of the log (1 to 5 points
less), the bootstrap of t (as good, at a thousand times the work).
*Percentiles* move by z alone, their levels on the log scale: q · exp(± t · sd(z/q) / √n).
*Outcomes* (one item a replication) and percentiles with few items beyond them are found by resampling whole replications, both
sides of a pair together: 1,000 times, always the same draws. The ends are taken further out, as few replications make it too
narrow (the expanded percentile interval: Hesterberg 2015). Rejected: sectioning, and Fieller's interval of ratios, which hold
less often than they say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from vssim.language import said
from vssim.statistics.estimates import CONFIDENCE, UNDEFINED, Estimate
from vssim.statistics.influence import Nature, Statistic, average, combined
from vssim.statistics.pool import Ints, Reals

FEWEST = 5
"""Replications below which a percentile has no interval."""

ROUGHLY = 20
"""Replications below which a percentile far out is told roughly."""

MOST_LEFT_OUT = 256
"""Of more replications a ratio's influence values are those of linearisation, which by then say the same."""

DRAWS = 1000
"""How often replications are resampled."""

_STREAM = 20_260_105
"""Of the resampling: its own, always the same."""

_MOST_SKEWNESS = 3.0

FURTHEST = 700.0
"""On the log scale nothing is told of what is further away: there are no such numbers."""

ANYTHING = said("so few and so uneven runs that it may be anything")
"""Why there is no interval where one on the log scale would be wider than all numbers."""

Ends = tuple[float | None, float | None, str | None]
"""Lower and upper end, and why there are none."""


@cache
def student(degrees: int, confidence: float = CONFIDENCE) -> float:
    """The t value of a two-sided interval."""
    from vssim.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


def half_width(deviation: float, n: int, confidence: float = CONFIDENCE) -> float:
    """Half the width of the interval of a mean of n values with a standard deviation; infinite for n < 2."""
    return student(n - 1, confidence) * deviation / math.sqrt(n) if n > 1 else math.inf


def estimate(values: Sequence[float | None], confidence: float = CONFIDENCE, nature: Nature = "mean") -> Estimate:
    """Mean and interval of independent `values`, one a replication; those that are undefined are left out."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return level(average(known, positive=False, nature=nature), confidence) if known else UNDEFINED


def level(figure: Statistic, confidence: float = CONFIDENCE) -> Estimate:
    """A figure with its interval."""
    if figure.value is None:
        return Estimate(None, None, None, 0, said("nothing to measure"))
    low, high, reason = interval(figure, confidence)
    if low is not None and high is not None and figure.nature == "share" and figure.positive:
        low, high = max(low, 0.0), min(high, 1.0)
    if low is not None and figure.positive:
        low = max(low, 0.0)
    return Estimate(figure.value, low, high, figure.n, reason, figure.share, _is_rough(figure), is_skewed(figure))


def interval(figure: Statistic, confidence: float = CONFIDENCE) -> Ends:
    """The ends of the interval of a figure, on its own scale; percentiles that cannot be below 0 on the log scale."""
    missing = why_none(figure)
    if missing or figure.value is None:
        return None, None, missing
    if figure.error == 0 and not figure.thin:
        return figure.value, figure.value, None
    if figure.thin:
        return _resampled(figure.again(draws(figure.n)), figure.value, figure.n, confidence)
    if figure.nature == "percentile" and figure.positive and figure.value > 0:
        width = half_width(figure.error / figure.value, figure.n, confidence)
        if width > FURTHEST:
            return None, None, ANYTHING
        factor = math.exp(width)
        return figure.value / factor, figure.value * factor, None
    low, high = _around(figure, confidence)
    return low, high, None


def ratio(before: Statistic, after: Statistic, confidence: float = CONFIDENCE) -> Estimate:
    """One figure as a share of another, with its interval: on the log scale where both are above 0."""
    n = len(before.influence)
    if before.value is None or after.value is None:
        return Estimate(None, None, None, 0, said("nothing to measure"))
    if before.value == 0:
        return Estimate(None, None, None, n, said("it is 0 as it is"))
    value = after.value / before.value
    missing = why_none(before, after)
    if missing:
        return Estimate(value, None, None, n, missing)
    if (before.thin or after.thin) and (before.error or after.error):
        with np.errstate(divide="ignore", invalid="ignore"):
            again = after.again(draws(n)) / before.again(draws(n))
        low, high, reason = _resampled(again, value, n, confidence)
        return Estimate(value, low, high, n, reason)
    return _share(before, after, value, confidence)


def _share(before: Statistic, after: Statistic, value: float, confidence: float) -> Estimate:
    """A ratio with the interval that the influence values of both sides give it."""
    n, logs = len(before.influence), before.value is not None and before.value > 0 and value > 0
    old, new = before.value or 1.0, after.value or 1.0
    apart = combined([(1 / new, after), (-1 / old, before)] if logs else [(1.0, after), (-value, before)])
    if apart.error == 0:
        return Estimate(value, value, value, n)
    if logs and apart.nature == "mean" and n <= MOST_LEFT_OUT:
        apart = _by_leaving_out(before, after, apart)
    if not logs and abs(old) <= half_width(before.error, n, confidence):
        return Estimate(value, None, None, n, said("it may be 0 as it is"))
    ends = [end - (apart.value or 0.0) for end in _around(apart, confidence)]
    if logs and max(map(abs, ends)) > FURTHEST:
        return Estimate(value, None, None, n, ANYTHING)
    low, high = sorted(value * math.exp(end) if logs else value + end / old for end in ends)
    return Estimate(value, low, high, n, skewed=is_skewed(apart))


def _by_leaving_out(before: Statistic, after: Statistic, apart: Statistic) -> Statistic:
    """The log of a ratio with jackknife values in place of its influence: how far it moves when a replication is left out."""
    n = len(apart.influence)
    without = 1 - np.eye(n, dtype=np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(after.again(without) / before.again(without))
    if not np.isfinite(logs).all():
        return apart  # all that was measured is of one replication: without it there is nothing to take a log of
    return replace(apart, influence=(n - 1) * (logs.mean() - logs))


def why_none(*figures: Statistic) -> str | None:
    """Why figures of the same replications have no interval; None where they have one."""
    n = len(figures[0].influence)
    if any(figure.value is None for figure in figures):
        return said("nothing to measure")
    if n < 2:
        return said("one run has no interval")
    if all(figure.exact for figure in figures):
        return None  # nothing is left to luck: the interval is the figure itself, from however few runs
    if any(figure.nature == "percentile" for figure in figures):
        if all(figure.fixed for figure in figures):
            return said("a fixed date")
        if n < FEWEST:
            return said("a percentile has no interval with fewer than {count} runs", count=FEWEST)
    return None


def is_skewed(figure: Statistic) -> bool:
    """Whether the replications of a mean are so uneven that its interval holds about 9 times in 10."""
    return figure.nature == "mean" and figure.n > 1 and abs(_skewness(figure.influence)) > math.sqrt(figure.n) / 6


def _is_rough(figure: Statistic) -> bool:
    return figure.far_out and figure.n < ROUGHLY


def _around(figure: Statistic, confidence: float) -> tuple[float, float]:
    """The interval by t; of a mean or a rate by Hall's transformation."""
    value, n = figure.value or 0.0, len(figure.influence)
    t, error = student(n - 1, confidence), figure.error / math.sqrt(n)
    k = max(-_MOST_SKEWNESS, min(_MOST_SKEWNESS, _skewness(figure.influence))) / math.sqrt(n) if figure.nature == "mean" else 0.0
    return value - error * hall(t, k), value - error * hall(-t, k)


def hall(v: float, k: float) -> float:
    """Hall's transformation of a t value v, with k = skewness / √n; v itself where nothing is skewed."""
    if abs(k) < 1e-6:
        return v
    return 3 / k * (float(np.cbrt(1 + k * (v - k / 6))) - 1)


def _skewness(values: Reals) -> float:
    variance = float(np.mean(values**2))
    return float(np.mean(values**3)) / variance**1.5 if variance > 0 else 0.0


@lru_cache(maxsize=16)
def draws(n: int) -> Ints:
    """(DRAWS, n) How often each of n replications is taken, in every draw of n of them."""
    return np.random.default_rng([_STREAM, n]).multinomial(n, np.full(n, 1 / n), DRAWS)


def _resampled(again: Reals, value: float, n: int, confidence: float) -> Ends:
    """The interval from a figure resampled; none where some draws have nothing to measure."""
    if not np.isfinite(again).all():
        return None, None, said("some runs have nothing to measure")
    outside = _further_out(n, confidence)
    ordered = np.sort(again)
    low = float(ordered[max(math.ceil(outside * DRAWS) - 1, 0)])
    high = float(ordered[min(math.floor((1 - outside) * DRAWS), DRAWS - 1)])
    return min(low, value), max(high, value), None


@cache
def _further_out(n: int, confidence: float) -> float:
    """The share of draws beyond each end: Φ(−√(n / (n − 1)) · t)."""
    from vssim.special import ndtr

    return float(ndtr(-math.sqrt(n / (n - 1)) * student(n - 1, confidence)))
