"""Changes ranked by their effect on the headline, a line each, with a small forest of intervals."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from vssim.analysis.compare.compare import Comparison
from vssim.catalogue import label_of, moves_apart
from vssim.metrics import measure
from vssim.statistics import Estimate
from vssim.views import rows, words

WIDTH = 15
"""The width of a forest [characters]."""

COLOURS = {"better": "bold green", "worse": "bold red", "undecided": "bold yellow", "no real difference": "bold"}


def ranking(comparison: Comparison) -> Iterator[RenderableType]:
    """A heading, and a line for each change, the best first."""
    if not comparison:
        return
    metric = comparison.headline
    unit = measure.unit_of(metric, comparison.scenario.unit, comparison.scenario.currency).removeprefix("1")
    share = measure.is_share(metric)
    places = rows.places(comparison, metric)
    changes, (low, none, high) = rows.ranked(comparison), rows.scale(comparison)
    table = Table.grid(padding=(0, 2))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify=justify, no_wrap=justify == "right")
    table.add_column(no_wrap=True, min_width=WIDTH)
    table.add_column()
    for change in changes:
        difference = change[metric]
        sides = words.from_to(change.before[metric].mean, change.after[metric].mean, places, words.CHECKABLE)
        if share:
            sides = " → ".join(words.shares(change.before[metric].mean, change.after[metric].mean))
        said = words.moved(metric, difference, "")
        shift, _, interval = said.partition(" (")
        verdict = difference.verdict or ("" if difference.n else "undefined")
        drawn = forest(difference.difference if moves_apart(metric) else difference.ratio, low, high, none)
        table.add_row(change.change, sides, shift, interval.rstrip(")"), drawn, Text(verdict, COLOURS.get(verdict, "")))
    yield Text(f"{label_of(metric)}{f' [{unit}]' if unit else ''}, best first", "bold")
    yield table
    yield ""


def forest(shift: Estimate, low: float, high: float, none: float) -> str:
    """An interval as a line between its ends: ● at the estimate, │ where there is no effect."""
    if shift.mean is None or high <= low:
        return " " * WIDTH
    marks = [" "] * WIDTH

    def place(value: float) -> int:
        return round((min(max(value, low), high) - low) / (high - low) * (WIDTH - 1))

    marks[place(none)] = "│"
    if shift.low is not None and shift.high is not None:
        for at in range(place(shift.low), place(shift.high) + 1):
            marks[at] = "┼" if marks[at] == "│" else "─"
    marks[place(shift.mean)] = "●"
    return "".join(marks)
