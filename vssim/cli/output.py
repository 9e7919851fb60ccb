"""Where things are written: results, what is said beside them, progress, and files."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from vssim.errors import UsageError

if TYPE_CHECKING:

    class Result(Protocol):
        """What can be written to a file."""

        def document(self) -> dict[str, Any]:
            """For programs."""

        def table(self) -> Any:
            """For tables."""


FILES = (".json", ".csv", ".parquet")
"""Endings of the files that a result can be written to."""

HALF_WRITTEN = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
"""Faults of a disk after which the beginning of a file may be there, which nobody should take for the whole."""

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
        Console(highlight=False).print(result)


def show_text(text: str) -> None:
    """Print a result that programs read, as it is."""
    with _pipe():
        sys.stdout.write(text + "\n")
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
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text, "red"))


def warn(texts: Iterable[str]) -> None:
    """Say on standard error what a reader should know."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for text in texts:
        console.print(Text.assemble(("warning: ", "yellow"), text))


def say(text: str) -> None:
    """Say on standard error what was done."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text))


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time left, on a terminal only; yields what is to be called with (done, of all)."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("running"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("runs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def file_for_result(file: Path | None) -> Path | None:
    """The same file, if a result can be written there; asked before the work, not after it."""
    if file is None:
        return None
    if file.suffix not in FILES:
        raise UsageError(f"-o {file}: expected a file ending in {', '.join(FILES)}")
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"-o {file}: {'is a folder' if file.is_dir() else f'there is no folder {file.parent}'}")
    return file


def write_result(result: Result, file: Path) -> None:
    """Write the document, or the table, by the ending."""
    if file.suffix == ".json":
        content = (_json(result.document()) + "\n").encode()
    elif file.suffix == ".csv":
        content = result.table().write_csv().encode()
    else:
        stream = io.BytesIO()
        result.table().write_parquet(stream)
        content = stream.getvalue()
    try:
        file.write_bytes(content)
    except OSError as error:
        if error.errno in HALF_WRITTEN:
            file.unlink(missing_ok=True)
        raise UsageError(f"-o {file}: cannot be written ({error.strerror or error})") from None
