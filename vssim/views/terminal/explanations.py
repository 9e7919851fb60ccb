"""Explanations on the terminal: what each lever contributes, what depends on what, and which lever to introduce first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.analysis.explain.explain import Explanation
from vssim.catalogue import is_signed
from vssim.metrics import measure
from vssim.statistics import Estimate
from vssim.views import words


@dataclass(frozen=True)
class Scale:
    """How the figures of an explanation are written: in one unit with the same decimals, so that readers can add them up."""

    factor: float
    unit: str
    """of levels; '%' for shares"""
    places: int

    @classmethod
    def of(cls, explanation: Explanation) -> Scale:
        """The scale that gives the larger of both levels three significant digits."""
        share = measure.is_share(explanation.metric)
        unit = (
            "%"
            if share
            else measure.unit_of(explanation.metric, explanation.scenario.unit, explanation.scenario.currency).removeprefix("1")
        )
        factor = 100.0 if share else 1.0
        largest = max(abs(estimate.mean or 0.0) for estimate in (explanation.before, explanation.after))
        return cls(factor, unit, words.decimals(factor * largest, 3))

    def level(self, value: float | None) -> str:
        """A level of the metric, as text."""
        return words.UNDEFINED if value is None else words.minus(f"{self.factor * value:,.{self.places}f}")

    def change(self, value: float | None) -> str:
        """A change of the metric, as text."""
        return words.signed(None if value is None else self.factor * value, self.places)

    def ends(self, estimate: Estimate) -> str:
        """The interval of a change, as text; empty where there is none."""
        return (
            "" if estimate.low is None or estimate.high is None else f"({self.change(estimate.low)} … {self.change(estimate.high)})"
        )


def explanation(explanation: Explanation) -> RenderableType:
    """What each lever contributes, what depends on what, and the order in which to introduce them."""
    scale = Scale.of(explanation)
    ratio = "" if is_signed(explanation.metric) else words.shift(explanation.effect.ratio)
    levels = f"{scale.level(explanation.before.mean)} → {scale.level(explanation.after.mean)} {scale.unit}".rstrip()
    runs = words.many(explanation.replications, "replication")
    sure = "95 % intervals" if explanation.replications > 1 else "with one there are no intervals, and all may be chance"
    parts: list[RenderableType] = [
        Text(f"{explanation.scenario.name}: {explanation.change}", "bold"),
        Text.assemble(f"{explanation.metric}: ", (f"{levels}, {ratio}" if ratio else levels, "bold")),
        Text(f"{runs} of each combination, the same luck; {sure}.", "dim"),
        "",
        _shares(explanation, scale),
        "",
        *_depends(explanation, scale),
        Text("To bring in one by one, what gains most soonest first:"),
        _order(explanation, scale),
    ]
    return Group(*parts)


def _shares(explanation: Explanation, scale: Scale) -> Table:
    """What each lever contributes to the whole and does alone, with the effect of the whole."""
    table = Table.grid(padding=(0, 2))
    for number in range(5):
        table.add_column(justify="right" if number in (1, 3) else "left", no_wrap=number > 0, overflow="fold")
    unit = f" [{'points' if scale.unit == '%' else scale.unit}]" if scale.unit else ""
    table.add_row(*(Text(name, "dim") for name in ("lever", "does", unit.strip(), "alone", "")))
    for contribution in explanation.contributions:
        table.add_row(contribution.lever, *_cells(contribution.change, scale), *_cells(contribution.alone, scale))
    table.add_row(Text("together", "bold"), *_cells(explanation.effect.difference, scale))
    return table


def _depends(explanation: Explanation, scale: Scale) -> Iterator[RenderableType]:
    strongest = explanation.interaction
    if strongest is not None:
        ends = f"{scale.change(strongest.without.mean)} without it, {scale.change(strongest.together.mean)} with it"
        yield from (Text(f"What depends on each other most: {strongest.words} ({ends})."), "")
    elif explanation.sampled:
        yield from (Text("Of so many levers it is not told which depend on each other; a change with eight of them tells it."), "")
    elif explanation.replications > 1:
        yield from (Text("No two levers depend on each other by more than chance."), "")


def _order(explanation: Explanation, scale: Scale) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column()
    table.add_column(justify="right")
    for number, stage in enumerate(explanation.order, start=1):
        table.add_row(f"  {number}.", stage.lever, f"→ {scale.level(stage.metric.mean)}", *_cells(stage.change, scale))
    return table


def _cells(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    return scale.change(estimate.mean), scale.ends(estimate)
