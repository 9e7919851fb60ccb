"""Where items gather for a handoff batch, and whether the limits leave them the room to.

A limit below 1 + Σ(batch − 1) over the handoffs for which items it counts can gather may be filled by partial batches, none of
which can be completed: with demand that goes on, the stream would stand still for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vssim.model.faults import ModelFault, Path
from vssim.model.model import Model


@dataclass(frozen=True)
class Gathering:
    """Items of a type can gather in the column of `at`, owned by any of `owners`, for a handoff to `into` in batches."""

    kind: str
    at: str
    into: str
    batch: int
    owners: frozenset[str]


def gatherings(model: Model) -> tuple[Gathering, ...]:
    """Every place where items can gather for a batch; expedited items never wait for one."""
    gathering_places = []
    batches = {step: model.handoffs.at(step).batch for step in model.steps}
    for kind, item_type in model.demand.items():
        if item_type.expedite:
            continue
        for at, into in _moves(model, kind):
            batch = batches[into]
            if batch > 1 and _needs_people(model, kind, into) and (owners := _owners(model, kind, at) - _keep(model, kind, into)):
                gathering_places.append(Gathering(kind, at, into, batch, frozenset(owners)))
    return tuple(gathering_places)


def _moves(model: Model, kind: str) -> Iterator[tuple[str, str]]:
    """Pairs of steps between which an item of a type can move forwards: neighbours, and over steps that it can skip."""
    route, skips = model.route(kind), model.demand[kind].skips
    for position, at in enumerate(route):
        if skips.get(at, 0.0) >= 1:
            continue
        for into in route[position + 1 :]:
            if skips.get(into, 0.0) < 1:
                yield at, into
            if skips.get(into, 0.0) <= 0:
                break


def _needs_people(model: Model, kind: str, step: str) -> bool:
    return model.steps[step].work is not None or step in model.demand[kind].work


def _owners(model: Model, kind: str, at: str) -> set[str]:
    """Teams that can own an item of a type when it is done at a step: those that work there, or before steps without work."""
    route = model.route(kind)
    owners: set[str] = set()
    for step in reversed(route[: route.index(at) + 1]):
        owners |= {*model.teams_that("does", step), *model.teams_that("helps", step)} if _needs_people(model, kind, step) else set()
        if _needs_people(model, kind, step) and model.demand[kind].skips.get(step, 0.0) <= 0:
            break
    return owners


def _keep(model: Model, kind: str, into: str) -> set[str]:
    """Teams that keep an item on its way into a step, because they do the work there."""
    return set(model.teams_that("does", into)) if _needs_people(model, kind, into) else set(model.teams)


@dataclass(frozen=True)
class _Limit:
    """A limit of the model, and what gathers among the items that it counts."""

    path: Path
    name: str
    value: int
    counted: tuple[Gathering, ...]

    @property
    def least(self) -> int:
        """The smallest limit under which some batch can always be completed."""
        return 1 + sum(batch - 1 for batch in self._batches().values())

    def arithmetic(self) -> str:
        """How `least` comes about."""
        return "1 + " + " + ".join(f"({batch} − 1) for the batch into {step}" for step, batch in self._batches().items())

    def _batches(self) -> dict[str, int]:
        return {gathering.into: gathering.batch for gathering in self.counted}


def _limits(model: Model) -> Iterator[_Limit]:
    """All limits on items which may gather without end; a batch that waits only so long asks nothing of a limit."""
    patient = [step for step in model.steps if model.handoffs.at(step).wait_at_most is None]
    lasting = tuple(gathering for gathering in gatherings(model) if gathering.into in patient)
    for name, step in model.steps.items():
        if step.wip_limit is not None:
            yield _Limit(("steps", name, "wip_limit"), f"step {name}", step.wip_limit, tuple(g for g in lasting if g.at == name))
    for name, team in model.teams.items():
        if team.wip_limit is not None:
            yield _Limit(
                ("teams", name, "wip_limit"), f"team {name}", team.wip_limit, tuple(g for g in lasting if name in g.owners)
            )
    for name, kind in model.demand.items():
        if kind.wip_limit is not None:
            yield _Limit(("demand", name, "wip_limit"), f"type {name}", kind.wip_limit, tuple(g for g in lasting if g.kind == name))
    for name, span in model.limits.items():
        if span.most is not None:
            counted = tuple(g for g in lasting if span.counts(g.kind, g.at))
            yield _Limit(("limits", name, "most"), f"limit {name}", span.most, counted)
    if model.wip_limit is not None:
        yield _Limit(("wip_limit",), "stream", model.wip_limit, lasting)


def _too_small(model: Model) -> list[_Limit]:
    return [limit for limit in _limits(model) if limit.counted and limit.value < limit.least]


def goes_on(model: Model) -> bool:
    """True when demand goes on for ever: new items keep arriving, however long the run."""
    return any(kind.goes_on and kind.count is None for kind in model.demand.values())


def gathering_faults(model: Model) -> list[ModelFault]:
    """With demand that goes on: limits under which batches could fill every place and none be completed."""
    if not goes_on(model):
        return []
    return [
        ModelFault(limit.path, limit.value, f"at least {limit.least} = {limit.arithmetic()}; fewer could never gather")
        for limit in _too_small(model)
    ]


def gathering_warnings(model: Model) -> list[str]:
    """With a finite backlog, the same limits as sentences: partial batches go when nothing else can happen."""
    if goes_on(model):
        return []
    return [
        f"the limit {limit.value} of the {limit.name} is below {limit.least} = {limit.arithmetic()}; batches will be incomplete"
        for limit in _too_small(model)
    ]
