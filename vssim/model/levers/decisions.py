"""Decide at the work: less waiting for those who decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, with_needs, with_steps
from vssim.model.levers.walls import asked_skills, met_by_themselves
from vssim.model.model import Model
from vssim.model.steps import Gate, Need
from vssim.model.values import Names, PositiveShare, PositiveTime, Share

THEME = "decide at the work"


class DecideLocally(Lever):
    """Decisions are taken where the work is: named gates are open at all times, and named others are no longer asked.

    A step's gate is gone. A committee that only has to meet is not asked any more; one that works on the matter begins at once.
    Tickets to the skills in `from` are done by the team itself, as own work at the end of the stay, at `factor` × their work.
    Mean waiting saved at a gate with cadence c is about c / 2, more where it lets only so many pass. It decides nothing better
    or worse: what wrong decisions cost is a matter of returns, defects and outcome. It leaves WIP limits and priorities.

    Example: {decide_locally: {gates: [release, board], from: [architects], factor: 120%}}
    Source: Reinertsen 2009, Principles of Product Development Flow, ch. 9 on decentralised control.
    """

    name: ClassVar[str] = "decide_locally"
    theme: ClassVar[str] = THEME

    gates: Names | None = Field(default=None, description="steps with a gate, and committees; default all")
    from_: Names = Field(default=(), alias="from", description="skills whose tickets the team does itself; default none")
    factor: Share = Field(default=1.0, description="how long these take the team, as a share of the helper's work")

    def apply(self, model: Model) -> Model:
        """The model without those gates and tickets."""
        free = {
            name: step.model_copy(update={"gate": None})
            for name, step in model.steps.items()
            if step.gate is not None and _named(name, self.gates)
        }
        return with_needs(with_steps(model, free), lambda _, need: self._decided(need))

    def missing(self, model: Model) -> list[str]:
        """Gates and skills that are not in the model."""
        return [*absent("gate", self.gates, gates(model)), *absent("need from", self.from_, asked_skills(model))]

    def _decided(self, need: Need) -> Need:
        if need.gate is not None and _named(str(need.from_), self.gates):
            # without gate and work nothing is left to ask for; the need stays, so that others keep their place and luck
            need = need.model_copy(update={"gate": None} if need.work is not None else {"chance": 0.0})
        return met_by_themselves(need, 1.0, self.factor) if need.skill in self.from_ else need


class ShortenCadence(Lever):
    """Gates open more often: release, funding or board meetings at a shorter interval.

    The interval becomes × `factor`, or `every` where that is said; an interval that is shorter already stays. What comes at a
    random time waits half an interval on average. A gate that lets only so many pass does so at each opening, so that its
    capacity grows with the number of openings. It makes no meeting shorter, and does not move the offset.

    Example: {shorten_cadence: {gates: [release], every: 2}}
    """

    name: ClassVar[str] = "shorten_cadence"
    theme: ClassVar[str] = THEME

    factor: PositiveShare = Field(default=0.5, description="share of the present interval that is left")
    every: PositiveTime | None = Field(default=None, description="the new interval, instead of a share [units of time]")
    gates: Names | None = Field(default=None, description="steps with a gate, and committees; default all")

    def apply(self, model: Model) -> Model:
        """The model with gates that open more often."""
        sooner = {
            name: step.model_copy(update={"gate": self._sooner(step.gate)})
            for name, step in model.steps.items()
            if step.gate is not None and _named(name, self.gates)
        }
        return with_needs(with_steps(model, sooner), lambda _, need: self._with_gate(need))

    def missing(self, model: Model) -> list[str]:
        """Gates that are not in the model."""
        return absent("gate", self.gates, gates(model))

    def _with_gate(self, need: Need) -> Need:
        if need.gate is None or not _named(str(need.from_), self.gates):
            return need
        return need.model_copy(update={"gate": self._sooner(need.gate)})

    def _sooner(self, gate: Gate) -> Gate:
        if gate.every is None:
            return gate  # what opens on listed days has no cadence
        every = gate.every * self.factor if self.every is None else self.every
        return gate.model_copy(update={"every": min(gate.every, every)})


def gates(model: Model) -> Iterator[Any]:
    """The names of all gates: steps that have one, and committees."""
    for name, step in model.steps.items():
        if step.gate is not None:
            yield name
        yield from (need.from_ for need in step.needs if need.gate is not None)


def _named(name: str, names: Names | None) -> bool:
    return names is None or name in names
