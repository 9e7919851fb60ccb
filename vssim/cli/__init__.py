"""The command line. Results go to standard output; progress, warnings and errors to standard error.

Exit codes: 0 done; 1 a claim failed or stayed undecided, or the engines differ; 2 bad input or usage; 130 interrupted.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import vssim
from vssim.cli import checks, experiments, exporting, library, live, reporting, sweeps
from vssim.cli.output import plain_output, refuse
from vssim.errors import VssimError

BAD_INPUT = 2
INTERRUPTED = 130


class Commands(TyperGroup):
    """The commands, with one answer to everything a user can cause: its sentence, and no traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except VssimError as error:
            refuse(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except MemoryError:
            refuse("there is not enough memory for a run of this size; a shorter horizon, or fewer jobs, needs less")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            refuse("interrupted")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(experiments.compare)
app.command()(experiments.run)
app.command()(sweeps.sweep)
app.command()(sweeps.explain)
app.command()(checks.check)
app.command()(checks.verify)
app.command()(reporting.report)
app.command()(exporting.export)
app.command()(live.live)
app.command()(library.levers)
app.command()(library.scenarios)
app.command()(library.reference)
app.command()(library.new)
app.command()(library.schema)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"vssim {vssim.__version__}")
        raise typer.Exit


@app.callback()
def _door(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """Play how long work takes to reach the customer, and what would change if it were organised differently.

    First: vssim scenarios, vssim compare silos. Your own: vssim new mine.yaml, vssim compare mine.yaml.
    """


def main() -> None:
    """The command `vssim`."""
    plain_output()
    app(prog_name="vssim")
