"""Changes: named lists of levers, and the organisations that they bring into force one after the other."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from vssim.calendar import A_DATE
from vssim.errors import nearest
from vssim.model.faults import ModelError, ModelFault
from vssim.model.levers import Lever, LeverField
from vssim.model.model import Model
from vssim.model.moments import Moment, moment, write
from vssim.model.money import NOTHING, ChangeCost
from vssim.model.teams import Group, Team
from vssim.model.terms import AS_EVER, Terms
from vssim.model.values import MOST, Chance, Part, PositiveTime, at_most, expected

BASELINE = "baseline"
"""The organisation as it is; no change may be called so."""


class Dip(Part):
    """How much a change hurts at first: pace × (1 − depth · e^(−3(t−T)/recover)), 95 % recovered after `recover`."""

    depth: Chance = Field(description="share of the pace that is lost at first")
    recover: PositiveTime = Field(description="time until 95% of it is back")


def _write_levers(levers: tuple[Lever, ...]) -> list[Any]:
    return [lever.written() for lever in levers]


class Included(tuple[str, ...]):
    """Names of included changes, each with its day where it has one."""

    days: dict[str, float]

    def __new__(cls, names: Iterable[str] = (), days: Mapping[str, float] | None = None) -> Included:
        """Names, in the order of the file, and by name when it comes into force [units of time]."""
        made = super().__new__(cls, tuple(names))
        made.days = dict(days or {})
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self), self.days

    def document(self) -> Any:
        """As a file writes it."""
        return {name: write(day) for name, day in self.days.items()} if self.days else list(self)


def _included(value: Any) -> Included:
    if isinstance(value, Mapping):
        days = {}
        for name, day in value.items():
            since = moment(day)
            at_most(since, MOST)
            if since is None or since < 0:
                raise expected(f"a moment of at least 0 for {name}, or {A_DATE}")
            days[str(name)] = since
        return Included(days, days)
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise expected("names of changes, or each with its day as in {limit WIP: 2026-07-01}")
    return value if isinstance(value, Included) else Included(names)


Includes = Annotated[
    Included,
    BeforeValidator(_included),
    PlainSerializer(lambda included: included.document()),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
            ]
        }
    ),
]


class Change(Part):
    """A named list of levers, compared against the baseline."""

    includes: Includes = Field(default=Included(), description="other changes whose levers come first; or each with its day")
    levers: Annotated[tuple[LeverField, ...], PlainSerializer(_write_levers)] = Field(
        default=(), description="levers, applied in this order"
    )
    from_: Moment | None = Field(default=None, alias="from", description="when it comes into force; default from the start")
    every: PositiveTime | None = Field(default=None, description="time between its parts, brought in one by one")
    dip: Dip | None = Field(default=None, description="how much it hurts at first")
    cost: ChangeCost = Field(default=NOTHING, description="what it costs beside the people that it adds")

    @model_validator(mode="after")
    def _one_clock(self) -> Change:
        beside = [word for word, there in (("from", self.from_), ("every", self.every), ("levers", self.levers)) if there]
        if self.includes.days and beside:
            raise expected(
                f"no {' and no '.join(beside)} beside included changes that have their days; levers in a change of their own"
            )
        return self

    @property
    def begins(self) -> float | None:
        """When the first of it comes into force [units of time]; None for a change that holds from the start."""
        return min(self.includes.days.values()) if self.includes.days else self.from_


@dataclass(frozen=True)
class DipInForce:
    """A dip of some teams, from `since` on [units of time]."""

    since: float
    depth: float
    recover: float
    teams: frozenset[str]


@dataclass(frozen=True)
class PhaseModel:
    """An organisation in force from `start` on [units of time], with the dips that are under way."""

    start: float
    model: Model
    dips: tuple[DipInForce, ...] = ()
    improving_since: Mapping[str, float] = field(default_factory=dict)
    """team -> when it began to keep time for improvement, for teams that do [units of time]"""
    onboarding_since: Mapping[str, float] = field(default_factory=dict)
    """team -> when its newcomers came, for teams that have any [units of time]"""


@dataclass(frozen=True)
class Plan:
    """What a run plays: the organisations in the order in which they come into force, the first at 0; and its warnings."""

    phases: tuple[PhaseModel, ...]
    notes: tuple[str, ...] = ()
    terms: Terms = AS_EVER
    """what is counted, and from when"""


@dataclass(frozen=True)
class _Pull:
    """One lever and its place in the file."""

    lever: Lever
    change: str
    index: int


def plan(model: Model, changes: Mapping[str, Change], name: str | None) -> Plan:
    """The organisations of the change called `name`; of the baseline for None and 'baseline'.

    Raises ModelError with the faults of all its levers, each at its place under `changes`.
    """
    if name is None or name == BASELINE:
        return Plan((_phase(0.0, model, (), None),))
    change = changes[name]
    stages = _stages(changes, name)
    notes = _not_carried_over(changes, change)
    phases = [_phase(0.0, model, (), None)]
    faults: list[ModelFault] = []
    for start, stage in stages:
        after = _pulled(phases[-1].model, stage, name, notes, faults)
        phases = _with_phase(phases, start, after, _dip(change, start, phases[-1].model, after, notes))
    if faults:
        raise ModelError(faults)
    for earlier, later in combinations(phases, 2):
        _same_order(earlier.model, later.model, name)
    return Plan(tuple(phases), tuple(dict.fromkeys(notes)))


def reached(changes: Mapping[str, Change], name: str | None) -> list[str]:
    """A change and everything it includes, directly or not; nothing for the baseline."""
    names: list[str] = []
    waiting = [] if name is None else [name]
    while waiting:
        here = waiting.pop()
        if here in changes and here not in names:
            names.append(here)
            waiting += changes[here].includes
    return names


def pulls(changes: Mapping[str, Change], name: str) -> list[tuple[str, Lever]]:
    """The levers of a change in the order in which they are pulled, each with the change that names it."""
    return [(pull.change, pull.lever) for pull in _pulls(changes, name, ())]


@dataclass(frozen=True)
class Piece:
    """A part of a change that can be left out by itself: a lever, or everything that an included change brings on one day."""

    change: str
    """the change that names the lever, or the included one that comes as a whole"""
    levers: tuple[Lever, ...]
    staged: bool
    """whether it has a day of its own"""


def pieces(changes: Mapping[str, Change], name: str) -> list[Piece]:
    """The pieces of a change, in the order in which they come."""
    change = changes[name]
    if (change.every is not None or change.includes.days) and len(change.includes) + len(change.levers) > 1:
        included = [Piece(other, tuple(pull.lever for pull in _pulls(changes, other, (name,))), True) for other in change.includes]
        return [*included, *(Piece(name, (lever,), True) for lever in change.levers)]
    return [Piece(owner, (lever,), False) for owner, lever in pulls(changes, name)]


def with_pieces(changes: Mapping[str, Change], name: str, kept: Container[int]) -> dict[str, Change]:
    """The changes with only some pieces of one of them: `kept`, numbers among its `pieces`.

    Each piece comes when it would come anyway: a piece with a day of its own is replaced by a change without levers, so that
    nothing happens on that day and what comes later comes no sooner.
    """
    change, parts = changes[name], pieces(changes, name)
    there = [part.levers if number in kept else () for number, part in enumerate(parts)]
    owners = dict.fromkeys(part.change for number, part in enumerate(parts) if number in kept)
    if not any(part.staged for part in parts):
        all_at_once = tuple(lever for levers in there for lever in levers)
        alone = {"includes": Included(), "levers": all_at_once, "from_": change.begins, "cost": _together(changes, owners)}
        return {**changes, name: change.model_copy(update=alone)}
    costs = [
        _together(changes, reached(changes, part.change) if number in kept and part.change != name else ())
        for number, part in enumerate(parts)
    ]
    parts_of = {
        f"{name}, {number}": Change(levers=levers, cost=cost)  # no name has a comma
        for number, (levers, cost) in enumerate(zip(there, costs, strict=True), start=1)
    }
    days = list(change.includes.days.values())
    days += [max(days)] * (len(parts_of) - len(days)) if days else []
    return {
        **changes,
        **parts_of,
        name: change.model_copy(
            update={
                "includes": Included(parts_of, dict(zip(parts_of, days, strict=False))),
                "levers": (),
                "cost": change.cost if name in owners else NOTHING,
            }
        ),
    }


def _together(changes: Mapping[str, Change], names: Iterable[str]) -> ChangeCost:
    """What these changes cost together, without the cost of those they include."""
    costs = [changes[name].cost for name in names]
    return ChangeCost(once=sum(cost.once for cost in costs), running=sum(cost.running for cost in costs))


def touched(before: Model, after: Model) -> frozenset[str]:
    """The teams of `after` that a change touches: people, crafts, steps, limits or needs differ.

    That is: a team that is new, has other people, crafts or titles, or another limit on what it owns or keeps open; that does a
    step which is new, gone or different (its work, needs, returns, limit, gate); that answers a need which differs; and, where
    a limit on the stream or a type differs, every team that does a step under that limit.
    """
    steps = {name for name in {**before.steps, **after.steps} if before.steps.get(name) != after.steps.get(name)}
    skills = steps | _needs_that_differ(before, after) | _under_other_limits(before, after)
    return frozenset(
        name for name, team in after.teams.items() if _differs(before.teams.get(name), team) or skills & _does(before, after, name)
    )


def _differs(before: Team | None, after: Team) -> bool:
    """True for a team that is new, or has other people, crafts, titles or limits."""
    return before is None or any(
        mine != other
        for mine, other in (
            (_unpaid(before), _unpaid(after)),
            (before.title, after.title),
            (before.wip_limit, after.wip_limit),
            (before.multitasking, after.multitasking),
        )
    )


def _unpaid(team: Team) -> list[Group]:
    """The groups of a team without their costs."""
    return [group.model_copy(update={"cost": None}) for group in team.groups]


def _does(before: Model, after: Model, team: str) -> set[str]:
    """What a team's people do, before or after."""
    groups = [group for model in (before, after) if team in model.teams for group in model.teams[team].groups]
    return {skill for group in groups for skill in group.does}


