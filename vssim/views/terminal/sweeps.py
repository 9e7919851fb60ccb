"""Sweeps on the terminal: all settings in one table, the knee, and the best setting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from vssim.analysis.sweep.grid import is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import FEWEST_TO_STRIKE, KNEE, Sweep
from vssim.analysis.sweep.search import Keep, Search
from vssim.catalogue import label_of, phrase_of
from vssim.metrics import measure
from vssim.scenario.schema import HEADLINE
from vssim.statistics import Estimate
from vssim.statistics.fronts import FEWEST
from vssim.views import words

MOST_ROWS = 40
"""The most settings that are shown individually; where there are more, only those on the front are."""

MOST_NAMED = 10
"""The most settings that one sentence names."""

MOST_UNBEATEN = 50
"""Where more settings cannot be told apart, only their number is stated."""

LEAST_SHARE = 0.01
"""Shares of worlds below this are left out [1]."""

AS_IT_IS = "as it is"

HEAD, INTERVAL, CHANGE, BESIDE, WIP, FLOW = "headline", "", "change", "beside", "WIP", "flow eff."

COLUMNS = (HEAD, INTERVAL, CHANGE, BESIDE, WIP, FLOW)

FOLDED = {"85 % within": "85 %\nwithin", "throughput": "through-\nput", FLOW: "flow\neff."}
"""Headings in two lines, for narrow terminals."""

NARROWER = (COLUMNS, COLUMNS[:-1], COLUMNS[:-2], (HEAD, CHANGE, BESIDE))
"""The columns that remain where there is too little room; each step leaves out the least important one."""


def search(search: Search) -> RenderableType:
    """The settings that were played in search of the best one, and the result."""
    played, whole = len(search.swept.points), len(search.swept.grid)
    counts = f"{played:,} of {whole:,} settings were played; {search.unplayed:,} were not played (--trials says how many may be)."
    if search.unplayed == 0:
        counts = f"All {whole:,} settings were played." if whole > 1 else "It is the only setting of the grid."
    return Group(sweep(search.swept), "", Text(_best(search), "bold"), *_not_told_apart(search), Text(counts, "dim"))


def _not_told_apart(search: Search) -> Iterator[RenderableType]:
    """The settings that may be the best, the most that choosing the first one costs, and how often each is the best."""
    choice = search.choice
    if choice is None:
        return
    runs = words.many(choice.replications, "replication")
    if choice.is_settled:
        yield Text(f"It is surely the best of those that were played ({runs}, all pairs under the same luck).")
        return
    others = choice.unbeaten[1:]
    names = _some([named(point) for point in others]) if len(others) < MOST_UNBEATEN else f"{len(others):,} settings"
    yield Text(f"Cannot be told apart from it by {runs}: {names}.")
    if choice.costs_at_most is not None:
        unit = measure.unit_of(search.metric, search.swept.scenario.unit, search.swept.scenario.currency).removeprefix("1")
        most = words.percent(choice.costs_at_most) if choice.relative else f"{words.figure(choice.costs_at_most)} {unit}"
        yield Text(f"Choosing {named(choice.unbeaten[0])} costs at most {most.strip()} against the best of them.")
    if choice.best_in:
        shares = zip(choice.unbeaten, choice.best_in, strict=True)
        told = [f"{named(point)} in {words.percent(share)}" for point, share in shares if share >= LEAST_SHARE]
        yield Text(f"Over what you think possible, best of them: {_some(told)} of the worlds.")


def _best(search: Search) -> str:
    """The best setting that was played, and whether it is better than leaving everything as it is."""
    kept = " and ".join(keep.text for keep in search.keep)
    held, baseline = f" with {kept}" if kept else "", search.swept.baseline
    if search.best is None and all(point[search.metric].mean is None for point in search.swept.points):
        return f"In no setting that was played is there a {search.metric} to measure."
    if search.best is None:
        return f"No setting that was played keeps {kept}{_nearest(search)}."
    best = f"{named(search.best)}, {_told(search.best[search.metric], search.metric, search.swept.scenario.unit)}"
    if search.metric not in baseline or baseline[search.metric].mean is None:
        return f"Best {search.metric}{held}: {best}."
    now = _figure(baseline[search.metric].mean, search.metric)
    if not search.baseline_keeps:
        return f"Best {search.metric}{held}: {best}; as it is ({now}) does not keep that."
    if not _ahead(search.best, baseline, search.metric):
        sentence = f"No setting that was played has a better {search.metric}{held} than as it is ({now})."
        return f"{sentence} The best of them: {best}{_real(search.best, search.metric)}."
    return f"Best {search.metric}{held}: {best}{_real(search.best, search.metric, f' from as it is ({now})')}."


def _told(estimate: Estimate, metric: str, unit: str) -> str:
    """A figure with its unit and interval."""
    ends = words.as_share(estimate)[1] if measure.is_share(metric) else words.interval(estimate)
    mean = f"{_figure(estimate.mean, metric)} {measure.unit_of(metric, unit).removeprefix('1')}".rstrip()
    return mean + (f" ({ends})" if ends else "")


def _figure(value: float | None, metric: str) -> str:
    return words.percent(value) if measure.is_share(metric) else words.figure(value)


def _nearest(search: Search) -> str:
    """The setting that comes nearest to meeting the conditions, and its figures."""
    known = [point for point in search.swept.points if all(point[keep.metric].mean is not None for keep in search.keep)]
    if not known:
        return ""
    baseline = search.swept.baseline
    near = min(known, key=lambda point: max(keep.missed_by(point, baseline) for keep in search.keep))
    missed = [keep for keep in search.keep if keep.missed_by(near, baseline) > 0]
    has = " and ".join(f"{keep.metric} {_kept(near, keep, baseline)}" for keep in missed)
    return f"; the nearest, {named(near)}, has {has}"


def _kept(point: Point, keep: Keep, baseline: Point) -> str:
    """The figure of a setting for a condition, as a share of the baseline where the bound is a share."""
    mean, now = point[keep.metric].mean, baseline[keep.metric].mean
    if mean is not None and now and keep.of_baseline:
        return f"{words.percent(mean / now)} of as it is"
    return _figure(mean, keep.metric)


def _ahead(point: Point, baseline: Point, metric: str) -> bool:
    """Whether the mean of a setting is better than that of the organisation as it is."""
    mean, now = point[metric].mean, baseline[metric].mean
    if mean is None or now is None:
        return mean is not None
    return mean > now if measure.direction(metric) == "up" else mean < now


def _real(point: Point, metric: str, said: str = "") -> str:
    """A sentence where the difference from the organisation as it is is not significant; otherwise empty."""
    verdict = point.difference(metric).verdict if point.differs(metric) else None
    known = {
        "no real difference": "no real difference",
        "not settled": "not settled: better in some of the worlds that are thought possible",
        "undecided": "undecided whether there is a difference",
    }
    return f", {known[verdict]}{said}" if verdict in known else ""


def sweep(swept: Sweep) -> RenderableType:
    """The table of settings, and what is remarkable about them."""
    scenario, points = swept.scenario, swept.points
    shown = list(points) if len(points) <= MOST_ROWS else swept.front
    told = _under_assumptions(swept) if any(axis.assumed for axis in swept.grid.axes) else _stands_out(swept, scenario.unit)
    return Group(*_head(swept), "", _Settings(swept, shown), *_rest(swept, shown), "", *told)


def _under_assumptions(swept: Sweep) -> Iterator[RenderableType]:
    """In which settings the change is better than the organisation as it is under the same assumptions, and in which worse."""
    by_verdict: dict[str, list[str]] = {}
    for point in swept.points:
        if point.differs(swept.headline):
            by_verdict.setdefault(point.difference(swept.headline).verdict or "undefined", []).append(named(point))
    assumed = ", ".join(axis.path for axis in swept.grid.axes if axis.assumed)
    yield Text(f"Against as it is under the same assumption ({assumed}), {label_of(swept.headline)}:")
    for verdict in ("better", "worse", "no real difference", "not settled", "undecided", "undefined"):
        if names := by_verdict.get(verdict):
            yield Text.assemble((f"{verdict}: ", "bold"), _some(names))


def _head(swept: Sweep) -> Iterator[RenderableType]:
    scenario, counts = swept.scenario, sorted({point.replications for point in swept.points})
    runs = words.many(counts[-1], "replication") if len(counts) == 1 else f"{counts[0]} to {counts[-1]} replications"
    change = f" with {swept.grid.change!r}" if swept.grid.change else ""
    same = " under the same assumptions" if any(axis.assumed for axis in swept.grid.axes) else ""
    yield Text(scenario.name, "bold")
    yield Text(
        f"{words.many(len(swept.points), 'setting')} of {', '.join(swept.grid.paths)}{change}; ◆: no setting is better in both"
    )
    yield Text(f"{runs} of {words.many(scenario.run.horizon, scenario.unit)} each, seed {scenario.run.seed}, the same luck.", "dim")
    shown = ", ".join(_with_unit(metric, scenario.unit) for metric in dict.fromkeys((swept.headline, _beside(swept))))
    yield Text(f"{shown[:1].upper()}{shown[1:]}; change against as it is{same}; 95 % intervals.", "dim")


def _with_unit(metric: str, unit: str) -> str:
    """The name of a metric with its unit, such as lead time, 85 % within [days]; throughput a day."""
    of, name = measure.unit_of(metric, unit), phrase_of(metric, unit)
    return name if of in ("1", "items") or of.startswith("items/") else f"{name} [{of}]"


def _beside(swept: Sweep) -> str:
    """The metric shown beside the headline."""
    return HEADLINE if swept.headline == "throughput" else "throughput"


@dataclass(frozen=True)
class _Settings:
    """The table of settings, as wide as the terminal allows: first headings are folded, then columns are left out."""

    swept: Sweep
    points: Sequence[Point]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        tables = [self.table(COLUMNS, folded=False), *(self.table(columns, folded=True) for columns in NARROWER)]
        fitting = (table for table in tables if console.measure(table, options=_endless(options)).maximum <= options.max_width)
        yield next(fitting, tables[-1])

    def table(self, columns: Sequence[str], *, folded: bool) -> Table:
        """A row for each setting, and one for the organisation as it is."""
        swept, table = self.swept, Table.grid(padding=(0, 2))
        for number, path in enumerate(swept.grid.paths):
            table.add_column(justify="left" if path == "change" else "right", min_width=len(AS_IT_IS) if number == 0 else None)
        for _ in (*columns, "◆"):
            table.add_column(justify="right", no_wrap=True)
        paths = [path.replace(".", ".\n") if folded else path for path in swept.grid.paths]
        called = {HEAD: _heading(swept.headline), BESIDE: _heading(_beside(swept))}
        whole = [called.get(name, name) for name in columns]
        headings = [FOLDED.get(name, name.replace(" ", "\n")) if folded else name for name in whole]
        table.add_row(*(Text(name, "dim") for name in (*paths, *headings, "")))
        best = not any(_beats(swept, point, swept.baseline) for point in swept.front)
        none = [""] * (len(swept.grid.paths) - 1)
        table.add_row(AS_IT_IS, *none, *_cells(swept, swept.baseline, columns), "◆" if best else "")
        on_front = set(map(id, swept.front))
        for point in self.points:
            names = [value_shown(value) for value in point.setting.values()]
            table.add_row(*names, *_cells(swept, point, columns), "◆" if id(point) in on_front else "")
        return table


def _endless(options: ConsoleOptions) -> ConsoleOptions:
    """The same options with unlimited width, to measure how wide a table would be."""
    return options.update(max_width=10_000)


def _heading(metric: str) -> str:
    """A metric as the head of a column; of lead times only the percentile."""
    return label_of(metric).removeprefix("lead time, ")


def _cells(swept: Sweep, point: Point, columns: Sequence[str]) -> list[str]:
    headline, beside = swept.headline, _beside(swept)
    lead, changed = point[headline], point.difference(headline) if point.setting and point.differs(headline) else None
    cells = {
        HEAD: _figure(lead.mean, headline),
        INTERVAL: words.as_share(lead)[1] if measure.is_share(headline) else words.interval(lead),
        CHANGE: words.moved(headline, changed, "").partition(" (")[0] if changed else "",
        BESIDE: words.figure(point[beside].mean),
        WIP: words.figure(point["wip"].mean),
        FLOW: words.percent(point["flow_efficiency"].mean),
    }
    return [cells[name] for name in columns]


def _beats(swept: Sweep, point: Point, other: Point) -> bool:
    """Whether `point` is at least as good as `other` in both metrics of the front, and better in one of them."""
    lead, rate, other_lead, other_rate = (point[name].mean for point in (point, other) for name in swept.both)
    if lead is None or rate is None or other_lead is None or other_rate is None:
        return False
    if measure.direction(swept.both[0]) == "up":
        lead, other_lead = -lead, -other_lead
    return lead <= other_lead and rate >= other_rate and (lead, rate) != (other_lead, other_rate)


def _rest(swept: Sweep, shown: Sequence[Point]) -> Iterator[RenderableType]:
    if len(shown) < len(swept.points):
        yield Text(f"… and {len(swept.points) - len(shown):,} settings that others beat; -o FILE writes them all", "dim")


def _stands_out(swept: Sweep, unit: str) -> Iterator[RenderableType]:
    headline = swept.headline
    reasons = dict.fromkeys(point[headline].reason for point in (swept.baseline, *swept.points))
    yield from (Text(f"no interval: {reason}", "dim") for reason in reasons if reason)
    best = None if measure.direction(headline) is None else swept.best()
    if best is not None:
        said = f"{named(best)}: {_told(best[headline], headline, unit)}"
        label = "Shortest lead time (85 % within)" if headline == HEADLINE else f"Best {label_of(headline)}"
        yield Text.assemble(f"{label}: ", (said, "bold"), _beside_as_it_is(best, swept.baseline, headline))
        yield from _together(swept, best)
    yield from _knee(swept)
    names = [named(point) for point in swept.front]
    if len(swept.points) > 1 and names:
        yield Text(f"{_no_other(swept)}: {_some(names)}.")
        yield from _may_be_on_the_front(swept)
    yield from _no_better(swept, unit)


def _no_other(swept: Sweep) -> str:
    """The beginning of the sentence on the settings of the front."""
    if swept.both[0] == HEADLINE:
        return "No other setting has both a shorter lead time and more throughput"
    return f"No other setting is better in both {label_of(swept.both[0])} and throughput"


def _together(swept: Sweep, best: Point) -> Iterator[Text]:
    """All settings and the organisation as it is as one statement: those not significantly beaten, the cost of the best."""
    told = swept.family
    if told is None:
        if len(swept.points) > 1:
            yield Text(f"With fewer than {FEWEST_TO_STRIKE} replications no setting is struck for another one.", "dim")
        return
    names = [AS_IT_IS if name == "" else named(swept.points[int(name)]) for name in told.unbeaten]
    others = [name for name in names if name != named(best)]
    count = f"{len(names):,} of them" if len(names) > MOST_UNBEATEN else "; ".join(others)
    if others:
        yield Text(f"Of {len(told.names):,} looked at together, not surely beaten too: {count}.")
    number = next(str(number) for number, point in enumerate(swept.points) if point is best)
    cost = told.costs_at_most.get(number, math.inf)
    if others and math.isfinite(cost):
        most = words.percent(cost) if told.relative else words.figure(cost)
        yield Text(f"To choose {named(best)} costs at most {most} against the best of them.")


def _may_be_on_the_front(swept: Sweep) -> Iterator[RenderableType]:
    """The settings off the front that may belong to it, all pairs compared as one statement."""
    on_front = set(map(id, swept.front))
    others = [named(point) for point in swept.unbeaten or () if id(point) not in on_front]
    if others and min(point.replications for point in swept.points) >= FEWEST:
        told = _some(others) if len(others) <= MOST_UNBEATEN else f"{len(others):,} settings"
        yield Text(f"Not surely off it either: {told}.", "dim")


def _knee(swept: Sweep) -> Iterator[RenderableType]:
    """The setting from which on throughput hardly grows; nothing where that is the first one."""
    knee, points = swept.knee, [point for _, point in swept.curve]
    if knee is None or knee is points[0]:
        return
    rates = [point["throughput"].mean or 0.0 for point in points]
    at = next(number for number, point in enumerate(points) if point is knee)
    stays = min(rates[at:]) >= KNEE * max(rates)
    where = f"from {named(knee)} on, throughput is" if stays else f"at {named(knee)}, throughput is, for the first time,"
    yield Text(f"The knee: {where} within 3 % of the most there is{'' if stays else '; further on it falls again'}.")


def _beside_as_it_is(best: Point, baseline: Point, headline: str) -> str:
    """A sentence on whether the best setting beats the organisation as it is; empty where it clearly does."""
    now = _figure(baseline[headline].mean, headline)
    if not _ahead(best, baseline, headline):
        return f"; none is {'shorter' if headline == HEADLINE else 'better'} than as it is ({now}){_real(best, headline)}"
    return _real(best, headline, f" from as it is ({now})")


def _no_better(swept: Sweep, unit: str) -> Iterator[RenderableType]:
    """A sentence where the organisation as it is beats settings of the front."""
    baseline = swept.baseline
    beaten = [point for point in swept.front if _beats(swept, baseline, point)]
    first = swept.both[0]
    figures = _figure(baseline[first].mean, first) + (f" {of}" if (of := measure.unit_of(first, unit)) != "1" else "")
    now = f"As it is ({figures}, {words.figure(baseline['throughput'].mean)} a {unit})"
    if beaten and len(beaten) == len(swept.front):
        yield Text(f"{now} is at least as good in both as every setting.", "bold")
    elif beaten:
        yield Text(f"{now} is at least as good in both as {_some([named(point) for point in beaten])}.")


def _some(names: Sequence[str]) -> str:
    """The names of settings; of many only the first ones."""
    more = f"; and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more


def named(point: Point) -> str:
    """A setting in words."""
    return ", ".join(f"{path} {value_shown(value)}" for path, value in point.setting.items()) or AS_IT_IS


def value_shown(value: object) -> str:
    """A value of an axis in words."""
    return "none" if is_none(value) else str(value)
