"""The record: what would have been promised in the past, with what was known then, and how often it was kept.

Windows do not overlap and end today; each is forecast from what lies before it alone.
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
"""No forecast from fewer days on which something was delivered."""

SHOWN, CHOSEN = 8, 12
"""A record of fewer windows is not shown; of fewer than the second number, no method is chosen by it."""

MOST_WINDOWS = 24
"""The latest so many windows; older ones tell of another team, and cost time."""

FUTURES = 2_000
"""Futures a window of the record; enough for a quantile to half a point."""

Draw = Callable[[Past, int, np.random.Generator], Ints]
"""From a past, a length (or a number of items) and luck, one outcome a future."""

Known = Callable[[Ints], Past]
"""How deliveries up to a day are read: with the cadence that they show till then, say."""


@dataclass(frozen=True)
class Window:
    """One window of the past: what would have been said, and what came."""

    begin: int
    """its first day, counted from the first day of the record [working days]"""
    length: int
    """days, or items where dates are promised"""
    promise: Promise
    low: int
    high: int
    """the ends of the band of 80 %"""
    place: float
    """where what came lies among what was drawn, from 0 to 1"""
    actual: int
    score: float
    """continuous ranked probability score; less is better"""
    kept: bool


@dataclass(frozen=True)
class Record:
    """All windows of one kind of promise, the latest last."""

    kind: Literal["counts", "dates"]
    windows: tuple[Window, ...]

    @property
    def promised(self) -> float:
        """Mean probability of the promises."""
        return float(np.mean([window.promise.probability for window in self.windows])) if self.windows else float("nan")

    @property
    def kept(self) -> int:
        """How many were kept."""
        return sum(window.kept for window in self.windows)

    @property
    def in_band(self) -> int:
        """How often what came lay in the middle 80 % of what was drawn."""
        return sum(0.1 <= window.place <= 0.9 for window in self.windows)

    @property
    def score(self) -> float:
        """Mean continuous ranked probability score."""
        return float(np.mean([window.score for window in self.windows])) if self.windows else float("nan")

    @property
    def usual(self) -> tuple[int, int]:
        """How many are kept in nine of ten such records, if the probabilities are right: fewest, most."""
        return usual_range([window.promise.probability for window in self.windows])

    @property
    def holds(self) -> bool:
        """Whether as many were kept as is usual."""
        fewest, most = self.usual
        return fewest <= self.kept <= most

    @property
    def is_shown(self) -> bool:
        """Whether there are enough windows to say anything."""
        return len(self.windows) >= SHOWN


def of_counts(
    past: Past, days: int, *, probability: float = 0.85, draw: Draw | None = None, known: Known = Past.of, seed: int = 1
) -> Record:
    """What would have been promised of each window of so many days: at least so many items."""
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
    """What would have been promised of so many items, again and again: done within so many days.

    A window begins where the one before was done; the first where enough is known. What is not done today is left out.
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
    """Where windows of so many days begin that end today and go back, as far as there is enough to forecast them from."""
    first = _first_origin(past)
    if first is None:
        return []
    origins = range(len(past.daily) - days, first - 1, -days)
    return [begin for begin in reversed(origins[:MOST_WINDOWS]) if begin >= max(first, days)]


def _spans(past: Past, items: int) -> list[tuple[int, int]]:
    """From which day to which so many items were done, again and again, one after the other."""
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
    """The first day before which there are enough active days, and at least four blocks; None where there is none."""
    active = np.flatnonzero(past.daily > 0)
    if len(active) < FEWEST_ACTIVE:
        return None
    return max(int(active[FEWEST_ACTIVE - 1]) + 1, 4 * past.block)


def active(daily: Ints) -> bool:
    """Whether there are enough days with deliveries for any forecast."""
    return int((daily > 0).sum()) >= FEWEST_ACTIVE