def _needs_that_differ(before: Model, after: Model) -> set[str]:
    """Skills that answer tickets of needs which differ before and after."""
    skills = set()
    for name in {**before.steps, **after.steps}:
        old, new = (model.steps[name].needs if name in model.steps else () for model in (before, after))
        skills |= {need.skill for need in (*old, *new) if need.skill is not None and (need not in old or need not in new)}
    return skills


def _under_other_limits(before: Model, after: Model) -> set[str]:
    """Steps under a limit of the stream, of an item type or over columns that differs before and after."""
    if before.wip_limit != after.wip_limit:
        return set(after.steps)
    spans = {name for name in {**before.limits, **after.limits} if before.limits.get(name) != after.limits.get(name)}
    limited = {step for name in spans for limits in (before.limits, after.limits) if name in limits for step in limits[name].steps}
    old = {name: kind.wip_limit for name, kind in before.demand.items()}
    differ = [name for name, kind in after.demand.items() if name in old and kind.wip_limit != old[name]]
    return limited | {step for kind in differ for step in after.route(kind)}


def _stages(changes: Mapping[str, Change], name: str) -> list[tuple[float, list[_Pull]]]:
    """The levers in the order in which they are pulled, together or one stage after the other, each with when [units]."""
    change = changes[name]
    parts = [list(_pulls(changes, included, (name,))) for included in _known(changes, name)]
    days = list(change.includes.days.values())
    if days:
        stages = list(zip(days, parts, strict=True))
        own = [_Pull(lever, name, index) for index, lever in enumerate(change.levers)]  # a room's, whose say is the last
        return sorted(stages, key=lambda stage: stage[0]) + ([(max(*days, change.from_ or 0.0), own)] if own else [])
    start, every = change.from_ or 0.0, change.every
    parts += [[_Pull(lever, name, index)] for index, lever in enumerate(change.levers)]
    if every is None:
        return [(start, [pull for part in parts for pull in part])]
    return [(start + number * every, part) for number, part in enumerate(parts)]


