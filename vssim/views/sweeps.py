"""What the terminal shows of sweeps: settings on one look, the knee, the best; and of explanations: which lever did how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.analysis import metrics
from vssim.analysis.experiment import HEADLINE
from vssim.analysis.explain import Explanation
from vssim.analysis.optimise import Search
from vssim.analysis.statistics import Estimate
from vssim.analysis.sweep.grid import is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep
from vssim.views import words

MOST_ROWS = 40
"""Settings that are shown one by one; of more, only those that no other beats."""

COLUMNS = ("85 % within", "", "change", "throughput", "WIP", "flow eff.", "")


def search(found: Search) -> RenderableType:
    """The settings that were played in search of the best, and which that is."""
    held = f" with {' and '.join(one.text for one in found.keep)}" if found.keep else ""
    if found.best is None:
        said = f"No setting that was played keeps {' and '.join(one.text for one in found.keep)}."
    else:
        one = found.best[found.metric]
        said = f"Best {found.metric}{held}: {named(found.best)}, {words.figure(one.mean)} ({words.interval(one)})."
    played, whole = len(found.swept.points), len(found.swept.grid)
    saved = f"{played:,} of {whole:,} settings were played; {found.saved:,} were not needed."
    return Group(sweep(found.swept), "", Text(said, "bold"), Text(saved, "dim"))


def explanation(found: Explanation) -> RenderableType:
    """Which lever did how much, what depends on what, and in which order to bring them in."""
    unit = metrics.unit_of(found.metric, found.scenario.unit)
    table = Table.grid(padding=(0, 2))
    for number in range(5):
        table.add_column(justify="right" if number in (1, 3) else "left", no_wrap=number > 0)
    table.add_row(*(Text(name, "dim") for name in ("lever", "of the effect", "", "alone", "")))
    for one in found.contributions:
        table.add_row(one.lever, *_change(one.change), *_change(one.alone))
    ratio = f" ({words.shift(found.effect.ratio)})" if found.effect.ratio.mean is not None else ""
    effect = f"{words.from_to(found.before.mean, found.after.mean)} {unit}{ratio}"
    parts: list[RenderableType] = [
        Text(f"{found.scenario.name}: {found.change}", "bold"),
        Text.assemble(f"{found.metric}: ", (effect, "bold")),
        Text(f"{found.replications} replications of each combination, the same luck; 95 % intervals.", "dim"),
        "",
        table,
        "",
        Text(_interaction(found)),
        "",
        Text("To bring in one by one, what gains most soonest first:"),
    ]
    return Group(*parts, _order(found))


def _interaction(found: Explanation) -> str:
    strongest = found.interaction
    if strongest is None:
        return "" if found.sampled else "No two levers depend on each other by more than chance."
    ends = f"{_signed(strongest.without.mean)} without it, {_signed(strongest.together.mean)} with it"
    return f"What depends on each other most: {strongest.words} ({ends})."


def _order(found: Explanation) -> Table:
    table = Table.grid(padding=(0, 2))
    for number, stage in enumerate(found.order, start=1):
        change, ends = _change(stage.change)
        table.add_row(f"  {number}.", stage.lever, words.figure(stage.metric.mean), change, ends)
    return table


def _change(one: Estimate) -> tuple[str, str]:
    ends = "" if one.low is None else f"({_signed(one.low)} … {_signed(one.high)})"
    return _signed(one.mean), ends


def _signed(value: float | None) -> str:
    return f"+{words.figure(value)}" if value is not None and value > 0 else words.figure(value)


def sweep(found: Sweep) -> RenderableType:
    """The settings in a table, and what stands out."""
    scenario, points = found.scenario, found.points
    shown = list(points) if len(points) <= MOST_ROWS else found.front
    return Group(*_head(found), "", _table(found, shown), *_rest(found, shown), "", *_stands_out(found, scenario.unit))


def _head(found: Sweep) -> Iterator[RenderableType]:
    scenario, counts = found.scenario, sorted({point.replications for point in found.points})
    runs = words.many(counts[-1], "replication") if len(counts) == 1 else f"{counts[0]} to {counts[-1]} replications"
    change = f" with {found.grid.change!r}" if found.grid.change else ""
    yield Text(scenario.name, "bold")
    yield Text(
        f"{words.many(len(found.points), 'setting')} of {', '.join(found.grid.paths)}{change}; ◆: no other is better in both"
    )
    yield Text(f"{runs} of {words.many(scenario.run.horizon, scenario.unit)} each, seed {scenario.run.seed}, the same luck.", "dim")


def _table(found: Sweep, points: Sequence[Point]) -> Table:
    table = Table.grid(padding=(0, 2))
    for path in found.grid.paths:
        table.add_column(justify="left" if path == "change" else "right")
    for _ in COLUMNS:
        table.add_column(justify="right", no_wrap=True)
    table.add_row(*(Text(name, "dim") for name in (*found.grid.paths, *COLUMNS)))
    on_front = set(map(id, found.front))
    table.add_row(*(["as it is", *[""] * (len(found.grid.paths) - 1)]), *_cells(found.baseline, "", ""))
    for point in points:
        names = [value_shown(value) for value in point.setting.values()]
        against = words.shift(replace(point.difference(HEADLINE).ratio, low=None)) if point.differs(HEADLINE) else ""
        table.add_row(*names, *_cells(point, against, "◆" if id(point) in on_front else ""))
    return table


def _cells(point: Point, against: str, mark: str) -> list[str]:
    lead = point[HEADLINE]
    figures = [words.figure(point[name].mean) for name in ("throughput", "wip")]
    return [words.figure(lead.mean), words.interval(lead), against, *figures, words.percent(point["flow_efficiency"].mean), mark]


def _rest(found: Sweep, shown: Sequence[Point]) -> Iterator[RenderableType]:
    if len(shown) < len(found.points):
        yield Text(f"… and {len(found.points) - len(shown):,} settings that others beat; -o FILE writes them all", "dim")


def _stands_out(found: Sweep, unit: str) -> Iterator[RenderableType]:
    best, knee = found.best(), found.knee
    if best is not None:
        said = f"{named(best)}: {words.figure(best[HEADLINE].mean)} {unit}s ({words.interval(best[HEADLINE])})"
        yield Text.assemble("Shortest lead time (85 % within): ", (said, "bold"))
    if knee is not None:
        yield Text(f"The knee: from {named(knee)} on, throughput is within 3 % of the most there is.")
    names = [named(point) for point in found.front]
    if names:
        more = f"; and {len(names) - 10} more" if len(names) > 10 else ""
        yield Text(f"No other setting has both a shorter lead time and more throughput: {'; '.join(names[:10])}{more}.")


def named(point: Point) -> str:
    """A setting in words."""
    return ", ".join(f"{path} {value_shown(value)}" for path, value in point.setting.items()) or "as it is"


def value_shown(value: object) -> str:
    """A value of an axis in words."""
    return "none" if is_none(value) else str(value)
