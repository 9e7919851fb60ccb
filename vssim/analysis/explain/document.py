"""What programs are told of an explanation: its document, and the same as a table. These forms may grow, they do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vssim.analysis.compare.document import DifferenceEntry, Entry, MetricEntry, baseline_check, difference_entry, metric_entry
from vssim.analysis.explain.explain import Explanation
from vssim.model.values import plain
from vssim.scenario.origins import Verdict as Check
from vssim.version import __version__

if TYPE_CHECKING:
    import polars


class ContributionEntry(Entry):
    """What one lever did."""

    lever: str = Field(description="its name, with what it is given")
    change: MetricEntry = Field(description="its share of the difference that the whole makes (Shapley value)")
    alone: MetricEntry = Field(description="the difference that it makes alone")


class InteractionEntry(Entry):
    """Two levers of which one depends on the other."""

    lever: str = Field(description="one of the two")
    other: str = Field(description="the one that it depends on")
    without: MetricEntry = Field(description="what the lever does where the other is not in force")
    together: MetricEntry = Field(description="what it does where the other is")
    words: str = Field(description="the same as a sentence")


class StageEntry(Entry):
    """A lever in the order of introduction."""

    lever: str = Field(description="the one that is brought in next")
    metric: MetricEntry = Field(description="where the metric is then")
    change: MetricEntry = Field(description="what this step changes")


class ExplainDocument(Entry):
    """The result of `vssim explain`."""

    vssim: str = Field(description="version")
    scenario: str = Field(description="name of the scenario")
    unit: Literal["hour", "day", "week"] = Field(description="unit of every time")
    seed: int = Field(description="of all luck")
    replications: int = Field(ge=1, description="of each combination of levers")
    horizon: int | float = Field(description="when a run ends")
    warmup: int | float = Field(description="from when on is measured, as resolved")
    baseline_check: Check | None = Field(default=None, description="of a learned scenario: whether it plays its own past")
    explained: str = Field(description="the change")
    metric: str = Field(description="what the effect is measured by")
    before: MetricEntry = Field(description="the organisation as it is")
    after: MetricEntry = Field(description="with the whole change")
    effect: DifferenceEntry = Field(description="of the whole change")
    contributions: list[ContributionEntry] = Field(description="in the order of the change; they add up to the effect")
    interaction: InteractionEntry | None = Field(description="the strongest that is more than chance")
    order: list[StageEntry] = Field(description="the order of introduction that gains most soonest")
    sampled: bool = Field(description="whether random orders were followed instead of playing every combination")
    warnings: list[str] = Field(default=[], description="what to know before trusting the figures")


def document(explanation: Explanation) -> dict[str, Any]:
    """The document of an explanation."""
    settings, strongest = explanation.scenario.run, explanation.interaction
    interaction = strongest and InteractionEntry(
        lever=strongest.lever,
        other=strongest.other,
        without=metric_entry(strongest.without),
        together=metric_entry(strongest.together),
        words=strongest.words,
    )
    return ExplainDocument(
        vssim=__version__,
        scenario=explanation.scenario.name,
        unit=explanation.scenario.unit,
        seed=settings.seed,
        replications=explanation.replications,
        horizon=plain(settings.horizon),
        warmup=plain(explanation.warmup),
        baseline_check=baseline_check(explanation.scenario),
        explained=explanation.change,
        metric=explanation.metric,
        before=metric_entry(explanation.before),
        after=metric_entry(explanation.after),
        effect=difference_entry(explanation.effect),
        contributions=[
            ContributionEntry(
                lever=contribution.lever, change=metric_entry(contribution.change), alone=metric_entry(contribution.alone)
            )
            for contribution in explanation.contributions
        ],
        interaction=interaction,
        order=[
            StageEntry(lever=stage.lever, metric=metric_entry(stage.metric), change=metric_entry(stage.change))
            for stage in explanation.order
        ],
        sampled=explanation.sampled,
        warnings=list(explanation.notes),
    ).model_dump(exclude_defaults=True)


def table(explanation: Explanation) -> polars.DataFrame:
    """One row a lever, in the order of introduction."""
    import polars

    by_lever = {contribution.lever: contribution for contribution in explanation.contributions}
    rows = []
    for number, stage in enumerate(explanation.order, start=1):
        contribution = by_lever[stage.lever]
        row: dict[str, Any] = {"lever": contribution.lever, "metric": explanation.metric, "introduced": number}
        for name, value in (("change", contribution.change), ("alone", contribution.alone), ("step", stage.change)):
            row |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
        rows.append(row)
    return polars.DataFrame(rows, infer_schema_length=None)
