"""Worlds being played: which world a replication is in, and the organisation of each variant there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vssim.clock import Reals
from vssim.model import worlds
from vssim.model.beliefs import Uncertain
from vssim.model.changes import Plan
from vssim.scenario import EACH, Scenario, replaced

KEPT = 64
"""Worlds that are at hand; replications come in order, so that those are needed at once which are drawn together."""


def world_of(replication: int) -> int:
    """The number of the world that a replication is in; consecutive replications share a world."""
    return replication // EACH


@dataclass(frozen=True)
class Worlds:
    """The worlds of a scenario of which something is not known. Threads may share them."""

    scenario: Scenario
    changes: tuple[str | None, ...]
    """one a variant; None: as it is"""

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("scenario", "changes")}

    @property
    def uncertain(self) -> Uncertain:
        """What is not known."""
        assert self.scenario.uncertain is not None
        return self.scenario.uncertain

    @cached_property
    def _content(self) -> dict[str, Any]:
        return self.scenario.document()

    @cached_property
    def _places(self) -> dict[int, Reals]:
        """What was drawn, by how many worlds: the first of more are the same."""
        return {}

    @cached_property
    def _scenarios(self) -> dict[int, Scenario]:
        return {}

    def places(self, count: int) -> Reals:
        """The uniforms of the first `count` worlds; shape (count, facts)."""
        power = 1 << max(count - 1, 1).bit_length()
        if power not in self._places:
            self._places[power] = worlds.drawn(self.uncertain, self.scenario.run.seed, power)
        return self._places[power][:count]

    def settings(self, number: int) -> dict[str, Any]:
        """By path what stands there in one world."""
        return worlds.settings(self.uncertain, self.places(number + 1)[number])

    def values(self, count: int) -> Reals:
        """The value of every fact in the first worlds, NaN where it is no number; shape (count, facts)."""
        return worlds.values(self.uncertain, self.places(count))

    def apart(self, count: int) -> Reals | None:
        """The same before facts are tied to each other, each spread evenly; None of members, which no hypercube spreads."""
        if self.uncertain.members is not None:
            return None
        if not self.uncertain.correlated:
            return self.values(count)
        return worlds.apart(self.uncertain, self.scenario.run.seed, count)

    def world(self, number: int) -> Scenario:
        """The scenario in one world: everything known."""
        known = self._scenarios.get(number)
        if known is None:
            known = replaced(self.scenario, self.settings(number), self._content)
            self._scenarios[number] = known
            for old in list(self._scenarios)[:-KEPT]:
                self._scenarios.pop(old, None)
        return known

    def plan(self, variant: int, replication: int) -> Plan:
        """The plan that a replication of a variant plays."""
        return self.world(world_of(replication)).plan(self.changes[variant])


def worlds_of(scenario: Scenario, changes: Sequence[str | None]) -> Worlds | None:
    """The worlds of a scenario, None where everything of it is known."""
    return None if scenario.uncertain is None else Worlds(scenario, tuple(changes))


def means(values: Sequence[float | None]) -> Reals:
    """The mean of each world's replications; NaN where one of them has none. Worlds that are not whole are left out."""
    whole = len(values) // EACH * EACH
    table = np.array([np.nan if value is None else value for value in values[:whole]], np.float64)
    means_by_world: Reals = table.reshape(-1, EACH).mean(axis=1)
    return means_by_world
