"""What the records show without playing: arrivals, routes through the steps, drops, blocks and cadences, with their uncertainty.

Probabilities have Beta(½ + hits, ½ + misses) posteriors (Jeffreys 1946). All returns of a step go to the step to which most of them
went.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow
from vssim.learning.history import History
from vssim.learning.shape import Shape, Stage
from vssim.tracker import times
from vssim.tracker.board import Board
from vssim.tracker.weekly import fano

FEWEST_RETURNS, FEWEST_BLOCKS, FEWEST_LEFT = 3, 10, 30
"""Returns, blocks and drops that occur less often than this are left out."""

FEW = 0.01
"""Drops at a step are left out below this share of its visits [1]."""

CADENCES = (1, 2, 3, 4)
"""The cadences that are looked for [weeks]."""

TOGETHER = 0.7
"""A step has a cadence where at least this share of its items leaves on the same day of it [1]."""


@dataclass(frozen=True)
class Arrivals:
    """The arrivals of the record, after its first part, which is not measured."""

    count: int
    days: float
    clumped: float
    """variance over mean of weekly arrivals [1]"""

    @property
    def every(self) -> float:
        """The mean time between two arrivals [working days]."""
        return self.days / max(self.count, 1)


@dataclass(frozen=True)
class Counted:
    """A count of cases and of those among them that were hits."""

    hits: int
    all: int

    @property
    def share(self) -> float:
        """The share of hits [1]."""
        return self.hits / max(self.all, 1)


@dataclass(frozen=True)
class Returns:
    """Items that went back from a step."""

    to: str
    counted: Counted


@dataclass(frozen=True)
class Blocks:
    """How often visits were blocked, and for how long."""

    counted: Counted
    days: float


@dataclass(frozen=True)
class Cadence:
    """A cadence with which items leave a step together."""

    every: float
    offset: float
    share: float
    """the share of items that left on that day of the cadence [1]"""


@dataclass(frozen=True)
class Spread:
    """The mean and coefficient of variation of times."""

    n: int
    mean: float
    cv: float


def arrivals(history: History) -> Arrivals:
    """The arrivals from the beginning of the measured time on."""
    came = history.flow.start[history.flow.start > history.measured]
    weeks = int((history.days - history.measured) // history.week)
    clumped = None
    if weeks >= 4:
        numbers = ((came - history.measured) // history.week).astype(np.int64)
        clumped = fano(np.bincount(numbers[numbers < weeks], minlength=weeks).astype(np.int64))
    return Arrivals(len(came), history.days - history.measured, max(clumped if clumped is not None else 1.0, 0.2))


def stage_numbers(shape: Shape) -> Ints:
    """The number of the step to which each place belongs; shape (places,)."""
    places = shape.places
    numbers = np.zeros(len(shape.place_names), np.int64)
    for number, stage in enumerate(shape.stages):
        for column in stage.columns:
            numbers[places[column]] = number
    return numbers


def skips(history: History, shape: Shape) -> dict[str, Counted]:
    """By step the delivered items that never were there; steps that nobody skipped are left out."""
    flow, by_place = history.flow, stage_numbers(shape)
    whole = (flow.start > 0) & ~np.isnan(flow.done)
    was = np.zeros((len(flow.start), len(shape.stages)), bool)
    was[flow.item, by_place[flow.place]] = True
    counts = (~was[whole]).sum(axis=0)
    return {
        stage.name: Counted(int(count), int(whole.sum()))
        for stage, count in zip(shape.stages, counts, strict=True)
        if count > 0 and count < whole.sum()
    }


def moves_on(flow: Flow, by_place: Ints) -> tuple[Ints, Ints]:
    """For each stay that is followed by one in another step: its step and the next one's; two arrays of equal shape."""
    same = flow.item[1:] == flow.item[:-1]
    origin, target = by_place[flow.place[:-1]][same], by_place[flow.place[1:]][same]
    backwards = flow.place[1:][same] < flow.place[:-1][same]
    kept = (origin != target) | backwards
    return origin[kept], target[kept]


