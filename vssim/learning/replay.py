"""The past, played again with one set of figures and one luck, and seen as the export would show it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vssim import engines
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.learning import moments
from vssim.learning.baseline import Baseline
from vssim.learning.figures import settings
from vssim.learning.flow import Flow, through
from vssim.learning.moments import Window
from vssim.learning.remembered import hands_on, of_remembered, stretch
from vssim.learning.worked import worked
from vssim.log import Ended, Kind, Log
from vssim.play.executors import Staff, result_of
from vssim.play.replications import Progress, drawn_together
from vssim.scenario import Scenario, replaced
from vssim.workload import Blueprint

PIECE = 40
"""Runs that a worker plays at a time."""

Told = Callable[["Replay", Flow], Any]
"""Extracts what is kept of a run; a function that workers can import by name."""


@dataclass(frozen=True, eq=False)
class Replay:
    """The past, to be played again with any figures."""

    baseline: Baseline
    seed: int
    engine: engines.Engine = "compiled"

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("baseline", "seed", "engine")}

    @property
    def window(self) -> Window:
        """The measured part of the flow."""
        history = self.baseline.history
        return Window(history.measured, history.days, history.week, len(self.baseline.shape.place_names))

    @cached_property
    def _content(self) -> dict[str, Any]:
        return self.replayed.document()

    @cached_property
    def replayed(self) -> Scenario:
        """The scenario with the recorded arrivals."""
        return self.baseline.replay

    def figures_at(self, values: Reals) -> dict[str, Any]:
        """By path the value that these figures give."""
        return settings(self.baseline.figures, values, replayed=True)

    def blueprint(self, values: Reals, horizon: float | None = None) -> Blueprint:
        """What runs with these figures play. `values`: (figures,). `horizon`: how long, by default until the window's end."""
        known = replaced(self.replayed, self.figures_at(values), self._content)
        return Blueprint(known.plan(None), self.baseline.history.days if horizon is None else horizon, "day")

    def log(self, values: Reals, replication: int, horizon: float | None = None) -> Log:
        """The log of one run with these figures."""
        return engines.run(self.blueprint(values, horizon).draw(self.seed, replication), engine=self.engine)

    def logs(self, values: Reals, replications: Sequence[int]) -> Iterator[Log]:
        """The log of each of some runs, which are drawn together. `values`: (runs, figures)."""
        coming = list(zip(replications, map(self.blueprint, values), strict=True))
        for program in drawn_together(coming, self.seed):
            yield engines.run(program, engine=self.engine)

    def flow(self, values: Reals, replication: int) -> Flow:
        """The flow of one run as the export would show it."""
        return self.shown(self.log(values, replication))

    def shown(self, log: Log) -> Flow:
        """The flow of a run as the export would show it."""
        return through(self.whole_flow(log), self.baseline.history.rule)

    def whole_flow(self, log: Log) -> Flow:
        """The whole flow of a run, as the board would show it."""
        visits, shape = log.visits, self.baseline.shape
        came = visits.entered != NOT_YET
        rows = np.flatnonzero(came)
        item, stay = visits.item[rows].astype(np.int64), visits.stay[rows]
        opens = np.append(True, (item[1:] != item[:-1]) | (stay[1:] != stay[:-1]))[: len(rows)]
        first = rows[opens]
        last = rows[np.append(np.flatnonzero(opens)[1:], len(rows))[: len(first)] - 1]
        steps = [step if step in log.steps else "" for step in log.steps]
        places = shape.places
        of_queue = np.array([places[stage.queues[0]] if stage.queues else -1 for stage in shape.stages], np.int64)
        of_work = np.array([-1 if stage.column is None else places[stage.column] for stage in shape.stages], np.int64)
        order = np.array([[stage.name for stage in shape.stages].index(step) for step in steps], np.int64)
        stage = order[visits.step[first]]
        works = np.array([stage.works for stage in shape.stages])[stage] & (visits.kind[first] == Kind.WORK)
        entered, left = _days(visits.entered[first]), _days(visits.left[last])
        begun = np.where(works, _days(visits.started[first]), np.nan)
        # A step with a queue column and a work column is two places, divided at the start of work. One without a queue column is a
        # single place from entry on; one that is only a queue has no place of work.
        queued, worked = of_queue[stage], of_work[stage]
        has_both = (queued >= 0) & (worked >= 0)
        passes = np.where(works, begun, entered)
        rows_queue = queued >= 0
        rows_work = (worked >= 0) & (~has_both | ~np.isnan(passes))
        all_items = np.concatenate([visits.item[first][rows_queue], visits.item[first][rows_work]]).astype(np.int64)
        place = np.concatenate([queued[rows_queue], worked[rows_work]])
        into = np.concatenate([entered[rows_queue], np.where(has_both, passes, entered)[rows_work]])
        outof = np.concatenate([np.where(has_both, passes, left)[rows_queue], left[rows_work]])
        return self._assembled(log, all_items, place, into, outof)

    def _assembled(self, log: Log, item: Ints, place: Ints, entered: Reals, left: Reals) -> Flow:
        items = log.items
        order = np.lexsort((place, entered, item))
        ended = _days(items.left)
        start = np.full(len(items.type), np.inf)
        np.minimum.at(start, item, entered)
        known, number = np.unique(item, return_inverse=True)
        hands = np.bincount(log.visits.item, weights=log.visits.touch, minlength=len(items.type)) / TICKS
        delivered = items.ended == Ended.DELIVERED
        return Flow(
            number[order],
            place[order],
            entered[order],
            left[order],
            start[known],
            np.where(delivered, ended, np.nan)[known],
            np.where(delivered, np.nan, ended)[known],
            hands[known],
        )

    def told(self, flow: Flow) -> Reals:
        """The moments of a played flow; with the hands-on share of time in columns of work, where somebody remembers any."""
        stays = worked(flow, self._workplaces)
        summary = moments.summary(flow, self.window, stays)
        history = self.baseline.history
        if not len(history.remembered):
            return summary
        return np.append(summary, hands_on(flow, stays, history.measured, history.remembered, self._stretch))

    @cached_property
    def _workplaces(self) -> dict[int, int]:
        return self.baseline.shape.workplaces

    @cached_property
    def _stretch(self) -> int:
        """The deliveries between which the remembered items were delivered."""
        history = self.baseline.history
        return stretch(history.flow, history.remembered)

    @cached_property
    def observed(self) -> Reals:
        """The moments of the records."""
        history = self.baseline.history
        summary = moments.summary(history.flow, self.window, worked(history.flow, self._workplaces))
        if not len(history.remembered):
            return summary
        return np.append(summary, of_remembered(history.remembered))


