"""Slicing: an item type becomes a whole of equal parts, each cut from it with the same luck."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution, parse
from vssim.model.model import Model
from vssim.model.spans import SpanLimit
from vssim.model.steps import Step
from vssim.model.values import Names

NEVER = parse("never")


def cut(model: Model, name: str, into: int, overhead: float) -> Model:
    """The model in which every item of type `name` is done in `into` parts, each with `overhead` on its share of the work."""
    part = part_name(name, model.demand)
    kind = model.demand[name]
    demand = {other: _whole(entry, part, into) if other == name else entry for other, entry in model.demand.items()}
    demand[part] = _part(kind, into, overhead)
    steps = {step: _also_for(entry, name, part) for step, entry in model.steps.items()}
    limits = {other: _of_parts(limit, name, part, into) for other, limit in model.limits.items()}
    return model.model_copy(update={"demand": demand, "steps": steps, "limits": limits})


def part_name(name: str, taken: Iterable[str]) -> str:
    """What the parts of a type are called: 'feature slice', or 'feature slice 2' where that is taken."""
    taken = set(taken)
    candidates = (f"{name} slice" + (f" {number}" if number > 1 else "") for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _whole(kind: ItemType, part: str, into: int) -> ItemType:
    """What is left of the type itself: it arrives, is worth something, and is done when its parts are."""
    return kind.model_copy(update={"parts": {part: into}, "route": None, "wip_limit": None})


def _part(kind: ItemType, into: int, overhead: float) -> ItemType:
    """One of the parts: it does not arrive by itself, and takes the route with its share of the work."""
    return ItemType(
        every=NEVER,
        size=kind.size.scaled((1 + overhead) / into),
        estimate=kind.estimate,
        work=kind.work,
        priority=kind.priority,
        expedite=kind.expedite,
        interrupts=kind.interrupts,
        due=kind.due,
        wip_limit=None if kind.wip_limit is None else kind.wip_limit * into,
        route=kind.route,
        skips=kind.skips,
        cost_of_delay=_share(kind.cost_of_delay, into),
        slice=True,
    )


def _of_parts(limit: SpanLimit, name: str, part: str, into: int) -> SpanLimit:
    """A limit for the type in some columns is one for its parts; for it alone, so many times as many."""
    if name not in (limit.for_ or ()):
        return limit
    most = limit.most * into if limit.most is not None and limit.for_ == (name,) else limit.most
    return limit.model_copy(update={"for_": tuple(part if kind == name else kind for kind in limit.for_ or ()), "most": most})


def _share(cost: Distribution | None, into: int) -> Distribution | None:
    return None if cost is None else cost.scaled(1 / into)


def _also_for(step: Step, name: str, part: str) -> Step:
    """The step with everything that is `for` the type also for its parts."""

    def widened(entry: Any) -> Any:
        if entry is None:
            return None
        update: dict[str, Any] = {}
        if name in (entry.for_ or ()):
            wider: Names = (*entry.for_, part)
            update["for_"] = wider
        if getattr(entry, "gate", None) is not None:
            update["gate"] = widened(entry.gate)
        return entry.model_copy(update=update)

    return step.model_copy(
        update={
            "needs": tuple(widened(need) for need in step.needs),
            "returns": tuple(widened(rule) for rule in step.returns),
            "gate": widened(step.gate),
        }
    )
