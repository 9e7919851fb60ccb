"""Optimise: the best setting of a grid that is too large to play as a whole, found by Optuna, under constraints.

The search is told what it finds one batch after the other, always in the same order, so that it goes the same way however
many play it; settings that the store knows already are free, so that an interrupted search goes on where it was.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from vssim.analysis import results
from vssim.analysis.sweep.choosing import MOST_NAMED, Choice, choose
from vssim.analysis.sweep.grid import OPTION, Grid, Setting, grid
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep, Sweeper, opened
from vssim.analysis.sweep.store import Store
from vssim.engines import Engine
from vssim.errors import MissingExtra, ScenarioError, UsageError
from vssim.metrics import measure
from vssim.model.values import percent
from vssim.play.executors import Kind, Staff
from vssim.play.replications import Progress
from vssim.play.settings import adjusted
from vssim.scenario import EACH, Scenario, with_parts

BATCH = 4
"""Settings that are asked for at a time, whoever plays them; fewer at the end, so that no more are tried than there may be."""

TRIALS = 60
"""Settings that are played at most if nothing else is said; a grid of no more is played as a whole."""


class _Unfinished(Exception):
    """The store does not have what the search would look at next."""


_KEEP = re.compile(r"\s*([^<>=\s]+)\s*(>=|<=)\s*(\S+)\s*")


@dataclass(frozen=True)
class Keep:
    """A condition that settings have to meet: a metric at least, or at most, a value or a share of the baseline's."""

    text: str
    metric: str
    at_least: bool
    bound: float
    of_baseline: bool
    """whether the bound is a share of the organisation as it is"""

    @classmethod
    def of(cls, text: str) -> Keep:
        """What an option such as throughput>=95% means."""
        match = _KEEP.fullmatch(text)
        share = percent(match[3]) if match else None
        try:
            bound = float(match[3]) if match and share is None else share
        except ValueError:
            bound = None
        if match is None or bound is None:
            raise UsageError(f"--keep: got {text!r}, expected a metric and its bound, as in throughput>=95% or wip<=20")
        measure.unit_of(match[1], "day")
        return cls(text, match[1], match[2] == ">=", bound, share is not None)

    def missed_by(self, point: Point, baseline: Point) -> float:
        """How far a setting is from keeping it, as a share of the bound; 0 or less where it does."""
        mean = point[self.metric].mean
        bound = self.bound * (baseline[self.metric].mean or 0.0) if self.of_baseline else self.bound
        if mean is None:
            return 1.0
        missing = bound - mean if self.at_least else mean - bound
        return missing / abs(bound) if bound else missing


@dataclass(frozen=True)
class Search:
    """The answer: the best setting, and all that were played to find it."""

    metric: str
    keep: tuple[Keep, ...]
    best: Point | None
    """None where no setting that was played keeps what has to hold"""
    swept: Sweep
    """the settings that were played, in the order of the grid"""
    choice: Choice | None = None
    """which of those that keep what has to hold cannot be told apart; None where there are no two"""

    @property
    def unplayed(self) -> int:
        """Settings of the grid that were not played: nobody knows whether one of them is better still."""
        return len(self.swept.grid) - len(self.swept.points)

    @property
    def baseline_keeps(self) -> bool:
        """Whether the organisation as it is keeps what has to hold, so that it is a choice too."""
        baseline = self.swept.baseline
        return all(keep.metric in baseline and keep.missed_by(baseline, baseline) <= 0 for keep in self.keep)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return results.document(self)

    def table(self) -> Any:
        """One row a setting and metric."""
        return self.swept.table()

    def __repr__(self) -> str:
        head = f"{self.swept.scenario.name}: best {self.metric} of {len(self.swept.points)} settings"
        others = () if self.choice is None else self.choice.unbeaten[1:]
        lines = ["  none keeps what has to hold" if self.best is None else f"  {self.best}: {self.best[self.metric]}"]
        return "\n".join([head, *lines, *(f"  not to be told apart: {point}" for point in others[:MOST_NAMED])])


