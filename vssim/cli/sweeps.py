"""The command that sweeps a scenario over a grid of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vssim.cli import options
from vssim.cli.output import file_for_result, say, show, show_json, show_text, warn, write_result
from vssim.errors import UsageError

if TYPE_CHECKING:
    from vssim.analysis.executors import Kind
    from vssim.analysis.experiment import Precision
    from vssim.analysis.sweep.run import Sweep, Sweeper
    from vssim.engines import Engine

Over = Annotated[
    list[str],
    typer.Option(
        "--over",
        metavar="PATH=VALUES",
        help="An axis: 1:10, 1:10:2, none,2,4, or change= with names of changes; repeat for more axes.",
    ),
]
StoreFile = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", help="Where every run is kept; default beside the scenario, named after it."),
]
Status = Annotated[bool, typer.Option("--status", help="Say how far the sweep is, and do nothing.")]
Workers = Annotated[str, typer.Option("--workers", metavar="KIND", help="processes, or threads: what --jobs counts.")]
Cluster = Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, as in tcp://host:8786.")]


def sweep(
    scenario: options.Source,
    over: Over,
    change: options.ChangeName = None,
    store: StoreFile = None,
    status: Status = False,
    replications: options.Replications = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    precision: options.PrecisionOption = None,
    most: options.Most = 200,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    workers: Workers = "processes",
    cluster: Cluster = None,
    output: options.Output = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """A grid over settings, each against the organisation as it is; stopped and given again, it goes on where it was."""
    from vssim.analysis.executors import Staff
    from vssim.analysis.experiment import Precision
    from vssim.analysis.settings import adjusted
    from vssim.analysis.sweep.grid import axes_of, grid
    from vssim.analysis.sweep.run import Sweeper
    from vssim.scenario import load
    from vssim.views.sweeps import sweep as view

    file, share = file_for_result(output), options.share(precision)
    found = load(scenario, options.settings(put))
    found = adjusted(found, replications=replications, seed=seed, horizon=horizon, warmup=options.warmup(warmup))
    sweeper = Sweeper.of(found, grid(found, axes_of(over), change), cast("Engine", engine))
    kept = store or beside(scenario)
    if status:
        show_text(_status(sweeper, kept))
        return
    staff = Staff(jobs, cast("Kind", workers), cluster)
    result = _played(sweeper, kept, staff, None if share is None else Precision(share, most), quiet)
    if not quiet:
        warn(result.notes)
    if as_json:
        show_json(result.document())
    else:
        show(view(result))
    if file is not None:
        write_result(result, file)
        if not quiet:
            say(f"wrote {file}")


def beside(source: str) -> Path:
    """The store of a scenario: beside its file and named after it; of one of the library, in the present folder."""
    from vssim.scenario.documents import locate
    from vssim.scenario.library import folder

    file = locate(source)
    if file.resolve().is_relative_to(folder().resolve()):
        return Path(f"{file.stem}.sqlite")
    return file.with_suffix(".sqlite")


def _played(sweeper: Sweeper, file: Path, staff: object, precision: Precision | None, quiet: bool) -> Sweep:
    from vssim.analysis.executors import Staff
    from vssim.analysis.sweep.run import opened

    assert isinstance(staff, Staff)
    try:
        with opened(file) as store, staff, bar(quiet, sweeper.scenario.run.replications) as progress:
            return sweeper.play(store, staff, precision, progress)
    except KeyboardInterrupt:
        say(f"what was finished is kept in {file}; the same command goes on from there")
        raise


def _status(sweeper: Sweeper, file: Path) -> str:
    from vssim.analysis.sweep.run import opened

    if not file.exists():
        return f"{file}: not begun; {len(sweeper.places):,} settings to play"
    with opened(file) as store:
        runs, of_all, settings = sweeper.status(store)
        others = store.at_work()
    at_it = f"; {others} {'process is' if others == 1 else 'processes are'} at it" if others else ""
    return f"{file}: {runs:,} of {of_all:,} runs, {settings:,} of {len(sweeper.places):,} settings are finished{at_it}"


@contextmanager
def bar(quiet: bool, replications: int) -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time left and settings per second, on a terminal only."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    rate = TextColumn("{task.fields[rate]}")
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), rate, console=console, transient=True) as shown:
        task = shown.add_task("runs", total=None, rate="")

        def update(done: int, total: int) -> None:
            speed = shown.tasks[0].speed
            text = f"{speed / replications:.3g} settings/s" if speed else ""
            shown.update(task, completed=done, total=total, rate=text)

        yield update


def figures_asked(given: list[str] | None) -> list[tuple[str, Path]]:
    """The (name, file) pairs of --figure."""
    pairs = []
    for one in given or []:
        name, equals, file = one.partition("=")
        if not equals or not name.strip() or not file.strip():
            raise UsageError(f"--figure: got {one!r}, expected NAME=FILE, as in curve=curve.png; --figure list names them")
        pairs.append((name.strip(), Path(file.strip())))
    return pairs
