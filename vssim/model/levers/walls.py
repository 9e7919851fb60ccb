"""Dissolve the silos: what passes between teams costs less, or need not pass at all."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from vssim.model.distributions import ZERO, Distribution
from vssim.model.levers.base import Lever, absent, chosen, doing_steps, scaled, small_batches, with_needs, with_teams, worked
from vssim.model.levers.dealing import Dealt, deal
from vssim.model.model import Model
from vssim.model.steps import Need, Ours
from vssim.model.teams import Group, Handoffs, Team
from vssim.model.values import Chance, Count, Names, Proficiency, Share

THEME = "dissolve silos"


MOST_DEALT = 10_000
"""Teams of more people are not dealt out, which is done person by person: a million takes minutes and gigabytes."""


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
            headcount = model.teams[name].headcount
            if headcount is None:
                sentences.append(f"{name} has unlimited people and stays as it is")
            elif headcount > MOST_DEALT:
                sentences.append(f"{name} has more than {MOST_DEALT:,} people and stays as it is")
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
        teams = {name: model.teams[name] for name in self._named(model)}
        return {name: team for name, team in teams.items() if team.headcount is not None and team.headcount <= MOST_DEALT}

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


class CrossTrain(Lever):
    """People learn to help where they could not: T-shaped, with their own craft first.

    Everybody in the named teams gains the named skills as `helps`, at `proficiency`: work that they take on when nothing of
    their own waits. What they do or help at already, and better, stays as it is, so that nobody loses their craft or the
    ownership of their steps. The learning itself costs nothing here (a dip, or make_time_to_improve, says what it does), it adds
    no people, and somebody without a free moment helps nobody.

    A helper who is half as fast takes twice as long over what an expert would have taken up a moment later: where experts wait
    for work now and then, that can make things worse. With `only_when_alone` nothing is taken up in this way: what somebody
    newly learned to help at, he takes up only while nobody is here who does it (on holiday, ill, or gone); what he has taken up,
    his team finishes.

    Example: {cross_train: {teams: [developers], skills: [test], proficiency: 60%}}
    Source: Hopp and Van Oyen 2004, Agile Workforce Evaluation; the proficiency is an assumption.
    """

    name: ClassVar[str] = "cross_train"
    theme: ClassVar[str] = THEME

    teams: Names | None = Field(default=None, description="who learns; default all teams that do steps")
    skills: Names | None = Field(default=None, description="what they learn; default every step at which people work")
    proficiency: Proficiency = Field(default=0.6, description="how fast they are at what is not theirs")
    only_when_alone: bool = Field(default=False, description="they take it up only while nobody is here who does it")

    def apply(self, model: Model) -> Model:
        """The model with people who help at more."""
        skills = worked(model, None) if self.skills is None else tuple(s for s in self.skills if s in model.skills())
        teams = chosen(model, doing_steps(model) if self.teams is None else self.teams)
        return with_teams(
            model,
            {name: team.with_groups(tuple(self._trained(group, skills) for group in team.groups)) for name, team in teams.items()},
        )

    def missing(self, model: Model) -> list[str]:
        """Teams and skills that are not in the model."""
        return [*absent("team", self.teams, model.teams), *absent("step or skill", self.skills, model.skills())]

    def _trained(self, group: Group, skills: tuple[str, ...]) -> Group:
        known = group.helps
        learned = {
            skill: self.proficiency for skill in skills if skill not in group.does and known.get(skill, 0) < self.proficiency
        }
        alone = [skill for skill in learned if self.only_when_alone and skill not in known]
        return group.model_copy(update={"helps": known | learned, "only_when_alone": (*group.only_when_alone, *alone)})


class SelfServe(Lever):
    """What a team had to ask others for, it mostly does itself: a platform to help oneself at, a web of dependencies cut.

    Of the needs from the named skills a share is met by the team itself: no ticket, no queue at the other team, and instead the
    work of that ticket × `factor` as own work at the end of the stay. The remaining (1 − share) are tickets as before; which
    items those are is the same luck with a smaller chance. It builds no platform: what that costs is a matter of people
    and of a dip. Needs from outside and from committees without work of their own stay as they are.

    Example: {self_serve: {from: [platform], share: 70%, factor: 150%}}
    Source: Skelton and Pais 2019, Team Topologies, on X-as-a-service; share and factor are assumptions.
    """

    name: ClassVar[str] = "self_serve"
    theme: ClassVar[str] = THEME

    from_: Names | None = Field(default=None, alias="from", description="which skills are no longer asked for; default all")
    share: Chance = Field(default=0.7, description="share of these needs that the team meets itself")
    factor: Share = Field(default=1.5, description="how much longer it takes them than the helper, as a share of the helper's work")

    def apply(self, model: Model) -> Model:
        """The model in which fewer needs become tickets."""
        return with_needs(model, lambda _, need: met_by_themselves(need, self.share, self.factor) if self._is_for(need) else need)

    def missing(self, model: Model) -> list[str]:
        """Skills that nothing is asked of."""
        return absent("need from", self.from_, asked_skills(model))

    def _is_for(self, need: Need) -> bool:
        return need.skill is not None and (self.from_ is None or need.skill in self.from_)


def asked_skills(model: Model) -> tuple[str, ...]:
    """The skills that needs ask for, in the order of the file."""
    return tuple(dict.fromkeys(need.skill for step in model.steps.values() for need in step.needs if need.skill is not None))


def met_by_themselves(need: Need, share: float, factor: float) -> Need:
    """The need from a team, of which a share (of what was still asked for) is met by whoever has it, at `factor` × the work."""
    if not share or need.work is None:
        return need
    before = need.ours.share if need.ours is not None else 0.0
    return need.model_copy(update={"ours": Ours(share=before + (1 - before) * share, work=scaled(need.work, factor))})
