"""Where the time of a delivered item goes, as pictures of a room: two stacked bars, one a side, on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from vssim.language import t
from vssim.views import labels, palette, words
from vssim.views.names import lines_of, width_of

SMALL = 0.02
"""A cause below this share of the longer side is left out."""

FEW, WORDS = 10, 17
"""Letters of a side's name for which there is room in any case, and where bars begin further right."""

DIGIT, EDGES = 12, 14
"""How wide a digit of a number is, and what is left beside a number: a stretch that has room for its number has it in it."""

Times = Mapping[str, float]
"""By cause, the mean time of a delivered item."""


def shown(sides: list[Times]) -> list[str]:
    """The causes that are worth a stretch, in the order of the table, the same for all sides."""
    longest = max((sum(side.values()) for side in sides), default=0.0)
    return [cause for cause in labels.CAUSES if any(side.get(cause, 0.0) > SMALL * longest for side in sides)]


def bars(sides: Sequence[tuple[str, Times]], unit: str, width: int = 890, totals: bool = False) -> str:
    """The bars of some sides (name, times), as SVG; below them what the stretches are."""
    causes = shown([times for _, times in sides])
    longest = max((sum(times.values()) for _, times in sides), default=0.0) or 1.0
    names = [lines_of(name, WORDS, 2) for name, _ in sides]
    left = 132 if all(width_of(line) <= FEW for lines in names for line in lines) else 212
    scale = (width - left - (90 if totals else 4)) / longest
    parts = [palette.patterns("b")]
    for row, (_, times) in enumerate(sides):
        y, x = row * 50.0, float(left)
        parts.extend(_named(names[row], y))
        for cause in causes:
            long = times.get(cause, 0.0) * scale
            parts.append(palette.area(palette.CAUSES[cause], x, y, long, 38, "b"))
            told = words.figure(times.get(cause, 0.0), 2)
            if long >= DIGIT * len(told) + EDGES:
                parts.append(
                    f'<text class="bar-number n-{palette.CAUSES[cause]}" x="{x + long / 2:.0f}" y="{y + 27:.0f}">{told}</text>'
                )
            x += long
        if totals:
            parts.append(f'<text class="bar-total" x="{x + 8:.0f}" y="{y + 28:.0f}">{words.figure(sum(times.values()))}</text>')
    height, key = _key(causes, left, 50 * len(sides) + 12, width)
    label = escape(t("Where the {units} of an average item go", units=t(f"{unit}s")), quote=True)
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{"".join(parts)}{key}</svg>'


def _key(causes: list[str], left: int, top: float, width: int) -> tuple[int, str]:
    """What the stretches are, in as many lines as it takes; and where they end."""
    parts, x, y = [], float(left), top
    for cause in causes:
        name = t(labels.CAUSES[cause])
        wide = 48 + 10.6 * len(name)
        if x + wide > width and x > left:
            x, y = float(left), y + 30
        parts.append(palette.area(palette.CAUSES[cause], x, y, 22, 20, "b"))
        parts.append(f'<text class="bar-key" x="{x + 28:.0f}" y="{y + 17:.0f}">{escape(name)}</text>')
        x += wide
    return round(y + 32), "".join(parts)


def _named(lines: list[str], y: float) -> Iterator[str]:
    """A side's name beside its bar, which begins at `y`; in two lines where it is long."""
    for number, line in enumerate(lines):
        down = 27 if len(lines) == 1 else 15 + 23 * number
        yield f'<text class="bar-side" x="0" y="{y + down:.0f}">{escape(line)}</text>'
