"""What the terminal shows of sweeps: settings on one look, the knee, the best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from vssim.analysis import metrics
from vssim.analysis.experiment import HEADLINE
from vssim.analysis.optimise import Keep, Search
from vssim.analysis.statistics import Estimate
from vssim.analysis.sweep.grid import is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import KNEE, Sweep
from vssim.views import words

MOST_ROWS = 40
"""Settings that are shown one by one; of more, only those that no other beats."""

MOST_NAMED = 10
"""Settings that one sentence names."""

AS_IT_IS = "as it is"

LEAD, INTERVAL, CHANGE, THROUGHPUT, WIP, FLOW = "85 % within", "", "change", "throughput", "WIP", "flow eff."

COLUMNS = (LEAD, INTERVAL, CHANGE, THROUGHPUT, WIP, FLOW)

FOLDED = {LEAD: "85 %\nwithin", THROUGHPUT: "through-\nput", FLOW: "flow\neff."}
"""Headings in two lines, where there is no room for one."""

NARROWER = (COLUMNS, COLUMNS[:-1], COLUMNS[:-2], (LEAD, CHANGE, THROUGHPUT))
"""Columns that are left where there is no room for all, the least important given up first."""


def search(found: Search) -> RenderableType:
    """The settings that were played in search of the best, and which that is."""
    played, whole = len(found.swept.points), len(found.swept.grid)
    counts = f"{played:,} of {whole:,} settings were played; {found.unplayed:,} were not played (--trials says how many may be)."
    if found.unplayed == 0:
        counts = f"All {whole:,} settings were played." if whole > 1 else "It is the only setting of the grid."
    return Group(sweep(found.swept), "", Text(_best(found), "bold"), Text(counts, "dim"))


def _best(found: Search) -> str:
    """Which setting is the best that was played, and whether it is better than to leave everything as it is."""
    kept = " and ".join(one.text for one in found.keep)
    held, baseline = f" with {kept}" if kept else "", found.swept.baseline
    if found.best is None and all(point[found.metric].mean is None for point in found.swept.points):
        return f"In no setting that was played is there a {found.metric} to measure."
    if found.best is None:
        return f"No setting that was played keeps {kept}{_nearest(found)}."
    best = f"{named(found.best)}, {_told(found.best[found.metric], found.metric, found.swept.scenario.unit)}"
    if found.metric not in baseline or baseline[found.metric].mean is None:
        return f"Best {found.metric}{held}: {best}."
    now = _figure(baseline[found.metric].mean, found.metric)
    if not found.baseline_keeps:
        return f"Best {found.metric}{held}: {best}; as it is ({now}) does not keep that."
    if not _ahead(found.best, baseline, found.metric):
        which = f"No setting that was played has a better {found.metric}{held} than as it is ({now})."
        return f"{which} The best of them: {best}{_real(found.best, found.metric)}."
    return f"Best {found.metric}{held}: {best}{_real(found.best, found.metric, f' from as it is ({now})')}."


def _told(one: Estimate, metric: str, unit: str) -> str:
    """A figure with its unit and interval."""
    ends = words.as_share(one)[1] if metrics.is_share(metric) else words.interval(one)
    mean = f"{_figure(one.mean, metric)} {metrics.unit_of(metric, unit).removeprefix('1')}".rstrip()
    return mean + (f" ({ends})" if ends else "")


def _figure(value: float | None, metric: str) -> str:
    return words.percent(value) if metrics.is_share(metric) else words.figure(value)


def _nearest(found: Search) -> str:
    """Which setting is nearest to keeping what has to hold, and what it has instead."""
    known = [point for point in found.swept.points if all(point[one.metric].mean is not None for one in found.keep)]
    if not known:
        return ""
    baseline = found.swept.baseline
    near = min(known, key=lambda point: max(one.missed_by(point, baseline) for one in found.keep))
    missed = [one for one in found.keep if one.missed_by(near, baseline) > 0]
    has = " and ".join(f"{one.metric} {_kept(near, one, baseline)}" for one in missed)
    return f"; the nearest, {named(near)}, has {has}"


def _kept(point: Point, one: Keep, baseline: Point) -> str:
    """What a setting has of what has to hold; as a share of as it is where the bound is one."""
    mean, now = point[one.metric].mean, baseline[one.metric].mean
    if mean is not None and now and one.of_baseline:
        return f"{words.percent(mean / now)} of as it is"
    return _figure(mean, one.metric)


def _ahead(point: Point, baseline: Point, metric: str) -> bool:
    """Whether a setting's mean is better than that of the organisation as it is."""
    mean, now = point[metric].mean, baseline[metric].mean
    if mean is None or now is None:
        return mean is not None
    return mean > now if metrics.direction(metric) == "up" else mean < now


