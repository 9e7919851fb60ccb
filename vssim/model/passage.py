"""Passage: what one item asks for on its way through the stream, on average.

The same walk as the one that draws itineraries, in means: every step of the route that is not skipped is passed once, and what
fails there goes back, as often as not more than fifty times in a row, through all that lies between, with its own failures.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from vssim.model.distributions import Distribution
from vssim.model.model import Model
from vssim.model.steps import Return, Step
from vssim.model.values import Rework

MOST_FAILURES = 50
"""Most times in a row that an item fails at one step."""


@dataclass(frozen=True)
class Tally:
    """What an item asks for, on average."""

    work: Mapping[str, float]
    """by skill: hands-on work at proficiency 1 without setups [units of time]"""
    gates: Mapping[str, float]
    """by gate in words: how often it wants to pass [1]"""
    handed_forwards: Mapping[str, float]
    """by step: how often it is certainly handed over into it, forwards [1]"""


@dataclass
class Moments:
    """How often a skill is asked for, and for how much work a time."""

    count: float = 0.0
    total: float = 0.0
    """work of all of them [units of time]"""
    squares: float = 0.0
    """sum of their squares [units of time²]"""

    def add(self, times: float, mean: float, cv: float) -> None:
        """So many visits more, each with work of this mean and coefficient of variation."""
        self.count += times
        self.total += times * mean
        self.squares += times * mean**2 * (1 + cv**2)

    def join(self, more: Moments, times: float) -> None:
        """Add all visits of another one, so many times."""
        self.count += more.count * times
        self.total += more.total * times
        self.squares += more.squares * times


@dataclass
class _Stays:
    """Mean numbers of stays at one step under one rule of rework."""

    count: float = 0.0
    handed: float = 0.0
    """those entered by a certain handoff"""
    handed_forwards: float = 0.0
    leaving: float = 0.0
    """how often the step is then left forwards"""

    def add(self, more: _Stays, times: float) -> None:
        self.count += more.count * times
        self.handed += more.handed * times
        self.handed_forwards += more.handed_forwards * times
        self.leaving += more.leaving * times


_Walk = dict[tuple[int, Rework | None], _Stays]
"""Stays by position in the route and by the rework that appended them (None: the first pass)."""


class Passage:
    """The walk of an item of type `kind` that would turn out `fate` ('right' or 'wrong') for the customer."""

    def __init__(self, model: Model, kind: str, fate: str) -> None:
        self.model, self.name, self.kind = model, kind, model.demand[kind].by_laws()
        self.route = model.route(kind)
        self.steps = [model.steps[step] for step in self.route]
        self.rules = [[rule for rule in step.returns if _concerns(rule.for_, kind)] for step in self.steps]
        self.present = [1 - self.kind.skips.get(step, 0.0) for step in self.route]
        self.stopped = [getattr(step.stops, fate) if step.stops else 0.0 for step in self.steps]
        self._bodies: dict[tuple[int, int], _Walk] = {}

    @cached_property
    def survival(self) -> float:
        """Chance that the item is not dropped on its way."""
        chance = 1.0
        for present, stopped in zip(self.present, self.stopped, strict=True):
            chance *= 1 - present * stopped
        return chance

    @cached_property
    def visits(self) -> float:
        """Mean number of visits on its way: its stays, and for each need that is asked a ticket and what comes after it."""
        tickets = [2 * sum(need.asked for need in step.needs if _concerns(need.for_, self.name)) for step in self.steps]
        return sum(stays.count * (1 + tickets[position]) for (position, _), stays in self._walk.items())

    def tally(self, factor: float) -> Tally:
        """What it asks for, if it carries `factor` of a new item's own work."""
        work: dict[str, float] = defaultdict(float)
        gates: dict[str, float] = defaultdict(float)
        handed: dict[str, float] = defaultdict(float)
        for (position, rework), stays in self._walk.items():
            name, step = self.route[position], self.steps[position]
            relearning = self.model.handoffs.at(name).relearning
            own = self._work(position, rework) * factor
            work[name] += own * (stays.count + relearning * stays.handed)
            handed[name] += stays.handed_forwards
            if step.gate is not None and _concerns(step.gate.for_, self.name):
                gates[gate_of(name)] += stays.leaving
            self._needs(name, step, stays, relearning, work, gates)
        return Tally(work, gates, handed)

    def moments(self, factor: float) -> dict[str, Moments]:
        """By skill: how often people are asked for it, and how the work varies; relearning and what needs bring along left out."""
        asked: dict[str, Moments] = defaultdict(Moments)
        for (position, rework), stays in self._walk.items():
            name, step = self.route[position], self.steps[position]
            own = self._law(position, rework)
            if own is not None:
                cv = math.sqrt((1 + own.cv**2) * (1 + self.kind.size.cv**2) - 1)
                asked[name].add(stays.count, self._work(position, rework) * factor, cv)
            for need in step.needs:
                if need.skill is not None and need.work is not None and _concerns(need.for_, self.name):
                    asked[need.skill].add(stays.count * need.asked, need.work.mean, need.work.cv)
        return asked

    def elapsed(self) -> dict[str | None, float]:
        """Mean time on the way without any queue [units of time]: by skill the work at it, under None time that just passes."""
        spent: dict[str | None, float] = defaultdict(float)
        for (position, rework), stays in self._walk.items():
            name, step = self.route[position], self.steps[position]
            spent[name] += stays.count * self._work(position, rework)
            spent[None] += stays.handed * self.model.handoffs.at(name).delay.mean
            spent[None] += stays.count * (step.wait.mean if step.wait is not None else 0.0)
            for need in step.needs:
                if _concerns(need.for_, self.name):
                    outside = (need.wait.mean if need.wait is not None else 0.0) + need.delay.mean
                    spent[None] += stays.count * need.asked * outside
                    if need.skill is not None and need.work is not None:
                        spent[need.skill] += stays.count * need.asked * need.work.mean
        return spent

    def _needs(
        self, name: str, step: Step, stays: _Stays, relearning: float, work: dict[str, float], gates: dict[str, float]
    ) -> None:
        for need in step.needs:
            if not _concerns(need.for_, self.name):
                continue
            ours = (need.chance - need.asked) * need.ours.work.mean if need.ours is not None else 0.0
            if self.kind.work.get(name, step.work) is not None:
                work[name] += (ours + need.asked * need.effort.mean) * (stays.count + relearning * stays.handed)
            if need.skill is not None and need.work is not None:
                work[need.skill] += stays.count * need.asked * need.work.mean
            if need.gate is not None and _concerns(need.gate.for_, self.name):
                gates[committee_of(name, str(need.from_))] += stays.count * need.asked

    def _work(self, position: int, rework: Rework | None) -> float:
        """Mean own work of a stay [units of time]."""
        own = self._own(position)
        if own is None:
            return 0.0
        if rework is not None and rework.own is not None:
            return rework.own.mean * self.kind.size.mean
        share = 1.0 if rework is None or rework.share is None else rework.share
        return own * self.kind.size.mean * share

    def _law(self, position: int, rework: Rework | None) -> Distribution | None:
        """The distribution that gives a stay's own work its shape; None where nobody works."""
        first = self.kind.work.get(self.route[position], self.steps[position].work)
        return rework.own if first is not None and rework is not None and rework.own is not None else first

    def _own(self, position: int) -> float | None:
        work = self.kind.work.get(self.route[position], self.steps[position].work)
        return None if work is None else work.mean

    # --- the walk ---

    @cached_property
    def _walk(self) -> _Walk:
        """All stays of an item. What is dropped at a step is so after its first stay there."""
        walk: _Walk = defaultdict(_Stays)
        alive = 1.0
        for position, (present, stopped) in enumerate(zip(self.present, self.stopped, strict=True)):
            first = self._entry(position, 0, None)
            first.leaving = 1 - stopped
            walk[position, None].add(first, alive * present)
            _add(walk, self._loops(position, len(self.rules[position])), alive * present * (1 - stopped))
            alive *= 1 - present * stopped
        return walk

    def _still_there(self, position: int) -> float:
        """Chance that the item has the step on its way, given that it was not dropped there."""
        present, stopped = self.present[position], self.stopped[position]
        return present * (1 - stopped) / (1 - present * stopped) if present * stopped < 1 else 0.0

    def _loops(self, position: int, count: int) -> _Walk:
        """The stays that the first `count` returns at a step append, each time an item comes there."""
        walk: _Walk = defaultdict(_Stays)
        for number, rule in enumerate(self.rules[position][:count]):
            _add(walk, self._body(position, number), mean_failures(rule.chance))
        return walk

    def _body(self, position: int, number: int) -> _Walk:
        """The stays that one failure of return `number` at a step appends."""
        if (position, number) not in self._bodies:
            rule = self.rules[position][number]
            low = self._first_of_segment(rule, position)
            walk: _Walk = defaultdict(_Stays)
            owed = 1.0  # chance that nobody has worked on the item yet since it was sent back
            for between in range(low, position):
                there = self._still_there(between)
                again = self._entry(between, low, position)
                again.leaving = 1.0
                walk[between, rule.work].add(again, there * owed)
                walk[between, rule.passing].add(again, there * (1 - owed))
                _add(walk, self._loops(between, len(self.rules[between])), there)
                owed *= 1 if self._own(between) is None else 1 - there
            last = self._entry(position, low, position)
            walk[position, rule.work].add(last, owed)
            walk[position, rule.passing].add(last, 1 - owed)
            _add(walk, self._loops(position, number), 1.0)
            self._bodies[position, number] = walk
        return self._bodies[position, number]

    def _first_of_segment(self, rule: Return, position: int) -> int:
        order = {step: place for place, step in enumerate(self.model.steps)}
        return next(p for p in range(position + 1) if order[self.route[p]] >= order[rule.to])

    def _entry(self, position: int, low: int, back_from: int | None) -> _Stays:
        """One stay at a step, entered from the nearest step from `low` on where the item was worked on, or sent back."""
        stay = _Stays(count=1.0)
        if self._own(position) is None:
            return stay
        reaching = 1.0
        for before in range(position - 1, low - 1, -1):
            if self._own(before) is not None:
                handed = reaching * self._still_there(before) * self._hands_over(before, position)
                stay.handed += handed
                stay.handed_forwards += handed
                reaching *= 1 - self._still_there(before)
        if back_from is not None:
            stay.handed += reaching * self._hands_over(back_from, position)
        return stay

    def _hands_over(self, before: int, position: int) -> bool:
        """Whether no team that may own an item after `before` does the work at `position`: then it is handed over for certain."""
        if self._own(before) is None:
            return False
        return self._owners[self.route[before]].isdisjoint(self._doers[self.route[position]])

    @cached_property
    def _doers(self) -> dict[str, set[str]]:
        """By step of the route, the teams that do it."""
        return self._teams_that("does")

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        """By step of the route, the teams that do it or help at it."""
        helpers = self._teams_that("helps")
        return {step: doers | helpers[step] for step, doers in self._doers.items()}

    def _teams_that(self, verb: str) -> dict[str, set[str]]:
        """By step of the route; all teams are gone through once, since a model is asked so for each of its types."""
        teams: dict[str, set[str]] = {step: set() for step in self.route}
        for name, team in self.model.teams.items():
            for skill in team.skills(verb) & teams.keys():
                teams[skill].add(name)
        return teams


def gate_of(step: str) -> str:
    """A step's gate in words."""
    return f"the gate of {step}"


def committee_of(step: str, who: str) -> str:
    """A committee's gate in words."""
    return f"{who}, asked at {step}"


def _concerns(types: Iterable[str] | None, kind: str) -> bool:
    return types is None or kind in types


def mean_failures(chance: float) -> float:
    """Mean of the geometric number of failures, cut at the most."""
    return sum(chance**times for times in range(1, MOST_FAILURES + 1))


def _add(walk: _Walk, more: _Walk, times: float) -> None:
    for key, stays in more.items():
        walk[key].add(stays, times)
