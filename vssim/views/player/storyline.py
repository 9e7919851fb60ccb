"""One item's story as a picture: a track a side on one axis of days from its arrival.

Open stretches are filled as high as the share of a person that the item has. Colours are those of the page's style sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from vssim.language import t
from vssim.metrics.story import Story, Stretch
from vssim.views import palette, words

LETTER = 0.56
"""Width of a letter, as a share of the height of the text."""

Named = tuple[str, Story]


def tracks(
    sides: Sequence[Named],
    *,
    left: float,
    right: float,
    track: float,
    pitch: float,
    text: float = 20,
    numbers: bool = False,
    prefix: str = "s",
) -> str:
    """The tracks of some sides from x = `left` to `right`, each `track` high and `pitch` apart, with what the stretches are."""
    longest = max((story.total for _, story in sides), default=0.0) or 1.0
    scale = (right - left) / longest
    parts = [palette.patterns(prefix)]
    for row, (_, story) in enumerate(sides):
        y, taken = row * pitch, [left - 1.0, left - 1.0]
        for stretch in story.stretches:
            x0, x1 = (left + (place - story.arrived) * scale for place in (stretch.begin, stretch.end))
            parts.append(_drawn(stretch, x0, x1, y, track, story, left, scale, prefix))
            if numbers and x1 - x0 > 1.6 * text:
                said = words.figure(stretch.length, 2)
                parts.append(f'<text class="s-number" x="{(x0 + x1) / 2:.0f}" y="{y + track * 0.66:.0f}">{said}</text>')
            parts.append(_labelled(stretch, x0, x1, y + track, text, taken, right))
        total = f"{words.figure(story.total, 2)} {t(f'{story.unit}s')}" + (
            "" if story.done is not None or story.dropped else t(", not done")
        )
        end = left + story.total * scale
        parts.append(f'<text class="s-total" x="{end + 12:.0f}" y="{y + track * 0.72:.0f}">{escape(total)}</text>')
    return "".join(parts)


def _drawn(
    stretch: Stretch, x0: float, x1: float, y: float, track: float, story: Story, left: float, scale: float, prefix: str
) -> str:
    if stretch.look != "open":
        return palette.area(stretch.look, x0, y, x1 - x0, track, prefix)
    box = f'x="{x0:.1f}" y="{y:.1f}" width="{max(x1 - x0, 0.5):.1f}" height="{track:.1f}"'
    inside = []
    for begin, end, share in stretch.shares:
        first, last = (left + (place - story.arrived) * scale for place in (begin, end))
        high = track * share
        inside.append(f"M{first:.1f} {y + track:.1f}V{y + track - high:.1f}H{last:.1f}V{y + track:.1f}Z")
    filled = f'<path class="s-dark" d="{"".join(inside)}"/>'
    return f'<rect class="s-light" {box}/>{filled}<rect class="s-frame" {box}/>'


def _labelled(stretch: Stretch, x0: float, x1: float, y: float, text: float, taken: list[float], right: float) -> str:
    """The name below a stretch, in the first of two lines that is free there; only where the stretch is not too short for it."""
    wide = len(stretch.words) * text * LETTER
    if x1 - x0 < 0.5 * wide or x0 + wide > right + 60:
        return ""
    line = next((number for number, end in enumerate(taken) if end + 6 <= x0), None)
    if line is None:
        return ""
    taken[line] = x0 + wide
    return f'<text class="s-soft" x="{x0 + 2:.0f}" y="{y + (line + 1) * text * 1.1:.0f}">{escape(stretch.words)}</text>'


def spent(story: Story) -> str:
    """How much of it was in hand: 13.4 of 41 days in hand."""
    return t(
        "{hand} of {total} {units} in hand",
        hand=words.figure(story.in_hand),
        total=words.figure(story.total, 2),
        units=t(f"{story.unit}s"),
    )


def panel(sides: Sequence[Named], day: float, sentence: str, width: float) -> str:
    """The story on the wall: `width` × 266."""
    left, right, track, pitch, top = 300.0, width - 190, 44.0, 90.0, 66.0
    story = sides[0][1]
    longest = max((way.total for _, way in sides), default=0.0) or 1.0
    now = left + (day - story.arrived) * (right - left) / longest
    parts = [
        f'<text class="s-head" x="22" y="40">{escape(story.name)}</text>',
        f'<text class="s-why" x="{left:.0f}" y="40">{escape(sentence)}</text>',
    ]
    for row, (name, way) in enumerate(sides):
        y = top + row * pitch
        parts.append(f'<text class="s-side" x="22" y="{y + 20:.0f}">{escape(_short(name, 24))}</text>')
        parts.append(f'<text class="s-soft" x="22" y="{y + 44:.0f}">{escape(spent(way))}</text>')
    drawn = tracks(sides, left=left, right=right, track=track, pitch=pitch)
    parts.append(f'<g transform="translate(0 {top:.0f})">{drawn}</g>')
    if left <= now <= right + 4:
        parts.append(f'<path class="s-now" d="M{now:.1f} 54V252"/>')
        parts.append(f'<text class="s-day" x="{now + 8:.0f}" y="258">{escape(t(story.unit))} {day:.0f}</text>')
    label = escape(f"{story.name}. {sentence} " + " ".join(f"{name}: {spent(way)}." for name, way in sides), quote=True)
    return f'<svg viewBox="0 0 {width:.0f} 266" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
