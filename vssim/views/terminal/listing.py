"""Lists of words in columns, written without Rich, whose import alone would take longer than the list."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

GAP = "  "
NARROWEST = 24
"""The least width of the last column, however narrow the terminal [characters]."""

Style = Literal["", "bold", "dim"]


@dataclass(frozen=True)
class Row:
    """A row of a list. The last cell is wrapped where it is too long; a row of one cell is a line of its own."""

    cells: tuple[str, ...]
    style: Style = ""


def row(*cells: str, style: Style = "") -> Row:
    """A row with these cells."""
    return Row(cells, style)


def lines(rows: Iterable[Row], width: int) -> Iterator[tuple[str, Style]]:
    """Each line of a list, `width` characters wide, with its style."""
    rows = list(rows)
    columns = max((len(row.cells) for row in rows), default=1) - 1
    widths = [max(len(row.cells[number]) for row in rows if len(row.cells) > number + 1) for number in range(columns)]
    for row in rows:
        *left, last = row.cells
        begin = "".join(f"{cell:<{wide}}{GAP}" for cell, wide in zip(left, widths, strict=False))
        wrapped = textwrap.wrap(last, max(width - len(begin), NARROWEST)) or [""]
        for number, part in enumerate(wrapped):
            yield f"{begin if number == 0 else ' ' * len(begin)}{part}".rstrip(), row.style
