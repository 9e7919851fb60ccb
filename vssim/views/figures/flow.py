"""Pictures of a run's course: what is in progress by step, the cumulative flow, how old it is, and run charts."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.breakdown import in_progress_since
from vssim.analysis.daily import Daily
from vssim.analysis.deliveries import quantiles
from vssim.analysis.run import Run
from vssim.analysis.spans import IN_PROGRESS
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.views.figures import style

FINEST = 600
"""Moments that a picture shows of a run, at most."""


def _daily(run: Run) -> Daily:
    """A run's course, day by day; coarser where nobody could see the days."""
    return Daily(run.log, max(1.0, np.ceil(run.log.horizon / TICKS / FINEST)) if run.log.horizon > 30 * TICKS else 0.1)


@style.slide
def in_progress(*runs: Run) -> Figure:
    """Items in progress, step by step, stacked."""
    drawn, panels = style.figure("Items in progress by step", style.caption_of(runs), 1, len(runs), sharex=True, sharey=True)
    for run, axes in zip(runs, panels, strict=True):
        daily = _daily(run)
        layers = daily.by_step[::-1]
        _stack(axes, daily.at, layers, list(run.log.steps[::-1]))
        _finish(axes, run)
    panels[0].set_ylabel("items in progress")
    return drawn


@style.slide
def cumulative_flow(*runs: Run) -> Figure:
    """How many items have come how far: the bands are work in progress, their width to the right is time."""
    drawn, panels = style.figure("Cumulative flow", style.caption_of(runs), 1, len(runs), sharex=True, sharey=True)
    for run, axes in zip(runs, panels, strict=True):
        daily = _daily(run)
        done = daily.past[-1] - daily.by_step[-1] if len(run.log.steps) else daily.delivered
        lines = np.array([daily.past[0] + daily.backlog, *daily.past, np.minimum(_left(daily), done)])
        layers = -np.diff(lines, axis=0)[::-1]
        base = lines[-1]
        axes.fill_between(daily.at, 0, base, color=style.GRID, step="post", linewidth=0)
        _stack(axes, daily.at, layers, ["backlog", *run.log.steps][::-1], base)
        axes.plot(daily.at, base, color=style.INK, linewidth=1.5, drawstyle="steps-post")
        if base[-1] > 0.2 * lines[0, -1]:
            axes.text(daily.at[-1] * 0.97, base[-1] * 0.3, "done", ha="right", va="center", fontsize=14)
        _finish(axes, run)
    panels[0].set_ylabel("items, since the start")
    return drawn


def _left(daily: Daily) -> Ints:
    """Items that have left the board, delivered or stopped."""
    left = daily.log.items.left[daily.on_board]
    return np.searchsorted(np.sort(left[left != NOT_YET]), daily.moments, side="right")


def _stack(axes: Axes, at: Reals, layers: Ints, names: list[str], base: Ints | None = None) -> None:
    """Layers one on the other, lowest first, each named beside its right end."""
    low = np.zeros(len(at)) if base is None else base.astype(np.float64)
    colours = style.shades(len(layers))
    middles = []
    for layer, colour in zip(layers, colours, strict=True):
        axes.fill_between(at, low, low + layer, color=colour, step="post", linewidth=0)
        axes.plot(at, low + layer, color="white", linewidth=0.4, drawstyle="steps-post")
        middles.append(float(low[-1] + layer[-1] / 2))
        low = low + layer
    top = max(float(low.max()), axes.get_ylim()[1] / 1.05, 1.0)
    axes.set_ylim(0, top * 1.05)
    places = style.apart(middles, 0.052 * top, 1.02 * top)
    for name, place, middle, colour in zip(names, places, middles, colours, strict=True):
        axes.annotate(
            style.short(name, 18),
            (at[-1], middle),
            (at[-1] * 1.03, place),
            va="center",
            fontsize=12.5,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.SOFT, "linewidth": 0.8},
            bbox={"boxstyle": "square,pad=0.15", "facecolor": colour, "edgecolor": "none"},
            color=style.on(colour),
        )


def _finish(axes: Axes, run: Run) -> None:
    style.mark_change(axes, run)
    axes.set_title(style.name_of(run))
    axes.set_xlabel(run.log.unit)
    axes.set_xlim(0, run.log.horizon / TICKS * 1.02)


@style.slide
def ageing(*runs: Run) -> Figure:
    """Items in progress when the run ends, how old they are and where they stand, over the ages at which others left each step."""
    caption = style.caption_of(runs, "bands: ages at which 50, 85 and 95 % of the delivered items left the step")
    drawn, panels = style.figure("Age of the items in progress at the end", caption, 1, len(runs), sharey=True)
    unit = runs[0].log.unit
    for run, axes in zip(runs, panels, strict=True):
        _ages(axes, run)
        axes.set_title(style.name_of(run))
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
        [style.short(step, 16) for step in steps],
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
    caption = style.caption_of(runs, f"throughput: over the {over:g} {unit}s before")
    drawn, (upper, lower) = style.figure("Throughput and items in progress over time", caption, 2, 1, sharex=True)
    for number, run in enumerate(runs):
        daily = _daily(run)
        look: Any = {"color": style.OTHERS[number], "linestyle": style.LINES[number], "linewidth": 2.2}
        rates = np.where(daily.at >= over, daily.rate(over), np.nan)
        upper.plot(daily.at, rates, **look)
        lower.plot(daily.at, daily.in_progress, **look)
        for axes in (upper, lower):
            style.mark_change(axes, run)
    horizon = runs[0].log.horizon / TICKS
    style.mark_warmup(upper, runs[0])
    style.mark_warmup(lower, runs[0])
    for axes, values in (
        (upper, [_rate(run, over) for run in runs]),
        (lower, [float(_daily(run).in_progress[-1]) for run in runs]),
    ):
        axes.set_xlim(0, horizon)
        axes.set_ylim(bottom=0)
        top = axes.get_ylim()[1]
        places = style.apart(values, 0.13 * top, top)
        for number, (run, place) in enumerate(zip(runs, places, strict=True)):
            axes.text(
                horizon * 1.01,
                place,
                style.short(style.name_of(run), 24),
                color=style.dark(style.OTHERS[number]),
                weight="bold",
                va="center",
                fontsize=13,
            )
    upper.set_ylabel(f"delivered\n[items a {unit}]")
    lower.set_ylabel("in progress\n[items]")
    lower.set_xlabel(unit)
    return drawn


def _rate(run: Run, over: float) -> float:
    return float(_daily(run).rate(over)[-1])
