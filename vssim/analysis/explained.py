"""What programs are told of an explanation: its document, and the same as a table. These forms may grow, they do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vssim import __version__
from vssim.analysis.explain import Explanation
from vssim.analysis.results import DifferenceEntry, Entry, MetricEntry, difference_entry, metric_entry
from vssim.model.values import plain

if TYPE_CHECKING:
    import polars


class ContributionEntry(Entry):
    """What one lever did."""

    lever: str
    change: MetricEntry = Field(description="its share of the difference that the whole makes (Shapley value)")
    alone: MetricEntry = Field(description="the difference that it makes alone")


class InteractionEntry(Entry):
    """Two levers of which one depends on the other."""

    lever: str
    other: str
    without: MetricEntry = Field(description="what the lever does where the other is not in force")
    together: MetricEntry = Field(description="what it does where the other is")
    words: str


class StageEntry(Entry):
    """A lever in the order of introduction."""

    lever: str
    metric: MetricEntry = Field(description="where the metric is then")
    change: MetricEntry = Field(description="what this step changes")


class ExplainDocument(Entry):
    """The result of `vssim explain`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    seed: int
    replications: int = Field(ge=1, description="of each combination of levers")
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved")
    explained: str = Field(description="the change")
    metric: str
    before: MetricEntry = Field(description="the organisation as it is")
    after: MetricEntry = Field(description="with the whole change")
    effect: DifferenceEntry
    contributions: list[ContributionEntry] = Field(description="in the order of the change; they add up to the effect")
    interaction: InteractionEntry | None = Field(description="the strongest that is more than chance")
    order: list[StageEntry] = Field(description="the order of introduction that gains most soonest")
    sampled: bool = Field(description="whether random orders were followed instead of playing every combination")
    warnings: list[str] = Field(default=[])


def document(found: Explanation) -> dict[str, Any]:
    """The document of an explanation."""
    settings, strongest = found.scenario.run, found.interaction
    interaction = strongest and InteractionEntry(
        lever=strongest.lever,
        other=strongest.other,
        without=metric_entry(strongest.without),
        together=metric_entry(strongest.together),
        words=strongest.words,
    )
    return ExplainDocument(
        vssim=__version__,
        scenario=found.scenario.name,
        unit=found.scenario.unit,
        seed=settings.seed,
        replications=found.replications,
        horizon=plain(settings.horizon),
        warmup=plain(found.warmup),
        explained=found.change,
        metric=found.metric,
        before=metric_entry(found.before),
        after=metric_entry(found.after),
        effect=difference_entry(found.effect),
        contributions=[
            ContributionEntry(lever=one.lever, change=metric_entry(one.change), alone=metric_entry(one.alone))
            for one in found.contributions
        ],
        interaction=interaction,
        order=[
            StageEntry(lever=one.lever, metric=metric_entry(one.metric), change=metric_entry(one.change)) for one in found.order
        ],
        sampled=found.sampled,
        warnings=list(found.notes),
    ).model_dump()


def table(found: Explanation) -> polars.DataFrame:
    """One row a lever, in the order of introduction."""
    import polars

    by_lever = {one.lever: one for one in found.contributions}
    rows = []
    for number, stage in enumerate(found.order, start=1):
        one = by_lever[stage.lever]
        row: dict[str, Any] = {"lever": one.lever, "metric": found.metric, "introduced": number}
        for name, value in (("change", one.change), ("alone", one.alone), ("step", stage.change)):
            row |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
        rows.append(row)
    return polars.DataFrame(rows, infer_schema_length=None)
