"""The picture `changes`: the effect of each change on the headline and three more metrics, in separate columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import is_share, short_of, unit_of
from vssim.statistics import Difference, Estimate
from vssim.views import names, palette, rows, words
from vssim.views.figures import style

BESIDE = ("throughput", "wip", "flow_efficiency")
"""The metrics that are shown beside the headline."""

HEADS = {"throughput": "throughput", "wip": "in progress", "flow_efficiency": "flow efficiency"}

MARKERS = {"better": "o", "worse": "X", "undecided": "D", "not settled": "D", "no real difference": "s"}
"""The marker for each verdict; hollow where nothing is decided."""

MOST = 12
"""The most changes that a picture shows."""

# Where each column begins and how wide it is, as shares of the slide's width.
NAME, PAIR = 0.02, 0.225
AXES = ((0.362, 0.208), (0.605, 0.105), (0.738, 0.105), (0.872, 0.105))

ROW, HEAD, FOOT, LINE = 0.7, 1.25, 1.35, 0.22
"""Heights of a row (at least), of the space above and below all rows, and of a line of a name [inches]."""

LETTERS = 21
"""Letters in a line of a name at its usual size; lines of smaller letters, for long names, have 24."""


@style.slide
def changes(comparison: Comparison) -> Figure:
    """Forest plot: what each change does to the headline, throughput, items in progress, flow efficiency; 95 % intervals."""
    from vssim.views.figures.comparisons import caption_of

    called = list(comparison)[:MOST]
    long = any(names.width_of(name) > 3 * LETTERS for name in called)
    told = [names.lines_of(name, 24 if long else LETTERS) for name in called]
    row = max(ROW, LINE * (0.85 if long else 1.0) * max((len(lines) for lines in told), default=1) + 0.16)
    row = max(row, min(1.1, (style.HEIGHT - HEAD - FOOT) / max(len(called), 1)))
    height = max(style.HEIGHT, HEAD + row * max(len(called), 1) + FOOT)
    drawn = style.Slide(figsize=(style.WIDTH, height))
    up = Rows(drawn, len(called), row, height)
    drawn.text(NAME, 1 - 0.3 / height, style.short(comparison.scenario.name, 78), fontsize=19, weight="bold", va="center")
    drawn.text(
        NAME, 1 - 0.66 / height, "Every change against the organisation as it is", color=style.SOFT, fontsize=13, va="center"
    )
    if not called:
        drawn.text(0.5, 0.5, "no change to compare with", ha="center", color=style.SOFT, fontsize=15)
    metrics = [comparison.headline, *(metric for metric in BESIDE if metric != comparison.headline)][: len(AXES)]
    metrics = [metric for metric in metrics if any(metric in differences for differences in comparison.values())]
    for number, metric in enumerate(metrics):
        up.panel(number, metric, {name: comparison[name] for name in called}, comparison.scenario.unit)
    for number, (name, lines) in enumerate(zip(called, told, strict=True)):
        drawn.text(NAME, up.middle(number), "\n".join(lines), fontsize=11.5 if long else 14, va="center", linespacing=1.05)
        up.verdict(
            number, comparison[name].get(comparison.headline), comparison.headline, rows.places(comparison, comparison.headline)
        )
    drawn.text(NAME, 0.42 / height, _key(), color=style.SOFT, fontsize=11.5, va="center")
    drawn.text(NAME, 0.18 / height, f"{caption_of(comparison)} · 95 % intervals", color=style.SOFT, fontsize=10.5, va="center")
    return drawn


def _key() -> str:
    decided = "● better    ✖ worse    ■ no real difference (interval inside the grey, ±3 %)"
    return f"{decided}    ◇ undecided, not settled    | neither good nor bad"


class Rows:
    """The rows of the picture, which all columns share."""

    def __init__(self, drawn: Figure, count: int, row: float, height: float) -> None:
        self.drawn, self.count, self.height = drawn, max(count, 1), height
        self.row = row / height
        self.top = 1 - HEAD / height
        for number in range(self.count + 1 if count else 0):
            line = self.top - number * self.row
            drawn.add_artist(_line(line))

    def middle(self, number: int) -> float:
        """The middle of a row, as a share of the slide's height [1]."""
        return self.top - (number + 0.5) * self.row

    def verdict(self, number: int, difference: Difference | None, metric: str, places: int | None) -> None:
        """Draw both figures and the verdict beside the name."""
        if difference is None:
            return
        before, after = self.ends[number]
        if is_share(metric):
            old, new = words.shares(before, after)
            pair = f"{old.removesuffix(' %')} → {new}"
        else:
            pair = words.from_to(before, after, places, words.CHECKABLE)
        lift = 0.13 / self.height
        self.drawn.text(PAIR, self.middle(number) + lift, pair, fontsize=16, weight="bold", va="center")
        verdict = difference.verdict or ("" if difference.n else "undefined")
        self.drawn.text(
            PAIR, self.middle(number) - lift, verdict, fontsize=11.5, weight="bold", va="center", color=_colour(verdict)
        )

    ends: list[tuple[float | None, float | None]]
    """for each row the headline before and after"""

    def panel(self, number: int, metric: str, changes: Mapping[str, Differences], unit: str) -> None:
        """Draw a metric of all changes on an axis of its own."""
        left, width = AXES[number]
        axes = self.drawn.add_axes((left, self.top - self.count * self.row, width, self.count * self.row))
        head = short_of(metric) if number == 0 else HEADS.get(metric, short_of(metric))
        if number == 0:
            of = unit_of(metric, unit)
            head = head if of == "1" else f"{head} [{of}]"
            self.ends = [
                (differences.before[metric].mean, differences.after[metric].mean) if metric in differences else (None, None)
                for differences in changes.values()
            ]
        at = PAIR if number == 0 else left + width / 2
        self.drawn.text(at, self.top + 0.18 / self.height, head, fontsize=13, weight="bold", ha="left" if number == 0 else "center")
        share = is_share(metric)
        marks = [_marked(differences[metric], share=share) if metric in differences else None for differences in changes.values()]
        _span(axes, marks, share=share)
        for place, (mark, differences) in enumerate(zip(marks, changes.values(), strict=True)):
            if mark is not None:
                _mark(axes, place, mark, differences[metric].verdict, share=share, large=number == 0)
        axes.patch.set_visible(False)
        axes.set_ylim(self.count - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False)
        axes.tick_params(axis="x", labelsize=11.5)
        axes.locator_params(axis="x", nbins=5 if number == 0 else 3)
        axes.xaxis.set_major_formatter(lambda value, _: words.minus(f"{value:+g}") if value else "0")
        axes.set_xlabel("change [points]" if share else "change [%]", fontsize=11.5, color=style.SOFT)


