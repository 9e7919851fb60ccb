"""Where the time of a delivered item went: one bar a variant, as light SVG, with the figures in a table below."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from vssim.analysis.compare import Comparison
from vssim.analysis.statistics import Estimate
from vssim.views import words
from vssim.views.report.markup import element, paragraph, section, table

WIDTH, LEFT, RIGHT, BAR, ROW = 960, 225, 60, 40, 58
SMALL = 0.005
"""A cause below this share of every bar is left out."""

HATCHED = {"open_waiting": "M0 8L8 0", "transit": "M0 0L8 8", "no_room": "M4 0V8", "backlog": "M0 4H8", "outside": "M0 4H8M4 0V8"}
"""Causes that a pattern tells from what is alike in grey."""

Times = Mapping[str, float]


def where_the_time_went(found: Comparison) -> str:
    """The bars and the table."""
    unit = found.scenario.unit
    rows = [(name, _times(side)) for name, side in sides(found)]
    longest = max(sum(times.values()) for _, times in rows)
    if not longest:
        return section("Where the time goes", paragraph("Nothing was delivered in the measured time."), name="time")
    shown = [cause for cause in words.CAUSES if any(times[cause] >= SMALL * longest for _, times in rows)]
    caption = f"Mean time of a delivered item by cause [{unit}s]; the causes add up to the mean lead time"
    cells = [[words.CAUSES[cause], *(words.figure(times[cause]) for _, times in rows)] for cause in shown]
    cells.append(["in all", *(words.figure(sum(times.values())) for _, times in rows)])
    return section(
        "Where the time goes",
        element("figure", _bars(rows, shown, longest), _key(shown)),
        table(caption, ["", *(name for name, _ in rows)], cells),
        name="time",
    )


def sides(found: Comparison) -> list[tuple[str, Mapping[str, Estimate]]]:
    """Each variant with its estimates; a change that comes later, from then on."""
    named: list[tuple[str, Mapping[str, Estimate]]] = []
    for name, variant in found.variants.items():
        later = name in found and found[name].start > found.warmup
        named.append(("as it is" if name == "baseline" else name, found[name].after if later else variant))
    return named


def _times(side: Mapping[str, Estimate]) -> dict[str, float]:
    return {cause: side[f"time.{cause}"].mean or 0.0 for cause in words.CAUSES}


def _bars(rows: list[tuple[str, dict[str, float]]], shown: list[str], longest: float) -> str:
    parts = [_patterns()]
    scale = (WIDTH - LEFT - RIGHT) / longest
    for place, (name, times) in enumerate(rows):
        y, x = place * ROW + 8, float(LEFT)
        label = name if len(name) <= 24 else name[:23] + "…"
        parts.append(f'<text class="bar-name" x="{LEFT - 12}" y="{y + 26}">{escape(label)}</text>')
        for cause in shown:
            width = times[cause] * scale
            parts.append(f'<rect class="c-{cause}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"/>')
            if cause in HATCHED:
                parts.append(f'<rect fill="url(#hatch-{cause})" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"/>')
            if width > 36:
                middle, value = x + width / 2, words.figure(times[cause], 2)
                parts.append(f'<text class="bar-value on-{cause}" x="{middle:.0f}" y="{y + 26}">{value}</text>')
            x += width
        parts.append(f'<text class="bar-total" x="{x + 8:.0f}" y="{y + 26}">{words.figure(sum(times.values()))}</text>')
    label = "Where the time goes; the table below has the figures"
    return f'<svg viewBox="0 0 {WIDTH} {len(rows) * ROW + 8}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _patterns() -> str:
    found = "".join(
        f'<pattern id="hatch-{cause}" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch" d="{path}"/></pattern>'
        for cause, path in HATCHED.items()
    )
    return f"<defs>{found}</defs>"


def _key(shown: list[str]) -> str:
    entries = []
    for cause in shown:
        hatch = f'<rect fill="url(#hatch-{cause})" width="22" height="16"/>' if cause in HATCHED else ""
        box = f'<rect class="c-{cause}" width="22" height="16"/>{hatch}'
        mark = f'<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true">{box}</svg>'
        entries.append(element("li", mark, escape(words.CAUSES[cause])))
    return element("ul", *entries, kind="key")
