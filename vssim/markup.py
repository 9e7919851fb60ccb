"""Small pieces of HTML: how objects show themselves in a notebook. Every text in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_TABLE = "border-collapse:collapse;font-size:90%"
_CELL = "text-align:left;padding:.15em .8em .15em 0;vertical-align:top"


def title(text: str) -> str:
    """A heading."""
    return f"<p><b>{escape(text)}</b></p>"


def paragraph(text: str) -> str:
    """A paragraph; nothing for no text."""
    return f"<p>{escape(text)}</p>" if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; nothing where there are no rows."""
    lines = [_row("td", row) for row in rows]
    return f'<table style="{_TABLE}"><thead>{_row("th", head)}</thead><tbody>{"".join(lines)}</tbody></table>' if lines else ""


def _row(tag: str, cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f'<{tag} style="{_CELL}">{escape(str(cell))}</{tag}>' for cell in cells) + "</tr>"


def notes(texts: Iterable[str]) -> str:
    """What a reader should know, as a list; nothing where there is none."""
    lines = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{lines}</ul>" if lines else ""
