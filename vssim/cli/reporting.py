"""The command that writes the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vssim.cli import experiments, options
from vssim.cli.output import say

if TYPE_CHECKING:
    from vssim.engines import Engine


def report(
    scenario: options.Source,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The .html file to write.")],
    only: options.Only = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    horizon: options.Horizon = None,
    warmup: options.Warmup = None,
    engine: options.EngineName = "auto",
    put: options.Set = None,
    jobs: options.Jobs = None,
    quiet: options.Quiet = False,
) -> None:
    """One page in one file that can be mailed: the verdict, the figures, charts, and the boards side by side."""
    from vssim.analysis.experiment import Experiment
    from vssim.analysis.run import runs_of
    from vssim.analysis.settings import changes_named
    from vssim.views.report.page import checked, page, write

    file = checked(output)
    found = experiments.scenario_of(scenario, put, replications, seed, horizon, warmup)
    experiment = Experiment.of(found, [None, *changes_named(found, only or [])], cast("Engine", engine))
    comparison = experiments.played(experiment, jobs, None, quiet)
    write(page(comparison, runs_of(experiment, comparison.warmup)), file)
    if not quiet:
        say(f"wrote {file}")
