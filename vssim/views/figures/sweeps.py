"""Pictures of sweeps and explanations: the U-curve, heat maps, the front, the waterfall."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vssim.analysis.explain.explain import Contribution, Explanation
from vssim.analysis.sweep.grid import Grid, is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep
from vssim.catalogue import label_of
from vssim.errors import UsageError
from vssim.metrics import measure
from vssim.scenario.schema import HEADLINE
from vssim.views import words
from vssim.views.figures import style
from vssim.views.terminal.explanations import Scale
from vssim.views.terminal.sweeps import named, value_shown

BESIDE = (HEADLINE, "throughput", "flow_efficiency")
"""The metrics that curves and heat maps show besides the headline."""

GOOD, BAD = "#2b7a5b", "#b8433f"

STEEP = 2.5
"""The longest lead time on a curve, as a multiple of the shortest; with more its bottom would look flat."""

MOST_NAMED = 8
"""The most settings of a front that a picture names."""

MOST_LINES = 22
"""How many lines of names fit beside a front."""

LINE = 1 / (MOST_LINES + 2)
"""The height of such a line, as a share of the axes [1]."""

MOST_WRITTEN = (9, 14)
"""The most values across and down for which the cells of a heat map show their figures."""


def needs(name: str, over: Grid) -> None:
    """Raise UsageError for a picture that cannot be drawn of a grid, before the grid is played."""
    if name == "curve" and (len(over.axes) != 1 or over.axes[0].numbers is None):
        raise UsageError("curve: needs one axis of numbers; two axes make a heat map, and front is for any")
    if name == "heat" and len(over.axes) != 2:
        raise UsageError("heat: needs two axes; one of numbers makes a curve, and front is for any")


@style.slide
def curve(sweep: Sweep) -> Figure:
    """Lead time, throughput and flow efficiency over one axis of numbers, with bands; the bottom and the knee are marked."""
    needs("curve", sweep.grid)
    points = sweep.curve
    top, cut = _top(sweep, points)
    caption = f"{_caption(sweep)} · bands: 95 % intervals{cut}"
    shown = _shown(sweep)
    drawn, panels = style.figure(_title(sweep), caption, len(shown), 1, sharex=True, height_ratios=(2, 1, 1))
    unlimited = next((point for point in sweep.points if is_none(next(iter(point.setting.values())))), None)
    for panel, metric in zip(panels, shown, strict=True):
        _band(panel, points, metric)
        panel.set_title(_heading(sweep, metric), fontsize=13)
        _level(panel, sweep.baseline, metric, style.INK, (0, (1, 1.5)), "as it is")
        if unlimited is not None:
            _level(panel, unlimited, metric, style.SOFT, (0, (6, 3)), "no limit")
        panel.set_ylim(bottom=0, top=top if metric == sweep.headline else None)
    _marks(sweep, points, panels)
    panels[-1].set_xlabel(sweep.grid.paths[0])
    panels[-1].xaxis.set_major_locator(MaxNLocator(integer=all(value == int(value) for value, _ in points)))
    _legend(panels[0])
    return drawn


def _shown(sweep: Sweep) -> tuple[str, ...]:
    """The headline, and the metrics shown beside it."""
    return tuple(dict.fromkeys((sweep.headline, *BESIDE)))[: len(BESIDE)]


def _top(sweep: Sweep, points: Sequence[tuple[float, Point]]) -> tuple[float | None, str]:
    """The upper end of the headline's axis (None: not cut), and a sentence on what lies beyond it."""
    headline = sweep.headline
    if measure.direction(headline) != "down":
        return None, ""
    known = [(mean, value) for value, point in points if (mean := point[headline].mean) is not None]
    longest, at = max(known, default=(0.0, 0.0))
    top = 1.1 * max(STEEP * min(known, default=(0.0, 0.0))[0], sweep.baseline[headline].mean or 0.0)
    if longest <= top:
        return None, ""
    sentence = "lead times go" if headline == HEADLINE else f"{label_of(headline)} goes"
    return _factor(
        headline
    ) * top, f" · {sentence} on upwards, to {words.figure(_factor(headline) * longest)} at {words.figure(at)}"


def _band(panel: Axes, points: Sequence[tuple[float, Point]], metric: str) -> None:
    known = [(value, point[metric]) for value, point in points if point[metric].mean is not None]
    factor, values = _factor(metric), [value for value, _ in known]
    means = [factor * (estimate.mean or 0.0) for _, estimate in known]
    lows = [mean if estimate.low is None else factor * estimate.low for mean, (_, estimate) in zip(means, known, strict=True)]
    highs = [mean if estimate.high is None else factor * estimate.high for mean, (_, estimate) in zip(means, known, strict=True)]
    panel.fill_between(values, lows, highs, color=style.BEFORE, alpha=0.18, linewidth=0)
    panel.plot(values, means, color=style.BEFORE, marker="o", markersize=4, linewidth=2)


