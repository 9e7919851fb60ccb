"""The commands that play many settings: sweep a grid, explain a change by its levers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vssim.cli import options, pictures
from vssim.cli.experiments import scenario_of
from vssim.cli.output import file_for_result, say, show, show_json, show_text, warn, write_result
from vssim.errors import UsageError

if TYPE_CHECKING:
    from vssim.analysis.executors import Kind
    from vssim.analysis.experiment import Precision
    from vssim.analysis.explain import Explanation
    from vssim.analysis.optimise import Searcher
    from vssim.analysis.sweep.grid import Grid
    from vssim.analysis.sweep.run import Sweep, Sweeper
    from vssim.analysis.sweep.store import Store
    from vssim.cli.output import Result
    from vssim.engines import Engine
    from vssim.scenario import Scenario

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
Figures = Annotated[
    list[str] | None,
    typer.Option("--figure", metavar="NAME=FILE", help="Draw a picture (.png .svg .pdf); `--figure list` names them."),
]
Best = Annotated[str | None, typer.Option("--best", metavar="METRIC", help="Search for the setting where this is best.")]
Keeps = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="BOUND", help="What has to hold of the best, as in throughput>=95% or wip<=20; repeatable."),
]
Trials = Annotated[
    int | None,
    typer.Option(
        "--trials", metavar="N", parser=options.whole("--trials", 1), help="At most so many settings are played with --best (60)."
    ),
]
Workers = Annotated[str, typer.Option("--workers", metavar="KIND", help="What --jobs counts: threads, processes, or auto.")]


LONG_TO_SET_UP = 1_000
"""Settings that are checked in no time."""


def _hushed(cluster: str | None) -> str | None:
    """What Dask logs of a scheduler that is gone is no news: it is said in one sentence."""
    if cluster is not None:
        from vssim.analysis.cluster import hush

        hush()
    return cluster


Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", callback=_hushed, help="A Dask scheduler, as in tcp://host:8786."),
]


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
    most: options.Most = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    workers: Workers = "auto",
    cluster: Cluster = None,
    output: options.Output = None,
    figure: Figures = None,
    best: Best = None,
    keep: Keeps = None,
    trials: Trials = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """A grid over settings, each against the organisation as it is; stopped and given again, it goes on where it was."""
    from vssim.analysis.executors import Staff
    from vssim.analysis.sweep.grid import axes_of, grid
    from vssim.analysis.sweep.run import Sweeper, opened
    from vssim.views import sweeps as views

    file, wanted, drawn = file_for_result(output), options.precise(precision, most), pictures.asked(figure, SWEEP_FIGURES)
    found = scenario_of(scenario, put, replications, seed, horizon, warmup)
    over_ = grid(found, axes_of(over), change)
    _possible(drawn, over_)
    kept, chosen = store or beside(scenario), cast("Engine", engine)
    staff = Staff(jobs, cast("Kind", workers), cluster)
    searcher = None if best is None else _searcher(found, over_, best, keep, trials, chosen)
    if searcher is not None and wanted is not None:
        raise UsageError("--precision: is not for --best; give --replications")
    if searcher is None and (keep or trials is not None):
        raise UsageError(f"{'--keep' if keep else '--trials'}: is for --best, which names what to search for")
    if status:
        show_text(_status_of_search(searcher, kept) if searcher else _status(Sweeper.of(found, over_, chosen), kept, wanted))
    elif searcher is not None:
        if not quiet:
            few = min(searcher.trials, len(over_))
            _tell(f"at most {few:,} of {len(over_):,} settings", few, found, kept)
        with _going_on(kept), opened(kept) as base, staff, bar(quiet, 1) as progress:
            search = searcher.play(base, staff, progress)
        _hand_over(search, search.swept.notes, views.search(search), file, as_json, quiet)
        _draw(drawn, search.swept, quiet)
    else:
        sweeper = _set_up(found, over_, chosen, kept, quiet)
        with _going_on(kept), opened(kept) as base, staff, bar(quiet, found.run.replications) as progress:
            swept = sweeper.play(base, staff, wanted, progress)
        _hand_over(swept, swept.notes, views.sweep(swept), file, as_json, quiet)
        _draw(drawn, swept, quiet)


def _set_up(found: Scenario, over: Grid, engine: Engine, store: Path, quiet: bool) -> Sweeper:
    """The sweep, and what will be played; told before it is set up where that takes long, after it where it may be refused."""
    from vssim.analysis.sweep.grid import MOST_SETTINGS
    from vssim.analysis.sweep.run import Sweeper

    long = LONG_TO_SET_UP < len(over) <= MOST_SETTINGS
    settings = f"{len(over):,} setting{'' if len(over) == 1 else 's'}"
    if long and not quiet:
        _tell(settings, len(over), found, store)
    sweeper = Sweeper.of(found, over, engine)
    if not long and not quiet:
        _tell(settings, len(over), found, store)
    return sweeper


def _tell(what: str, count: int, found: Scenario, store: Path) -> None:
    """How much there is to play, and where it is kept."""
    from vssim.views.words import many

    each = found.run.replications
    say(f"{what} and as it is, {many(each, 'replication')} each: {many((count + 1) * each, 'run')}, kept in {store}")


def explain(
    scenario: options.Source,
    change: Annotated[str, typer.Option("--change", metavar="NAME", help="The change whose levers are to be told apart.")],
    metric: Annotated[
        str, typer.Option("--metric", metavar="NAME", help="The metric whose change is explained.")
    ] = "lead_time.p85",
    store: StoreFile = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    workers: Workers = "auto",
    cluster: Cluster = None,
    output: options.Output = None,
    figure: Figures = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Which lever of a change did how much, which depend on each other, and in which order to bring them in."""
    from vssim.analysis.explain import MOST_EXACT
    from vssim.analysis.explain import explain as explained
    from vssim.views import explanations as views

    file, drawn = file_for_result(output), pictures.asked(figure, EXPLAIN_FIGURES)
    found = scenario_of(scenario, put, replications, seed, horizon, warmup)
    kept, levers = store or beside(scenario), _levers(found, change)
    if 1 < levers <= MOST_EXACT and not quiet:
        _tell(f"every combination of {levers} levers", 2**levers - 1, found, kept)
    with _going_on(kept), bar(quiet, 1, "combinations") as progress:
        explanation = explained(
            found,
            change,
            metric=metric,
            store=kept,
            engine=cast("Engine", engine),
            jobs=jobs,
            workers=cast("Kind", workers),
            cluster=cluster,
            progress=progress,
        )
    _hand_over(explanation, explanation.notes, views.explanation(explanation), file, as_json, quiet)
    _draw(drawn, explanation, quiet)


