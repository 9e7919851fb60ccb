"""Itineraries: every visit of a cohort of items, drawn before the run.

A cohort is a set of items of one type and one descent, whose ways differ in nothing but figures. The code walks the route once
for all of them: a stay is appended for the whole cohort, the stays of a return only for those whose geometric number of failures
asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vssim.clock import FLAG, NOT_YET, Ints, Reals
from vssim.model.distributions import Distribution
from vssim.model.values import Rework
from vssim.workload.blends import Again, Blend
from vssim.workload.draws import Entry, drawn
from vssim.workload.listed import Listed
from vssim.workload.luck import Luck
from vssim.workload.own import Own
from vssim.workload.routes import Halt, Loop
from vssim.workload.rows import Rows
from vssim.workload.start import Start
from vssim.workload.stays import Stay

MOST_FAILURES = 50
"""Most times in a row that an item fails at one step."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cohort:
    """Items of one type and one descent."""

    type: str
    lineage: str
    """how they descend from what arrived: part of the names of their luck"""
    numbers: Ints
    """(n,) number of each item's root in its own stream of arrivals, by replication and time"""
    factor: float = 1.0
    """share of a new item's work that they carry"""
    whole: str | None = None
    """of slices: the lineage of their wholes"""
    listed: Listed | None = None
    """of items that the file names: where they stand as the run begins, by row"""
    own: Own | None = None
    """what they have of their own, by row"""

    @property
    def nature(self) -> str:
        """The name of the luck that decides size and urgency: the items' own, or that of the items they are cut from."""
        return self.lineage if self.whole is None else self.whole

    def only(self, rows: Ints) -> Cohort:
        """Some of the items, rising."""
        if len(rows) == len(self.numbers):
            return self
        listed = None if self.listed is None else self.listed.only(rows)
        own = listed if self.own is self.listed else None if self.own is None else self.own.only(rows)
        return replace(self, numbers=self.numbers[rows], listed=listed, own=own)


@dataclass(frozen=True)
class Journeys:
    """The itineraries of a cohort under one model, and what becomes of each item. Arrays of shape (n,)."""

    rows: Rows
    stops: Mask
    right: Mask
    work: Ints
    """own work of the whole first pass [ticks]"""
    worked: Ints | None = None
    """of items that the file names: own work that is done where they stand at time 0 [ticks]"""


@dataclass(frozen=True, eq=False)
class _Repeat:
    """Items being sent back once, by one return."""

    work: Again
    """where it sends them"""
    passing: Again
    """on the way back from there"""
    owed: Mask
    """(items of the cohort,) who has not come to a step yet where the return's own work is done: whoever skips the step that he
    is sent to does it at the next one at which he is worked on"""


def journeys(cohort: Cohort, blend: Blend, luck: Luck) -> Journeys:
    """Draw the itineraries of `cohort`, which goes the ways of `blend`."""
    return _Walk(cohort, blend, luck).whole_route()


