"""Compare: the organisation as it is against every change, with the same work and the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from vssim import markup
from vssim.analysis import results
from vssim.analysis.uncertain.answers import OverWorlds
from vssim.catalogue import OwnMetric, direction
from vssim.engines import Engine
from vssim.metrics.breakeven import BreakEven, Course, break_even, cash_line
from vssim.metrics.sample import Sample
from vssim.model.load import Load
from vssim.model.terms import PULLED
from vssim.play import cautions
from vssim.play.experiment import Experiment, Precision, Samples
from vssim.play.named import Named, as_pandas
from vssim.play.own import OwnMetrics
from vssim.play.pooled import Compared, Pooled
from vssim.play.replications import Progress
from vssim.play.run import Run
from vssim.play.settings import adjusted, change_named, changes_named
from vssim.scenario import Scenario
from vssim.statistics import UNDEFINED, Difference, Estimate, Family, family, level, pooled_mean
from vssim.statistics import outcome as quantile_over_runs

if TYPE_CHECKING:
    import polars


OUTCOMES = (0.5, 0.85, 0.95)
"""Shares of the replications by which an outcome is told."""


@dataclass(frozen=True, eq=False, repr=False)
class Measured(Named[Estimate]):
    """A variant after its runs: metric -> estimate over the whole measured time."""

    name: str
    since: float | None
    """when its change comes into force; None: from the start [units of time]"""
    load: Load
    """arriving work as a share of what can be carried, known before the run"""
    warnings: tuple[str, ...]
    pooled: Pooled
    """all runs together"""
    samples: tuple[Sample, ...]
    """what was measured of each replication"""
    headline: str
    """the metric that the verdict is about"""
    team_limits: tuple[str, ...] = ()
    """teams whose limit is below what is in progress, while nothing but the pull counts as commitment"""
    cash: BreakEven | None = None
    """earned − paid since the start; None without a currency"""

    @property
    def outcomes(self) -> dict[str, dict[float, Estimate]]:
        """Events that happen once in a run (all is done): by share of the replications, the moment by which it had happened."""
        done = [sample.get("last_done") for sample in self.samples]
        if not any(value is not None for value in done):
            return {}
        return {"last_done": {share: level(quantile_over_runs(done, share)) for share in OUTCOMES}}

    @property
    def gave_up(self) -> dict[str, Estimate]:
        """Which share of the customers' items that left gave up, by type under its name; '' all. {} where nobody can."""
        if "gave_up" not in self:
            return {}
        kinds = [name.removeprefix("gave_up") for name in self if name == "gave_up" or name.startswith("gave_up@")]
        return {kind.removeprefix("@"): _lost(self.samples, kind) for kind in kinds}

    @property
    def undefined(self) -> dict[str, str]:
        """By metric, why it has no figure or no interval; left out where nothing was measured at all."""
        return {
            name: estimate.reason for name, estimate in self.items() if estimate.reason and estimate.reason != "nothing to measure"
        }

    def __repr__(self) -> str:
        value = self[self.headline].mean
        return f"{self.name}: {self.headline} {'undefined' if value is None else f'{value:.3g}'}"


def _lost(samples: Sequence[Sample], kind: str) -> Estimate:
    """Of what left, delivered or not, the share that gave up."""
    ways = [[sample.get(f"{way}{kind}") or 0.0 for way in ("gave_up", "stopped", "throughput")] for sample in samples]
    left = [sum(rates) for rates in ways]
    shares = [rates[0] / all_ if all_ else None for rates, all_ in zip(ways, left, strict=True)]
    return level(pooled_mean(shares, left, "share")) if any(left) else UNDEFINED


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
    """of a change that comes into force: when its deliveries pass the baseline's, by what is counted (items, value); of every
    change, where there is a currency, when its cash does"""
    headline: str
    """the metric that the verdict is about"""

    @property
    def over_worlds(self) -> OverWorlds | None:
        """The effects over worlds, where some figures are beliefs; None where every figure is known."""
        return self.entries if isinstance(self.entries, OverWorlds) else None

    def __repr__(self) -> str:
        before, after, difference = self.before[self.headline].mean, self.after[self.headline].mean, self[self.headline]
        if before is None or after is None:
            return f"{self.change}: {self.headline} undefined"
        ratio = "" if difference.ratio.mean is None else f", ratio {difference.ratio.mean:.3g}"
        return f"{self.change}: {self.headline} {before:.3g} → {after:.3g}{ratio}: {difference.verdict}"


