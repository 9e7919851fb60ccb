"""The stage: what a room looks at. An organisation, a change of it as the room has moved it, both played with the same luck."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import count
from typing import Any, TypeVar

import numpy as np

from vssim import engines, workload
from vssim.analysis.interactive.answer import Answer, answer
from vssim.causes import CAUSES
from vssim.errors import RunError, UsageError
from vssim.log import Log
from vssim.metrics import sampling
from vssim.metrics.sample import Sample
from vssim.metrics.window import Window
from vssim.model.changes import Change, Included, Plan, pulls
from vssim.model.faults import ModelError
from vssim.model.levers import LEVERS, Lever
from vssim.model.model import Model
from vssim.model.offspring import offspring
from vssim.model.passage import Passage, mean_failures
from vssim.model.size import arrivals_of
from vssim.play.identity import key_of
from vssim.play.pooled import Pooled
from vssim.play.replications import logged
from vssim.play.run import Run
from vssim.play.settings import believed, change_named
from vssim.play.worlds import worlds_of
from vssim.scenario import Scenario, measured_from, moved, planned, with_parts
from vssim.workload import Blueprint, Luck, Shelf

ROOM = "in the room"
"""Name of the change that holds what the room has moved."""

MOST_VISITS = 60_000
"""Visits of one run, at most: a room waits for no more."""

PILOT_ITEMS = 200
"""Items after which the size of a run can be told."""

PLENTY = 30
"""More visits than almost any item makes."""

KEPT = 64
"""Sides and runs that are kept, so that going back to a setting costs nothing."""

KEPT_SAMPLES = 800
"""Runs whose figures are kept."""

T = TypeVar("T")


@dataclass(frozen=True)
class Arrangement:
    """What is in force in the room."""

    change: str | None = None
    """the right side; None: as it is"""
    against: str | None = None
    """the left side; None: as it is"""
    off: frozenset[int] = frozenset()
    """numbers of the change's levers that are switched off"""
    moved: tuple[tuple[str, Any], ...] = ()
    """sliders that do not stand where the file has them: path, value as the file writes it"""
    since: float | None = None
    """from when on the right side's rule counts; None: as the change says [units of time]"""
    seed: int = 1
    luck: int = 0
    """number of the replication that is watched"""

    def with_moved(self, path: str, value: Any) -> Arrangement:
        """The same with one slider at another place; None puts it back."""
        moved = {**dict(self.moved), path: value}
        return replace(self, moved=tuple((path, value) for path, value in moved.items() if value is not None))


@dataclass(frozen=True)
class Side:
    """One of the two organisations on the stage, ready to be played."""

    key: str
    """the same for what plays the same"""
    name: str | None
    """of its change; None: as it is"""
    since: float | None
    """from when on its change counts; None: from the start [units of time]"""
    plan: Plan
    seed: int
    blueprint: Blueprint
    """the plan, ready for any luck"""


@dataclass(frozen=True)
class Scene:
    """Both sides of an arrangement."""

    scenario: Scenario
    """with the room's own change among its changes, where there is one"""
    left: Side
    right: Side
    notes: tuple[str, ...]
    """what there is to say about the right side before it is played"""

    @property
    def since(self) -> float:
        """From when on the sides may differ [units of time]."""
        return self.right.since or 0.0


def levers_of(scenario: Scenario, change: str | None) -> list[tuple[str, Lever]]:
    """The levers of a change in the order in which they are pulled, each with the change that names it."""
    return [] if change is None else pulls(scenario.changes, change)


