"""A team's cadence, as its deliveries show it: sprints end, and much is closed on that day.

Deliveries are summed by the day of a cycle of 10, 15 or 20 working days. Where these sums differ more than chance allows (χ²
against equal sums, in units of their variance), and more than weekdays alone differ, that cycle is the cadence.
"""

from __future__ import annotations

import numpy as np

from vssim.clock import Ints, Reals

CADENCES = (10, 15, 20)
"""The cadences that are looked for: two, three and four weeks [working days]; a single week is drawn as a block anyway."""

SURE = 0.001
"""A cadence counts as seen where chance alone would show as much with at most this probability."""

CIRCLES = 5
"""A cadence must have been repeated this many times in the past."""


def cadence(daily: Ints, week: int = 5) -> int:
    """A team's cadence [working days]; `week` where no longer cadence is seen.

    `daily`: deliveries on each working day, the last one last.
    """
    from vssim.special import chdtrc

    best, least = week, SURE
    for weeks in (days // 5 for days in CADENCES):
        length = weeks * week
        count = len(daily) // length
        if count < CIRCLES:
            break
        circles = daily[len(daily) - count * length :].reshape(count, weeks, week).astype(np.float64)
        excess, freedom = _beyond_the_week(circles)
        chance = float(chdtrc(freedom, excess))
        if chance < least:
            best, least = length, chance
    return best


def _beyond_the_week(circles: Reals) -> tuple[float, int]:
    """How much the days of the cadence differ beyond the differences between weekdays: χ², degrees of freedom.

    `circles`: deliveries, shape (circles, weeks of one, days of a week).
    """
    count, weeks, days = circles.shape
    mean = circles.mean(axis=0)
    expected = mean.mean(axis=0)
    spread = np.maximum(circles.var(axis=0, ddof=1).mean(axis=0), expected)
    terms = np.where(spread > 0, count * (mean - expected) ** 2 / np.where(spread > 0, spread, 1.0), 0.0)
    return float(terms.sum()), (weeks - 1) * days
