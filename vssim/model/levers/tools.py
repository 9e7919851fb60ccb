"""Capacity, by way of the work: it is automated, assisted, or left out."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from vssim.model.demand import ItemType
from vssim.model.levers.base import (
    Lever,
    absent,
    at_most_certain,
    types_through,
    with_demand,
    with_returns,
    with_teams,
    with_work,
    worked,
)
from vssim.model.model import Model
from vssim.model.spans import without_steps
from vssim.model.steps import Return, Step
from vssim.model.values import Chance, Names, PartShare, Share

THEME = "capacity"


class _Faster(Lever):
    """What automation and assistance have in common: work saved at steps, and what comes of it elsewhere."""

    steps: Names | None = Field(default=None, description="which steps; default all at which people work")
    saved: Chance = Field(default=0.5, description="share of the work there that is saved")
    returns: Share = Field(default=0.0, description="more returns to those steps, as a share of the present chance")
    defects: Share = Field(default=0.0, description="more defects of the items that pass them, as a share of the present chance")
    demand: Share = Field(default=0.0, description="more demand of the item types that pass them, as a share of the present rate")
    upkeep: PartShare = Field(default=0.0, description="share of the time of the teams that do those steps which it takes")

    def apply(self, model: Model) -> Model:
        """The model with less work at those steps, and the side effects."""
        steps = worked(model, self.steps)
        if not steps:
            return model
        types = {name: self._side_effects(model.demand[name]) for name in types_through(model, steps)}
        model = with_returns(model, lambda _, rule: self._more_often(rule) if rule.to in steps else rule)
        model = with_work(with_demand(model, types), dict.fromkeys(steps, 1 - self.saved))
        return self._kept_up(model, steps)

    def missing(self, model: Model) -> list[str]:
        """Steps that are not in the model."""
        return absent("step", self.steps, model.steps)

    def _more_often(self, rule: Return) -> Return:
        return rule.model_copy(update={"chance": at_most_certain(rule.chance * (1 + self.returns))})

    def _side_effects(self, kind: ItemType) -> ItemType:
        update: dict[str, Any] = {}
        if kind.defects is not None:
            more = at_most_certain(kind.defects.chance * (1 + self.defects))
            update["defects"] = kind.defects.model_copy(update={"chance": more})
        return (kind.hastened(1 + self.demand) if kind.goes_on else kind).model_copy(update=update)

    def _kept_up(self, model: Model, steps: tuple[str, ...]) -> Model:
        if not self.upkeep:
            return model
        teams = {name: team for name, team in model.teams.items() if any(s in group.does for s in steps for group in team.groups)}
        return with_teams(
            model,
            {
                name: team.model_copy(update={"meetings": 1 - (1 - team.meetings) * (1 - self.upkeep)})
                for name, team in teams.items()
            },
        )


class Automate(_Faster):
    """Repetitive work is done by a machine: the work of people at named steps shrinks.

    The work at the steps becomes × (1 − saved). Side effects are parameters, all 0 unless you say so: returns and defects × (1
    + …), arrivals × (1 + demand) because what is cheap is asked for more, and `upkeep`, time that the teams which do the steps
    give to the machine for good. It does not speed up the stream where these steps are not its bottleneck: there it only moves
    the queue. Gates, waits and handoffs stay.

    Example: {automate: {steps: [test], saved: 80%, upkeep: 5%}}
    Source: Goldratt 1984, The Goal, on what is not the bottleneck; the figures are assumptions.
    """

    name: ClassVar[str] = "automate"
    theme: ClassVar[str] = THEME

    saved: Chance = Field(default=0.8, description="share of the work there that is saved")


class AssistWithAi(_Faster):
    """Work goes faster with the help of a machine, and some more of it comes back.

    The work at the steps becomes × (1 − saved), returns to them and defects of what passes them × (1 + …). More demand (it is
    easy to ask for more) and `upkeep` (checking, licences, learning) are 0 unless you say so. It assumes the saving and the
    mistakes that you state; it does not shorten a wait, and does nothing where these steps are not the bottleneck but send more
    ahead.

    Example: {assist_with_ai: {steps: [develop], saved: 30%, returns: 20%, defects: 10%}}
    Source: Peng et al. 2023 saw 56 % less time on one programming task, Becker et al. 2025 (METR) 19 % more where
    experienced people worked on code they knew; DORA 2024 less stable deliveries. The defaults are assumptions between these.
    """

    name: ClassVar[str] = "assist_with_ai"
    theme: ClassVar[str] = THEME

    saved: Chance = Field(default=0.25, description="share of the work there that is saved")
    returns: Share = Field(default=0.1, description="more returns to those steps, as a share of the present chance")
    defects: Share = Field(default=0.1, description="more defects of the items that pass them, as a share of the present chance")


class Simplify(Lever):
    """Steps are removed: what nobody would miss is no longer done.

    A step that is removed is gone with its work, needs, returns, gate, limit and what it dropped, and from all routes. Returns
    to it go to the next step after it. Its people stay, and do what else they do (with nothing else, nothing). It assumes that
    the step found and prevented nothing that matters: if it did, say so with `set` on returns and defects.

    Example: {simplify: {steps: [review]}}
    Source: Liker 2004, The Toyota Way, on waste.
    """

    name: ClassVar[str] = "simplify"
    theme: ClassVar[str] = THEME

    steps: Names = Field(default=(), description="which steps are removed")

    def apply(self, model: Model) -> Model:
        """The model without those steps."""
        gone = [name for name in self.steps if name in model.steps]
        if not gone:
            return model
        order = list(model.steps)
        left = [name for name in order if name not in gone]
        into = {name: own for name, own in model.handoffs.into.items() if name not in gone}
        return model.model_copy(
            update={
                "steps": {name: _returning_to(model.steps[name], order, left) for name in left},
                "demand": {name: _routed_past(kind, gone) for name, kind in model.demand.items()},
                "handoffs": model.handoffs.model_copy(update={"into": into}),
                "limits": without_steps(model.limits, gone),
            }
        )

    def missing(self, model: Model) -> list[str]:
        """Steps that are not in the model."""
        return absent("step", self.steps, model.steps)


def _returning_to(step: Step, order: list[str], left: list[str]) -> Step:
    """The step with its returns to steps that are left: the one meant, or the next after it."""
    returns = tuple(
        rule
        if rule.to in left or rule.to not in order
        else rule.model_copy(update={"to": next(name for name in order[order.index(rule.to) :] if name in left)})
        for rule in step.returns
    )
    return step.model_copy(update={"returns": returns})


def _routed_past(kind: ItemType, gone: list[str]) -> ItemType:
    """The type without the steps that are gone."""
    update: dict[str, Any] = {
        "work": {step: work for step, work in kind.work.items() if step not in gone},
        "skips": {step: chance for step, chance in kind.skips.items() if step not in gone},
    }
    if kind.route is not None:
        update["route"] = tuple(step for step in kind.route if step not in gone)
    return kind.model_copy(update=update)