@dataclass(frozen=True, eq=False)
class Period:
    """A piece of the measured time, measured by itself."""

    start: float
    """[units of time]; what happens then counts before it"""
    end: float
    """[units of time]; what happens then counts"""
    variants: Mapping[str, Pooled]
    """by name: every metric over the period"""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Named[Differences]):
    """The answer: variants with their metrics, and what each change differs by. change -> metric -> Difference."""

    kind_of_name: ClassVar[str] = "change"

    scenario: Scenario
    """as it was run: with the settings that were given"""
    warmup: float
    """as resolved [units of time]"""
    replications: int
    variants: Mapping[str, Measured]
    """by name; the baseline first, unless one variant was run alone"""
    notes: tuple[str, ...]
    """what there is to say about the comparison as a whole"""
    periods: tuple[Period, ...] = ()
    """the measured time in pieces, where they were asked for"""

    @property
    def family(self) -> Family | None:
        """All variants that hold from the start, looked at together by the headline; None where that makes no sense."""
        good = direction(self.headline)
        figures = {
            name: variant.pooled.statistic(self.headline)
            for name, variant in self.variants.items()
            if variant.since is None and self.headline in variant.pooled
        }
        return None if good is None else family(figures, good)

    @property
    def headline(self) -> str:
        """The metric that the verdict is about."""
        return self.scenario.headline

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every warning, each with the name of its variant."""
        about = (f"{variant.name}: {text}" for variant in self.variants.values() for text in variant.warnings)
        return (*about, *self.notes)

    def table(self) -> polars.DataFrame:
        """One row a variant and metric: mean, interval, and what it differs by from the baseline."""
        return results.table(self)  # type: ignore[no-any-return]

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame; needs the notebook extra."""
        return as_pandas(self.table())

    def _repr_html_(self) -> str:
        """The comparison in a notebook: one row a change, and what there is to know."""
        rows = [_told(name, differences) for name, differences in self.items()]
        alone = [] if rows else [(name, variant[self.headline]) for name, variant in self.variants.items()]
        head = ("change", f"{self.headline}, before", "after", "ratio", "", "better in")
        played = f"{self.replications} replications of {self.scenario.run.horizon:g} {self.scenario.unit}s"
        shown = markup.table(head, rows) or markup.table(("variant", self.headline), alone)
        return markup.title(self.scenario.name) + markup.paragraph(played) + shown + markup.notes(self.warnings)

    def document(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return results.document(self)

    def __repr__(self) -> str:
        head = f"{self.scenario.name}: {self.replications} replications of {self.scenario.run.horizon:g} {self.scenario.unit}s"
        lines = [repr(entry) for entry in (self.entries or self.variants).values()]
        return "\n".join([head, *(f"  {line}" for line in lines), *(f"  ! {text}" for text in self.warnings)])


def _told(name: str, differences: Differences) -> tuple[object, ...]:
    """A change as one row of a notebook's table."""
    difference = differences[differences.headline]
    better = "" if difference.better_in is None else f"{difference.better_in} of {difference.n}"
    return (
        name,
        differences.before[differences.headline],
        differences.after[differences.headline],
        difference.ratio,
        difference.verdict or "",
        better,
    )


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
    metrics: Mapping[str, Callable[[Run], float | None] | OwnMetric] | None = None,
    by: float | str | None = None,
) -> Comparison:
    """The organisation as it is against every change, or against those named in `only`.

    What is not given is as the scenario says. `jobs` threads or processes share the work where it is worth it (default: one a
    core), or any `executor`; the answer does not depend on them. With `precision`, as many replications as it takes until the
    interval of each change's lead time (85 %) is at most ± that share of the baseline's, at most `most`. `metrics` are of your own:
    functions of a run by name, or an OwnMetric where there is a unit and a good direction; they get the same pairs and intervals.
    `by` a length, or a week, month, quarter or year of the calendar: every other metric by period too.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    changes = changes_named(settled, [only] if isinstance(only, str) else only)
    experiment = Experiment.of(settled, [None, *changes], engine, by)
    if metrics:
        experiment = replace(experiment, own=OwnMetrics.of(metrics, settled, [variant.change for variant in experiment.variants]))
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
    """The comparison that samples give: estimates by variant, and paired differences from the first variant."""
    variants = [_measured(experiment, samples, number) for number in range(len(experiment.variants))]
    changes = [_differences(experiment, samples, number) for number in range(1, len(variants))]
    return Comparison(
        scenario=experiment.scenario,
        warmup=samples.warmup,
        replications=samples.replications,
        variants={variant.name: variant for variant in variants},
        entries={change.change: change for change in changes},
        notes=tuple(samples.notes),
        periods=tuple(_period(experiment, samples, number) for number in range(len(samples.periods))),
    )


def _period(experiment: Experiment, samples: Samples, number: int) -> Period:
    variants = {variant.name: samples.in_period(place, number) for place, variant in enumerate(experiment.variants)}
    return Period(*samples.periods[number], variants)


def _measured(experiment: Experiment, samples: Samples, number: int) -> Measured:
    variant = experiment.variants[number]
    pooled = samples.pooled(number, 0)
    warnings = cautions.after(pooled, experiment.scenario.unit)
    return Measured(
        name=variant.name,
        since=variant.since,
        entries=pooled,
        load=variant.load,
        warnings=(*variant.notes, *warnings),
        pooled=pooled,
        samples=tuple(samples.metrics[number][0]),
        headline=experiment.scenario.headline,
        team_limits=_team_limits(experiment, number, pooled),
        cash=_cash(experiment, samples, number),
    )


def _team_limits(experiment: Experiment, number: int, pooled: Pooled) -> tuple[str, ...]:
    """The teams with a limit below the items in progress: such a limit holds nothing in the backlog."""
    plan = experiment.study.plans[number]
    wip = pooled["wip"].mean or 0.0
    teams = plan.phases[-1].model.teams.items()
    limited = tuple(name for name, team in teams if team.wip_limit is not None and team.wip_limit < wip)
    return limited if plan.terms.committed == PULLED else ()


def _differences(experiment: Experiment, samples: Samples, number: int) -> Differences:
    window = experiment.window_of(number, samples)
    before, after = (samples.pooled(side, window) for side in (0, number))
    since, worlds = experiment.variants[number].since, experiment.study.worlds
    return Differences(
        change=experiment.variants[number].name,
        start=samples.windows[window],
        before=before,
        after=after,
        break_even=_break_even(experiment, samples, number, since),
        entries=Compared(before, after)
        if worlds is None
        else OverWorlds(before, after, worlds, experiment.variants[number].change),
        headline=experiment.scenario.headline,
    )


def _break_even(experiment: Experiment, samples: Samples, number: int, since: float | None) -> dict[str, BreakEven]:
    start, horizon = since or 0.0, experiment.study.horizon
    if start not in samples.starts or start >= horizon:
        return {}
    before, after = (_courses(samples, variant, start) for variant in (0, number))
    told = break_even(before, after, start, horizon, samples.each)
    return {counted: line for counted, line in told.items() if since is not None or counted == "cash"}


def _cash(experiment: Experiment, samples: Samples, number: int) -> BreakEven | None:
    if not experiment.scenario.currency:
        return None
    return cash_line(_courses(samples, number, 0.0), 0.0, experiment.study.horizon, samples.each)


def _courses(samples: Samples, variant: int, start: float) -> list[Course]:
    place = samples.starts.index(start)
    return [courses[place] for courses in samples.courses[variant]]
