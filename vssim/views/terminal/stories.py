"""The story of an item as text: its way stretch by stretch, its time in hand, and why it is where it is on a given day."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.metrics.story import Story
from vssim.views import words

WIDTH = 48
"""The length of the longest bar [characters]."""

FILLS = {"open": "█", "queue": "░", "transit": "»", "blocked": "%", "outside": "o", "gate": "|", "room": "x", "backlog": "·"}
"""By look of a stretch the character that fills it; open stretches are dense in proportion to the time in hand."""


def told(sides: Sequence[tuple[str, Story]], why: str) -> RenderableType:
    """The story of an item on each side, with the reason where it ends."""
    story = sides[0][1]
    parts: list[RenderableType] = [Text(story.name, "bold"), Text(why), ""]
    longest = max((stretch.length for _, way in sides for stretch in way.stretches), default=0.0) or 1.0
    for name, way in sides:
        share = f"{words.figure(way.in_hand)} of {words.figure(way.total)} {way.unit}s in hand"
        head = f"{name}: {words.figure(way.total)} {way.unit}s{'' if way.done is not None else ', not delivered'}, {share}"
        parts += [Text(head, "bold"), _table(way, longest), ""]
    return Group(*parts[:-1])


def _table(story: Story, longest: float) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column(justify="right")
    table.add_column()
    table.add_column()
    for stretch in story.stretches:
        dense = round(WIDTH * stretch.in_hand / longest)
        whole = max(1, round(WIDTH * stretch.length / longest))
        bar = "█" * dense + "▒" * (whole - dense) if stretch.look == "open" else FILLS.get(stretch.look, "+") * whole
        since = f"{story.unit} {words.figure(stretch.begin, 4)}"
        table.add_row(Text(since), Text(words.figure(stretch.length)), Text(stretch.words), Text(bar))
    return table