def _days(ticks: Ints) -> Reals:
    return np.where(ticks == NOT_YET, np.nan, ticks / TICKS)


def moments_of(replay: Replay, flow: Flow) -> Reals:
    """The moments of a run, which the fit keeps."""
    return replay.told(flow)


def piece(replay: Replay, keep: Told, values: Reals, replications: Sequence[int]) -> list[Any]:
    """What is kept of some runs, in order. `values`: (runs, figures)."""
    return [keep(replay, replay.shown(log)) for log in replay.logs(values, replications)]


def play(replay: Replay, keep: Told, values: Reals, first: int, staff: Staff, progress: Progress | None = None) -> list[Any]:
    """What is kept of all runs, in order, whoever plays them. `values`: (runs, figures); `first`: the first replication."""
    numbers = list(range(first, first + len(values)))
    results: list[Any] = []
    waiting: list[Future[list[Any]]] = []
    for begin in range(0, len(numbers), PIECE):
        part, here, began = slice(begin, begin + PIECE), staff.is_here, time.thread_time()
        waiting.append(staff.submit(piece, replay, keep, values[part], numbers[part]))
        if here:  # it has been played: by how long that took, workers are hired for the rest or not
            staff.learn(time.thread_time() - began, len(numbers[part]), len(numbers[begin + PIECE :]), replay.engine)
        while len(waiting) >= max(staff.ahead, 1):
            results += _results(waiting.pop(0))
            if progress:
                progress(len(results), len(numbers))
    for future in waiting:
        results += _results(future)
    if progress:
        progress(len(results), len(numbers))
    return results


def _results(future: Future[list[Any]]) -> list[Any]:
    results: list[Any] = result_of(future)
    return results