def arranged(scenario: Scenario, arrangement: Arrangement) -> tuple[Scenario, str | None]:
    """The scenario with what the room moved as a change of its own, and the name of the right side's change (None: as it is).

    `vssim compare` on the document of that scenario gives the numbers that the room sees. Raises ScenarioError with every fault.
    """
    inside = [(path, value) for path, value in arrangement.moved if path.startswith("changes.")]
    outside = {path: value for path, value in arrangement.moved if not path.startswith("changes.")}
    in_play = [change_named(scenario, change) for change in (arrangement.change, arrangement.against)]
    arranged_scenario = moved(scenario, inside, "slider", in_play) if inside else scenario
    arranged_scenario = with_parts(arranged_scenario, run=arranged_scenario.run.model_copy(update={"seed": arrangement.seed}))
    change = change_named(arranged_scenario, arrangement.change)
    if not (outside or arrangement.off or (arrangement.since is not None and change is not None)):
        return arranged_scenario, change
    name = _free(arranged_scenario)
    return with_parts(
        arranged_scenario, changes={**arranged_scenario.changes, name: _room(arranged_scenario, arrangement, change, outside)}
    ), name


def _free(scenario: Scenario) -> str:
    return next(name for number in count() if (name := ROOM + " again" * number) not in scenario.changes)


def _room(scenario: Scenario, arrangement: Arrangement, change: str | None, by_hand: dict[str, Any]) -> Change:
    """The chosen change less the levers that are off, then what was moved by hand; in force when the room says."""
    base = Change() if change is None else scenario.changes[change]
    if arrangement.off:
        kept = [lever for number, (_, lever) in enumerate(levers_of(scenario, change)) if number not in arrangement.off]
        base = base.model_copy(update={"includes": Included(), "levers": tuple(kept), "from_": base.begins})
    levers = (*base.levers, LEVERS["set"].model_validate(by_hand)) if by_hand else base.levers
    if arrangement.since is not None:
        base = base.model_copy(update={"includes": Included(base.includes)})
    since = base.begins if arrangement.since is None else arrangement.since
    return base.model_copy(update={"levers": levers, "from_": since})


def _side(scenario: Scenario, change: str | None, key: str, made: Plan) -> Side:
    """A side of a plan; raises ScenarioError where it makes no sense, RunError where it is too large."""
    plan = planned(scenario, change, made)
    _bounded(scenario, plan)
    since = scenario.changes[change].begins if change is not None else None
    blueprint = Blueprint(plan, scenario.run.horizon, scenario.unit)
    return Side(key, change, since or None, plan, scenario.run.seed, blueprint)


def _bounded(scenario: Scenario, plan: Plan) -> None:
    """Refuse what would take too long, with the arithmetic; a run of the first few hundred items tells how large it would be."""
    horizon = scenario.run.horizon
    items = _arrivals(plan, horizon)
    if items > MOST_VISITS:
        raise RunError(_too_large(scenario, plan, f"about {items:,.0f} items", items))
    if items * PLENTY * max(_sent_back(phase.model) for phase in plan.phases) > MOST_VISITS:
        _not_too_often_back(scenario, plan)
    if items * PLENTY <= MOST_VISITS:
        return
    short = horizon * PILOT_ITEMS / items
    program = workload.build(plan, horizon=short, seed=scenario.run.seed, replication=0, unit=scenario.unit)
    each = max(1.0, len(program.visits.item) / max(1.0, _arrivals(plan, short)))
    if items * each > MOST_VISITS:
        visits = f"about {items:,.0f} items × {each:.1f} visits = {items * each:,.0f}"
        raise RunError(_too_large(scenario, plan, visits, items * each))


def _sent_back(model: Model) -> float:
    """How many times as many visits as without returns there are at the most, on average."""
    return math.prod(1 + mean_failures(rule.chance) for step in model.steps.values() for rule in step.returns)


def _not_too_often_back(scenario: Scenario, plan: Plan) -> None:
    """Refuse what would take seconds only to be drawn, because items are sent back again and again."""
    for model in (phase.model for phase in plan.phases):
        arriving = np.array([arrivals_of(kind, scenario.run.horizon) for kind in model.demand.values()])
        brought = np.linalg.solve(np.eye(len(arriving)) - offspring(model).T, arriving)
        visits = float(sum(count * Passage(model, name, "right").visits for name, count in zip(model.demand, brought, strict=True)))
        if visits > MOST_VISITS:
            items = float(brought.sum())
            raise RunError(
                _too_large(scenario, plan, f"about {items:,.0f} items × {visits / items:.1f} visits = {visits:,.0f}", visits)
            )


