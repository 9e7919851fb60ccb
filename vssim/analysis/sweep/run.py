"""Sweep: a scenario over a grid of settings, each against the organisation as it is, with the same work and the same luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vssim import markup
from vssim.analysis import results
from vssim.analysis.sweep.grid import MOST_SETTINGS, OPTION, Grid, Setting, grid, on_one_side
from vssim.analysis.sweep.play import Player
from vssim.analysis.sweep.points import Point, Sampled, bottom, front
from vssim.analysis.sweep.store import Store
from vssim.catalogue import direction
from vssim.engines import Engine
from vssim.errors import Fault, RunError, ScenarioError, UsageError
from vssim.metrics import measure
from vssim.model.values import number_of
from vssim.play.executors import Kind, Staff
from vssim.play.experiment import Precision, half_share
from vssim.play.identity import Cell
from vssim.play.named import as_pandas
from vssim.play.pooled import Pooled
from vssim.play.replications import Progress
from vssim.play.settings import adjusted
from vssim.play.worlds import worlds_of
from vssim.scenario import EACH, Scenario, comes_into_force, measured_from
from vssim.scenario.schema import HEADLINE
from vssim.statistics import Estimate, Family, Statistic, compare, family
from vssim.statistics.fronts import unbeaten

if TYPE_CHECKING:
    import polars

KNEE = 0.97
"""The knee of a curve is where throughput first reaches this share of the most there is."""

FEWEST_TO_STRIKE = 20
"""Replications before a setting is struck for another one."""

MOST_TOGETHER = 1_000
"""Settings that are looked at together."""

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
    assumed: Setting = ()
    """what the organisation as it is has of the setting, too"""


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """The answer: the organisation as it is, and every setting of the grid with what it differs by."""

    scenario: Scenario
    """as it was run"""
    grid: Grid
    warmup: float
    """as resolved [units of time]"""
    baseline: Point
    """the organisation as it is, with nothing assumed but what the file says"""
    points: tuple[Point, ...]
    """in the order of the grid"""
    notes: tuple[str, ...] = ()
    """what there is to say about the sweep as a whole"""

    @cached_property
    def front(self) -> list[Point]:
        """The settings that no other beats in both metrics by their figures, from the best of the first on."""
        return front(self.points, *self.both)

    @cached_property
    def family(self) -> Family | None:
        """All settings and the organisation as it is, looked at together by the headline; by number of setting, '' as it is.

        None where that makes no sense: fewer than 20 replications, a headline that is neither good nor bad, very many settings.
        """
        good = direction(self.headline)
        return None if good is None or not self._enough else family(self._figures(self.headline), good)

    @property
    def _enough(self) -> bool:
        """Whether there are enough replications for one setting to be struck by another, and few enough settings."""
        return self._least >= FEWEST_TO_STRIKE and len(self.points) <= MOST_TOGETHER

    @property
    def _least(self) -> int:
        return min((point.replications for point in (self.baseline, *self.points)), default=0)

    def _figures(self, metric: str) -> dict[str, Statistic]:
        """A metric of every setting by its number, and as it is under '', over the replications that all of them have."""
        named = {"": self.baseline, **{str(number): point for number, point in enumerate(self.points)}}
        return {name: point.pooled.first(self._least).statistic(metric) for name, point in named.items() if metric in point}

    @cached_property
    def unbeaten(self) -> list[Point] | None:
        """The settings that no other surely beats in the headline or throughput without being surely worse in the other.

        None where there are too many to look at every pair, or a metric has no figure.
        """
        count = min((point.replications for point in self.points), default=0)
        there = {str(number): point.pooled.first(count) for number, point in enumerate(self.points)}
        figures = [{name: pooled.statistic(metric) for name, pooled in there.items() if metric in pooled} for metric in self.both]
        good = measure.direction(self.both[0])
        names = None if good is None else unbeaten(figures[0], figures[1], (good, "up"))
        return None if names is None else [self.points[int(name)] for name in names]

    @property
    def both(self) -> tuple[str, str]:
        """The two metrics of the front: the headline and throughput; lead time where the headline is throughput, or not good."""
        return (HEADLINE if self.headline == "throughput" or direction(self.headline) is None else self.headline), "throughput"

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
        return sorted(((value, point) for value, point in known if value is not None), key=lambda point: point[0])

    @property
    def headline(self) -> str:
        """The metric that the verdict is about."""
        return self.scenario.headline

    def best(self, metric: str | None = None) -> Point | None:
        """The setting with the best value of a metric (default: the headline)."""
        return bottom(self.points, metric or self.headline)

    def not_surely_worse(self, best: Point, metric: str | None = None) -> list[Point]:
        """The other settings whose metric, pair by pair, may as well be that of `best`: their difference's interval holds 0."""
        name = metric or self.headline
        there = [point for point in self.points if point is not best and name in point]
        apart = [(point, _apart(best, point, name)) for point in there]
        return [
            point
            for point, difference in apart
            if difference.low is not None and difference.high is not None and difference.low <= 0 <= difference.high
        ]

    def table(self) -> polars.DataFrame:
        """One row a setting and metric: mean, interval, what it differs by from the baseline, and whether it is on the front."""
        return results.table(self)  # type: ignore[no-any-return]

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame; needs the notebook extra."""
        return as_pandas(self.table())

    def _repr_html_(self) -> str:
        """The sweep in a notebook: the organisation as it is, and the settings that no other beats."""
        shown = (self.headline, "throughput", "flow_efficiency")
        rows = [(repr(point).partition(":")[0], *(point[metric] for metric in shown)) for point in (self.baseline, *self.front)]
        head = repr(self).partition("\n")[0]
        return markup.title(head) + markup.table(("setting", *shown), rows) + markup.notes(self.notes)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return results.document(self)

    def __repr__(self) -> str:
        settings = f"{len(self.points)} setting{'' if len(self.points) == 1 else 's'}"
        head = f"{self.scenario.name}: {settings} of {', '.join(self.grid.paths)}"
        points = (self.baseline, *self.front)
        return "\n".join([head, *(f"  {point!r}" for point in points), *(f"  ! {text}" for text in self.notes)])


def _apart(point: Point, against: Point, metric: str) -> Estimate:
    """How far two settings are apart, over the replications that both were played."""
    count = min(point.replications, against.replications)
    before, after = (point.pooled.first(count).statistic(metric) for point in (point, against))
    return compare(before, after, None).difference


@dataclass(frozen=True)
class Baselines:
    """The organisation as it is: as the file says, and under each assumption."""

    plain: Cell
    by_assumption: Mapping[Setting, Cell]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them, that of the file first."""
        return (self.plain, *self.by_assumption.values())

    @property
    def keys(self) -> tuple[str, ...]:
        """Of their cells."""
        return tuple(cell.key for cell in self.cells)

    def of(self, place: Place) -> Cell:
        """The baseline that a setting is compared with."""
        return self.by_assumption.get(place.assumed, self.plain)


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
                if places[-1].assumed:
                    over.as_it_is(scenario, places[-1].assumed)
            except ScenarioError as error:
                faults |= dict.fromkeys(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
        if faults:
            raise ScenarioError(list(faults)[:MOST_FAULTS])
        return cls(scenario, over, engine, places)

    @cached_property
    def warmup(self) -> float:
        """From when on every setting is measured: as given, else the longest that the file or a corner of the grid asks for."""
        corners = [
            place.scenario.plan(place.change).phases[-1].model
            for place in self.places
            if place.setting in self._corners and not place.since
        ]
        return measured_from(self.scenario, corners)

    def _cell(self, place: Place, warmup: float) -> Cell:
        return Cell.of(place.scenario, place.change, warmup, [place.since] if place.since else [], self.engine)

    def cells(self, warmup: float) -> tuple[Baselines, list[Cell]]:
        """The cells of the organisation as it is, measured over every window that there is, and those of the settings."""
        dates = sorted({place.since for place in self.places if place.since})
        by_assumption = {
            assumed: Cell.of(self.grid.as_it_is(self.scenario, assumed), None, warmup, dates, self.engine)
            for assumed in dict.fromkeys(place.assumed for place in self.places)
            if assumed
        }
        plain = Cell.of(self.scenario, None, warmup, dates, self.engine)
        return Baselines(plain, by_assumption), [self._cell(place, warmup) for place in self.places]

    def status(self, store: Store, precision: Precision | None = None) -> tuple[int, int, int]:
        """Runs that are finished, runs of the whole sweep as far as it is known, and settings that are finished."""
        count = self.scenario.run.replications
        replications = precision.begin(count) if precision else count
        baselines, cells = self.cells(self.warmup)
        keys = dict.fromkeys([*baselines.keys, *(cell.key for cell in cells)])
        done = store.finished(keys)
        counts = dict.fromkeys(keys, replications)
        while precision and all(len(done[key]) >= counts[key] for key in keys):
            wanted = self._wanted(store, counts, precision)
            wanted |= dict.fromkeys(baselines.keys, max(wanted.values()))
            if wanted == counts:
                break
            counts = wanted
        runs = sum(min(counts[key], len(done[key])) for key in keys)
        return runs, sum(counts.values()), sum(len(done[cell.key]) >= counts[cell.key] for cell in cells)

    def play(
        self,
        store: Store,
        staff: Staff,
        precision: Precision | None = None,
        progress: Progress | None = None,
        more: Mapping[Setting, int] = MappingProxyType({}),
    ) -> Sweep:
        """Run what the store does not have, and sum up what it has; `more`: settings that are played so often."""
        warmup = self.warmup
        baselines, cells = self.cells(warmup)
        self._describe(store, baselines, cells)
        player = Player(store, staff, progress)
        oftener = {cell.key: more[place.setting] for place, cell in zip(self.places, cells, strict=True) if place.setting in more}
        counts = self._played(player, baselines, cells, precision, oftener)
        before = {cell.key: self._sampled(cell, store, counts) for cell in baselines.cells}
        worlds = worlds_of(self.scenario, [place.change for place in self.places])
        points = [
            Point(
                self.grid.named(place.setting),
                place.change,
                cell.windows[-1],
                self._sampled(cell, store, counts),
                before[baselines.of(place).key],
                self.scenario.headline,
                worlds,
            )
            for place, cell in zip(self.places, cells, strict=True)
        ]
        as_it_is = before[baselines.plain.key]
        nothing = Point({}, None, warmup, as_it_is, as_it_is, self.scenario.headline)
        notes = (*told_of(store), *_one_sided(self.scenario, self.grid), *_notes(points, precision, self.scenario.headline))
        return Sweep(self.scenario, self.grid, warmup, nothing, tuple(points), notes)

    def _sampled(self, cell: Cell, store: Store, counts: Mapping[str, int]) -> Sampled:
        each = 1 if self.scenario.uncertain is None else EACH
        return Sampled.of(cell.windows, store.samples(cell.key, counts[cell.key]), each)

    def _describe(self, store: Store, baselines: Baselines, cells: Sequence[Cell]) -> None:
        name = self.scenario.name
        named = [(cell.key, name, self.grid.named(place.setting)) for place, cell in zip(self.places, cells, strict=True)]
        store.describe([*((key, name, {}) for key in baselines.keys), *named])

    def _played(
        self, player: Player, baselines: Baselines, cells: Sequence[Cell], precision: Precision | None, more: Mapping[str, int]
    ) -> dict[str, int]:
        """Play as often as is asked for; how often each cell was, by key. The baseline is there for every pair."""
        count = self.scenario.run.replications
        every = (*baselines.cells, *cells)
        counts = dict.fromkeys((cell.key for cell in every), precision.begin(count) if precision else count)
        counts |= {key: max(counts[key], often) for key, often in more.items()}
        while True:
            counts |= dict.fromkeys(baselines.keys, max(counts.values()))
            player.play(every, counts)
            wanted = dict(counts) if precision is None else self._wanted(player.store, counts, precision)
            if wanted == counts:
                return counts
            counts = wanted

    def _wanted(self, store: Store, counts: Mapping[str, int], precision: Precision) -> dict[str, int]:
        """How often each cell has to be played, as far as its own replications can tell."""
        wanted = {}
        for key, done in counts.items():
            headline = Pooled([sample[0] for sample in store.samples(key, done)])[self.scenario.headline]
            wanted[key] = precision.enough(done, half_share((headline, headline.mean or 0.0)))
        return wanted


def place(scenario: Scenario, over: Grid, setting: Setting) -> Place:
    """A setting with its organisation. Raises ScenarioError for one that makes no sense."""
    varied, change = over.put(scenario, setting)
    since = comes_into_force(varied, change)
    return Place(setting, varied, change, since or None, over.assumed(setting))


def _one_sided(scenario: Scenario, over: Grid) -> Iterable[str]:
    """A word about assumptions that are moved on one side only."""
    paths = on_one_side(scenario, over)
    if paths:
        sentence = "is an assumption" if len(paths) == 1 else "are assumptions"
        sentence += ": as it is keeps the file's own, so that differences are of two worlds"
        yield f"{', '.join(paths)} {sentence}; --assume moves both"


def told_of(store: Store) -> Iterable[str]:
    """What a reader should know of a store before trusting its figures."""
    return () if store.foreign is None else (store.foreign,)


def _notes(points: Sequence[Point], precision: Precision | None, headline: str) -> tuple[str, ...]:
    """What a reader should know before trusting the figures."""
    from vssim.play import cautions

    notes = []
    growing = [point for point in points if any(text.startswith("growing") for text in cautions.after(point, ""))]
    if growing:
        few = f" ({'; '.join(map(str, growing[:3]))}{'; …' if len(growing) > 3 else ''})"
        notes.append(f"growing: in {len(growing)} of {len(points)} settings unfinished items grow through the measured time{few}")
    empty = sum(point[headline].mean is None for point in points)
    if empty:
        notes.append(f"in {empty} of {len(points)} settings nothing was delivered in the measured time")
    if precision is not None:
        wide = sum(half_share((point[headline], point[headline].mean or 0.0)) > precision.share for point in points)
        if wide:
            notes.append(
                f"precision: in {wide} of {len(points)} settings the headline is not known to ± {100 * precision.share:g} %"
            )
    return tuple(notes)


def sweep(
    scenario: Scenario,
    over: Mapping[str, Any] = MappingProxyType({}),
    *,
    assume: Mapping[str, Any] = MappingProxyType({}),
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

    Paths are those of the file; `change` is one too, its values names of changes. What there is to `assume` is moved on both
    sides: the organisation as it is has these values too. What is not given is as the scenario says.
    With a `store`, a file, every run is kept there: an interrupted sweep goes on where it was, and a finished one is free. The
    answer depends neither on the store nor on who does the work: `jobs` threads or processes, a Dask `cluster`, any `executor`.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    sweeper = Sweeper.of(settled, grid(settled, over, change, "over", assume), engine)
    wanted = None if precision is None else Precision(precision, most)
    with opened(store) as kept, Staff(jobs, workers, cluster, executor) as staff:
        return sweeper.play(kept, staff, wanted, progress)


def opened(file: str | Path | None) -> Store:
    """The store in a file; in memory for None."""
    try:
        if file is not None and (Path(file).is_dir() or not Path(file).parent.is_dir()):
            raise RunError(f"{file}: is a folder" if Path(file).is_dir() else f"{file}: there is no folder {Path(file).parent}")
    except (OSError, ValueError) as error:
        raise UsageError(f"{str(file)[:60]}…: cannot be a store ({getattr(error, 'strerror', None) or error})") from None
    return Store(None if file is None else Path(file))
