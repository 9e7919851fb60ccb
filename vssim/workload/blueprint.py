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
from uuid import uuid4

import numpy as np

from vssim.clock import MOST_PLACES, TICKS, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel, Plan
from vssim.model.moments import on_the_clock
from vssim.model.size import Size, free_memory, size
from vssim.workload.arrivals import MOST_ITEMS
from vssim.workload.boards import Places, Placing
from vssim.workload.doors import open_doors, ways_each
from vssim.workload.foresight import MOST_ROUNDS, Foresight
from vssim.workload.itineraries import Itineraries, itineraries
from vssim.workload.kept import Shelf
from vssim.workload.luck import Luck
from vssim.workload.numbering import Universe, universe
from vssim.workload.organisation import organisation, shifted
from vssim.workload.program import Program
from vssim.workload.ranks import SORTED_BY_RANK
from vssim.workload.routes import routings, travelled
from vssim.workload.rules import Phase
from vssim.workload.together import Together, may_be_drawn
from vssim.workload.trace import Trace
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

MANY_WAYS = 4
"""With so many itineraries of an item (a mean) a run is played to see which of them it needs. That is quicker with fewer too, by a
fifth, but what is drawn whole is there for all variants that differ in people and limits only.
"""

FORESEEN_WAYS = 2
"""About how many itineraries of an item are drawn then."""

Player = Callable[[Program], Trace]
"""Plays a program to its end."""

