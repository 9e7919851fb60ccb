"""The commands that play many settings: sweep a grid, explain a change by its levers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vssim.cli import options, pictures
from vssim.cli.bundles import Accuracy, Playing, Runs, scenario_of
from vssim.cli.output import file_for_result, say, show, show_json, show_text, terminal, warn, write_result
from vssim.cli.output import progress as waiting
from vssim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vssim.analysis.explain.explain import Explanation
    from vssim.analysis.explain.unknowns import WhatDecides
    from vssim.analysis.sweep.grid import Grid
    from vssim.analysis.sweep.run import Sweep, Sweeper
    from vssim.analysis.sweep.search import Searcher
    from vssim.analysis.sweep.store import Store
    from vssim.cli.output import Result
    from vssim.engines import Engine
    from vssim.play.executors import Kind, Staff
    from vssim.play.experiment import Precision
    from vssim.scenario import Scenario

Assume = Annotated[
    list[str] | None,
    typer.Option("--assume", metavar="PATH=VALUES", help="An assumption, moved with the change and as it is alike; repeatable."),
]
Over = Annotated[
    list[str] | None,
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
"""From this many settings on, checking them takes noticeable time."""


def _hushed(cluster: str | None) -> str | None:
    """Silence what Dask logs about a scheduler that is gone; the command says it in one sentence."""
    if cluster is not None:
        from vssim.play.cluster import hush

        hush()
    return cluster


Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", callback=_hushed, help="A Dask scheduler, as in tcp://host:8786."),
]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is swept, and where it is kept."""

    over: Over = None
    assume: Assume = None
    change: options.ChangeName = None
    metric: options.Headline = None
    store: StoreFile = None
    status: Status = False


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """Who shares the work."""

    workers: Workers = "auto"
    cluster: Cluster = None

    def staff(self, jobs: int | None) -> Staff:
        """They, as `jobs` counts them."""
        from vssim.play.executors import Staff

        return Staff(jobs, cast("Kind", self.workers), self.cluster)


@dataclass(frozen=True, kw_only=True)
class Handed:
    """How the answer is handed over."""

    output: options.Output = None
    figure: Figures = None
    as_json: options.Json = False
    quiet: options.Quiet = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is searched for, and how the answer is handed over."""

    output: options.Output = None
    figure: Figures = None
    best: Best = None
    keep: Keeps = None
    trials: Trials = None
    as_json: options.Json = False
    quiet: options.Quiet = False

    @property
    def handed(self) -> Handed:
        """How the answer is handed over."""
        return Handed(output=self.output, figure=self.figure, as_json=self.as_json, quiet=self.quiet)


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What is explained, and where it is kept."""

    change: Annotated[str, typer.Option("--change", metavar="NAME", help="The change whose levers are to be told apart.")]
    metric: Annotated[str, typer.Option("--metric", metavar="NAME", help="The metric whose change is explained.")] = ""
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Which facts that are not known its effect hangs on, and where it turns round.")
    ] = False
    store: StoreFile = None