def _too_large(scenario: Scenario, plan: Plan, arithmetic: str, visits: float) -> str:
    run = scenario.run.horizon
    most = run * MOST_VISITS / visits
    size = 10.0 ** (math.floor(math.log10(most)) - 1)
    most = math.floor(most / size) * size
    fewer = _arrivals(plan, most) < _arrivals(plan, run)
    return (
        f"too large for a room: {arithmetic} in {run:g} {scenario.unit}s, and the live page plays at most {MOST_VISITS:,} visits; "
        + (f"it takes a horizon of at most {most:g} (run.horizon, or --horizon)" if fewer else "it takes fewer items")
    )


def _arrivals(plan: Plan, horizon: float) -> float:
    """About how many items arrive by the horizon, in the organisation that asks for most."""
    return max(sum(arrivals_of(kind, horizon) for kind in phase.model.demand.values()) for phase in plan.phases)


class _Patient(Luck):
    """Luck that is drawn with a pause before every stream."""

    def __init__(self, pause: Callable[[], None], seed: int, *replications: int) -> None:
        super().__init__(seed, *replications)
        self._pause = pause

    def stream(self, *name: str | int, of: int = 0) -> np.random.Generator:
        self._pause()
        return super().stream(*name, of=of)


class Stage:
    """Works out sides and plays them, and remembers the latest ones.

    Several threads may ask at once: then something may be worked out or played twice, no harm done.
    """

    def __init__(self, scenario: Scenario, origin: Scenario | None = None) -> None:
        self.scenario = scenario
        self.origin = scenario if origin is None else origin
        """the scenario as its file has it, of which `scenario` may be a world"""
        self._sides: OrderedDict[str, Side] = OrderedDict()
        self._logs: OrderedDict[str, Log] = OrderedDict()
        self._measured: OrderedDict[str, Sample] = OrderedDict()
        self._shelf = Shelf()

    def in_world(self, number: int | None) -> Stage:
        """The stage of a world of the scenario, everything known; None: as the file has it. UsageError where all is known."""
        worlds = worlds_of(self.origin, ())
        if worlds is None:
            raise UsageError(f"{self.origin.name}: nothing is said to be unknown, so that there is no other world")
        return Stage(self.origin) if number is None else Stage(worlds.world(number), self.origin)

    @cached_property
    def warmup(self) -> float:
        """From when on both sides are measured [units of time]."""
        return measured_from(self.scenario)

    def scene(self, arrangement: Arrangement) -> Scene:
        """Both sides, ready to be played; a side that is as it was before is not worked out again.

        Raises ScenarioError for an arrangement that makes no sense, RunError for one too large, UsageError where what it says of
        changes is withheld.
        """
        scenario, change = arranged(self.scenario, arrangement)
        believed(scenario, (arrangement.against, change))
        left, right = self._left(scenario, arrangement), self._side(scenario, change)
        return Scene(scenario, left, right, right.plan.notes)

    def _left(self, scenario: Scenario, arrangement: Arrangement) -> Side:
        """The left side, which is what it was unless it is of another change, of another seed, or a change itself was moved."""
        inside = tuple(entry for entry in arrangement.moved if entry[0].startswith("changes."))
        of = (arrangement.against, arrangement.seed, inside)
        stood = self._stood  # of another thread perhaps, in a moment
        if stood is None or stood[0] != of:
            stood = self._stood = (of, self._side(scenario, change_named(scenario, arrangement.against)))
        return stood[1]

    _stood: tuple[Any, Side] | None = None
    """the latest left side, and what it depends on"""

    def _side(self, scenario: Scenario, change: str | None) -> Side:
        try:
            made = scenario.plan(change)
        except ModelError:
            planned(scenario, change)  # says what is wrong with it, with its place in the scenario
            raise
        key = key_of(scenario, change, "stage", made)
        return _kept(self._sides, key, lambda: _side(scenario, change, key, made))

    def play(self, side: Side, replication: int, pause: Callable[[], None] | None = None) -> Log:
        """One run of a side; what was drawn for it or its like before is not drawn again.

        `pause` is called again and again meanwhile: it may let others go first.
        """
        luck = Luck if pause is None else partial(_Patient, pause)
        return logged(side.blueprint.draw(side.seed, replication, self._shelf, luck, play=engines.trace), "auto")

    def run(self, side: Side, since: float = 0.0, pause: Callable[[], None] | None = None, luck: int = 0) -> Run:
        """One run of a side: the one that is watched; measured from the warm-up or `since` on, whichever is later."""
        start = max(self.warmup, since)
        log = self._log(side, luck, pause)
        return Run(self.scenario.name, side.name, side.seed, luck, start, log, self.scenario.dates)

    def _log(self, side: Side, luck: int, pause: Callable[[], None] | None) -> Log:
        return _kept(self._logs, f"{side.key} {luck}", lambda: self.play(side, luck, pause))

    def measured(self, side: Side, luck: int, start: float, pause: Callable[[], None] | None = None) -> Sample:
        """What is measured of one run from `start` on; what was measured before is not played again."""

        def play() -> Sample:
            log = self.play(side, luck, pause)
            return sampling.samples(log, [Window.of(log, start)], ())[0]

        return _kept(self._measured, f"{side.key} {luck} {start:g}", play, KEPT_SAMPLES)


