"""Dissolve the silos: what passes between teams costs less, or need not pass at all."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from vssim.model.distributions import ZERO, Distribution
from vssim.model.levers.base import Lever, absent, doing_steps, small_batches
from vssim.model.levers.dealing import Dealt, deal
from vssim.model.model import Model
from vssim.model.teams import Handoffs, Team
from vssim.model.values import Chance, Count, Names, Proficiency, Share

THEME = "dissolve silos"


class CrossFunctionalTeams(Lever):
    """The same people in n teams that each have every craft, as far as there are enough of them.

    Crafts are dealt one after the other, in the order of the file, round and round the teams: each craft goes on where the
    one before stopped, so that sizes differ by one at most. People keep doing their own craft, and help at their mates' at
    `proficiency` (or better, where they do already). What nobody in a team does is covered by all of them at that proficiency,
    or handed off to a team that does it. WIP limits of the old teams are added up and dealt likewise (at least 1 each; none
    if an old team has none).
    What belongs to a team's pace (meetings, coordination, improvement, multitasking, switching cost) its people bring along:
    the new team has their mean, and `coordination` on top; what is no number (pull, tickets, swarming, an efficiency list)
    it has from the first of its people.

    It hires and teaches nobody, changes no work, limit of a step, need or handoff cost; teams that are not named stay.

    Example: {cross_functional_teams: {count: 3, proficiency: 60%}}
    """

    name: ClassVar[str] = "cross_functional_teams"
    theme: ClassVar[str] = THEME

    teams: Names | None = Field(default=None, description="which teams are dissolved; default all that do steps")
    count: Count | None = Field(default=None, description="how many new teams; default as many as the rarest craft has people")
    proficiency: Proficiency = Field(default=0.7, description="how fast people are at a craft that is not theirs")
    missing_craft: Literal["cover", "hand_off"] = Field(
        default="cover", alias="missing", description="what a team lacks: cover it themselves, or hand it off"
    )
    coordination: Share = Field(default=0.0, description="further pace lost per colleague, on top of what people bring along")

    def apply(self, model: Model) -> Model:
        """The model with the named teams dissolved into new ones, in the place of the first of them."""
        dissolved = self._dissolved(model)
        if not dissolved:
            return model
        new = deal(dissolved, self._count(dissolved), self._how(), taken=model.teams)
        first = next(iter(dissolved))
        teams: dict[str, Team] = {}
        for name, team in model.teams.items():
            teams |= new if name == first else {}
            teams |= {} if name in dissolved else {name: team}
        return model.model_copy(update={"teams": teams})

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model or cannot be dealt out, and more teams than there are people."""
        sentences = absent("team", self.teams, model.teams)
        for name in self._named(model):
            if model.teams[name].headcount is None:
                sentences.append(f"{name} has unlimited people and stays as it is")
        people = sum(team.headcount or 0 for team in self._dissolved(model).values())
        if self.count is not None and 0 < people < self.count:
            sentences.append(f"{people} people make {people} teams, not {self.count}")
        return sentences

    def _how(self) -> Dealt:
        return Dealt(self.proficiency, cover=self.missing_craft == "cover", coordination=self.coordination)

    def _named(self, model: Model) -> tuple[str, ...]:
        names = doing_steps(model) if self.teams is None else self.teams
        return tuple(name for name in model.teams if name in names)

    def _dissolved(self, model: Model) -> dict[str, Team]:
        """The teams that are dissolved, in the order of the file."""
        return {name: model.teams[name] for name in self._named(model) if model.teams[name].headcount is not None}

    def _count(self, dissolved: dict[str, Team]) -> int:
        by_craft: dict[Any, int] = {}
        for team in dissolved.values():
            for group in team.groups:
                craft = (tuple(group.does.items()), tuple(group.helps.items()))
                by_craft[craft] = by_craft.get(craft, 0) + int(group.count)
        return min(self.count or min(by_craft.values()), sum(by_craft.values()))


class SoftenHandoffs(Lever):
    """Handoffs cost less: a share of the delay and of the relearning is left, and batches are smaller.

    Delays shrink in proportion, with the shape they have. It removes no handoff: items pass between teams as often as before.

    Example: {soften_handoffs: {delay: 30%, relearning: 50%, batch: 2}}
    """

    name: ClassVar[str] = "soften_handoffs"
    theme: ClassVar[str] = THEME

    delay: Chance = Field(default=0.5, description="share of the present delay that is left")
    relearning: Chance = Field(default=0.5, description="share of the present relearning that is left")
    batch: Count | None = Field(default=None, description="most items handed over together [items]; default as it is")

    def apply(self, model: Model) -> Model:
        """The model with softer handoffs, into every step."""
        handoffs = model.handoffs if self.batch is None else small_batches(model.handoffs, self.batch)
        into = {step: own.model_copy(update=self._softer(own.delay, own.relearning)) for step, own in handoffs.into.items()}
        update: dict[str, Any] = {**self._softer(handoffs.delay, handoffs.relearning), "into": into}
        softer: Handoffs = handoffs.model_copy(update=update)
        return model.model_copy(update={"handoffs": softer})

    def _softer(self, delay: Distribution | None, relearning: float | None) -> dict[str, Any]:
        """Delay and relearning with only their shares left; None stays None."""
        return {
            "delay": None if delay is None else delay.scaled(self.delay) if self.delay else ZERO,
            "relearning": None if relearning is None else relearning * self.relearning,
        }
