"""Calendar: who is away when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, chosen, with_teams
from vssim.model.model import Model
from vssim.model.moments import Timetable
from vssim.model.staffing import Absence, steps_of
from vssim.model.teams import Group
from vssim.model.values import Count, Names

THEME = "calendar and class"

Place = tuple[str, int]
"""A team, and the position of a group in it."""


class StaggerHolidays(Lever):
    """Absences are spread, so that no step is without its people: one goes when the other is back.

    Every absence of several people becomes one for each. In the order of the file each person keeps his own dates if then at
    least `least` of those who do each of his steps are still here; else he goes at the nearest time, before or after, at which
    that holds: just when another comes back, or just before another leaves. Everybody is away for as long as before, so no day
    of work is won; what is won is that nothing waits for somebody who alone knows how. It moves no holiday of the calendar, and
    where there are no more than `least` people for a step, nobody can go without emptying it: they keep their dates.

    Example: {stagger_holidays: {teams: [developers], least: 1}}
    Source: Hopp and Spearman 2008, Factory Physics, ch. 8: long outages make more waiting than short ones of the same share.
    """

    name: ClassVar[str] = "stagger_holidays"
    theme: ClassVar[str] = THEME

    teams: Names | None = Field(default=None, description="whose absences are spread; default all")
    least: Count = Field(default=1, description="how many who do a step are to be here, at least [persons]")

    def apply(self, model: Model) -> Model:
        """The model in which people go one after the other."""
        groups = {(name, position): group for name, team in model.teams.items() for position, group in enumerate(team.groups)}
        movable = [place for place in groups if place[0] in chosen(model, self.teams) and groups[place].absences]
        wanted = [(place, absence) for place in movable for absence in _one_by_one(groups[place])]
        if not _crowded(groups, self.least):
            return model
        staff = {place: (_without_absences(group) if place in movable else group) for place, group in groups.items()}
        for place, absence in wanted:
            staff[place] = _away(staff[place], self._moved(staff, place, absence))
        changed = {
            name: team.with_groups(tuple(staff[name, position] for position in range(len(team.groups))))
            for name, team in chosen(model, self.teams).items()
            if any(staff[name, position] != group for position, group in enumerate(team.groups))
        }
        return with_teams(model, changed)

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)

    def _moved(self, staff: dict[Place, Group], place: Place, absence: Absence) -> Absence:
        """The absence at the time nearest to its own at which enough people are here; at its own where there is none."""
        length = absence.to - absence.from_
        others = [other for group in staff.values() for other in group.absences]
        edges = [edge for other in others for edge in (float(other.to), other.from_ - length)]
        for begin in sorted(
            {absence.from_, *(edge for edge in edges if edge >= 0)}, key=lambda each: (abs(each - absence.from_), each)
        ):
            moved = absence if begin == absence.from_ else absence.model_copy(update={"from_": begin, "to": begin + length})
            if _enough(staff | {place: _away(staff[place], moved)}, place, moved, self.least):
                return moved
        return absence


def _one_by_one(group: Group) -> Iterator[Absence]:
    """The absences of a group, each of one person."""
    for absence in group.absences:
        many = int(group.count) if absence.people == "all" else absence.people
        for _ in range(many):
            yield absence.model_copy(update={"people": 1})


def _without_absences(group: Group) -> Group:
    return group.model_copy(update={"absences": ()})


def _away(group: Group, absence: Absence) -> Group:
    """The group with one absence more; people who are away at the same time are written together."""
    same = [number for number, other in enumerate(group.absences) if (other.from_, other.to) == (absence.from_, absence.to)]
    absences = list(group.absences)
    if same:
        absences[same[0]] = absences[same[0]].model_copy(update={"people": int(absences[same[0]].people) + 1})
    else:
        absences.append(absence)
    return group.model_copy(update={"absences": tuple(absences)})


def _crowded(staff: dict[Place, Group], least: int) -> bool:
    """Whether at some time fewer than `least` of those who do a step are here because of absences."""
    return any(not _enough(staff, place, absence, least) for place, group in staff.items() for absence in group.absences)


def _enough(staff: dict[Place, Group], place: Place, absence: Absence, least: int) -> bool:
    """Whether enough of those who do each step of a group are here all through an absence of it."""
    for skill in staff[place].does:
        able = [group for group in staff.values() if skill in group.does]
        if any(group.count == "unlimited" for group in able):
            continue
        moments = {absence.from_, *(since for group in able for since in _changes(group) if absence.from_ < since < absence.to)}
        if any(sum(_here(group, now) for group in able) < least for now in moments):
            return False
    return True


def _changes(group: Group) -> Iterator[float]:
    yield from (since for since, _ in steps_of(group.present))


def _here(group: Group, now: float) -> int:
    """How many people of a group are here at a moment."""
    return Timetable(steps_of(group.present)).at(now, 0)
