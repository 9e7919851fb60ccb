"""Steps: the activities of the value stream, what they need from others, and what happens at their end."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from vssim.model.distributions import ZERO
from vssim.model.moments import Moment, Moments
from vssim.model.values import (
    AGAIN,
    ONE_OR_MANY,
    WRITE_ONE_OR_MANY,
    Chance,
    Duration,
    Limit,
    Names,
    Part,
    PositiveTime,
    Rework,
    ReworkWork,
    Share,
    expected,
    is_number,
    percent,
)


class Gate(Part):
    """A cadence at which items may leave (release train, steering committee)."""

    every: PositiveTime | None = Field(default=None, description="time between openings; it opens at offset + multiples of it")
    at: Moments | None = Field(default=None, description="when it opens, in place of every; dates: in their evenings")
    offset: Moment = Field(default=0.0, description="shift of the openings; a date: in its evening, and so on from there")
    most: Limit = Field(default=None, description="most items let through per opening")
    for_: Names | None = Field(default=None, alias="for", description="item types it holds; default all")

    @model_validator(mode="after")
    def _one_timing(self) -> Gate:
        if (self.every is None) == (self.at is None):
            raise expected("either every (time between openings) or at (the moments of its openings)")
        if self.at is not None and self.offset:
            raise expected("an offset beside every only", got="offset")
        return self

    @property
    def interval(self) -> float:
        """Time between openings; of listed ones the mean [units of time]."""
        if self.every is not None:
            return self.every
        moments = sorted(moment for moment in self.at or () if moment > 0)
        return moments[-1] / len(moments) if moments else 1.0


class Ours(Part):
    """The needs that a team meets by itself, with work of its own, where others would be asked."""

    share: Chance = Field(default=1.0, description="share of these needs")
    work: Duration = Field(description="the team's own work on each, at the end of the stay, where the helper has none of it")


class Need(Part):
    """Help an item must have: from a team (a ticket), from outside (a wait), or from a committee (a gate)."""

    from_: str | None = Field(default=None, alias="from", description="the skill, or the committee, that is needed")
    outside: str | None = Field(default=None, description="who outside is waited for")
    chance: Chance = Field(default=1.0, description="chance that a stay has this need")
    work: Duration | None = Field(default=None, description="the helper's work")
    wait: Duration | None = Field(default=None, description="how long outside takes")
    at: Chance = Field(default=0.5, description="share of the step's own work after which the need arises")
    delay: Duration = Field(default=ZERO, description="time in transit before the helper can begin")
    parks: bool = Field(default=False, description="the item is shelved meanwhile and holds no place")
    gate: Gate | None = Field(default=None, description="the cadence at which a committee answers")
    ours: Ours | None = Field(default=None, description="those of these needs that the team meets by itself")
    effort: Duration = Field(default=ZERO, description="the team's own work on each need that others meet (briefing, chasing)")
    for_: Names | None = Field(default=None, alias="for", description="item types that have this need; default all")

    @model_validator(mode="after")
    def _one_kind(self) -> Need:
        if (self.from_ is None) == (self.outside is None):
            raise expected("either from (a team's skill or a committee) or outside (whom nobody here can hurry)")
        if self.outside is not None and (self.wait is None or self.work is not None or self.gate is not None):
            raise expected("a wait, and neither work nor gate, for a need from outside")
        if self.from_ is not None and self.wait is not None:
            raise expected("work (or a gate) for a need from a team; a wait is for outside")
        if self.from_ is not None and self.work is None and self.gate is None:
            raise expected("work that the helper does, or a gate at which a committee answers")
        return self

    @property
    def skill(self) -> str | None:
        """The skill that answers the ticket; None when nobody's work is needed."""
        return self.from_ if self.work is not None else None

    @property
    def asked(self) -> float:
        """Chance that a stay has this need and others are asked to meet it."""
        return self.chance if self.ours is None else self.chance * (1 - self.ours.share)


class Return(Part):
    """A chance that an item is sent back to an earlier step, or to the same one (rework)."""

    to: str = Field(description="the step it is sent back to")
    chance: Chance = Field(description="chance on each pass")
    work: ReworkWork = Field(
        default=AGAIN, description="work at the step it is sent back to: again, a share of the first, or its own"
    )
    on_the_way: Share | None = Field(
        default=None, description="work at the steps from there back to this one, as a share of the first; default drawn afresh"
    )
    for_: Names | None = Field(default=None, alias="for", description="item types it concerns; default all")

    @property
    def passing(self) -> Rework:
        """The work at the steps that are passed again on the way."""
        return Rework(share=self.on_the_way)


class Stops(Part):
    """Chances that an item is dropped at this step, by what it would turn out to be for the customer."""

    wrong: Chance = Field(default=0.0, description="chance to be dropped for what would turn out wrong")
    right: Chance = Field(default=0.0, description="chance to be dropped for what would turn out right")


def _stops(value: Any) -> Any:
    """One share means every item, whatever it would turn out to be."""
    if percent(value) is None and not is_number(value):
        return value
    return {"wrong": value, "right": value}


def _write_stops(stops: Stops | None) -> Any:
    return None if stops is None else stops.document()


class Step(Part):
    """One activity of the value stream: work, or a wait in which only time passes."""

    work: Duration | None = Field(default=None, description="touch time at proficiency 1")
    wait: Duration | None = Field(default=None, description="time that passes without anybody")
    needs: Annotated[tuple[Need, ...], ONE_OR_MANY, WRITE_ONE_OR_MANY] = Field(default=(), description="help that items need here")
    returns: Annotated[tuple[Return, ...], ONE_OR_MANY, WRITE_ONE_OR_MANY] = Field(
        default=(), description="rework; a list is tried in order"
    )
    stops: Annotated[Stops | None, BeforeValidator(_stops), PlainSerializer(_write_stops)] = Field(
        default=None, description="chance to be dropped here: of every item, or {wrong, right} by what it would turn out to be"
    )
    wip_limit: Limit = Field(default=None, description="most items in this step's column")
    gate: Gate | None = Field(default=None, description="cadence at which items leave forwards")

    @model_validator(mode="after")
    def _work_or_wait(self) -> Step:
        if self.work is not None and self.wait is not None:
            raise expected("either work or wait")
        return self