class _Walk:
    """One walk through the route, for all items of a cohort at once; `who` are always positions in the cohort, rising."""

    def __init__(self, cohort: Cohort, blend: Blend, luck: Luck) -> None:
        route = blend.first
        self.cohort, self.blend, self.route, self.luck, self.halts = cohort, blend, route, luck, route.halts
        if cohort.listed is not None and cohort.listed.parts and route.kind.route is None:
            self.halts = ()  # a whole has no route of its own unless one is given
        count = len(cohort.numbers)
        self.everyone = np.arange(count)
        self.rows = Rows(count)
        self.alive = np.ones(count, bool)
        self.turning_back = np.zeros(count, bool)
        self.leaving = np.full(count, -1)
        self.entries = np.zeros((len(self.halts), count), np.int64)
        self.right = self._chance("outcome", blend.right)
        self.present = [self._present(position, halt) for position, halt in enumerate(self.halts)]
        """by halt: the items that come there; None for all"""
        self.size = self._size()
        self.first_work = [self._first_work(blend.halt(position, self.everyone)) for position in range(len(self.halts))]
        self.start = None if cohort.listed is None else Start(cohort.listed, self.halts, luck, cohort.lineage)
        if self.start is not None:
            self.start.settle(self.present, self.entries, self.first_work, self.size)

    # --- luck ---

    def _present(self, position: int, halt: Halt) -> Mask | None:
        skip = self.blend.skip(position)
        return ~self._chance("skip", skip, halt.step) if isinstance(skip, np.ndarray) or skip > 0 else None

    def _chance(self, purpose: str, chance: float | Reals, step: str = "") -> Mask:
        if not isinstance(chance, np.ndarray) and (chance <= 0 or chance >= 1):
            return np.full(len(self.everyone), chance >= 1)
        return self.luck.uniforms(self.cohort.numbers, self.cohort.lineage, step, purpose) < chance

    def _size(self) -> Reals:
        size, cohort = self.blend.size, self.cohort
        if size.is_constant:
            sizes = np.full(len(cohort.numbers), size.mean) * cohort.factor
        else:
            sizes = size.quantile(self.luck.uniforms(cohort.numbers, cohort.nature, "", "size")) * cohort.factor
        return sizes if cohort.own is None else sizes * cohort.own.sizes(self.luck, cohort.lineage)

    def _first_work(self, halt: Halt) -> Ints:
        if halt.work is None:
            return np.zeros(len(self.everyone), np.int64)
        usual = self._usual_work(halt, halt.work)
        if self.cohort.own is None:
            return usual
        own = self.cohort.own.works(halt.step, self.luck, self.cohort.lineage)
        return np.where(own == NOT_YET, usual, own)

    def _usual_work(self, halt: Halt, work: Distribution) -> Ints:
        """Work as the type says it, times the items' size [ticks]; (n,)."""
        if work.is_constant:
            return drawn(work, np.zeros(len(self.everyone)), self.size)
        return drawn(work, self.luck.uniforms(self.cohort.numbers, self.cohort.nature, halt.step, "work", 0), self.size)

    def _entry(self, position: int, visits: Ints, who: Ints) -> Entry:
        """The entry of items `who` into a halt, for the time that `visits` says."""
        first = int(visits[0])
        numbers = self.cohort.numbers if len(who) == len(self.everyone) else self.cohort.numbers[who]
        same = bool((visits == first).all())
        return Entry(self.luck, self.cohort.lineage, self.halts[position].step, numbers, first if same else visits)

    # --- the route ---

    def whole_route(self) -> Journeys:
        if self.halts:
            self._pass(0, len(self.halts) - 1, len(self.halts[-1].loops), None, self.everyone)
        self._leave_forwards(self.everyone[self.alive])
        work = np.zeros(len(self.everyone), np.int64)
        for present, first in zip(self.present, self.first_work, strict=True):
            work += first if present is None else np.where(present, first, 0)
        return Journeys(self.rows, ~self.alive, self.right, work, None if self.start is None else self.start.worked)

    def _pass(self, low: int, high: int, inner: int, repeat: _Repeat | None, who: Ints) -> None:
        """The stays from position `low` to `high`, with all returns on the way and the first `inner` ones at `high`."""
        for position in range(low, high + 1):
            here = self._who_come(position, who)
            if self.start is not None and repeat is None:
                here = self._who_stand_here(position, here)
            if not len(here):
                continue
            self._stay(position, repeat, here)
            loops = self.halts[position].loops
            here = self._after_stops(position, here)
            for number in range(inner if position == high else len(loops)):
                here = here[self.alive[here]] if self.route.drops else here
                self._loop(position, number, here)

    def _who_come(self, position: int, who: Ints) -> Ints:
        """The items that are still under way and do not skip the step."""
        present = self.present[position]
        here = who[self.alive[who]] if self.route.drops else who
        return here if present is None else here[present[here]]

    def _who_stand_here(self, position: int, here: Ints) -> Ints:
        """Of the items that come to a halt for the first time: who does not stand behind it as the run begins.

        The stay of those who stand there is written; what is done there has been let through already.
        """
        assert self.start is not None
        here = here[self.start.place[here] <= position]
        there = here[self.start.place[here] == position]
        if not len(there):
            return here
        begun = self.start.begun(position, there)
        entry = self._entry(position, self.entries[position][there], there)
        stay = Stay(self.rows, self.halts[position], entry, there, 0, repeated=False, begun=begun)
        stay.write(self.first_work[position][there])
        self.leaving[there] = position
        self.entries[position][there] += 1
        going = there[~begun.finished]
        going = self._after_stops(position, going)
        for number in range(len(self.halts[position].loops)):
            going = going[self.alive[going]] if self.route.drops else going
            self._loop(position, number, going)
        return here[self.start.place[here] < position]

    def _loop(self, position: int, number: int, who: Ints) -> None:
        """The failures of loop `number` at `position` for items that have come there from outside it."""
        loop = self.halts[position].loops[number]
        if not len(who):
            return
        failures = self._failures(position, number, who)
        work, passing = (self.blend.again(position, number, of_rule) for of_rule in (_work, _passing))
        for failure in range(1, int(failures.max(initial=0)) + 1):
            again = who[failures >= failure]
            self.turning_back[again] = True
            owed = np.zeros(len(self.everyone), bool)
            owed[again] = True
            self._pass(loop.low, position, number, _Repeat(work, passing, owed), again)

    def _failures(self, position: int, number: int, who: Ints) -> Ints:
        """Geometric numbers of failures by inverse transform: the largest n with 1 − u <= chanceⁿ, at most 50."""
        loop = self.halts[position].loops[number]
        if loop.rule.chance >= 1:
            return np.full(len(who), MOST_FAILURES)
        uniforms = self._entry(position, self.entries[position][who] - 1, who).uniforms(loop.luck)
        log_chance = self.blend.log_chance(position, number, who)
        failures: Ints = np.minimum(np.floor(np.log1p(-uniforms) / log_chance), MOST_FAILURES).astype(np.int64)
        return failures

    def _after_stops(self, position: int, who: Ints) -> Ints:
        """Who goes on after the first stay at a step that can drop items."""
        halt = self.halts[position]
        if halt.stops is None:
            return who
        first = who[self.entries[position][who] == 1]
        chance = np.where(self.right[first], halt.stops.right, halt.stops.wrong)
        uniforms = self.luck.uniforms(self.cohort.numbers[first], self.cohort.lineage, halt.step, "stop")
        self.alive[first[uniforms < chance]] = False
        return who[self.alive[who]]

    def _leave_forwards(self, who: Ints) -> None:
        """Items `who` leave the step they are at, forwards: through its gate, if it has one for them."""
        for position in self.route.gated:
            leaving = who[self.leaving[who] == position]
            if len(leaving):
                self.rows.gate_last(leaving, self.halts[position].gate)

    # --- one stay ---

    def _stay(self, position: int, repeat: _Repeat | None, who: Ints) -> None:
        """One stay at the step of `position` for items `who`: own work, cut at its needs."""
        if self.route.gated:
            self._leave_forwards(who[~self.turning_back[who]])
        entry = self._entry(position, self.entries[position][who], who)
        back = self.turning_back[who].astype(FLAG) if self.route.returns else 0
        halt = self.blend.halt(position, who)
        stay = Stay(self.rows, halt, entry, who, back, repeat is not None)
        stay.write(self._work_now(position, halt, repeat, entry, who))
        self.turning_back[who] = False
        self.leaving[who] = position
        self.entries[position][who] += 1

    def _work_now(self, position: int, halt: Halt, repeat: _Repeat | None, entry: Entry, who: Ints) -> Ints | int:
        """Work of this stay [ticks]; what passes at a step without people is drawn afresh each time."""
        first = self.first_work[position][who]
        if halt.work is None:
            return entry.duration(halt.wait, "wait")
        new = entry.visits == 0
        if repeat is None or (new if isinstance(new, bool) else new.all()):
            return first
        owed = repeat.owed[who]
        repeat.owed[who] = False
        if owed.all():
            again = self._repeated(halt, repeat.work, first, entry, who)
        elif not owed.any():
            again = self._repeated(halt, repeat.passing, first, entry, who)
        else:
            works = (self._repeated(halt, work, first, entry, who) for work in (repeat.work, repeat.passing))
            again = np.where(owed, next(works), next(works))
        return again if isinstance(new, bool) else np.where(new, first, again)

    def _repeated(self, halt: Halt, work: Again, first: Ints, entry: Entry, who: Ints) -> Ints:
        """The work of repeated stays at a halt [ticks]; `first` is what the items' first work there was."""
        if work.share is not None:
            share = work.share[who] if isinstance(work.share, np.ndarray) else work.share
            shrunk: Ints = np.rint(first * share).astype(np.int64)
            return shrunk
        if work.own is not None:
            return entry.durations(work.own, "rework", self.size[who])
        assert halt.work is not None
        return entry.durations(halt.work, "work", self.size[who])


def _work(loop: Loop) -> Rework:
    """The work of a loop's first repeated stay."""
    return loop.rule.work


def _passing(loop: Loop) -> Rework:
    """The work of what a loop passes again on the way."""
    return loop.rule.passing
