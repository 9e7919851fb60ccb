"""Cells: one organisation under one seed, with a key of everything that its figures depend on; and how a cell is played."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial

from vssim import engines, parts
from vssim.engines import Engine
from vssim.errors import RunError
from vssim.metrics.sample import Sample
from vssim.model.changes import Plan, reached
from vssim.model.moments import on_the_clock
from vssim.play.experiment import measured, thresholds
from vssim.play.replications import Study, logged
from vssim.play.settings import believed
from vssim.play.swift import luck
from vssim.play.worlds import worlds_of
from vssim.scenario import EACH, Scenario
from vssim.version import __version__
from vssim.workload import Coming, Shelf

SEMANTICS = 2
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
    def of(
        cls,
        scenario: Scenario,
        change: str | None,
        warmup: float,
        since: Sequence[float],
        engine: Engine,
        metrics: Sequence[str] = (),
    ) -> Cell:
        """The cell of a change of the scenario (None: as it is), also measured from each moment in `since` on.

        `metrics` are measured too, where they are `within.<time>` of a time that is not asked for anyway.
        """
        believed(scenario, (change,))
        windows = tuple(dict.fromkeys([warmup, *(max(warmup, start) for start in since)]))
        plan, worlds = scenario.plan(change), worlds_of(scenario, (change,))
        study = Study((plan,), scenario.run.horizon, scenario.run.seed, scenario.unit, engine, worlds)
        within = thresholds(scenario, metrics)
        own = [[name, str(origin)] for name, origin in parts.origins("metrics").items()]
        measured = [windows, within, own] if own else [windows, within]
        return cls(key_of(scenario, change, measured), study, windows, within)


@dataclass(frozen=True)
class Chunk:
    """Work for one worker at a time: replications of some cells, with all it takes to play them."""

    cells: tuple[Cell, ...]
    tasks: tuple[tuple[int, int], ...]
    """(number of the cell in this chunk, replication)"""
    engine: Engine
    """the engine that plays them"""
    version: str = __version__
    """of vssim, where the chunk was made"""


@dataclass(frozen=True)
class Played:
    """The result of a chunk: samples by cell and replication."""

    samples: list[tuple[str, int, list[Sample]]]
    """(key of the cell, replication, what was measured by window)"""
    seconds: float
    """time it took the worker"""
    warm: bool
    """whether the engine was ready when it began, so that the time tells what runs cost"""


_SHELF = Shelf()
"""Itineraries that this process has drawn: the next setting of a sweep often needs the same ones."""


def play(chunk: Chunk) -> Played:
    """Play every task of the chunk in order; what its settings draw alike is drawn once, for several replications together."""
    if chunk.version != __version__:
        raise RunError(f"a worker has vssim {__version__}, and this is vssim {chunk.version}: install the same version on both")
    warm, began = engines.is_ready(chunk.engine), time.perf_counter()
    samples = []
    for place, (number, replication) in enumerate(chunk.tasks):
        cell = chunk.cells[number]
        blueprint, player = cell.study.blueprint(0, replication), partial(engines.trace, engine=chunk.engine)
        program = blueprint.draw(cell.study.seed, replication, _SHELF, luck(), _ahead(chunk, place), player)
        log = logged(program, chunk.engine)
        samples.append((cell.key, replication, [sample.thinned() for sample in measured(log, cell.windows, cell.within)]))
    return Played(samples, time.perf_counter() - began, warm)


def _ahead(chunk: Chunk, place: int) -> Iterator[Coming]:
    """What comes after a task of a chunk with the same luck, of its own setting or of others."""
    seed = chunk.cells[chunk.tasks[place][0]].study.seed
    for number, replication in chunk.tasks[place + 1 :]:
        study = chunk.cells[number].study
        if study.seed == seed:
            yield replication, study.blueprint(0, replication)


def key_of(scenario: Scenario, change: str | None, measured: object, made: Plan | None = None) -> str:
    """A hash of everything that the figures of one variant depend on: the organisation, the luck, what is measured.

    What a scenario only tells (its name, question, claims), and changes that are not in force, play no part in it. `made`: the
    plan of the change, where it has been made.
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
        "terms": astuple((made or scenario.plan(change)).terms),
    }
    if scenario.uncertain is not None:
        members = scenario.uncertain.members
        written["uncertain"] = [EACH, scenario.uncertain.document() if members is None else [members.paths, members.rows]]
        if any(scenario.uncertain.is_date(fact) for fact in scenario.uncertain.facts):
            written["dates"] = str(scenario.dates)  # the same date is another moment where the start is another
    return hashlib.sha256(json.dumps(on_the_clock(written), ensure_ascii=False).encode()).hexdigest()
