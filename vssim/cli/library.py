"""The commands around scenario files: list library, levers and metrics, start a new one, print the schemas."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vssim.cli.options import lever_names, library_names
from vssim.cli.output import say, show, show_json, show_text
from vssim.errors import UnknownName, UsageError

START = Path(__file__).with_name("start.yaml")
"""What a new scenario begins with."""


class Document(StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    result = "result"


def scenarios() -> None:
    """The library: the scenarios that come with vssim by theme, and the question that each answers."""
    from vssim.views import library

    show(library.all_scenarios())


def levers(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them, in full.", autocompletion=lever_names)] = None,
) -> None:
    """The levers that a change can pull, by theme; or one of them: its arithmetic, limits, parameters, an example."""
    from vssim.model.levers import LEVERS
    from vssim.views import levers as views

    if name is not None and name not in LEVERS:
        raise UnknownName("lever", name, LEVERS)
    show(views.all_levers() if name is None else views.one_lever(name))


def reference() -> None:
    """All levers, scenarios and metrics as one page of Markdown."""
    from vssim.views.reference import page

    show_text(page().rstrip("\n"))


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
