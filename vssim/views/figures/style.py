"""The style of all pictures: slide size, large plain text, colours that everyone can tell apart and that survive a grey printer."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from vssim.calendar import Calendar
from vssim.play.run import Run
from vssim.views import words

WIDTH, HEIGHT = 12.0, 6.75
"""A slide of 16:9 [inches]."""

INK, SOFT, GRID = "#1b1f24", "#5b6570", "#d9dee3"
BEFORE, AFTER = "#0b4f8a", "#e8962e"
"""The organisation as it is (dark), and with a change (light): they differ in luminance, not only in hue."""

OTHERS = ("#0b4f8a", "#e8962e", "#6aa84f", "#8e5ea2", "#7d7d7d", "#b8433f")
RAMP = ("#08306b", "#2b5d9b", "#5c8fc0", "#93b8d6", "#c3d8e8", "#d3e0eb")
"""Colours for stacked areas, from dark to light; neighbours differ in luminance."""

LINES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (8, 3)), (0, (2, 2)))

MOST_RUNS = 4
"""The most runs that a picture shows side by side."""

RC: Any = {
    "font.size": 14,
    "axes.titlesize": 15,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "date.converter": "concise",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.parse_math": False,
    "svg.hashsalt": "vssim",
}


class Slide(Figure):
    """A picture that shows itself in a notebook, without a magic word."""

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=80, metadata={"Software": None})
        return stream.getvalue()


P = ParamSpec("P")


def slide(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A function that draws a slide in the style of this module, made from `draw`."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context(RC):
            return draw(*args, **kwargs)

    return styled


def figure(title: str, caption: str, rows: int = 1, columns: int = 1, **axes: Any) -> tuple[Figure, list[Axes]]:
    """A slide with a title, a caption, and its axes, row by row."""
    drawn = Slide(figsize=(WIDTH, HEIGHT), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1))
    drawn.suptitle(short(title, 78), x=0.012, ha="left", fontsize=19, fontweight="bold")
    drawn.supxlabel(textwrap.fill(caption, 132), x=0.012, ha="left", fontsize=11.5, color=SOFT)
    grid = drawn.subplots(rows, columns, squeeze=False, **axes)
    return drawn, list(grid.flat)


def taller(drawn: Figure, height: float) -> None:
    """Make a slide higher than 16:9 where its content needs that. `height`: [inches]."""
    drawn.set_size_inches(WIDTH, max(HEIGHT, height))


def short(text: str, most: int = 40) -> str:
    """A name on one line, shortened to `most` letters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def shades(count: int) -> list[str]:
    """`count` colours of the ramp, from dark to light."""
    if count <= 1:
        return [RAMP[1]]
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    ramp = LinearSegmentedColormap.from_list("ramp", RAMP)
    return [to_hex(ramp(place / (count - 1))) for place in range(count)]


def on(colour: str) -> str:
    """The colour of text that can be read on `colour`."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.55 else INK


def dark(colour: str) -> str:
    """The colour, darkened until it can be used for text on white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(colour)
    factor = min(1.0, 0.42 / (0.299 * red + 0.587 * green + 0.114 * blue))
    return str(to_hex((red * factor, green * factor, blue * factor)))


MOST_DATES = 3
"""The most dates on an axis besides the one at its left end."""


def name_of(run: Run) -> str:
    """The name of a run in a picture."""
    return "as it is" if run.change is None else " ".join(run.change.split())


def caption_of(runs: Sequence[Run], *more: str) -> str:
    """The caption of a picture of single runs: number of items, which run, and notes."""
    told = []
    for run in runs:
        arrived, delivered = run.metrics()["unfinished"] or 0.0, run.metrics()["delivered"] or 0.0
        prefix = f"{name_of(run)}: " if len(runs) > 1 else ""
        told.append(f"{prefix}{words.many(delivered, 'item')} delivered, {arrived:,.0f} unfinished")
    first = runs[0]
    luck = "same work, same luck" if len(runs) > 1 else "one luck"
    measured = f"; measured from {first.log.unit} {words.figure(first.warmup, 6)}" if first.warmup else ""
    told.append(f"one run each (replication {first.replication}, seed {first.seed}; {luck}){measured}")
    return " · ".join([*told, *more])


def time_axis(axes: Axes, unit: str, dates: Calendar | None, label: str = "{unit}") -> None:
    """Label the axis of a run's clock: with dates where it has them (the end of each day), otherwise with units of time."""
    axes.set_xlabel(label.format(unit=unit if dates is None else "").strip())
    if dates is not None:
        axes.xaxis.set_major_locator(MaxNLocator(MOST_DATES))
        axes.xaxis.set_major_formatter(lambda value, _: dates.evening(value))


def nothing(axes: Axes, text: str) -> None:
    """Write into the axes why there is nothing to see."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=SOFT, fontsize=15)


def apart(places: Sequence[float], least: float, top: float = math.inf) -> list[float]:
    """The positions, moved to be at least `least` apart: up as little as needed, then down below `top`. Same order."""
    rank = sorted(range(len(places)), key=lambda index: places[index])
    moved = [places[index] for index in rank]
    for above in range(1, len(moved)):
        moved[above] = max(moved[above], moved[above - 1] + least)
    for below in reversed(range(len(moved))):
        moved[below] = min(moved[below], top - least * (len(moved) - 1 - below))
    return [moved[rank.index(index)] for index in range(len(places))]
