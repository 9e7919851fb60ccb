"""Workshops: the rounds of a scenario file, each with the scenario whose change it plays, ready for the page of a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vssim.scenario.checking import alone, checked
from vssim.scenario.documents import locate, read_file, with_settings
from vssim.scenario.schema import Chart, Round, Scenario


@dataclass(frozen=True)
class Leg:
    """One round, and what it plays."""

    scenario: Scenario
    """whose change it is; its own rounds, if it has any, play no part here unless it is the workshop's own scenario"""
    source: str
    """file of that scenario, as `load` takes it"""
    title: str
    """what the round is called; '' for no name"""
    change: str
    """the right-hand side: a change of `scenario`, or its baseline"""
    against: str
    """the left-hand side, likewise"""
    question: str
    """what the room guesses"""
    reveal: tuple[str, ...]
    """metrics, at least one; the guess is about the first"""
    chart: Chart
    discuss: tuple[str, ...]
    """questions for the room afterwards"""
    minutes: float | None
    """how long the round takes [minutes]; None: as long as it takes"""
    notes: str
    """for the facilitator only"""


@dataclass(frozen=True)
class Workshop:
    """A scenario file and its rounds in order; none for a file that is no workshop."""

    scenario: Scenario
    source: str
    """as it was asked for: a file, or a name of the library"""
    rounds: tuple[Leg, ...]

    @property
    def notes(self) -> str:
        """About the workshop as a whole, for the facilitator only."""
        return self.scenario.notes

    @property
    def minutes(self) -> float | None:
        """What all rounds take together [minutes]; None where one does not say."""
        stated = [leg.minutes for leg in self.rounds]
        return sum(minutes for minutes in stated if minutes is not None) if stated and None not in stated else None

    def with_scenarios(self, given: Callable[[Scenario], Scenario]) -> Workshop:
        """The same with every scenario as `given` makes it; a scenario that rounds share is made once."""
        made: dict[int, Scenario] = {}
        for scenario in (self.scenario, *(leg.scenario for leg in self.rounds)):
            made.setdefault(id(scenario), given(scenario))
        rounds = tuple(replace(leg, scenario=made[id(leg.scenario)]) for leg in self.rounds)
        return replace(self, scenario=made[id(self.scenario)], rounds=rounds)


def workshop(source: str | Path, settings: Sequence[tuple[str, Any]] = ()) -> Workshop:
    """The workshop in a file, or of the library by its name; `settings` (path, value) as in `load`, for this file alone.

    A scenario that several rounds name is read once. Raises ScenarioError with every fault, those of named files included.
    """
    file = locate(str(source))
    scenario = checked(with_settings(read_file(file), settings))
    others: dict[Path, Scenario] = {}
    legs = []
    for stated in scenario.rounds:
        if stated.scenario is None:
            played, name = scenario, str(source)
        else:
            other = locate(stated.scenario, file.parent)
            name, key = str(other), other.resolve()
            if key not in others:
                others[key] = alone(other)
            played = others[key]
        said = {key: getattr(stated, key) for key in Round.model_fields if key != "scenario"}
        said["reveal"] = stated.reveal or (played.headline,)
        legs.append(Leg(scenario=played, source=name, **said))
    return Workshop(scenario, str(source), tuple(legs))


def asked_in_order(scenario: Scenario) -> list[str]:
    """The changes in the order in which a room is asked: as the file says; else as they stand there, combinations last."""
    changes = scenario.changes
    told = [name for name in scenario.room.order if name in changes]
    rest = [name for name in changes if name not in told]
    return [*told, *sorted(rest, key=lambda name: bool(changes[name].includes))]
