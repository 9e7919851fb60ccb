"""Verification: both engines play a scenario, and every row of what happened has to be the same."""

from __future__ import annotations

from dataclasses import dataclass

from vssim import workload
from vssim.engines.agreement import Difference, first_difference, rows
from vssim.scenario import Scenario


@dataclass(frozen=True)
class Verification:
    """What came of playing every variant of a scenario on both engines."""

    rows: int
    """rows that were compared, one a visit and one an item, and agree"""
    runs: int
    variant: str | None = None
    """the change with which they first differ; None as it is, or nowhere"""
    replication: int = 0
    difference: Difference | None = None

    @property
    def agrees(self) -> bool:
        """True when every row of every run was the same."""
        return self.difference is None


def verify(scenario: Scenario, replications: int = 1) -> Verification:
    """Play the scenario as it is and with every change on both engines, until a row differs."""
    agreed = runs = 0
    for variant in (None, *scenario.changes):
        plan = scenario.plan(variant)
        for replication in range(replications):
            program = workload.build(
                plan, horizon=scenario.run.horizon, seed=scenario.run.seed, replication=replication, unit=scenario.unit
            )
            runs += 1
            difference = first_difference(program)
            if difference is not None:
                return Verification(agreed, runs, variant, replication, difference)
            agreed += rows(program)
    return Verification(agreed, runs)
