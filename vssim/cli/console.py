"""The console of the command line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console as _Console
from rich.segment import Segment

from vssim.cli.plain import plain


class Console(_Console):
    """A console on which every text is a text: no name can move its cursor, colour it or rename its window."""

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        return super()._render_buffer(part if part.control else Segment(plain(part.text), part.style) for part in buffer)
