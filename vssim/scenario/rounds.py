"""Rounds: the faults in those of a workshop. Scenarios in other files that they name are read too, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from vssim.errors import Fault, ScenarioError, nearest
from vssim.model.changes import BASELINE, Plan
from vssim.model.faults import ModelFault
from vssim.scenario.documents import ANOTHER, locate
from vssim.scenario.measured import unmeasured
from vssim.scenario.schema import Round, Scenario


class Rounds:
    """The rounds of a scenario under check; `read` makes a scenario of another file, or raises with all its faults."""

    def __init__(self, scenario: Scenario, plans: Mapping[str, Plan], folder: Path, read: Callable[[Path], Scenario]) -> None:
        self.scenario = scenario
        self.plans = plans
        """what every variant of the file plays, as far as that is known"""
        self.folder = folder
        self.read = read
        self.elsewhere: list[Fault] = []
        """faults inside the scenarios that are named, each once, at their places"""
        self._read: dict[Path, Scenario | None] = {}

    def faults(self) -> Iterator[ModelFault]:
        """Faults of the rounds and of what a room is told; when it is exhausted, `elsewhere` is complete."""
        changes = list(self.scenario.changes)
        for key, names in (("order", self.scenario.room.order), ("about", self.scenario.room.about)):
            for place, name in enumerate(names):
                if name not in changes:
                    at = ("room", key, name if key == "about" else place)
                    yield ModelFault(at, name, f"a change of this file: {', '.join(changes)}", nearest(name, changes))
        for index, stated in enumerate(self.scenario.rounds):
            if stated.scenario is None:
                yield from self._of_variants(stated, index, self.scenario, self.plans, "this file")
                continue
            try:
                file = locate(stated.scenario, self.folder)
            except ScenarioError as error:
                yield ModelFault(("rounds", index, "scenario"), stated.scenario, ANOTHER, error.faults[0].nearest)
                continue
            other = self._scenario(file)
            if other is not None:
                plans = {name: other.plan(name) for name in (stated.change, stated.against) if name in (BASELINE, *other.changes)}
                yield from self._of_variants(stated, index, other, plans, stated.scenario)

    def _scenario(self, file: Path) -> Scenario | None:
        """The scenario of a file; None when it has faults, which are noted."""
        file = file.resolve()
        if file not in self._read:
            try:
                self._read[file] = self.read(file)
            except ScenarioError as error:
                self._read[file] = None
                self.elsewhere += error.faults
        return self._read[file]

    def _of_variants(
        self, stated: Round, index: int, scenario: Scenario, plans: Mapping[str, Plan], where: str
    ) -> Iterator[ModelFault]:
        """A round's two variants must be there and differ, and what it reveals must be measured in both."""
        known = [*scenario.changes, BASELINE]
        for key, name in (("change", stated.change), ("against", stated.against)):
            if name not in known:
                yield ModelFault(("rounds", index, key), name, f"a change of {where}: {', '.join(known)}", nearest(name, known))
        if stated.change == stated.against:
            yield ModelFault(("rounds", index, "change"), stated.change, "another variant than the one it is compared with")
        made = [plans[name] for name in dict.fromkeys((stated.change, stated.against)) if name in plans]
        for place, metric in enumerate(stated.reveal):
            yield from unmeasured(metric, ("rounds", index, "reveal", place), scenario.demand, made)