def _pulls(changes: Mapping[str, Change], name: str, above: tuple[str, ...]) -> Iterator[_Pull]:
    """A change's levers, those of what it includes first; `above` are the changes that include it."""
    if name in above:
        circle = " → ".join((*above[above.index(name) :], name))
        place, expected = ("changes", above[-1], "includes"), f"changes that do not include each other in a circle ({circle})"
        raise ModelError([ModelFault(place, name, expected)])
    for included in _known(changes, name):
        yield from _pulls(changes, included, (*above, name))
    for index, lever in enumerate(changes[name].levers):
        yield _Pull(lever, name, index)


def _known(changes: Mapping[str, Change], name: str) -> tuple[str, ...]:
    """Refuse a change that includes one which does not exist; returns those it includes."""
    includes = changes[name].includes
    expected = f"a change of this file ({', '.join(changes)})"
    unknown = [
        ModelFault(("changes", name, "includes", index), other, expected, nearest(other, changes))
        for index, other in enumerate(includes)
        if other not in changes
    ]
    if unknown:
        raise ModelError(unknown)
    return includes


def _pulled(model: Model, stage: list[_Pull], name: str, notes: list[str], faults: list[ModelFault]) -> Model:
    """The model with all levers of a stage pulled, in their order; what there is to say goes to `notes`.

    Of a lever that another change than `name` brings along, they tell which. One that cannot be pulled is left out, and why goes
    to `faults`, so that those after it are heard too.
    """
    for pull in stage:
        brought = "" if pull.change == name else f"{pull.change}: "
        try:
            after = pull.lever.apply(model)
            notes += [brought + note for note in pull.lever.notes(model, after)]
            model = after
        except ModelError as error:
            above = ("changes", pull.change, "levers", pull.index, pull.lever.name)
            faults += [fault.below(*above) for fault in error.faults]
    return model


