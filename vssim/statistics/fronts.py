"""Fronts: of many alternatives with two figures each, which no other surely beats in one without being surely worse in the other.

Alternative i is off the front when some j surely beats it in one figure, and in the other is surely not worse by more than 1 %.
Each figure has half of the error (paired Bonferroni within it, as in families). With fewer than 20 replications nobody is struck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from vssim.catalogue import Direction
from vssim.statistics.families import apart
from vssim.statistics.influence import Statistic

NOT_WORSE = 0.01
"""What is at most so much worse is not worse."""

FEWEST = 20
"""Below so many replications no alternative is excluded."""

MOST = 2_000
"""The most alternatives that are compared; a table of every pair of more would be too large."""


def unbeaten(
    first: Mapping[str, Statistic], second: Mapping[str, Statistic], directions: tuple[Direction, Direction]
) -> tuple[str, ...] | None:
    """The alternatives that are not surely off the front; None where there are too many, or none with both figures."""
    names = [
        name for name, figure in first.items() if figure.value is not None and name in second and second[name].value is not None
    ]
    if not names or len(names) > MOST:
        return None
    count = min(len(first[name].influence) for name in names)
    if len(names) == 1 or count < FEWEST:
        return tuple(names)
    tables = []
    for figures, direction in zip((first, second), directions, strict=True):
        worse, width, relative = apart({name: figures[name] for name in names}, direction, 0.05 / 2)
        scale = max((abs(figures[name].value or 0.0) for name in names), default=1.0)
        tables.append((worse, width, math.log1p(NOT_WORSE) if relative else NOT_WORSE * scale))
    off = np.zeros(len(names), bool)
    for beaten, other in (tables, tables[::-1]):
        surely = beaten[0] > beaten[1]
        not_worse = -other[0] + other[1] <= other[2]  # how much worse j is than i, at most
        off |= (surely & not_worse).any(axis=1)
    return tuple(name for name, gone in zip(names, off, strict=True) if not gone)
