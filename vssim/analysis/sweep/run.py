"""Sweep: a scenario over a grid of settings, each against the organisation as it is, with the same work and the same luck."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vssim.analysis import warmup as warmups
from vssim.analysis.executors import Kind, Staff
from vssim.analysis.experiment import HEADLINE, PILOTS, Precision, half_share
from vssim.analysis.replications import Progress
from vssim.analysis.settings import adjusted
from vssim.analysis.statistics import Estimate, compare_pairs, estimate
from vssim.analysis.sweep.cells import Cell, course
from vssim.analysis.sweep.grid import MOST_SETTINGS, OPTION, Grid, Setting, grid, number_of
from vssim.analysis.sweep.play import Player
from vssim.analysis.sweep.points import Point, Sampled, Values, bottom, front
from vssim.analysis.sweep.store import Store
from vssim.engines import Engine
from vssim.errors import Fault, RunError, ScenarioError, UsageError
from vssim.scenario import Scenario

if TYPE_CHECKING:
    import polars

KNEE = 0.97
"""The knee of a curve is where throughput first reaches this share of the most there is."""

MOST_FAULTS = 20
"""Faults of settings that are told at once."""


@dataclass(frozen=True)
class Place:
    """A setting with its organisation, before it is run."""

    setting: Setting
    scenario: Scenario
    change: str | None
    since: float | None
    """when the change comes into force; None: from the start [units of time]"""


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """The answer: the organisation as it is, and every setting of the grid with what it differs by."""

    scenario: Scenario
    """as it was run"""
    grid: Grid
    warmup: float
    """as resolved [units of time]"""
    baseline: Point
    points: tuple[Point, ...]
    """in the order of the grid"""
    notes: tuple[str, ...] = ()
    """what there is to say about the sweep as a whole"""

    @property
    def front(self) -> list[Point]:
        """The settings that no other beats in both lead time (85 %) and throughput, from the shortest lead time on."""
        return front(self.points)

    @property
    def knee(self) -> Point | None:
        """On one axis of numbers: the first setting with 97 % of the highest throughput; None for other grids."""
        curve = self.curve
        most = max((point["throughput"].mean or 0.0 for _, point in curve), default=0.0)
        return next((point for _, point in curve if (point["throughput"].mean or 0.0) >= KNEE * most > 0), None)

    @property
    def curve(self) -> list[tuple[float, Point]]:
        """On one axis of numbers: its values in rising order with their settings; empty for other grids."""
        if len(self.grid.axes) != 1 or self.grid.axes[0].numbers is None:
            return []
        path = self.grid.axes[0].path
        known = [(number_of(point.setting[path]), point) for point in self.points]
        return sorted(((value, point) for value, point in known if value is not None), key=lambda one: one[0])

    def best(self, metric: str = HEADLINE) -> Point | None:
        """The setting with the best mean of a metric."""
        return bottom(self.points, metric)

    def not_surely_worse(self, best: Point, metric: str = HEADLINE) -> list[Point]:
        """The other settings whose metric, pair by pair, may as well be that of `best`: their difference's interval holds 0."""
        there = [point for point in self.points if point is not best and metric in point]
        apart = [(point, _apart(best.values_of(metric), point.values_of(metric))) for point in there]
        return [point for point, one in apart if one.low is not None and one.high is not None and one.low <= 0 <= one.high]

    def table(self) -> polars.DataFrame:
        """One row a setting and metric: mean, interval, what it differs by from the baseline, and whether it is on the front."""
        from vssim.analysis.sweep.documents import table

        return table(self)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        from vssim.analysis.sweep.documents import document

        return document(self)

    def __repr__(self) -> str:
        settings = f"{len(self.points)} setting{'' if len(self.points) == 1 else 's'}"
        head = f"{self.scenario.name}: {settings} of {', '.join(self.grid.paths)}"
        points = (self.baseline, *self.front)
        return "\n".join([head, *(f"  {point!r}" for point in points), *(f"  ! {text}" for text in self.notes)])


def _apart(one: Values, other: Values) -> Estimate:
    """How far two settings are apart, over the replications that both were played."""
    count = min(len(one), len(other))
    return compare_pairs(one[:count], other[:count], None).difference


