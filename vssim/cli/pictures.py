"""The option --figure: which pictures are asked for, what they are drawn from, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from vssim.cli.output import say, show
from vssim.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from vssim.analysis.compare import Comparison
    from vssim.analysis.experiment import Experiment

Asked = list[tuple[str, Path]]
"""Pictures that are asked for: name and file."""

BESIDE = 2
"""Variants whose single runs are drawn beside each other: as it is, and the first change."""


def asked(given: Sequence[str] | None, known: Mapping[str, str] | None = None) -> Asked:
    """The pictures of --figure, every name and file checked before the work; `list` names them all, and ends the command.

    `known` says what each picture shows, by name; by default, those of the gallery.
    """
    if not given:
        return []
    from vssim.views.figures import gallery

    there = {name: one.shows for name, one in gallery.GALLERY.items()} if known is None else known
    if "list" in [one.strip() for one in given]:
        _list(there)
        raise typer.Exit
    found = []
    for one in given:
        name, equals, file = (part.strip() for part in one.partition("="))
        if not equals or not file:
            raise UsageError(f"--figure: got {one!r}, expected NAME=FILE, as in {next(iter(there))}=picture.png, or list")
        if name not in there:
            raise UnknownName("picture", name, there)
        found.append((name, gallery.checked(Path(file))))
    return found


def possible(wanted: Asked, experiment: Experiment) -> None:
    """Refuse a picture that would show nothing, before the work."""
    if any(name == "transition" for name, _ in wanted) and all(variant.since is None for variant in experiment.variants):
        from vssim.views.figures.way import NO_DATE

        raise UsageError(NO_DATE)


def _list(known: Mapping[str, str]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, shows in known.items():
        table.add_row(Text(name, "bold"), shows)
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
