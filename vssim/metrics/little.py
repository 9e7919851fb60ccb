"""Little's law on one run: the time that items were there, counted once along the clock and once along the items."""

from __future__ import annotations

import numpy as np

from vssim.clock import NOT_YET
from vssim.log import Log
from vssim.metrics.window import Window


def littles_law(log: Log, *, warmup: float = 0.0) -> tuple[int, int]:
    """The integral over the window of the number of items in the system, and the sum of their times in it [ticks].

    The first sweeps over events in the order of time, the second adds up items; they are equal, to the tick, on any finite
    run. An item is in the system from its arrival until it is delivered or stopped.
    """
    window = Window.of(log, warmup)
    arrived, left = log.items.arrived, log.items.left
    moments = np.concatenate([arrived[arrived != NOT_YET], left[left != NOT_YET]])
    steps = np.ones(len(moments), np.int64)
    steps[np.count_nonzero(arrived != NOT_YET) :] = -1
    order = np.argsort(moments, kind="stable")
    inside = np.concatenate([np.zeros(1, np.int64), np.cumsum(steps[order])])
    first, last = window.start, window.start + window.span
    edges = np.clip(np.concatenate([[first], moments[order], [last]]), first, last)
    return int((inside * np.diff(edges)).sum()), int(window.overlap(arrived, left).sum())
