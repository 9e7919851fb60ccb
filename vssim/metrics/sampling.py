"""A run measured over several windows: by compiled passes where they can be had, else by the readable modules, equally.

The passes know a fixed list of metrics. Whether a scenario has others (a clock of its own, a new metric) shows the first time
that a run of its kind is measured, by the readable modules; they then go on measuring its runs.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from vssim.catalogue import QUANTILES, installed
from vssim.causes import CAUSES
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.engines import machine
from vssim.log import Log, Origin, Pool
from vssim.metrics import measure, moments, money, stock
from vssim.metrics.ending import usual_interval
from vssim.metrics.facts import Facts
from vssim.metrics.passes import layout
from vssim.metrics.played import Played
from vssim.metrics.sample import Metrics, Sample
from vssim.metrics.window import Window
from vssim.model.terms import PULLED

PACKAGE, ENTRANCE = "vssim.metrics.passes", "measure_at"

WORTH_COMPILING = 6_000_000
"""Measuring this many visits without the passes takes about as long as compiling them."""


class _Slowly:
    """How many visits this process has measured without the passes, though they could."""

    visits = 0


def prepare() -> None:
    """Have the passes ready: a room comes by so many visits that they would be compiled while it waits for its answer."""
    machine.made(PACKAGE, ENTRANCE)


def samples(log: Log, windows: Sequence[Window], within: Sequence[float]) -> list[Sample]:
    """What a run hands up over every window."""
    run = machine.ready(PACKAGE)
    if run is None and _Slowly.visits > WORTH_COMPILING:
        run = machine.made(PACKAGE, ENTRANCE)
    if run is None:
        _Slowly.visits += len(log.visits.item) * len(windows)
        return _readably(log, windows, within)
    names = [_names(log, window, tuple(within)) for window in windows]
    if any(known is None for known in names) or not windows:
        return _readably(log, windows, within)
    passed = _Passed(log, windows, within)
    run(passed.words.ctypes.data)
    return [passed.sample(number, known) for number, known in enumerate(names) if known is not None]


def _readably(log: Log, windows: Sequence[Window], within: Sequence[float]) -> list[Sample]:
    facts = Facts(log)
    return [measure.sample(facts, window, within) for window in windows]


# --- names ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Names:
    """The names of the metrics of runs of one kind, and where each stands in the passes' table."""

    metrics: tuple[str, ...]
    """over all items, then by type"""
    rows: NDArray[np.int64]
    """of the metrics of one column"""
    weights: tuple[str, ...]
    weight_rows: NDArray[np.int64]
    columns: tuple[str, ...]
    """what stands behind a name: nothing, then `@type`"""


def rows_of(log: Log, within: Sequence[float]) -> list[str]:
    """By row of the passes' table: the metric, or what else it is."""
    clocks = [f"{clock}.{statistic}" for clock in layout.CLOCKS for statistic in layout.OF_CLOCK]
    causes = [f"time.{cause}" for cause in CAUSES]
    steps = [row for step in log.steps for row in (f"steps.{step}.queueing", f"started.{step}", f"steps.{step}.wip")]
    shares = [f"within.{days:g}" for days in within]
    return [*clocks, *layout.PLAIN, *causes, *shares, *(f"utilisation.{team}" for team in log.teams), *steps]


FEW = ("last_done", "unfinished.usual", "gave_up", "cost", "cost_per_item", "earned", "margin", "cash")
"""Metrics of how a run ends and of money, which the readable modules work out in no time."""

_KNOWN: dict[tuple[object, ...], Names | None] = {}


def _names(log: Log, window: Window, within: tuple[float, ...]) -> Names | None:
    """The names of what is said of such a run, in their order; None where the passes do not know them all."""
    terms = log.terms
    kind = (log.types, log.steps, log.teams, within, terms.finite, usual_interval(log, window.looked_at(log)) is None)
    few = (
        window.span > 0,
        window.until is None,
        terms.promises or bool(log.promises),
        terms.clocks,
        terms.patience,
        terms.money is None,
    )
    key = (*kind, *few, *installed())
    if key not in _KNOWN:
        if len(_KNOWN) > 1000:
            _KNOWN.clear()
        _KNOWN[key] = _looked_up(log, window, within)
    return _KNOWN[key]


