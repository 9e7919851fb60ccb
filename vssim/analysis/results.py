"""What programs are told: the document of `run` and `compare`, its JSON Schema, and the same as a table.

One declaration gives both the document and its schema. These forms are promised: they may grow, they do not change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from vssim import __version__
from vssim.analysis import metrics
from vssim.analysis.breakeven import BreakEven
from vssim.analysis.compare import Comparison, Differences, Measured
from vssim.analysis.statistics import Difference, Estimate, Verdict
from vssim.model.values import plain

if TYPE_CHECKING:
    import polars


THINNED = 4
"""Of the moments of a break-even's line every fourth is in the document: 51 of them."""


class Entry(BaseModel):
    """A piece of the document; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Interval(Entry):
    """A mean over replications with its 95 % interval; null where undefined."""

    mean: float | None = Field(description="mean over the replications in which it is defined")
    low: float | None = Field(description="lower end of the 95 % interval; null with fewer than two replications")
    high: float | None = Field(description="upper end of the 95 % interval")


class MetricEntry(Interval):
    """A metric of a variant."""

    n: int = Field(ge=0, description="number of replications in which the metric is defined")


class DifferenceEntry(Entry):
    """How a metric differs from the baseline's, replication by replication with the same luck."""

    difference: Interval = Field(description="with the change − baseline, in the metric's unit")
    ratio: Interval = Field(description="with the change / baseline")
    better_in: int | None = Field(description="number of replications in which it was better; null without a good direction")
    verdict: Verdict | None = Field(description="in words; null without a good direction")


class LineEntry(Entry):
    """How far a change is ahead of the baseline, moment by moment: worse before better."""

    at: list[float] = Field(description="moments, from when the change comes into force to the horizon")
    mean: list[float] = Field(description="delivered since then, with the change − baseline; mean over replications")
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
    line: LineEntry


class VariantEntry(Entry):
    """A variant: the baseline, or a change."""

    metrics: dict[str, MetricEntry] = Field(description="by name, over [warmup, horizon)")
    load: dict[str, float | None] = Field(
        description="by team, and by gate with a limit: arriving work as a share of what can be carried"
    )
    warnings: list[str] = Field(description="what to know before trusting the figures")
    since: float | None = Field(
        default=None, description="when the change comes into force; its differences are measured from then on, on both sides"
    )
    break_even: dict[Literal["items", "value"], BreakEvenEntry] = Field(
        default={}, description="against the baseline, of a change that comes into force: by what is counted"
    )


class ResultDocument(Entry):
    """The result of `vssim run` and `vssim compare`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    seed: int
    replications: int = Field(ge=1, description="of each variant")
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved; the same for all variants")
    variants: dict[str, VariantEntry]
    differences: dict[str, dict[str, DifferenceEntry]] = Field(description="by change and metric; empty for one variant alone")
    warnings: list[str] = Field(default=[], description="about the experiment as a whole")


def schema() -> dict[str, Any]:
    """The JSON Schema of all documents: of `run` and `compare`, and of `check`."""
    from vssim.analysis.checked import CheckDocument

    documents: TypeAdapter[Any] = TypeAdapter(ResultDocument | CheckDocument)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "vssim results", **documents.json_schema()}


def document(comparison: Comparison) -> dict[str, Any]:
    """The document of a comparison, or of one variant alone."""
    settings = comparison.scenario.run
    return ResultDocument(
        vssim=__version__,
        scenario=comparison.scenario.name,
        unit=comparison.scenario.unit,
        seed=settings.seed,
        replications=comparison.replications,
        horizon=plain(settings.horizon),
        warmup=plain(comparison.warmup),
        variants={name: _variant(variant, comparison.entries.get(name)) for name, variant in comparison.variants.items()},
        differences={name: {metric: difference_entry(one[metric]) for metric in one} for name, one in comparison.items()},
        warnings=list(comparison.notes),
    ).model_dump(exclude_defaults=True)


def _variant(variant: Measured, differences: Differences | None) -> VariantEntry:
    return VariantEntry(
        metrics={name: metric_entry(one) for name, one in variant.items()},
        load={name: _finite(share) for name, share in (*variant.load.by_team.items(), *variant.load.by_gate.items())},
        warnings=list(variant.warnings),
        since=variant.since,
        break_even={} if differences is None else {what: _break_even(one) for what, one in differences.break_even.items()},
    )


def _break_even(one: BreakEven) -> BreakEvenEntry:
    some = slice(None, None, THINNED)
    mean, half = one.mean[some], None if one.half is None else one.half[some]
    return BreakEvenEntry(
        time=one.time,
        low=one.earliest,
        high=one.latest,
        worst=Interval(**_interval(one.estimate(one.worst))),
        worst_at=float(one.at[one.worst]),
        at_end=Interval(**_interval(one.estimate(-1))),
        line=LineEntry(
            at=one.at[some].tolist(),
            mean=mean.tolist(),
            low=None if half is None else (mean - half).tolist(),
            high=None if half is None else (mean + half).tolist(),
        ),
    )


def metric_entry(one: Estimate) -> MetricEntry:
    """A metric as documents write it."""
    return MetricEntry(**_interval(one), n=one.n)


def difference_entry(one: Difference) -> DifferenceEntry:
    """A difference as documents write it."""
    return DifferenceEntry(
        difference=Interval(**_interval(one.difference)),
        ratio=Interval(**_interval(one.ratio)),
        better_in=one.better_in,
        verdict=one.verdict,
    )


def _interval(one: Estimate) -> dict[str, float | None]:
    return {"mean": _finite(one.mean), "low": _finite(one.low), "high": _finite(one.high)}


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def table(comparison: Comparison) -> polars.DataFrame:
    """One row a variant and metric; what it differs by is null for the baseline."""
    import polars

    rows = [row for name in comparison.variants for row in _rows(comparison, name)]
    return polars.DataFrame(rows, schema=COLUMNS, orient="row")


COLUMNS = {
    "variant": str,
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
"""The columns of the table, with their types."""


def _rows(comparison: Comparison, name: str) -> Iterator[dict[str, Any]]:
    differences: Differences | None = comparison.entries.get(name)
    for metric, one in comparison.variants[name].items():
        row: dict[str, Any] = {"variant": name, "metric": metric, "unit": metrics.unit_of(metric, comparison.scenario.unit)}
        row |= {**_interval(one), "n": one.n}
        if differences is not None and metric in differences:
            row |= difference_columns(difference_entry(differences[metric]))
        yield row


def difference_columns(entry: DifferenceEntry) -> dict[str, Any]:
    """A difference as tables write it."""
    columns: dict[str, Any] = {"better_in": entry.better_in, "verdict": entry.verdict}
    for name in ("difference", "ratio"):
        one: Interval = getattr(entry, name)
        columns |= {name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}
    return columns
