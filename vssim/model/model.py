"""The model: a value stream as frozen data. Levers turn one into another; everything else only reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from vssim.model.demand import ItemType
from vssim.model.moments import WorkingTime
from vssim.model.spans import SpanLimit
from vssim.model.steps import Step
from vssim.model.teams import Discipline, Handoffs, Team
from vssim.model.values import Limit, Part


class Model(Part):
    """An organisation and the demand on it. Keys and nesting are those of the scenario file."""

    demand: dict[str, ItemType] = Field(description="item types by name")
    steps: dict[str, Step] = Field(description="steps by name, in order")
    teams: dict[str, Team] = Field(description="teams by name")
    handoffs: Handoffs = Field(default=Handoffs(), description="what passing an item to another team costs")
    discipline: Discipline = Field(default="fifo", description="which waiting item comes first")
    wip_limit: Limit = Field(default=None, description="most items past the backlog (CONWIP)")
    limits: dict[str, SpanLimit] = Field(default={}, description="limits over several columns, or of a type in a column, by name")
    calendar: WorkingTime = Field(default=WorkingTime(), description="which days the clock counts, and when nobody works")

    def document(self) -> dict[str, Any]:
        """The model as a scenario file writes it: short forms written out, defaults left out."""
        return {
            "demand": {name: kind.document() for name, kind in self.demand.items()},
            "steps": {name: step.document() for name, step in self.steps.items()},
            "teams": {name: team.document() for name, team in self.teams.items()},
            "handoffs": self.handoffs.document(),
            "discipline": self.discipline,
            "wip_limit": "none" if self.wip_limit is None else self.wip_limit,
            **({"limits": {name: limit.document() for name, limit in self.limits.items()}} if self.limits else {}),
            "calendar": self.calendar.document(),
        }

    @property
    def loses_patience(self) -> bool:
        """True when everything that arrives by itself gives up when it is not begun for too long."""
        arriving = [kind for kind in self.demand.values() if kind.goes_on]
        return bool(arriving) and all(kind.gives_up is not None for kind in arriving)

    @property
    def under_way(self) -> float:
        """How long ago the oldest thing happened that is known of items under way at time 0 [units of time]; −1 none is."""
        here = [item for kind in self.demand.values() for item in kind.items if item.is_here]
        known = [each for item in here for each in (item.arrived, item.entered, item.started) if each is not None]
        return max((-each for each in known), default=-1.0)

    @property
    def linked(self) -> bool:
        """True when some item waits for others to leave."""
        return any(item.waits_for for kind in self.demand.values() for item in kind.items)

    def works_at(self, step: str) -> bool:
        """True when people are needed at `step`, for every item type or for one that has work of its own there."""
        return self.steps[step].work is not None or any(step in kind.work for kind in self.demand.values())

    def route(self, kind: str) -> tuple[str, ...]:
        """The steps of an item type, in order: its own route, none for a whole of parts, else every step."""
        item_type = self.demand[kind]
        if item_type.route is not None:
            return item_type.route
        return () if item_type.parts else tuple(self.steps)

    def skills(self) -> tuple[str, ...]:
        """Every skill: the steps in order, then what else needs ask for or people do, in the order of the file."""
        skills = dict.fromkeys(self.steps)
        for step in self.steps.values():
            skills |= dict.fromkeys(need.skill for need in step.needs if need.skill is not None)
        for team in self.teams.values():
            for group in team.groups:
                skills |= dict.fromkeys([*group.does, *group.helps])
        return tuple(skills)

    def teams_that(self, verb: str, skill: str) -> Iterator[str]:
        """Names of the teams that do (`verb` 'does') or help at ('helps') a skill, in the order of the file."""
        for name, team in self.teams.items():
            if team.can(verb, skill):
                yield name
