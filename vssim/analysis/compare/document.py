"""What programs are told: the document of `run` and `compare`, its JSON Schema, and the same as a table.

One declaration gives both the document and its schema. These forms are promised: they may grow, they do not change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vssim.analysis.compare.compare import Comparison, Differences, Measured, Period
from vssim.analysis.uncertain.answers import OverWorlds
from vssim.metrics import measure
from vssim.metrics.breakeven import BreakEven
from vssim.model.values import plain
from vssim.scenario import Scenario
from vssim.scenario.origins import Verdict as Check
from vssim.statistics import Difference, Estimate, Verdict
from vssim.version import __version__

if TYPE_CHECKING:
    import polars


THINNED = 4
"""Of the moments of a break-even's line every fourth is in the document: 51 of them."""


class Entry(BaseModel):
    """A piece of the document; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Interval(Entry):
    """A figure of all replications together with its 95 % interval; null where undefined."""

    mean: float | None = Field(description="the figure of all replications together; null where it is undefined")
    low: float | None = Field(description="lower end of the 95 % interval; null where there is none")
    high: float | None = Field(description="upper end of the 95 % interval")


class MetricEntry(Interval):
    """A metric of a variant."""

    n: int = Field(ge=0, description="number of replications that it rests on")
    share: float | None = Field(default=None, description="of a percentile: the share of items that really took at most so long")
    reason: str | None = Field(default=None, description="why there is no interval; of a variant `undefined` says it")
    rough: bool = Field(default=False, description="a percentile far out, from fewer than 20 runs")
    skewed: bool = Field(default=False, description="runs so uneven that the interval holds about 9 times in 10")


class RangeEntry(Entry):
    """A range of values."""

    low: float = Field(description="lower end")
    high: float = Field(description="upper end")
    at_most: bool = Field(default=False, description="true where luck hides how much narrower it is")


class FactEntry(Entry):
    """What one fact that is not known has to do with an effect."""

    fact: str = Field(description="path of the figure, with the parameter of a distribution")
    share: float = Field(description="of what is not known of the effect, explained by this fact alone")


class DifferenceEntry(Entry):
    """How a metric differs from the baseline's, replication by replication with the same luck."""

    difference: Interval = Field(description="with the change − baseline, in the metric's unit")
    ratio: Interval = Field(description="with the change / baseline")
    better_in: int | None = Field(description="number of replications in which it was better; null without a good direction")
    verdict: Verdict | None = Field(description="in words; null without a good direction")
    variance_ratio: float | None = Field(
        default=None, description="how many times as many runs it would take without common luck; known to a factor 2"
    )
    reason: str | None = Field(default=None, description="why there is no interval")
    in_your_world: RangeEntry | None = Field(
        default=None, description="where something is not known: 90 % of what is thought possible"
    )
    worlds_better: Interval | None = Field(default=None, description="share of worlds in which it is better, luck taken out")
    luck: float | None = Field(default=None, description="standard deviation that luck alone gives one run")
    not_knowing: float | None = Field(default=None, description="variance of what is not known; below 0 where luck hides it")
    hangs_on: list[FactEntry] = Field(default=[], description="of the headline: the facts that explain most of what is not known")
    told: list[str] = Field(default=[], description="of a learned scenario: on what it hangs of which its records say nothing")


class LineEntry(Entry):
    """How far a change is ahead of the baseline, moment by moment: worse before better."""

    at: list[float] = Field(description="moments, from when the change comes into force to the horizon")
    mean: list[float] = Field(description="delivered (or cash) since then, with the change − baseline; mean over replications")
    low: list[float] | None = Field(description="lower end of the 95 % interval; null with fewer than two replications")
    high: list[float] | None = Field(description="upper end of the 95 % interval")


class BreakEvenEntry(Entry):
    """When what a change has delivered since it came into force passes what the baseline has."""

    time: float | None = Field(description="from when on it is not behind any more, on average; null: not by the horizon")
    low: float | None = Field(description="lower end of its 95 % interval; null: surely behind at the horizon, or one replication")
    high: float | None = Field(description="upper end; null: not surely ahead at the horizon, or one replication")
    worst: Interval = Field(description="how far it is ahead where it is furthest behind")
    worst_at: float = Field(description="when that is")
    at_end: Interval = Field(description="how far it is ahead at the horizon")
    line: LineEntry = Field(description="how far it is ahead, moment by moment")


