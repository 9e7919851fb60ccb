"""The picture `cumulative_flow`: what was asked for and what was delivered, with how many there are and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.clock import Reals
from vssim.metrics.daily import Daily
from vssim.metrics.deliveries import quantiles
from vssim.play.run import Run
from vssim.views import names, palette, words
from vssim.views.figures import marks, style

WINDOW = 2.2
"""The part at the end of a run that is shown, in multiples of the 85 % percentile of lead time."""

LOW, HIGH = 0.15, 0.75
"""The range for an arrow, as shares of the deliveries and of the time shown [1]."""


@dataclass(frozen=True)
class Lines:
    """The two lines of the picture: items asked for and delivered so far, counted from the first delivery shown."""

    at: Reals
    asked: Reals
    delivered: Reals
    waiting: bool
    """whether some items that were asked for are not yet started"""


@style.slide
def cumulative_flow(*runs: Run) -> Figure:
    """What was asked for and what was delivered: upright, how many are under way; across, how long it takes, first in first out."""
    unit = runs[0].log.unit
    shown = max(_window(run) for run in runs)
    said = f"the last {words.figure(shown)} {unit}s, counted from the first delivery shown"
    hint = "upright: how many are under way · across: how long the one in that place takes (first in, first out)"
    drawn, panels = style.figure(
        "Cumulative flow: how many, and how long",
        style.caption_of(runs, said, hint, *marks.said(runs)),
        1,
        len(runs),
        sharex=True,
        sharey=True,
    )
    seen = [_lines(run, shown) for run in runs]
    for run, axes, lines in zip(runs, panels, seen, strict=True):
        _panel(axes, lines, unit)
        marks.mark_change(axes, run)
        marks.mark_away(axes, run)
        axes.set_title(names.wrapped(style.name_of(run), 60 // len(runs)))
        style.time_axis(axes, unit, run.dates)
    panels[0].set_xlim(runs[0].log.length - shown, runs[0].log.length)
    panels[0].set_ylim(0, max(float(lines.asked.max(initial=1.0)) for lines in seen) * 1.12)
    panels[0].set_ylabel("items")
    return drawn


def _window(run: Run) -> float:
    """The length of the part at the end of a run that is shown [units of time]."""
    horizon = run.log.length
    lead = Daily(run.log).lead
    return min(horizon, WINDOW * float(quantiles(np.sort(lead), np.array([0.85]))[0])) if len(lead) else horizon


def _lines(run: Run, shown: float) -> Lines:
    daily = Daily(run.log, max(shown / 400, 0.1) if shown < 400 else 1.0)
    there = daily.at >= run.log.length - shown - 1e-9
    first = int(daily.delivered[there][0]) if there.any() else 0
    asked = (daily.arrived - first)[there].astype(np.float64)
    waiting = bool((daily.arrived[there] > daily.begun[there]).any())
    return Lines(daily.at[there], asked, (daily.delivered - first)[there].astype(np.float64), waiting)


def _panel(axes: Axes, lines: Lines, unit: str) -> None:
    """The two lines, what lies between them, and the two arrows."""
    done = palette.looks()["done"].fill
    axes.fill_between(
        lines.at, lines.delivered, lines.asked, color=palette.looks()["aside"].fill, alpha=0.3, step="post", linewidth=0
    )
    axes.fill_between(lines.at, 0, lines.delivered, color=done, alpha=0.85, step="post", linewidth=0)
    axes.plot(lines.at, lines.asked, color=style.INK, linewidth=2.6, drawstyle="steps-post")
    axes.plot(lines.at, lines.delivered, color=done, linewidth=2.6, drawstyle="steps-post")
    top = float(lines.asked.max(initial=1.0))
    axes.set_ylim(0, top * 1.12)
    if not len(lines.at):
        return
    bold: Any = {"weight": "bold", "fontsize": 14}
    axes.text(lines.at[-1] - 0.012 * (lines.at[-1] - lines.at[0]), top * 1.06, "asked for", ha="right", va="center", **bold)
    if lines.delivered[-1] > 0.18 * top:
        at = lines.at[0] + 0.96 * (lines.at[-1] - lines.at[0])
        axes.text(at, 0.3 * lines.delivered[-1], "delivered", ha="right", va="center", color="white", **bold)
    else:
        axes.text(lines.at[-1], lines.delivered[-1], "delivered  ", ha="right", va="bottom", color=done, **bold)
    _upright(axes, lines, top)
    _across(axes, lines, unit)


ARROW: Any = {"arrowstyle": "<->", "color": style.INK, "linewidth": 2.4, "mutation_scale": 16, "shrinkA": 0, "shrinkB": 0}


def _upright(axes: Axes, lines: Lines, top: float) -> None:
    """The vertical arrow, the number of items, at a day with the median number, right of the middle where there is room."""
    span = lines.at[-1] - lines.at[0]
    days = np.flatnonzero((lines.at >= lines.at[0] + 0.55 * span) & (lines.at <= lines.at[0] + 0.9 * span))
    if not len(days):
        return
    gaps = (lines.asked - lines.delivered)[days]
    day = int(days[np.argsort(gaps, kind="stable")[(len(gaps) - 1) // 2]])
    gap = lines.asked[day] - lines.delivered[day]
    if gap < 0.03 * top:
        return
    axes.annotate("", (lines.at[day], lines.asked[day]), (lines.at[day], lines.delivered[day]), arrowprops=ARROW)
    said = f"{gap:.0f} {'not yet delivered' if lines.waiting else 'in progress'}"
    axes.text(
        lines.at[day] - 0.01 * span,
        lines.asked[day] + 0.025 * top,
        said,
        ha="right",
        va="bottom",
        weight="bold",
        fontsize=14,
        bbox=_BEHIND,
    )


_BEHIND: Any = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}


def _across(axes: Axes, lines: Lines, unit: str) -> None:
    """The horizontal arrow, the time an item takes, at the place in line with the median time of those visible entirely."""
    most = lines.delivered[-1]
    places = np.arange(max(1, int(lines.asked[0]) + 1), int(most) + 1)
    places = places[(places >= LOW * most) & (places <= HIGH * most)]
    if not len(places):
        return
    begins = lines.at[np.searchsorted(lines.asked, places)]
    ends = lines.at[np.searchsorted(lines.delivered, places)]
    distance = ends - begins
    chosen = int(np.argsort(distance, kind="stable")[(len(distance) - 1) // 2])
    place, begin, end = places[chosen] - 0.5, begins[chosen], ends[chosen]
    axes.annotate("", (end, place), (begin, place), arrowprops=ARROW)
    said = f"{words.figure(distance[chosen], 2)} {unit}s"
    axes.text((begin + end) / 2, place, said, ha="center", va="center", weight="bold", fontsize=14, bbox={**_BEHIND, "alpha": 0.9})
