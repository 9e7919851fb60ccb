"""Itineraries: every visit of a cohort of items, drawn before the run.

A cohort is a set of items of one type and one descent under one model. The code walks the route once for all of them: a stay is
appended for the whole cohort, the stays of a return only for those whose geometric number of failures asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import Ints, Reals, ticks_of
from vssim.errors import RunError
from vssim.log import Kind
from vssim.model.distributions import ZERO, Distribution
from vssim.model.model import Model
from vssim.model.steps import Need, Return
from vssim.model.values import Rework
from vssim.workload.luck import Luck
from vssim.workload.rows import Rows
from vssim.workload.universe import Universe, named_needs

MOST_FAILURES = 50
"""Most times in a row that an item fails at one step."""

LONGEST = 2.0**62 / 1_000_000
"""Longest duration that fits the engines' clock [units]."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cohort:
    """Items of one type and one descent."""

    type: str
    lineage: str
    """how they descend from what arrived: names their luck"""
    numbers: Ints
    """(n,) number of each item's root in its own stream of arrivals"""
    factor: float = 1.0
    """share of a new item's work that they carry"""
    whole: str | None = None
    """of slices: the lineage of their wholes"""

    @property
    def nature(self) -> str:
        """Names the luck that says how big and how urgent the items are: their own, or that of what they are cut from."""
        return self.lineage if self.whole is None else self.whole


@dataclass(frozen=True)
class Journeys:
    """The itineraries of a cohort under one model, and what becomes of each item. Arrays of shape (n,)."""

    rows: Rows
    stops: Mask
    right: Mask
    work: Ints
    """own work of the whole first pass [ticks]"""


def drawn(distribution: Distribution, uniforms: Reals, factor: Reals | float = 1.0) -> Ints:
    """Durations in ticks at those quantiles, times `factor`, rounded once; refused where they would not fit the clock."""
    times = distribution.quantile(uniforms) * factor
    if len(times) and not times.max() < LONGEST:
        raise RunError(f"{distribution} gave a duration of {times.max():.3g} units, which does not fit the clock")
    return ticks_of(times)


def journeys(cohort: Cohort, model: Model, names: Universe, luck: Luck) -> Journeys:
    """Draw the itineraries of `cohort` in the organisation `model`."""
    return _Walk(cohort, model, names, luck).whole_route()


