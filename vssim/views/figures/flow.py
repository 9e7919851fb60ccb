"""Pictures of the course of a run: items in progress by state, their ages, and run charts."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.clock import NOT_YET, TICKS, Reals
from vssim.metrics.causes import in_progress_since
from vssim.metrics.daily import Daily
from vssim.metrics.deliveries import quantiles
from vssim.metrics.looks import by_day
from vssim.metrics.spans import IN_PROGRESS
from vssim.play.run import Run
from vssim.views import names, palette
from vssim.views.figures import marks, style

FINEST = 600
"""The most points in time that a picture shows."""


def _daily(run: Run) -> Daily:
    """The course of a run day by day, or in longer steps where single days could not be told apart."""
    return Daily(run.log, max(1.0, np.ceil(run.log.length / FINEST)) if run.log.length > 30 else 0.1)


STACK = ("hand", "aside", "queue", "transit", "blocked", "room", "gate")
"""The states in the order in which they are stacked, from the bottom."""

WORDS = {
    "hand": "in hand",
    "aside": "set aside",
    "queue": "waiting",
    "transit": "on the way",
    "blocked": "need others",
    "room": "no room ahead",
    "gate": "at a gate",
}
SMOOTH = 1 / 26
"""The width of the moving mean, as a share of the run, so that release trains leave no saw teeth; at least three units of time."""


@style.slide
def in_progress(*runs: Run) -> Figure:
    """What the items in progress are doing: stacked by state, a moving mean; what came before the measured time is pale."""
    from matplotlib.patches import Patch

    drawn, panels = style.figure(
        "What the items in progress are doing", style.caption_of(runs, *marks.said(runs)), 1, len(runs), sharex=True, sharey=True
    )
    seen: dict[str, None] = {}
    for run, axes in zip(runs, panels, strict=True):
        daily = _daily(run)
        counts = by_day(daily)
        width = max(3, round(len(daily.at) * SMOOTH))
        low = np.zeros(len(daily.at))
        for name in STACK:
            layer, look = _smooth(counts[name], width), palette.looks()[name]
            if layer.max(initial=0.0) > 0:
                seen[name] = None
                axes.fill_between(
                    daily.at, low, low + layer, facecolor=look.fill, edgecolor=look.edge, hatch=look.hatch, linewidth=0.4
                )
            low = low + layer
        measured = daily.in_progress[daily.at >= run.warmup]
        mean = f"{measured.mean():.0f} in progress on average" if len(measured) else ""
        _finish(axes, run)
        axes.set_title(f"{names.wrapped(style.name_of(run), 60 // len(runs))}\n{mean}", loc="left")
        if run.warmup:
            axes.axvspan(0, run.warmup, color="white", alpha=0.55, linewidth=0)
    handles = [
        Patch(facecolor=look.fill, edgecolor=look.edge, hatch=look.hatch, label=WORDS[name])
        for name, look in palette.looks().items()
        if name in seen
    ]
    if handles:
        drawn.legend(handles=handles[::-1], loc="outside right upper", frameon=False, fontsize=13)
    panels[0].set_ylabel("items in progress")
    return drawn


def _smooth(values: Reals, width: int) -> Reals:
    """A moving mean over `width` values; at the ends over those that exist. Same shape."""
    weights = np.ones(width)
    smooth: Reals = np.convolve(values, weights, "same") / np.convolve(np.ones(len(values)), weights, "same")
    return smooth


def _finish(axes: Axes, run: Run) -> None:
    marks.mark_change(axes, run)
    marks.mark_away(axes, run)
    axes.set_title(names.wrapped(style.name_of(run), 60 // 2))
    style.time_axis(axes, run.log.unit, run.dates)
    axes.set_xlim(0, run.log.length * 1.02)


@style.slide
def ageing(*runs: Run) -> Figure:
    """Items in progress when the run ends, how old they are and where they stand, over the ages at which others left each step."""
    caption = style.caption_of(runs, "bands: ages at which 50, 85 and 95 % of the delivered items left the step")
    drawn, panels = style.figure("Age of the items in progress at the end", caption, 1, len(runs), sharey=True)
    unit = runs[0].log.unit
    for run, axes in zip(runs, panels, strict=True):
        _ages(axes, run)
        axes.set_title(names.wrapped(style.name_of(run), 60 // len(runs)))
    panels[0].set_ylabel(f"age [{unit}s]")
    panels[0].set_ylim(0, 1.1 * panels[0].get_ylim()[1])
    return drawn


def _ages(axes: Axes, run: Run) -> None:
    daily, since = Daily(run.log), in_progress_since(run.log)
    spans, steps = daily.spans, run.log.steps
    standing = np.flatnonzero((spans.end == NOT_YET) & np.isin(spans.state, IN_PROGRESS))
    ages = (run.log.horizon - since[spans.item[standing]]) / TICKS
    for step, _ in enumerate(steps):
        passed = np.flatnonzero((spans.step == step) & (spans.end != NOT_YET))
        last = {int(spans.item[row]): int(spans.end[row]) for row in passed if run.log.items.left[spans.item[row]] != NOT_YET}
        then = np.array([(end - since[item]) / TICKS for item, end in last.items()])
        if len(then):
            below = 0.0
            for level, colour in zip(quantiles(then, np.array([0.5, 0.85, 0.95])), style.shades(4)[:0:-1], strict=True):
                axes.bar(step, level - below, 0.96, bottom=below, color=colour, linewidth=0, zorder=1)
                below = float(level)
        here = np.sort(ages[spans.step[standing] == step])
        spread = np.linspace(-0.34, 0.34, 9)
        axes.scatter(
            step + spread[np.arange(len(here)) * 4 % 9], here, s=34, color=style.INK, edgecolors="white", linewidths=0.8, zorder=3
        )
        axes.text(step, 0.985, f"{len(here)}", transform=axes.get_xaxis_transform(), ha="center", va="top", weight="bold", zorder=4)
    crowded = max((len(step) for step in steps), default=0) * len(steps) > 60
    axes.set_xticks(
        range(len(steps)),
        [names.wrapped(step, 14, 3) if not crowded else step for step in names.distinct(steps, 36 if not crowded else 16)],
        rotation=30 if crowded else 0,
        ha="right" if crowded else "center",
    )
    axes.grid(visible=False, axis="x")
    axes.set_xlabel("step (above: items there)")
    if not len(standing):
        style.nothing(axes, "nothing is in progress")


@style.slide
def run_chart(*runs: Run) -> Figure:
    """Deliveries and items in progress over time, all runs on the same axes."""
    unit = runs[0].log.unit
    over = {"hour": 40.0, "day": 20.0, "week": 4.0}[unit]
    caption = style.caption_of(runs, f"throughput: over the {over:g} {unit}s before", *marks.said(runs[:1]))
    drawn, (upper, lower) = style.figure("Throughput and items in progress over time", caption, 2, 1, sharex=True)
    for number, run in enumerate(runs):
        daily = _daily(run)
        look: Any = {"color": style.OTHERS[number], "linestyle": style.LINES[number], "linewidth": 2.2}
        rates = np.where(daily.at >= over, daily.rate(over), np.nan)
        upper.plot(daily.at, rates, **look)
        lower.plot(daily.at, daily.in_progress, **look)
        for axes in (upper, lower):
            marks.mark_change(axes, run)
    horizon = runs[0].log.length
    marks.mark_warmup(upper, runs[0])
    marks.mark_warmup(lower, runs[0])
    for axes in (upper, lower):
        marks.mark_away(axes, runs[0])
    for axes, values in (
        (upper, [_rate(run, over) for run in runs]),
        (lower, [float(_daily(run).in_progress[-1]) for run in runs]),
    ):
        axes.set_xlim(0, horizon)
        axes.set_ylim(bottom=0)
        top = axes.get_ylim()[1]
        places = style.apart(values, 0.13 * top, top)
        called = names.distinct([style.name_of(run) for run in runs], 40)
        for number, place in enumerate(places):
            axes.text(
                horizon * 1.01,
                place,
                names.wrapped(called[number], 20, 2),
                color=style.dark(style.OTHERS[number]),
                weight="bold",
                va="center",
                fontsize=13,
            )
    upper.set_ylabel(f"delivered\n[items a {unit}]")
    lower.set_ylabel("in progress\n[items]")
    style.time_axis(lower, unit, runs[0].dates)
    return drawn


def _rate(run: Run, over: float) -> float:
    return float(_daily(run).rate(over)[-1])