def _real(point: Point, metric: str, said: str = "") -> str:
    """What there is to say where a setting is not surely better or worse than the organisation as it is; else ''."""
    verdict = point.difference(metric).verdict if point.differs(metric) else None
    known = {"no real difference": "no real difference", "undecided": "undecided whether there is a difference"}
    return f", {known[verdict]}{said}" if verdict in known else ""


def sweep(found: Sweep) -> RenderableType:
    """The settings in a table, and what stands out."""
    scenario, points = found.scenario, found.points
    shown = list(points) if len(points) <= MOST_ROWS else found.front
    return Group(*_head(found), "", _Settings(found, shown), *_rest(found, shown), "", *_stands_out(found, scenario.unit))


def _head(found: Sweep) -> Iterator[RenderableType]:
    scenario, counts = found.scenario, sorted({point.replications for point in found.points})
    runs = words.many(counts[-1], "replication") if len(counts) == 1 else f"{counts[0]} to {counts[-1]} replications"
    change = f" with {found.grid.change!r}" if found.grid.change else ""
    yield Text(scenario.name, "bold")
    yield Text(
        f"{words.many(len(found.points), 'setting')} of {', '.join(found.grid.paths)}{change}; ◆: no setting is better in both"
    )
    yield Text(f"{runs} of {words.many(scenario.run.horizon, scenario.unit)} each, seed {scenario.run.seed}, the same luck.", "dim")
    yield Text(f"Lead time in {scenario.unit}s, change against as it is, throughput a {scenario.unit}; 95 % intervals.", "dim")


@dataclass(frozen=True)
class _Settings:
    """The table of settings, as wide as there is room: headings are folded first, then columns are left out."""

    found: Sweep
    points: Sequence[Point]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        tables = [self.table(COLUMNS, folded=False), *(self.table(columns, folded=True) for columns in NARROWER)]
        fitting = (table for table in tables if console.measure(table, options=_endless(options)).maximum <= options.max_width)
        yield next(fitting, tables[-1])

    def table(self, columns: Sequence[str], *, folded: bool) -> Table:
        """One row a setting, and one for the organisation as it is."""
        found, table = self.found, Table.grid(padding=(0, 2))
        for number, path in enumerate(found.grid.paths):
            table.add_column(justify="left" if path == "change" else "right", min_width=len(AS_IT_IS) if number == 0 else None)
        for _ in (*columns, "◆"):
            table.add_column(justify="right", no_wrap=True)
        paths = [path.replace(".", ".\n") if folded else path for path in found.grid.paths]
        headings = [FOLDED.get(name, name) if folded else name for name in columns]
        table.add_row(*(Text(name, "dim") for name in (*paths, *headings, "")))
        best = not any(_beats(point, found.baseline) for point in found.front)
        none = [""] * (len(found.grid.paths) - 1)
        table.add_row(AS_IT_IS, *none, *_cells(found.baseline, columns), "◆" if best else "")
        on_front = set(map(id, found.front))
        for point in self.points:
            names = [value_shown(value) for value in point.setting.values()]
            table.add_row(*names, *_cells(point, columns), "◆" if id(point) in on_front else "")
        return table


def _endless(options: ConsoleOptions) -> ConsoleOptions:
    """The same, with room for everything: what a table would like to have is measured."""
    return options.update(max_width=10_000)


