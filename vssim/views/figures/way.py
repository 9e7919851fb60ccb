"""The picture of a transition: what a change that comes later costs at first, and when it has paid back."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.compare.compare import Comparison
from vssim.errors import UsageError
from vssim.metrics.breakeven import BreakEven
from vssim.views import names, words
from vssim.views.figures import style
from vssim.views.figures.comparisons import caption_of
from vssim.views.terminal.breakeven import NAMES, sentence

NO_DATE = "transition: no change comes into force at a date (from: …), so there is no transition to see"
"""The message where no change comes into force at a date."""


@style.slide
def transition(comparison: Comparison) -> Figure:
    """How far each change that comes at a date is ahead of as it is in what has been delivered since; and its break-even.

    Raises UsageError where there is no such change.
    """
    counts = {
        name: {measure: line for measure, line in differences.break_even.items() if measure != "cash"}
        for name, differences in comparison.items()
    }
    later = [(name, breaks) for name, breaks in counts.items() if breaks][: style.MOST_RUNS]
    if not later:
        raise UsageError(NO_DATE)
    caption = f"{caption_of(comparison)} · delivered since the change came into force, against as it is; bands: 95 % intervals"
    counted = max(len(breaks) for _, breaks in later)
    drawn, panels = style.figure("Worse before better?", caption, counted, len(later), sharex="col", sharey="row")
    for column, (name, breaks) in enumerate(later):
        for row, (measure, line) in enumerate(breaks.items()):
            axes = panels[row * len(later) + column]
            _line(axes, line, comparison.scenario.unit)
            if column == 0:
                axes.set_ylabel(f"{NAMES[measure]}, ahead\n[{'items' if measure == 'items' else 'value'}]")
        panels[column].set_title(names.wrapped(name, 60 // len(later), 4))
        style.time_axis(panels[(counted - 1) * len(later) + column], comparison.scenario.unit, comparison.scenario.dates)
    return drawn


def _line(axes: Axes, break_even: BreakEven, unit: str) -> None:
    """Draw the mean with its band, mark the break-even, and state it in words."""
    if break_even.half is not None:
        axes.fill_between(
            break_even.at,
            break_even.mean - break_even.half,
            break_even.mean + break_even.half,
            color=style.AFTER,
            alpha=0.3,
            linewidth=0,
        )
    axes.plot(break_even.at, break_even.mean, color=style.dark(style.AFTER), linewidth=2.6)
    axes.axhline(0, color=style.INK, linewidth=1.2)
    axes.margins(y=0.25)
    if break_even.time is not None and break_even.time > break_even.at[0]:
        axes.plot(
            [break_even.time],
            [float(np.interp(break_even.time, break_even.at, break_even.mean))],
            "o",
            color=style.INK,
            markersize=12,
            zorder=5,
        )
        axes.annotate(
            f"break-even: {unit} {words.figure(break_even.time)}",
            (break_even.time, 0),
            (0.03, 0.95),
            textcoords="axes fraction",
            va="top",
            fontsize=15,
            weight="bold",
            arrowprops={"arrowstyle": "-", "color": style.SOFT},
        )
    else:
        axes.text(
            0.03, 0.95, sentence(break_even, unit).split(";")[0], transform=axes.transAxes, va="top", fontsize=14, weight="bold"
        )
