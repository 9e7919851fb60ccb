"""Choosing: which of many settings is best, which cannot be told apart from it, and more replications where they decide.

All pairs are compared under the same luck (paired Bonferroni: `vssim.statistics.families`). Of those that are not surely beaten
the replications are doubled, until one is left, or choosing the best costs at most 1 %, or as many runs again were played as the
settings took before. Every look has its share of the error, so that the best is struck at most 5 times in 100.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vssim.analysis.sweep.points import Point
from vssim.catalogue import Direction
from vssim.statistics import Family, family

FEWEST = 20
"""Replications (worlds, where something is not known) before anybody is struck."""

LOOKS = 5
"""Looks at most, each with its share of the error."""

LEAST_RUNS = 200
"""Runs that may be added however few were played."""

CHEAP = 0.01
"""What choosing may cost without more being played."""

MOST_NAMED = 50
"""Of more settings that cannot be told apart only the number is told."""


@dataclass(frozen=True)
class Choice:
    """What can be said of the settings that were looked at together."""

    unbeaten: tuple[Point, ...]
    """those that no other surely beats, the best mean first"""
    costs_at_most: float | None
    """how much worse than the best the first of them is at most: a share, or in the metric's unit; None where nobody can say"""
    relative: bool
    """whether that is a share"""
    replications: int
    """of those that are not surely beaten"""
    best_in: tuple[float, ...] = ()
    """by setting that is not surely beaten: the share of worlds in which it is the best of them; () where all is known"""

    @property
    def is_settled(self) -> bool:
        """Whether one setting is surely the best of those that were looked at."""
        return len(self.unbeaten) == 1


Again = Callable[[Sequence[Point], int], Sequence[Point]]
"""Plays some settings so many times and returns them in the same order."""


def choose(
    points: Sequence[Point], metric: str, direction: Direction, again: Again | None = None, *, each: int = 1, budget: int = 0
) -> Choice | None:
    """The choice among `points`, which have all been played alike; None where no two have the metric.

    With `again`, those that are not surely beaten are played more often, with `budget` runs at most; `each` replications share
    a world.
    """
    there = [point for point in points if point[metric].mean is not None]
    if len(there) < 2:
        return None
    left = max(budget, LEAST_RUNS)
    share = 0.05 / LOOKS
    for _ in range(LOOKS):
        told = _family(there, metric, direction, share)
        if told is None:
            return None
        if there[0].replications // each >= FEWEST:
            there = [point for number, point in enumerate(there) if str(number) in told.unbeaten]
        count = max(2 * there[0].replications, FEWEST * each)
        runs = len(there) * (count - there[0].replications)
        if len(there) < 2 or again is None or runs > left or _cheap(told):
            break
        left -= runs
        there = list(again(there, count))
    return _choice(there, metric, direction, share, each)


def _choice(there: Sequence[Point], metric: str, direction: Direction, share: float, each: int) -> Choice:
    sign = 1.0 if direction == "down" else -1.0
    ordered = sorted(there, key=lambda point: sign * (point[metric].mean or 0.0))
    told = _family(ordered, metric, direction, share) if len(ordered) > 1 else None
    cost = None if told is None or not np.isfinite(told.costs_at_most["0"]) else told.costs_at_most["0"]
    best_in = _best_in(ordered, metric, sign) if each > 1 and len(ordered) > 1 else ()
    return Choice(tuple(ordered), 0.0 if len(ordered) == 1 else cost, told is None or told.relative, there[0].replications, best_in)


def _family(points: Sequence[Point], metric: str, direction: Direction, share: float) -> Family | None:
    count = min(point.replications for point in points)
    return family(
        {str(number): point.pooled.first(count).statistic(metric) for number, point in enumerate(points)}, direction, share
    )


def _cheap(told: Family) -> bool:
    return told.relative and min(told.costs_at_most.values()) <= CHEAP


def _best_in(points: Sequence[Point], metric: str, sign: float) -> tuple[float, ...]:
    """By setting, the share of worlds in which it is the best of these; a world in which one has no figure is left out."""
    columns = [point.statistic(metric).by_run for point in points]
    if any(column is None for column in columns):
        return ()
    table = np.array(columns)
    known = table[:, ~np.isnan(table).any(axis=0)]
    if not known.shape[1]:
        return ()
    first = np.argmin(sign * known, axis=0)
    return tuple(float((first == number).mean()) for number in range(len(points)))
