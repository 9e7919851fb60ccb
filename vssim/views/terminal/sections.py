"""Parts of a long answer on the terminal, each below its title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text


def part(title: str, content: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """An empty line, the title and the content, indented; nothing at all where there is no content."""
    held = list(content)
    if held:
        yield ""
        yield Text(title, "bold")
        yield from (Padding(entry, (0, 0, 0, 2)) for entry in held)
