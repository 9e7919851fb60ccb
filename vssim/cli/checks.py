"""The commands that test scenarios: what they claim, and whether both engines play them alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from vssim.cli import options
from vssim.cli.output import file_for_result, progress, say, show, show_json, show_text, warn, write_result
from vssim.errors import RunError, ScenarioError, UsageError

if TYPE_CHECKING:
    from vssim.analysis.claims import Checked
    from vssim.engines import Engine

NOT_SO = 1
BAD_INPUT = 2


Scenarios = Annotated[
    list[str], typer.Argument(metavar="SCENARIO…|FOLDER", help="Scenario files, names of the library, or folders of files.")
]


@dataclass(frozen=True)
class Settings:
    """How claims are tested, whatever the file says."""

    put: tuple[tuple[str, Any], ...]
    given: dict[str, Any]
    """horizon, seed and so on; None as the file says"""
    most: int
    engine: str
    jobs: int | None


@dataclass(frozen=True)
class One:
    """A file, and what became of it."""

    file: str
    checked: Checked | None
    """None: refused"""
    reason: str = ""

    def document(self) -> dict[str, Any]:
        """For programs."""
        from vssim.analysis import checked

        return checked.refused(self.file, self.reason) if self.checked is None else checked.document(self.checked, self.file)


@dataclass(frozen=True)
class Files:
    """All files of one call, as they are written to a file."""

    files: tuple[One, ...]

    def document(self) -> dict[str, Any]:
        """For programs."""
        from vssim.analysis.checked import whole

        return whole([one.document() for one in self.files])

    def table(self) -> Any:
        """One row a bound of a claim."""
        from vssim.analysis.checked import table

        return table([one.checked for one in self.files if one.checked is not None])

    @property
    def code(self) -> int:
        """How the command ends."""
        if any(one.checked is None for one in self.files):
            return BAD_INPUT
        return 0 if all(one.checked is not None and one.checked.held for one in self.files) else NOT_SO


def check(
    scenarios: Scenarios,
    replications: options.Replications = None,
    most: Annotated[
        int | None,
        typer.Option("--most", metavar="N", parser=options.whole("--most", 1), help="At most so many replications to decide."),
    ] = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    output: options.Output = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read scenarios and test what they claim: every fault with its line; every claim held, failed or undecided."""
    from vssim.analysis.claims import MOST

    file = file_for_result(output)
    given = {"replications": replications, "seed": seed, "horizon": horizon, "warmup": options.warmup(warmup)}
    settings = Settings(tuple(options.settings(put)), given, most or MOST, engine, jobs)
    found = []
    for source in _sources(scenarios):
        found.append(_one(source, settings, quiet))
        if not as_json:
            _show(found[-1])
    all_of_them = Files(tuple(found))
    if as_json:
        show_json(all_of_them.document())
    if file is not None:
        write_result(all_of_them, file)
        if not quiet:
            say(f"wrote {file}")
    raise typer.Exit(all_of_them.code)


def _one(source: str, settings: Settings, quiet: bool) -> One:
    from vssim.analysis import claims
    from vssim.scenario import load

    try:
        scenario = load(source, settings.put)
        with progress(quiet) as bar:
            found = claims.check(
                scenario,
                **settings.given,
                most=settings.most,
                engine=cast("Engine", settings.engine),
                jobs=settings.jobs,
                progress=bar,
            )
    except (ScenarioError, RunError) as error:
        return One(source, None, str(error))
    if not quiet:
        warn(f"{source}: {text}" for text in found.warnings)
    return One(source, found)


def _show(one: One) -> None:
    from vssim.views import claims

    if one.checked is None:
        show_text(one.reason)
        return
    if one.checked.findings:
        show(claims.claims(one.checked))
    show_text(f"{one.file}: {claims.in_short(one.checked)}")


def verify(
    scenarios: Scenarios,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", parser=options.whole("--replications", 1), help="Runs of each variant.")
    ] = 1,
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
        raise typer.Exit(NOT_SO)


def _sources(given: list[str]) -> list[str]:
    return [source for one in given for source in _files(one)]


def _files(given: str) -> Iterator[str]:
    """The scenario files in a folder; what is no folder stands for itself."""
    from vssim.scenario.library import ENDINGS

    folder = Path(given)
    if not folder.is_dir():
        yield given
        return
    found = sorted(str(file) for file in folder.rglob("*") if file.suffix in ENDINGS and not file.name.startswith(("_", ".")))
    if not found:
        raise UsageError(f"{given}: there is no scenario in this folder (no file ending in {' or '.join(ENDINGS)})")
    yield from found