def _level(panel: Axes, point: Point, metric: str, colour: str, line: Any, label: str) -> None:
    """A horizontal line at the figure of an organisation that is not on the axis."""
    mean = point[metric].mean
    if mean is not None:
        panel.axhline(_factor(metric) * mean, color=colour, linestyle=line, linewidth=1.4, label=label)


def _marks(sweep: Sweep, points: Sequence[tuple[float, Point]], panels: Sequence[Axes]) -> None:
    by_point = {id(point): value for value, point in points}
    knee = sweep.knee
    if knee is not None and knee is not points[0][1]:
        at = by_point[id(knee)]
        said = f"knee at {words.figure(at)}: 97 % of the most throughput"
        for panel in panels:
            panel.axvline(at, color=style.AFTER, linewidth=1.8, label=said)
    headline, good = sweep.headline, measure.direction(sweep.headline)
    known = [(mean, value) for value, point in points if (mean := point[headline].mean) is not None]
    if known and good is not None:
        mean, value = min(known) if good == "down" else max(known)
        mean *= _factor(headline)
        said = f"{'shortest' if headline == HEADLINE else 'best'}: {words.figure(mean)} at {words.figure(value)}"
        panels[0].plot([value], [mean], marker="D", markersize=9, color=GOOD, linestyle="", label=said)


@style.slide
def heat(sweep: Sweep) -> Figure:
    """Lead time, throughput and flow efficiency over two axes, one map each; a diamond marks what no other setting beats."""
    needs("heat", sweep.grid)
    down, across = sweep.grid.axes
    caption = f"{_caption(sweep)} · yellow is better · ◇ {_unbeaten(sweep)}"
    shown = _shown(sweep)
    drawn, panels = style.figure(_title(sweep), caption, 1, len(shown), sharey=True)
    places = {(point.setting[down.path], point.setting[across.path]): point for point in sweep.points}
    for panel, metric in zip(panels, shown, strict=True):
        rows = [[_mean(places.get((row, column)), metric) for column in across.values] for row in down.values]
        _map(drawn, panel, rows, metric)
        now = f", as it is {_figure_of(sweep.baseline, metric)}" if sweep.baseline[metric].mean is not None else ""
        panel.set_title(f"{_heading(sweep, metric)}\n", fontsize=13)
        panel.text(0, 1.015, now.removeprefix(", "), transform=panel.transAxes, fontsize=12, color=style.SOFT)
        _columns(panel, across.values)
        panel.set_xlabel(style.short(across.path, 34))
        panel.grid(visible=False)
    _ticks(panels[0].set_yticks, down.values)
    panels[0].set_ylabel(style.short(down.path, 44))
    _diamonds(sweep, panels)
    return drawn


def _unbeaten(sweep: Sweep) -> str:
    if sweep.both[0] == HEADLINE:
        return "no other setting has both a shorter lead time and more throughput"
    return f"no other setting is better in both {label_of(sweep.both[0])} and throughput"


def _map(drawn: Figure, panel: Axes, rows: Sequence[Sequence[float]], metric: str) -> None:
    """Draw coloured cells with their figures where there is room, otherwise with a colour scale."""
    colours = colormaps["viridis_r" if measure.direction(metric) == "down" else "viridis"]
    known = [value for row in rows for value in row if not math.isnan(value)]
    scale = Normalize(min(known, default=0.0), max(known, default=1.0))
    picture = panel.imshow(rows, origin="lower", aspect="auto", cmap=colours, norm=scale)
    if not _has_space(rows):
        drawn.colorbar(picture, ax=panel, location="bottom", shrink=0.9)
        return
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            ink = style.SOFT if math.isnan(value) else style.on(to_hex(colours(scale(value))))
            panel.text(column, row, words.figure(value), ha="center", va="center", color=ink, fontsize=_size(rows))


def _has_space(rows: Sequence[Sequence[float]]) -> bool:
    return len(rows[0]) <= MOST_WRITTEN[0] and len(rows) <= MOST_WRITTEN[1]


def _size(rows: Sequence[Sequence[float]]) -> float:
    """The size of the figures in the cells [points]."""
    return 14 - max(0, len(rows[0]) - 3)


def _diamonds(sweep: Sweep, panels: Sequence[Axes]) -> None:
    """Mark the settings of the front in a corner of their cells, since the middle holds the figure."""
    down, across = sweep.grid.axes
    beside = _has_space([across.values] * len(down.values))
    aside = (0.36 if beside else 0.0, 0.3 if beside and len(down.values) <= 8 else 0.0)
    for point in sweep.front:
        place = across.values.index(point.setting[across.path]) - aside[0], down.values.index(point.setting[down.path]) + aside[1]
        for panel in panels:
            panel.plot(*place, marker="D", color="white", markeredgecolor=style.INK, linestyle="", markersize=6)


