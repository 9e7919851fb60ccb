"""The commands around scenario files: check them, list the library, start a new one, print the schemas."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from vssim.cli.options import library_names
from vssim.cli.output import say, show, show_json, show_text, warn
from vssim.errors import UsageError, VssimError

DIFFERENCE = 1
BAD_INPUT = 2

START = Path(__file__).with_name("start.yaml")
"""What a new scenario begins with."""


class Document(StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    result = "result"


def check(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO…|FOLDER", help="Scenario files, names of the library, or folders of files.")
    ],
) -> None:
    """Read scenarios: ok, or every fault of each with its line."""
    from vssim.scenario import load

    broken = 0
    for source in _sources(scenarios):
        try:
            found = load(source)
        except VssimError as error:
            broken += 1
            show_text(str(error))
            continue
        show_text(f"{source}: ok")
        warn(f"{source}: {text}" for text in found.warnings)
    if broken:
        raise typer.Exit(BAD_INPUT)


def verify(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO…|FOLDER", help="Scenario files, names of the library, or folders of files.")
    ],
    replications: Annotated[int, typer.Option("--replications", metavar="N", min=1, help="Runs of each variant.")] = 1,
) -> None:
    """Play scenarios on both engines and compare every row of what happened."""
    from vssim.analysis.verify import verify as verified
    from vssim.scenario import load

    differ = 0
    for source in _sources(scenarios):
        found = verified(load(source), replications)
        if found.agrees:
            show_text(f"{source}: {found.rows:,} rows of {found.runs} runs agree")
        else:
            differ += 1
            variant = "as it is" if found.variant is None else f"with {found.variant!r}"
            show_text(f"{source}: the engines differ {variant}, replication {found.replication}: {found.difference}")
    if differ:
        raise typer.Exit(DIFFERENCE)


def _sources(given: list[str]) -> list[str]:
    return [source for one in given for source in _files(one)]


def _files(given: str) -> list[str]:
    """The scenario files in a folder; what is no folder stands for itself."""
    from vssim.scenario.library import ENDINGS

    folder = Path(given)
    if not folder.is_dir():
        return [given]
    found = sorted(str(file) for file in folder.rglob("*") if file.suffix in ENDINGS and not file.name.startswith(("_", ".")))
    if not found:
        raise UsageError(f"{given}: there is no scenario in this folder (no file ending in {' or '.join(ENDINGS)})")
    return found


def scenarios() -> None:
    """The library: the scenarios that come with vssim, and the question that each answers."""
    from vssim.scenario.library import names

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, question in names():
        table.add_row(Text(name, "bold"), question)
    show(table)


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
        from vssim.analysis.documents import schema as of_results

        show_json(of_results())
    else:
        from vssim.scenario.jsonschema import schema as of_scenarios

        show_json(of_scenarios())
