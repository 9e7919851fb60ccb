"""The command that hands a run to other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vssim.cli import options
from vssim.cli.output import say

if TYPE_CHECKING:
    from vssim.engines import Engine


class Form(StrEnum):
    """What a run is exported as."""

    visits = "visits"
    events = "events"
    board = "board"


def export(
    scenario: options.Source,
    form: Annotated[Form, typer.Option("--as", help="visits: the visit log; events: for process mining; board: with dates.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The .csv or .parquet file to write.")],
    change: options.ChangeName = None,
    replication: Annotated[
        int, typer.Option("--replication", metavar="K", parser=options.whole("--replication", 0), help="Which one, from 0.")
    ] = 0,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    quiet: options.Quiet = False,
) -> None:
    """One run for other tools: the visit log, an event log for process mining, or a board with dates for flow metrics."""
    from vssim.analysis.run import simulate
    from vssim.scenario import load
    from vssim.views import exports
    from vssim.views.calendar import HOURS, Calendar

    file = exports.checked(output)
    found = load(scenario, options.settings(put))
    calendar = Calendar(found.start, found.unit, found.hours_per_day or HOURS) if found.start is not None else None
    if form is Form.board:
        exports.needs_dates(calendar)
    run = simulate(found, change, seed=seed, replication=replication, horizon=horizon, engine=cast("Engine", engine), warmup=0)
    exports.write(exports.table(run.log, form.value, calendar), file)
    if not quiet:
        say(f"wrote {file}")
