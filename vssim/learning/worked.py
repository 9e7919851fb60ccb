"""The time in columns without waiting: when work on an item began, as departures tell where c people take one item after another.

Where c people work at a column, each on one item, first come first served, an item is begun when it enters, or else as soon as
fewer than c of those that entered before it are still there: so it is on the path of every run (Kiefer & Wolfowitz 1955). Its
days from then on are its work by itself, at the pace of that time and beside meetings. From them follow how busy people are, how
work differs, and how the pace drifts, which all days in a column tell only through the queue: of 4 × 1,000 runs in the last box
of a fit, these figures explain .76 of the variance of drift (without them .58), .80 of the time in a handoff (.67), .90 of how
work varies at a step with a short queue (.72). Where people work in another order, or on several items at once, they are figures
like others, the same of records and of played flows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heappushpop

import numpy as np

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow

PERIOD = 20.0
"""Better and worse times are told by such stretches, and the pace of a time by as many days before and after [working days]."""

FEWEST = 5
"""Fewer items tell no mean; the pace of a time is told as if so many more had been worked on at the usual one."""

LEAST = 0.05
"""Less than this is the same [working days]: the log of less would tell how a tracker rounds."""

FIGURES = 6
"""The number of figures that stays tell."""


@dataclass(frozen=True, eq=False)
class Worked:
    """The stays in one place, in the order of their entries."""

    people: int
    """who work there; 0 where nobody says"""
    item: Ints
    """their rows among the items; (stays,)"""
    entered: Reals
    """[working days]; (stays,)"""
    begun: Reals
    """the begin of work; infinite where it has not begun [working days]; (stays,)"""
    left: Reals
    """infinite where they are still there [working days]; (stays,)"""
    days: Reals
    """from the begin of work on; 0 where they are still there; (stays,)"""

    @cached_property
    def logs(self) -> Reals:
        """The logs of the days: in them a single large item, as long tails have, does not outweigh all others; (stays,)."""
        return np.asarray(np.log(np.maximum(self.days, LEAST)))

    def figures(self, begin: float, end: float) -> Reals:
        """What the stays tell that ended between two times: (6,), zeros where they are too few.

        The busy share of people's time; mean and standard deviation of the logs of days without waiting; how much longer they are
        where an item did not wait, which is handoffs; how much the means of periods differ, and each period's from the next one's.
        """
        ended = (self.left > begin) & (self.left <= end)
        logs = self.logs[ended]
        figures = np.zeros(FIGURES)
        if len(logs) < FEWEST:
            return figures
        inside = np.minimum(self.left, end) - np.maximum(np.minimum(self.begun, end), begin)
        figures[:3] = np.maximum(inside, 0.0).sum() / (max(self.people, 1) * (end - begin)), logs.mean(), logs.std()
        at_once = (self.begun <= self.entered)[ended]
        if FEWEST <= at_once.sum() <= len(logs) - FEWEST:
            figures[3] = logs[at_once].mean() - logs[~at_once].mean()
        figures[4:] = _by_period(((self.left[ended] - begin) // PERIOD).astype(np.int64), logs)
        return figures

    @property
    def at_usual_pace(self) -> Reals:
        """The days as they would have been at the usual pace: those of items that left at about that time tell it; (stays,)."""
        gone = self.left < np.inf
        if not gone.any():
            return self.days
        order = np.argsort(self.left, kind="stable")[: int(gone.sum())]
        left, sums = self.left[order], np.append(0.0, np.cumsum(self.logs[order]))
        usual = float(sums[-1]) / len(left)
        when = np.where(gone, self.left, 0.0)
        first, last = np.searchsorted(left, when - PERIOD), np.searchsorted(left, when + PERIOD, side="right")
        slower = (sums[last] - sums[first] - (last - first) * usual) / (last - first + FEWEST)
        at_usual_pace: Reals = self.days * np.exp(-slower)
        return at_usual_pace


def _by_period(period: Ints, logs: Reals) -> tuple[float, float]:
    """How much the means of periods differ, and the like of each with the next, in the same unit."""
    counts, sums = np.bincount(period), np.bincount(period, logs)
    told = counts >= FEWEST
    means = sums[told] / counts[told]
    if len(means) < 3:
        return 0.0, 0.0
    centred = means - means.mean()
    together = float((centred[1:] * centred[:-1]).mean())
    return float(means.std()), float(np.sign(together) * np.sqrt(abs(together)))


def worked(flow: Flow, people: Mapping[int, int]) -> dict[int, Worked]:
    """The stays in each place of work. `people`: by place how many work there; with 0, work begins with the entry."""
    return {place: _worked(flow, place, count) for place, count in people.items()}


def _worked(flow: Flow, place: int, people: int) -> Worked:
    rows = np.flatnonzero(flow.place == place)
    left = np.where(np.isnan(flow.left), np.inf, flow.left)[rows]
    order = np.lexsort((left, flow.entered[rows]))
    item, left, entered = flow.item[rows][order], left[order], flow.entered[rows][order]
    begun = entered
    if people and len(left):
        latest = [-np.inf] * people  # the latest departures so far, the first of them in front: then somebody is free
        free = np.empty(len(left))
        for number, out in enumerate(left.tolist()):
            free[number] = latest[0]
            heappushpop(latest, out)
        # Who leaves before all those before him let him begin was taken out of turn, for all we know as soon as he came. Without
        # this, forgotten items that stay for years would take up everybody, and nothing behind them had ever been begun.
        begun = np.where((free > left) & (left < np.inf), entered, np.maximum(entered, free))
    gone = left < np.inf
    days = np.where(gone, np.where(gone, left, 0.0) - np.where(gone, begun, 0.0), 0.0)
    return Worked(people, item, entered, begun, left, days)
