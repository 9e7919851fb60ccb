"""Forecasts of held-back windows: learned once from the first 60 %, then window by window from the board as it was (G4).

Items open at the begin of a window are put where they were, with their ages; arrivals within the window are drawn. Deliveries are
scored, and compared with the forecast from throughput alone. Longer windows consist of the same days; they are the record of
forecasts over as long a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from vssim import engines
from vssim.clock import NOT_YET, Ints, Reals
from vssim.forecasts.deliveries import date_of, day_of
from vssim.forecasts.promises import Promise, at_least, crps, place, usual_range
from vssim.forecasts.throughput import Past, futures
from vssim.forecasts.today import from_today, standing
from vssim.language import said
from vssim.learning.baseline import Baseline
from vssim.learning.columns import columns_of
from vssim.learning.figures import middle, settings
from vssim.learning.fit import Ensemble
from vssim.learning.history import History, remembered
from vssim.learning.shape import Shape
from vssim.learning.told import Told
from vssim.log import Ended, Log
from vssim.model import paths
from vssim.play.executors import Staff, result_of
from vssim.play.replications import drawn_together
from vssim.scenario import Scenario, loads, replaced
from vssim.scenario.origins import Foretold, Standing
from vssim.tracker.board import Board
from vssim.tracker.checks import Check
from vssim.workload import Blueprint

SHARE = 0.6
"""The share of the records that is learned from; the rest is held back."""

DELIVERIES, FEWEST, MOST = 5, 20, 40
"""A window is at least a week, and long enough for so many deliveries; with fewer windows there is no check; no more are played."""

LONGER, SHOWN = (2, 4, 8), 8
"""Longer windows consist of so many short ones; a record of fewer windows than the second number means nothing."""

RUNS = 100
"""Futures of each window; members play in turn."""

WORSE, SURE = 1.05, 1.0
"""The check fails where the score exceeds that of throughput alone by more than this factor and this many standard errors."""

SEED = 7_000_000
"""The seed of the windows' own luck."""


@dataclass(frozen=True)
class Window:
    """One held-back window."""

    begin: float
    days: int
    actual: int
    promise: Promise
    low: int
    high: int
    """the ends of the band that holds the middle 80 % of the futures"""
    at: float
    """the position of the actual outcome among the futures, ties split at random [1]"""
    score: float
    throughput: float
    """the same score of the forecast from throughput alone"""


@dataclass(frozen=True)
class HeldOut:
    """All held-back windows of one length."""

    windows: tuple[Window, ...]
    days: int

    @property
    def in_band(self) -> int:
        """How many outcomes lay in the middle 80 % of the futures."""
        return sum(0.1 <= window.at <= 0.9 for window in self.windows)

    @property
    def kept(self) -> int:
        """How many promises were kept."""
        return sum(window.actual >= window.promise.number for window in self.windows)

    @property
    def worse(self) -> tuple[float, float]:
        """The mean score relative to that of throughput alone, and the difference in standard errors."""
        own, other = (np.array([getattr(window, name) for window in self.windows]) for name in ("score", "throughput"))
        apart = own - other
        error = apart.std(ddof=1) / np.sqrt(len(apart))
        return float(own.mean() / max(other.mean(), 1e-9)), float(apart.mean() / max(error, 1e-9))

    def check(self) -> Check:
        """The check of these windows."""
        count = len(self.windows)
        name, limit = HELD_OUT, said("bands and promises as probable, score no worse than throughput's")
        if count < FEWEST:
            return not_tried(count, self.days)
        band, promised = usual_range([0.8] * count), usual_range([window.promise.probability for window in self.windows])
        ratio, errors = self.worse
        summary = said(
            "in the 80 % band {inside} of {count}, promises kept {kept}, score × {ratio} of throughput's",
            inside=self.in_band,
            count=count,
            kept=self.kept,
            ratio=f"{ratio:.2f}",
        )
        faults = (
            [] if band[0] <= self.in_band <= band[1] else [said("in the band usually {low} … {high}", low=band[0], high=band[1])]
        )
        faults += (
            []
            if promised[0] <= self.kept <= promised[1]
            else [said("kept usually {low} … {high}", low=promised[0], high=promised[1])]
        )
        if ratio > WORSE and errors > SURE:
            return Check(name, summary, limit, "fails", "; ".join([*faults, said("throughput alone foretells it better")]))
        return Check(name, summary, limit, "rough" if faults else "passes", "; ".join(faults))

    def record(self) -> Foretold:
        """The record in the form that the file keeps."""
        each = self.windows
        return Foretold(
            days=self.days,
            promised=tuple(float(window.promise.number) for window in each),
            probability=tuple(round(window.promise.probability, 4) for window in each),
            low=tuple(float(window.low) for window in each),
            high=tuple(float(window.high) for window in each),
            came=tuple(float(window.actual) for window in each),
            place=tuple(round(window.at, 4) for window in each),
            crps=tuple(round(window.score, 4) for window in each),
            throughput=tuple(round(window.throughput, 4) for window in each),
        )


