"""Crush obstacles: what is in the way is dealt with where and when it is met."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, scaled, with_needs, with_steps
from vssim.model.model import Model
from vssim.model.steps import Need, Return
from vssim.model.values import AGAIN, Chance, Names, Rework, Share

THEME = "crush obstacles"


class SwarmOnBlockers(Lever):
    """Obstacles are not shelved: the team stays with the item, spends work on it, and waits for less long.

    Nothing is parked any more: a blocked item keeps its place (and under a WIP limit keeps new work out, which is the point).
    The wait for somebody outside becomes × (1 − cut); the team spends `effort` × the present wait as own work on each, at the
    end of the stay. It does not hurry the teams inside whose help is awaited, and what it costs is time of those who would
    otherwise have started something new.

    Example: {swarm_on_blockers: {cut: 50%, effort: 10%, outside: [vendor]}}
    Source: Toyota's andon (Liker 2004, The Toyota Way, principle 5); cut and effort are assumptions.
    """

    name: ClassVar[str] = "swarm_on_blockers"
    theme: ClassVar[str] = THEME

    cut: Chance = Field(default=0.5, description="share by which waits for outside shrink")
    effort: Share = Field(default=0.1, description="the team's own work on each, as a share of the present wait")
    outside: Names | None = Field(default=None, description="whom it is about; default everybody, teams inside included")

    def apply(self, model: Model) -> Model:
        """The model in which nothing is parked, and outside waits are shorter."""
        return with_needs(model, lambda _, need: self._swarmed(need))

    def missing(self, model: Model) -> list[str]:
        """Whom the model does not wait for."""
        known = dict.fromkeys(need.outside for step in model.steps.values() for need in step.needs if need.outside is not None)
        return absent("wait for", self.outside, known)

    def _swarmed(self, need: Need) -> Need:
        if not (self.outside is None or need.outside in self.outside):
            return need
        if need.wait is None:
            return need.model_copy(update={"parks": False})
        effort = scaled(need.wait, self.effort) if self.effort else need.effort
        return need.model_copy(update={"parks": False, "wait": scaled(need.wait, 1 - self.cut), "effort": effort})


class SurfaceProblems(Lever):
    """It is safe to raise a problem: a share of what would come back later is found where it arises.

    Where step X returns items to an earlier step Y with chance p, a share s of the problems is found at Y itself: Y → Y with
    chance p·s, at `cost` × the work of that rework, and X still returns p(1 − s) / (1 − p·s) of what reaches it. So Y is passed
    1 / (1 − p) times as before, and what lies between is spared. It makes no fewer problems (build_quality_in does), and does
    not touch what is found by customers. Item types that do not take Y keep their chance.

    Example: {surface_problems: {share: 60%, cost: 50%, at: [test]}}
    Source: Edmondson 1999, Psychological Safety and Learning Behavior in Work Teams; share and cost are assumptions.
    """

    name: ClassVar[str] = "surface_problems"
    theme: ClassVar[str] = THEME

    share: Chance = Field(default=0.5, description="share of the problems that are found at their source")
    cost: Share = Field(default=0.5, description="work of the rework when found there, as a share of what it takes later")
    at: Names | None = Field(default=None, description="steps at which the problems are found now; default all")

    def apply(self, model: Model) -> Model:
        """The model in which returns become shorter loops."""
        if not self.share:
            return model
        for name in model.steps:
            for rule in model.steps[name].returns:
                if rule.to != name and rule.to in model.steps and (self.at is None or name in self.at):
                    model = self._surfaced(model, name, rule)
        return model

    def missing(self, model: Model) -> list[str]:
        """Steps that are not in the model."""
        return absent("step", self.at, model.steps)

    def _surfaced(self, model: Model, name: str, rule: Return) -> Model:
        """The model with one return from `name` found at its source, for the item types that pass it."""
        kinds = [kind for kind in model.demand if name in model.route(kind) and (rule.for_ is None or kind in rule.for_)]
        passing = tuple(kind for kind in kinds if rule.to in model.route(kind))
        if not passing:
            return model
        others = tuple(kind for kind in kinds if kind not in passing)
        concerned = rule.for_ if not others else passing
        caught = rule.chance * self.share
        escaping = rule.chance * (1 - self.share) / (1 - caught) if caught < 1 else 0.0
        late = rule.model_copy(update={"chance": escaping, "for_": concerned})
        kept = (rule.model_copy(update={"for_": others}),) if others else ()
        early = Return(to=rule.to, chance=caught, work=_cheaper(rule.work, self.cost), for_=concerned)
        returns = tuple(new for old in model.steps[name].returns for new in ((late, *kept) if old is rule else (old,)))
        source = model.steps[rule.to]
        return with_steps(
            model,
            {
                name: model.steps[name].model_copy(update={"returns": returns}),
                rule.to: source.model_copy(update={"returns": (*source.returns, early)}),
            },
        )


def _cheaper(work: Rework, cost: float) -> Rework:
    """The rework at `cost` × its work; drawn afresh becomes a share of the first work."""
    if cost == 1:
        return work
    if work.own is not None:
        return Rework(own=scaled(work.own, cost))
    return Rework(share=cost * (1.0 if work == AGAIN or work.share is None else work.share))
