"""Still pictures of sweeps and explanations (matplotlib): the U-curve, heat maps, the front, the waterfall."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vssim.analysis import metrics
from vssim.analysis.experiment import HEADLINE
from vssim.analysis.explain import Explanation
from vssim.analysis.sweep.grid import is_none
from vssim.analysis.sweep.points import Point
from vssim.analysis.sweep.run import Sweep
from vssim.errors import UsageError
from vssim.views import words
from vssim.views.sweeps import named, value_shown

SHOWN = {HEADLINE: "lead time, 85 % within", "throughput": "throughput", "flow_efficiency": "flow efficiency"}
"""What curves and heat maps show."""

INK, SOFT, LINES = "#1b1f24", "#5b6570", "#d9dee3"
DARK, LIGHT, GOOD, BAD = "#0b4f8a", "#e8962e", "#2b7a5b", "#b8433f"

STYLE: Any = {
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SOFT,
    "axes.axisbelow": True,
    "grid.color": LINES,
    "text.color": INK,
    "text.parse_math": False,
    "svg.hashsalt": "vssim",
}

MOST_NAMED = 8
"""Settings of a front that a picture names."""

P = ParamSpec("P")


def _styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    @wraps(draw)
    def drawn(*arguments: P.args, **named_ones: P.kwargs) -> Figure:
        with rc_context(STYLE):
            return draw(*arguments, **named_ones)

    return drawn


@_styled
def curve(found: Sweep) -> Figure:
    """Lead time, throughput and flow efficiency over one axis of numbers, with bands; the bottom and the knee are marked."""
    points = found.curve
    if not points:
        raise UsageError("--figure curve: needs one axis of numbers; two make a heat map, and front is for any")
    figure = _figure(found, 3 * 3.0 + 0.8)
    panels = figure.subplots(len(SHOWN), 1, sharex=True)
    unlimited = next((point for point in found.points if is_none(next(iter(point.setting.values())))), None)
    for panel, (metric, title) in zip(panels, SHOWN.items(), strict=True):
        _band(panel, points, metric)
        panel.set_title(f"{title} [{_unit(found, metric)}]")
        panel.grid(visible=True)
        panel.set_ylim(bottom=0)
        if unlimited is not None and unlimited[metric].mean is not None:
            panel.axhline(unlimited[metric].mean, color=SOFT, linestyle=(0, (5, 3)), linewidth=1.2, label="no limit")
    _marks(found, points, panels)
    panels[-1].set_xlabel(found.grid.paths[0])
    panels[-1].xaxis.set_major_locator(MaxNLocator(integer=all(value == int(value) for value, _ in points)))
    panels[0].legend(frameon=False, loc="upper right")
    return figure


def _band(panel: Axes, points: Sequence[tuple[float, Point]], metric: str) -> None:
    known = [(value, point[metric]) for value, point in points if point[metric].mean is not None]
    values = [value for value, _ in known]
    means = [one.mean or 0.0 for _, one in known]
    lows = [one.low if one.low is not None else one.mean or 0.0 for _, one in known]
    highs = [one.high if one.high is not None else one.mean or 0.0 for _, one in known]
    panel.fill_between(values, lows, highs, color=DARK, alpha=0.18, linewidth=0, label="95 % interval")
    panel.plot(values, means, color=DARK, marker="o", markersize=4, linewidth=2)


def _marks(found: Sweep, points: Sequence[tuple[float, Point]], panels: Sequence[Axes]) -> None:
    by_point = {id(point): value for value, point in points}
    knee = found.knee
    if knee is not None:
        for panel in panels:
            panel.axvline(by_point[id(knee)], color=LIGHT, linewidth=1.6, label="knee: 97 % of the most throughput")
    known = [(mean, value) for value, point in points if (mean := point[HEADLINE].mean) is not None]
    if known:
        mean, value = min(known)
        said = f"shortest: {words.figure(mean)} at {words.figure(value)}"
        panels[0].plot([value], [mean], marker="D", markersize=9, color=GOOD, linestyle="", label=said)


@_styled
def heat(found: Sweep) -> Figure:
    """Lead time, throughput and flow efficiency over two axes, one map each; a diamond marks what no other setting beats."""
    if len(found.grid.axes) != 2:
        raise UsageError("--figure heat: needs two axes; one makes a curve, and front is for any")
    down, across = found.grid.axes
    figure = _figure(found, 5.6, width=4.8 * len(SHOWN))
    on_front = set(map(id, found.front))
    places = {(point.setting[down.path], point.setting[across.path]): point for point in found.points}
    for panel, (metric, title) in zip(figure.subplots(1, len(SHOWN)), SHOWN.items(), strict=True):
        rows = [[_mean(places.get((row, column)), metric) for column in across.values] for row in down.values]
        colours = "viridis_r" if metrics.direction(metric) == "down" else "viridis"
        picture = panel.imshow(rows, origin="lower", aspect="auto", cmap=colours)
        bar = figure.colorbar(picture, ax=panel, location="bottom", shrink=0.9)
        bar.set_label(_unit(found, metric))
        panel.set_title(title)
        _ticks(panel.set_xticks, across.values)
        _ticks(panel.set_yticks, down.values)
        panel.set_xlabel(across.path)
        panel.set_ylabel(down.path)
        best = [(column, row) for row, one in enumerate(down.values) for column, two in enumerate(across.values)
                if id(places.get((one, two))) in on_front]  # fmt: skip
        panel.plot(*zip(*best, strict=True), marker="D", color="white", markeredgecolor=INK, linestyle="", markersize=7)
    return figure


def _mean(point: Point | None, metric: str) -> float:
    mean = None if point is None else point[metric].mean
    return math.nan if mean is None else mean


def _ticks(put: Callable[..., Any], values: Sequence[Any]) -> None:
    every = -(-len(values) // 10)
    put(list(range(0, len(values), every)), [value_shown(value) for value in values[::every]])


@_styled
def front(found: Sweep) -> Figure:
    """Lead time against throughput: every setting, the organisation as it is, and the settings that no other beats."""
    figure = _figure(found, 6.75)
    panel = figure.subplots()
    known = [(point["throughput"].mean, point[HEADLINE].mean) for point in found.points]
    panel.scatter(*_pairs(known), color=SOFT, alpha=0.55, s=28, linewidth=0, label="a setting")
    best = [(point["throughput"].mean, point[HEADLINE].mean) for point in found.front]
    panel.plot(*_pairs(best), color=DARK, marker="D", markersize=8, linewidth=2, label="no other setting beats it")
    before = (found.baseline["throughput"].mean, found.baseline[HEADLINE].mean)
    panel.scatter(*_pairs([before]), color=LIGHT, s=130, marker="*", zorder=4, label="as it is")
    places = {(point[HEADLINE].mean or 0.0, point["throughput"].mean or 0.0): point for point in reversed(found.front)}
    every = max(1, -(-len(places) // MOST_NAMED))
    for (down, across), point in sorted(places.items(), key=lambda one: one[0])[::every]:
        place = (across, down)
        panel.annotate(named(point), place, xytext=(-9, 7), textcoords="offset points", ha="right", fontsize=11)
    panel.set_ylim(bottom=0)
    panel.margins(x=0.12)
    panel.set_xlabel(f"throughput [{_unit(found, 'throughput')}]: to the right is better")
    panel.set_ylabel(f"lead time, 85 % within [{_unit(found, HEADLINE)}]: down is better")
    panel.grid(visible=True)
    panel.legend(frameon=False)
    return figure


def _pairs(known: Sequence[tuple[float | None, float | None]]) -> tuple[list[float], list[float]]:
    both = [(one, other) for one, other in known if one is not None and other is not None]
    return [one for one, _ in both], [other for _, other in both]


@_styled
def waterfall(found: Explanation) -> Figure:
    """From the organisation as it is to the change: what each lever contributes, with its interval."""
    figure = Figure(figsize=(12.0, 1.6 + 0.75 * (len(found.contributions) + 2)), layout="constrained")
    figure.suptitle(f"{found.scenario.name}: {found.change}, {found.metric}", x=0.01, ha="left", fontweight="bold")
    panel = figure.subplots()
    good = -1 if metrics.direction(found.metric) == "down" else 1
    at, names = found.before.mean or 0.0, ["as it is"]
    panel.barh(0, at, color=SOFT, height=0.6)
    for row, one in enumerate(found.contributions, start=1):
        change = one.change.mean or 0.0
        panel.barh(row, change, left=at, color=GOOD if change * good >= 0 else BAD, height=0.6)
        panel.plot([at, at], [row - 1, row], color=SOFT, linewidth=0.8)
        if one.change.low is not None and one.change.high is not None:
            panel.plot([at + one.change.low, at + one.change.high], [row, row], color=INK, linewidth=1.6)
        said = f"{'+' if change > 0 else ''}{words.figure(change)}"
        panel.annotate(
            said,
            (max(at, at + max(change, one.change.high or change)), row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
        at += change
        names.append(one.lever)
    panel.barh(len(names), found.after.mean or 0.0, color=DARK, height=0.6)
    for row, value in ((0, found.before.mean), (len(names), found.after.mean)):
        panel.annotate(words.figure(value), (value or 0.0, row), xytext=(6, 0), textcoords="offset points", va="center")
    panel.set_yticks(range(len(names) + 1), [*names, found.change])
    panel.invert_yaxis()
    panel.margins(x=0.08)
    panel.set_xlabel(metrics.unit_of(found.metric, found.scenario.unit))
    panel.grid(visible=True, axis="x")
    return figure


def _figure(found: Sweep, height: float, width: float = 12.0) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained")
    change = f", with {found.grid.change}" if found.grid.change else ""
    figure.suptitle(f"{found.scenario.name}{change}", x=0.01, ha="left", fontweight="bold", fontsize=16)
    return figure


def _unit(found: Sweep, metric: str) -> str:
    unit = metrics.unit_of(metric, found.scenario.unit)
    return "share" if unit == "1" else unit
