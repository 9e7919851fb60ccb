"""The commands that run a scenario: one variant, or the baseline against every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.console import RenderableType

from vssim.cli import options, pictures
from vssim.cli.output import file_for_result, progress, say, show, show_json, warn, write_result

if TYPE_CHECKING:
    from vssim.analysis.compare import Comparison
    from vssim.analysis.experiment import Experiment, Precision
    from vssim.engines import Engine
    from vssim.scenario import Scenario


def compare(
    scenario: options.Source,
    only: options.Only = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    precision: options.PrecisionOption = None,
    most: options.Most = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    output: options.Output = None,
    figure: options.Figures = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """The organisation as it is against every change: the verdict on each, and where the time went."""
    from vssim.analysis.experiment import Experiment
    from vssim.analysis.settings import changes_named
    from vssim.views import text

    wanted_pictures = pictures.asked(figure)
    file = file_for_result(output)
    wanted = options.precise(precision, most)
    found = scenario_of(scenario, put, replications, seed, horizon, warmup)
    experiment = Experiment.of(found, [None, *changes_named(found, only or [])], cast("Engine", engine))
    pictures.possible(wanted_pictures, experiment)
    comparison = played(experiment, jobs, wanted, quiet)
    _hand_over(comparison, file, as_json, quiet, text.comparison)
    pictures.draw(wanted_pictures, experiment, comparison, quiet)


def run(
    scenario: options.Source,
    change: options.ChangeName = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    output: options.Output = None,
    figure: options.Figures = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """One variant: its metrics with intervals, and where the time went."""
    from vssim.analysis.experiment import Experiment
    from vssim.analysis.settings import change_named
    from vssim.views import text

    wanted_pictures = pictures.asked(figure)
    file = file_for_result(output)
    found = scenario_of(scenario, put, replications, seed, horizon, warmup)
    experiment = Experiment.of(found, [change_named(found, change)], cast("Engine", engine))
    pictures.possible(wanted_pictures, experiment)
    comparison = played(experiment, jobs, None, quiet)
    _hand_over(comparison, file, as_json, quiet, text.one_variant)
    pictures.draw(wanted_pictures, experiment, comparison, quiet)


def scenario_of(
    source: str,
    put: list[str] | None,
    replications: int | None,
    seed: int | None,
    horizon: float | None,
    warmup: str | None,
) -> Scenario:
    """The scenario that a command is about, with the settings that it was given."""
    from vssim.analysis.settings import adjusted
    from vssim.scenario import load

    found = load(source, options.settings(put))
    return adjusted(found, replications=replications, seed=seed, horizon=horizon, warmup=options.warmup(warmup))


def played(experiment: Experiment, jobs: int | None, precision: Precision | None, quiet: bool) -> Comparison:
    """The result, with the warnings that come before the runs and those that come after them."""
    from vssim.analysis.compare import outcome

    before = experiment.warnings
    _warn(before, quiet)
    with progress(quiet) as bar:
        samples = experiment.play(jobs=jobs, precision=precision, progress=bar)
    comparison = outcome(experiment, samples)
    _warn((text for text in comparison.warnings if text not in before), quiet)
    return comparison


def _warn(texts: Iterable[str], quiet: bool) -> None:
    if not quiet:
        warn(texts)


def _hand_over(
    comparison: Comparison,
    file: Path | None,
    as_json: bool,
    quiet: bool,
    view: Callable[[Comparison], RenderableType],
) -> None:
    if as_json:
        show_json(comparison.document())
    else:
        show(view(comparison))
    if file is not None:
        write_result(comparison, file)
        if not quiet:
            say(f"wrote {file}")
