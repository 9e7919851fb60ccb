"""Pieces of markup: every text that comes from a scenario is escaped here, and nowhere else is markup put together by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from vssim.language import t


def element(tag: str, *content: str, **attributes: str | bool | None) -> str:
    """An element; `content` is markup, attributes are text (`kind` is the class, `_` stands for `-`)."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(content)}</{tag}>"


def _attribute(name: str, value: str | bool | None) -> str:
    name = {"kind": "class"}.get(name, name.rstrip("_").replace("_", "-"))
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value, quote=True)}"'


def text(words: str) -> str:
    """A text as markup."""
    return escape(words)


def paragraph(words: str, kind: str | None = None) -> str:
    """A paragraph of text."""
    return element("p", text(words), kind=kind)


def bullets(lines: Iterable[str]) -> str:
    """A list of texts."""
    return element("ul", *(element("li", text(line)) for line in lines))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str | None = None) -> str:
    """A table of texts; the first cell of a row is its heading. It scrolls for itself where it is too wide."""
    top = element("tr", *(element("th", text(cell), scope="col") if cell else element("td") for cell in head))
    body = [
        element("tr", element("th", text(row[0]), scope="row"), *(element("td", text(cell)) for cell in row[1:])) for row in rows
    ]
    whole = element("table", element("caption", text(caption)), element("thead", top), element("tbody", *body), kind=kind)
    return element("div", whole, kind="scroll", tabindex="0", role="region", aria_label=caption)


def section(heading: str, *content: str, name: str) -> str:
    """A section with its heading."""
    return element(
        "section", element("h2", text(t(heading)), id=f"{name}-heading"), *content, kind=name, aria_labelledby=f"{name}-heading"
    )
