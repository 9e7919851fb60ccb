"""Bars that show in characters where the time went, below each other on one scale, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.columns import Columns
from rich.console import RenderableType
from rich.text import Text

from vssim.views.labels import CAUSES, MARKS
from vssim.views.words import figure, from_to

WIDTH = 50
"""Length of the longest bar [characters]."""

SMALL = 0.005
"""A cause below this share of every bar is left out of the legend."""

Times = Mapping[str, float]
"""Mean time of a delivered item, by cause [units of time]."""


def bars(rows: Sequence[tuple[str, Times]], places: Mapping[str, int | None] = MappingProxyType({})) -> Iterator[RenderableType]:
    """A bar with label and total for each row, followed by the legend with the times of every row."""
    longest = max((sum(times.values()) for _, times in rows), default=0.0)
    if longest <= 0:
        return
    width = max(len(label) for label, _ in rows)
    for label, times in rows:
        bar = Text(f"{label:<{width}}  " if width else "")
        for cause, length in _lengths(times, WIDTH / longest).items():
            mark, colour = MARKS[cause]
            bar.append(mark * length, colour)
        bar.append(f"  {figure(sum(times.values()))}", "bold")
        yield bar
    yield legend([times for _, times in rows], longest, places)


def legend(rows: Sequence[Times], longest: float, places: Mapping[str, int | None]) -> RenderableType:
    """The meaning of the characters with the time of each row; causes too small to be seen are left out.

    `places`: decimals by cause, where they have to be the same in several legends.
    """
    entries = []
    for cause in CAUSES:
        times = [row[cause] for row in rows]
        if max(times) >= SMALL * longest:
            mark, colour = MARKS[cause]
            numbers = from_to(times[0], times[1], places.get(cause)) if len(times) == 2 else figure(times[0])
            entries.append(Text.assemble((mark, colour), f" {CAUSES[cause]} {numbers}"))
    return Columns(entries, padding=(0, 3), equal=True)


def _lengths(times: Times, scale: float) -> dict[str, int]:
    """The number of characters of each cause; rounding errors are carried over, so that the whole bar has the right length."""
    lengths, end, drawn = {}, 0.0, 0
    for cause in CAUSES:
        end += times[cause] * scale
        lengths[cause] = round(end) - drawn
        drawn = round(end)
    return lengths