def sweep(
    scenario: options.Source,
    asked: Asked,
    runs: Runs,
    accuracy: Accuracy,
    playing: Playing,
    sharing: Sharing,
    result: Found,
) -> None:
    """A grid over settings, each against the organisation as it is; stopped and given again, it goes on where it was."""
    from vssim.analysis.sweep.grid import ASSUME, axes_of, grid
    from vssim.analysis.sweep.run import Sweeper, opened
    from vssim.views.terminal import sweeps as views

    file, wanted, drawn = file_for_result(result.output), accuracy.wanted, pictures.asked(result.figure, SWEEP_FIGURES)
    swept_of = scenario_of(scenario, playing.about(asked.metric), runs)
    assumed = axes_of(asked.assume or [], ASSUME)
    over, quiet = grid(swept_of, axes_of(asked.over or []), asked.change, assume=assumed), result.quiet
    _possible(drawn, over)
    kept, staff = asked.store or beside(scenario), sharing.staff(playing.jobs)
    searcher = _searcher(swept_of, over, result, playing.chosen)
    if searcher is not None and assumed:
        raise UsageError("--assume: is not for --best, which chooses among what can be decided")
    if searcher is not None and wanted is not None:
        raise UsageError("--precision: is not for --best; give --replications")
    if asked.status:
        show_text(
            _status_of_search(searcher, kept) if searcher else _status(Sweeper.of(swept_of, over, playing.chosen), kept, wanted)
        )
    elif searcher is not None:
        if not quiet:
            few = min(searcher.trials, len(over))
            _tell(f"at most {few:,} of {len(over):,} settings", few, swept_of, kept)
        with _going_on(kept), opened(kept) as base, staff, bar(quiet, 1) as progress:
            search = searcher.play(base, staff, progress)
        _hand_over(search, search.swept.notes, views.search(search), file, result.handed)
        _draw(drawn, search.swept, quiet)
    else:
        sweeper = _set_up(swept_of, over, playing.chosen, kept, quiet)
        with _going_on(kept), opened(kept) as base, staff, bar(quiet, swept_of.run.replications) as progress:
            swept = sweeper.play(base, staff, wanted, progress)
        _hand_over(swept, swept.notes, views.sweep(swept), file, result.handed)
        _draw(drawn, swept, quiet)


def _set_up(scenario: Scenario, over: Grid, engine: Engine, store: Path, quiet: bool) -> Sweeper:
    """The sweep, and what will be played; told before it is set up where that takes long, after it where it may be refused."""
    from vssim.analysis.sweep.grid import MOST_SETTINGS
    from vssim.analysis.sweep.run import Sweeper

    long = LONG_TO_SET_UP < len(over) <= MOST_SETTINGS
    settings = f"{len(over):,} setting{'' if len(over) == 1 else 's'}"
    if long and not quiet:
        _tell(settings, len(over), scenario, store, over.sides)
    sweeper = Sweeper.of(scenario, over, engine)
    if not long and not quiet:
        _tell(settings, len(over), scenario, store, over.sides)
    return sweeper


def _tell(settings: str, count: int, scenario: Scenario, store: Path, as_it_is: int = 1) -> None:
    """How much there is to play, and where it is kept."""
    from vssim.views.words import many

    each = scenario.run.replications
    say(f"{settings} and as it is, {many(each, 'replication')} each: {many((count + as_it_is) * each, 'run')}, kept in {store}")


def explain(
    scenario: options.Source,
    asked: Explained,
    runs: Runs,
    playing: Playing,
    sharing: Sharing,
    handed: Handed,
) -> None:
    """Which lever of a change did how much, which depend on each other, and in which order to bring them in."""
    from vssim.analysis.explain.explain import MOST_EXACT
    from vssim.analysis.explain.explain import explain as explained
    from vssim.views.terminal import explanations as views

    file, drawn = file_for_result(handed.output), pictures.asked(handed.figure, {**EXPLAIN_FIGURES, **UNCERTAIN_FIGURES})
    explained_scenario, quiet = scenario_of(scenario, playing, runs), handed.quiet
    if asked.uncertain != any(name in UNCERTAIN_FIGURES for name, _ in drawn) and drawn:
        raise UsageError(f"--figure: {', '.join(UNCERTAIN_FIGURES)} are for --uncertain, {', '.join(EXPLAIN_FIGURES)} for levers")
    if asked.uncertain:
        decides = _tell_what_decides(explained_scenario, asked, playing, handed, file)
        _draw_unknowns(drawn, decides, quiet)
        return
    kept, levers = asked.store or beside(scenario), _levers(explained_scenario, asked.change)
    if 1 < levers <= MOST_EXACT and not quiet:
        _tell(f"every combination of {levers} levers", 2**levers - 1, explained_scenario, kept)
    with _going_on(kept), bar(quiet, 1, "combinations") as progress:
        explanation = explained(
            explained_scenario,
            asked.change,
            metric=asked.metric or explained_scenario.headline,
            store=kept,
            engine=playing.chosen,
            jobs=playing.jobs,
            workers=cast("Kind", sharing.workers),
            cluster=sharing.cluster,
            progress=progress,
        )
    _hand_over(explanation, explanation.notes, views.explanation(explanation), file, handed)
    _draw(drawn, explanation, quiet)