class Sweeper:
    """A sweep that is set up: its settings are known to make sense, and its cells to have their keys."""

    def __init__(self, scenario: Scenario, over: Grid, engine: Engine, places: Sequence[Place]) -> None:
        self.scenario = scenario
        self.grid = over
        self.engine = engine
        self.places = places
        self._corners = set(over.corners())

    @classmethod
    def of(cls, scenario: Scenario, over: Grid, engine: Engine, settings: Iterable[Setting] | None = None) -> Sweeper:
        """All settings of the grid, or those given. A ScenarioError carries the faults of all that make no sense."""
        if settings is None and len(over) > MOST_SETTINGS:
            larger = "; --best searches larger grids" if over.option == OPTION else ""
            raise UsageError(f"{over.option}: {len(over):,} settings, expected at most {MOST_SETTINGS:,}{larger}")
        places: list[Place] = []
        faults: dict[Fault, None] = {}
        for setting in over.settings() if settings is None else settings:
            try:
                places.append(place(scenario, over, setting))
            except ScenarioError as error:
                faults |= dict.fromkeys(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
        if faults:
            raise ScenarioError(list(faults)[:MOST_FAULTS])
        return cls(scenario, over, engine, places)

    def warmup(self, store: Store, staff: Staff | None) -> float | None:
        """The warm-up as it is given or was noted in the store; else it is found from pilots, or (no staff) not known yet."""
        given = self.scenario.run.warmup
        if given != "auto":
            return float(given)
        corners = [Place((), self.scenario, None, None), *(one for one in self.places if one.setting in self._corners)]
        apart = {cell.key: cell for one in corners if one.since is None for cell in [self._cell(one, 0.0)]}
        name = "warmup:" + hashlib.sha256("".join(apart).encode()).hexdigest()
        noted = store.note(name)
        if noted is None and staff is not None:
            noted = store.note(name, json.dumps(self._piloted(list(apart.values()), staff)))
        return None if noted is None else float(noted)

    def _piloted(self, cells: Sequence[Cell], staff: Staff) -> float:
        pilots = range(min(PILOTS, self.scenario.run.replications))
        engine = cells[0].study.settled(len(cells) * len(pilots)).engine
        studies = [replace(cell.study, engine=engine) for cell in cells]
        courses = [[staff.submit(course, study, replication) for replication in pilots] for study in studies]
        return warmups.settle([[future.result() for future in one] for one in courses], self.scenario.run.horizon)

    def _cell(self, one: Place, warmup: float) -> Cell:
        return Cell.of(one.scenario, one.change, warmup, [one.since] if one.since else [], self.engine)

    def cells(self, warmup: float) -> tuple[Cell, list[Cell]]:
        """The cell of the organisation as it is, measured over every window that there is, and those of the settings."""
        dates = sorted({one.since for one in self.places if one.since})
        return Cell.of(self.scenario, None, warmup, dates, self.engine), [self._cell(one, warmup) for one in self.places]

    def status(self, store: Store, precision: Precision | None = None) -> tuple[int, int, int]:
        """Runs that are finished, runs of the whole sweep as far as it is known, and settings that are finished."""
        count = self.scenario.run.replications
        replications = precision.begin(count) if precision else count
        warmup = self.warmup(store, None)
        if warmup is None:
            return 0, replications * (1 + len(self.places)), 0
        baseline, cells = self.cells(warmup)
        keys = dict.fromkeys([baseline.key, *(cell.key for cell in cells)])
        done = store.finished(keys)
        counts = dict.fromkeys(keys, replications)
        while precision and all(len(done[key]) >= counts[key] for key in keys):
            wanted = self._wanted(store, counts, precision)
            wanted[baseline.key] = max(wanted.values())
            if wanted == counts:
                break
            counts = wanted
        runs = sum(min(counts[key], len(done[key])) for key in keys)
        return runs, sum(counts.values()), sum(len(done[cell.key]) >= counts[cell.key] for cell in cells)

    def play(self, store: Store, staff: Staff, precision: Precision | None = None, progress: Progress | None = None) -> Sweep:
        """Run what the store does not have, and sum up what it has."""
        warmup = self.warmup(store, staff)
        assert warmup is not None
        baseline, cells = self.cells(warmup)
        self._describe(store, baseline, cells)
        player = Player(store, staff, progress)
        counts = self._played(player, baseline, cells, precision)
        before = Sampled.of(baseline.windows, store.samples(baseline.key, counts[baseline.key]))
        points = [self._point(one, cell, store, counts, before) for one, cell in zip(self.places, cells, strict=True)]
        nothing = Point({}, None, warmup, before, before)
        return Sweep(self.scenario, self.grid, warmup, nothing, tuple(points), _notes(points, precision))

    def _describe(self, store: Store, baseline: Cell, cells: Sequence[Cell]) -> None:
        name = self.scenario.name
        named = [(cell.key, name, self.grid.named(one.setting)) for one, cell in zip(self.places, cells, strict=True)]
        store.describe([(baseline.key, name, {}), *named])

    def _played(self, player: Player, baseline: Cell, cells: Sequence[Cell], precision: Precision | None) -> dict[str, int]:
        """Play as often as is asked for; how often each cell was, by key. The baseline is there for every pair."""
        count = self.scenario.run.replications
        counts = dict.fromkeys((cell.key for cell in (baseline, *cells)), precision.begin(count) if precision else count)
        while True:
            counts[baseline.key] = max(counts.values())
            player.play((baseline, *cells), counts)
            wanted = dict(counts) if precision is None else self._wanted(player.store, counts, precision)
            if wanted == counts:
                return counts
            counts = wanted

    @staticmethod
    def _wanted(store: Store, counts: Mapping[str, int], precision: Precision) -> dict[str, int]:
        """How often each cell has to be played, as far as its own replications can tell."""
        found = {}
        for key, done in counts.items():
            headline = estimate([sample[0].get(HEADLINE) for sample in store.samples(key, done)])
            found[key] = precision.enough(done, half_share((headline, headline.mean or 0.0)))
        return found

    def _point(self, one: Place, cell: Cell, store: Store, counts: Mapping[str, int], before: Sampled) -> Point:
        sampled = Sampled.of(cell.windows, store.samples(cell.key, counts[cell.key]))
        return Point(self.grid.named(one.setting), one.change, cell.windows[-1], sampled, before)


def place(scenario: Scenario, over: Grid, setting: Setting) -> Place:
    """A setting with its organisation. Raises ScenarioError for one that makes no sense."""
    varied, change = over.put(scenario, setting)
    since = varied.changes[change].from_ if change is not None else None
    return Place(setting, varied, change, since or None)


def _notes(points: Sequence[Point], precision: Precision | None) -> tuple[str, ...]:
    """What a reader should know before trusting the figures."""
    from vssim.analysis import cautions

    notes = []
    growing = [point for point in points if any(text.startswith("growing") for text in cautions.after(point, ""))]
    if growing:
        few = f" ({'; '.join(map(str, growing[:3]))}{'; …' if len(growing) > 3 else ''})"
        notes.append(f"growing: in {len(growing)} of {len(points)} settings unfinished items grow through the measured time{few}")
    empty = sum(point[HEADLINE].mean is None for point in points)
    if empty:
        notes.append(f"in {empty} of {len(points)} settings nothing was delivered in the measured time")
    if precision is not None:
        wide = sum(half_share((point[HEADLINE], point[HEADLINE].mean or 0.0)) > precision.share for point in points)
        if wide:
            notes.append(
                f"precision: in {wide} of {len(points)} settings the headline is not known to ± {100 * precision.share:g} %"
            )
    return tuple(notes)


def sweep(
    scenario: Scenario,
    over: Mapping[str, Any],
    *,
    change: str | None = None,
    store: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    horizon: float | None = None,
    warmup: float | str | None = None,
    engine: Engine = "auto",
    jobs: int | None = None,
    workers: Kind = "auto",
    cluster: str | None = None,
    executor: Executor | None = None,
    precision: float | None = None,
    most: int = 200,
    progress: Progress | None = None,
) -> Sweep:
    """The scenario at every combination of the values of each path, against the organisation as it is.

    Paths are those of the file; `change` is one too, its values names of changes. What is not given is as the scenario says.
    With a `store`, a file, every run is kept there: an interrupted sweep goes on where it was, and a finished one is free. The
    answer depends neither on the store nor on who does the work: `jobs` threads or processes, a Dask `cluster`, any `executor`.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    sweeper = Sweeper.of(settled, grid(settled, over, change, "over"), engine)
    wanted = None if precision is None else Precision(precision, most)
    with opened(store) as kept, Staff(jobs, workers, cluster, executor) as staff:
        return sweeper.play(kept, staff, wanted, progress)


def opened(file: str | Path | None) -> Store:
    """The store in a file; in memory for None."""
    if file is not None and (Path(file).is_dir() or not Path(file).parent.is_dir()):
        raise RunError(f"{file}: is a folder" if Path(file).is_dir() else f"{file}: there is no folder {Path(file).parent}")
    return Store(None if file is None else Path(file))