class _Walk:
    """One walk through the route, for all items of a cohort at once; `who` are always positions in the cohort."""

    def __init__(self, cohort: Cohort, model: Model, names: Universe, luck: Luck) -> None:
        self.cohort, self.model, self.names, self.luck = cohort, model, names, luck
        self.kind = model.demand[cohort.type]
        count = len(cohort.numbers)
        self.everyone = np.arange(count)
        self.route = model.route(cohort.type)
        self.rules = [[rule for rule in model.steps[step].returns if self._concerns(rule.for_)] for step in self.route]
        self.rows = Rows(count)
        self.alive = np.ones(count, bool)
        self.turning_back = np.zeros(count, bool)
        self.leaving = np.full(count, -1)
        self.entries = np.zeros((len(self.route), count), np.int64)
        self.right = self._chance("outcome", 1.0 if self.kind.outcome is None else self.kind.outcome.right)
        self.present = [~self._chance("skip", self.kind.skips.get(step, 0.0), step) for step in self.route]
        self.size = self.kind.size.quantile(luck.uniforms(cohort.numbers, cohort.nature, "", "size")) * cohort.factor
        self.first_work = [self._first_work(step) for step in self.route]

    # --- luck ---

    def _uniforms(self, purpose: str, step: str = "", who: Ints | None = None) -> Reals:
        numbers = self.cohort.numbers if who is None else self.cohort.numbers[who]
        return self.luck.uniforms(numbers, self.cohort.lineage, step, purpose)

    def _uniforms_now(self, purpose: str, position: int, who: Ints) -> Reals:
        """Uniforms keyed by each item's present visit number at the step of `position`."""
        visits = self.entries[position][who]
        step = self.route[position]
        return self.luck.uniforms_by_visit(self.cohort.numbers[who], visits, self.cohort.lineage, step, purpose)

    def _chance(self, purpose: str, chance: float, step: str = "") -> Mask:
        if chance <= 0 or chance >= 1:
            return np.full(len(self.everyone), chance >= 1)
        return self._uniforms(purpose, step) < chance

    def _draw_now(self, distribution: Distribution, purpose: str, position: int, who: Ints, factor: Reals | float = 1.0) -> Ints:
        if distribution.is_constant:
            return drawn(distribution, np.zeros(len(who)), factor)
        return drawn(distribution, self._uniforms_now(purpose, position, who), factor)

    def _concerns(self, types: Iterable[str] | None) -> bool:
        return types is None or self.cohort.type in types

    # --- the route ---

    def whole_route(self) -> Journeys:
        self._pass(0, len(self.route) - 1, len(self.rules[-1]) if self.route else 0, None, self.everyone)
        delivered = self.everyone[self.alive]
        self._leave_forwards(delivered)
        work = np.zeros(len(self.everyone), np.int64)
        for present, first in zip(self.present, self.first_work, strict=True):
            work += np.where(present, first, 0)
        return Journeys(self.rows, ~self.alive, self.right, work)

    def _pass(self, low: int, high: int, inner: int, work: Rework | None, who: Ints) -> None:
        """The stays from position `low` to `high`, with all returns on the way and the first `inner` ones at `high`."""
        for position in range(low, high + 1):
            here = who[self.alive[who] & self.present[position][who]]
            if not len(here):
                continue
            self._stay(position, work, here)
            here = self._after_stops(position, here)
            for number in range(inner if position == high else len(self.rules[position])):
                here = here[self.alive[here]]
                self._loop(position, number, here)

    def _loop(self, position: int, number: int, who: Ints) -> None:
        """The failures of return rule `number` at `position` for items that have come there from outside its loop."""
        rule = self.rules[position][number]
        if rule.chance <= 0 or not len(who):
            return
        low = self._first_of_segment(rule, position)
        failures = self._failures(rule, number, position, who)
        for failure in range(1, int(failures.max(initial=0)) + 1):
            again = who[failures >= failure]
            self.turning_back[again] = True
            self._pass(low, position, number, rule.work, again)

    def _first_of_segment(self, rule: Return, position: int) -> int:
        """The first position of the route that is not before the step the rule sends back to."""
        order = {step: place for place, step in enumerate(self.model.steps)}
        return next(p for p in range(position + 1) if order[self.route[p]] >= order[rule.to])

    def _failures(self, rule: Return, number: int, position: int, who: Ints) -> Ints:
        """Geometric numbers of failures by inverse transform: the largest n with 1 − u <= chanceⁿ, at most 50."""
        if rule.chance >= 1:
            return np.full(len(who), MOST_FAILURES)
        same = sum(1 for other in self.rules[position][:number] if other.to == rule.to)
        uniforms = self._uniforms_at_last_entry(f"return {rule.to}#{same}", position, who)
        failures: Ints = np.minimum(np.floor(np.log1p(-uniforms) / np.log(rule.chance)), MOST_FAILURES).astype(np.int64)
        return failures

    def _uniforms_at_last_entry(self, purpose: str, position: int, who: Ints) -> Reals:
        visits = self.entries[position][who] - 1
        step = self.route[position]
        return self.luck.uniforms_by_visit(self.cohort.numbers[who], visits, self.cohort.lineage, step, purpose)

    def _after_stops(self, position: int, who: Ints) -> Ints:
        """Who goes on after the first stay at a step that can drop items."""
        stops = self.model.steps[self.route[position]].stops
        if stops is None:
            return who
        first = who[self.entries[position][who] == 1]
        chance = np.where(self.right[first], stops.right, stops.wrong)
        self.alive[first[self._uniforms("stop", self.route[position], first) < chance]] = False
        return who[self.alive[who]]

    def _leave_forwards(self, who: Ints) -> None:
        """Items `who` leave the step they are at, forwards: through its gate, if it has one for them."""
        left = self.leaving[who]
        for position in np.unique(left[left >= 0]):
            step = self.route[position]
            gate = self.model.steps[step].gate
            if gate is not None and self._concerns(gate.for_):
                self.rows.gate_last(who[left == position], self.names.gate_number[step])

    # --- one stay ---

    def _first_work(self, step: str) -> Ints:
        work = self._own_work(step)
        if work is None:
            return np.zeros(len(self.everyone), np.int64)
        if work.is_constant:
            return drawn(work, np.zeros(len(self.everyone)), self.size)
        return drawn(work, self.luck.uniforms(self.cohort.numbers, self.cohort.nature, step, "work", 0), self.size)

    def _own_work(self, step: str) -> Distribution | None:
        return self.kind.work.get(step, self.model.steps[step].work)

    def _stay(self, position: int, rework: Rework | None, who: Ints) -> None:
        """One stay at the step of `position` for items `who`: own work, cut at its needs."""
        self._leave_forwards(who[~self.turning_back[who]])
        _StayWriter(self, position, who, self._work_now(position, rework, who), rework is not None).write()
        self.turning_back[who] = False
        self.leaving[who] = position
        self.entries[position][who] += 1

    def _work_now(self, position: int, rework: Rework | None, who: Ints) -> Ints:
        """Work of this stay [ticks]; what passes at a step without people is drawn afresh each time."""
        step = self.route[position]
        work = self._own_work(step)
        if work is None:
            return self._draw_now(self.model.steps[step].wait or ZERO, "wait", position, who)
        first = self.entries[position][who] == 0
        if rework is None or first.all():
            return self.first_work[position][who]
        if rework.share is not None:
            again = np.rint(self.first_work[position][who] * rework.share).astype(np.int64)
        elif rework.own is not None:
            again = self._draw_now(rework.own, "rework", position, who, self.size[who])
        else:
            again = self._draw_now(work, "work", position, who, self.size[who])
        return np.where(first, self.first_work[position][who], again)


