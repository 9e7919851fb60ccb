"""Hands-on days of items that somebody remembers, and the played items that are held against them.

What an item's days in columns of work were without waiting is told by the queue that it met: where c people work first come, first
served, and k items are in the column before it, its work takes c / (k + 1) of its days there, or all of them if that is more. So
hands-on days beside those days tell how much of people's time meetings take, whereas beside all days they tell of the queue too:
held against 37 teams with known figures, a tenth more of time in meetings is told from noise two and a half times as well (median
of squared distances in standard deviations: 1.65, it was 0.63).

Remembered items were finished within some weeks of each other, at the same pace, while a run passes through many good and bad
months. So they are held against a stretch of as many deliveries in which items took most nearly as long. Held against items of all
times, from the empty board on, the largest share came out 12 % too large with the true figures of 75 teams (3.9 standard errors),
so that meetings were thought longer and work shorter than they were; by stretches it is level, and varies between teams as it does
between runs.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow
from vssim.learning.shape import Shape

SHORTEST = 0.1
"""In columns of work an item counts as if it had been there so long at least [days]."""

FEWEST = 20
"""A stretch has at least so many deliveries, so that there are items of every length in it."""


def days_of(flow: Flow, shape: Shape) -> Reals:
    """Each item's days in columns of work, and those of them that were no waiting, over stays that have ended; (items, 2)."""
    days = np.zeros((len(flow.start), 2))
    for stage in shape.stages:
        if not stage.works or stage.column is None:
            continue
        here = flow.place == shape.places[stage.column]
        items, entered, left = flow.item[here], flow.entered[here], flow.left[here]
        ended = ~np.isnan(left)
        before = np.searchsorted(np.sort(entered), entered) - np.searchsorted(np.sort(left[ended]), entered, side="right")
        people = sum(crew.people for crew in shape.people_at(stage))
        worked = np.minimum(people / (before + 1), 1.0) if people else np.ones(len(items))
        spent = np.where(ended, left - entered, 0.0)
        for number, weights in enumerate((spent, spent * worked)):
            days[:, number] += np.bincount(items, weights, len(days))
    return days


def stretch(flow: Flow, remembered: Reals) -> int:
    """How many items were delivered from the first remembered one, (items, 4), to the last."""
    times = remembered[:, 3]
    return int(((flow.done >= times.min(initial=np.inf)) & (flow.done <= times.max(initial=-np.inf))).sum())


def hands_on(flow: Flow, shape: Shape, measured: float, remembered: Reals, deliveries: int) -> Reals:
    """Of a played flow, measured from then on, what `of_remembered` says of the records. `deliveries`: in a stretch."""
    done = np.flatnonzero((flow.done > measured) & (flow.hands > 0))
    if not len(done):
        return np.zeros_like(of_remembered(remembered))
    done = done[np.argsort(flow.done[done], kind="stable")]
    days = days_of(flow, shape)[done]
    rows = _alike(days, remembered[:, 1:3], deliveries)
    return of_remembered(np.column_stack([flow.hands[done], days])[rows])


def _alike(days: Reals, remembered: Reals, deliveries: int) -> Ints:
    """For each remembered row the nearest of `days`, (items, 2), all out of the stretch where they come nearest; (remembered,)."""
    length = min(max(deliveries, FEWEST), len(days))
    apart = np.abs(np.log(_counted(days))[None] - np.log(_counted(remembered))[:, None]).sum(axis=2)
    first = int(sliding_window_view(apart, length, axis=1).min(axis=2).sum(axis=0).argmin())
    return np.asarray(first + apart[:, first : first + length].argmin(axis=1), np.int64)


def _counted(days: Reals) -> Reals:
    return np.maximum(days, SHORTEST)


def of_remembered(items: Reals) -> Reals:
    """Of hands-on days beside days without waiting, in columns 0 and 2: the log of their share, and of the largest share.

    Who was worked on at the best pace tells most of how much time meetings take.
    """
    hands, days = items[:, 0], _counted(items[:, 2])
    shares = np.array([hands.sum() / days.sum(), (hands / days).max()])
    return np.asarray(np.log(np.maximum(shares, 1e-3)), np.float64)
