"""The three cases, and the work they consist of: drawn once by vssim, given to everybody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import vssim
from vssim import workload
from vssim.clock import NO_LIMIT, Ints
from vssim.workload.program import Program

QUEUE = """
run: {{horizon: {horizon}}}
demand: {{item: {{every: exponential(1), count: {items}}}}}
steps: {{serve: {{work: exponential(0.8)}}}}
teams: {{server: {{people: 1, does: serve}}}}
"""

LINE = """
run: {{horizon: {horizon}}}
demand: {{item: {{every: exponential(1), count: {items}}}}}
steps: {{a: {{work: exponential(0.8)}}, b: {{work: exponential(0.8)}}, c: {{work: exponential(0.8)}},
  d: {{work: exponential(0.8)}}, e: {{work: exponential(0.8)}}}}
teams: {{a: 1, b: 1, c: 1, d: 1, e: 1}}
"""

BOARD = """
run: {{horizon: {horizon}}}
demand: {{item: {{every: exponential(1), count: {items}}}}}
steps:
  analysis: {{work: "lognormal(mean=1.6, cv=0.8)", wip_limit: 4}}
  development: {{work: "lognormal(mean=2.9, cv=0.8)", wip_limit: 8}}
  test: {{work: "lognormal(mean=1.45, cv=0.8)", wip_limit: 4, returns: {{to: development, chance: 10%, work: again}}}}
  release: {{work: "lognormal(mean=0.8, cv=0.8)", wip_limit: 2}}
teams: {{analysis: 2, development: 4, test: 2, release: 1}}
"""


@dataclass(frozen=True)
class Case:
    """A model everybody can play."""

    name: str
    title: str
    text: str
    items: int
    """how many are played for the table"""
    lead_time: float | None
    """mean lead time in the long run, where theory knows it [units of time]"""

    def scenario(self, items: int) -> vssim.Scenario:
        """The scenario with so many items, long enough for all of them."""
        return vssim.loads(self.text.format(items=items, horizon=math.ceil(items + 20 * math.sqrt(items) + 1000)))

    def work(self, items: int, seed: int = 1) -> Work:
        """The work of so many items."""
        return Work(draw(self.scenario(items), seed))


CASES = {
    case.name: case
    for case in (
        Case("queue", "M/M/1, ρ 0.8", QUEUE, 200_000, 0.8 / (1 - 0.8)),
        Case("line", "five stations in series, ρ 0.8", LINE, 50_000, 5 * 0.8 / (1 - 0.8)),
        Case("board", "a board with limits and returns", BOARD, 20_000, None),
    )
}


def draw(scenario: vssim.Scenario, seed: int = 1) -> Program:
    """The luck of one run of the scenario as it is."""
    return workload.build(scenario.plan(None), horizon=scenario.run.horizon, seed=seed, replication=0, unit=scenario.unit)


@dataclass(frozen=True)
class Work:
    """What everybody is given: when items arrive, what has to be done, by how many people, within which limits."""

    program: Program

    @cached_property
    def arrivals(self) -> list[int]:
        """When each item arrives [ticks]."""
        return [int(time) for time in self.program.items.arrival]

    @cached_property
    def stays(self) -> list[list[tuple[int, int, bool]]]:
        """By item: its stays, each as (step, work [ticks], entered as a return)."""
        visits = self.program.visits
        rows = list(zip(visits.step.tolist(), visits.work.tolist(), visits.back.astype(bool).tolist(), strict=True))
        bounds = zip(self.program.items.first.tolist(), self.program.items.end.tolist(), strict=True)
        return [rows[first:end] for first, end in bounds]

    @cached_property
    def people(self) -> list[int]:
        """By step."""
        phase = self.program.phases[0]
        return [int(phase.pools.people[phase.pools.does[:, step] > 0][0]) for step in range(len(self.program.steps))]

    @cached_property
    def limits(self) -> list[int] | None:
        """By step; None where there are none."""
        limits = [int(limit) for limit in self.program.phases[0].steps.limit]
        return None if all(limit == NO_LIMIT for limit in limits) else limits

    @property
    def visits(self) -> int:
        """How many stays there are, of all items together."""
        return len(self.program.visits.item)

    def prepare(self) -> Any:
        """Look at everything once, so that nobody's time is spent on it."""
        return self.arrivals, self.stays, self.people, self.limits


def lead_times(work: Work, left: Any) -> Ints:
    """By item, from when each left [ticks]."""
    return np.asarray(left, np.int64) - work.program.items.arrival
