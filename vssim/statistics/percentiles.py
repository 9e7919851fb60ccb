"""Percentiles of the pool, with the influence of each replication.

D_i = (items of replication i that took at most q − p N_i) / N̄ says how far the replication has more short items than its
share. How much a quantile moves for that is read off the pool itself, over as wide a stretch of shares as luck moves them: h =
max(t · sd(D) / √n, 2 / ΣN), g = (q at p + h − q at p − h) / 2h, z_i = −g · D_i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vssim.statistics.influence import THIN, Again, Statistic, nothing, standard_deviation
from vssim.statistics.intervals import student
from vssim.statistics.pool import Ints, Pool, Reals, quantiles_of

FAR_OUT = 0.9
"""Percentiles beyond this share are told roughly where replications are few."""

_CANDIDATES = 1500
"""Times of the pool among which a resampled percentile is looked for at first."""


def percentile(pool: Pool, share: float) -> Statistic:
    """The smallest time that at least `share` of the items of all replications took at most."""
    value = pool.quantile(share)
    if value is None:
        return nothing(pool.n, "percentile")
    n, mean = pool.n, pool.total / pool.n
    apart = (pool.within(value) - share * pool.counts) / mean
    apart = apart - apart.mean()
    gain = 0.0
    if n > 1:
        half = max(student(n - 1) * standard_deviation(apart) / math.sqrt(n), 2 / pool.total)
        low, high = max(share - half, 0.001), min(share + half, 0.999)
        gain = ((pool.quantile(high) or 0.0) - (pool.quantile(low) or 0.0)) / (high - low)
    thin = min(share, 1 - share) * mean < THIN
    fixed = n > 1 and gain == 0
    runs = np.array([quantiles_of(sample, (share,))[0] for sample in pool.times], np.float64)
    return Statistic(
        value=value,
        influence=-gain * apart,
        again=_again(pool, share),
        nature="percentile",
        thin=thin,
        fixed=fixed,
        exact=n > 1 and all(np.array_equal(sample, pool.times[0]) for sample in pool.times),
        far_out=share > FAR_OUT,
        share=pool.share_within(value),
        by_run=runs,
    )


def outcome(values: Sequence[float | None], share: float) -> Statistic:
    """A quantile over replications of what happens once in each; None among the values: it did not happen."""
    known = [np.array([] if value is None else [value], np.float64) for value in values]
    return percentile(Pool.of(known), share)


def share_within(pool: Pool, time: float) -> Statistic:
    """The share of the items of all replications that took at most `time`."""
    share = pool.share_within(time)
    if share is None:
        return nothing(pool.n, "share")
    there, mean = pool.within(time), pool.total / pool.n

    def again(counts: Ints) -> Reals:
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: Reals = counts @ there / (counts @ pool.counts)
        return shares

    with np.errstate(divide="ignore", invalid="ignore"):
        runs = there / pool.counts
    thin = min(share, 1 - share) * mean < THIN
    return Statistic(share, (there - share * pool.counts) / mean, again, "share", thin, by_run=runs)


def _again(pool: Pool, share: float) -> Again:
    """The percentile of replications taken several times: looked for where it nearly always is, then among all times."""

    def again(counts: Ints) -> Reals:
        need = share * (counts @ pool.counts)
        candidates = _around(pool, share)
        quantiles = _first(pool, candidates, counts, need)
        if len(candidates) < len(pool.ordered):
            out = (quantiles < 0) | (quantiles == 0)
            if out.any():
                whole = np.unique(pool.ordered)
                rows = np.flatnonzero(out)
                values = np.where(quantiles >= 0, candidates[np.maximum(quantiles, 0)], np.nan)
                values[rows] = whole[_first(pool, whole, counts[rows], need[rows])]
                return np.where(need > 0, values, np.nan)
        return np.where(need > 0, candidates[np.maximum(quantiles, 0)], np.nan)

    return again


def _around(pool: Pool, share: float) -> Reals:
    """The times of the pool around a percentile, each once."""
    ordered = pool.ordered
    if len(ordered) <= _CANDIDATES:
        return np.unique(ordered)
    place = int(share * len(ordered))
    first = min(max(place - _CANDIDATES // 2, 0), len(ordered) - _CANDIDATES)
    return np.unique(ordered[first : first + _CANDIDATES])


def _first(pool: Pool, candidates: Reals, counts: Ints, need: Reals) -> Ints:
    """(draws,) The number of the first candidate that enough items took at most; −1 where none is."""
    up_to = np.array([np.searchsorted(sample, candidates, side="right") for sample in pool.times], np.float64) * pool.each[:, None]
    enough = counts @ up_to >= (need - 1e-9 * np.maximum(need, 1.0))[:, None]
    first: Ints = np.where(enough[:, -1], enough.argmax(axis=1), -1)
    return first
