"""Atomic focus: fewer things at once, each of them finished sooner."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from vssim.model.levers.base import Lever, absent, chosen, doing_steps, small_batches, with_teams
from vssim.model.levers.demand import arriving, not_arriving
from vssim.model.levers.slicing import cut
from vssim.model.model import Model
from vssim.model.staffing import combined, here_of, on_payroll
from vssim.model.teams import Discipline, Group, Swarming, Team
from vssim.model.values import LEAST_PROFICIENCY, MOST, Chance, Count, Names, Positive, Share, at_most, expected, is_number

THEME = "atomic focus"


def _new_limit(value: Any) -> int | Literal["none"]:
    if value is None or value == "none":
        return "none"
    at_most(value, MOST)
    if not is_number(value) or value != int(value) or value < 1:
        raise expected("a limit of at least 1, or none")
    return int(value)


_SCHEMA = WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]})

NewLimit = Annotated[int | Literal["none"], BeforeValidator(_new_limit), _SCHEMA]
"""A limit to put in place of the present one; 'none' takes it away [items]."""

NewLimitIfAny = Annotated[int | Literal["none"] | None, BeforeValidator(_new_limit), _SCHEMA]
"""A limit to put in place of the present one; None: the present limit stays."""


class LimitWip(Lever):
    """Put WIP limits on steps, teams, item types, named limits and the whole stream, in place of those they have.

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
    limits: dict[str, NewLimit] = Field(
        default={}, description="most items under a limit of the file's `limits`, by its name [items]"
    )
    stream: NewLimitIfAny = Field(default=None, description="most items past the backlog [items]; default as it is")

    def apply(self, model: Model) -> Model:
        """The model with the limits named here."""
        stream = model.wip_limit if self.stream is None else _limit(self.stream)
        return model.model_copy(
            update={
                "steps": _limited(model.steps, self.steps),
                "teams": _limited(model.teams, self.teams),
                "demand": _limited(model.demand, self.types),
                "wip_limit": stream,
                "limits": {
                    name: span.model_copy(update={"most": _limit(self.limits[name])}) if name in self.limits else span
                    for name, span in model.limits.items()
                },
            }
        )

    def missing(self, model: Model) -> list[str]:
        """Steps, teams and types that are not in the model."""
        return [
            *absent("step", self.steps, model.steps),
            *absent("team", self.teams, model.teams),
            *absent("item type", self.types, model.demand),
            *absent("limit", self.limits, model.limits),
        ]


def _limit(limit: int | Literal["none"]) -> int | None:
    return None if limit == "none" else limit


def _limited(parts: dict[str, Any], limits: dict[str, int | Literal["none"]]) -> dict[str, Any]:
    return {
        name: part.model_copy(update={"wip_limit": _limit(limits[name])}) if name in limits else part
        for name, part in parts.items()
    }


