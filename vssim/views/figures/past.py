"""The picture of a learned baseline: the records on top of the histories that its members play."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.clock import Reals
from vssim.errors import UsageError
from vssim.learning.backtest import Backtest
from vssim.learning.learned import Learned
from vssim.learning.past import Past
from vssim.views.figures import style

BANDS = ((0.05, 0.95, 0.25), (0.25, 0.75, 0.45))
"""The bands of the histories: lower and upper quantile, opacity."""


@style.slide
def past(tested: Learned | Backtest) -> Figure:
    """Deliveries by week, items in progress, lead times, and every metric's place among the histories."""
    held = tested.past
    if not isinstance(held, Past):
        raise UsageError("past: this was learned without playing the past")
    name = tested.name if isinstance(tested, Backtest) else tested.baseline.name
    caption = (
        f"dark line: recorded · bands: nine tenths and half of {len(held.histories):,} histories that members play with fresh luck"
    )
    drawn, panels = style.figure(f"{name}: does it play its own past? {tested.verdict}", caption, 2, 2)
    recorded = held.recorded
    _band(
        panels[0],
        np.array([history.weekly for history in held.histories], np.float64),
        recorded.weekly.astype(np.float64),
        "Deliveries a week",
    )
    panels[0].set_xlabel("week")
    _band(panels[1], np.array([history.wip for history in held.histories]), recorded.wip, "In progress")
    panels[1].set_xlabel("working day")
    _lead(panels[2], held)
    _ranks(panels[3], held)
    return drawn


def _band(axes: Axes, played: Reals, recorded: Reals, title: str) -> None:
    at = np.arange(len(recorded))
    for low, high, dark in BANDS:
        ends = np.quantile(played, [low, high], axis=0)
        axes.fill_between(at, ends[0], ends[1], color=style.AFTER, alpha=dark, linewidth=0)
    axes.plot(at, recorded, color=style.BEFORE, linewidth=2.2)
    axes.set_title(title)
    axes.set_ylim(bottom=0)


def _lead(axes: Axes, held: Past) -> None:
    shares = np.arange(1, 100)
    played = np.array([history.lead for history in held.histories])
    for low, high, dark in BANDS:
        ends = np.quantile(played, [low, high], axis=0)
        axes.fill_betweenx(shares, ends[0], ends[1], color=style.AFTER, alpha=dark, linewidth=0)
    axes.plot(held.recorded.lead, shares, color=style.BEFORE, linewidth=2.2)
    axes.set_title("Lead time: share done within")
    axes.set_xlabel("working days")
    axes.set_ylabel("%")
    axes.set_xlim(left=0)


def _ranks(axes: Axes, held: Past) -> None:
    """Draw the rank of the records among the histories for each metric."""
    lines = held.lines[::-1]
    for place, line in enumerate(lines):
        axes.plot([0.05, 0.95], [place, place], color=style.AFTER, alpha=0.5, linewidth=5, solid_capstyle="butt")
        axes.plot([line.rank], [place], "D" if line.off else "o", color=style.BEFORE, markersize=7)
    axes.set_yticks(range(len(lines)), [style.short(line.metric.name, 30) for line in lines], fontsize=9)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("share of histories below the records")
    axes.set_title("Where the records lie")
