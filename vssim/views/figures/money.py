"""The picture of money: cumulative cash as it is and with each change, the dip, and the time of payback."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.compare.compare import Comparison
from vssim.errors import UsageError
from vssim.metrics.breakeven import BreakEven
from vssim.views import words
from vssim.views.figures import style
from vssim.views.figures.comparisons import caption_of

NO_CURRENCY = "cash: the scenario has no currency, so there is no money to see; `currency: EUR` and costs say what it is"
"""The message where a scenario has no currency."""


@style.slide
def cash(comparison: Comparison) -> Figure:
    """Cumulative cash, as it is and with each change, with bands: the dip of each change, and where it has paid back.

    Raises UsageError where the scenario has no currency.
    """
    if not comparison.scenario.currency:
        raise UsageError(NO_CURRENCY)
    unit, currency = comparison.scenario.unit, comparison.scenario.currency
    caption = f"{caption_of(comparison)} · earned − paid since the start; bands: 95 % intervals"
    drawn, (levels, apart) = style.figure("What it costs and earns", caption, 1, 2)
    lines = [(name, variant.cash) for name, variant in comparison.variants.items()][: style.MOST_RUNS + 1]
    if any(line is None for _, line in lines):
        style.nothing(levels, "no currency, no money")
    for number, (name, line) in enumerate(lines):
        if line is not None:
            _line(levels, line, number, "as it is" if name == "baseline" else name)
    for number, (name, differences) in enumerate(list(comparison.items())[: style.MOST_RUNS], start=1):
        if "cash" in differences.break_even:
            _against(apart, differences.break_even["cash"], number, name, unit)
    levels.set_title(f"cash since {unit} 0 [{currency}]")
    apart.set_title("against as it is")
    for axes in (levels, apart):
        style.time_axis(axes, unit, comparison.scenario.dates)
        axes.axhline(0, color=style.INK, linewidth=1.2)
        axes.yaxis.set_major_formatter(lambda value, _: words.figure(value, 4))
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize=13, loc="best")
    return drawn


def _line(axes: Axes, line: BreakEven, number: int, name: str) -> None:
    colour = style.OTHERS[number % len(style.OTHERS)]
    if line.half is not None:
        axes.fill_between(line.at, line.mean - line.half, line.mean + line.half, color=colour, alpha=0.2, linewidth=0)
    dashes = style.LINES[number % len(style.LINES)]
    axes.plot(line.at, line.mean, color=colour, linestyle=dashes, linewidth=2.6, label=style.short(name, 26))


def _against(axes: Axes, line: BreakEven, number: int, name: str, unit: str) -> None:
    """Draw how far a change is ahead; its deepest point and its crossing of 0 are marked."""
    back = "not by the end" if line.time is None else f"{unit} {words.figure(line.time)}"
    _line(axes, line, number, f"{style.short(name, 20)}: {back}")
    colour = style.dark(style.OTHERS[number % len(style.OTHERS)])
    deepest = line.worst
    if line.mean[deepest] < 0:
        axes.plot([line.at[deepest]], [line.mean[deepest]], "v", color=colour, markersize=11, zorder=5)
        if line.time is not None:
            axes.plot([line.time], [float(np.interp(line.time, line.at, line.mean))], "o", color=colour, markersize=11, zorder=5)
