"""The library on the terminal: its scenarios by theme, each with the question that it answers."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.scenario.library import LEVELS, Entry, entries, themes
from vssim.views.terminal.listing import Row, row


def all_scenarios() -> Iterator[Row]:
    """All scenarios of the library."""
    told = {entry.name: entry for entry in entries()}
    for theme, names in themes(list(told)).items():
        yield row(theme, "", "", style="bold")
        for name in names:
            yield from _entry(told[name])
    levels = " · ".join(f"{_dots(level)} {word}" for level, word in LEVELS.items())
    yield row("", "", levels, style="dim")
    yield row("")
    yield row("Try one: vssim compare NAME · Begin with one: vssim new mine.yaml --from NAME", style="dim")


def _entry(entry: Entry) -> Iterator[Row]:
    minutes = f" · {entry.minutes:.0f} min" if entry.minutes else ""
    yield row(f"  {entry.name}", _dots(entry.level), f"{entry.title}{minutes}")
    if entry.title != entry.words:
        yield row("", "", entry.words, style="dim")


def _dots(level: int) -> str:
    return "●" * level + "○" * (3 - level)