def stage_visits(flow: Flow, by_place: Ints, stages: int) -> Ints:
    """The number of ended visits of each step; shape (steps,)."""
    origin, _ = moves_on(flow, by_place)
    last = np.append(flow.item[1:] != flow.item[:-1], True)[: len(flow.item)]
    ended = by_place[flow.place[last & ~np.isnan(flow.left)]]
    return np.bincount(origin, minlength=stages) + np.bincount(ended, minlength=stages)


def returns(history: History, shape: Shape) -> dict[str, Returns]:
    """By step the items that went back from it."""
    by_place = stage_numbers(shape)
    origin, target = moves_on(history.flow, by_place)
    visits = stage_visits(history.flow, by_place, len(shape.stages))
    by_step = {}
    for number, stage in enumerate(shape.stages):
        back = target[(origin == number) & (target <= number)]
        if len(back) >= FEWEST_RETURNS:
            to = int(np.bincount(back).argmax())
            by_step[stage.name] = Returns(shape.stages[to].name, Counted(len(back), int(visits[number])))
    return by_step


def drops(history: History, shape: Shape) -> dict[str, Counted]:
    """By step the items that left the board from it without being delivered."""
    flow, by_place = history.flow, stage_numbers(shape)
    visits = stage_visits(flow, by_place, len(shape.stages))
    last = np.append(flow.item[1:] != flow.item[:-1], True)[: len(flow.item)]
    rows = last & ~np.isnan(flow.gone[flow.item])
    counts = np.bincount(by_place[flow.place[rows]], minlength=len(shape.stages))
    return {
        stage.name: Counted(int(count), int(max(count, of)))
        for stage, count, of in zip(shape.stages, counts, visits, strict=True)
        if count > FEW * of and count >= FEWEST_RETURNS
    }


def blocks(board: Board, visits: int) -> Blocks | None:
    """Blocks as a probability per visit of the main step; None where they are not recorded, or hardly ever happened."""
    blocked: times.Blocked = board.report().blocked
    ended = blocked.times - blocked.now
    return Blocks(Counted(min(blocked.times, visits), visits), blocked.days / ended) if ended >= FEWEST_BLOCKS else None


def spent(history: History, place: int) -> Spread:
    """The times of ended stays in a place."""
    flow = history.flow
    days = (flow.left - flow.entered)[(flow.place == place) & ~np.isnan(flow.left)]
    if not len(days):
        return Spread(0, 0.0, 0.0)
    mean = float(days.mean())
    return Spread(len(days), mean, float(days.std() / mean) if mean > 0 else 0.0)


def cadence(history: History, shape: Shape, stage: Stage, least: float = TOGETHER) -> Cadence | None:
    """The shortest cadence on whose day at least `least` of a step's items leave it; None where there is none."""
    left = _leaving(history, shape, stage)
    if len(left) < FEWEST_LEFT:
        return None
    for weeks in CADENCES:
        every = weeks * history.week
        on_one_day = _on_one_day(left, every)
        if every > 1 and on_one_day.share >= least:
            return on_one_day
    return None


def told_cadence(history: History, shape: Shape, stage: Stage, every: float) -> Cadence:
    """The cadence that the team stated, with the day of it on which most items leave."""
    left = _leaving(history, shape, stage)
    return _on_one_day(left, every) if len(left) else Cadence(every, 0.0, 0.0)


def _leaving(history: History, shape: Shape, stage: Stage) -> Reals:
    flow, places = history.flow, shape.places
    last = places[stage.columns[-1]]
    return np.asarray(flow.left[(flow.place == last) & ~np.isnan(flow.left)], np.float64)


def _on_one_day(left: Reals, every: float) -> Cadence:
    days = np.floor(left - 1e-6) % every
    values, counts = np.unique(days, return_counts=True)
    best = int(counts.argmax())
    return Cadence(every, float((values[best] + 1) % every), float(counts[best] / len(left)))
