"""Atomic focus: fewer things at once, each of them finished sooner."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from vssim.model.levers.base import Lever, absent, chosen, with_teams
from vssim.model.model import Model
from vssim.model.teams import Team
from vssim.model.values import Chance, Count, Names, Positive, is_number, expected

THEME = "atomic focus"


def _new_limit(value: Any) -> int | Literal["none"]:
    if value is None or value == "none":
        return "none"
    if not is_number(value) or value != int(value) or not 1 <= value <= 10**9:
        raise expected("a limit of at least 1, or none")
    return int(value)


NewLimit = Annotated[
    int | Literal["none"],
    BeforeValidator(_new_limit),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]}),
]
"""A limit to put in place of the present one; 'none' takes it away [items]."""


class LimitWip(Lever):
    """Put WIP limits on steps, teams, item types and the whole stream, in place of those they have.

    What is at its limit takes on nothing new until something leaves it: a step holds up the one before, a team starts
    nothing new, the stream keeps items in the backlog. It does not make anybody faster, and it drops no item: what is not
    let in waits in the backlog. Limits that are not named stay as they are.

    Example: {limit_wip: {steps: {develop: 7, test: 4}, stream: 30}}
    """

    name: ClassVar[str] = "limit_wip"
    theme: ClassVar[str] = THEME

    steps: dict[str, NewLimit] = Field(default={}, description="most items in a step's column, by step [items]")
    teams: dict[str, NewLimit] = Field(default={}, description="most items a team owns, by team [items]")
    types: dict[str, NewLimit] = Field(default={}, description="most items past the backlog, by item type [items]")
    stream: NewLimit | None = Field(default=None, description="most items past the backlog [items]; default as it is")

    def apply(self, model: Model) -> Model:
        """The model with the limits named here."""
        stream = model.wip_limit if self.stream is None else _limit(self.stream)
        return model.model_copy(
            update={
                "steps": _limited(model.steps, self.steps),
                "teams": _limited(model.teams, self.teams),
                "demand": _limited(model.demand, self.types),
                "wip_limit": stream,
            }
        )

    def missing(self, model: Model) -> list[str]:
        """Steps, teams and types that are not in the model."""
        return [
            *absent("step", self.steps, model.steps),
            *absent("team", self.teams, model.teams),
            *absent("item type", self.types, model.demand),
        ]


def _limit(limit: int | Literal["none"]) -> int | None:
    return None if limit == "none" else limit


def _limited(parts: dict[str, Any], limits: dict[str, int | Literal["none"]]) -> dict[str, Any]:
    return {
        name: part.model_copy(update={"wip_limit": _limit(limits[name])}) if name in limits else part
        for name, part in parts.items()
    }


class FinishFirst(Lever):
    """Stop starting, start finishing: teams take the waiting item that is furthest down the stream.

    It changes the pull order only, which decides among items of equal priority: later steps first. It limits nothing, and a
    team that has work at one step only is not affected.

    Example: finish_first, or {finish_first: {teams: [crew]}}
    """

    name: ClassVar[str] = "finish_first"
    theme: ClassVar[str] = THEME

    teams: Names | None = Field(default=None, description="which teams; default all")

    def apply(self, model: Model) -> Model:
        """The model with `pull: finish_first` in those teams."""
        teams = chosen(model, self.teams)
        return with_teams(model, {name: team.model_copy(update={"pull": "finish_first"}) for name, team in teams.items()})

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)
