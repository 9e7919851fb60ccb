"""Customers: make what works for them, and find out sooner whether it does."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from vssim.model.demand import ItemType, Outcome
from vssim.model.distributions import constant
from vssim.model.levers.base import Lever, absent, doing_steps, scaled, with_demand, with_teams
from vssim.model.model import Model
from vssim.model.steps import Step, Stops
from vssim.model.teams import Group
from vssim.model.values import Chance, Names, PartShare, Share

THEME = "customers"


class TalkToCustomers(Lever):
    """More items are right the first time, and whether they are is known sooner.

    The chance to be right becomes 1 − (1 − right) × (1 − share), and the time until a new version comes × `feedback`. Who was right
    before is right still: the luck is the same. `time` is what the talks take of everybody's time who does a step, and is
    0 unless you say so. It makes nobody faster and does not lower output: it turns output into outcomes. Item types without
    an `outcome` are right anyway and stay as they are.

    Example: {talk_to_customers: {share: 40%, feedback: 30%, time: 5%}}
    Source: Kohavi et al. 2009, Online Experimentation at Microsoft, on ideas that fail; the figures are assumptions.
    """

    name: ClassVar[str] = "talk_to_customers"
    theme: ClassVar[str] = THEME

    share: Chance = Field(default=0.3, description="share of the wrong items that are right instead")
    feedback: Chance = Field(default=0.5, description="share of the time until feedback that is left")
    time: PartShare = Field(default=0.0, description="share of the teams' time that it takes")
    types: Names | None = Field(default=None, description="which item types; default all with an outcome")

    def apply(self, model: Model) -> Model:
        """The model with more items right, and sooner feedback."""
        kinds = with_outcome(model, self.types)
        if not kinds:
            return model
        changed = {name: kind.model_copy(update={"outcome": self._better(kind.outcome)}) for name, kind in kinds.items()}
        return with_demand(self._with_less_time(model), changed)

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model, or have no outcome."""
        return [*absent("item type", self.types, model.demand), *without_outcome(model, self.types)]

    def _better(self, outcome: Outcome | None) -> Outcome | None:
        if outcome is None:
            return None
        right = outcome.right + (1 - outcome.right) * self.share
        return outcome.model_copy(update={"right": right, "after": scaled(outcome.after, self.feedback)})

    def _with_less_time(self, model: Model) -> Model:
        if not self.time:
            return model
        teams = {name: model.teams[name] for name in doing_steps(model)}
        return with_teams(
            model,
            {name: team.model_copy(update={"meetings": 1 - (1 - team.meetings) * (1 - self.time)}) for name, team in teams.items()},
        )


