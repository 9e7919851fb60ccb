"""Quality: get it right the first time, at a price."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, types_through, with_demand, with_returns, with_work, worked
from vssim.model.model import Model
from vssim.model.values import Chance, Names, Share

THEME = "quality"


class BuildQualityIn(Lever):
    """Fewer mistakes are made, and that takes some more work where they would have been made.

    Chances of being returned to the named steps, and of causing defects after delivery, become × (1 − cut); the work at those steps
    becomes × (1 + cost), rework that is a share of it included. A defect is taken to come from all named steps on its item's
    route. It changes neither how mistakes are found nor what repairing one costs, and nothing of what makes an item right for the
    customer (talk_to_customers does).

    Example: {build_quality_in: {cut: 60%, cost: 15%, steps: [develop]}}
    Source: Deming 1986, Out of the Crisis, point 3 (cease dependence on inspection); Nagappan et al. 2008 saw four teams
    that tested first with 40 to 90 % less defect density before release; they guessed 15 to 35 % more time at first.
    """

    name: ClassVar[str] = "build_quality_in"
    theme: ClassVar[str] = THEME

    cut: Chance = Field(default=0.5, description="share of returns and defects that no longer come about")
    cost: Share = Field(default=0.15, description="more work at those steps, as a share of the present work")
    steps: Names | None = Field(
        default=None, description="where mistakes come from; default the steps that items are returned to, else all with work"
    )

    def apply(self, model: Model) -> Model:
        """The model with fewer returns and defects, and more work."""
        steps = self._sources(model)
        model = with_returns(
            model,
            lambda _, rule: rule.model_copy(update={"chance": rule.chance * (1 - self.cut)}) if rule.to in steps else rule,
        )
        return with_work(self._fewer_defects(model, steps), dict.fromkeys(steps, 1 + self.cost))

    def missing(self, model: Model) -> list[str]:
        """Steps that are not in the model."""
        return absent("step", self.steps, model.steps)

    def _sources(self, model: Model) -> tuple[str, ...]:
        if self.steps is not None:
            return worked(model, self.steps)
        if not self._has_mistakes(model):
            return ()
        returned_to = tuple(rule.to for step in model.steps.values() for rule in step.returns)
        return worked(model, returned_to or None)

    def _has_mistakes(self, model: Model) -> bool:
        return any(step.returns for step in model.steps.values()) or any(kind.defects for kind in model.demand.values())

    def _fewer_defects(self, model: Model, steps: tuple[str, ...]) -> Model:
        changed = {}
        for name in types_through(model, steps):
            kind = model.demand[name]
            if kind.defects is not None:
                fewer = kind.defects.model_copy(update={"chance": kind.defects.chance * (1 - self.cut)})
                changed[name] = kind.model_copy(update={"defects": fewer})
        return with_demand(model, changed)