class _StayWriter:
    """The visits of one stay: pieces of own work between tickets, in the order in which the needs arise."""

    def __init__(self, walk: _Walk, position: int, who: Ints, work: Ints, repeated: bool) -> None:
        self.walk, self.position, self.who, self.work, self.repeated = walk, position, who, work, repeated
        self.step = walk.route[position]
        self.worked = walk._own_work(self.step) is not None
        self.number = walk.names.step_number[self.step]
        self.skill = walk.names.skill_number[self.step] if self.worked else -1
        self.done = np.zeros(len(who), np.int64)
        self.besides = np.zeros(len(who), np.int64)
        self.opening = np.ones(len(who), np.int64)
        self.parked = np.zeros(len(who), bool)
        self.answered = np.zeros(len(who), bool)
        """the last visit so far is let go by a committee"""
        self.set_up = np.zeros(len(who), bool)
        self.back = walk.turning_back[who].astype(np.int64)
        handoffs = walk.model.handoffs.at(self.step)
        self.handoff_delay = walk._draw_now(handoffs.delay, "handoff", position, who)
        self.setup = walk._draw_now(handoffs.setup, "setup", position, who)
        self.stay_skill = np.full(len(who), -1)

    def write(self) -> None:
        named = named_needs(self.step, self.walk.model.steps[self.step].needs)
        needs = [(label, need) for label, need in sorted(named, key=lambda pair: pair[1].at) if self.walk._concerns(need.for_)]
        had = [self._asks(label, need) for label, need in needs]
        nothing = self.work + self.besides == 0
        for mask in had:
            nothing &= ~mask
        self.stay_skill[(self.work + self.besides > 0) | nothing] = self.skill
        for (label, need), mask in zip(needs, had, strict=True):
            if mask.any():
                reached = np.rint(self.work * need.at).astype(np.int64)
                self._own(mask & (reached > self.done), reached - self.done)
                self.done = np.where(mask, np.maximum(self.done, reached), self.done)
                self._ticket(label, need, mask)
        rest = self.work - self.done + self.besides
        self._own((rest > 0) | nothing, rest)
        gate = self.walk.model.steps[self.step].gate
        twice_gated = self.answered & (gate is not None and self.walk._concerns(gate.for_))
        self._finish(self.parked | twice_gated)

    def _asks(self, label: str, need: Need) -> Mask:
        """Who asks others for help; what a need is of work for the team itself goes to `besides`, at the end of the stay."""
        asks = self._has(label, need.asked)
        if need.ours is not None:
            self._besides(label, need.ours.work, self._has(label, need.chance) & ~asks)
        self._besides(label, need.effort, asks)
        return asks

    def _besides(self, label: str, work: Distribution, mask: Mask) -> None:
        """Own work on a need, by the luck of the work that others have with it."""
        if work.mean and mask.any():
            self.besides += np.where(mask, self.walk._draw_now(work, f"help {label}", self.position, self.who), 0)

    def _has(self, label: str, chance: float) -> Mask:
        if chance >= 1 or chance <= 0:
            return np.full(len(self.who), chance >= 1)
        return self.walk._uniforms_now(f"need {label}", self.position, self.who) < chance

    def _own(self, mask: Mask, work: Ints) -> None:
        if not mask.any():
            return
        setup = np.where(self.set_up, 0, self.setup)[mask] if self.worked else 0
        self._append(mask, skill=self.skill, kind=int(Kind.WORK if self.worked else Kind.WAIT), work=work[mask], setup=setup)
        self.set_up |= mask
        self.parked &= ~mask
        self.answered &= ~mask

    def _ticket(self, label: str, need: Need, mask: Mask) -> None:
        walk, who = self.walk, self.who[mask]
        work = walk._draw_now(need.work or need.wait or ZERO, f"help {label}", self.position, who)
        gated = need.gate is not None and walk._concerns(need.gate.for_)
        self._append(
            mask,
            skill=-1 if need.skill is None else walk.names.skill_number[need.skill],
            kind=int(Kind.TICKET),
            work=work,
            delay=walk._draw_now(need.delay, f"delay {label}", self.position, who),
            gate=walk.names.gate_number[label] if gated else -1,
            parks=int(need.parks),
        )
        self.parked = np.where(mask, need.parks, self.parked)
        self.answered = np.where(mask, gated, self.answered)

    def _finish(self, mask: Mask) -> None:
        """An empty visit, in which the item finishes as it enters.

        It follows a last ticket that is parked, for the item has to come back; and one that a committee lets go at a step with
        a gate, for that gate comes after the committee's.
        """
        if mask.any():
            self._append(mask, kind=int(Kind.WAIT))

    def _append(self, mask: Mask, **columns: Ints | int) -> None:
        self.walk.rows.append(
            self.who[mask],
            step=self.number,
            opens=self.opening[mask],
            handoff_delay=self.handoff_delay[mask] * self.opening[mask],
            back=self.back[mask],
            rework=int(self.repeated),
            stay_skill=self.stay_skill[mask],
            **columns,
        )
        self.opening[mask] = 0
