"""What the command line says at once, without options: its version, the scenarios of the library, the levers."""

from __future__ import annotations

from collections.abc import Callable

from vssim.cli.output import show_list, show_text
from vssim.version import __version__


def version() -> None:
    """Say the version."""
    show_text(f"vssim {__version__}")


def scenarios() -> None:
    """The library: the scenarios that come with vssim by theme, and the question that each answers."""
    from vssim.views.terminal import library

    show_list(library.all_scenarios())


def levers() -> None:
    """All levers by theme, with a sentence each."""
    from vssim.views.terminal import levers

    show_list(levers.all_levers())


WORDS: dict[str, Callable[[], None]] = {"--version": version, "scenarios": scenarios, "levers": levers}
"""By word that stands alone after `vssim`: the function that answers it."""
