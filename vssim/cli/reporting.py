"""The command that writes the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vssim.cli import experiments, options
from vssim.cli.bundles import Playing, Runs, Telling, scenario_of
from vssim.cli.output import say
from vssim.language import catalogue, speaking

if TYPE_CHECKING:
    from vssim.forecasts.simulation import ScenarioForecast
    from vssim.scenario import Scenario


def report(
    scenario: options.Source,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The .html file to write.")],
    only: options.Only = None,
    metric: options.Headline = None,
    *,
    runs: Runs,
    playing: Playing,
    telling: Telling,
) -> None:
    """One page in one file that can be mailed: the verdict, the figures, charts, and the boards side by side."""
    from vssim.play.experiment import Experiment
    from vssim.play.run import runs_of
    from vssim.play.settings import changes_named
    from vssim.views.report.explore import explored
    from vssim.views.report.first import headline_change, ordinary
    from vssim.views.report.page import checked, page, write

    catalogue(telling.language)  # one that is not there is refused before the work
    file = checked(output)
    with speaking(telling.language):  # what is to be known of the figures is said as they are worked out
        played_scenario = scenario_of(scenario, playing.about(metric), runs)
        experiment = Experiment.of(played_scenario, [None, *changes_named(played_scenario, only or [])], playing.chosen)
        comparison = experiments.played(experiment, playing.jobs, None, telling.quiet)
        runs_shown = runs_of(experiment, comparison.warmup, replication=ordinary(comparison))
        first = headline_change(comparison)
        moved = (
            explored(played_scenario, first.change, telling.explore, ordinary(comparison))
            if telling.explore and first is not None
            else None
        )
        write(
            page(comparison, runs_shown, moved, _when_done(played_scenario, [variant.change for variant in experiment.variants])),
            file,
        )
    if not telling.quiet:
        say(f"wrote {file}")


def _when_done(scenario: Scenario, changes: list[str | None]) -> ScenarioForecast | None:
    """When all items that the scenario names are done, as it is and with each change; None where it names none."""
    from vssim.forecasts.simulation import ALL, listed, of_scenario

    if not listed(scenario):
        return None
    return of_scenario(scenario, when=ALL, changes=[name for name in changes if name is not None])
