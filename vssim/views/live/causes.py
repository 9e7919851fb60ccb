"""Where the time of a delivered item went, as a chart of a room: one bar a cause, the largest first, on one axis for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from vssim.views import words
from vssim.views.player.charts import steady

WIDTH, HEIGHT = 660, 210
LEFT, RIGHT, TOP, BOTTOM = 190, 70, 28, 4
MOST_BARS = 7
SMALL = 0.01
"""A cause below this share of the longer side is left out."""

LEAST = 0.005
"""A time below this share of the axis is as good as none."""

Times = Mapping[str, float | None]
"""The metrics of a run: `time.<cause>` is what counts here."""


def shown(sides: list[Times]) -> list[str]:
    """The causes that are worth a bar, the largest first, the same for all sides."""
    totals = {cause: max(side.get(f"time.{cause}") or 0.0 for side in sides) for cause in words.CAUSES}
    whole = sum(totals.values())
    large = [cause for cause in totals if totals[cause] > SMALL * whole]
    return sorted(large, key=lambda cause: -totals[cause])[:MOST_BARS]


def causes(side: Times, sides: list[Times], name: str, unit: str, of: str) -> str:
    """The chart of one of the `sides`, as SVG; `of` says in words of which time it is."""
    rows = shown(sides)
    longest = steady(max((one.get(f"time.{cause}") or 0.0 for one in sides for cause in rows), default=0.0) or 1.0)
    height = (HEIGHT - TOP - BOTTOM) / max(MOST_BARS, len(rows))
    parts = [
        _bar(cause, side.get(f"time.{cause}") or 0.0, longest, TOP + place * height, height) for place, cause in enumerate(rows)
    ]
    parts.append(f'<text class="label" x="8" y="17">{escape(unit)}s of a delivered item</text>')
    parts.append(f'<text class="whole" x="{WIDTH - 8}" y="20">{escape(of)}</text>')
    label = escape(f"Where the time of a delivered item goes, {of}, {name} [{unit}s]", quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _bar(cause: str, time: float, longest: float, y: float, height: float) -> str:
    told = words.figure(time, 2) if time >= longest * LEAST else "0"
    width = (WIDTH - LEFT - RIGHT) * time / longest
    middle = y + height * 0.62
    return (
        f'<text class="tick y" x="{LEFT - 8}" y="{middle:.0f}">{escape(words.CAUSES[cause])}</text>'
        f'<rect class="c-{cause}" x="{LEFT}" y="{y + height * 0.12:.1f}" width="{max(width, 1):.1f}" height="{height * 0.7:.1f}"/>'
        f'<text class="name strong" x="{LEFT + width + 8:.0f}" y="{middle:.0f}">{told}</text>'
    )
