"""An experiment: some variants of a scenario, known to the last setting before the first run; and how it is played.

All variants of a replication meet the same luck. What is measured of each run is small and comes back; the log does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from vssim.engines import Engine
from vssim.errors import UsageError
from vssim.log import Log
from vssim.metrics.breakeven import Course, course
from vssim.metrics.sample import Metrics, Sample
from vssim.metrics.sampling import samples
from vssim.metrics.window import Window
from vssim.model.changes import BASELINE, Plan
from vssim.model.load import Load, load
from vssim.model.memory import memory
from vssim.model.values import is_number
from vssim.play import cautions
from vssim.play.executors import Kind, Staff
from vssim.play.periods import Span, periods
from vssim.play.pooled import Compared, Pooled
from vssim.play.replications import Progress, Study, Workers
from vssim.play.settings import believed
from vssim.play.worlds import worlds_of
from vssim.scenario import EACH, Scenario, comes_into_force, measured_from
from vssim.statistics import Estimate

WITHIN = (10.0, 20.0, 30.0, 60.0, 90.0)
"""Lead times that people ask about: what share is delivered within so many units of time."""


@dataclass(frozen=True)
class Variant:
    """A way to organise the work, before it is run: as it is, or with a change."""

    name: str
    change: str | None
    """None: as it is"""
    since: float | None
    """when the change comes into force; None: from the start [units of time]"""
    load: Load
    notes: tuple[str, ...]
    """what there is to say before the run"""


@dataclass
class Samples:
    """What was measured: by variant and window one set of metrics a replication, in order."""

    warmup: float
    """as resolved, the same for all variants [units of time]"""
    windows: tuple[float, ...]
    """starts of the windows; the first is the warm-up [units of time]"""
    metrics: list[list[list[Sample]]]
    """[variant][window, then period][replication]"""
    periods: tuple[Span, ...] = ()
    """pieces of the measured time that are measured by themselves, after the windows [units of time]"""
    starts: tuple[float, ...] = ()
    """when changes come into force, each once [units of time]"""
    courses: list[list[list[Course]]] = field(default_factory=list)
    """[variant][replication][start]"""
    each: int = 1
    """this many consecutive replications share one world"""
    notes: list[str] = field(default_factory=list)
    """what there is to say about the experiment as a whole"""

    @property
    def replications(self) -> int:
        """How many replications there are of each variant."""
        return len(self.metrics[0][0])

    def of(self, variant: int, window: int, metric: str) -> list[float | None]:
        """One metric by replication: each run's own figure."""
        return [sample.get(metric) for sample in self.metrics[variant][window]]

    def pooled(self, variant: int, window: int, count: int | None = None) -> Pooled:
        """All runs of a variant (of the first `count`) together."""
        return Pooled(self.metrics[variant][window][:count], self.each)

    def in_period(self, variant: int, period: int) -> Pooled:
        """All runs of a variant together, in one of the periods."""
        return self.pooled(variant, len(self.windows) + period)

    def count(self, variant: int) -> int:
        """How many replications there are of one variant."""
        return len(self.metrics[variant][0])


@dataclass(frozen=True)
class Round:
    """Further runs: of each of some variants the replications that are missing up to `end`."""

    end: int
    variants: tuple[int, ...]


Own = Callable[[Log, int, int, float], Metrics]
"""Metrics of a caller's own, of the run of a variant and replication, measured from a moment on [units of time]."""

Further = Callable[[Samples], Round | None]
"""What to run next, given what there is; None when it is enough."""