def _kept(known: OrderedDict[str, T], key: str, make: Callable[[], T], most: int = KEPT) -> T:
    """What is known under a key, else what `make` gives; it becomes the latest entry, and the oldest makes room."""
    known_value = known.pop(key, None)
    value = make() if known_value is None else known_value
    known[key] = value
    while len(known) > most:
        with suppress(KeyError):  # another thread was faster
            known.popitem(last=False)
    return value


def prepare() -> None:
    """Have the fast engine ready, so that nobody waits for it later; it takes a while the first time on a machine."""
    engines.prepare()
    sampling.prepare()


@dataclass
class Lucks:
    """The same two sides under one luck after the other, as far as they have been played."""

    stage: Stage
    scene: Scene
    metric: str
    start: float
    """what came before is not measured [units of time]"""
    played: list[tuple[Sample, Sample]] = field(default_factory=list)
    """what was measured of both sides, by luck; grows by whole pairs, so that it may be read while it is played on"""

    @property
    def pairs(self) -> list[tuple[float | None, float | None]]:
        """The metric of both sides by luck, each of one run alone."""
        return [(before.get(self.metric), after.get(self.metric)) for before, after in self.played]

    def play(self, pause: Callable[[], None] | None = None) -> None:
        """One more luck; `pause` as `Stage.play` has it."""
        number = len(self.played)
        before, after = (self.stage.measured(side, number, self.start, pause) for side in (self.scene.left, self.scene.right))
        self.played.append((before, after))

    @property
    def answer(self) -> Answer:
        """What so many lucks say; of both sides the same ones, however many more are played meanwhile."""
        return answer(self.metric, tuple(self.played), self.stage.scenario.unit)

    def times(self) -> tuple[dict[str, float], dict[str, float]]:
        """By cause, the mean time of a delivered item on both sides, over all lucks [units of time]."""
        played = tuple(self.played)
        before, after = (Pooled([pair[side] for pair in played]) for side in (0, 1))
        return _times(before), _times(after)


def _times(pooled: Pooled) -> dict[str, float]:
    return {cause: pooled[f"time.{cause}"].mean or 0.0 for cause in CAUSES}