class OutcomeEntry(Entry):
    """What happens once in a run, as quantiles over the replications in which it did."""

    p50: float | None = Field(description="half of the replications: by then")
    p85: float | None = Field(description="85 % of them")
    p95: float | None = Field(description="95 % of them")
    low: float | None = Field(description="lower end of the 95 % interval of p85")
    high: float | None = Field(description="upper end")
    n: int = Field(ge=0, description="replications in which it happened")


class GaveUpEntry(Entry):
    """Who gave up, of the customers' items that left in the measured time: delivered, stopped or given up."""

    share: float | None = Field(description="their share, of all replications together; null: nothing left")
    low: float | None = Field(description="lower end of its 95 % interval")
    high: float | None = Field(description="upper end")
    n: int = Field(ge=0, description="replications in which something left")
    types: dict[str, float | None] = Field(default={}, description="by type, where there are several: the share of its own items")


class FamilyEntry(Entry):
    """All variants that hold from the start, looked at together by the headline: one statement, right 95 times in 100."""

    looked_at: int = Field(ge=2, description="how many, the baseline among them")
    best: list[str] = Field(description="those that no other surely beats")
    costs_at_most: dict[str, float] = Field(description="what choosing one costs at most against the best, as a share")


class VariantEntry(Entry):
    """A variant: the baseline, or a change."""

    metrics: dict[str, MetricEntry] = Field(description="by name, over (warmup, horizon]")
    load: dict[str, float | None] = Field(
        description="by team, and by gate with a limit: arriving work as a share of what can be carried"
    )
    warnings: list[str] = Field(description="what to know before trusting the figures")
    outcomes: dict[str, OutcomeEntry] = Field(default={}, description="of what happens once in a run")
    undefined: dict[str, str] = Field(default={}, description="by metric: why it has no interval")
    gave_up: GaveUpEntry | None = Field(
        default=None, description="how many gave up, where anybody may: times are of those who did not"
    )
    since: float | None = Field(
        default=None, description="when the change comes into force; its differences are measured from then on, on both sides"
    )
    break_even: dict[Literal["items", "value", "cash"], BreakEvenEntry] = Field(
        default={}, description="against the baseline: of a change that comes into force by what is counted; cash of every change"
    )
    cash: LineEntry | None = Field(default=None, description="earned - paid since the start, by moment, where there is a currency")


class PeriodVariant(Entry):
    """A variant over a period."""

    metrics: dict[str, MetricEntry] = Field(description="by name, over (from, to]")


class PeriodEntry(Entry):
    """A piece of the measured time, measured by itself."""

    model_config = ConfigDict(populate_by_name=True)

    from_: float = Field(alias="from", description="when it begins; what happens then counts before it")
    to: float = Field(description="when it ends; what happens then counts")
    variants: dict[str, PeriodVariant] = Field(description="by name, the baseline first")