def _looked_up(log: Log, window: Window, within: tuple[float, ...]) -> Names | None:
    """The names of the metrics, as the readable modules have them."""
    told = measure.sample(Facts(log), window, within)
    columns = ("", *(f"@{kind}" for kind in log.types))
    own = set(installed())
    metrics = [name for name in told.metrics if name not in own]
    names = metrics[: len(metrics) // len(columns)]
    place = {name: number for number, name in enumerate([*rows_of(log, within), *FEW])}
    weights = ["due", *(f"started.{step}" for step in log.steps), "worked"]
    said = {name.partition("@")[0] for name in told.weights}
    clocks = {name.partition("@")[0] for name in told.times}
    if not place.keys() >= {*names, *said} or clocks != {*layout.CLOCKS, "age"} or len(place) < len(rows_of(log, within)):
        return None
    if metrics != [name + column for column in columns for name in names]:
        return None
    return Names(
        tuple(metrics),
        np.array([place[name] for name in names]),
        tuple(name + column for column in columns for name in weights),
        np.array([place[name] for name in weights]),
        columns,
    )


# --- what the passes are given, and what they find ------------------------------------------------------------------------

_ROOM = threading.local()
"""A thread's working memory, used for every log that it measures."""


def _buffer(count: int) -> Ints:
    known: Ints | None = getattr(_ROOM, "words", None)
    if known is None or len(known) < count:
        known = _ROOM.words = np.empty(count + count // 4, np.int64)
    return known


class _Passed:
    """One log and its windows, as the passes are given them."""

    def __init__(self, log: Log, windows: Sequence[Window], within: Sequence[float]) -> None:
        self.log, self.windows = log, windows
        self.rows, self.columns = layout.FIRST_WITHIN + len(within) + len(log.teams) + 3 * len(log.steps), 1 + len(log.types)
        self.words = np.zeros(layout.WORDS, np.int64)
        self._alive: list[NDArray[np.generic]] = []
        visits, items = len(log.visits.item), len(log.items.type)
        for place, (name, kind) in enumerate(chain(layout.VISIT_COLUMNS.items(), layout.ITEM_COLUMNS.items())):
            self._give(place, np.ascontiguousarray(getattr(log.visits if place < layout.I_TYPE else log.items, name), kind))
        people = _people(log.pools, log.phases)
        edges = np.unique([moment for window in windows for moment in (window.start, max(window.start, window.end))])
        looks = np.array([_looks(log, window) for window in windows])
        self.most_ages = 2 * items * int((looks != NOT_YET).sum(axis=1).max())
        pauses = log.pauses
        spans = visits + (int(np.count_nonzero(log.visits.put_down)) if pauses is None else len(pauses.visit))
        self.most = 8 * items
        numbers = {
            layout.N_VISITS: visits, layout.N_ITEMS: items, layout.N_TYPES: len(log.types), layout.N_STEPS: len(log.steps),
            layout.N_TEAMS: len(log.teams), layout.N_POOLS: len(people.team), layout.N_STATES: len(people.pool),
            layout.N_EDGES: len(edges),
            layout.N_WINDOWS: len(windows), layout.N_WITHIN: len(within), layout.MOST_AGES: self.most_ages,
            layout.N_CHANGES: len(people.changes), layout.HORIZON: log.horizon, layout.N_ROWS: self.rows,
            layout.MOST_TIMES: self.most, layout.GIVEN: int(log.terms.committed != PULLED),
            layout.BEGINNING: log.origin, layout.N_PAUSES: -1 if pauses is None else len(pauses.visit),
        }  # fmt: skip
        for place, number in numbers.items():
            self.words[place] = number
        given = {
            layout.CHANGES: people.changes, layout.STATE_POOL: people.pool, layout.STATE_SINCE: people.since,
            layout.STATE_PEOPLE: people.people, layout.STATE_MOST: people.most, layout.TEAM_OF: people.team,
            layout.EDGES: edges.astype(np.int64),
            layout.WINDOWS: np.array([_bounds(log, window) for window in windows], np.int64),
            layout.WITHIN: np.array([round(days * TICKS) for days in within], np.float64),
            layout.LOOKS: looks, layout.SHARES: _SHARES,
        }  # fmt: skip
        if pauses is not None:
            given |= {
                layout.PAUSE_VISIT: np.ascontiguousarray(pauses.visit, np.int64),
                layout.PAUSE_BEGIN: np.ascontiguousarray(pauses.begin, np.int64),
                layout.PAUSE_END: np.ascontiguousarray(pauses.end, np.int64),
            }
        for place, array in given.items():
            self._give(place, array)
        sorting = 2 * spans + len(people.pool) + len(people.team) * len(edges) + self.most_ages
        sizes = {
            layout.TABLE: len(windows) * self.rows * self.columns, layout.COUNTS: 3 * len(windows) * self.columns,
            layout.TIMES: len(windows) * self.most, layout.AGES: len(windows) * self.most_ages,
            layout.AGE_COUNTS: len(windows) * self.columns,
            layout.MOMENTS: len(windows) * items, layout.COMMITTED: items, layout.SINCE: items, layout.BEGUN: items,
            layout.CAUSE: items * layout.N_CAUSES, layout.REWORK: items, layout.RETURNS: items, layout.HANDOFFS: items,
            layout.SPAN_VISIT: spans, layout.SPAN_BEGIN: spans, layout.SPAN_END: spans, layout.SPAN_FROM: spans,
            layout.SPAN_TO: spans, layout.SPAN_COUNTED_FROM: spans, layout.SPAN_COUNTED_TO: spans, layout.ASIDE: visits,
            layout.AT_EDGE: len(people.team) * len(edges), layout.COUNTED_AT_EDGE: len(people.team) * len(edges),
            layout.KEYS: sorting, layout.ORDER: sorting, layout.KEYS_2: sorting, layout.ORDER_2: sorting,
            layout.BUCKETS: 1 << layout.BUCKET_BITS,
        }  # fmt: skip
        buffer = _buffer(sum(sizes.values()))
        self._alive.append(buffer)
        self.arrays: dict[int, Ints] = {}
        begin, address = 0, buffer.ctypes.data
        for place, size in sizes.items():
            self.words[place] = address + 8 * begin
            if place <= layout.MOMENTS:
                self.arrays[place] = buffer[begin : begin + size]
            begin += size
        if log.terms.committed != PULLED:
            self.arrays[layout.COMMITTED][:] = moments.committed(log)

    def _give(self, place: int, array: NDArray[np.generic]) -> None:
        self._alive.append(array)
        self.words[place] = array.ctypes.data

    def sample(self, number: int, names: Names) -> Sample:
        """The sample of one window."""
        window = self.windows[number]
        table = self.arrays[layout.TABLE].view(np.float64).reshape(len(self.windows), self.rows, self.columns)[number]
        if (self.log.items.parent >= 0).any():  # summed as the readable modules do, for it may nearly cancel
            added = self.arrays[layout.MOMENTS].view(np.float64).reshape(len(self.windows), -1)[number]
            growth = layout.FIRST_PLAIN + layout.PLAIN.index("growth")
            settled = max(window.end - _bounds(self.log, window)[2], 0) / TICKS
            table[growth, 0] = float(added[self.log.items.parent < 0].sum()) / (settled**3 / 12) if settled else np.nan
        few = stock.ending(self.log, window) | money.measure(Facts(self.log), window)
        more = [np.broadcast_to(few.get(name, np.nan), (self.columns,)) for name in FEW]
        table = np.vstack([table, *more])
        values = table[names.rows].T.ravel().tolist()
        metrics: Metrics = {
            name: value if value == value else None  # noqa: PLR0124 -- only NaN differs from itself
            for name, value in zip(names.metrics, values, strict=True)
        }
        for column in names.columns:
            count = metrics["delivered" + column]
            metrics["delivered" + column] = None if count is None else int(count)
        weighing = zip(names.weights, table[names.weight_rows].T.ravel().tolist(), strict=True)
        weights = {name: value for name, value in weighing if value}
        if own := installed():
            played = Played(self.log, window.start / TICKS)
            metrics |= {name: metric.value(played) for name, metric in own.items()}
        return Sample(metrics, weights, self._times(number, names.columns))

    def _times(self, number: int, columns: Sequence[str]) -> dict[str, Reals]:
        """The times of every clock in rising order, by column; those that are the same for good reason are one object."""
        counts = self.arrays[layout.COUNTS].reshape(len(self.windows), self.columns, 3)[number].tolist()
        buffer = self.arrays[layout.TIMES].view(np.float64)[number * self.most : (number + 1) * self.most]
        used = sum(3 * delivered + right for delivered, right, _ in counts)
        buffer, begin = buffer[:used].copy(), 0
        by_clock: list[list[Reals]] = []
        for clock in layout.CLOCKS:
            pieces = []
            for delivered, right, _ in counts:
                size = right if clock == "time_to_outcome" else delivered
                pieces.append(buffer[begin : begin + size])
                begin += size
            by_clock.append(pieces)
        ages = self._ages(number)
        versions = bool((self.log.items.origin == Origin.VERSION).any())
        times: dict[str, Reals] = {}
        for at, column in enumerate(columns):
            delivered, right, customers = counts[at]
            of = 0 if at and delivered == customers == counts[0][0] else at
            for clock, pieces in zip(layout.CLOCKS, by_clock, strict=True):
                same = clock == "time_to_outcome" and not versions and right == delivered
                times[clock + column] = by_clock[0][of] if same else pieces[of]
            times["age" + column] = ages[at]
        return times

    def _ages(self, number: int) -> list[Reals]:
        counts = self.arrays[layout.AGE_COUNTS][number * self.columns : (number + 1) * self.columns].tolist()
        ends, begin = np.cumsum(counts), number * self.most_ages
        every = self.arrays[layout.AGES].view(np.float64)[begin : begin + int(ends[-1])].copy()
        ages = [every[end - count : end] for count, end in zip(counts, ends.tolist(), strict=True)]
        return [ages[0] if len(age) == len(ages[0]) else age for age in ages]


def _bounds(log: Log, window: Window) -> tuple[int, int, int, int]:
    """Begin, end, from when on growth is told, when what is there is counted [ticks]."""
    return window.start, window.end, max(window.start, *log.phases) if log.phases else window.start, window.looked_at(log)


def _looks(log: Log, window: Window) -> Ints:
    """The moments at which ages are looked at; NOT_YET where there are fewer (layout.MOST_LOOKS,)."""
    end, looks = window.looked_at(log), np.full(layout.MOST_LOOKS, NOT_YET, np.int64)
    span = usual_interval(log, end)
    if span is None:
        looks[0] = end
    else:
        looks[:] = np.rint(end - span * (np.arange(layout.MOST_LOOKS) + 0.5) / layout.MOST_LOOKS)
    return looks


_SHARES = np.array(list(QUANTILES.values()))


@dataclass(frozen=True, eq=False)
class _People:
    """Who was there when."""

    changes: Ints
    """when anything about them, or the organisation, changed"""
    pool: Ints
    """of each state, pool by pool"""
    since: Ints
    people: Reals
    most: Reals
    team: Ints
    """(pools,)"""


@lru_cache(maxsize=64)
def _people(pools: tuple[Pool, ...], phases: tuple[int, ...]) -> _People:
    states = sorted(pools, key=lambda pool: (pool.index, pool.since))
    count = 1 + max((pool.index for pool in pools), default=-1)
    team = np.zeros(count, np.int64)
    for pool in states:
        team[pool.index] = pool.team
    return _People(
        changes=np.unique(np.array([*phases, *(pool.since for pool in pools)], np.int64)),
        pool=np.array([pool.index for pool in states], np.int64),
        since=np.array([pool.since for pool in states], np.int64),
        people=np.array([np.inf if pool.people is None else pool.people for pool in states], np.float64),
        most=np.array([pool.most for pool in states], np.float64),
        team=team,
    )
