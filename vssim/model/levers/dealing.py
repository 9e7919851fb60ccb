"""Dealing people out: the same people, craft by craft, round and round a number of new teams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vssim.model.staffing import combined, here_of, on_payroll
from vssim.model.teams import Group, Improvement, Onboarding, Team


@dataclass(frozen=True)
class Dealt:
    """How the new teams work: speed at other crafts, whether missing crafts are covered, cost of coordination."""

    proficiency: float
    cover: bool
    coordination: float


@dataclass(frozen=True)
class _Person:
    """One of the people, with the craft and the team that they come from."""

    craft: Group
    team: Team
    here: int
    """1, or a timetable of 1 and 0"""
    paid: int
    """likewise; who is away is paid"""
    cost: float | None
    """[currency per unit of time]"""


def deal(old: Mapping[str, Team], count: int, how: Dealt, taken: Iterable[str]) -> dict[str, Team]:
    """`count` new teams of the people of `old`, under names that are not `taken`."""
    people = _by_craft(old.values())
    hands = [people[first::count] for first in range(count)]
    skills = tuple(dict.fromkeys(skill for person in people for skill in person.craft.does))
    limits = _dealt_limits([team.wip_limit for team in old.values()], count)
    names = _names(count, set(taken))
    return {
        name: _team(hand, skills, how).model_copy(update={"wip_limit": limit})
        for name, hand, limit in zip(names, hands, limits, strict=True)
    }


def _by_craft(teams: Iterable[Team]) -> list[_Person]:
    """All people, those of the same craft together, crafts in the order in which the file first has them."""
    crafts: list[Group] = []
    people: list[list[_Person]] = []
    for team in teams:
        for group in team.groups:
            craft = group.model_copy(update={"count": 1, "absences": (), "cost": None})  # what they cost deals nobody elsewhere
            if craft not in crafts:
                crafts.append(craft)
                people.append([])
            each = zip(
                _one_by_one(group.present),
                _one_by_one(on_payroll(group.count) if isinstance(group.count, int) else 1),
                strict=False,
            )
            people[crafts.index(craft)] += [_Person(craft, team, here, paid, group.cost) for here, paid in each]
    return [person for together in people for person in together]


def _one_by_one(present: int) -> list[int]:
    """For each of these people, when they are here; people are filled in order, the first ones are here most."""

    def here(others: int) -> int:
        return combined([present], lambda now: int(now[0] > others))

    return [here(number) for number in range(int(present))]


def _dealt_limits(limits: list[int | None], count: int) -> list[int | None]:
    """The sum of the limits, dealt out; no limit for anybody where one of the teams had none."""
    if None in limits:
        return [None] * count
    total = sum(limit for limit in limits if limit is not None)
    return [max(1, total // count + (number < total % count)) for number in range(count)]


def _names(count: int, taken: set[str]) -> list[str]:
    """'team 1', 'team 2', … without those that are taken."""
    candidates = (f"team {number}" for number in range(1, count + len(taken) + 1))
    return [name for name in candidates if name not in taken][:count]


def _team(people: list[_Person], skills: tuple[str, ...], how: Dealt) -> Team:
    """A new team of these people; `skills` is what anybody does in any of the new teams."""
    crafts = list({id(person.craft): person.craft for person in people}.values())
    here = [skill for skill in skills if any(skill in craft.does for craft in crafts)]
    missing = [skill for skill in skills if skill not in here] if how.cover else []
    groups = tuple(
        _paid(
            _crossed(craft, 1, here, missing, how.proficiency),
            [person for person in people if person.craft is craft],
        )
        for craft in crafts
    )
    return Team(people=groups, **_brought_along([person.team for person in people], how.coordination))


def _crossed(craft: Group, count: int, here: list[str], missing: list[str], proficiency: float) -> Group:
    """The people of one craft in a new team: they do their own and what is missing, and help at what their mates do."""
    covered = {skill: max(proficiency, craft.helps.get(skill, 0.0)) for skill in missing}
    helped = {skill: max(proficiency, craft.helps.get(skill, 0.0)) for skill in here if skill not in craft.does}
    helps = {skill: known for skill, known in craft.helps.items() if skill not in covered} | helped
    alone = tuple(skill for skill in craft.only_when_alone if skill not in covered and skill not in helped)
    return Group(count=count, does=craft.does | covered, helps=helps, only_when_alone=alone, availability=craft.availability)


def _paid(group: Group, people: list[_Person]) -> Group:
    """The group with these people, each of whom costs the mean of what they cost."""
    count = here_of(combined([person.here for person in people], sum), combined([person.paid for person in people], sum))
    costs = [person.cost for person in people]
    mean = None if costs == [None] * len(costs) else sum(cost or 0.0 for cost in costs) / len(costs)
    return group.model_copy(update={"count": count, "cost": mean})


def _brought_along(teams: list[Team], coordination: float) -> dict[str, Any]:
    """What people bring from their teams, one entry a person: numbers as means, everything else from the first."""
    first = teams[0]
    own: dict[str, Any] = {
        "multitasking": _mean(teams, lambda team: team.multitasking),
        "meetings": _mean(teams, lambda team: team.meetings),
        "coordination": _mean(teams, lambda team: team.coordination) + coordination,
        "improvement": _improvement([team.improvement for team in teams]),
        "onboarding": _onboarding(teams),
        "sick": first.sick,
        "drift": first.drift,
        "swarming": first.swarming,
        "pull": first.pull,
        "tickets": first.tickets,
    }
    if any(team.efficiency is not None for team in teams):
        return own | {"efficiency": first.efficiency, "switching_cost": first.switching_cost}
    return own | {"switching_cost": _mean(teams, lambda team: team.switching_cost)}


def _mean(teams: list[Team], number: Callable[[Team], float]) -> float:
    """The mean over people; exactly their value where all have the same."""
    numbers = [number(team) for team in teams]
    return numbers[0] if len(set(numbers)) == 1 else sum(numbers) / len(numbers)


def _improvement(kept: list[Improvement | None]) -> Improvement | None:
    """The mean time kept for improvement; people who keep none count as 0, but not in the mean of `within`."""
    keeping = [improvement for improvement in kept if improvement is not None]
    if not keeping or all(improvement == keeping[0] for improvement in kept):
        return kept[0]
    return Improvement(
        share=sum(improvement.share for improvement in keeping) / len(kept),
        gain=sum(improvement.gain for improvement in keeping) / len(kept),
        within=sum(improvement.within for improvement in keeping) / len(keeping),
    )


def _onboarding(teams: list[Team]) -> Onboarding | None:
    """The mean number of newcomers among these people, with the mean of their figures."""
    new = [(team.onboarding, 1 / team.headcount) for team in teams if team.onboarding is not None and team.headcount]
    if not new:
        return None
    count = sum(onboarding.people * share for onboarding, share in new)
    return Onboarding(
        people=count,
        ramp=sum(onboarding.ramp for onboarding, _ in new) / len(new),
        mentoring=sum(onboarding.mentoring for onboarding, _ in new) / len(new),
    )
