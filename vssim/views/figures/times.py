"""Pictures of lead times: every delivered item with its percentiles, and their distribution."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.catalogue import QUANTILES
from vssim.clock import Reals
from vssim.metrics.daily import Daily
from vssim.metrics.deliveries import quantiles
from vssim.play.run import Run
from vssim.views import names, words
from vssim.views.figures import marks, style

NOTHING = "nothing was delivered in the measured time"


@style.slide
def lead_times(*runs: Run) -> Figure:
    """Every delivered item: when it was delivered, how long it took; lines at 50, 70, 85 and 95 %."""
    unit = runs[0].log.unit
    drawn, panels = style.figure(
        "Lead time of each item", style.caption_of(runs, *marks.said(runs)), 1, len(runs), sharex=True, sharey=True
    )
    for run, axes in zip(runs, panels, strict=True):
        daily = Daily(run.log)
        axes.scatter(daily.delivered_at, daily.lead, s=22, color=_colour(run), alpha=0.55, linewidths=0)
        marks.mark_warmup(axes, run)
        marks.mark_change(axes, run)
        marks.mark_away(axes, run)
        axes.set_title(names.wrapped(style.name_of(run), 60 // len(runs)))
        style.time_axis(axes, unit, run.dates, "delivered on {unit}")
        axes.set_xlim(0, run.log.length * (1.0 + 0.13 * min(len(runs), 3)))
        _levels(axes, run)
    panels[0].set_ylabel(f"lead time [{unit}s]")
    panels[0].set_ylim(bottom=0)
    return drawn


def _colour(run: Run) -> str:
    return style.BEFORE if run.change is None else style.AFTER


def _measured(run: Run) -> Reals:
    """The lead times of items delivered after the warm-up [units of time]; shape (items,)."""
    daily = Daily(run.log)
    return daily.lead[daily.delivered_at >= run.warmup]


def _levels(axes: Axes, run: Run) -> None:
    """Draw the percentile lines of the measured items with their values."""
    lead = _measured(run)
    if not len(lead):
        style.nothing(axes, NOTHING)
        return
    shares = list(QUANTILES.values())
    levels = quantiles(lead, np.array(shares)).tolist()
    places = style.apart(levels, max(float(lead.max()), 1e-9) * 0.055)
    for share, level, place in zip(shares, levels, places, strict=True):
        axes.axhline(level, color=style.INK, linewidth=2.2 if share == 0.85 else 1.1, zorder=3)
        weight = "bold" if share == 0.85 else "normal"
        behind = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
        text = f"{100 * share:.0f} % ≤ {words.figure(level)}"
        axes.text(
            1.0,
            place,
            text,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="bottom",
            fontsize=13,
            weight=weight,
            zorder=4,
            bbox=behind,
        )


@style.slide
def lead_time_distribution(*runs: Run) -> Figure:
    """How lead times are spread: a histogram for each run, and the share of items done within so long."""
    unit = runs[0].log.unit
    caption = style.caption_of(runs, "dot: 85 %")
    drawn, (histogram, shares) = style.figure("How long items take", caption, 1, 2, sharex=True)
    longest = max((float(lead.max()) for run in runs if len(lead := _measured(run))), default=0.0)
    if not longest:
        for axes in (histogram, shares):
            style.nothing(axes, NOTHING)
    edges = np.linspace(0, longest or 1.0, 26)
    called = names.distinct([style.name_of(run) for run in runs], 32)
    for number, run in enumerate(runs):
        lead = np.sort(_measured(run))
        if not len(lead):
            continue
        colour, line = style.OTHERS[number], style.LINES[number]
        weights = np.full(len(lead), 1 / len(lead))
        histogram.hist(lead, edges.tolist(), weights=weights, color=colour, alpha=0.28)
        histogram.hist(lead, edges.tolist(), weights=weights, histtype="step", color=colour, linewidth=2, linestyle=line)
        shares.plot(
            lead, np.arange(1, len(lead) + 1) / len(lead), color=colour, linewidth=2.5, linestyle=line, drawstyle="steps-post"
        )
        at = float(quantiles(lead, np.array([0.85]))[0])
        shares.plot([at], [0.85], "o", color=colour, markersize=10)
        label = f"{called[number]}: 85 % ≤ {words.figure(at)} {unit}s"
        shares.text(
            0.98,
            0.06 + 0.075 * (len(runs) - 1 - number),
            label,
            transform=shares.transAxes,
            ha="right",
            color=style.dark(colour),
            weight="bold",
        )
    histogram.set_title("share of items by lead time")
    shares.set_title("share of items done within …")
    for axes in (histogram, shares):
        axes.set_xlabel(f"lead time [{unit}s]")
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
    histogram.set_ylabel("share of delivered items")
    shares.set_ylabel("share of delivered items")
    return drawn
