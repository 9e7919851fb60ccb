"""The option --figure: which pictures are asked for, what they are drawn from, and where they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from vssim.cli.output import say, show
from vssim.errors import UsageError

if TYPE_CHECKING:
    from vssim.analysis.compare import Comparison
    from vssim.analysis.experiment import Experiment

Asked = list[tuple[str, Path]]
"""Pictures that are asked for: name and file."""

BESIDE = 2
"""Variants whose single runs are drawn beside each other: as it is, and the first change."""


def asked(given: Sequence[str] | None) -> Asked:
    """The pictures of --figure, every name and file checked before the work; `list` names them all, and ends the command."""
    if not given:
        return []
    from vssim.views.figures.gallery import checked, picture

    if "list" in given:
        _list()
        raise typer.Exit
    found = []
    for one in given:
        name, equals, file = one.partition("=")
        if not equals or not file:
            raise UsageError(f"--figure: got {one!r}, expected NAME=FILE, as in changes=changes.png, or list")
        picture(name.strip())
        found.append((name.strip(), checked(Path(file.strip()))))
    return found


def _list() -> None:
    from vssim.views.figures.gallery import GALLERY

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, one in GALLERY.items():
        table.add_row(Text(name, "bold"), one.shows)
    show(table)


def draw(wanted: Asked, experiment: Experiment, comparison: Comparison, quiet: bool) -> None:
    """Draw the pictures that are asked for, and write them."""
    if not wanted:
        return
    from vssim.analysis.run import runs_of
    from vssim.views.figures.gallery import picture, save

    runs = None
    for name, file in wanted:
        one = picture(name)
        if one.source == "runs":
            runs = runs or runs_of(experiment, comparison.warmup, count=BESIDE)
            save(one.draw(*runs), file)
        else:
            save(one.draw(comparison), file)
        if not quiet:
            say(f"wrote {file}")
