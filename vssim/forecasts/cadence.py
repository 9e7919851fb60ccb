"""A team's cadence, as its deliveries show it: sprints end, and much is closed on that day.

Deliveries are laid on a circle of so many days; where the days of the circle differ more than chance lets them (χ² of the sums by
day of the circle against equal ones, in units of what they vary by), and more than a week's days already do, that is the cadence.
"""

from __future__ import annotations

import numpy as np

from vssim.clock import Ints, Reals

CADENCES = (10, 15, 20)
"""Two, three, four weeks [working days]; a week is drawn together anyway."""

SURE = 0.001
"""How rarely chance alone may look like this much of a cadence."""

CIRCLES = 5
"""A cadence has to be seen so many times over."""


def cadence(daily: Ints, week: int = 5) -> int:
    """After how many working days a team's deliveries come round; `week` where no longer cadence is seen.

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
    """How much days of the circle differ beyond what the same weekdays of all weeks do: χ², degrees of freedom.

    `circles`: deliveries, shape (circles, weeks of one, days of a week).
    """
    count, weeks, days = circles.shape
    mean = circles.mean(axis=0)
    expected = mean.mean(axis=0)
    spread = np.maximum(circles.var(axis=0, ddof=1).mean(axis=0), expected)
    terms = np.where(spread > 0, count * (mean - expected) ** 2 / np.where(spread > 0, spread, 1.0), 0.0)
    return float(terms.sum()), (weeks - 1) * days
