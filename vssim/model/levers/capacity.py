"""Capacity: more of the time there is goes into the work, and the work takes less of it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, chosen, doing_steps, with_teams
from vssim.model.model import Model
from vssim.model.staffing import plus
from vssim.model.teams import Improvement, Onboarding, Team
from vssim.model.values import Chance, Count, Names, PartShare, PositiveTime, Share

THEME = "capacity"


class CutMeetings(Lever):
    """Meetings take less of people's time; what is left over goes into the work.

    The share of time that meetings take becomes × (1 − cut), so that pace goes from (1 − m) to (1 − m·(1 − cut)). It assumes
    that the meetings which go were not needed: coordination, mistakes and outcomes stay as they are. It does not make a crowd
    smaller.

    Example: {cut_meetings: {cut: 60%, teams: [developers]}}
    """

    name: ClassVar[str] = "cut_meetings"
    theme: ClassVar[str] = THEME

    cut: Chance = Field(default=0.5, description="share of the meetings that goes")
    teams: Names | None = Field(default=None, description="which teams; default all")

    def apply(self, model: Model) -> Model:
        """The model with fewer meetings in those teams."""
        teams = chosen(model, self.teams)
        return with_teams(
            model,
            {name: team.model_copy(update={"meetings": team.meetings * (1 - self.cut)}) for name, team in teams.items()},
        )

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)


class AddPeople(Lever):
    """More people, who at first get nothing done and take their colleagues' time.

    A team of n that k join has n + k people. t after they came a newcomer is as fast as 1 − e^(−3t/ramp), and the others lose
    together k · mentoring · e^(−3t/ramp) persons, at most half of their time; so many open items are worked on by so many
    people, the fastest first. 95 % of it is over after `ramp`. A cost of `coordination` that the team has grows with its size,
    for good. Hiring itself takes no time here; say `from`. It does not help where others are the bottleneck.

    Pulled again on the same team, before or after, newcomers add up and are as new as the last of them.

    Example: {add_people: {teams: {developers: 2}, ramp: 60, mentoring: 25%}}
    Source: Brooks 1975, The Mythical Man-Month, ch. 2: ramp-up, and communication that grows with size; figures are assumptions.
    """

    name: ClassVar[str] = "add_people"
    theme: ClassVar[str] = THEME

    teams: dict[str, Count] = Field(default={}, description="how many people join, by team [persons]")
    does: str | None = Field(default=None, description="the craft they have, by something it does; default a team's largest")
    ramp: PositiveTime = Field(default=60.0, description="time until they are up to speed, but for 5 % [units of time]")
    mentoring: Share = Field(default=0.25, description="time of colleagues that each takes at first, as a share of a person's")

    def apply(self, model: Model) -> Model:
        """The model with larger teams that are getting used to it."""
        larger = {
            name: self._larger(team, self.teams[name])
            for name, team in chosen(model, tuple(self.teams)).items()
            if team.headcount is not None and self._joined(team) is not None
        }
        return with_teams(model, larger)

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model, need nobody, or do not have the craft."""
        there = chosen(model, tuple(self.teams))
        return [
            *absent("team", self.teams, model.teams),
            *(f"{name} has unlimited people and stays as it is" for name, team in there.items() if team.headcount is None),
            *(f"nobody in {name} does {self.does!r}" for name, team in there.items() if self._joined(team) is None),
        ]

    def _joined(self, team: Team) -> int | None:
        """The position of the craft that newcomers join."""
        sizes = {
            position: -1 if group.count == "unlimited" else group.count
            for position, group in enumerate(team.groups)
            if self.does is None or self.does in group.does
        }
        return max(sizes, key=lambda position: sizes[position], default=None)

    def _larger(self, team: Team, more: int) -> Team:
        joined = self._joined(team)
        groups = tuple(
            group.model_copy(update={"count": plus(_number(group.count), more)}) if position == joined else group
            for position, group in enumerate(team.groups)
        )
        already = 0.0 if team.onboarding is None else team.onboarding.people
        newcomers = Onboarding(people=already + more, ramp=self.ramp, mentoring=self.mentoring)
        return team.with_groups(groups).model_copy(update={"onboarding": newcomers})


def _number(count: int | str) -> int:
    """A number of people, which may change with time; craft that newcomers join have one."""
    return count if isinstance(count, int) else int(count)


class MakeTimeToImprove(Lever):
    """A share of the time goes into improving how the work is done: worse before better.

    t after it began, pace is × (1 − share) / (1 − gain · (1 − e^(−t/within))): the time is gone at once, and what it gains
    comes slowly, 63 % of it by `within`. It breaks even when the work has shrunk by `share`; where gain <= share it never does.
    It improves pace only: it makes no fewer mistakes and handoffs. It takes the place of a team's present improvement.

    Example: {make_time_to_improve: {share: 10%, gain: 30%, within: 100}}
    Source: Repenning and Sterman 2001, Nobody Ever Gets Credit for Fixing Problems that Never Happened; figures are assumptions.
    """

    name: ClassVar[str] = "make_time_to_improve"
    theme: ClassVar[str] = THEME

    share: PartShare = Field(default=0.1, description="share of the time that is kept for improvement")
    gain: PartShare = Field(default=0.3, description="share by which work shrinks in the end")
    within: PositiveTime = Field(default=100.0, description="time constant of the gain [units of time]")
    teams: Names | None = Field(default=None, description="which teams; default all that do steps")

    def apply(self, model: Model) -> Model:
        """The model with teams that improve."""
        if not self.share and not self.gain:
            return model
        improvement = Improvement(share=self.share, gain=self.gain, within=self.within)
        teams = chosen(model, doing_steps(model) if self.teams is None else self.teams)
        return with_teams(model, {name: team.model_copy(update={"improvement": improvement}) for name, team in teams.items()})

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)
