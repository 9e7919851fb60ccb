"""Blueprints: everything of a plan up to a horizon that luck has no part in, so that replications only add their luck."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import islice

import numpy as np

from vssim.clock import MOST_PLACES, TICKS, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel, Plan
from vssim.model.moments import on_the_clock
from vssim.model.size import Size, free_memory, size
from vssim.workload.arrivals import MOST_ITEMS
from vssim.workload.boards import Places, Placing
from vssim.workload.doors import open_doors
from vssim.workload.itineraries import Itineraries, itineraries
from vssim.workload.kept import Shelf
from vssim.workload.luck import Luck
from vssim.workload.numbering import Universe, universe
from vssim.workload.organisation import organisation, shifted
from vssim.workload.program import Program
from vssim.workload.routes import routings, travelled
from vssim.workload.rules import Phase
from vssim.workload.together import Together, may_be_drawn
from vssim.workload.under_way import UnderWay
from vssim.workload.ways import Ways

AT_ONCE = 64e6
"""The most that replications drawn at once may take, counted as runs [bytes]; more are drawn in parts.

A draw takes about a quarter of that.
"""

MOST_LOOKED_AT = 300
"""Of what is to come, as much is looked at: where hardly anything can be drawn together, the search shall cost little."""

SMALL = 200e6
"""Runs that take less are played without asking how much memory is free [bytes]."""

ANYWAY = "VSSIM_ANYWAY"
"""An environment variable (so that workers know it too): with it no size is refused for its memory."""


class Blueprint:
    """A plan up to `horizon` [units], ready for any luck. Threads may share it."""

    def __init__(self, plan: Plan, horizon: float, unit: str) -> None:
        in_force = _that_count(plan, horizon)
        models = [phase.model for phase in in_force]
        names = universe(models)
        _check_names(names)
        team_number = {name: number for number, name in enumerate(names.teams)}
        self.origin = math.ceil(max(models[0].under_way, 0.0)) * TICKS
        self.until, self.horizon, self.unit, self.names = horizon, ticks(horizon) + self.origin, unit, names
        self._routing, firsts = routings(models)
        self.phases = self._organisations(in_force, None)
        self.pool_team = np.array([team_number[team] for team, _ in names.pools], np.int64)
        in_turn = [models[first] for first in firsts]
        self.ways = Ways(in_turn, names, open_doors(in_turn, self.phases, names))
        self.terms = plan.terms
        self._starts = tuple(ticks(in_force[first].start) for first in firsts)
        """of the routings"""
        self._by_luck = in_force if any(_has_luck(phase) for phase in in_force) else None
        """the phases whose people depend on luck too"""

    def draw(
        self,
        seed: int,
        replication: int,
        shelf: Shelf | None = None,
        luck: Callable[..., Luck] = Luck,
        ahead: Iterable[Coming] | None = None,
    ) -> Program:
        """The program of one replication; itineraries that were drawn before are taken from `shelf`.

        `luck` makes the luck of a seed and some replications. Those that will be asked for next, `ahead`, are drawn with it and
        put on the shelf, as far as there is room and they can be drawn as one. Raises RunError when the run's numbers would not
        fit the engines.
        """
        self._fits()
        if shelf is None:
            (drawn,) = _drawn([(replication, self)], luck(seed, replication))
        else:
            drawn = shelf.get((self.fingerprint, seed, replication)) or self._onto(shelf, seed, replication, luck, ahead)
        phases = self.phases
        if self._by_luck is not None:
            phases = self._organisations(self._by_luck, luck(seed, replication))
        program = Program(
            horizon=self.horizon,
            phases=phases,
            items=drawn.items,
            visits=drawn.visits,
            unit=self.unit,
            steps=self.names.steps,
            skills=self.names.skills,
            types=self.names.types,
            teams=self.names.teams,
            pool_team=self.pool_team,
            gates=self.names.gates,
            terms=self.terms,
            origin=self.origin,
            waits=drawn.board.waits,
            leaves=drawn.board.leaves,
            ids=drawn.board.ids,
            promises=drawn.board.promises,
            under_way=self._under_way(drawn, phases[0]) if drawn.board.items else None,
        )
        _check_range(program)
        return program

    def _organisations(self, in_force: Sequence[PhaseModel], luck: Luck | None) -> tuple[Phase, ...]:
        each = zip(in_force, self._routing, strict=True)
        organisations = (organisation(phase, self.names, self.until, luck, routing) for phase, routing in each)
        return tuple(shifted(phase, self.origin, number) for number, phase in enumerate(organisations))

    def _under_way(self, drawn: Itineraries, phase: Phase) -> UnderWay:
        """What is under way as the run begins, in the organisation as it is."""
        placing = Placing(drawn.board, drawn.items, drawn.visits, self.origin, len(self.names.gates))
        return placing.under_way(Places(phase, self.pool_team, self.names.teams))

    def _fits(self) -> None:
        """Refuse what could not end, or would take what others need, before anything of it is drawn."""
        expected = self._size
        if expected.items > MOST_ITEMS:
            raise RunError(f"{expected} in {self.until:,.0f} {self.unit}s; at most {MOST_ITEMS:,} items can be played in one run")
        if expected.memory < SMALL or os.environ.get(ANYWAY):
            return
        free = free_memory()
        if free is not None and expected.memory > free / 2:
            raise RunError(
                f"{expected}: a run takes about {expected.memory / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free; "
                "more than half of that is not taken. A shorter horizon or less demand needs less; --anyway tries it all the same"
            )

    @property
    def memory(self) -> float:
        """About what a run takes [bytes]."""
        return self._size.memory

    @cached_property
    def _size(self) -> Size:
        return size(self.ways.models, self.until)

    @property
    def _weight(self) -> float:
        """About what drawing a replication takes of the room there is [bytes], counted as runs."""
        return self._size.memory * self._ways_each

    @property
    def _ways_each(self) -> float:
        """About how many itineraries are drawn of each item: all that are to come, where some may be kept in the backlog."""
        return 1.0 if self.ways.open_doors.all() else (1 + len(self.ways.models)) / 2

    def _onto(
        self, shelf: Shelf, seed: int, replication: int, luck: Callable[..., Luck], ahead: Iterable[Coming] | None
    ) -> Itineraries:
        """The itineraries of a replication, drawn with as many coming ones as fit in one draw; all are put on the shelf."""
        if ahead is None:
            (drawn_itineraries,) = _drawn([(replication, self)], luck(seed, replication))
            return shelf.keep((self.fingerprint, seed, replication), drawn_itineraries)
        with shelf.drawing:
            known = shelf.get((self.fingerprint, seed, replication))  # another thread may have drawn it meanwhile
            if known is not None:
                return known
            room = min(AT_ONCE, 2 * shelf.room)
            together = self._with_me(replication, ahead, room, lambda world, other: shelf.get((world, seed, other)) is None)
            began = time.thread_time()
            try:
                drawn = _drawn(together, luck(seed, *(number for number, _ in together)))
            except RunError:  # too much for one table, perhaps; alone it says so itself if it is
                together = together[:1]
                drawn = _drawn(together, luck(seed, replication))
            for (number, world), drawn_itineraries in zip(together, drawn, strict=True):
                shelf.keep((world.fingerprint, seed, number), drawn_itineraries)
            shelf.drawn += len(drawn)
            shelf.seconds += time.thread_time() - began
            return drawn[0]

    def _with_me(
        self, replication: int, ahead: Iterable[Coming], room: float, is_missing: Callable[[bytes, int], bool]
    ) -> list[Coming]:
        """A replication with those to come that are missing, each once, as far as they can be drawn with it and there is room."""
        together, seen = [(replication, self)], {(self.fingerprint, replication)}
        room -= self._weight
        for number, other in islice(ahead, MOST_LOOKED_AT):
            if room < self._weight:
                break
            key = other.fingerprint, number
            if key not in seen and is_missing(*key) and (other is self or self._goes_with(other)):
                seen.add(key)
                together.append((number, other))
                room -= other._weight
        return together

    def _goes_with(self, other: Blueprint) -> bool:
        spans = [(world.horizon, world.until, world.origin, world._starts) for world in (self, other)]
        return spans[0] == spans[1] and may_be_drawn(self.ways, other.ways)

    @cached_property
    def fingerprint(self) -> bytes:
        """A hash of all that itineraries depend on, but luck; equal for plans that differ in people, limits or pull rules only."""
        names = self.names
        numbering = (names.steps, names.skills, names.types, names.gates)
        disciplines = [model.discipline for model in self.ways.models]
        doors = self.ways.open_doors.tolist() if len(disciplines) > 1 else []  # they decide which ways need not be drawn
        needed = (self.horizon, self._starts, numbering, disciplines, doors, [travelled(model) for model in self.ways.models])
        return blake2b(json.dumps(on_the_clock(needed)).encode()).digest()


Coming = tuple[int, Blueprint]
"""A replication that will be asked for, and what it plays."""


def _drawn(coming: Sequence[Coming], luck: Luck) -> list[Itineraries]:
    """Some replications, which can be drawn as one, in their order."""
    worlds = list(dict.fromkeys(world for _, world in coming))
    together = Together(tuple(world.ways for world in worlds), np.array([worlds.index(world) for _, world in coming], np.int64))
    first = worlds[0]
    return itineraries(together, first._starts, ticks(first.until), luck, first.origin)


def build(plan: Plan, *, horizon: float, seed: int, replication: int, unit: str) -> Program:
    """One replication of a plan up to `horizon` [units]: a blueprint that is used once.

    Raises RunError when the run's numbers would not fit the engines.
    """
    return Blueprint(plan, horizon, unit).draw(seed, replication)


def _that_count(plan: Plan, horizon: float) -> list[PhaseModel]:
    """The organisations within the run that differ from the one before."""
    counting = list(plan.phases[:1])
    for phase in plan.phases[1:]:
        if phase.start <= horizon and replace(phase, start=counting[-1].start) != counting[-1]:
            counting.append(phase)
    return counting


def _has_luck(phase: PhaseModel) -> bool:
    """Whether who is here, or how fast, depends on luck."""
    return any(team.sick is not None or team.drift is not None for team in phase.model.teams.values())


def _check_names(names: Universe) -> None:
    """Refuse more steps, skills, gates, teams or pools than the engines number."""
    for kind in ("steps", "skills", "gates", "teams", "pools"):
        count = len(getattr(names, kind))
        if count > MOST_PLACES:
            raise RunError(f"{count:,} {kind} in one run; at most {MOST_PLACES:,} can be played")


def _check_range(program: Program) -> None:
    """Refuse a run whose sums could leave 64 bits: virtual time, and the longest work in it."""
    fastest, slowest, extra, most_people = _extremes(program.phases)
    work = (int(program.visits.work.max(initial=0)) * extra + int(program.visits.setup.max(initial=0))) / slowest
    virtual = (program.horizon * max(fastest, 1.0) + work) * 1e6
    clock = float(program.horizon) + work
    if max(virtual, clock * max(1, most_people)) >= 2.0**63:
        raise RunError(
            f"the run is too long for the engines' whole numbers: horizon {program.horizon / 1e6:,.0f} units and work of up to "
            f"{work / 1e6:,.0f} units need {virtual:.3g} steps of a millionth of a tick; at most {2.0**63:.3g} fit"
        )


@lru_cache(maxsize=8)
def _extremes(phases: tuple[Phase, ...]) -> tuple[float, float, float, int]:
    """Of all phases the greatest progress, the smallest proficiency, the most that relearning makes of work, the most people."""
    return (
        max(int(phase.pools.rate.max(initial=0)) * int(phase.teams.pace.max(initial=0)) for phase in phases) / 1e12,
        min(_least(phase) for phase in phases),
        1 + max(int(phase.steps.relearning.max(initial=0)) for phase in phases) / 1e6,
        max(int(phase.pools.people.max(initial=0)) for phase in phases),
    )


def _least(phase: Phase) -> float:
    """The smallest proficiency in a phase [1]."""
    both = [table[table > 0] for table in (phase.pools.does, phase.pools.helps)]
    return float(min((int(values.min()) for values in both if len(values)), default=1_000_000)) / 1e6
