"""The command that reads a tracker's export."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vssim.cli import options
from vssim.cli.output import say, show, show_json
from vssim.errors import UsageError
from vssim.files import checked as placed
from vssim.files import write
from vssim.language import ENGLISH, catalogue, speaking

if TYPE_CHECKING:
    from vssim.tracker.board import Board


@dataclass(frozen=True, kw_only=True)
class Page:
    """The report as a page."""

    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="The report as one page (.html).")] = None
    language: options.Language = ENGLISH


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="An export of a tracker; several of one board are joined.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="Writes OUT.moves.parquet, .items.parquet, .reading.yaml, .answers.yaml."
        ),
    ] = None,
    reading: Annotated[Path | None, typer.Option("--reading", metavar="FILE", help="Decisions of an earlier import.")] = None,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="The team's answers, filled in.")] = None,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Tokens for item keys, people and parents; no titles, no tags.")
    ] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    *,
    page: Page,
) -> None:
    """A tracker's export becomes one table of moves, with a report of what it tells and what it does not."""
    target = _target(output, files)
    catalogue(page.language)  # one that is not there is refused before the work
    if page.report is not None:
        placed(page.report, (".html", ".htm"), "--report")
    board = _read(files, reading, answers, ask=not as_json and not quiet and sys.stdin.isatty())
    if anonymise:
        board = board.anonymised()
    written = _write(board, target, reading)
    if page.report is not None:
        from vssim.views.report import records

        with speaking(page.language):
            write(page.report, records.page(board.report()).encode(), "--report")
        written.append(page.report)
    if as_json:
        show_json(board.figures)
    else:
        from vssim.views.terminal.records import records as shown

        show(shown(board.report()))
    if not quiet:
        say(f"wrote {', '.join(map(str, written))}")


def _target(output: Path | None, files: list[Path]) -> Path:
    """The beginning of the names of what is written; asked before the work."""
    target = output if output is not None else Path(files[0].name.split(".")[0])
    if not target.parent.is_dir():
        raise UsageError(f"-o {target}: there is no folder {target.parent}")
    for ending in (".moves.parquet", ".items.parquet"):
        beside = _beside(target, ending)
        if beside.exists() and any(file.exists() and file.samefile(beside) for file in files):
            raise UsageError(f"-o {target}: {beside} is what is read; name another OUT")
    return target


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _read(files: list[Path], reading: Path | None, answers: Path | None, *, ask: bool) -> Board:
    """The board; what has to be decided first is asked on a terminal, and refused elsewhere."""
    from vssim.tracker import answers as sheets
    from vssim.tracker import reading as readings
    from vssim.tracker.board import read
    from vssim.tracker.decisions import Question

    given: dict[str, Any] = readings.load(reading) if reading is not None else {}
    told = sheets.load(answers) if answers is not None else {}
    while True:
        try:
            board = read(files, given)
            break
        except Question as question:
            if not ask:
                raise
            given[question.key] = _asked(question.text, question.answers)
    if not told:
        return board
    return replace(read(files, {**board.reading, **given, **sheets.as_reading(told, board.stages.columns)}), answers=told)


def _asked(text: str, answers: tuple[str, ...]) -> Any:
    from vssim.tracker.reading import READING
    from vssim.yaml import value_of

    said = typer.prompt(f"{text} {' | '.join(answers)}", err=True)
    return value_of(said, READING) if said.startswith("{") else said


def _write(board: Board, target: Path, reading: Path | None) -> list[Path]:
    """Moves, items, reading and the sheet of answers; what people may have edited is never written over."""
    written = []
    for name, table in (("moves", board.moves), ("items", board.items)):
        stream = io.BytesIO()
        table.write_parquet(stream)
        written.append(_beside(target, f".{name}.parquet"))
        write(written[-1], stream.getvalue())
    from vssim.tracker import answers as sheets

    for name, text in (("reading", board.reading_text()), ("answers", sheets.sheet(board))):
        file = _beside(target, f".{name}.yaml")
        if file.exists():
            if name == "reading" and (reading is None or not reading.samefile(file)):
                say(f"{file} is there already, and was kept: give it as --reading, or remove it")
            continue
        write(file, text.encode())
        written.append(file)
    return written