def _line(height: float) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([NAME, 0.985], [height, height], color=style.GRID, linewidth=1, zorder=0)


Marked = tuple[float, float, float]
"""The effect of a change, with the ends of its interval [% or points]."""


def _marked(difference: Difference, *, share: bool) -> Marked | None:
    estimate: Estimate = difference.difference if share else difference.ratio
    if estimate.mean is None:
        return None
    off = 0.0 if share else 1.0
    mean = 100 * (estimate.mean - off)
    low, high = (mean if end is None else 100 * (end - off) for end in (estimate.low, estimate.high))
    return mean, low, high


def _span(axes: Axes, marks: list[Marked | None], *, share: bool) -> None:
    """Fit the axis to all intervals and 0, with room for the numbers above the marks."""
    ends = [0.0, *(end for mark in marks if mark is not None for end in mark)]
    span = max(max(ends) - min(ends), 8.0)
    axes.set_xlim(min(ends) - 0.28 * span, max(ends) + 0.28 * span)
    if not share:
        axes.axvspan(-3, 3, color=style.GRID, alpha=0.7, linewidth=0)
    axes.axvline(0, color=style.INK, linewidth=1.2)


def _mark(axes: Axes, row: int, mark: Marked, verdict: str | None, *, share: bool, large: bool) -> None:
    mean, low, high = mark
    colour = _colour(verdict or "")
    axes.plot([low, high], [row + 0.16] * 2, color=colour, linewidth=5, solid_capstyle="butt", alpha=0.55)
    axes.plot(
        [mean],
        [row + 0.16],
        MARKERS.get(verdict or "", "|"),
        color=colour if verdict else style.INK,
        markersize=12 if large else 9,
        markerfacecolor="white" if verdict in ("undecided", "not settled") else colour,
        markeredgewidth=2,
        clip_on=False,
    )
    number = words.minus(f"{mean:+.0f}") if round(mean) else "0"
    behind = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    axes.text(
        mean, row - 0.2, f"{number} {'pts' if share else '%'}", ha="center", va="center", fontsize=11.5, weight="bold", bbox=behind
    )


def _colour(verdict: str) -> str:
    return palette.of_verdict(verdict)
