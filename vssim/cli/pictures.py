"""The option --figure: which pictures are asked for, what they are drawn from, and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from vssim.cli.output import say, show
from vssim.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from vssim.analysis.compare.compare import Comparison
    from vssim.play.experiment import Experiment

Asked = list[tuple[str, Path]]
"""Pictures that are asked for: name and file."""

EVERY = "all"
"""--figure all=FOLDER: every picture that applies."""


def asked(given: Sequence[str] | None, known: Mapping[str, str] | None = None) -> Asked:
    """The pictures of --figure, every name and file checked before the work; `list` names them all, and ends the command.

    `known` says what each picture shows, by name; by default, those of the gallery.
    """
    if not given:
        return []
    from vssim.views.figures import gallery

    there = {name: entry.shows for name, entry in gallery.GALLERY.items()} if known is None else known
    if "list" in [part.strip() for part in given]:
        _list(there)
        raise typer.Exit
    chosen = []
    for option in given:
        name, equals, file = (part.strip() for part in option.partition("="))
        if not equals or not file:
            raise UsageError(f"--figure: got {option!r}, expected NAME=FILE, as in {next(iter(there))}=picture.png, or list")
        if name == EVERY and known is None:
            chosen += [(each, gallery.checked(Path(file) / f"{each}.png")) for each in there]
            continue
        if name not in there:
            raise UnknownName("picture", name, there)
        chosen.append((name, gallery.checked(Path(file))))
    return chosen


def possible(wanted: Asked, experiment: Experiment) -> None:
    """Refuse a picture that would show nothing, before the work; of all pictures, those that apply are drawn."""
    if not wanted:
        return
    if _every(wanted):
        return
    _needs_money(wanted, experiment)
    _needs_unknowns(wanted, experiment)
    if any(name == "transition" for name, _ in wanted) and all(variant.since is None for variant in experiment.variants):
        from vssim.views.figures.way import NO_DATE

        raise UsageError(NO_DATE)


def _needs_unknowns(wanted: Asked, experiment: Experiment) -> None:
    if any(name in ("tornado", "threshold") for name, _ in wanted) and experiment.scenario.uncertain is None:
        from vssim.views.figures.unknowns import NOTHING_UNKNOWN

        raise UsageError(f"--figure: {NOTHING_UNKNOWN}")


def _needs_money(wanted: Asked, experiment: Experiment) -> None:
    if any(name == "cash" for name, _ in wanted) and not experiment.scenario.currency:
        from vssim.views.figures.money import NO_CURRENCY

        raise UsageError(NO_CURRENCY)


def _list(known: Mapping[str, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, shows in known.items():
        table.add_row(Text(name, "bold"), shows)
    show(table)


def _every(wanted: Asked) -> bool:
    """True where all pictures are asked for."""
    if not wanted:
        return False
    from vssim.views.figures.gallery import GALLERY

    return {name for name, _ in wanted} >= set(GALLERY)


def matters_most(comparison: Comparison) -> str | None:
    """The change that a picture of single runs shows beside as it is: the one that moves the headline most, where that is sure."""
    import math

    def shift(name: str) -> tuple[bool, float]:
        difference = comparison[name][comparison.headline]
        ratio = difference.ratio.mean
        return difference.verdict in ("better", "worse"), abs(math.log(ratio)) if ratio and ratio > 0 else 0.0

    return max(comparison, key=shift, default=None)


def draw(wanted: Asked, experiment: Experiment, comparison: Comparison, quiet: bool) -> None:
    """Draw the pictures that are asked for, and write them; says which change those of single runs show."""
    if not wanted:
        return
    from vssim.play.run import runs_of
    from vssim.views.figures.gallery import picture

    runs = None
    for name, file in wanted:
        drawing = picture(name)
        if drawing.source == "runs":
            if runs is None:
                most = matters_most(comparison)
                runs = [run for run in runs_of(experiment, comparison.warmup) if run.change in (None, most) or not comparison]
                if most is not None and len(comparison) > 1 and not quiet:
                    say(f"pictures of single runs show as it is beside {most}, the change that matters most")
            written(drawing.draw(*runs), file, quiet)
            continue
        try:
            drawn = drawing.draw(comparison)
        except UsageError:
            if _every(wanted):
                continue  # of all pictures, those that apply
            raise
        written(drawn, file, quiet)


def written(drawn: Any, file: Path, quiet: bool) -> None:
    """Write a picture, and say so; and which letters no font has, if some are drawn as boxes."""
    from vssim.views.figures import letters
    from vssim.views.figures.gallery import save

    lacking = save(drawn, file)
    if lacking and not quiet:
        say(f"warning: {file}: {letters.warning(lacking)}")
    if not quiet:
        say(f"wrote {file}")