def _levers(found: Scenario, change: str) -> int:
    """How many levers a change has, with those of what it includes; 0 for one that is not there."""
    from vssim.model.changes import pulls

    return len(pulls(found.changes, change)) if change in found.changes else 0


def _hand_over(result: Result, notes: Iterable[str], view: RenderableType, file: Path | None, as_json: bool, quiet: bool) -> None:
    if not quiet:
        warn(notes)
    if as_json:
        show_json(result.document())
    else:
        show(view)
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


@contextmanager
def _going_on(file: Path) -> Iterator[None]:
    """One who interrupts is told that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"what was finished is kept in {file}; the same command goes on from there")
        raise


def _searcher(found: Scenario, over: Grid, best: str, keep: list[str] | None, trials: int | None, engine: Engine) -> Searcher:
    from vssim.analysis.optimise import TRIALS, Keep, Searcher

    return Searcher(found, over, best, tuple(Keep.of(one) for one in keep or []), trials or TRIALS, engine)


def _status_of_search(searcher: Searcher, file: Path) -> str:
    from vssim.analysis.sweep.run import opened

    if not file.exists():
        return f"{file}: not begun; at most {min(searcher.trials, len(searcher.grid)):,} of {len(searcher.grid):,} settings to play"
    with opened(file) as store:
        settings, of_all = searcher.status(store)
        return f"{file}: {settings:,} of {of_all:,} settings are finished, of {len(searcher.grid):,} in the grid{_at_it(store)}"


def _at_it(store: Store) -> str:
    others = store.at_work()
    return f"; {others} {'process is' if others == 1 else 'processes are'} at it" if others else ""


def _status(sweeper: Sweeper, file: Path, precision: Precision | None) -> str:
    from vssim.analysis.sweep.run import opened

    if not file.exists():
        return f"{file}: not begun; {len(sweeper.places):,} settings to play"
    with opened(file) as store:
        runs, of_all, settings = sweeper.status(store, precision)
        so_far = " that are known to be needed so far" if precision and runs < of_all else ""
        of_settings = f"{settings:,} of {len(sweeper.places):,} settings"
        return f"{file}: {runs:,} of {of_all:,} runs{so_far}, {of_settings} are finished{_at_it(store)}"


@contextmanager
def bar(quiet: bool, replications: int, what: str = "settings") -> Iterator[Callable[[int, int], None] | None]:
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
            text = f"{speed / replications:.3g} {what}/s" if speed else ""
            shown.update(task, completed=done, total=total, rate=text)

        yield update


SWEEP_FIGURES = {
    "curve": "one axis: lead time, throughput and flow efficiency over its values, the knee marked",
    "heat": "two axes: the same as heat maps",
    "front": "lead time against throughput: the settings that no other beats",
}
EXPLAIN_FIGURES = {"waterfall": "from as it is to the change, lever by lever"}


def _possible(wanted: pictures.Asked, over: Grid) -> None:
    """Refuse a picture that cannot be drawn of this grid, before the work."""
    if wanted:
        from vssim.views.figures.sweeps import needs

        for name, _ in wanted:
            needs(name, over)


def _draw(wanted: pictures.Asked, found: Sweep | Explanation, quiet: bool) -> None:
    """Draw what was asked for."""
    if not wanted:
        return
    from vssim.views.figures import sweeps as drawing
    from vssim.views.figures.gallery import save

    for name, file in wanted:
        save(getattr(drawing, name)(found), file)
        if not quiet:
            say(f"wrote {file}")
