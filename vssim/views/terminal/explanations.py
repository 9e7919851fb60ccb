"""What the terminal shows of explanations: which lever did how much, what depends on what, and which to bring in first."""

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
    """How the figures of an explanation are written: all in one unit and with the same decimals, so that they can be added up."""

    factor: float
    unit: str
    """of levels; '%' for shares"""
    places: int

    @classmethod
    def of(cls, found: Explanation) -> Scale:
        """As exact as three digits of the larger of the two levels."""
        share = measure.is_share(found.metric)
        unit = "%" if share else measure.unit_of(found.metric, found.scenario.unit, found.scenario.currency).removeprefix("1")
        factor = 100.0 if share else 1.0
        largest = max(abs(one.mean or 0.0) for one in (found.before, found.after))
        return cls(factor, unit, words.decimals(factor * largest, 3))

    def level(self, value: float | None) -> str:
        """Where the metric is."""
        return words.UNDEFINED if value is None else words.minus(f"{self.factor * value:,.{self.places}f}")

    def change(self, value: float | None) -> str:
        """What it changes by."""
        return words.signed(None if value is None else self.factor * value, self.places)

    def ends(self, estimate: Estimate) -> str:
        """The interval of a change; nothing where there is none."""
        return (
            "" if estimate.low is None or estimate.high is None else f"({self.change(estimate.low)} … {self.change(estimate.high)})"
        )


def explanation(found: Explanation) -> RenderableType:
    """Which lever did how much, what depends on what, and in which order to bring them in."""
    scale = Scale.of(found)
    ratio = "" if is_signed(found.metric) else words.shift(found.effect.ratio)
    levels = f"{scale.level(found.before.mean)} → {scale.level(found.after.mean)} {scale.unit}".rstrip()
    runs = words.many(found.replications, "replication")
    sure = "95 % intervals" if found.replications > 1 else "with one there are no intervals, and all may be chance"
    parts: list[RenderableType] = [
        Text(f"{found.scenario.name}: {found.change}", "bold"),
        Text.assemble(f"{found.metric}: ", (f"{levels}, {ratio}" if ratio else levels, "bold")),
        Text(f"{runs} of each combination, the same luck; {sure}.", "dim"),
        "",
        _shares(found, scale),
        "",
        *_depends(found, scale),
        Text("To bring in one by one, what gains most soonest first:"),
        _order(found, scale),
    ]
    return Group(*parts)


def _shares(found: Explanation, scale: Scale) -> Table:
    """What each lever does of the whole, and alone; with what the whole does."""
    table = Table.grid(padding=(0, 2))
    for number in range(5):
        table.add_column(justify="right" if number in (1, 3) else "left", no_wrap=number > 0, overflow="fold")
    unit = f" [{'points' if scale.unit == '%' else scale.unit}]" if scale.unit else ""
    table.add_row(*(Text(name, "dim") for name in ("lever", "does", unit.strip(), "alone", "")))
    for one in found.contributions:
        table.add_row(one.lever, *_cells(one.change, scale), *_cells(one.alone, scale))
    table.add_row(Text("together", "bold"), *_cells(found.effect.difference, scale))
    return table


def _depends(found: Explanation, scale: Scale) -> Iterator[RenderableType]:
    strongest = found.interaction
    if strongest is not None:
        ends = f"{scale.change(strongest.without.mean)} without it, {scale.change(strongest.together.mean)} with it"
        yield from (Text(f"What depends on each other most: {strongest.words} ({ends})."), "")
    elif found.sampled:
        yield from (Text("Of so many levers it is not told which depend on each other; a change with eight of them tells it."), "")
    elif found.replications > 1:
        yield from (Text("No two levers depend on each other by more than chance."), "")


def _order(found: Explanation, scale: Scale) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column()
    table.add_column(justify="right")
    for number, stage in enumerate(found.order, start=1):
        table.add_row(f"  {number}.", stage.lever, f"→ {scale.level(stage.metric.mean)}", *_cells(stage.change, scale))
    return table


def _cells(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    return scale.change(estimate.mean), scale.ends(estimate)
