"""The command that learns a baseline from records and answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vssim.cli import options
from vssim.cli.output import progress, say, show, show_json
from vssim.errors import UsageError
from vssim.files import checked, write
from vssim.language import ENGLISH, catalogue, speaking, t

if TYPE_CHECKING:
    from vssim.learning.learned import Learned
    from vssim.scenario import Scenario
    from vssim.tracker.board import Board

SCENARIO = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class Knowing:
    """What people say beside the records."""

    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="The team's answers, filled in.")] = None
    unanswered: Annotated[bool, typer.Option("--unanswered", help="Nobody can be asked: learn from the records alone.")] = False
    reading: Annotated[Path | None, typer.Option("--reading", metavar="FILE", help="Decisions by which the export is read.")] = None
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="What the scenario is called.")] = None


@dataclass(frozen=True, kw_only=True)
class Showing:
    """What is handed over."""

    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="The records beside played histories (.png, .svg, .pdf).")
    ] = None
    language: options.Language = ENGLISH
    as_json: options.Json = False
    quiet: options.Quiet = False


def learn(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="An export of a tracker; several of one board are joined.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="The scenario file; its members go beside it.")
    ] = Path("mine.yaml"),
    *,
    knowing: Knowing,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    showing: Showing,
) -> None:
    """From a team's records and answers to a scenario that plays its past, checked, with all others that would."""
    from vssim.learning.door import learn as learned_from
    from vssim.learning.written import save

    target = checked(output, SCENARIO)
    catalogue(showing.language)  # one that is not there is refused before the work
    picture = None if showing.picture is None else checked(showing.picture, (".png", ".svg", ".pdf"), "--picture")
    board = _read(files, knowing)
    with speaking(showing.language):
        answers = _answers(board, knowing, target, ask=not showing.as_json and not showing.quiet and sys.stdin.isatty())
    with progress(showing.quiet) as bar:
        baseline = learned_from(
            board,
            answers,
            name=knowing.name,
            seed=1 if seed is None else seed,
            jobs=jobs,
            keep=target.with_suffix(".learning.npz"),
            progress=bar,
        )
    written = save(baseline, target)
    if picture is not None:
        _draw(baseline, picture)
        written.append(picture)
    if showing.as_json:
        show_json(baseline.document())
    else:
        from vssim.views.terminal.learned import learned

        with speaking(showing.language):
            show(learned(baseline))
    if not showing.quiet:
        say(f"wrote {', '.join(map(str, written))}; next: vssim compare {target}")


def _read(files: list[Path], knowing: Knowing) -> Board:
    """The board, read by the reading and by what answers decide of it."""
    from vssim.learning import told
    from vssim.tracker import reading as readings
    from vssim.tracker.answers import as_reading
    from vssim.tracker.board import read

    given: dict[str, Any] = readings.load(knowing.reading) if knowing.reading is not None else {}
    board = read(files, given)
    if knowing.answers is None:
        return board
    content, _ = told.read(knowing.answers)
    decided = as_reading(content, board.stages.columns) if content else {}
    return read(files, {**board.reading, **given, **decided}) if decided else board


def _answers(board: Board, knowing: Knowing, target: Path, *, ask: bool) -> Any:
    """The answers: given, asked, or left out on purpose; else a sheet is written and the command ends."""
    from vssim import yaml
    from vssim.learning.door import expect_enough
    from vssim.tracker import answers as sheets

    if knowing.answers is not None and knowing.unanswered:
        raise UsageError("--unanswered: there are --answers too")
    if knowing.answers is not None:
        return knowing.answers
    if knowing.unanswered:
        return None
    expect_enough(board)  # nobody is asked for nothing
    sheet = target.with_name(f"{target.stem}.answers.yaml")
    if ask:
        from vssim.cli.asking import answered

        answers = answered(board)
        write(sheet, yaml.write(answers).encode() if answers else b"{}\n")
        say("\n" + t("kept in {file}", file=sheet))
        return answers
    if not sheet.exists():
        write(sheet, sheets.sheet(board).encode())
    raise UsageError(
        f"what only the team can tell is asked in {sheet}: fill it in and give it as --answers {sheet}, "
        "or learn from the records alone with --unanswered"
    )


def _draw(learned: Learned, file: Path) -> None:
    from vssim.views.figures.gallery import save
    from vssim.views.figures.past import past

    save(past(learned), file)


def backtest(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario that vssim learn wrote.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="NEW-DATA…", help="A later export; by default the one that it was learned from.")
    ] = None,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="The answers that it was learned with.")] = None,
    reading: Annotated[
        Path | None, typer.Option("--reading", metavar="FILE", help="Decisions by which the export is read.")
    ] = None,
    *,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    showing: Showing,
) -> None:
    """Whether a learned scenario still plays its team, and what has drifted since."""
    from vssim.learning.backtest import backtest as tried
    from vssim.scenario import load

    picture = None if showing.picture is None else checked(showing.picture, (".png", ".svg", ".pdf"), "--picture")
    catalogue(showing.language)
    learned = load(scenario)
    board = _read(files or _records(learned, scenario), Knowing(answers=answers, reading=reading))
    with progress(showing.quiet) as bar:
        tested = tried(learned, board, answers, seed=2 if seed is None else seed, jobs=jobs, progress=bar)
    if picture is not None:
        from vssim.views.figures.gallery import save
        from vssim.views.figures.past import past

        save(past(tested), picture)
    if showing.as_json:
        show_json(tested.document())
    else:
        from vssim.views.terminal.learned import backtested

        with speaking(showing.language):
            show(backtested(tested))


def _records(learned: Scenario, scenario: str) -> list[Path]:
    """The files that a scenario was learned from, beside it."""
    names = () if learned.learned is None else learned.learned.records
    files = [Path(scenario).parent / name for name in names]
    missing = [str(file) for file in files if not file.is_file()]
    if missing or not files:
        raise UsageError(f"{scenario}: {', '.join(missing) or 'its records'}: not beside it; give the export as NEW-DATA")
    return files
