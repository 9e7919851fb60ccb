"""Teams: who sits together, what they do and help at, how they share their attention; and handoffs between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from vssim.model.distributions import ZERO
from vssim.model.moments import Timetable
from vssim.model.money import Amount
from vssim.model.staffing import HEADS_SCHEMA, Absence, Drift, Headcount, Sickness, Staff, combined, headcount, write_heads
from vssim.model.values import (
    ONE_OR_MANY,
    SHARE_SCHEMA,
    WRITE_NUMBER,
    Chance,
    Count,
    Duration,
    Limit,
    Names,
    Part,
    PartShare,
    Positive,
    PositiveShare,
    PositiveTime,
    Share,
    Skills,
    Time,
    expected,
    share_of,
)

Pull = Literal["fifo", "finish_first", "start_first", "oldest_first"]
TicketOrder = Literal["first", "last", "with_the_rest"]
Discipline = Literal["fifo", "lifo", "shortest_first", "wsjf", "earliest_due"]


CRAFT = ("does", "helps", "only_when_alone", "availability", "absences", "cost")
"""What a group of people says of itself, and a team of one craft in its place."""

Here = Annotated[float, share_of(0.000001, 1, "a share above 0% and at most 100%"), WRITE_NUMBER, SHARE_SCHEMA]
Absences = Annotated[tuple[Absence, ...], ONE_OR_MANY, PlainSerializer(lambda absences: [each.document() for each in absences])]


def _at_some(value: Any) -> Any:
    if isinstance(value, bool):
        raise expected("names of what these people help at; true is for all of it")
    return value


Alone = Annotated[
    Names,
    BeforeValidator(_at_some),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""Some of what people help at: names, or true for all of it."""


def _all_named(craft: Any) -> Any:
    """What a file says of people, where `only_when_alone: true` stands for all that they help at."""
    if not isinstance(craft, Mapping) or not isinstance(craft.get("only_when_alone"), bool):
        return craft
    helps = craft.get("helps", ())
    everything = [helps] if isinstance(helps, str) else list(helps) if isinstance(helps, list | tuple | Mapping) else []
    if craft["only_when_alone"] and not everything:
        return craft
    return {**craft, "only_when_alone": everything if craft["only_when_alone"] else []}


ONLY_WHEN_ALONE = "which of these they take up only while nobody is here who does it"


def _enough(count: Any, absences: tuple[Absence, ...]) -> None:
    """Refuse more people away at once than there ever are."""
    for absence in absences:
        if absence.to <= absence.from_:
            raise expected("an absence that ends after it begins", got="to")
        if absence.people != "all" and isinstance(count, int) and absence.people > count:
            raise expected(f"at most the {int(count)} people that there are in an absence", got=str(absence.people))
    if absences and count == "unlimited":
        raise expected("a number of people where some are absent", got="unlimited")


def _countable(count: Any, cost: float | None) -> None:
    """Refuse a cost for unlimited people."""
    if cost and count == "unlimited":
        raise expected("a number of people where they have a cost", got="unlimited")


def _away(absence: Absence, count: int) -> int:
    """How many an absence takes, by moment."""
    people = int(count) if absence.people == "all" else absence.people
    return Staff(Timetable(((min(0.0, absence.from_), 0), (absence.from_, people), (absence.to, 0))))


class Group(Part):
    """Interchangeable people of one craft in a team; becomes a pool."""

    count: Headcount = Field(description="how many")
    does: Skills = Field(default={}, description="what is theirs to do, with proficiency")
    helps: Skills = Field(default={}, description="what they help at when nothing of theirs waits")
    only_when_alone: Alone = Field(default=(), description=ONLY_WHEN_ALONE)
    availability: Here = Field(default=1.0, description="share of the working time that each of them is here")
    absences: Absences = Field(default=(), description="when some of them are not here")
    cost: Amount | None = Field(default=None, description="what each of them costs a unit of time, here or not; default the team's")

    @model_validator(mode="before")
    @classmethod
    def _at_all(cls, craft: Any) -> Any:
        return _all_named(craft)

    @model_validator(mode="after")
    def _people_to_miss(self) -> Group:
        _enough(self.count, self.absences)
        _countable(self.count, self.cost)
        return self

    @property
    def present(self) -> int:
        """How many are here, absences taken off, by moment [persons]."""
        count = self.count if isinstance(self.count, int) else 1
        return combined([count, *(_away(absence, count) for absence in self.absences)], lambda now: max(0, now[0] - sum(now[1:])))


