"""The picture of a transition: what a change costs at first, and from which day on it has paid back."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.courses import Courses, mean_and_half
from vssim.views import words
from vssim.views.figures import style


@style.slide
def transition(found: Courses) -> Figure:
    """Items in progress, and deliveries more than without the change, day by day; with the day on which it breaks even."""
    replications = len(found.delivered[0])
    items = f"about {found.delivered[1][:, -1].mean():,.0f} items delivered in each"
    runs = f"{words.many(replications, 'replication')}, seed {found.seed}, same work and same luck on both sides"
    caption = f"{runs}; {items} · bands: 95 % intervals"
    drawn, (upper, lower) = style.figure(f"The way there: {style.short(found.change)}", caption, 2, 1, sharex=True)
    for number, (name, values) in enumerate(zip(("as it is", "with the change"), found.in_progress, strict=True)):
        mean, half = mean_and_half(values)
        colour = style.OTHERS[number]
        upper.fill_between(found.at, mean - half, mean + half, color=colour, alpha=0.2, linewidth=0)
        upper.plot(found.at, mean, color=colour, linestyle=style.LINES[number], linewidth=2.4)
        upper.text(found.at[-1] * 1.01, mean[-1], name, color=style.dark(colour), weight="bold", va="center")
    gain, half = found.gain
    lower.fill_between(found.at, gain - half, gain + half, color=style.AFTER, alpha=0.3, linewidth=0)
    lower.plot(found.at, gain, color=style.dark(style.AFTER), linewidth=2.6)
    lower.axhline(0, color=style.INK, linewidth=1.2)
    lower.text(
        found.at[-1] * 1.01,
        gain[-1],
        words.minus(f"{gain[-1]:+.0f} items"),
        weight="bold",
        va="center",
        color=style.dark(style.AFTER),
    )
    for axes in (upper, lower):
        axes.axvline(found.since, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.set_xlim(0, found.at[-1])
    _break_even(lower, found)
    upper.set_ylabel("in progress\n[items]")
    upper.set_ylim(bottom=0)
    lower.set_ylabel("delivered more than\nas it is, in all [items]")
    lower.set_xlabel(found.unit)
    return drawn


def _break_even(axes: Axes, found: Courses) -> None:
    day = found.break_even
    if day is None:
        text = "has not paid back by the end of the run"
    elif day == found.since:
        text = "never behind"
    else:
        text = f"breaks even on {found.unit} {words.figure(day, 6)}"
        axes.plot([day], [float(np.interp(day, found.at, found.gain[0]))], "o", color=style.INK, markersize=12, zorder=5)
    axes.text(0.02, 0.93, text, transform=axes.transAxes, va="top", weight="bold", fontsize=16)