class SmallBets(Lever):
    """A cheap experiment first, after which most of what is wrong for the customer is stopped.

    A new step, `step`, comes before all others for the item types concerned. It takes `work` × the mean own work of the type's
    whole route (times the item's size), by the people who do the first step of the route at which people work, or those who do
    the step `by`. After it, items that would turn out wrong are dropped with chance `stops`, right ones, by mistake, with
    chance `mistaken`; they count as stopped, not as delivered. What passes takes the whole route as before: it makes no item
    right that was wrong, and nothing cheaper that is done after all. Types without an `outcome` stay as they are.

    Example: {small_bets: {work: 10%, stops: 70%, mistaken: 5%}}
    Source: Ries 2011, The Lean Startup; Kohavi et al. 2009, Online Experimentation at Microsoft; the shares are assumptions.
    """

    name: ClassVar[str] = "small_bets"
    theme: ClassVar[str] = THEME

    work: Share = Field(default=0.1, description="work of the experiment, as a share of the item's whole work")
    stops: Chance = Field(default=0.7, description="share of the wrong items that are stopped after it")
    mistaken: Chance = Field(default=0.05, description="share of the right items that are stopped after it by mistake")
    by: str | None = Field(default=None, description="a step whose people do it; default the first with work on the route")
    types: Names | None = Field(default=None, description="which item types; default all with an outcome")
    step: str = Field(default="experiment", description="what the new step is called")

    def apply(self, model: Model) -> Model:
        """The model with an experiment before everything else."""
        kinds = self._concerned(model)
        if not kinds or not (self.work or self.stops or self.mistaken):
            return model
        demand = {name: self._routed(model, name, name in kinds) for name in model.demand}
        steps = {self.step: Step(stops=Stops(wrong=self.stops, right=self.mistaken))} | model.steps
        first = {self._first(model, name) for name in kinds}
        by: set[str | None] = first if self.by is None else {self.by}
        teams = {
            name: team.with_groups(tuple(_also_doing(group, by, self.step) for group in team.groups))
            for name, team in model.teams.items()
        }
        return with_teams(model, teams).model_copy(update={"steps": steps, "demand": demand})

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model or have no outcome, an unknown step, or one that is there already."""
        known = [name for name in model.steps if model.works_at(name)]
        there = [f"there is a step {self.step!r} already"] if self.step in model.steps else []
        sentences = [*absent("item type", self.types, model.demand), *without_outcome(model, self.types)]
        return [*sentences, *absent("step", None if self.by is None else [self.by], known), *there]

    def _concerned(self, model: Model) -> dict[str, ItemType]:
        if self.step in model.steps or (self.by is not None and self.by not in model.steps):
            return {}
        kinds = with_outcome(model, self.types)
        return {name: kind for name, kind in kinds.items() if self._first(model, name) is not None}

    def _first(self, model: Model, kind: str) -> str | None:
        """The first step on a type's route at which people work."""
        return next((step for step in model.route(kind) if _mean_work(model, kind, step)), None)

    def _routed(self, model: Model, name: str, concerned: bool) -> ItemType:
        """The type with the experiment on its route, or without it, whatever steps there are."""
        kind = model.demand[name]
        if not concerned:
            every_step = kind.route is None and not kind.parts
            return kind.model_copy(update={"route": tuple(model.steps)}) if every_step else kind
        whole = sum(_mean_work(model, name, step) * (1 - kind.skips.get(step, 0.0)) for step in model.route(name))
        route = None if kind.route is None else (self.step, *kind.route)
        return kind.model_copy(update={"route": route, "work": kind.work | {self.step: constant(self.work * whole)}})


def _mean_work(model: Model, kind: str, step: str) -> float:
    """Mean own work of an item of mean size 1 at a step [units of time]."""
    work = model.demand[kind].work.get(step, model.steps[step].work)
    return 0.0 if work is None else work.mean


def _also_doing(group: Group, steps: set[str | None], new: str) -> Group:
    """The group, doing (helping at) a new step as well as it does (helps at) any of `steps`."""
    update: dict[str, Any] = {}
    for verb in ("does", "helps"):
        skills = getattr(group, verb)
        known = [proficiency for skill, proficiency in skills.items() if skill in steps]
        update[verb] = skills | ({new: max(known)} if known else {})
    helped = [skill for skill in group.helps if skill in steps]
    if helped and all(skill in group.only_when_alone for skill in helped):
        update["only_when_alone"] = (*group.only_when_alone, new)
    return group.model_copy(update=update)


def with_outcome(model: Model, names: Names | None) -> dict[str, ItemType]:
    """The item types that a lever is for: of those named, or of all, the ones whose outcome is stated."""
    return {name: kind for name, kind in model.demand.items() if (names is None or name in names) and kind.outcome is not None}


def without_outcome(model: Model, names: Names | None) -> list[str]:
    """What to say about types that state no outcome."""
    if names is None:
        return [] if with_outcome(model, None) else ["no item type has an outcome"]
    there = [name for name in names if name in model.demand]
    return [f"{name} has no outcome and stays as it is" for name in there if model.demand[name].outcome is None]
