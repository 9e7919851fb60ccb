"""The commands that test scenarios: what they claim, and whether both engines play them alike."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vssim.cli import options
from vssim.cli.bundles import Luck, Playing
from vssim.cli.output import file_for_result, progress, say, show, show_json, show_text, warn, write_result
from vssim.errors import RunError, ScenarioError, UsageError

if TYPE_CHECKING:
    from vssim.analysis.claims.check import Checked
    from vssim.analysis.claims.verified import Verified
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
    engine: Engine
    jobs: int | None


@dataclass(frozen=True)
class CheckedFile:
    """A file, and what became of it."""

    file: str
    checked: Checked | None
    """None: refused"""
    reason: str = ""

    def document(self) -> dict[str, Any]:
        """For programs."""
        from vssim.analysis.claims.document import document, refused

        return refused(self.file, self.reason) if self.checked is None else document(self.checked, self.file)


@dataclass(frozen=True)
class Files:
    """All files of one call, as they are written to a file."""

    files: tuple[CheckedFile, ...]

    def document(self) -> dict[str, Any]:
        """For programs."""
        from vssim.analysis.claims.document import whole

        return whole([file.document() for file in self.files])

    def table(self) -> Any:
        """One row a bound of a claim."""
        from vssim.analysis.claims.document import table

        return table([file.checked for file in self.files if file.checked is not None])

    @property
    def code(self) -> int:
        """How the command ends."""
        if any(file.checked is None for file in self.files):
            return BAD_INPUT
        return 0 if all(file.checked is not None and file.checked.held for file in self.files) else NOT_SO


def check(
    scenarios: Scenarios,
    replications: options.Replications = None,
    most: Annotated[
        int | None,
        typer.Option("--most", metavar="N", parser=options.whole("--most", 1), help="At most so many replications to decide."),
    ] = None,
    *,
    luck: Luck,
    playing: Playing,
    output: options.Output = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read scenarios and test what they claim: every fault with its line; every claim held, failed or undecided."""
    from vssim.analysis.claims.check import MOST

    file = file_for_result(output)
    given = {"replications": replications, **luck.given}
    settings = Settings(tuple(options.settings(playing.put)), given, most or MOST, playing.chosen, playing.jobs)
    outcomes = []
    for source in _sources(scenarios):
        outcomes.append(_checked(source, settings, quiet))
        if not as_json:
            _show(outcomes[-1])
    all_of_them = Files(tuple(outcomes))
    if as_json:
        show_json(all_of_them.document())
    if file is not None:
        write_result(all_of_them, file)
        if not quiet:
            say(f"wrote {file}")
    raise typer.Exit(all_of_them.code)


def _checked(source: str, settings: Settings, quiet: bool) -> CheckedFile:
    from vssim.analysis.claims.check import check as tested
    from vssim.scenario import load

    try:
        scenario = load(source, settings.put)
        with progress(quiet) as bar:
            checked = tested(
                scenario,
                **settings.given,
                most=settings.most,
                engine=settings.engine,
                jobs=settings.jobs,
                progress=bar,
            )
    except (ScenarioError, RunError) as error:
        return CheckedFile(source, None, str(error))
    if not quiet:
        warn(f"{source}: {text}" for text in checked.warnings)
    return CheckedFile(source, checked)


def _show(outcome: CheckedFile) -> None:
    from vssim.views.terminal import claims

    if outcome.checked is None:
        show_text(outcome.reason)
        return
    if outcome.checked.findings:
        show(claims.claims(outcome.checked))
    show_text(f"{outcome.file}: {claims.in_short(outcome.checked)}")


def verify(
    scenarios: Scenarios,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            metavar="N",
            parser=options.whole("--replications", 1),
            help="Runs of each variant; as the file says where it is not given, at most 40.",
        ),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Play scenarios on both engines and compare every row of what happened."""
    from vssim.analysis.claims.verified import document

    verifications = []
    for source in _sources(scenarios):
        verifications.append(_verified(source, replications, quiet))
        if not as_json:
            show_text(verifications[-1].sentence())
    if as_json:
        show_json(document(verifications))
    outcomes = {file.outcome for file in verifications}
    raise typer.Exit(BAD_INPUT if "refused" in outcomes else NOT_SO if "differ" in outcomes else 0)


def _verified(source: str, replications: int | None, quiet: bool) -> Verified:
    from vssim.analysis.claims.verified import Verified
    from vssim.analysis.claims.verify import verify as verified
    from vssim.scenario import load

    try:
        scenario = load(source)
        with progress(quiet) as bar:
            return Verified(source, scenario.name, verified(scenario, replications, bar))
    except (ScenarioError, RunError) as error:
        return Verified(source, None, None, str(error))


def _sources(given: list[str]) -> list[str]:
    return [source for name in given for source in _files(name)]


def _files(given: str) -> Iterator[str]:
    """The scenario files in a folder; what is no folder stands for itself."""
    from vssim.scenario.library import ENDINGS

    folder = Path(given)
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):  # a name that is too long is the name of nothing
        is_folder = False
    if not is_folder:
        yield given
        return
    files = sorted(_below(folder, ENDINGS))
    if len(files) > MOST_FILES:
        raise UsageError(f"{given}: more than {MOST_FILES:,} files ending in {' or '.join(ENDINGS)}; name a folder with fewer")
    if not files:
        raise UsageError(f"{given}: there is no scenario in this folder (no file ending in {' or '.join(ENDINGS)})")
    yield from files


MOST_FILES = 1000
"""Scenario files of a folder, at most."""


def _below(folder: Path, endings: Sequence[str]) -> Iterator[str]:
    """The scenario files below a folder, at most a few more than are allowed; folders that cannot be read are passed over."""
    from vssim.scenario.library import ANSWERS

    count = 0
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            is_sheet = Path(name).stem.endswith(ANSWERS)  # of what a team told, beside the scenario that was learned with it
            if name.endswith(tuple(endings)) and not name.startswith(("_", ".")) and not is_sheet:
                count += 1
                yield str(Path(here) / name)
        if count > MOST_FILES:
            return
