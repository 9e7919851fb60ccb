"""What a lever is: one lean change, as a pure function from model to model with typed, documented parameters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from vssim.errors import nearest
from vssim.model.model import Model
from vssim.model.teams import Handoffs, Team
from vssim.model.values import Names, Part


class Lever(Part):
    """One lean change. The docstring of each says what it does to the arithmetic, what it does not do, and shows an example.

    Parameters are the fields; each has a default. A lever whose target is not in the model leaves the model as it is and
    says so in `notes`, so that subsets of a change make sense.
    """

    name: ClassVar[str]
    """as the scenario file calls it"""
    theme: ClassVar[str]
    """under which heading `vssim levers` lists it"""

    @abstractmethod
    def apply(self, model: Model) -> Model:
        """The model with this lever pulled. Raises ModelError where no sensible model comes out."""

    def written(self) -> Any:
        """The lever as a file writes it: its name alone, or with its parameters."""
        parameters = self.document()
        return {self.name: parameters} if parameters else self.name

    def missing(self, model: Model) -> list[str]:
        """What the lever is told to change but the model does not have, as sentences."""
        del model
        return []

    def notes(self, model: Model) -> list[str]:
        """What to tell the user about this lever on this model: missing targets, or that it changes nothing."""
        notes = [f"{self.name}: {sentence}" for sentence in self.missing(model)]
        if _same(self.apply(model), model):
            notes.append(f"{self.name} changes nothing in this model")
        return notes


def _same(one: Model, other: Model) -> bool:
    """True for models without any difference; the order of steps, teams and types is one."""
    orders = [(*model.demand, *model.steps, *model.teams) for model in (one, other)]
    return one == other and orders[0] == orders[1]


def absent(what: str, names: Iterable[str] | None, known: Iterable[str]) -> list[str]:
    """A sentence for each of `names` that is not `known`; `what` is 'step', 'team' or 'item type'."""
    known = list(known)
    sentences = []
    for name in names or ():
        if name not in known:
            near = nearest(name, known)
            sentences.append(f"there is no {what} {name!r}" + (f" (did you mean {near!r}?)" if near else ""))
    return sentences


def chosen(model: Model, names: Names | None) -> dict[str, Team]:
    """The teams that a lever is for, in the order of the file: those named that there are, or all."""
    return {name: team for name, team in model.teams.items() if names is None or name in names}


def with_teams(model: Model, changed: dict[str, Team]) -> Model:
    """The model with some teams replaced, each in its place."""
    return model.model_copy(update={"teams": {name: changed.get(name, team) for name, team in model.teams.items()}})


def doing_steps(model: Model) -> tuple[str, ...]:
    """Names of the teams that do at least one step, in the order of the file."""
    return tuple(name for name, team in model.teams.items() if any(skill in model.steps for g in team.groups for skill in g.does))


def small_batches(handoffs: Handoffs, most: int) -> Handoffs:
    """The handoffs with no batch above `most` [items]."""
    into = {
        step: own if own.batch is None else own.model_copy(update={"batch": min(own.batch, most)})
        for step, own in handoffs.into.items()
    }
    return handoffs.model_copy(update={"batch": min(handoffs.batch, most), "into": into})
