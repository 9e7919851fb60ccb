"""The command that hands a run to other tools."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vssim import files
from vssim.cli import options
from vssim.cli.output import say
from vssim.errors import UsageError

if TYPE_CHECKING:
    from vssim.engines import Engine


class Form(StrEnum):
    """What a run is exported as."""

    visits = "visits"
    events = "events"
    board = "board"
    board_last = "board-last"
    moves = "moves"


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which run is exported."""

    change: options.ChangeName = None
    replication: Annotated[
        int, typer.Option("--replication", metavar="K", parser=options.whole("--replication", 0), help="Which one, from 0.")
    ] = 0
    seed: options.Seed = None
    horizon: options.Horizon = None
    engine: options.EngineName = "auto"
    put: options.Set = None
    anyway: options.Anyway = False


def export(
    scenario: options.Source,
    form: Annotated[
        Form,
        typer.Option(
            "--as",
            help="visits: the visit log; events: for process mining; board: with dates of first entries; board-last: of last ones; "
            "moves: every move.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The .csv, .parquet or .xlsx file to write.")],
    *,
    selection: Which,
    quiet: options.Quiet = False,
) -> None:
    """One run for other tools: the visit log, an event log for process mining, a board with dates, or every move."""
    from vssim.clock import ticks
    from vssim.play.run import simulate
    from vssim.scenario import load
    from vssim.views import exports, tables
    from vssim.views.exports.columns import needs_dates

    file = tables.ready(files.checked(output, tables.ENDINGS))
    loaded = load(scenario, options.settings(selection.put))
    calendar = loaded.dates
    if form in (Form.board, Form.board_last, Form.moves):
        needs_dates(calendar, form.value)
    if calendar is not None and selection.horizon is not None and not calendar.has(ticks(selection.horizon)):
        raise UsageError(f"--horizon: got {selection.horizon:g}, expected a run that ends before the year 10000")
    run = simulate(
        loaded,
        selection.change,
        seed=selection.seed,
        replication=selection.replication,
        horizon=selection.horizon,
        engine=cast("Engine", selection.engine),
        warmup=0,
    )
    tables.write(exports.table(run.log, form.value, calendar), file)
    if not quiet:
        say(f"wrote {file}")
