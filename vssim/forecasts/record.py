"""The record: what would have been promised in the past, with the knowledge of that time, and how often it was kept.

The windows do not overlap, the last one ends today, and each is forecast only from what lies before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vssim.clock import Ints
from vssim.forecasts.promises import Promise, at_least, at_most, crps, place, usual_range
from vssim.forecasts.throughput import Past, futures, when

FEWEST_ACTIVE = 5
"""With deliveries on fewer days than this there is no forecast."""

SHOWN, CHOSEN = 8, 12
"""A record of fewer windows than the first number is not shown; one of fewer than the second does not choose the method."""

MOST_WINDOWS = 24
"""Only the latest windows count; older ones tell of another team, and cost time."""

FUTURES = 2_000
"""Futures for each window of the record: enough for quantiles within half a percentage point."""

Draw = Callable[[Past, int, np.random.Generator], Ints]
"""From a past, a length (or a number of items) and luck, the outcome of each future; shape (futures,)."""

Known = Callable[[Ints], Past]
"""Makes a past from the deliveries up to some day, with the cadence that was visible by then, for example."""


@dataclass(frozen=True)
class Window:
    """One window of the past: what would have been promised, and what happened."""

    begin: int
    """its first day, counted from the first day of the past [working days]"""
    length: int
    """its length in days, or in items where dates are promised"""
    promise: Promise
    low: int
    high: int
    """the ends of the band that holds the middle 80 % of the futures"""
    place: float
    """the position of the actual outcome among the futures, from 0 to 1"""
    actual: int
    score: float
    """continuous ranked probability score; less is better"""
    kept: bool


@dataclass(frozen=True)
class Record:
    """All windows for one kind of promise, the latest last."""

    kind: Literal["counts", "dates"]
    windows: tuple[Window, ...]

    @property
    def promised(self) -> float:
        """The mean probability of the promises."""
        return float(np.mean([window.promise.probability for window in self.windows])) if self.windows else float("nan")

    @property
    def kept(self) -> int:
        """How many promises were kept."""
        return sum(window.kept for window in self.windows)

    @property
    def in_band(self) -> int:
        """How many outcomes lay in the middle 80 % of the futures."""
        return sum(0.1 <= window.place <= 0.9 for window in self.windows)

    @property
    def score(self) -> float:
        """The mean continuous ranked probability score."""
        return float(np.mean([window.score for window in self.windows])) if self.windows else float("nan")

    @property
    def usual(self) -> tuple[int, int]:
        """The fewest and the most promises that nine of ten such records keep, if the probabilities are right."""
        return usual_range([window.promise.probability for window in self.windows])

    @property
    def holds(self) -> bool:
        """Whether a usual number of promises was kept."""
        fewest, most = self.usual
        return fewest <= self.kept <= most

    @property
    def is_shown(self) -> bool:
        """Whether there are enough windows for the record to mean anything."""
        return len(self.windows) >= SHOWN


def of_counts(
    past: Past, days: int, *, probability: float = 0.85, draw: Draw | None = None, known: Known = Past.of, seed: int = 1
) -> Record:
    """The record of promises for windows of so many days: at least so many items."""
    drawn_by = draw or (lambda before, length, luck: futures(before, length, luck, count=FUTURES).by(length))
    windows = []
    for begin in _origins(past, days):
        before = known(past.daily[:begin])
        luck = np.random.default_rng([seed, begin, days])
        drawn, actual = drawn_by(before, days, luck), int(past.daily[begin : begin + days].sum())
        promise = at_least(drawn, probability)
        windows.append(_window(begin, days, promise, drawn, actual, actual >= promise.number, luck))
    return Record("counts", tuple(windows))


def of_dates(
    past: Past, items: int, *, probability: float = 0.85, draw: Draw | None = None, known: Known = Past.of, seed: int = 1
) -> Record:
    """The record of promises for so many items, again and again: done within so many days.

    A window begins when the one before it is done, the first as soon as enough past is known. An unfinished window is left out.
    """
    drawn_by = draw or (lambda before, number, luck: when(before, number, luck, count=FUTURES))
    windows = []
    for begin, done in _spans(past, items)[-MOST_WINDOWS:]:
        before = known(past.daily[:begin])
        luck = np.random.default_rng([seed, begin, items])
        drawn, actual = drawn_by(before, items, luck), done - begin + 1
        promise = at_most(drawn, probability)
        windows.append(_window(begin, items, promise, drawn, actual, actual <= promise.number, luck))
    return Record("dates", tuple(windows))


def _window(begin: int, length: int, promise: Promise, drawn: Ints, actual: int, kept: bool, luck: np.random.Generator) -> Window:
    low, high = np.quantile(drawn, [0.1, 0.9], method="inverted_cdf")
    where = place(drawn, actual, float(luck.random()))
    return Window(begin, length, promise, int(low), int(high), where, actual, crps(drawn, actual), kept)


def _origins(past: Past, days: int) -> Sequence[int]:
    """The first days of windows of so many days: from today backwards, as long as enough past is left to forecast them from."""
    first = _first_origin(past)
    if first is None:
        return []
    origins = range(len(past.daily) - days, first - 1, -days)
    return [begin for begin in reversed(origins[:MOST_WINDOWS]) if begin >= max(first, days)]


def _spans(past: Past, items: int) -> list[tuple[int, int]]:
    """The first and last days in which so many items were done, one span after the other."""
    spans, totals = [], np.cumsum(past.daily)
    begin = _first_origin(past)
    while begin is not None and begin < len(totals):
        done = int(np.searchsorted(totals, (totals[begin - 1] if begin else 0) + items))
        if done >= len(totals):
            break
        spans.append((begin, done))
        begin = done + 1
    return spans


def _first_origin(past: Past) -> int | None:
    """The first day that has enough active days and at least four blocks before it; None where there is none."""
    active = np.flatnonzero(past.daily > 0)
    if len(active) < FEWEST_ACTIVE:
        return None
    return max(int(active[FEWEST_ACTIVE - 1]) + 1, 4 * past.block)


def active(daily: Ints) -> bool:
    """Whether there were deliveries on enough days for a forecast."""
    return int((daily > 0).sum()) >= FEWEST_ACTIVE
