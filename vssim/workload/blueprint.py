"""Blueprints: a plan worked out up to a horizon as far as luck has no say in it, so that replications only add their luck."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b

import numpy as np

from vssim.clock import MOST_PLACES, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel, Plan
from vssim.workload.itineraries import Itineraries, itineraries
from vssim.workload.luck import Luck
from vssim.workload.organisation import organisation
from vssim.workload.program import Phase, Program
from vssim.workload.routes import Ways, travelled
from vssim.workload.shelf import Shelf
from vssim.workload.universe import Universe, universe


class Blueprint:
    """A plan up to `horizon` [units], ready for any luck. Threads may share it."""

    def __init__(self, plan: Plan, horizon: float, unit: str) -> None:
        in_force = _that_count(plan, horizon)
        models = [phase.model for phase in in_force]
        names = universe(models)
        _check_names(names)
        team_number = {name: number for number, name in enumerate(names.teams)}
        self.horizon, self.unit, self.names = ticks(horizon), unit, names
        self.phases = tuple(organisation(phase, names, horizon) for phase in in_force)
        self.pool_team = np.array([team_number[team] for team, _ in names.pools], np.int64)
        self.ways = Ways(models, names)
        self._starts = tuple(phase.start for phase in self.phases)

    def draw(self, seed: int, replication: int, shelf: Shelf | None = None, luck: Callable[[int, int], Luck] = Luck) -> Program:
        """The program of one replication; of what others have drawn already, a `shelf` may hold the itineraries.

        `luck` makes the luck of a seed and a replication. Raises RunError when the run's numbers would not fit the engines.
        """
        if shelf is None:
            drawn = self._drawn(luck(seed, replication))
        else:
            drawn = shelf.get((self.fingerprint, seed, replication), lambda: self._drawn(luck(seed, replication)))
        program = Program(
            horizon=self.horizon,
            phases=self.phases,
            items=drawn.items,
            visits=drawn.visits,
            unit=self.unit,
            steps=self.names.steps,
            skills=self.names.skills,
            types=self.names.types,
            teams=self.names.teams,
            pool_team=self.pool_team,
            gates=self.names.gates,
        )
        _check_range(program)
        return program

    def _drawn(self, luck: Luck) -> Itineraries:
        return itineraries(self.ways, self._starts, self.horizon, luck)

    @cached_property
    def fingerprint(self) -> bytes:
        """A hash of all that itineraries depend on, luck aside; the same for plans that differ in people, limits or pull rules."""
        names = self.names
        numbering = (names.steps, names.skills, names.types, names.gates)
        disciplines = [model.discipline for model in self.ways.models]
        needed = (self.horizon, self._starts, numbering, disciplines, [travelled(model) for model in self.ways.models])
        return blake2b(json.dumps(needed).encode()).digest()


def build(plan: Plan, *, horizon: float, seed: int, replication: int, unit: str) -> Program:
    """One replication of a plan up to `horizon` [units]: a blueprint that is used once.

    Raises RunError when the run's numbers would not fit the engines.
    """
    return Blueprint(plan, horizon, unit).draw(seed, replication)


def _that_count(plan: Plan, horizon: float) -> list[PhaseModel]:
    """The organisations that come into force within the run and differ from the one before: only for them does anybody wait."""
    found = list(plan.phases[:1])
    for phase in plan.phases[1:]:
        if phase.start <= horizon and replace(phase, start=found[-1].start) != found[-1]:
            found.append(phase)
    return found


def _check_names(names: Universe) -> None:
    """Refuse more steps, skills, gates, teams or pools than the engines number."""
    for kind in ("steps", "skills", "gates", "teams", "pools"):
        count = len(getattr(names, kind))
        if count > MOST_PLACES:
            raise RunError(f"{count:,} {kind} in one run; at most {MOST_PLACES:,} can be played")


def _check_range(program: Program) -> None:
    """Refuse a run whose sums could leave 64 bits: virtual time, and the longest work in it."""
    fastest = max(int(phase.rate.max(initial=0)) * int(phase.pace.max(initial=0)) for phase in program.phases) / 1e12
    slowest = min(_least(phase) for phase in program.phases)
    extra = 1 + max(int(phase.relearning.max(initial=0)) for phase in program.phases) / 1e6
    work = (int(program.visits.work.max(initial=0)) * extra + int(program.visits.setup.max(initial=0))) / slowest
    virtual = (program.horizon * max(fastest, 1.0) + work) * 1e6
    clock = float(program.horizon) + work
    most_people = max(int(phase.pool_people.max(initial=0)) for phase in program.phases)
    if max(virtual, clock * max(1, most_people)) >= 2.0**63:
        raise RunError(
            f"the run is too long for the engines' whole numbers: horizon {program.horizon / 1e6:,.0f} units and work of up to "
            f"{work / 1e6:,.0f} units need {virtual:.3g} steps of a millionth of a tick; at most {2.0**63:.3g} fit"
        )


def _least(phase: Phase) -> float:
    """The smallest proficiency in a phase [1]."""
    both = [table[table > 0] for table in (phase.does, phase.helps)]
    return float(min((int(values.min()) for values in both if len(values)), default=1_000_000)) / 1e6