@dataclass(frozen=True)
class Precision:
    """Replications until the headline's interval is narrow enough, at most `most` of them.

    Narrow enough: half its width is at most `share` of the baseline's value, for every change; of one variant alone, of its mean.
    """

    share: float
    most: int = 200

    def __post_init__(self) -> None:
        if not is_number(self.share) or not 0 < self.share < 1:
            raise UsageError(f"precision: got {self.share!r}, expected a share above 0 and below 1, as in 0.05")
        if not isinstance(self.most, int) or self.most < 1:
            raise UsageError(f"most: got {self.most!r}, expected a whole number of at least 1")

    def begin(self, replications: int) -> int:
        """How many replications to begin with: as many as there are without precision, no more than there may be."""
        return min(replications, self.most)

    def enough(self, done: int, width: float) -> int:
        """How many replications it takes, judged from `done` of them with half an interval of `width`; at most twice `done`."""
        if width <= self.share or done >= self.most:
            return done
        wanted = done * (width / self.share) ** 2 if math.isfinite(width) else math.inf
        return min(self.most, 2 * done, max(done + 2, math.ceil(min(wanted, 1e9))))


@dataclass(frozen=True)
class Experiment:
    """The variants of a scenario, ready to run."""

    scenario: Scenario
    variants: tuple[Variant, ...]
    study: Study
    own: Own | None = None
    """metrics beside those of the catalogue"""
    periods: tuple[Span, ...] = ()
    """pieces of the measured time that are measured by themselves"""

    @classmethod
    def of(
        cls, scenario: Scenario, changes: Iterable[str | None], engine: Engine = "auto", by: float | str | None = None
    ) -> Experiment:
        """The experiment with these changes; None among them is the organisation as it is. `by`: a period, as `--by` takes it."""
        changes = tuple(changes)
        believed(scenario, changes)
        variants: list[Variant] = []
        plans: list[Plan] = []
        start = measured_from(scenario)
        for change in changes:
            plan = scenario.plan(change)
            since = comes_into_force(scenario, change)
            last = plan.phases[-1].model
            carried = load(last)
            measured = scenario.run.horizon - max(start, since or 0.0)
            long = measured > 0 and not last.loses_patience  # where everybody gives up in time, no queue grows for ever
            foreseen = cautions.before(carried, memory(last), measured, scenario.unit) if long else []
            notes = (*(scenario.warnings if not variants else ()), *plan.notes, *foreseen)
            if since and since >= scenario.run.horizon:
                notes += (f"comes into force at {since:g}, after the end of the run at {scenario.run.horizon:g}",)
            variants.append(Variant(change or BASELINE, change, since or None, carried, notes))
            plans.append(plan)
        worlds = worlds_of(scenario, [variant.change for variant in variants])
        study = Study(tuple(plans), scenario.run.horizon, scenario.run.seed, scenario.unit, engine, worlds)
        return cls(scenario, tuple(variants), study, periods=() if by is None else periods(scenario, by))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings before the run, each with the name of its variant."""
        return tuple(f"{variant.name}: {text}" for variant in self.variants for text in variant.notes)

    def play(
        self,
        *,
        jobs: int | None = None,
        executor: Executor | None = None,
        precision: Precision | None = None,
        further: Further | None = None,
        progress: Progress | None = None,
    ) -> Samples:
        """Run every variant as often as the scenario says; then as the precision asks for, and whatever `further` does."""
        everything = tuple(range(len(self.variants)))
        # A function from a notebook cannot be sent to another process; threads know it.
        kind: Kind = "threads" if self.own is not None else "auto"
        with Staff(jobs, kind, executor=executor) as staff:
            workers = Workers(self.study, staff)
            samples = self._empty(measured_from(self.scenario))
            count = self.scenario.run.replications
            self._replicate(workers, samples, Round(precision.begin(count) if precision else count, everything), progress)
            while precision and (enough := self._enough(samples, precision)) > samples.replications:
                self._replicate(workers, samples, Round(enough, everything), progress)
            while further and (more := further(samples)):
                self._replicate(workers, samples, more, progress)
        return samples

    def window_of(self, variant: int, samples: Samples) -> int:
        """The window over which the differences of a variant are measured."""
        return samples.windows.index(max(samples.warmup, self.variants[variant].since or 0.0))

    def _empty(self, warmup: float) -> Samples:
        windows = tuple(dict.fromkeys([warmup, *(max(warmup, variant.since or 0.0) for variant in self.variants)]))
        money = [0.0] if self.scenario.currency else []  # cash is followed from the start, whenever a change comes
        starts = tuple(dict.fromkeys([*money, *(variant.since for variant in self.variants if variant.since is not None)]))
        nothing: list[list[list[Sample]]] = [[[] for _ in (*windows, *self.periods)] for _ in self.variants]
        each = 1 if self.study.worlds is None else EACH
        return Samples(warmup, windows, nothing, self.periods, starts, [[] for _ in self.variants], each)

    def _replicate(self, workers: Workers, samples: Samples, more: Round, progress: Progress | None) -> None:
        tasks = [
            (number, replication)
            for replication in range(more.end)
            for number in more.variants
            if replication >= samples.count(number)
        ]
        within, starts = thresholds(self.scenario), samples.starts
        work = partial(followed, windows=samples.windows, periods=self.periods, within=within, starts=starts, own=self.own)
        for (variant, _), (sampled, courses) in zip(tasks, workers.map(work, tasks, progress), strict=True):
            samples.courses[variant].append(courses)
            for window, sample in enumerate(sampled):
                samples.metrics[variant][window].append(sample)

    def _enough(self, samples: Samples, precision: Precision) -> int:
        """How many replications the precision takes; a note where so many as there may be are not enough."""
        done = samples.replications
        worst = max((half_share(headline) for headline in self._headlines(samples)), default=math.inf)
        if worst > precision.share and done >= precision.most:
            reached = f"± {100 * worst:.1f} %" if math.isfinite(worst) else "undefined"
            samples.notes.append(
                f"precision: after {done} replications the headline's interval is {reached}, not ± {100 * precision.share:.1f} %"
            )
        return precision.enough(done, worst)

    def _headlines(self, samples: Samples) -> list[tuple[Estimate, float]]:
        """The intervals that the precision is about, each with the value that it is taken as a share of."""
        changes = range(1, len(self.variants))
        if not changes:
            alone = samples.pooled(0, 0)[self.scenario.headline]
            return [(alone, alone.mean or math.nan)]
        headlines = []
        for variant in changes:
            window = self.window_of(variant, samples)
            sides = samples.pooled(0, window), samples.pooled(variant, window)
            headlines.append((Compared(*sides)[self.scenario.headline].ratio, 1.0))
        return headlines


def half_share(headline: tuple[Estimate, float]) -> float:
    """Half an interval as a share of its value; infinite where there is no interval."""
    estimate, whole = headline
    if estimate.low is None or estimate.high is None or not whole > 0:
        return math.inf
    return (estimate.high - estimate.low) / 2 / whole


def thresholds(scenario: Scenario, metrics: Iterable[str] = ()) -> tuple[float, ...]:
    """The times that `within.<time>` is measured for: the usual ones, those in claims and headline, and `metrics` [units]."""
    every = (scenario.headline, *(claim.metric for claim in scenario.claims), *metrics)
    named = (re.fullmatch(r"within\.(\d+(?:\.\d+)?)(?:@.*)?", metric) for metric in every)
    return tuple(sorted({*WITHIN, *(float(match[1]) for match in named if match)}))


def followed(
    study: Study,
    variant: int,
    replication: int,
    *,
    windows: Sequence[float],
    within: Sequence[float],
    starts: Sequence[float],
    periods: Sequence[Span] = (),
    own: Own | None = None,
) -> tuple[list[Sample], list[Course]]:
    """One run, measured over every window and then every period, and its deliveries followed from every start.

    `own`: the caller's own metrics, which are measured over the windows only.
    """
    log = study.log(variant, replication)
    samples = measured(log, windows, within, periods)
    if own is not None:
        for place, start in enumerate(windows):
            samples[place] = samples[place].having(own(log, variant, replication, start))
    return samples, [course(log, start) for start in starts]


def measured(log: Log, windows: Sequence[float], within: Sequence[float], periods: Sequence[Span] = ()) -> list[Sample]:
    """The metrics of one run over every window, from its start to the end of the run, and over every period."""
    spans = [*(Window.of(log, start) for start in windows), *(Window.of(log, start, until=end) for start, end in periods)]
    return samples(log, spans, within)
