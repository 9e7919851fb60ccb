"""Verification: both engines play a scenario, and every row of what happened has to be the same."""

from __future__ import annotations

from dataclasses import dataclass

from vssim import workload
from vssim.engines import Difference, first_difference, rows
from vssim.play.replications import Progress
from vssim.play.worlds import worlds_of
from vssim.scenario import Scenario

MOST = 40
"""Replications of a variant that are played where nobody asks for a number: the reference engine takes some hundred times as long
as the other one, and a scenario of 200 worlds would keep it for a quarter of an hour."""


@dataclass(frozen=True)
class Verification:
    """What came of playing every variant of a scenario on both engines, so many times each."""

    rows: int
    """rows that were compared, one a visit and one an item, and agree"""
    runs: int
    """runs that were compared, all replications of all variants; one that differs is the last"""
    variant: str | None = None
    """the change with which they first differ; None as it is, or nowhere"""
    replication: int = 0
    difference: Difference | None = None
    not_played: int = 0
    """replications of each variant that the scenario has and that were left out"""

    @property
    def agrees(self) -> bool:
        """True when every row of every run was the same."""
        return self.difference is None


def verify(scenario: Scenario, replications: int | None = None, progress: Progress | None = None) -> Verification:
    """Play the scenario as it is and with every change on both engines, until a row differs.

    As often as it says itself, at most `MOST` times, or as often as is asked. One replication is not enough: other luck may
    meet what the first has missed.
    """
    agreed = runs = 0
    own = scenario.run.replications
    count = replications or min(own, MOST)
    variants = (None, *scenario.changes)
    for variant in variants:
        worlds = worlds_of(scenario, (variant,))
        for replication in range(count):
            plan = scenario.plan(variant) if worlds is None else worlds.plan(0, replication)
            program = workload.build(
                plan, horizon=scenario.run.horizon, seed=scenario.run.seed, replication=replication, unit=scenario.unit
            )
            runs += 1
            difference = first_difference(program)
            if difference is not None:
                return Verification(agreed, runs, variant, replication, difference)
            agreed += rows(program)
            if progress:
                progress(runs, count * len(variants))
    return Verification(agreed, runs, not_played=0 if replications else own - count)
