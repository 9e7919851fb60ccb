"""Where the time of a delivered item went: one bar a variant, as light SVG, with the figures in a table below."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from vssim.analysis.compare.compare import Comparison
from vssim.language import t
from vssim.statistics import Estimate
from vssim.views import labels, palette, words
from vssim.views.report.markup import element, paragraph, section, table

WIDTH, LEFT, RIGHT, BAR, ROW = 960, 225, 60, 40, 58
SMALL = 0.005
"""A cause below this share of every bar is left out."""

Times = Mapping[str, float]


def where_the_time_went(comparison: Comparison) -> str:
    """The bars and the table."""
    unit = comparison.scenario.unit
    rows = [(name, _times(side)) for name, side in sides(comparison)]
    longest = max(sum(times.values()) for _, times in rows)
    if not longest:
        return section("Where the time goes", paragraph(t("Nothing was delivered in the measured time.")), name="time")
    shown = [cause for cause in labels.CAUSES if any(times[cause] >= SMALL * longest for _, times in rows)]
    caption = t("Mean time of a delivered item by cause [{units}]; the causes add up to the mean lead time", units=t(f"{unit}s"))
    cells = [[t(labels.CAUSES[cause]), *(words.figure(times[cause]) for _, times in rows)] for cause in shown]
    cells.append([t("in all"), *(words.figure(sum(times.values())) for _, times in rows)])
    return section(
        "Where the time goes",
        element("figure", _bars(rows, shown, longest), _key(shown)),
        table(caption, ["", *(name for name, _ in rows)], cells),
        name="time",
    )


def sides(comparison: Comparison) -> list[tuple[str, Mapping[str, Estimate]]]:
    """Each variant with its estimates; a change that comes later, from then on."""
    named: list[tuple[str, Mapping[str, Estimate]]] = []
    for name, variant in comparison.variants.items():
        later = name in comparison and comparison[name].start > comparison.warmup
        named.append((t("as it is") if name == "baseline" else name, comparison[name].after if later else variant))
    return named


def _times(side: Mapping[str, Estimate]) -> dict[str, float]:
    return {cause: side[f"time.{cause}"].mean or 0.0 for cause in labels.CAUSES}


def _bars(rows: list[tuple[str, dict[str, float]]], shown: list[str], longest: float) -> str:
    parts = [palette.patterns("t")]
    scale = (WIDTH - LEFT - RIGHT) / longest
    for place, (name, times) in enumerate(rows):
        y, x = place * ROW + 8, float(LEFT)
        label = name if len(name) <= 24 else name[:23] + "…"
        parts.append(f'<text class="bar-name" x="{LEFT - 12}" y="{y + 26}">{escape(label)}</text>')
        for cause in shown:
            width = times[cause] * scale
            parts.append(palette.area(palette.CAUSES[cause], x, y, width, BAR, "t"))
            if width > 36:
                middle, value = x + width / 2, words.figure(times[cause], 2)
                parts.append(f'<text class="bar-value n-{palette.CAUSES[cause]}" x="{middle:.0f}" y="{y + 26}">{value}</text>')
            x += width
        parts.append(f'<text class="bar-total" x="{x + 8:.0f}" y="{y + 26}">{words.figure(sum(times.values()))}</text>')
    label = t("Where the time goes; the table below has the figures")
    return f'<svg viewBox="0 0 {WIDTH} {len(rows) * ROW + 8}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _key(shown: list[str]) -> str:
    entries = []
    for cause in shown:
        box = palette.area(palette.CAUSES[cause], 0.8, 0.8, 20.4, 14.4, "t")
        mark = f'<svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true">{box}</svg>'
        entries.append(element("li", mark, escape(t(labels.CAUSES[cause]))))
    return element("ul", *entries, kind="key")
