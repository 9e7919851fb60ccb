"""Families: of many alternatives looked at together, which are not surely beaten, and what choosing one costs at most.

With k alternatives, D_ij is how much worse i is than j, on the log scale of positive figures, s_ij the standard deviation of
z_i − z_j over replications, and w_ij = t(1 − .05/(k − 1), n − 1) · s_ij / √n (paired Bonferroni: Clark & Yang 1986; it needs no
sphericity, which common luck breaks). Not surely beaten: G = {i: D_ij ≤ w_ij for all j}. Choosing i costs at most U_i = max(0,
max_j(D_ij + w_ij)). Both are one event, which happens at least 95 times in 100.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vssim.catalogue import Direction
from vssim.statistics.estimates import CONFIDENCE
from vssim.statistics.influence import Statistic
from vssim.statistics.intervals import FURTHEST
from vssim.statistics.pool import Reals


@dataclass(frozen=True, eq=False)
class Family:
    """What can be said of all alternatives at once."""

    names: tuple[str, ...]
    """those that have a figure"""
    unbeaten: tuple[str, ...]
    """those that no other surely beats, in order"""
    costs_at_most: Mapping[str, float]
    """by alternative: how much worse than the best it is at most, as a share where figures are positive, else in the unit"""
    relative: bool
    """whether the costs are shares"""
    sure: bool
    """False where there are too few replications to exclude any alternative"""


def family(figures: Mapping[str, Statistic], direction: Direction, allowed: float = 1 - CONFIDENCE) -> Family | None:
    """The alternatives with their figures over the same replications; None where fewer than two of them have one."""
    known = {name: figure for name, figure in figures.items() if figure.value is not None}
    if len(known) < 2:
        return None
    worse, width, relative = apart(known, direction, allowed)
    names = tuple(known)
    others = ~np.eye(len(names), dtype=bool)
    good = [bool((worse[i] <= width[i])[others[i]].all()) for i in range(len(names))]
    costs = [max(0.0, float((worse[i] + width[i])[others[i]].max())) for i in range(len(names))]
    if relative:
        costs = [math.expm1(cost) if cost < FURTHEST else math.inf for cost in costs]
    said = dict(zip(names, costs, strict=True))
    unbeaten = tuple(name for name, there in zip(names, good, strict=True) if there)
    return Family(names, unbeaten, said, relative, bool(np.isfinite(width).all()))


def apart(figures: Mapping[str, Statistic], direction: Direction, allowed: float) -> tuple[Reals, Reals, bool]:
    """(k, k) How much worse each is than each other, how far two have to be apart to be surely so, and whether on the log scale."""
    relative = all((figure.value or 0.0) > 0 and figure.positive for figure in figures.values())
    sign = 1.0 if direction == "down" else -1.0
    level = np.array([math.log(value.value or 1.0) if relative else (value.value or 0.0) for value in figures.values()]) * sign
    influence = np.array([value.influence / (value.value if relative and value.value else 1.0) for value in figures.values()])
    return level[:, None] - level[None, :], widths(influence, allowed), relative


def widths(influence: Reals, allowed: float) -> Reals:
    """(k, k) How far each two of k alternatives have to be apart to be surely so; `influence` is (k, n)."""
    from vssim.special import stdtrit

    k, n = influence.shape
    if n < 2:
        return np.full((k, k), np.inf)
    t = float(stdtrit(n - 1, 1 - allowed / max(k - 1, 1)))
    # the variance of a difference by sums of products: a table (k, k, n) of differences would not fit for large sweeps
    centred = influence - influence.mean(axis=1, keepdims=True)
    products = centred @ centred.T / (n - 1)
    variances = np.maximum(np.diag(products)[:, None] + np.diag(products)[None, :] - 2 * products, 0.0)
    half_widths: Reals = t * np.sqrt(variances / n)
    return half_widths
