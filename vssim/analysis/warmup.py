"""Automatic warm-up: when the number of items in progress has forgotten that the stream began empty.

MSER-5 (White 1997, *An effective truncation heuristic for bias reduction in simulation output*): cut so much of the start that
the standard error of what is left, in batches of 5 observations, is as small as can be. At most half is cut; a stream that
has not settled by then will not look settled further on, and its growth is reported instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from vssim.analysis.breakdown import pulled
from vssim.analysis.window import Window
from vssim.clock import Ints, Reals
from vssim.log import Log

OBSERVATIONS = 500
"""Into so many equal spans a run is cut; the mean number of items in each is one observation."""

BATCH = 5


def course(log: Log) -> list[float]:
    """Mean number of items in the system in each of `OBSERVATIONS` equal spans of the run.

    What is there at time 0 counts from when it is pulled: a backlog to work off is no state that a stream settles in.
    """
    begin = np.where(log.items.arrived == 0, pulled(log), log.items.arrived)
    whole = Window(0, log.horizon)
    first, last = whole.clip(begin, log.items.left)
    edges = np.linspace(0, log.horizon, OBSERVATIONS + 1)
    so_far = _spent_before(edges, last) - _spent_before(edges, first)
    found: list[float] = (-np.diff(so_far) / np.diff(edges)).tolist() if log.horizon else [0.0] * OBSERVATIONS
    return found


def settle(courses: Iterable[Sequence[Sequence[float]]], horizon: float) -> float:
    """The warm-up of runs up to `horizon` [units of time]: by when every variant has settled.

    `courses`: by variant, the courses of its replications; their mean is looked at.
    """
    cuts = [cut(np.mean(np.array(variant, np.float64), axis=0)) for variant in courses]
    return max(cuts, default=0) / OBSERVATIONS * horizon


def cut(series: Reals) -> int:
    """How many of the first observations MSER-5 leaves out."""
    count = len(series) // BATCH
    if count < 2:
        return 0
    batches = series[: count * BATCH].reshape(-1, BATCH).mean(axis=1)
    batches -= batches[-1]
    left = np.arange(count, 0, -1)
    sums, squares = np.cumsum(batches[::-1])[::-1], np.cumsum(batches[::-1] ** 2)[::-1]
    spread = np.maximum(squares - sums**2 / left, 0.0)
    errors = (spread / left**2)[: count // 2 + 1]
    return int(np.argmin(errors)) * BATCH


def _spent_before(edges: Reals, moments: Ints) -> Reals:
    """Σ max(moment − edge, 0) at each edge: the time that moments lie after it."""
    ordered = np.sort(moments).astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    place = np.searchsorted(ordered, edges)
    later: Reals = (sums[-1] - sums[place]) - (len(ordered) - place) * edges
    return later