def _mean(point: Point | None, metric: str) -> float:
    mean = None if point is None else point[metric].mean
    return math.nan if mean is None else _factor(metric) * mean


def _ticks(put: Callable[..., Any], values: Sequence[Any]) -> None:
    """Label the rows."""
    every = -(-len(values) // 12)
    put(list(range(0, len(values), every)), [style.short(value_shown(value), 24) for value in values[::every]])


def _columns(panel: Axes, values: Sequence[Any]) -> None:
    """Label the columns: horizontally where few labels are long, vertically where many are."""
    every = -(-len(values) // 12)
    shown = [value_shown(value) for value in values[::every]]
    width = 30 // len(shown)
    upright = max(map(len, shown)) > width and len(shown) > 4
    told = [
        style.short(name, 16) if upright else textwrap.fill(name, max(width, 6), max_lines=3, placeholder="…") for name in shown
    ]
    panel.set_xticks(list(range(0, len(values), every)), told, rotation=90 if upright else 0)


@style.slide
def front(sweep: Sweep) -> Figure:
    """The headline against throughput: every setting, the organisation as it is, and the settings that no other beats."""
    first, good = sweep.both[0], "down" if measure.direction(sweep.both[0]) == "down" else "up"
    best, every = _named_on_front(sweep)
    more = f" · of those that no other beats, one in {every} is named" if every > 1 else ""
    drawn, (panel,) = style.figure(_title(sweep), f"{_caption(sweep)} · {good} and to the right is better{more}")
    known = [_place(sweep, point) for point in sweep.points]
    panel.scatter(*_pairs(known), color=style.SOFT, alpha=0.55, s=28, linewidth=0, label="a setting")
    line = [_place(sweep, point) for point in sweep.front]
    panel.plot(*_pairs(line), color=style.BEFORE, marker="D", markersize=8, linewidth=2, label="no other setting beats it")
    star: dict[str, Any] = {"color": style.AFTER, "edgecolor": style.INK, "marker": "*"}
    panel.scatter(*_pairs([_place(sweep, sweep.baseline)]), s=170, zorder=4, label="as it is", **star)
    panel.set_ylim(bottom=0)
    panel.margins(x=0.06)
    panel.set_xlabel(_heading(sweep, "throughput"))
    panel.set_ylabel(_heading(sweep, first))
    _legend(panel)
    _names(panel, best)
    return drawn


def _place(sweep: Sweep, point: Point) -> tuple[float | None, float | None]:
    first = sweep.both[0]
    mean = point[first].mean
    return point["throughput"].mean, None if mean is None else _factor(first) * mean


def _named_on_front(sweep: Sweep) -> tuple[list[tuple[tuple[float, float], str]], int]:
    """Place and name of the settings of a front that can be named, shortest lead time first; every how many are named."""
    by_place: dict[Any, list[Point]] = {}
    for point in sweep.front:
        by_place.setdefault(_place(sweep, point), []).append(point)
    told = [(place, _told(points)) for place, points in by_place.items()]
    lines = max((text.count("\n") + 1 for _, text in told), default=1)
    every = max(1, -(-len(told) // max(1, min(MOST_NAMED, MOST_LINES // lines))))
    return told[::every], every


def _told(points: Sequence[Point]) -> str:
    """The names of settings at the same place, in a few short lines."""
    more = f" (and {len(points) - 1} more)" if len(points) > 1 else ""
    return textwrap.fill(named(points[0]) + more, 36, max_lines=4, placeholder=" …")


def _names(panel: Axes, told: Sequence[tuple[tuple[float, float], str]]) -> None:
    """Write names in a column beside the axes, each with a line to its place, so that none covers another."""
    if not told:
        return
    high = panel.get_ylim()[1]
    lines = max(text.count("\n") + 1 for _, text in told)
    # Names go from the top place down: lines to places further left then pass below the places further right, and do not cross.
    below = style.apart([-down / high for (_, down), _ in told], (lines + 0.6) * LINE, -LINE)
    for (place, text), at in zip(told, below, strict=True):
        panel.annotate(
            text,
            place,
            (1.04, -at),
            textcoords="axes fraction",
            va="center",
            fontsize=11.5,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.SOFT, "linewidth": 0.9, "shrinkA": 3, "shrinkB": 4, "relpos": (0, 0.5)},
        )


def _pairs(known: Sequence[tuple[float | None, float | None]]) -> tuple[list[float], list[float]]:
    both = [(cost, gain) for cost, gain in known if cost is not None and gain is not None]
    return [cost for cost, _ in both], [other for _, other in both]


@style.slide
def waterfall(explanation: Explanation) -> Figure:
    """From the organisation as it is to the change: what each lever contributes, with its interval."""
    runs = words.many(explanation.replications, "replication")
    luck = f"{runs} of each combination of levers, seed {explanation.scenario.run.seed}, same work and same luck"
    key = "green: better, red and hatched: worse, pale: may be chance; lines: 95 % intervals"
    drawn, (panel,) = style.figure(f"{explanation.scenario.name}: {explanation.change}", f"{luck} · {key}")
    rows = len(explanation.contributions) + 2
    drawn.set_size_inches(style.WIDTH, max(style.HEIGHT, 1.5 + 0.42 * rows))
    scale, at = Scale.of(explanation), 0.0
    for row, end, colour in ((rows - 1, explanation.after, style.BEFORE), (0, explanation.before, style.SOFT)):
        at = scale.factor * (end.mean or 0.0)
        panel.barh(row, at, color=colour, height=0.6)
        _beside(panel, at, row, scale.level(end.mean))
    for row, contribution in enumerate(explanation.contributions, start=1):
        panel.plot([at, at], [row - 1, row], color=style.SOFT, linewidth=0.8)
        _step(panel, row, at, contribution, scale, good=measure.direction(explanation.metric) or "up")
        at += scale.factor * (contribution.change.mean or 0.0)
    panel.plot([at, at], [rows - 2, rows - 1], color=style.SOFT, linewidth=0.8)
    levers = [style.short(contribution.lever, 30) for contribution in explanation.contributions]
    panel.set_yticks(range(rows), ["as it is", *levers, style.short(explanation.change, 30)], color=style.INK)
    panel.invert_yaxis()
    panel.margins(x=0.1)
    panel.set_xlabel(label_of(explanation.metric) + (f" [{scale.unit}]" if scale.unit else ""))
    panel.grid(visible=False, axis="y")
    return drawn


def _step(panel: Axes, row: int, at: float, contribution: Contribution, scale: Scale, good: str) -> None:
    """Draw what a lever adds to the ones before it."""
    change, factor = contribution.change, scale.factor
    step = factor * (change.mean or 0.0)
    better = step <= 0 if good == "down" else step >= 0
    unsure = change.low is None or change.high is None or change.low <= 0 <= change.high
    look: dict[str, Any] = {"color": GOOD if better else BAD} | ({} if better else {"hatch": "//", "edgecolor": "white"})
    panel.barh(row, step, left=at, height=0.6, alpha=0.45 if unsure else 1.0, linewidth=0, **look)
    right = max(at, at + step)
    if change.low is not None and change.high is not None:
        panel.plot([at + factor * change.low, at + factor * change.high], [row, row], color=style.INK, linewidth=1.6)
        right = max(right, at + factor * change.high)
    _beside(panel, right, row, scale.change(change.mean))


def _beside(panel: Axes, at: float, row: int, text: str) -> None:
    panel.annotate(text, (at, row), xytext=(6, 0), textcoords="offset points", va="center")


def _legend(panel: Axes) -> None:
    """Draw the legend above the axes, where it covers nothing."""
    panel.legend(
        frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, fontsize=11.5, borderaxespad=0.1, columnspacing=1.2
    )


def _title(sweep: Sweep) -> str:
    return sweep.scenario.name + (f", with {sweep.grid.change}" if sweep.grid.change else "")


def _caption(sweep: Sweep) -> str:
    """The caption of a picture of a sweep."""
    run, unit = sweep.scenario.run, sweep.scenario.unit
    counts = sorted({point.replications for point in sweep.points})
    runs = words.many(counts[-1], "replication") if len(counts) == 1 else f"{counts[0]} to {counts[-1]} replications"
    measured = f", measured from {unit} {words.figure(sweep.warmup, 6)}" if sweep.warmup else ""
    delivered = sweep.baseline["delivered"].mean
    items = f"about {delivered:,.0f} items delivered as it is" if delivered else "nothing was delivered as it is"
    settings = words.many(len(sweep.points), "setting")
    return f"{settings}, {runs} of {words.many(run.horizon, unit)}{measured}, seed {run.seed}, same work and same luck; {items}"


def _heading(sweep: Sweep, metric: str) -> str:
    return f"{label_of(metric)} [{_unit(sweep.scenario.unit, metric)}]"


def _figure_of(point: Point, metric: str) -> str:
    mean = point[metric].mean
    return words.figure(None if mean is None else _factor(metric) * mean)


def _factor(metric: str) -> float:
    """The factor by which figures are drawn: 100 for shares, which appear in per cent."""
    return 100.0 if measure.is_share(metric) else 1.0


def _unit(unit: str, metric: str) -> str:
    return "%" if measure.is_share(metric) else measure.unit_of(metric, unit)