HELD_OUT = said("what was held back is foretold")


def not_tried(count: int, days: int) -> Check:
    """The check where there are too few windows."""
    why = said("not tried: the records are too short for it")
    windows = said("{count} windows of {days} days", count=count, days=days)
    return Check(HELD_OUT, windows, said("≥ {count} windows", count=FEWEST), "cannot be told", why)


@dataclass(frozen=True, eq=False)
class Future:
    """The learned organisation from the board of one day on. It must be picklable, for workers."""

    baseline: Baseline
    there: Mapping[str, Standing]
    """the items open on its first morning"""
    last: dt.date
    """the day before its first day"""
    days: int
    seed: int

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("baseline", "there", "last", "days", "seed")}

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that begins on the first day of the window."""
        baseline = self.baseline
        document = baseline.document()
        typical = middle(baseline.figures)
        for path, value in settings(baseline.figures, typical).items():
            document = paths.put(document, path, value)
        begin = baseline.history.begin.isoformat()
        learned = {"first": begin, "until": begin, "today": begin, "verdict": "not"}
        columns = {name: column.document() for name, column in columns_of(baseline, typical).items()}
        run = {"horizon": self.days, "warmup": 0, "replications": 1}
        return from_today(loads({**document, "run": run, "learned": {**learned, "columns": columns}}), self.there, self.last)

    def deliveries(self, values: Reals, first: int) -> Ints:
        """Deliveries on each day of each run; shape (runs, days). `values`: (runs, figures)."""
        scenario = self.scenario
        content = scenario.document()
        counts = np.zeros((len(values), self.days), np.int64)
        worlds = (replaced(scenario, settings(self.baseline.figures, row), content) for row in values)
        coming = [(first + number, Blueprint(known.plan(None), float(self.days), "day")) for number, known in enumerate(worlds)]
        for number, program in enumerate(drawn_together(coming, self.seed)):
            counts[number] = by_day(engines.run(program, engine="compiled"), self.days)
        return counts


def by_day(log: Log, days: int) -> Ints:
    """Deliveries on each day of a run, those of an evening on that day; shape (days,)."""
    items = log.items
    done = log.times(items.left[(items.left != NOT_YET) & (items.ended == Ended.DELIVERED)])
    at = np.clip(np.ceil(done - 1e-6) - 1, 0, None).astype(np.int64)
    return np.bincount(at[at < days], minlength=days)[:days].astype(np.int64)


def window_days(history: History) -> int:
    """The length of a window [working days]."""
    rate = float((~np.isnan(history.flow.done)).sum()) / max(history.days, 1.0)
    return max(history.week, int(np.ceil(DELIVERIES / max(rate, 1e-9))))


def windows_of(history: History) -> tuple[int, list[float]]:
    """The length of a window [working days], and the begin of each; where there are many, the latest."""
    days = window_days(history)
    first = np.ceil(SHARE * history.days)
    begins = [float(first + number * days) for number in range(int((history.days - first) // days))]
    return days, begins[-MOST:]


def lengths_of(count: int) -> list[int]:
    """The lengths of longer windows, in short ones, as far as there are enough of them; the shortest first."""
    return [1, *(longer for longer in LONGER if count // longer >= SHOWN)]


def held_out(whole: History, board: Board, baseline: Baseline, ensemble: Ensemble, seed: int, staff: Staff) -> list[HeldOut]:
    """The held-back windows by their length, the shortest first.

    `whole`: all records; `baseline` and `ensemble`: learned from their first part alone.
    """
    days, begins = windows_of(whole)
    values = ensemble.values[np.arange(RUNS) % len(ensemble.values)]
    typical = np.median(ensemble.values, axis=0)
    columns = columns_of(baseline, typical)
    longest = _longest(len(begins))
    waiting = []
    for number, begin in enumerate(begins):
        day = _day(board, whole, begin)
        future = Future(baseline, standing(board, columns, day), date_of(day - 1), days * longest[number], seed)
        waiting.append(staff.submit(_played, future, values, SEED + RUNS * number))
    played = [np.array(result_of(future), np.int64) for future in waiting]
    luck = np.random.default_rng([seed, 4])
    held = []
    for longer in lengths_of(len(begins)):
        at = range(len(begins) % longer, len(begins), longer)
        windows = [_window(whole, begins[number], days * longer, played[number], luck) for number in at]
        held.append(HeldOut(tuple(windows), days * longer))
    return held


def _day(board: Board, whole: History, number: float) -> int:
    """The local day on which so many working days of the history are over [days since 1970]."""
    begin = day_of(whole.begin)
    return int(board.clock.working_days(begin, begin + 14 + int(number * 7 / max(board.clock.week, 1)))[int(number)])


def _longest(count: int) -> list[int]:
    """For each window, how many windows long the longest one is that begins with it; longer ones end with the last window."""
    lengths = [1] * count
    for longer in lengths_of(count):
        for number in range(count % longer, count, longer):
            lengths[number] = longer
    return lengths


def _window(whole: History, begin: float, days: int, played: Ints, luck: np.random.Generator) -> Window:
    daily = _daily(whole)
    drawn = played[:, :days].sum(axis=1)
    actual = int(daily[int(begin) : int(begin) + days].sum())
    other = futures(Past.of(daily[: int(begin)], whole.week), days, luck, count=2_000).by(days)
    low, high = (int(end) for end in np.quantile(drawn, [0.1, 0.9], method="inverted_cdf"))
    at = place(drawn, actual, float(luck.random()))
    return Window(begin, days, actual, at_least(drawn, 0.85), low, high, at, crps(drawn, actual), crps(other, actual))


def _played(future: Future, values: Reals, first: int) -> Ints:
    return future.deliveries(values, first)


def _daily(history: History) -> Ints:
    """The deliveries on each day of the history's window; shape (days,)."""
    done = history.flow.done[~np.isnan(history.flow.done)]
    days = np.clip(np.floor(done - 1e-6), 0, None).astype(np.int64) if not history.rule.whole_days else done.astype(np.int64)
    return np.bincount(days, minlength=int(np.ceil(history.days)) + 1).astype(np.int64)


def first_part(history: History, shape: Shape, told: Told) -> History:
    """The part of the records from which is learned."""
    part = history.cut(float(np.ceil(SHARE * history.days)))
    return replace(part, remembered=remembered(part, shape, told))


def records(tried: Sequence[HeldOut]) -> tuple[Foretold, ...]:
    """The records that a file keeps: those with enough windows."""
    return tuple(each.record() for each in tried if len(each.windows) >= SHOWN)
