"""Names in pictures: on several lines where needed, in full where there is room, and never two that look the same."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

MOST_LINES = 6
"""The most lines of a name; a longer one is cut in its middle, since names often differ at their end."""


def width_of(text: str) -> int:
    """The width of a text in ordinary letters; Chinese, Japanese and Korean letters and emoji count as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def lines_of(name: str, width: int, most: int = MOST_LINES) -> list[str]:
    """The lines of a name, each at most `width` letters wide; beyond `most` lines it is cut in its middle."""
    flat = " ".join(name.split())
    lines = _broken(flat, width)
    keep = width * most
    while len(lines) > most:
        keep -= 2
        lines = _broken(f"{flat[: keep // 2].rstrip()} … {flat[-(keep // 2) :].lstrip()}", width)
    return lines


def _broken(flat: str, width: int) -> list[str]:
    """Lines that are no wider than `width` ordinary letters."""
    lines: list[str] = []
    for line in textwrap.wrap(flat, width, break_on_hyphens=False) or [""]:
        rest = line
        while width_of(rest) > width:
            end = next(place for place in range(len(rest), 0, -1) if place == 1 or width_of(rest[:place]) <= width)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines


def wrapped(name: str, width: int, most: int = MOST_LINES) -> str:
    """A name with line breaks, as in `lines_of`."""
    return "\n".join(lines_of(name, width, most))


def distinct(names: Sequence[str], most: int) -> list[str]:
    """Names of at most `most` letters on one line, cut at the end, or in the middle where that would make two alike."""
    flat = [" ".join(name.split()) for name in names]
    ends = [name if len(name) <= most else name[: most - 1] + "…" for name in flat]
    half = (most - 1) // 2
    middles = [name if len(name) <= most else f"{name[: most - 1 - half]}…{name[-half:]}" for name in flat]
    chosen = [middle if ends.count(end) > 1 else end for end, middle in zip(ends, middles, strict=True)]
    names_apart: list[str] = []
    for name in chosen:
        count = names_apart.count(name)
        names_apart.append(f"{name[: most - 4]}… {count + 1}" if count else name)
    return names_apart
