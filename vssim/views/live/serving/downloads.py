"""What a room takes home: a scenario file that says exactly what is shown, the report, the visit log of both sides."""

from __future__ import annotations

from collections.abc import Mapping

from vssim.analysis.compare.compare import outcome
from vssim.analysis.interactive.ideas import with_ideas
from vssim.play.experiment import Experiment
from vssim.play.run import runs_of
from vssim.views.exports import side_by_side
from vssim.views.live.pictures.picture import Pair
from vssim.views.live.room.setup import Setup
from vssim.views.report.first import ordinary
from vssim.views.report.page import page
from vssim.views.tables import csv
from vssim.yaml import write


def state(setup: Setup, ideas: Mapping[str, Setup]) -> str:
    """The scenario as a file, with what the room moved as a change, and each idea that it kept as another one.

    `vssim compare` on it gives the room's numbers.
    """
    head = f"# What a room made of {setup.source}; vssim compare on this file gives the same numbers.\n"
    kept = {name: (idea.scenario, idea.arrangement) for name, idea in ideas.items()}
    document = with_ideas(setup.scene.scenario, kept).document()
    return head + write({key: value for key, value in document.items() if key not in ("claims", "rounds", "notes")})


def report(setup: Setup) -> str:
    """The report of both sides, in as many replications as the scenario says."""
    scene = setup.scene
    changes = dict.fromkeys((scene.left.name, scene.right.name))
    experiment = Experiment.of(scene.scenario, [None, *(name for name in changes if name is not None)])
    comparison = outcome(experiment, experiment.play(jobs=1))
    return page(comparison, runs_of(experiment, comparison.warmup, replication=ordinary(comparison)))


def visits(pair: Pair) -> str:
    """The visit logs of both sides as CSV, with a column that says which."""
    return csv(side_by_side([(side.name, side.run.visits) for side in pair.sides]))