def _cells(point: Point, columns: Sequence[str]) -> list[str]:
    lead = point[HEADLINE]
    ratio = replace(point.difference(HEADLINE).ratio, low=None) if point.setting and point.differs(HEADLINE) else None
    cells = {
        LEAD: words.figure(lead.mean),
        INTERVAL: words.interval(lead),
        CHANGE: words.shift(ratio) if ratio else "",
        THROUGHPUT: words.figure(point["throughput"].mean),
        WIP: words.figure(point["wip"].mean),
        FLOW: words.percent(point["flow_efficiency"].mean),
    }
    return [cells[name] for name in columns]


def _beats(one: Point, other: Point) -> bool:
    """Whether the means of one are at least as good in both lead time and throughput, and better in one of them."""
    lead, rate, other_lead, other_rate = (point[name].mean for point in (one, other) for name in (HEADLINE, "throughput"))
    if lead is None or rate is None or other_lead is None or other_rate is None:
        return False
    return lead <= other_lead and rate >= other_rate and (lead, rate) != (other_lead, other_rate)


def _rest(found: Sweep, shown: Sequence[Point]) -> Iterator[RenderableType]:
    if len(shown) < len(found.points):
        yield Text(f"… and {len(found.points) - len(shown):,} settings that others beat; -o FILE writes them all", "dim")


def _stands_out(found: Sweep, unit: str) -> Iterator[RenderableType]:
    best = found.best()
    if best is not None:
        said = f"{named(best)}: {words.figure(best[HEADLINE].mean)} {unit}s ({words.interval(best[HEADLINE])})"
        yield Text.assemble("Shortest lead time (85 % within): ", (said, "bold"), _beside_as_it_is(best, found.baseline))
        alike = found.not_surely_worse(best)
        if alike:
            yield Text(f"Not surely longer: {_some([named(point) for point in alike])}.")
    yield from _knee(found)
    names = [named(point) for point in found.front]
    if len(found.points) > 1 and names:
        yield Text(f"No other setting has both a shorter lead time and more throughput: {_some(names)}.")
    yield from _no_better(found, unit)


def _knee(found: Sweep) -> Iterator[RenderableType]:
    """Where throughput bends; nothing where it is as good as the most there is from the first value on."""
    knee, points = found.knee, [point for _, point in found.curve]
    if knee is None or knee is points[0]:
        return
    rates = [point["throughput"].mean or 0.0 for point in points]
    at = next(number for number, point in enumerate(points) if point is knee)
    stays = min(rates[at:]) >= KNEE * max(rates)
    where = f"from {named(knee)} on, throughput is" if stays else f"at {named(knee)}, throughput is, for the first time,"
    yield Text(f"The knee: {where} within 3 % of the most there is{'' if stays else '; further on it falls again'}.")


def _beside_as_it_is(best: Point, baseline: Point) -> str:
    """What the shortest lead time is worth: nothing is said where it is clearly shorter than the organisation as it is has."""
    now = words.figure(baseline[HEADLINE].mean)
    if not _ahead(best, baseline, HEADLINE):
        return f"; none is shorter than as it is ({now}){_real(best, HEADLINE)}"
    return _real(best, HEADLINE, f" from as it is ({now})")


def _no_better(found: Sweep, unit: str) -> Iterator[RenderableType]:
    """Where the organisation as it is beats settings that no other setting beats."""
    baseline = found.baseline
    beaten = [point for point in found.front if _beats(baseline, point)]
    now = f"As it is ({words.figure(baseline[HEADLINE].mean)} {unit}s, {words.figure(baseline['throughput'].mean)} a {unit})"
    if beaten and len(beaten) == len(found.front):
        yield Text(f"{now} is at least as good in both as every setting.", "bold")
    elif beaten:
        yield Text(f"{now} is at least as good in both as {_some([named(point) for point in beaten])}.")


def _some(names: Sequence[str]) -> str:
    """Names of settings, the first ones of many."""
    more = f"; and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more


def named(point: Point) -> str:
    """A setting in words."""
    return ", ".join(f"{path} {value_shown(value)}" for path, value in point.setting.items()) or AS_IT_IS


def value_shown(value: object) -> str:
    """A value of an axis in words."""
    return "none" if is_none(value) else str(value)
