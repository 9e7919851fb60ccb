"""The commands that run a scenario: one variant, or the baseline against every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vssim.cli import options, pictures
from vssim.cli.bundles import Accuracy, Asking, Handing, Playing, Runs, scenario_of
from vssim.cli.output import file_for_result, progress, say, show, show_json, warn, write_result

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vssim.analysis.compare.compare import Comparison
    from vssim.engines import Engine
    from vssim.play.experiment import Experiment, Precision
    from vssim.scenario import Scenario


def compare(
    scenario: options.Source,
    only: options.Only = None,
    *,
    asking: Asking,
    family: options.FamilyOption = False,
    runs: Runs,
    accuracy: Accuracy,
    playing: Playing,
    handing: Handing,
) -> None:
    """The organisation as it is against every change: the verdict on each, and where the time went."""
    from vssim.play.experiment import Experiment
    from vssim.play.settings import changes_named
    from vssim.views.terminal import comparisons

    drawn, file, wanted = pictures.asked(handing.figure), file_for_result(handing.output), accuracy.wanted
    played_scenario = scenario_of(scenario, playing.about(asking.metric), runs)
    experiment = Experiment.of(played_scenario, [None, *changes_named(played_scenario, only or [])], playing.chosen, asking.by)
    pictures.possible(drawn, experiment)
    comparison = played(experiment, playing.jobs, wanted, handing.quiet, in_view=not handing.as_json)
    _hand_over(comparison, comparisons.comparison, file, handing)
    if family and not handing.as_json:
        show(comparisons.family(comparison))
    pictures.draw(drawn, experiment, comparison, handing.quiet)


def run(
    scenario: options.Source,
    change: options.ChangeName = None,
    *,
    asking: Asking,
    runs: Runs,
    playing: Playing,
    item: options.Item = None,
    handing: Handing,
) -> None:
    """One variant: its metrics with intervals, and where the time went."""
    from vssim.play.experiment import Experiment
    from vssim.play.settings import change_named
    from vssim.views.terminal import comparisons

    drawn, file = pictures.asked(handing.figure), file_for_result(handing.output)
    played_scenario = scenario_of(scenario, playing.about(asking.metric), runs)
    if item is not None:
        _tell_story(played_scenario, change, item, playing.chosen)
        return
    experiment = Experiment.of(played_scenario, [change_named(played_scenario, change)], playing.chosen, asking.by)
    pictures.possible(drawn, experiment)
    comparison = played(experiment, playing.jobs, None, handing.quiet, in_view=not handing.as_json)
    _hand_over(comparison, comparisons.one_variant, file, handing)
    pictures.draw(drawn, experiment, comparison, handing.quiet)


def _tell_story(scenario: Scenario, change: str | None, item: int, engine: Engine) -> None:
    """One item's story: as it is and, where a change is asked for, with it too; the first run of each."""
    from vssim.metrics.story import why
    from vssim.play.run import simulate
    from vssim.views.terminal import stories

    runs = [("as it is", simulate(scenario, None, engine=engine))]
    if change is not None:
        runs.append((change, simulate(scenario, change, engine=engine)))
    sides = [(name, run.story(item)) for name, run in runs]
    log, end = runs[0][1].log, sides[0][1].end
    reason = why(log, item, scenario.run.horizon if sides[0][1].done is None else end)
    show(stories.told(sides, f"As it is, {reason}."))


def played(
    experiment: Experiment, jobs: int | None, precision: Precision | None, quiet: bool, *, in_view: bool = False
) -> Comparison:
    """The result, with the warnings that come before the runs and those that come after them.

    What a view tells beside the variant that it is about (`in_view`) is not told on standard error too.
    """
    from vssim.analysis.compare.compare import outcome

    before = () if in_view else experiment.warnings
    _warn(before, quiet)
    with progress(quiet) as bar:
        samples = experiment.play(jobs=jobs, precision=precision, progress=bar)
    comparison = outcome(experiment, samples)
    _warn(comparison.notes if in_view else [text for text in comparison.warnings if text not in before], quiet)
    return comparison


def _warn(texts: Iterable[str], quiet: bool) -> None:
    if not quiet:
        warn(texts)


def _hand_over(comparison: Comparison, view: Callable[[Comparison], RenderableType], file: Path | None, handing: Handing) -> None:
    if handing.as_json:
        show_json(comparison.document())
    else:
        show(view(comparison))
    if file is not None:
        write_result(comparison, file)
        if not handing.quiet:
            say(f"wrote {file}")
