"""How a run ends: where demand is finite, averages and rates end with the last departure, not with an empty stream."""

from __future__ import annotations

import numpy as np

from vssim.clock import NOT_YET, TICKS
from vssim.log import Ended, Log, Origin

NEAR = 0.1
"""A gate that opened less than this share of its interval before the end has just emptied the stream."""


def last_done(log: Log) -> float | None:
    """When the last item left [units of time]; None where demand goes on, or something is still there or to come."""
    left = log.items.left
    if not log.terms.finite or not len(left) or not _is_over(log):
        return None
    return log.time(int(left.max()))


def measured_to(log: Log) -> int:
    """The end of what is measured of a run [ticks]."""
    return int(log.items.left.max()) if last_done(log) is not None else log.horizon


def usual_interval(log: Log, end: int) -> int | None:
    """The interval of the slowest gate that opened at `end` [ticks], or less than a tenth of its interval before [ticks].

    Behind such a gate hardly anything is left at the end: one moment later or earlier there would be much more.
    """
    moment = log.time(end)
    spans = [every for every, offset in log.terms.gates if (moment - offset) % every < NEAR * every and every <= moment]
    return round(max(spans) * TICKS) if spans else None


def _is_over(log: Log) -> bool:
    """Whether everything that will ever arrive has arrived and left."""
    items = log.items
    if ((items.arrived != NOT_YET) & (items.left == NOT_YET)).any() or _to_come(log):
        return False
    outside = np.bincount(items.type[(items.origin == Origin.DEMAND) & (items.arrived != NOT_YET)], minlength=len(log.types))
    return all(outside[log.types.index(kind)] >= count for kind, count in log.terms.expected if kind in log.types)


def _to_come(log: Log) -> bool:
    """Whether a successor of something delivered (a defect, a new version) is still to arrive."""
    items = log.items
    waiting = np.flatnonzero((items.follows >= 0) & (items.arrived == NOT_YET))
    cause = items.follows[waiting]
    return bool((items.ended[cause] == Ended.DELIVERED).any())
