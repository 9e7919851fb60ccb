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

from vssim.analysis import cautions, metrics, warmup
from vssim.analysis.breakeven import Course, course
from vssim.analysis.executors import Staff
from vssim.analysis.facts import Facts
from vssim.analysis.replications import Progress, Study, Workers
from vssim.analysis.statistics import Estimate, compare_pairs, estimate
from vssim.analysis.window import Window
from vssim.engines import Engine
from vssim.errors import UsageError
from vssim.log import Log
from vssim.model.changes import BASELINE, Plan
from vssim.model.load import Load, load
from vssim.model.values import is_number
from vssim.scenario import Scenario

HEADLINE = "lead_time.p85"
"""The metric that the verdict is about."""

WITHIN = (10.0, 20.0, 30.0, 60.0, 90.0)
"""Lead times that people ask about: what share is delivered within so many units of time."""

PILOTS = 5
"""Replications that an automatic warm-up is found from."""

Metrics = dict[str, float | None]


@dataclass(frozen=True)
class Variant:
    """One way to organise the work, before it is run."""

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
    metrics: list[list[list[Metrics]]]
    """[variant][window][replication]"""
    starts: tuple[float, ...] = ()
    """when changes come into force, each once [units of time]"""
    courses: list[list[list[Course]]] = field(default_factory=list)
    """[variant][replication][start]"""
    notes: list[str] = field(default_factory=list)
    """what there is to say about the experiment as a whole"""

    @property
    def replications(self) -> int:
        """How many there are of each variant."""
        return len(self.metrics[0][0])

    def of(self, variant: int, window: int, metric: str) -> list[float | None]:
        """One metric by replication."""
        return [sample.get(metric) for sample in self.metrics[variant][window]]

    def count(self, variant: int) -> int:
        """How many replications there are of one variant."""
        return len(self.metrics[variant][0])


@dataclass(frozen=True)
class Round:
    """Further runs: of each of some variants the replications that are missing up to `end`."""

    end: int
    variants: tuple[int, ...]


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
        """How many replications it takes, as far as `done` with half an interval of `width` can tell; at most twice as many."""
        if width <= self.share or done >= self.most:
            return done
        wanted = done * (width / self.share) ** 2 if math.isfinite(width) else math.inf
        return min(self.most, 2 * done, max(done + 2, math.ceil(min(wanted, 1e9))))


@dataclass(frozen=True)
class Experiment:
    """Variants of a scenario, ready to run."""

    scenario: Scenario
    variants: tuple[Variant, ...]
    study: Study

    @classmethod
    def of(cls, scenario: Scenario, changes: Iterable[str | None], engine: Engine = "auto") -> Experiment:
        """The variants of `scenario` with each of the changes; None is the organisation as it is."""
        variants: list[Variant] = []
        plans: list[Plan] = []
        for change in changes:
            plan = scenario.plan(change)
            since = scenario.changes[change].from_ if change is not None else None
            carried = load(plan.phases[-1].model)
            notes = (*(scenario.warnings if not variants else ()), *plan.notes, *cautions.before(carried))
            if since and since >= scenario.run.horizon:
                notes += (f"comes into force at {since:g}, after the end of the run at {scenario.run.horizon:g}",)
            variants.append(Variant(change or BASELINE, change, since or None, carried, notes))
            plans.append(plan)
        study = Study(tuple(plans), scenario.run.horizon, scenario.run.seed, scenario.unit, engine)
        return cls(scenario, tuple(variants), study)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to say before the run, with the variant it is about."""
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
        with Staff(jobs, executor=executor) as staff:
            workers = Workers(self.study, staff)
            samples = self._empty(self._settled(workers, progress))
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
        starts = tuple(dict.fromkeys(variant.since for variant in self.variants if variant.since is not None))
        return Samples(warmup, windows, [[[] for _ in windows] for _ in self.variants], starts, [[] for _ in self.variants])

    def _settled(self, workers: Workers, progress: Progress | None) -> float:
        given = self.scenario.run.warmup
        if given != "auto":
            return float(given)
        steady = [number for number, variant in enumerate(self.variants) if variant.since is None] or [0]
        pilots = min(PILOTS, self.scenario.run.replications)
        courses = workers.map(pilot, [(variant, number) for variant in steady for number in range(pilots)], progress)
        by_variant = [courses[first : first + pilots] for first in range(0, len(courses), pilots)]
        return warmup.settle(by_variant, self.study.horizon)

    def _replicate(self, workers: Workers, samples: Samples, more: Round, progress: Progress | None) -> None:
        tasks = [(number, one) for one in range(more.end) for number in more.variants if one >= samples.count(number)]
        work = partial(followed, windows=samples.windows, within=thresholds(self.scenario), starts=samples.starts)
        for (variant, _), (found, courses) in zip(tasks, workers.map(work, tasks, progress), strict=True):
            samples.courses[variant].append(courses)
            for window, sample in enumerate(found):
                samples.metrics[variant][window].append(sample)

    def _enough(self, samples: Samples, precision: Precision) -> int:
        """How many replications the precision takes; a note where so many as there may be are not enough."""
        done = samples.replications
        worst = max((half_share(one) for one in self._headlines(samples)), default=math.inf)
        if worst > precision.share and done >= precision.most:
            reached = f"± {worst:.1%}" if math.isfinite(worst) else "undefined"
            samples.notes.append(
                f"precision: after {done} replications the headline's interval is {reached}, not ± {precision.share:.1%}"
            )
        return precision.enough(done, worst)

    def _headlines(self, samples: Samples) -> list[tuple[Estimate, float]]:
        """The intervals that the precision is about, each with what it is a share of."""
        changes = range(1, len(self.variants))
        if not changes:
            alone = estimate(samples.of(0, 0, HEADLINE))
            return [(alone, alone.mean or math.nan)]
        found = []
        for variant in changes:
            window = self.window_of(variant, samples)
            before, after = samples.of(0, window, HEADLINE), samples.of(variant, window, HEADLINE)
            found.append((compare_pairs(before, after, metrics.direction(HEADLINE)).ratio, 1.0))
        return found


def half_share(headline: tuple[Estimate, float]) -> float:
    """Half an interval as a share; infinite where there is none."""
    one, whole = headline
    if one.low is None or one.high is None or not whole > 0:
        return math.inf
    return (one.high - one.low) / 2 / whole


def thresholds(scenario: Scenario) -> tuple[float, ...]:
    """The times that `within.<time>` is measured for: the usual ones, and what the claims name [units of time]."""
    named = (re.fullmatch(r"within\.(\d+(?:\.\d+)?)(?:@.*)?", claim.metric) for claim in scenario.claims)
    return tuple(sorted({*WITHIN, *(float(found[1]) for found in named if found)}))


def followed(
    study: Study, variant: int, replication: int, *, windows: Sequence[float], within: Sequence[float], starts: Sequence[float]
) -> tuple[list[Metrics], list[Course]]:
    """One run, measured over every window, and followed from every start."""
    log = study.log(variant, replication)
    return measured(log, windows, within), [course(log, start) for start in starts]


def measured(log: Log, windows: Sequence[float], within: Sequence[float]) -> list[Metrics]:
    """The metrics of one run over every window."""
    facts = Facts(log)
    return [metrics.over(facts, Window.of(log, start), within) for start in windows]


def pilot(study: Study, variant: int, replication: int) -> list[float]:
    """One run, only to see when its start is forgotten."""
    return warmup.course(study.log(variant, replication))
