"""New titles: what is often taken for a change."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vssim.model.levers.base import Lever, absent, chosen, with_teams
from vssim.model.model import Model


class Rename(Lever):
    """Teams are called something else, and everything goes on as before.

    It gives teams a `title` and does nothing to the flow: to the tick, the log is what it was. Figures keep the team's name, so
    that they can be compared. A dip of the change counts for the teams renamed: a reorganisation on paper costs what it costs.

    Example: {rename: {teams: {developers: Tribe Phoenix}}}
    """

    name: ClassVar[str] = "rename"
    theme: ClassVar[str] = "how change is made"

    teams: dict[str, str] = Field(default={}, description="team -> its new title")

    def apply(self, model: Model) -> Model:
        """The model with new titles."""
        titled = {
            name: team.model_copy(update={"title": self.teams[name]}) for name, team in chosen(model, tuple(self.teams)).items()
        }
        return with_teams(model, titled)

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)

    def notes(self, model: Model, after: Model | None = None) -> list[str]:
        """What every lever says, and that titles change nothing in the flow."""
        renamed = chosen(model, tuple(self.teams))
        said = [f"{self.name} gives new titles ({', '.join(renamed)}); the flow stays as it is"] if renamed else []
        return [*super().notes(model, after), *said]
