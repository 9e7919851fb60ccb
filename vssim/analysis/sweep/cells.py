"""Cells: one organisation under one luck, known by a key of everything that its figures depend on; and how it is played."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from vssim import engines
from vssim.analysis.experiment import Metrics, measured, pilot, thresholds
from vssim.analysis.replications import Study
from vssim.engines import Engine
from vssim.model.changes import reached
from vssim.scenario import Scenario
from vssim.workload import Blueprint, Shelf

SEMANTICS = 1
"""Version of what runs mean. It must be raised whenever the same file and seed would give other figures: another meaning or
default in the language, other draws, another rule of the engines, another definition of a metric."""

Task = tuple[str, int]
"""Key of a cell, number of the replication from 0."""


@dataclass(frozen=True)
class Cell:
    """One organisation, perhaps with a change that comes into force, under the luck of one seed."""

    key: str
    """hash of everything that determines its figures"""
    study: Study
    """what plays it: a study of one variant"""
    windows: tuple[float, ...]
    """starts of the windows that are measured; the first is the warm-up [units of time]"""
    within: tuple[float, ...]
    """lead times of which the share of items is measured [units of time]"""

    @classmethod
    def of(cls, scenario: Scenario, change: str | None, warmup: float, since: Sequence[float], engine: Engine) -> Cell:
        """The cell of a change of the scenario (None: as it is), also measured from each moment in `since` on."""
        windows = tuple(dict.fromkeys([warmup, *(max(warmup, start) for start in since)]))
        study = Study((scenario.plan(change),), scenario.run.horizon, scenario.run.seed, scenario.unit, engine)
        within = thresholds(scenario)
        return cls(key_of(scenario, change, [windows, within]), study, windows, within)


@dataclass(frozen=True)
class Chunk:
    """Work for one worker at a time: replications of some cells, with all it takes to play them."""

    cells: tuple[Cell, ...]
    tasks: tuple[tuple[int, int], ...]
    """(number of the cell in this chunk, replication)"""
    engine: Engine
    """what plays them"""


@dataclass(frozen=True)
class Played:
    """What comes back of a chunk."""

    samples: list[tuple[str, int, list[Metrics]]]
    """(key of the cell, replication, metrics by window)"""
    seconds: float
    """time it took the worker"""
    warm: bool
    """whether the engine was ready when it began, so that the time tells what runs cost"""


def play(chunk: Chunk) -> Played:
    """Every task of the chunk, one after the other; what its settings draw alike is drawn once."""
    warm, began = engines.is_ready(chunk.engine), time.perf_counter()
    samples, shelf = [], Shelf()
    blueprints: dict[int, Blueprint] = {}
    for number, replication in chunk.tasks:
        cell = chunk.cells[number]
        if number not in blueprints:
            blueprints[number] = cell.study.blueprint(0)
        log = engines.run(blueprints[number].draw(cell.study.seed, replication, shelf), chunk.engine)
        samples.append((cell.key, replication, measured(log, cell.windows, cell.within)))
    return Played(samples, time.perf_counter() - began, warm)


def course(study: Study, replication: int) -> list[float]:
    """One run, only to see when its start is forgotten."""
    return pilot(study, 0, replication)


def key_of(scenario: Scenario, change: str | None, measured: object) -> str:
    """A hash of everything that the figures of one variant depend on: the organisation, the luck, what is measured.

    What a scenario only tells (its name, question, claims), and changes that are not in force, play no part in it.
    """
    needed = reached(scenario.changes, change)
    written = {
        "semantics": SEMANTICS,
        "unit": scenario.unit,
        "organisation": scenario.model.document(),
        "changes": {name: scenario.changes[name].document() for name in needed},
        "change": change,
        "horizon": scenario.run.horizon,
        "seed": scenario.run.seed,
        "measured": measured,
    }
    return hashlib.sha256(json.dumps(written, ensure_ascii=False).encode()).hexdigest()