class ResultDocument(Entry):
    """The result of `vssim run` and `vssim compare`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    start: str | None = Field(default=None, description="date of time 0, where the scenario has one")
    currency: str | None = Field(default=None, description="of all money, where the scenario has one")
    headline: str = Field(description="the metric that the verdict is about")
    baseline_check: Check | None = Field(default=None, description="of a learned scenario: whether it plays its own past")
    seed: int = Field(description="of all luck")
    replications: int = Field(ge=1, description="of each variant")
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved; the same for all variants")
    variants: dict[str, VariantEntry] = Field(description="by name, the baseline first")
    differences: dict[str, dict[str, DifferenceEntry]] = Field(description="by change and metric; empty for one variant alone")
    family: FamilyEntry | None = Field(default=None, description="all variants together, where there are several")
    periods: list[PeriodEntry] = Field(default=[], description="the measured time in pieces, where they were asked for")
    warnings: list[str] = Field(default=[], description="about the experiment as a whole")


def document(comparison: Comparison) -> dict[str, Any]:
    """The document of a comparison, or of one variant alone."""
    settings = comparison.scenario.run
    return ResultDocument(
        vssim=__version__,
        scenario=comparison.scenario.name,
        unit=comparison.scenario.unit,
        start=None if comparison.scenario.start is None else comparison.scenario.start.isoformat(),
        currency=comparison.scenario.currency or None,
        headline=comparison.headline,
        baseline_check=baseline_check(comparison.scenario),
        seed=settings.seed,
        replications=comparison.replications,
        horizon=plain(settings.horizon),
        warmup=plain(comparison.warmup),
        variants={name: _variant(variant, comparison.entries.get(name)) for name, variant in comparison.variants.items()},
        differences={
            name: {metric: _believed(differences, metric) for metric in differences} for name, differences in comparison.items()
        },
        family=_family(comparison),
        periods=[_period(period) for period in comparison.periods],
        warnings=list(comparison.notes),
    ).model_dump(exclude_defaults=True, by_alias=True)


def baseline_check(scenario: Scenario) -> Check | None:
    """Whether the organisation as it is plays the past that it was learned from; None where it was not learned."""
    return None if scenario.learned is None else scenario.learned.verdict


def _period(period: Period) -> PeriodEntry:
    variants = {
        name: PeriodVariant(metrics={metric: metric_entry(estimate) for metric, estimate in pooled.items()})
        for name, pooled in period.variants.items()
    }
    return PeriodEntry(from_=period.start, to=period.end, variants=variants)


def _variant(variant: Measured, differences: Differences | None) -> VariantEntry:
    return VariantEntry(
        metrics={name: metric_entry(estimate).model_copy(update={"reason": None}) for name, estimate in variant.items()},
        load={name: _finite(share) for name, share in (*variant.load.by_team.items(), *variant.load.by_gate.items())},
        warnings=list(variant.warnings),
        outcomes={name: _outcome(told, len(variant.samples)) for name, told in variant.outcomes.items()},
        undefined=variant.undefined,
        gave_up=_gave_up(variant),
        since=variant.since,
        break_even={} if differences is None else {counted: _break_even(line) for counted, line in differences.break_even.items()},
        cash=None if variant.cash is None else _line(variant.cash),
    )


def _gave_up(variant: Measured) -> GaveUpEntry | None:
    if not variant.gave_up:
        return None
    whole, *_ = variant.gave_up.values()
    types = {name: _finite(estimate.mean) for name, estimate in variant.gave_up.items() if name and len(variant.gave_up) > 2}
    return GaveUpEntry(share=_finite(whole.mean), low=_finite(whole.low), high=_finite(whole.high), n=whole.n, types=types)


def _outcome(told: Mapping[float, Estimate], replications: int) -> OutcomeEntry:
    p50, p85, p95 = told.values()
    ends = {"low": _finite(p85.low), "high": _finite(p85.high)}
    return OutcomeEntry(p50=_finite(p50.mean), p85=_finite(p85.mean), p95=_finite(p95.mean), **ends, n=min(p85.n, replications))


def _family(comparison: Comparison) -> FamilyEntry | None:
    told = comparison.family
    if told is None:
        return None
    known = {name: cost for name, cost in told.costs_at_most.items() if math.isfinite(cost)}
    return FamilyEntry(looked_at=len(told.names), best=list(told.unbeaten), costs_at_most=known)


def _break_even(break_even: BreakEven) -> BreakEvenEntry:
    return BreakEvenEntry(
        time=break_even.time,
        low=break_even.earliest,
        high=break_even.latest,
        worst=Interval(**_interval(break_even.estimate(break_even.worst))),
        worst_at=float(break_even.at[break_even.worst]),
        at_end=Interval(**_interval(break_even.estimate(-1))),
        line=_line(break_even),
    )


def _line(break_even: BreakEven) -> LineEntry:
    some = slice(None, None, THINNED)
    mean, half = break_even.mean[some], None if break_even.half is None else break_even.half[some]
    return LineEntry(
        at=break_even.at[some].tolist(),
        mean=mean.tolist(),
        low=None if half is None else (mean - half).tolist(),
        high=None if half is None else (mean + half).tolist(),
    )


def metric_entry(estimate: Estimate) -> MetricEntry:
    """The entry of a metric in a document."""
    return MetricEntry(
        **_interval(estimate),
        n=estimate.n,
        share=estimate.share,
        reason=None if estimate.mean is None else estimate.reason,
        rough=estimate.rough,
        skewed=estimate.skewed,
    )


def _believed(differences: Differences, metric: str) -> DifferenceEntry:
    """A difference with what is believed of it, where something is not known; of the headline with what it hangs on."""
    entry, over = compared_entry(differences.entries, metric), differences.over_worlds
    if over is None or metric != differences.headline or over.believed(metric) is None:
        return entry
    hangs_on = over.deciding(metric)
    return entry.model_copy(
        update={
            "told": [each.sentence for each in over.hangs(metric)],
            "hangs_on": [] if hangs_on is None else [FactEntry(fact=fact.name, share=fact.share) for fact in hangs_on.facts],
        }
    )


def compared_entry(compared: Mapping[str, Difference], metric: str) -> DifferenceEntry:
    """The entry of a difference in a document, with what is believed of it where it is over worlds."""
    entry = difference_entry(compared[metric])
    believed = compared.believed(metric) if isinstance(compared, OverWorlds) else None
    if believed is None:
        return entry
    low, high = believed.effect.in_your_world
    better = None if believed.better is None else Interval(mean=believed.better, low=believed.better_low, high=believed.better_high)
    return entry.model_copy(
        update={
            "in_your_world": RangeEntry(low=low, high=high, at_most=not believed.effect.is_told),
            "worlds_better": better,
            "luck": believed.effect.luck,
            "not_knowing": believed.effect.not_known,
        }
    )


def difference_entry(difference: Difference) -> DifferenceEntry:
    """The entry of a difference in a document."""
    return DifferenceEntry(
        difference=Interval(**_interval(difference.difference)),
        ratio=Interval(**_interval(difference.ratio)),
        better_in=difference.better_in,
        verdict=difference.verdict,
        variance_ratio=_finite(difference.variance_ratio),
        reason=difference.reason,
    )


def _interval(estimate: Estimate) -> dict[str, float | None]:
    return {"mean": _finite(estimate.mean), "low": _finite(estimate.low), "high": _finite(estimate.high)}


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def table(comparison: Comparison) -> polars.DataFrame:
    """One row a variant and metric; what it differs by is null for the baseline."""
    import polars

    rows = [row for name in comparison.variants for row in _rows(comparison, name)]
    return polars.DataFrame(rows, schema=COLUMNS, orient="row")


FIGURES: dict[str, Any] = {
    "metric": str,
    "unit": str,
    "mean": float,
    "low": float,
    "high": float,
    "n": int,
    "difference": float,
    "difference_low": float,
    "difference_high": float,
    "ratio": float,
    "ratio_low": float,
    "ratio_high": float,
    "better_in": int,
    "verdict": str,
}
"""The columns, with their types, of a metric and of its difference from the baseline: in this table and in that of a sweep."""

COLUMNS: dict[str, Any] = {"variant": str, **FIGURES}
"""The columns of the table, with their types."""


def _rows(comparison: Comparison, name: str) -> Iterator[dict[str, Any]]:
    differences: Differences | None = comparison.entries.get(name)
    for metric, estimate in comparison.variants[name].items():
        row: dict[str, Any] = {"variant": name, "metric": metric, "unit": _unit(comparison, metric)}
        row |= {**_interval(estimate), "n": estimate.n}
        if differences is not None and metric in differences:
            row |= difference_columns(difference_entry(differences[metric]))
        yield row


def _unit(comparison: Comparison, metric: str) -> str:
    return measure.unit_of(metric, comparison.scenario.unit, comparison.scenario.currency)


def difference_columns(entry: DifferenceEntry) -> dict[str, Any]:
    """The columns of a difference in a table."""
    columns: dict[str, Any] = {"better_in": entry.better_in, "verdict": entry.verdict}
    for name in ("difference", "ratio"):
        interval: Interval = getattr(entry, name)
        columns |= {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return columns
