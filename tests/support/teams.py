"""Teams whose organisation is known, what their tracker exports, and what they would answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from vssim.learning.door import learn
from vssim.learning.effort import Effort
from vssim.learning.learned import Learned
from vssim.play.run import Run, simulate
from vssim.scenario import loads
from vssim.tracker.board import Board, read
from vssim.views.exports import Form, table

TEAM: dict[str, Any] = {
    "name": "A team",
    "unit": "day",
    "start": "2024-01-01",
    "run": {"horizon": 300, "warmup": 0},
    "demand": {"item": {"every": "gamma(mean=0.8, cv=1.1)"}},
    "steps": {
        "analyse": {"work": "lognormal(mean=1, cv=0.6)"},
        "develop": {"work": "lognormal(mean=4, cv=0.8)"},
        "test": {"work": "lognormal(mean=1, cv=0.6)", "returns": {"to": "develop", "chance": "20%", "work": "40%"}},
    },
    "teams": {
        "analysts": {"people": 2, "does": "analyse", "meetings": "15%"},
        "developers": {"people": 8, "does": "develop", "meetings": "15%"},
        "testers": {"people": 2, "does": "test", "meetings": "15%"},
    },
}
"""Three silos of twelve people, one item in five comes back."""

ANSWERS: dict[str, Any] = {
    "teams": {
        "analysts": {"people": 2, "columns": ["analyse"]},
        "developers": {"people": 8, "columns": ["develop"]},
        "testers": {"people": 2, "columns": ["test"]},
    },
    "open_items_a_person": 1,
    "other_work": "15%",
}

QUICK = Effort(runs=300, waves=3, histories=200, held_out=0)
"""Enough to see that it works."""


def played(document: dict[str, Any] | None = None, seed: int = 1) -> Run:
    """One run of a team."""
    return simulate(loads(document or TEAM), seed=seed)


def exported(run: Run, folder: Path, document: dict[str, Any] | None = None, form: Form = "moves") -> Path:
    """What a tracker would export of a run."""
    file = folder / f"{form}.csv"
    table(run.log, form, loads(document or TEAM).dates).write_csv(file)
    return file


@cache
def board_of_the_team(folder: Path) -> Board:
    """The board of the team, read."""
    return read(exported(played(), folder))


@cache
def what_was_learned(folder: Path) -> Learned:
    """What is learned of the team, quickly."""
    return learn(board_of_the_team(folder), ANSWERS, name="mine", jobs=1, effort=QUICK)
