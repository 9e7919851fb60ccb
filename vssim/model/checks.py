"""Whether a model makes sense: what its parts say about each other. Faults refuse it, warnings only tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vssim.errors import nearest
from vssim.model.batches import gathering_faults, gathering_warnings
from vssim.model.faults import ModelFault, Path
from vssim.model.model import Model
from vssim.model.named import item_faults
from vssim.model.offspring import endless_families, part_cycles
from vssim.model.staffing import steps_of
from vssim.model.teams import Group

__all__ = ["FORBIDDEN", "ModelFault", "faults", "name_faults", "warnings"]

FORBIDDEN = ".,=:@"
"""Characters that mean something in paths and settings, and so may not stand in names."""


def faults(model: Model, *, idle_teams: bool = True) -> list[ModelFault]:
    """Everything that makes the model unusable, in the order of the file.

    With `idle_teams` off, people whom nobody needs are let pass: in an organisation that a change makes, that is a result.
    Named items are on the board of the organisation as it is, and looked at there alone.
    """
    model_faults = [
        *_names(model),
        *_arrivals(model),
        *_routes(model),
        *_types(model),
        *_steps(model),
        *_people(model, idle_teams=idle_teams),
        *_stays_empty(model),
        *_into(model),
        *(item_faults(model) if idle_teams else ()),
        *_spans(model),
        *part_cycles(model),
    ]
    return model_faults or [*endless_families(model), *gathering_faults(model)]


def warnings(model: Model) -> list[str]:
    """What can be run but is probably not meant, as sentences."""
    return [
        *gathering_warnings(model),
        *_shares_instead(model),
        *_certain_returns(model),
        *_discipline_without_figures(model),
        *_unused_steps(model),
    ]


def name_faults(section: str, names: Iterable[str]) -> Iterator[ModelFault]:
    """Names of a section of the file that contain what paths and settings need for themselves."""
    forbidden = FORBIDDEN.replace(",", "") if section == "changes" else FORBIDDEN
    for name in names:
        if not name.strip() or any(character in forbidden for character in name):
            yield ModelFault((section, name), name, f"a name without any of {' '.join(forbidden)}")


def _names(model: Model) -> Iterator[ModelFault]:
    for section, names in (("demand", model.demand), ("steps", model.steps), ("teams", model.teams), ("limits", model.limits)):
        yield from name_faults(section, names)


# --- demand ---------------------------------------------------------------------------------------------------------------


def _arrivals(model: Model) -> Iterator[ModelFault]:
    arriving = [
        kind for kind in model.demand.values() if kind.declined < 1 and (kind.backlog or kind.at or kind.items or kind.goes_on)
    ]
    if not arriving:
        value = None if model.demand else "nothing"
        yield ModelFault(("demand",), value, "an item type that arrives: one with every, backlog, at, history or items")
    if not model.steps:
        yield ModelFault(("steps",), "nothing", "at least one step")


def _routes(model: Model) -> Iterator[ModelFault]:
    order = {step: place for place, step in enumerate(model.steps)}
    for name, kind in model.demand.items():
        last = -1
        for index, step in enumerate(kind.route or ()):
            place: Path = ("demand", name, "route", index)
            if step not in order:
                yield _unknown(place, step, "a step", order)
            elif order[step] <= last:
                yield ModelFault(place, step, f"steps in the order of the file, each once: {', '.join(model.steps)}")
            last = max(last, order.get(step, -1))


def _types(model: Model) -> Iterator[ModelFault]:
    for name, kind in model.demand.items():
        for key in ("work", "skips"):
            yield from _all_known(("demand", name, key), getattr(kind, key), "a step", model.steps)
        if kind.history is not None:
            worked = [step for step in model.steps if model.steps[step].work is not None or step in kind.work]
            yield from _all_known(("demand", name, "history", "work"), kind.history.weeks.work, "a step with work", worked)
        yield from _all_known(("demand", name, "parts"), kind.parts, "an item type", model.demand)
        if kind.defects is not None and kind.defects.as_ not in model.demand:
            yield _unknown(("demand", name, "defects", "as"), kind.defects.as_, "an item type", model.demand)


# --- steps ----------------------------------------------------------------------------------------------------------------


def _steps(model: Model) -> Iterator[ModelFault]:
    done = {skill for group in _groups(model) for skill in (*group.does, *group.helps)}
    for name, step in model.steps.items():
        if model.works_at(name) and name not in done:
            yield ModelFault(("steps", name), "", "a team that does it, or helps at it; nobody does")
        yield from _needs(model, name, done)
        yield from _returns(model, name)
        if step.gate is not None:
            yield from _for_types(model, ("steps", name, "gate"), step.gate.for_)


def _needs(model: Model, name: str, done: set[str]) -> Iterator[ModelFault]:
    for index, need in enumerate(model.steps[name].needs):
        place: Path = ("steps", name, "needs", index)
        if need.skill is not None and need.skill not in done:
            yield _unknown((*place, "from"), need.skill, "a skill that some team does", sorted(done))
        yield from _for_types(model, place, need.for_)
        if need.gate is not None:
            yield from _for_types(model, (*place, "gate"), need.gate.for_)


def _returns(model: Model, name: str) -> Iterator[ModelFault]:
    order = list(model.steps)
    for index, rule in enumerate(model.steps[name].returns):
        place: Path = ("steps", name, "returns", index)
        if rule.to not in model.steps:
            yield _unknown((*place, "to"), rule.to, "a step", order)
        elif order.index(rule.to) > order.index(name):
            yield ModelFault((*place, "to"), rule.to, f"this step or an earlier one: {', '.join(order[: order.index(name) + 1])}")
        yield from _for_types(model, place, rule.for_)


# --- teams ----------------------------------------------------------------------------------------------------------------


def _people(model: Model, *, idle_teams: bool) -> Iterator[ModelFault]:
    asked = {need.skill for step in model.steps.values() for need in step.needs if need.skill is not None}
    useful = asked | {step for step in model.steps if model.works_at(step)}
    known = [*model.steps, *(skill for skill in sorted(asked) if skill not in model.steps)]
    for name, team in model.teams.items():
        skills = {skill for group in team.groups for skill in (*group.does, *group.helps)}
        several = isinstance(team.people, tuple)
        for index, group in enumerate(team.groups):
            place: Path = ("teams", name, "people", index) if several else ("teams", name)
            if not group.does and not group.helps:
                yield ModelFault(place, None, f"what these people do (does) or help at (helps): {', '.join(known)}")
            elif idle_teams:
                yield from _all_known((*place, "does"), group.does, "a step, or a skill that a step needs", known)
                yield from _all_known((*place, "helps"), group.helps, "a step, or a skill that a step needs", known)
            for skill in group.only_when_alone:
                if skill not in group.helps:
                    yield _unknown((*place, "only_when_alone"), skill, "a step or skill that these people help at", group.helps)
        if idle_teams and skills and skills <= set(known) and not skills & useful:
            yield ModelFault(("teams", name), name, f"a team that somebody needs; nobody works at {', '.join(sorted(skills))}")


def _stays_empty(model: Model) -> Iterator[ModelFault]:
    """People who are gone for good where nobody else can do what they do: it would wait for ever."""
    for name, team in model.teams.items():
        for index, group in enumerate(team.groups):
            if _at_the_end(group):
                continue
            others = {skill for other in _groups(model) if _at_the_end(other) for skill in (*other.does, *other.helps)}
            alone = [skill for skill in group.does if skill not in others]
            if alone:
                several = isinstance(team.people, tuple)
                place: Path = ("teams", name, "people", index, "count") if several else ("teams", name, "people")
                yield ModelFault(place, 0, f"somebody at the end: nobody else does {', '.join(alone)} from then on")


def _at_the_end(group: Group) -> int:
    return steps_of(group.count)[-1][1] if isinstance(group.count, int) else 1


def _groups(model: Model) -> Iterator[Group]:
    for team in model.teams.values():
        yield from team.groups


def _into(model: Model) -> Iterator[ModelFault]:
    yield from _all_known(("handoffs", "into"), model.handoffs.into, "a step", model.steps)


def _spans(model: Model) -> Iterator[ModelFault]:
    """Limits over columns: of steps and a type that there are, and of neighbours only, since other sets can lock."""
    order = list(model.steps)
    for name, limit in model.limits.items():
        place: Path = ("limits", name)
        unknown = [
            _unknown((*place, "steps", index), step, "a step", order) for index, step in enumerate(limit.steps) if step not in order
        ]
        yield from unknown
        yield from _for_types(model, place, limit.for_)
        if not limit.steps:
            yield ModelFault((*place, "steps"), "nothing", f"one step, or neighbours of {', '.join(order)}")
        elif not unknown:
            first = order.index(limit.steps[0])
            run = order[first : first + len(limit.steps)]
            if list(limit.steps) != run:
                near = f"steps that follow each other in the order of the file: {', '.join(order)}"
                yield ModelFault((*place, "steps"), list(limit.steps), near)


# --- known names ----------------------------------------------------------------------------------------------------------


def _all_known(place: Path, names: Iterable[str], sort: str, known: Iterable[str]) -> Iterator[ModelFault]:
    known = list(known)
    for name in names:
        if name not in known:
            yield _unknown((*place, name), name, sort, known)


def _for_types(model: Model, place: Path, names: Iterable[str] | None) -> Iterator[ModelFault]:
    for index, name in enumerate(names or ()):
        if name not in model.demand:
            yield _unknown((*place, "for", index), name, "an item type", model.demand)


def _unknown(place: Path, name: str, sort: str, known: Iterable[str]) -> ModelFault:
    known = list(known)
    listed = f": {', '.join(known)}" if known else ""
    return ModelFault(place, name, sort + listed, nearest(name, known))


# --- warnings -------------------------------------------------------------------------------------------------------------


def _shares_instead(model: Model) -> Iterator[str]:
    """Teams whose people keep more open than they are: they have a place for what is urgent, and put nothing down."""
    urgent = [name for name, kind in model.demand.items() if kind.interrupts]
    for name, team in model.teams.items():
        if urgent and team.multitasking > 1 and any(isinstance(group.count, int) for group in team.groups):
            yield (
                f"{', '.join(urgent)} interrupts, but while {name} has a place below what it keeps open (multitasking "
                f"{team.multitasking:g}), it shares the people's time instead"
            )


def _certain_returns(model: Model) -> Iterator[str]:
    for name, step in model.steps.items():
        for rule in step.returns:
            if rule.chance >= 1:
                yield f"every item that comes to {name} is sent back to {rule.to} each time; it goes on after the 50th time"


def _discipline_without_figures(model: Model) -> Iterator[str]:
    kinds = model.demand.values()
    if model.discipline == "earliest_due" and not any(kind.due for kind in kinds):
        yield "discipline is earliest_due, but no item type has a due date"
    if model.discipline == "wsjf" and not any(kind.cost_of_delay for kind in kinds):
        yield "discipline is wsjf, but no item type has a cost of delay"


def _unused_steps(model: Model) -> Iterator[str]:
    taken = {step for kind in model.demand for step in model.route(kind)}
    for name in model.steps:
        if name not in taken:
            yield f"no item type takes the step {name}"
