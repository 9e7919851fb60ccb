"""The commands around scenario files: list library and levers, start a new one, print the schemas."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from vssim.cli.options import lever_names, library_names
from vssim.cli.output import say, show, show_json
from vssim.errors import UnknownName, UsageError

START = Path(__file__).with_name("start.yaml")
"""What a new scenario begins with."""


class Document(StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    result = "result"


def scenarios() -> None:
    """The library: the scenarios that come with vssim, and the question that each answers."""
    from vssim.scenario.library import names

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, question in names():
        table.add_row(Text(name, "bold"), question)
    show(table)


def levers(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them, in full.", autocompletion=lever_names)] = None,
) -> None:
    """The levers that a change can pull, by theme; or one of them: its arithmetic, limits, parameters, an example."""
    from vssim.model.levers import LEVERS
    from vssim.views import levers as views

    if name is not None and name not in LEVERS:
        raise UnknownName("lever", name, LEVERS)
    show(views.all_levers() if name is None else views.one_lever(name))


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="NAME", help="Begin with this scenario of the library.", autocompletion=library_names),
    ] = None,
) -> None:
    """Write a scenario file to start from: small, commented, and it runs."""
    from vssim.scenario.library import ENDINGS, path

    text = (START if source is None else path(source)).read_text(encoding="utf-8")
    if file.suffix not in ENDINGS:
        raise UsageError(f"{file}: expected a file name ending in .yaml, as in {file.with_suffix('.yaml')}")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file}: is there already; choose another name, nothing was written") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror})") from None
    say(f"wrote {file}; next: vssim compare {file}")


def schema(
    document: Annotated[Document, typer.Argument(metavar="[scenario|result]", help="Of what.")] = Document.scenario,
) -> None:
    """The JSON Schema of scenario files (for editors), or of results (for programs)."""
    if document is Document.result:
        from vssim.analysis.results import schema as of_results

        show_json(of_results())
    else:
        from vssim.scenario.jsonschema import schema as of_scenarios

        show_json(of_scenarios())
