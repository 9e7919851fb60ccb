"""Statistics: a figure over all replications, with what each replication adds to it.

With N_i items in replication i, N̄ their mean and n replications:

- a mean over items m = ΣΣ x / ΣN has z_i = (Σ_j x_ij − m N_i) / N̄, a share likewise;
- a time average or a rate has z_i = y_i − ȳ;
- a smooth function of such figures has the same function's derivatives times their z (standard deviation, spread).

z sums to 0; the standard error of the figure is sd(z) / √n. A replication without items has z_i = 0, and counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vssim.statistics.pool import Ints, Reals

Nature = Literal["mean", "share", "percentile"]
"""What decides about the interval: Hall's for means and rates, Student's t for shares and percentiles."""

Again = Callable[[Ints], Reals]
"""Works out the figure again with each replication taken so many times: (draws, n) -> (draws,); NaN where undefined."""


@dataclass(frozen=True, eq=False)
class Statistic:
    """A figure over all replications."""

    value: float | None
    """None where nothing is there to measure"""
    influence: Reals
    """(n,) how far each replication pulls it, summing to 0 [unit of the figure]"""
    again: Again
    nature: Nature = "mean"
    thin: bool = False
    """few items a replication are beyond it: its interval is found by resampling"""
    fixed: bool = False
    """a percentile that cannot move: so many items share that very time"""
    exact: bool = False
    """a percentile without luck: two replications or more, and the items of each took the very same times"""
    positive: bool = True
    """it cannot be below 0"""
    far_out: bool = False
    """a percentile beyond 9 of 10 items"""
    share: float | None = None
    """of a percentile: the share of all items that took at most so long"""
    by_run: Reals | None = None
    """(n,) the figure of each replication alone, NaN where undefined; None where there is no such thing"""

    @property
    def n(self) -> int:
        """How many replications the figure rests on."""
        return len(self.influence) if self.value is not None else 0

    @property
    def error(self) -> float:
        """Its standard deviation over replications: sd(z); 0 from a single one."""
        return standard_deviation(self.influence)

    @property
    def as_if_by_run(self) -> Reals:
        """(n,) Values by replication with the figure as their mean and its influence as their spread, for sums run by run."""
        return np.full(len(self.influence), np.nan) if self.value is None else self.value + self.influence


def grouped(statistic: Statistic, size: int) -> Statistic:
    """The figure with each group of `size` replications counted as one.

    Replications of one world share what is not known, so that an interval has to count worlds, not runs.
    """
    count = len(statistic.influence) // size
    if size == 1 or statistic.value is None or count == 0:
        return statistic
    by_run = statistic.by_run

    def again(taken: Ints) -> Reals:
        every = np.repeat(taken, size, axis=1)
        return statistic.again(np.pad(every, ((0, 0), (0, len(statistic.influence) - every.shape[1]))))

    return replace(
        statistic,
        influence=statistic.influence[: count * size].reshape(count, size).mean(axis=1),
        again=again,
        by_run=None if by_run is None else by_run[: count * size].reshape(count, size).mean(axis=1),
    )


def standard_deviation(values: Reals) -> float:
    """Standard deviation (n − 1); 0 from a single value, and exactly 0 when all are equal."""
    return float(np.std(values, ddof=1)) if len(values) > 1 and bool((values != values[0]).any()) else 0.0


def nothing(n: int, nature: Nature = "mean") -> Statistic:
    """A figure that none of n replications could measure."""
    return Statistic(None, np.zeros(n), lambda counts: np.full(len(counts), np.nan), nature)


def average(values: Sequence[float | None] | Reals, *, positive: bool = True, nature: Nature = "mean") -> Statistic:
    """The mean of one value a replication, all of them defined."""
    column = np.array([np.nan if value is None else value for value in values], np.float64)
    if not len(column) or np.isnan(column).any():
        return nothing(len(column), nature)
    equal = bool((column == column[0]).all())
    mean = float(column[0]) if equal else math.fsum(column.tolist()) / len(column)
    influence = np.zeros(len(column)) if equal else column - mean

    def again(counts: Ints) -> Reals:
        means: Reals = counts @ column / counts.sum(axis=1)
        return means

    return Statistic(mean, influence, again, nature, positive=positive, by_run=column)


def pooled_mean(values: Sequence[float | None] | Reals, weights: Sequence[float] | Reals, nature: Nature = "mean") -> Statistic:
    """The mean over all items: `values` are the means of the replications, `weights` how many items (or what sum) they are of.

    Of a ratio of two sums, `values` are the replications' ratios and `weights` their denominators.
    """
    column = np.array([np.nan if value is None else value for value in values], np.float64)
    weight = np.where(np.isnan(column), 0.0, np.asarray(weights, np.float64))
    total = math.fsum(weight.tolist())
    if not total > 0:
        return nothing(len(column), nature)
    known = np.where(weight > 0, column, 0.0)
    used = column[weight > 0]
    equal = bool((used == used[0]).all())
    mean = float(used[0]) if equal else math.fsum((known * weight).tolist()) / total
    influence = np.zeros(len(column)) if equal else weight * (known - mean) / (total / len(column))

    def again(counts: Ints) -> Reals:
        with np.errstate(divide="ignore", invalid="ignore"):
            means: Reals = counts @ (known * weight) / (counts @ weight)
        return means

    thin = nature == "share" and min(mean, 1 - mean) * total / len(column) < THIN
    return Statistic(mean, influence, again, nature, thin, by_run=column)


THIN = 20.0
"""Items a replication in the rarer tail, below which intervals are found by resampling."""


def deviation(means: Statistic, squares: Statistic) -> Statistic:
    """The standard deviation over all items, from their mean and that of their squares."""
    if means.value is None or squares.value is None:
        return nothing(len(means.influence))
    mean, variance = means.value, max(squares.value - means.value**2, 0.0)
    root = math.sqrt(variance)
    influence = (squares.influence - 2 * mean * means.influence) / (2 * root) if root > 0 else np.zeros(len(means.influence))

    def again(counts: Ints) -> Reals:
        deviations: Reals = np.sqrt(np.maximum(squares.again(counts) - means.again(counts) ** 2, 0.0))
        return deviations

    return Statistic(root, influence, again)


def variation(means: Statistic, deviations: Statistic) -> Statistic:
    """The coefficient of variation over all items."""
    if means.value is None or deviations.value is None or means.value == 0:
        return nothing(len(means.influence))
    ratio = deviations.value / means.value
    influence = (deviations.influence - ratio * means.influence) / means.value

    def again(counts: Ints) -> Reals:
        with np.errstate(divide="ignore", invalid="ignore"):
            variations: Reals = deviations.again(counts) / means.again(counts)
        return variations

    return Statistic(ratio, influence, again)


def spread(high: Statistic, low: Statistic) -> Statistic:
    """How far two percentiles are apart."""
    apart = combined([(1.0, high), (-1.0, low)])
    runs = None if high.by_run is None or low.by_run is None else high.by_run - low.by_run
    return replace(apart, positive=True, far_out=high.far_out, by_run=runs)


def combined(parts: Sequence[tuple[float, Statistic]], constant: float = 0.0) -> Statistic:
    """A sum of figures of the same replications, each times a factor, and a constant."""
    n = len(parts[0][1].influence)
    natures = {part.nature for _, part in parts}
    nature: Nature = "percentile" if "percentile" in natures else "share" if "share" in natures else "mean"
    if any(part.value is None for _, part in parts):
        return nothing(n, nature)
    value = math.fsum([constant, *(factor * (part.value or 0.0) for factor, part in parts)])
    influence: Reals = np.sum([factor * part.influence for factor, part in parts], axis=0)

    def again(counts: Ints) -> Reals:
        sums: Reals = constant + np.sum([factor * part.again(counts) for factor, part in parts], axis=0)
        return sums

    thin, fixed = any(part.thin for _, part in parts), all(part.fixed for _, part in parts)
    exact = all(part.exact for _, part in parts)
    far_out = any(part.far_out for _, part in parts)
    return Statistic(value, influence, again, nature, thin, fixed, exact, False, far_out)