@dataclass
class Searcher:
    """A search that is set up."""

    scenario: Scenario
    grid: Grid
    metric: str
    keep: tuple[Keep, ...] = ()
    trials: int = TRIALS
    engine: Engine = "auto"
    _known: dict[Setting, tuple[Point, Point] | None] = field(default_factory=dict)
    """setting -> what was found of it, and of the organisation as it is; None for a setting that makes no sense"""

    def __post_init__(self) -> None:
        if measure.direction(self.metric) is None:
            raise UsageError(f"--best {self.metric}: is neither good nor bad; name a metric with a good direction")

    def play(self, store: Store, staff: Staff, progress: Progress | None = None) -> Search:
        """Search, and sum up what was found."""
        self._settle()
        if len(self.grid) <= self.trials:
            settings: Sequence[Setting] = self.grid.settings()
        else:
            self._search(store, staff, progress)
            settings = sorted((setting for setting, point in self._known.items() if point is not None), key=self._position)
        if not settings:
            raise UsageError(f"{OPTION}: none of the settings that were tried makes sense")
        sweeper = Sweeper.of(self.scenario, self.grid, self.engine, settings)
        swept = sweeper.play(store, staff, None, progress)
        return self._chosen(sweeper, swept, store, staff)

    def _chosen(self, sweeper: Sweeper, swept: Sweep, store: Store, staff: Staff) -> Search:
        """The best of what was played; those that may be it are played more often where that decides."""
        good = measure.direction(self.metric)
        assert good is not None
        more: dict[Setting, int] = {}
        latest = swept

        def again(points: Sequence[Point], count: int) -> list[Point]:
            nonlocal latest
            settings = [tuple(point.setting.values()) for point in points]
            more.update(dict.fromkeys(settings, count))
            latest = sweeper.play(store, staff, None, None, more)
            by_setting = {tuple(point.setting.values()): point for point in latest.points}
            return [by_setting[setting] for setting in settings]

        each = 1 if self.scenario.uncertain is None else EACH
        budget = sum(point.replications for point in swept.points)
        keeping = [point for point in swept.points if self._keeps(point, swept.baseline)]
        choice = choose(keeping, self.metric, good, again, each=each, budget=budget)
        return Search(self.metric, self.keep, self._best(latest, choice), latest, choice)

    def _keeps(self, point: Point, baseline: Point) -> bool:
        return all(bound.missed_by(point, baseline) <= 0 for bound in self.keep)

    def status(self, store: Store) -> tuple[int, int]:
        """Settings that are finished, and how many there are to play: the search goes as far as the store leads."""
        if len(self.grid) <= self.trials:
            whole = Sweeper.of(self.scenario, self.grid, self.engine)
            return whole.status(store)[2], len(self.grid)
        self._settle()
        with contextlib.suppress(_Unfinished):
            self._search(store, None, None)
        return sum(point is not None for point in self._known.values()), self.trials

    def _settle(self) -> None:
        """Fix the warm-up, so that it is the same for all settings."""
        run = self.scenario.run.model_copy(update={"warmup": self._corners().warmup})
        self.scenario = with_parts(self.scenario, run=run)

    def _corners(self) -> Sweeper:
        """What an automatic warm-up is found from; of a grid whose corners make no sense, the organisation as it is."""
        try:
            return Sweeper.of(self.scenario, self.grid, self.engine, self.grid.corners())
        except ScenarioError:
            return Sweeper.of(self.scenario, self.grid, self.engine, [])

    def _position(self, setting: Setting) -> tuple[int, ...]:
        return tuple(axis.values.index(value) for axis, value in zip(self.grid.axes, setting, strict=True))

    def _best(self, swept: Sweep, choice: Choice | None) -> Point | None:
        """The best mean of those that keep what has to hold, among those that are not surely beaten where that is known."""
        sign = -1 if measure.direction(self.metric) == "up" else 1
        among = swept.points if choice is None else choice.unbeaten
        known = [
            (sign * mean, number)
            for number, point in enumerate(among)
            if (mean := point[self.metric].mean) is not None and self._keeps(point, swept.baseline)
        ]
        return among[min(known)[1]] if known else None

    def _search(self, store: Store, staff: Staff | None, progress: Progress | None) -> None:
        """Ask and tell until enough is known. Without staff it goes by what the store has, and raises _Unfinished at its end."""
        optuna = _optuna()
        sampler = self._quietly(
            lambda: optuna.samplers.TPESampler(
                seed=self.scenario.run.seed % 2**32,
                constraints_func=lambda trial: trial.user_attrs["missed"] if self.keep else (0.0,),
                constant_liar=True,
            )
        )
        study = optuna.create_study(direction="minimize", sampler=sampler)
        asked = 0
        while len(self._known) < self.trials and asked < 4 * self.trials:
            trials = [self._quietly(study.ask) for _ in range(min(BATCH, self.trials - len(self._known)))]
            asked += len(trials)
            settings = [self._quietly(partial(self._suggested, trial)) for trial in trials]
            self._evaluate([setting for setting in dict.fromkeys(settings) if setting not in self._known], store, staff, progress)
            for trial, setting in zip(trials, settings, strict=True):
                self._tell(optuna, study, trial, self._known[setting])

    @staticmethod
    def _quietly(work: Callable[[], Any]) -> Any:
        """Without Optuna's warnings about what it calls experimental: its version is not the user's business."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()

    def _suggested(self, trial: Any) -> Setting:
        values: list[Any] = []
        for axis in self.grid.axes:
            last = len(axis.values) - 1
            number = (
                trial.suggest_int(axis.path, 0, last) if axis.numbers else trial.suggest_categorical(axis.path, range(last + 1))
            )
            values.append(axis.values[number])
        return tuple(values)

    def _evaluate(self, settings: Sequence[Setting], store: Store, staff: Staff | None, progress: Progress | None) -> None:
        sensible = []
        for setting in settings:
            try:
                Sweeper.of(self.scenario, self.grid, self.engine, [setting])
                sensible.append(setting)
            except ScenarioError:
                self._known[setting] = None
        if sensible:
            batch = Sweeper.of(self.scenario, self.grid, self.engine, sensible)
            if staff is None and batch.status(store)[2] < len(sensible):
                raise _Unfinished
            swept = batch.play(store, staff or Staff(1))
            for setting, point in zip(sensible, swept.points, strict=True):
                self._known[setting] = (point, swept.baseline)
        if progress:
            progress(min(len(self._known), self.trials), self.trials)

    def _tell(self, optuna: Any, study: Any, trial: Any, sides: tuple[Point, Point] | None) -> None:
        mean = None if sides is None else sides[0][self.metric].mean
        if sides is None or mean is None:
            trial.set_user_attr("missed", [1.0] * max(1, len(self.keep)))
            self._quietly(lambda: study.tell(trial, state=optuna.trial.TrialState.FAIL))
            return
        trial.set_user_attr("missed", [keep.missed_by(*sides) for keep in self.keep] or [0.0])
        sign = -1 if measure.direction(self.metric) == "up" else 1
        self._quietly(lambda: study.tell(trial, sign * mean))


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise MissingExtra("searching a grid needs Optuna: pip install 'vssim[optimise]'") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def optimise(
    scenario: Scenario,
    over: Mapping[str, Any],
    *,
    best: str | None = None,
    keep: str | Sequence[str] = (),
    trials: int = TRIALS,
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
    progress: Progress | None = None,
) -> Search:
    """The setting of a grid where a metric (default: the headline) is best, and those that cannot be told apart from it.

    What has to hold is said by `keep`, as in "throughput>=95%" or "cost<=9000". A grid of no more than `trials` settings is
    played as a whole, of a larger one so many are looked for (Optuna). Everything else is as in `sweep`. Where something is not
    known, settings are compared on the average over worlds.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    if not isinstance(trials, int) or trials < 1:
        raise UsageError(f"trials: got {trials!r}, expected a whole number of at least 1")
    bounds = tuple(Keep.of(text) for text in ([keep] if isinstance(keep, str) else keep))
    searcher = Searcher(settled, grid(settled, over, change, "over"), best or settled.headline, bounds, trials, engine)
    with opened(store) as kept, Staff(jobs, workers, cluster, executor) as staff:
        return searcher.play(kept, staff, progress)
