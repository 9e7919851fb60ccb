"""The commands by name, each made when it is asked for, with one answer to everything a user can cause."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vssim.cli import words
from vssim.cli.output import BAD_INPUT, refuse
from vssim.errors import VssimError

INTERRUPTED = 130

HOMES = {
    "compare": "experiments",
    "run": "experiments",
    "sweep": "sweeps",
    "explain": "sweeps",
    "check": "checks",
    "verify": "checks",
    "report": "reporting",
    "export": "exporting",
    "forecast": "forecasting",
    "import": "importing",
    "learn": "learning",
    "backtest": "learning",
    "live": "live",
    "levers": "library",
    "scenarios": "library",
    "reference": "library",
    "new": "library",
    "schema": "library",
}
"""In which module of the command line each command is; its function is named after it."""


def function_of(name: str) -> Any:
    """The function of a command, with bundles of options; `import` is a word of Python, so its function is `import_`."""
    module = import_module(f"vssim.cli.{HOMES[name]}")
    return getattr(module, name, None) or getattr(module, f"{name}_")


class Made(Mapping[str, Any]):
    """Commands that are made when they are looked at: their options are worked out, and checked, for nobody else."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            from vssim.cli.bundles import unfolded

            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(name)(unfolded(function_of(name)))
            self._made[name] = typer.main.get_command(alone)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in HOMES

    def __iter__(self) -> Iterator[str]:
        return iter(HOMES)

    def __len__(self) -> int:
        return len(HOMES)


class Commands(TyperGroup):
    """The commands, with one answer to everything a user can cause: its sentence, and no traceback."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = Made()

    def list_commands(self, _ctx: Any) -> list[str]:
        """Their names, in the order of what one does first."""
        return list(HOMES)

    def get_command(self, _ctx: Any, name: str) -> Any:
        """One of them; None where there is none of that name."""
        return self.commands.get(name)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Each with its first sentence, read off the function: for a list none of them has to be made."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first(inspect.getdoc(function_of(name)) or "")) for name in HOMES])

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


def _first(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: to draw boxes takes longer than many a run
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        words.version()
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
