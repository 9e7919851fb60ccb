"""Changes of regime: deliveries before such a change say little about those after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints
from vssim.tracker.stability import SEGMENT, change_point

NEVER_RARE = 2.5
"""Differences of means below this many standard errors are never significant, so that no permutation is needed."""


@dataclass(frozen=True)
class Regime:
    """A change of the number of items delivered."""

    first: int
    """the first day after the change, counted from the first day of the past"""
    before: float
    after: float
    """the mean before and after [items a week]"""


def regime(daily: Ints, week: int) -> Regime | None:
    """The last change of weekly deliveries; None where chance explains all differences.

    The weeks after a change are searched again until no further change shows. At least eight weeks remain after the last one.
    """
    weeks = len(daily) // week
    rest = len(daily) - weeks * week
    sums: Ints = daily[rest:].reshape(weeks, week).sum(axis=1)
    changed, first = None, 0
    while largest_difference(sums[first:]) >= NEVER_RARE and (seen := change_point(sums[first:])) is not None:
        first += seen.week
        changed = Regime(rest + first * week, seen.before, seen.after)
    return changed


def largest_difference(sums: Ints) -> float:
    """The largest difference between the means before and after any week, in standard errors; 0 where there are too few weeks."""
    count = len(sums)
    if count < 2 * SEGMENT:
        return 0.0
    cuts = np.arange(SEGMENT, count - SEGMENT + 1)
    totals, squares = np.cumsum(sums), float((sums.astype(np.float64) ** 2).sum())
    before, after = totals[cuts - 1] / cuts, (totals[-1] - totals[cuts - 1]) / (count - cuts)
    within = np.maximum(squares - cuts * before**2 - (count - cuts) * after**2, 1e-12)
    return float((np.abs(before - after) / np.sqrt(within / (count - 2) * (1 / cuts + 1 / (count - cuts)))).max())
