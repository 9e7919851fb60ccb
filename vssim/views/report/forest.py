"""The forest of a report: one line a change, the best first, with what it does to the headline and how sure that is."""

from __future__ import annotations

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import moves_apart
from vssim.language import t
from vssim.views import labels, rows, words
from vssim.views.report.markup import element, text

WIDTH, HEIGHT, MARGIN = 220.0, 20.0, 8.0
"""Of the picture in a line [points]."""


def forest(comparison: Comparison) -> str:
    """A table with a picture of the interval in every line; '' where there is nothing to compare."""
    if not comparison:
        return ""
    name = labels.of_metric(comparison.headline, comparison.scenario.unit)
    named = (element("th", text(cell), scope="col") for cell in (name, t("change"), t("95 % interval"), t("verdict")))
    head = element("tr", element("td"), *named)
    lines = [_line(comparison, differences) for differences in rows.ranked(comparison)]
    caption = t("{metric}, best first", metric=name)
    table = element("table", element("caption", text(caption)), element("thead", head), element("tbody", *lines))
    return element("div", table, kind="scroll forest", tabindex="0", role="region", aria_label=caption)


def _line(comparison: Comparison, differences: Differences) -> str:
    metric, unit = comparison.headline, comparison.scenario.unit
    difference = differences[metric]
    sides, places = (differences.before[metric].mean, differences.after[metric].mean), rows.places(comparison, metric)
    both = words.both(metric, *sides, unit, comparison.scenario.currency, places, words.CHECKABLE)
    shift, _, interval = words.moved(metric, difference, "").partition(" (")
    verdict = difference.verdict or ("" if difference.n else "undefined")
    cells = (text(both), text(shift), _picture(comparison, differences, interval.rstrip(")")), text(t(verdict)))
    return element("tr", element("th", text(differences.change), scope="row"), *(element("td", cell) for cell in cells))


def _picture(comparison: Comparison, differences: Differences, told: str) -> str:
    """The interval as a line between its ends, a dot where the estimate is, an upright where nothing would change."""
    low, none, high = rows.scale(comparison)
    difference = differences[comparison.headline]
    shift = difference.difference if moves_apart(comparison.headline) else difference.ratio
    if shift.mean is None or high <= low:
        return ""

    def place(value: float) -> str:
        return f"{MARGIN + (min(max(value, low), high) - low) / (high - low) * (WIDTH - 2 * MARGIN):.1f}"

    middle = f"{HEIGHT / 2:.0f}"
    marks = [_stroke(place(none), "2", place(none), f"{HEIGHT - 2:.0f}", "1")]
    if shift.low is not None and shift.high is not None:
        marks.append(_stroke(place(shift.low), middle, place(shift.high), middle, "3"))
    marks.append(element("circle", cx=place(shift.mean), cy=middle, r="5", fill="currentColor"))
    label = f"{differences.change}: {told}" if told else differences.change
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return element("svg", *marks, viewBox=box, width=f"{WIDTH:.0f}", height=f"{HEIGHT:.0f}", role="img", aria_label=label)


def _stroke(x1: str, y1: str, x2: str, y2: str, width: str) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke="currentColor", stroke_width=width)
