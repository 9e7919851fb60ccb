"""Routes: the way of an item type through an organisation, all names looked up; luck has no part in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vssim.clock import Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import ZERO, Distribution
from vssim.model.model import Model
from vssim.model.steps import Return, Step, Stops
from vssim.workload.numbering import Universe, named_needs


@dataclass(frozen=True, eq=False)
class Ask:
    """A need of an item type at a step."""

    label: str
    """the need's own name, which names its luck"""
    who: str
    """the skill or the committee that is needed, or who outside is waited for"""
    skill: int
    """−1 nobody's"""
    gate: int
    """the committee's; −1 none"""
    at: float
    """share of the step's own work after which it arises"""
    chance: float | Reals
    """that a stay has it; where items differ, (n,)"""
    asked: float | Reals
    """that a stay has it and others are asked to meet it; where items differ, (n,)"""
    help: Distribution
    """the helper's work, or how long outside takes"""
    outside: bool
    """outside is waited for"""
    delay: Distribution
    """in transit before the helper can begin"""
    effort: Distribution
    """the team's own work on what others meet"""
    ours: Distribution | None
    """the team's own work on what it meets by itself; None: it meets none"""
    parks: bool


@dataclass(frozen=True, eq=False)
class Loop:
    """A return of an item type, tried at the end of a stay."""

    rule: Return
    low: int
    """position of the halt at which the loop begins"""
    luck: str
    """the purpose that names its luck"""


@dataclass(frozen=True, eq=False)
class Halt:
    """A step on the route of an item type."""

    step: str
    number: int
    skill: int
    """what the own work needs; −1 where only time passes"""
    skip: float
    work: Distribution | None
    """the type's own work here [units of time]; None: nobody works here"""
    wait: Distribution
    handoff_delay: Distribution
    setup: Distribution
    asks: tuple[Ask, ...]
    """in the order in which they arise"""
    loops: tuple[Loop, ...]
    """in the order in which they are tried"""
    stops: Stops | None
    gate: int
    """what lets items leave forwards; −1 none"""


@dataclass(frozen=True, eq=False)
class Route:
    """The way of an item type through an organisation."""

    kind: ItemType
    halts: tuple[Halt, ...]
    returns: bool
    """whether anything may be sent back"""
    drops: bool
    """whether anything may be dropped on the way"""
    gated: tuple[int, ...]
    """positions of the halts with a gate"""


def route(model: Model, name: str, names: Universe) -> Route:
    """The route of item type `name` through `model`."""
    steps = model.route(name)
    order = {step: place for place, step in enumerate(model.steps)}
    halts = tuple(_halt(model, name, step, [order[step_name] for step_name in steps], names, order) for step in steps)
    gated = tuple(position for position, halt in enumerate(halts) if halt.gate >= 0)
    return Route(model.demand[name], halts, any(halt.loops for halt in halts), any(halt.stops for halt in halts), gated)


def _halt(model: Model, name: str, step: str, places: Sequence[int], names: Universe, order: dict[str, int]) -> Halt:
    here, kind, into = model.steps[step], model.demand[name], model.handoffs.at(step)
    work = kind.work.get(step, here.work)
    gate = here.gate is not None and concerns(here.gate.for_, name)
    return Halt(
        step=step,
        number=names.step_number[step],
        skill=-1 if work is None else names.skill_number[step],
        skip=kind.skips.get(step, 0.0),
        work=work,
        wait=here.wait or ZERO,
        handoff_delay=into.delay,
        setup=into.setup,
        asks=tuple(_asks(model, name, step, names)),
        loops=tuple(_loops(model, name, step, places, order)),
        stops=here.stops,
        gate=names.gate_number[step] if gate else -1,
    )


def concerns(types: Iterable[str] | None, name: str) -> bool:
    """Whether a rule that is for `types` (None: all) is for item type `name`."""
    return types is None or name in types


def _asks(model: Model, name: str, step: str, names: Universe) -> Iterable[Ask]:
    for label, need in sorted(named_needs(step, model.steps[step].needs), key=lambda pair: pair[1].at):
        if concerns(need.for_, name):
            gated = need.gate is not None and concerns(need.gate.for_, name)
            yield Ask(
                label=label,
                who=need.from_ or need.outside or "",
                skill=-1 if need.skill is None else names.skill_number[need.skill],
                gate=names.gate_number[label] if gated else -1,
                at=need.at,
                chance=need.chance,
                asked=need.asked,
                help=need.work or need.wait or ZERO,
                outside=need.wait is not None,
                delay=need.delay,
                effort=need.effort,
                ours=None if need.ours is None else need.ours.work,
                parks=need.parks,
            )


def _loops(model: Model, name: str, step: str, places: Sequence[int], order: dict[str, int]) -> Iterable[Loop]:
    """The loops that are tried at a step; a loop begins at the first halt that is not before the step it leads back to."""
    seen: dict[str, int] = {}
    for rule in model.steps[step].returns:
        if concerns(rule.for_, name):
            same = seen[rule.to] = seen.get(rule.to, -1) + 1
            if rule.chance > 0:
                low = next(position for position, place in enumerate(places) if place >= order[rule.to])
                yield Loop(rule, low, f"return {rule.to}#{same}")


def routings(models: Sequence[Model]) -> tuple[list[int], list[int]]:
    """The number of the routing of each of some organisations in their order, and the first organisation that has each routing.

    Those one after the other in which all items make the same journeys, and wait in the same order, have the same.
    """
    numbers, firsts = [0], [0]
    known: tuple[Model, Any] = models[0], None
    for place, model in enumerate(models[1:], start=1):
        if not _same_parts(known[0], model):
            before = travelled(known[0]) if known[1] is None else known[1]
            now = travelled(model)
            if now != before or model.discipline != known[0].discipline:
                firsts.append(place)
            known = model, now
        numbers.append(len(firsts) - 1)
    return numbers, firsts


def _same_parts(model: Model, other: Model) -> bool:
    """True where journeys cannot differ, since everything they depend on is the same; quicker than `travelled`."""
    return all(getattr(model, part) == getattr(other, part) for part in ("demand", "steps", "handoffs", "discipline"))


def travelled(model: Model) -> list[Any]:
    """What the journeys of items depend on, as a file writes it: the same where only people, limits or pull rules differ."""
    demand = {name: _without(kind.document(), "wip_limit") for name, kind in model.demand.items()}
    steps = [(name, _without(step.document(), "wip_limit", "gate"), _held(step)) for name, step in model.steps.items()]
    handoffs = [(into.delay.document(), into.setup.document()) for into in map(model.handoffs.at, model.steps)]
    return [demand, steps, handoffs]


def _without(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in keys}


def _held(step: Step) -> list[Any]:
    """What decides whom the gate of a step holds; when it opens does not matter for the journey."""
    return [] if step.gate is None else [step.gate.for_]