def _tell_what_decides(scenario: Scenario, asked: Explained, playing: Playing, handed: Handed, file: Path | None) -> WhatDecides:
    """Which facts that are not known the effect of a change hangs on."""
    from vssim.analysis.explain.unknowns import what_decides
    from vssim.views.terminal import worlds

    with waiting(handed.quiet) as reported:
        decides = what_decides(
            scenario, asked.change, asked.metric or scenario.headline, engine=playing.chosen, jobs=playing.jobs, progress=reported
        )
    _hand_over(decides, decides.notes, worlds.decided(decides), file, handed)
    return decides


def _draw_unknowns(wanted: pictures.Asked, decides: WhatDecides, quiet: bool) -> None:
    """Draw which facts decide, and where they turn it round."""
    if not wanted:
        return
    from vssim.views.figures import unknowns as drawing
    from vssim.views.figures.gallery import save

    for name, file in wanted:
        save(getattr(drawing, name)(decides.comparison, decides.metric), file)
        if not quiet:
            say(f"wrote {file}")


def _levers(scenario: Scenario, change: str) -> int:
    """How many levers a change has, or parts with days of their own; 0 for one that is not there."""
    from vssim.model.changes import pieces

    return len(pieces(scenario.changes, change)) if change in scenario.changes else 0


def _hand_over(result: Result, notes: Iterable[str], view: RenderableType, file: Path | None, handed: Handed) -> None:
    if not handed.quiet:
        warn(notes)
    if handed.as_json:
        show_json(result.document())
    else:
        show(view)
    if file is not None:
        write_result(result, file)
        if not handed.quiet:
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
    """On Ctrl-C, say that nothing is lost and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"what was finished is kept in {file}; the same command goes on from there")
        raise


def _searcher(scenario: Scenario, over: Grid, result: Found, engine: Engine) -> Searcher | None:
    """The search that is asked for; None for a sweep of the whole grid. UsageError for what only a search takes."""
    from vssim.analysis.sweep.search import TRIALS, Keep, Searcher

    if result.best is None:
        if result.keep or result.trials is not None:
            raise UsageError(f"{'--keep' if result.keep else '--trials'}: is for --best, which names what to search for")
        return None
    bounds = tuple(Keep.of(text) for text in result.keep or [])
    return Searcher(scenario, over, result.best, bounds, result.trials or TRIALS, engine)


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
def bar(quiet: bool, replications: int, counted: str = "settings") -> Iterator[Callable[[int, int], None] | None]:
    """A bar with the time left and settings per second, on a terminal only."""
    told = terminal(quiet)
    if told is None:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), rate, console=told, transient=True) as shown:
        task = shown.add_task("runs", total=None, rate="")

        def update(done: int, total: int) -> None:
            speed = shown.tasks[0].speed
            text = f"{speed / replications:.3g} {counted}/s" if speed else ""
            shown.update(task, completed=done, total=total, rate=text)

        yield update


SWEEP_FIGURES = {
    "curve": "one axis: lead time, throughput and flow efficiency over its values, the knee marked",
    "heat": "two axes: the same as heat maps",
    "front": "lead time against throughput: the settings that no other beats",
}
EXPLAIN_FIGURES = {"waterfall": "from as it is to the change, lever by lever"}
UNCERTAIN_FIGURES = {
    "tornado": "with --uncertain: what the change does at either end of each fact that is not known",
    "threshold": "with --uncertain: the effect along the fact that it hangs on most, and where it turns round",
}


def _possible(wanted: pictures.Asked, over: Grid) -> None:
    """Refuse a picture that cannot be drawn of this grid, before the work."""
    if wanted:
        from vssim.views.figures.sweeps import needs

        for name, _ in wanted:
            needs(name, over)


def _draw(wanted: pictures.Asked, drawn_from: Sweep | Explanation, quiet: bool) -> None:
    """Draw what was asked for."""
    if not wanted:
        return
    from vssim.views.figures import sweeps as drawing

    for name, file in wanted:
        pictures.written(getattr(drawing, name)(drawn_from), file, quiet)