MakesLuck = Callable[..., Luck]
"""Makes the luck of a seed and some replications."""

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
        self._batching = any((phase.steps.batch > 1).any() for phase in self.phases)
        self._ranked = any(model.discipline in SORTED_BY_RANK for model in in_turn)
        """by the work on all ways: they are needed, whichever is gone"""
        self._own = uuid4().bytes
        """stands for this blueprint where what is drawn is good for no other"""
        self._starts = tuple(ticks(in_force[first].start) for first in firsts)
        """of the routings"""
        self._by_luck = in_force if any(_has_luck(phase) for phase in in_force) else None
        """the phases whose people depend on luck too"""

    def draw(
        self,
        seed: int,
        replication: int,
        shelf: Shelf | None = None,
        luck: MakesLuck = Luck,
        ahead: Iterable[Coming] | None = None,
        play: Player | None = None,
    ) -> Program:
        """The program of one replication; itineraries that were drawn before are taken from `shelf`.

        `luck` makes the luck of a seed and some replications. Those that will be asked for next, `ahead`, are drawn with it and
        put on the shelf, as far as there is room and they can be drawn as one. With somebody to `play` programs, only those of
        many ways to come are drawn that this very run needs: in other organisations, or beyond the horizon, it would be another.
        Raises RunError when the run's numbers would not fit the engines.
        """
        self._fits(self._expected(play))
        drawn = None if shelf is None else shelf.get((self._key(play), seed, replication))
        if drawn is None and shelf is not None and ahead is not None:
            drawn = self._onto(shelf, seed, replication, ahead, luck, play)
        elif drawn is None:
            (drawn,) = _drawn([(replication, self)], seed, luck, play)
            if shelf is not None:
                shelf.keep((self._key(play), seed, replication), drawn)
        return self._program(drawn, seed, luck, replication)

    def _program(self, drawn: Itineraries, seed: int, luck: MakesLuck, replication: int) -> Program:
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
            trace=drawn.trace,
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

    def _fits(self, expected: Size) -> None:
        """Refuse what could not end, or would take what others need, before anything of it is drawn."""
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
        """About what a run takes where somebody may play it to see what it needs [bytes]."""
        return (self._foreseen if self._foresees else self._size).memory

    @cached_property
    def _alone(self) -> Together:
        return Together((self.ways,), np.zeros(1, np.int64))

    @cached_property
    def _size(self) -> Size:
        """With all ways."""
        lasting = np.diff([*self._starts, max(self._starts[-1], ticks(self.until))])
        return size(self.ways.models, self.until, ways_each(self.ways, lasting))

    @property
    def _foreseen(self) -> Size:
        """With the ways that a run was seen to need."""
        return self._size.with_ways(FORESEEN_WAYS)

    @property
    def _foresees(self) -> bool:
        """Whether runs are played to see which ways they need."""
        return self._size.planned >= MANY_WAYS * self._size.visits and not self._ranked

    def _is_foreseen(self, play: Player | None) -> bool:
        return play is not None and self._foresees

    def _key(self, play: Player | None) -> bytes:
        """Under which what is drawn lies on a shelf: what is foreseen is good for a run of this very plan, and for no other."""
        return self._own if self._is_foreseen(play) else self.fingerprint

    def _expected(self, play: Player | None) -> Size:
        """How large a run is, with what is drawn for it."""
        return self._foreseen if self._is_foreseen(play) else self._size

    def _onto(
        self, shelf: Shelf, seed: int, replication: int, ahead: Iterable[Coming], luck: MakesLuck, play: Player | None
    ) -> Itineraries:
        """The itineraries of a replication, drawn with as many coming ones as fit in one draw; all are put on the shelf."""
        with shelf.drawing:
            known = shelf.get((self._key(play), seed, replication))  # another thread may have drawn it meanwhile
            if known is not None:
                return known
            missing = (coming for coming in ahead if shelf.get((coming[1]._key(play), seed, coming[0])) is None)
            together = self._with_me(replication, missing, min(AT_ONCE, 2 * shelf.room), play)
            began = time.thread_time()
            try:
                drawn = _drawn(together, seed, luck, play)
            except RunError:  # too much for one table, perhaps; alone it says so itself if it is
                together = together[:1]
                drawn = _drawn(together, seed, luck, play)
            for (number, world), drawn_itineraries in zip(together, drawn, strict=True):
                shelf.keep((world._key(play), seed, number), drawn_itineraries)
            shelf.drawn += len(drawn)
            shelf.seconds += time.thread_time() - began
            return drawn[0]

    def _with_me(self, replication: int, missing: Iterable[Coming], room: float, play: Player | None) -> list[Coming]:
        """A replication with those that are missing, each once, as far as they can be drawn with it and there is room [bytes]."""
        mine = self._expected(play).memory
        together, seen = [(replication, self)], {(self._key(play), replication)}
        room -= mine
        for number, other in islice(missing, MOST_LOOKED_AT):
            if room < mine:
                break
            key = other._key(play), number
            if key not in seen and (other is self or self._goes_with(other, play)):
                seen.add(key)
                together.append((number, other))
                room -= other._expected(play).memory
        return together

    def _goes_with(self, other: Blueprint, play: Player | None) -> bool:
        """Whether another plan can be drawn with this one; what is foreseen is so for one plan alone."""
        if self._is_foreseen(play) or other._is_foreseen(play):
            return False
        spans = [(world.horizon, world.until, world.origin, world._starts) for world in (self, other)]
        return spans[0] == spans[1] and may_be_drawn(self.ways, other.ways)

    def _as_needed(self, replications: Sequence[int], seed: int, luck: MakesLuck, play: Player) -> list[Itineraries]:
        """The itineraries of some replications: of the ways that each needs, as far as that is soon seen."""
        right: dict[int, Itineraries] = {}
        foresight = Foresight(np.array(self._starts) + self.origin, batching=self._batching)
        while len(right) < len(replications) and foresight.rounds < MOST_ROUNDS:
            left = [replication for replication in replications if replication not in right]
            drawn = _as_one([(replication, self) for replication in left], luck(seed, *left), foresight)
            programs = (self._program(each, seed, luck, replication) for replication, each in zip(left, drawn, strict=True))
            traces = [play(program) for program in programs]
            whole = foresight.learn([each.items for each in drawn], traces)
            right |= {left[place]: replace(drawn[place], trace=traces[place]) for place in np.flatnonzero(whole).tolist()}
            foresight = foresight.only(~np.array(whole))
        for replication in replications:
            if replication not in right:
                (right[replication],) = _as_one([(replication, self)], luck(seed, replication))
        return [right[replication] for replication in replications]

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


def _drawn(coming: Sequence[Coming], seed: int, luck: MakesLuck, play: Player | None) -> list[Itineraries]:
    """Some replications that go together, in their order: of all ways, or of those that each needs."""
    numbers, world = [number for number, _ in coming], coming[0][1]
    if play is None or not world._foresees:
        return _as_one(coming, luck(seed, *numbers))
    return world._as_needed(numbers, seed, luck, play)


def _as_one(coming: Sequence[Coming], luck: Luck, foresight: Foresight | None = None) -> list[Itineraries]:
    worlds = list(dict.fromkeys(world for _, world in coming))
    first, places = worlds[0], {world: place for place, world in enumerate(worlds)}
    together = first._alone
    if len(worlds) > 1:
        together = Together(tuple(world.ways for world in worlds), np.array([places[world] for _, world in coming], np.int64))
    return itineraries(together, first._starts, ticks(first.until), luck, first.origin, foresight)


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
