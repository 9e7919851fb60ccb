"""Hands-on days of items that somebody remembers, and the played items that are held against them.

What an item's days in columns of work were without waiting follows from the departures there (`worked`). Hands-on days beside
those tell how much of people's time meetings take, whereas beside all days they tell of the queue too. They are held against
these days twice: as they were, and as they would have been at the usual pace, since the remembered items were all worked on in
the same good or bad time. Of 4 × 1,000 runs in the last box of a fit, this tells .50 of the variance of the share of meetings;
with c / (k + 1) of the days of whoever found k others before him, as it was before, .22.

Remembered items were finished within some weeks of each other, at the same pace, while a run passes through many good and bad
months. So they are held against a stretch of as many deliveries in which items took most nearly as long. Held against items of
all times, from the empty board on, the largest share came out 12 % too large with the true figures of 75 teams (3.9 standard
errors), so that meetings were thought longer and work shorter than they were; by stretches it is level, and varies between teams
as it does between runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow
from vssim.learning.worked import Worked

SHORTEST = 0.1
"""In columns of work an item counts as if it had been there so long at least [days]."""

FEWEST = 20
"""A stretch has at least so many deliveries, so that there are items of every length in it."""


def days_of(flow: Flow, worked: Mapping[int, Worked]) -> Reals:
    """Of each item's ended stays in places of work the days, those without waiting, and these at the usual pace; (items, 3)."""
    days = np.zeros((len(flow.start), 3))
    for stays in worked.values():
        spent = np.where(stays.left < np.inf, stays.left, stays.entered) - stays.entered
        for number, weights in enumerate((spent, stays.days, stays.at_usual_pace)):
            days[:, number] += np.bincount(stays.item, weights, len(days))
    return days


def stretch(flow: Flow, remembered: Reals) -> int:
    """How many items were delivered from the first remembered one, (items, 5), to the last."""
    times = remembered[:, -1]
    return int(((flow.done >= times.min(initial=np.inf)) & (flow.done <= times.max(initial=-np.inf))).sum())


def hands_on(flow: Flow, worked: Mapping[int, Worked], measured: float, remembered: Reals, deliveries: int) -> Reals:
    """Of a played flow, measured from then on, what `of_remembered` says of the records. `deliveries`: in a stretch."""
    done = np.flatnonzero((flow.done > measured) & (flow.hands > 0))
    if not len(done):
        return np.zeros_like(of_remembered(remembered))
    done = done[np.argsort(flow.done[done], kind="stable")]
    days = days_of(flow, worked)[done]
    rows = _alike(days[:, :2], remembered[:, 1:3], deliveries)
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
    """Hands-on days (column 0) beside days without waiting (2) and these at the usual pace (3): logs of shares and largest shares.

    Who was worked on at the best pace tells most of how much time meetings take.
    """
    hands, days = items[:, 0], _counted(items[:, 2:4])
    shares = np.concatenate([hands.sum() / days.sum(axis=0), (hands[:, None] / days).max(axis=0)])
    return np.asarray(np.log(np.maximum(shares, 1e-3)), np.float64)