def _costing(group: Group, cost: float) -> Group:
    """The group with a cost for each person, unless it states its own."""
    return group if group.cost is not None else group.model_copy(update={"cost": cost})


class Swarming(Part):
    """Several people on one item: N items on n people go at min(n/N, most)^help."""

    help: Chance = Field(default=0.5, description="0 = more hands are no help, 1 = perfect")
    most: Positive = Field(default=3.0, description="most people on one item")

    @model_validator(mode="after")
    def _at_least_one(self) -> Swarming:
        if self.most < 1:
            raise expected("at least 1 for most")
        return self


class Improvement(Part):
    """Time kept for improvement: takes a share now, lets work shrink towards (1 − gain), 1 − 1/e of it by `within`."""

    share: PartShare = Field(default=0.1, description="share of the time that is kept")
    gain: PartShare = Field(default=0.3, description="share by which work shrinks in the end")
    within: PositiveTime = Field(default=100.0, description="time constant of the gain")


class Onboarding(Part):
    """Newcomers among a team's people, who at first get nothing done and take their colleagues' time, until about `ramp`."""

    people: Positive = Field(description="how many of the team's people are new [persons]")
    ramp: PositiveTime = Field(default=60.0, description="time until they are up to speed, but for 5%")
    mentoring: Share = Field(default=0.25, description="time of colleagues that each takes at first, as a share of a person's")


def _read_people(value: Any, crafts: core_schema.ValidatorFunctionWrapHandler) -> Any:
    """A number of people, or groups of them; a fault is that of the form which the value has."""
    if not isinstance(value, list | tuple):
        return headcount(value)
    if not value:
        raise expected("at least one group of people")
    return crafts(tuple(value))


def _write_people(people: Any) -> Any:
    return [group.document() for group in people] if isinstance(people, tuple) else write_heads(people)


class _NumberOrGroups:
    """Reads and writes `people` the way a scenario file has it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            _read_people,
            handler.generate_schema(tuple[Group, ...]),
            serialization=core_schema.plain_serializer_function_ser_schema(_write_people),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [*HEADS_SCHEMA, handler(schema)]}


class Team(Part):
    """People who sit together. Either a number with does/helps, or a list of groups with does/helps of their own."""

    title: str | None = Field(default=None, description="what the team is called on the chart; changes nothing else")
    people: Annotated[tuple[Group, ...] | int | Literal["unlimited"], _NumberOrGroups()] = Field(
        description="how many people, or a list of crafts"
    )
    does: Skills = Field(default={}, description="what is theirs to do, with proficiency")
    helps: Skills = Field(default={}, description="what they help at when nothing of theirs waits")
    only_when_alone: Alone = Field(default=(), description=ONLY_WHEN_ALONE)
    availability: Here = Field(default=1.0, description="share of the working time that each of them is here")
    absences: Absences = Field(default=(), description="when some of them are not here")
    sick: Sickness | None = Field(default=None, description="spells of sickness, of each person by himself")
    drift: Drift | None = Field(default=None, description="good and bad months")
    multitasking: Positive = Field(default=1.0, description="most open items a person")
    switching_cost: Share = Field(default=0.0, description="share of time lost per further open item a person")
    efficiency: Annotated[tuple[PositiveShare, ...], Field(min_length=1), PlainSerializer(list)] | None = Field(
        default=None, description="share of time left for work with 1, 2, … open items a person"
    )
    swarming: Swarming | None = Field(default=None, description="several people on one item")
    meetings: PartShare = Field(default=0.0, description="share of the time that meetings take")
    coordination: Share = Field(default=0.0, description="pace lost per colleague: 1 / (1 + c·(n − 1))")
    improvement: Improvement | None = Field(default=None, description="time kept for improvement")
    resuming: Time = Field(
        default=0.0, description="more work when what was interrupted is taken up again [units of time, no share]"
    )
    onboarding: Onboarding | None = Field(default=None, description="newcomers, who are still learning and are being taught")
    cost: Amount | None = Field(default=None, description="what each person costs a unit of time, here or not")
    wip_limit: Limit = Field(default=None, description="most items the team owns at once")
    pull: Pull = Field(default="fifo", description="which waiting item is started first")
    tickets: TicketOrder = Field(default="with_the_rest", description="how tickets rank against own work")

    @model_validator(mode="before")
    @classmethod
    def _at_all(cls, craft: Any) -> Any:
        return _all_named(craft)

    @model_validator(mode="after")
    def _whose_craft(self) -> Team:
        if isinstance(self.people, tuple) and (self.does or self.helps):
            raise expected("does and helps inside the groups of people, not beside them")
        if isinstance(self.people, tuple) and self.only_when_alone:
            raise expected("only_when_alone inside the groups of people, beside their helps", got="only_when_alone")
        if isinstance(self.people, tuple) and (self.availability != 1 or self.absences):
            raise expected("availability and absences inside the groups of people, not beside them")
        for group in self.groups:
            _enough(group.count, group.absences)
            _countable(group.count, group.cost)
        if self.sick is not None and all(group.count == "unlimited" for group in self.groups):
            raise expected("a number of people where they can be ill", got="unlimited")
        if self.efficiency is not None and self.switching_cost:
            raise expected("either switching_cost or efficiency")
        return self

    @property
    def groups(self) -> tuple[Group, ...]:
        """The team's groups of people, one for a team of one craft."""
        if isinstance(self.people, tuple):
            return self.people if self.cost is None else tuple(_costing(group, self.cost) for group in self.people)
        craft = {name: getattr(self, name) for name in CRAFT}
        return (Group.model_construct(count=self.people, **craft),)  # the team's own check was theirs

    def can(self, verb: str, skill: str) -> bool:
        """True when some of its people do (`verb` 'does') or help at ('helps') a skill."""
        return any(skill in getattr(craft, verb) for craft in self._crafts)

    def skills(self, verb: str) -> set[str]:
        """All that some of its people do (`verb` 'does') or help at ('helps')."""
        return {skill for craft in self._crafts for skill in getattr(craft, verb)}

    @property
    def _crafts(self) -> tuple[Group | Team, ...]:
        return self.people if isinstance(self.people, tuple) else (self,)

    def with_groups(self, groups: tuple[Group, ...]) -> Team:
        """The same team with other people, in the short form where the team was written so and it still fits."""
        if not isinstance(self.people, tuple) and len(groups) == 1:
            (group,) = groups
            craft = {name: getattr(group, name) for name in CRAFT}
            return self.model_copy(update={"people": group.count, **craft})
        bare = {"does": {}, "helps": {}, "only_when_alone": (), "availability": 1.0, "absences": (), "cost": None}
        return self.model_copy(update={"people": groups, **bare})

    @property
    def headcount(self) -> int | None:
        """Number of people [persons]; None when unlimited."""
        counts = [group.count for group in self.people] if isinstance(self.people, tuple) else [self.people]
        return None if "unlimited" in counts else sum(int(count) for count in counts)


