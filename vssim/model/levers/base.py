"""What a lever is: one lean change, as a pure function from model to model with typed, documented parameters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from vssim.errors import nearest
from vssim.model.demand import ItemType
from vssim.model.distributions import ZERO, Distribution
from vssim.model.model import Model
from vssim.model.steps import Need, Return, Step
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

    def notes(self, model: Model, after: Model | None = None) -> list[str]:
        """What to tell the user about this lever on this model: missing targets, or that it changes nothing.

        `after`: the model with the lever pulled, where that is known already.
        """
        notes = [f"{self.name}: {sentence}" for sentence in self.missing(model)]
        if _same(self.apply(model) if after is None else after, model):
            notes.append(f"{self.name} changes nothing in this model")
        return notes


def _same(model: Model, other: Model) -> bool:
    """True for models without any difference; the order of steps, teams and types is one."""
    orders = [(*model.demand, *model.steps, *model.teams) for model in (model, other)]
    return model == other and orders[0] == orders[1]


def absent(sort: str, names: Iterable[str] | None, known: Iterable[str]) -> list[str]:
    """A sentence for each of `names` that is not `known`; `sort` is 'step', 'team' or 'item type'."""
    known = list(known)
    sentences = []
    for name in names or ():
        if name not in known:
            near = nearest(name, known)
            sentences.append(f"there is no {sort} {name!r}" + (f" (did you mean {near!r}?)" if near else ""))
    return sentences


def chosen(model: Model, names: Names | None) -> dict[str, Team]:
    """The teams that a lever is for, in the order of the file: those of `names` that exist, or all."""
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


def with_steps(model: Model, changed: Mapping[str, Step]) -> Model:
    """The model with some steps replaced, each in its place."""
    return model.model_copy(update={"steps": {name: changed.get(name, step) for name, step in model.steps.items()}})


def with_demand(model: Model, changed: Mapping[str, ItemType]) -> Model:
    """The model with some item types replaced, each in its place."""
    return model.model_copy(update={"demand": {name: changed.get(name, kind) for name, kind in model.demand.items()}})


def with_needs(model: Model, change: Callable[[str, Need], Need]) -> Model:
    """The model with every need replaced by what `change` makes of the name of its step and the need."""
    return with_steps(
        model,
        {
            name: step.model_copy(update={"needs": tuple(change(name, need) for need in step.needs)})
            for name, step in model.steps.items()
            if step.needs
        },
    )


def with_returns(model: Model, change: Callable[[str, Return], Return]) -> Model:
    """The model with every return replaced by what `change` makes of the name of its step and the return."""
    return with_steps(
        model,
        {
            name: step.model_copy(update={"returns": tuple(change(name, rule) for rule in step.returns)})
            for name, step in model.steps.items()
            if step.returns
        },
    )


def with_work(model: Model, factors: Mapping[str, float]) -> Model:
    """The model with the work of some steps times a factor, for the item types that have work of their own there too."""
    steps = {
        name: step.model_copy(update={"work": scaled(step.work, factors[name])})
        for name, step in model.steps.items()
        if name in factors and step.work is not None
    }
    demand = {name: _eased(kind, factors) for name, kind in model.demand.items() if kind.work or kind.history or kind.items}
    return with_demand(with_steps(model, steps), demand)


def _eased(kind: ItemType, factors: Mapping[str, float]) -> ItemType:
    """An item type with its own work at some steps times a factor, and that of its items, named or of the past."""

    def own(works: Mapping[str, Distribution]) -> dict[str, Distribution]:
        return {step: scaled(work, factors.get(step, 1.0)) for step, work in works.items()}

    items = tuple(item.model_copy(update={"work": own(item.work)}) if item.work else item for item in kind.items)
    history = None if kind.history is None else kind.history.eased(factors)
    return kind.model_copy(update={"work": own(kind.work), "items": items, "history": history})


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """The distribution times a factor of at least 0."""
    return distribution.scaled(factor) if factor else ZERO


def worked(model: Model, names: Names | None) -> tuple[str, ...]:
    """The steps that a lever is for, in the order of the file: those of `names` (or all) at which people work."""
    return tuple(name for name in model.steps if (names is None or name in names) and model.works_at(name))


def types_through(model: Model, steps: Iterable[str]) -> tuple[str, ...]:
    """The item types that pass one of `steps`, themselves or in parts, in the order of the file."""
    wanted = set(steps)
    return tuple(kind for kind in model.demand if wanted & _passed(model, kind, frozenset()))


def _passed(model: Model, kind: str, above: frozenset[str]) -> set[str]:
    """The steps that an item type takes, with those of its parts; `above` are the wholes that it is part of."""
    parts = [part for part in model.demand[kind].parts if part in model.demand and part not in above]
    return set(model.route(kind)).union(*(_passed(model, part, above | {kind}) for part in parts))


def at_most_certain(chance: float) -> float:
    """A chance that may have grown above 1, cut at 1."""
    return min(chance, 1.0)