def _dip(change: Change, start: float, before: Model, after: Model, notes: list[str]) -> tuple[DipInForce, ...]:
    """The dip that a stage brings, on the teams that it touches; none where it touches none."""
    if change.dip is None:
        return ()
    teams = touched(before, after)
    if not teams:
        notes.append("the dip has no effect where no team's people, crafts, steps, limits or needs differ")
        return ()
    return (DipInForce(start, change.dip.depth, change.dip.recover, teams),)


def _with_phase(phases: list[PhaseModel], start: float, model: Model, dips: tuple[DipInForce, ...]) -> list[PhaseModel]:
    """The phases with one more; one that starts where the last one did takes its place."""
    earlier = [phase for phase in phases if phase.start < start]
    if not earlier and phases[0].model.under_way >= 0:
        earlier = [phases[0]]  # what is on the board stands in the organisation as it is, whatever comes into force at once
    return [*earlier, _phase(start, model, (*phases[-1].dips, *dips), earlier[-1] if earlier else None)]


def _phase(start: float, model: Model, dips: tuple[DipInForce, ...], earlier: PhaseModel | None) -> PhaseModel:
    """The phase, in which improvement goes on, and newcomers are as new as they are, where `earlier` had them already."""
    improving = earlier.improving_since if earlier else {}
    newcomers = earlier.onboarding_since if earlier else {}
    teams = earlier.model.teams if earlier else {}
    return PhaseModel(
        start,
        model,
        dips,
        {name: improving.get(name, start) for name, team in model.teams.items() if team.improvement is not None},
        {
            name: newcomers[name] if name in newcomers and teams[name].onboarding == team.onboarding else start
            for name, team in model.teams.items()
            if team.onboarding is not None
        },
    )


def _same_order(before: Model, after: Model, name: str) -> None:
    """Refuse a change that turns common steps round: items under way would not know where they are."""
    old, new = ([step for step in model.steps if step in before.steps and step in after.steps] for model in (before, after))
    if old != new:
        expected = f"common steps in the same order before and after ({', '.join(old)})"
        raise ModelError([ModelFault(("changes", name), ", ".join(new), expected)])


def _not_carried_over(changes: Mapping[str, Change], change: Change) -> list[str]:
    """Notes on what included changes say about their date and dip, which the including change overrides."""
    notes = []
    for other in change.includes:
        own = [word for word in ("from", "every", "dip") if word in changes[other].document()]
        if own:
            notes.append(f"{other} is included without its {' and '.join(own)}")
    return notes
