"""Where things are written: results, what is said beside them, progress, and files."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vssim import files
from vssim.cli.plain import plain
from vssim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from vssim.views.terminal.listing import Row

    class Result(Protocol):
        """What can be written to a file."""

        def document(self) -> dict[str, Any]:
            """For programs."""

        def table(self) -> Any:
            """For tables."""


BAD_INPUT = 2
"""Exit code of a command that could not do what it was told."""

FILES = (".json", ".csv", ".parquet", ".xlsx")
"""Endings of the files that a result can be written to."""

_PLAIN = dict(zip("▁▂▃▄▅▆▇", "_.,-=*%", strict=True))
_PLAIN |= {
    "→": "->",
    "−": "-",
    "…": "..",
    "×": "x",
    "±": "+-",
    "–": "-",
    "█": "#",
    "▓": "=",
    "░": ":",
    "·": ".",
    "»": ">",
    "─": "-",
}
"""What stands in for a character that the terminal cannot show."""


def plain_output() -> None:
    """Let every terminal and pipe take what is written, whatever its encoding."""
    codecs.register_error("vssim", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="vssim")


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def show(result: RenderableType) -> None:
    """Print a result."""
    with _pipe():
        console(highlight=False).print(result)


def show_list(rows: Iterable[Row]) -> None:
    """Print a list of words; bold and dim on a terminal that is not told to be plain."""
    from shutil import get_terminal_size

    from vssim.views.terminal.listing import lines

    styled = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    shown = [(plain(line), _STYLES[style] if styled else "") for line, style in lines(rows, get_terminal_size().columns)]
    with _pipe():
        sys.stdout.writelines(f"{code}{line}{_STYLES['end'] if code else ''}\n" for line, code in shown)
        sys.stdout.flush()


_STYLES = {"": "", "bold": "\x1b[1m", "dim": "\x1b[2m", "end": "\x1b[0m"}


def show_text(text: str) -> None:
    """Print a result that programs read, as it is."""
    with _pipe():
        sys.stdout.write(plain(text) + "\n")
        sys.stdout.flush()


def show_json(document: Any) -> None:
    """Print a document."""
    show_text(_json(document))


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


@contextmanager
def _pipe() -> Iterator[None]:
    """A reader that has gone away (`| head`) has seen enough; a file that takes no more is a fault."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"the result cannot be written to standard output ({error.strerror or error})") from None


def refuse(text: str) -> None:
    """Say on standard error why nothing was done."""
    _beside([(text, "red")])


def warn(texts: Iterable[str]) -> None:
    """Say on standard error what a reader should know."""
    for text in texts:
        _beside([("warning: ", "yellow"), (text, "")])


def say(text: str) -> None:
    """Say on standard error what was done."""
    _beside([(text, "")])


def _beside(parts: Sequence[tuple[str, str]]) -> None:
    from rich.text import Text

    console(stderr=True, highlight=False, soft_wrap=True).print(Text.assemble(*parts))


def console(**settings: Any) -> Console:
    """A console on which every text is a text; Rich is imported where something is said, not where it might be."""
    from vssim.cli.console import Console

    return Console(**settings)


def terminal(quiet: bool) -> Console | None:
    """The console beside the result where somebody watches it, for what moves; None where nobody does, or wants to."""
    if quiet or not sys.stderr.isatty():
        return None
    told = console(stderr=True)
    return told if told.is_terminal else None


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time left, on a terminal only; yields what is to be called with (done, of all)."""
    told = terminal(quiet)
    if told is None:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("running"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=told, transient=True) as bar:
        task = bar.add_task("runs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def file_for_result(file: Path | None) -> Path | None:
    """The same file, if a result can be written there; asked before the work, not after it."""
    if file is None:
        return None
    from vssim.views import tables

    return tables.ready(files.checked(file, FILES))


def write_result(result: Result, file: Path) -> None:
    """Write the document, or the table, by the ending."""
    if file.suffix.lower() == ".json":
        files.write(file, (_json(result.document()) + "\n").encode())
    else:
        from vssim.views import tables

        tables.write(result.table(), file)
