"""The commands around scenario files: list library, levers and metrics, start a new one, print the schemas."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vssim.cli import words
from vssim.cli.options import lever_names, library_names
from vssim.cli.output import say, show, show_json, show_text
from vssim.errors import UnknownName, UsageError

START = Path(__file__).with_name("start.yaml")
"""What a new scenario begins with."""


class Document(StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    result = "result"


def levers(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them, in full.", autocompletion=lever_names)] = None,
) -> None:
    """The levers that a change can pull, by theme; or one of them: its arithmetic, limits, parameters, an example."""
    if name is None:
        words.levers()
        return
    from vssim.model.levers import LEVERS
    from vssim.views.terminal import levers as views

    if name not in LEVERS:
        raise UnknownName("lever", name, LEVERS)
    show(views.one_lever(name))


scenarios = words.scenarios


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
    from vssim.scenario.library import ENDINGS, companions, path

    beside = [] if source is None else companions(source)
    text = (START if source is None else path(source)).read_text(encoding="utf-8")
    if file.suffix not in ENDINGS:
        raise UsageError(f"{file}: expected a file name ending in .yaml, as in {file.with_suffix('.yaml')}")
    there = [str(copy) for companion in beside if (copy := file.with_name(companion.name)).exists()]
    if there:
        raise UsageError(f"{', '.join(there)}: is there already, and would be overwritten; nothing was written")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
        for companion in beside:
            file.with_name(companion.name).write_bytes(companion.read_bytes())
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
        from vssim.views.schema import schema as of_results

        show_json(of_results())
    else:
        from vssim.scenario.jsonschema import schema as of_scenarios

        show_json(of_scenarios())
