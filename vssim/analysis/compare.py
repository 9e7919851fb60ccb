"""Compare: the organisation as it is against every change, with the same work and the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from vssim.analysis import cautions, metrics
from vssim.analysis.breakeven import BreakEven, break_even
from vssim.analysis.experiment import HEADLINE, Experiment, Metrics, Precision, Samples
from vssim.analysis.named import Named
from vssim.analysis.replications import Progress
from vssim.analysis.settings import adjusted, change_named, changes_named
from vssim.analysis.statistics import Difference, Estimate, compare_pairs, estimate
from vssim.engines import Engine
from vssim.model.load import Load
from vssim.scenario import Scenario

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, eq=False, repr=False)
class Measured(Named[Estimate]):
    """A variant after its runs: metric -> estimate over the whole measured time."""

    name: str
    since: float | None
    """when its change comes into force; None: from the start [units of time]"""
    load: Load
    """arriving work as a share of what can be carried, known before the run"""
    warnings: tuple[str, ...]
    samples: tuple[Metrics, ...]
    """the metrics of each replication"""

    def __repr__(self) -> str:
        lead = self[HEADLINE].mean
        return f"{self.name}: {HEADLINE} {'undefined' if lead is None else f'{lead:.3g}'}"


@dataclass(frozen=True, eq=False, repr=False)
class Differences(Named[Difference]):
    """A change against the baseline: metric -> paired difference, both sides measured over the same window."""

    change: str
    start: float
    """where the window begins: the warm-up, or when the change comes into force [units of time]"""
    before: Mapping[str, Estimate]
    """the baseline over that window"""
    after: Mapping[str, Estimate]
    """the change over that window"""
    break_even: Mapping[str, BreakEven]
    """of a change that comes into force: when its deliveries pass the baseline's, by what is counted (items, value)"""

    def __repr__(self) -> str:
        before, after, found = self.before[HEADLINE].mean, self.after[HEADLINE].mean, self[HEADLINE]
        if before is None or after is None:
            return f"{self.change}: {HEADLINE} undefined"
        return f"{self.change}: {HEADLINE} {before:.3g} → {after:.3g}, ratio {found.ratio.mean:.3g}: {found.verdict}"


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Named[Differences]):
    """The answer: variants with their metrics, and what each change differs by. change -> metric -> Difference."""

    what: ClassVar[str] = "change"

    scenario: Scenario
    """as it was run: with the settings that were given"""
    warmup: float
    """as resolved [units of time]"""
    replications: int
    variants: Mapping[str, Measured]
    """by name; the baseline first, unless one variant was run alone"""
    notes: tuple[str, ...]
    """what there is to say about the comparison as a whole"""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything a reader should know, with the variant it is about."""
        about = (f"{variant.name}: {text}" for variant in self.variants.values() for text in variant.warnings)
        return (*about, *self.notes)

    def table(self) -> polars.DataFrame:
        """One row a variant and metric: mean, interval, and what it differs by from the baseline."""
        from vssim.analysis.results import table

        return table(self)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        from vssim.analysis.results import document

        return document(self)

    def __repr__(self) -> str:
        head = f"{self.scenario.name}: {self.replications} replications of {self.scenario.run.horizon:g} {self.scenario.unit}s"
        lines = [repr(one) for one in (self.entries or self.variants).values()]
        return "\n".join([head, *(f"  {line}" for line in lines), *(f"  ! {text}" for text in self.warnings)])


def compare(
    scenario: Scenario,
    *,
    only: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    horizon: float | None = None,
    warmup: float | str | None = None,
    engine: Engine = "auto",
    jobs: int | None = None,
    executor: Executor | None = None,
    precision: float | None = None,
    most: int = 200,
    progress: Progress | None = None,
) -> Comparison:
    """The organisation as it is against every change, or against those named in `only`.

    What is not given is as the scenario says. `jobs` threads or processes share the work where it is worth it (default: one a
    core), or any `executor`; the answer does not depend on them. With `precision`, as many replications as it takes until the
    interval of each change's lead time (85 %) is at most ± that share of the baseline's, at most `most`.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    experiment = Experiment.of(settled, [None, *changes_named(settled, [only] if isinstance(only, str) else only)], engine)
    wanted = None if precision is None else Precision(precision, most)
    return outcome(experiment, experiment.play(jobs=jobs, executor=executor, precision=wanted, progress=progress))


def evaluate(
    scenario: Scenario,
    change: str | None = None,
    *,
    engine: Engine = "auto",
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """One variant alone, in as many replications as the scenario says; a comparison with nothing to compare."""
    experiment = Experiment.of(scenario, [change_named(scenario, change)], engine)
    return outcome(experiment, experiment.play(jobs=jobs, executor=executor, progress=progress))


def outcome(experiment: Experiment, samples: Samples) -> Comparison:
    """What was measured, summed up: estimates by variant, paired differences from the first variant."""
    variants = [_measured(experiment, samples, number) for number in range(len(experiment.variants))]
    changes = [_differences(experiment, samples, number) for number in range(1, len(variants))]
    return Comparison(
        scenario=experiment.scenario,
        warmup=samples.warmup,
        replications=samples.replications,
        variants={variant.name: variant for variant in variants},
        entries={one.change: one for one in changes},
        notes=tuple(samples.notes),
    )


def _measured(experiment: Experiment, samples: Samples, number: int) -> Measured:
    variant = experiment.variants[number]
    estimates = _estimates(samples, number, 0)
    found = cautions.after(estimates, experiment.scenario.unit)
    return Measured(
        name=variant.name,
        since=variant.since,
        entries=estimates,
        load=variant.load,
        warnings=(*variant.notes, *found),
        samples=tuple(samples.metrics[number][0]),
    )


def _differences(experiment: Experiment, samples: Samples, number: int) -> Differences:
    window = experiment.window_of(number, samples)
    before, after = _estimates(samples, 0, window), _estimates(samples, number, window)
    common = [metric for metric in after if metric in before]
    since = experiment.variants[number].since
    return Differences(
        change=experiment.variants[number].name,
        start=samples.windows[window],
        before=before,
        after=after,
        break_even={} if since is None else _break_even(experiment, samples, number, since),
        entries={
            metric: compare_pairs(samples.of(0, window, metric), samples.of(number, window, metric), metrics.direction(metric))
            for metric in common
        },
    )


def _break_even(experiment: Experiment, samples: Samples, number: int, since: float) -> dict[str, BreakEven]:
    place, horizon = samples.starts.index(since), experiment.study.horizon
    if since >= horizon:
        return {}
    before, after = ([courses[place] for courses in samples.courses[variant]] for variant in (0, number))
    return break_even(before, after, since, horizon)


def _estimates(samples: Samples, variant: int, window: int) -> dict[str, Estimate]:
    names = dict.fromkeys(name for sample in samples.metrics[variant][window] for name in sample)
    return {name: estimate(samples.of(variant, window, name)) for name in names}