def attention_left(team: Team, items_a_person: Any) -> Any:
    """The share of a person's time that is left for work with so many items open, at least 1; an array gives an array [1].

    `efficiency` as the team states it (Weinberg 1992), linear in between and its last value beyond; else 1 / (1 + c·(x − 1)).
    """
    if team.efficiency is not None:
        return np.interp(items_a_person, np.arange(1, len(team.efficiency) + 1), np.array(team.efficiency))
    return 1 / (1 + team.switching_cost * (items_a_person - 1))


class HandoffInto(Part):
    """What differs for handoffs into one step."""

    delay: Duration | None = Field(default=None, description="time in transit")
    relearning: Share | None = Field(default=None, description="extra share of work in a stay entered by a handoff")
    batch: Count | None = Field(default=None, description="items handed over together")
    wait_at_most: Time | None = Field(default=None, description="time after which a batch goes, complete or not")
    setup: Duration | None = Field(default=None, description="extra work the first item of each batch carries in")


class Handoffs(Part):
    """What it costs when an item passes from one team to another."""

    delay: Duration = Field(default=ZERO, description="time in transit")
    relearning: Share = Field(default=0.0, description="extra share of work in a stay entered by a handoff")
    batch: Count = Field(default=1, description="items handed over together")
    wait_at_most: Time | None = Field(default=None, description="time after which a batch goes, complete or not")
    setup: Duration = Field(default=ZERO, description="extra work the first item of each batch carries in")
    into: dict[str, HandoffInto] = Field(default={}, description="what differs for handoffs into a step")

    def at(self, step: str) -> Handoffs:
        """The handoffs into `step`, with `into` worked in."""
        own = self.into.get(step)
        if own is None:
            return self.model_copy(update={"into": {}})
        changed = {name: value for name in HandoffInto.model_fields if (value := getattr(own, name)) is not None}
        return self.model_copy(update={**changed, "into": {}})