class StopMultitasking(Lever):
    """Stop juggling: at most one open item a person.

    Caps the multitasking of the teams; with at most one open item a person nothing is lost to switching. It starts nothing
    earlier: what a person had open beside its one item waits. It does not change who works on what, nor any WIP limit.

    Example: stop_multitasking, or {stop_multitasking: {open: 2, teams: [developers]}}
    """

    name: ClassVar[str] = "stop_multitasking"
    theme: ClassVar[str] = THEME

    open: Positive = Field(default=1.0, description="most open items a person [items]; who has fewer keeps fewer")
    teams: Names | None = Field(default=None, description="which teams; default all")

    def apply(self, model: Model) -> Model:
        """The model with multitasking capped in those teams."""
        teams = chosen(model, self.teams)
        capped = {name: min(team.multitasking, self.open) for name, team in teams.items()}
        return with_teams(model, {name: team.model_copy(update={"multitasking": capped[name]}) for name, team in teams.items()})

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model."""
        return absent("team", self.teams, model.teams)


class SinglePieceFlow(Lever):
    """One piece at a time, by everybody together: handoff batches of 1, one open item a team, the whole team on it.

    Handoff batches become at most `batch`. In each team the crafts become one group, in which each skill has its mean
    proficiency over all people (who lacks it counts as 0), so that no hands are conjured up; the group keeps at most `open`
    items open, never more than it did, and swarms on them (min(people/items, most)^help). It hires nobody, teaches nobody
    and changes no setup: each item handed over now carries its own. Teams without limit in people stay as they are.

    Example: single_piece_flow, or {single_piece_flow: {teams: [crew], open: 2}}
    """

    name: ClassVar[str] = "single_piece_flow"
    theme: ClassVar[str] = THEME

    teams: Names | None = Field(default=None, description="which teams; default all that do steps")
    open: Count = Field(default=1, description="most items a team keeps open at once [items]")
    batch: Count = Field(default=1, description="most items handed over together [items]")
    help: Chance = Field(default=0.5, description="how much more hands help: 0 not at all, 1 perfectly")
    most: Count = Field(default=3, description="most people on one item [persons]")

    def apply(self, model: Model) -> Model:
        """The model with small batches and teams that work on one thing together."""
        teams = chosen(model, doing_steps(model) if self.teams is None else self.teams)
        together = {name: self._together(team) for name, team in teams.items() if team.headcount is not None}
        handoffs = small_batches(model.handoffs, self.batch)
        return with_teams(model, together).model_copy(update={"handoffs": handoffs})

    def missing(self, model: Model) -> list[str]:
        """Teams that are not in the model, or have no limit in people."""
        unlimited = [name for name, team in chosen(model, self.teams).items() if self.teams and team.headcount is None]
        return [
            *absent("team", self.teams, model.teams),
            *(f"{name} has unlimited people and stays as it is" for name in unlimited),
        ]

    def _together(self, team: Team) -> Team:
        people = team.headcount or 1
        return team.with_groups((merged(team.groups),)).model_copy(
            update={
                "multitasking": min(team.multitasking, self.open / people),
                "swarming": Swarming(help=self.help, most=self.most),
            }
        )


def merged(groups: tuple[Group, ...]) -> Group:
    """One group of all people, each skill at its mean proficiency over all of them; done if any of them does it."""
    if len(groups) == 1:
        return groups[0]
    counts = [group.count if isinstance(group.count, int) else 1 for group in groups]
    here = sum(count * group.availability for count, group in zip(counts, groups, strict=True)) / sum(counts)
    total, does, helps = sum(counts), dict[str, float](), dict[str, float]()
    for skill in dict.fromkeys(skill for group in groups for skill in (*group.does, *group.helps)):
        known = [group.does.get(skill, group.helps.get(skill, 0.0)) for group in groups]
        mean = sum(count * proficiency for count, proficiency in zip(counts, known, strict=True)) / total
        (does if any(skill in group.does for group in groups) else helps)[skill] = max(mean, LEAST_PROFICIENCY)
    costs = [group.cost for group in groups]
    cost = None if costs == [None] * len(costs) else sum(n * (each or 0.0) for n, each in zip(counts, costs, strict=True)) / total
    count = here_of(combined([group.present for group in groups], sum), combined([on_payroll(heads) for heads in counts], sum))
    alone = tuple(skill for skill in helps if all(skill in group.only_when_alone for group in groups if skill in group.helps))
    return Group(count=count, does=does, helps=helps, only_when_alone=alone, availability=here, cost=cost)


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


class Slice(Lever):
    """Each item becomes n small ones that flow on their own; to the customer it is still one, done when all of them are.

    An item of type T arrives as a whole of `into` parts of a new type 'T slice'. With the luck that T would have had, each part
    carries a share (1 + overhead) / into of its work at every step, so that the hands-on work is × (1 + overhead). The whole
    keeps T's name, arrival, value, cost of delay, outcome and defects, so that lead time and throughput are still those of the
    customer's items; the parts are urgent as the whole is, and a WIP limit of T counts `into` parts for one item.

    It does not make work less, nor cheaper to pass on: every part has its own returns, needs, handoffs, setups and places at
    gates, in full. Wholes of parts, types without a route, and types that can be dropped on their way (`stops`) stay as they
    are. The board counts parts and wholes, so that `wip` is not comparable.

    Example: {slice: {into: 4, overhead: 10%, types: [feature]}}
    Source: Reinertsen 2009, Principles of Product Development Flow, ch. 5: small batches shorten cycle time; the overhead is
    the transaction cost, an assumption.
    """

    name: ClassVar[str] = "slice"
    theme: ClassVar[str] = THEME

    into: Count = Field(default=4, description="how many parts [items]")
    overhead: Share = Field(default=0.1, description="more work in total, as a share of what it was")
    types: Names | None = Field(default=None, description="which item types; default all that arrive")

    def apply(self, model: Model) -> Model:
        """The model in which these types are wholes of parts."""
        if self.into == 1:
            return model
        sliced = model
        for name in arriving(model, self.types):
            if not _whole_for_a_reason(model, name):
                sliced = cut(sliced, name, self.into, self.overhead)
        return sliced

    def missing(self, model: Model) -> list[str]:
        """Types that are not in the model, or cannot be sliced."""
        reasons = {name: _whole_for_a_reason(model, name) for name in arriving(model, self.types)}
        return [
            *absent("item type", self.types, model.demand),
            *not_arriving(model, self.types),
            *(f"{name} {reason} and stays as it is" for name, reason in reasons.items() if reason),
        ]


def _whole_for_a_reason(model: Model, name: str) -> str:
    """Why items of a type cannot be sliced; '' when they can."""
    if model.demand[name].parts:
        return "consists of parts already"
    if not model.route(name):
        return "takes no step"
    if any(model.steps[step].stops is not None for step in model.route(name)):
        return "can be dropped on its way"
    return ""


class Prioritise(Lever):
    """Choose by a rule what comes next, instead of first come, first served.

    The discipline of all queues (backlog included) becomes `discipline`: shortest_first by estimated work, wsjf by cost of delay
    over estimated work, earliest_due by due date. It decides among items of equal priority only. It makes nobody faster: in a
    queue that is served without a break, what one item gains others lose, and only the mean, the value or the dates get better.
    An item type without a cost of delay counts 1 a unit for wsjf; one without a due date comes last for earliest_due.

    Example: {prioritise: {discipline: wsjf}}
    Source: Smith 1956 (weighted shortest processing time); Reinertsen 2009, ch. 7, calls it weighted shortest job first.
    """

    name: ClassVar[str] = "prioritise"
    theme: ClassVar[str] = THEME

    discipline: Discipline = Field(default="wsjf", description="which waiting item comes first, among equals")

    def apply(self, model: Model) -> Model:
        """The model with that discipline."""
        return model.model_copy(update={"discipline": self.discipline})

    def missing(self, model: Model) -> list[str]:
        """Figures that the rule goes by and no item type states."""
        kinds = model.demand.values()
        if self.discipline == "wsjf" and all(kind.cost_of_delay is None for kind in kinds):
            return ["no item type has a cost of delay, so that it goes by the estimated work alone"]
        if self.discipline == "earliest_due" and all(kind.due is None for kind in kinds):
            return ["no item type has a due date"]
        return []
