"""The library in the terminal: its scenarios by theme, each with the question that it answers."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.scenario.library import by_theme


def all_scenarios() -> RenderableType:
    """All scenarios of the library."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for theme, scenarios in by_theme().items():
        table.add_row(Text(theme, "bold"), "")
        for name, question in scenarios:
            table.add_row(Text(f"  {name}"), Text(question))
    return Group(table, "", Text("Try one: vssim compare NAME · Begin with one: vssim new mine.yaml --from NAME", "dim"))
