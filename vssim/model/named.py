"""Whether the items that a file names make sense: where they are, who has them, what they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vssim.errors import nearest
from vssim.model.demand import ItemType
from vssim.model.faults import ModelFault, Path
from vssim.model.items import Item
from vssim.model.model import Model


def item_faults(model: Model) -> Iterator[ModelFault]:
    """Everything that is wrong with named items, in the order of the file."""
    ids: dict[str, Path] = {}
    for name, kind in model.demand.items():
        for index, item in enumerate(kind.items):
            place: Path = ("demand", name, "items", index)
            yield from _names(model, place, item)
            yield from _moments(place, item)
            if "if_dropped" in item.model_fields_set and not item.waits_for:
                yield ModelFault((*place, "if_dropped"), item.if_dropped, "waits_for beside if_dropped: what it waits for")
            if item.step is not None:
                yield from _standing(model, name, kind, place, item)
            if item.id is not None and item.id in ids:
                yield ModelFault((*place, "id"), item.id, "a name that no other item has")
            elif item.id is not None and item.count > 1:
                yield ModelFault((*place, "count"), item.count, "one item, where it has a name")
            ids.setdefault(item.id or "", place)
    yield from _predecessors(model, [name for name in ids if name])


def _predecessors(model: Model, ids: list[str]) -> Iterator[ModelFault]:
    """Items that wait for others: named ones that there are, and none for itself, whichever way round."""
    named: list[tuple[Path, Item]] = []
    for name, kind in model.demand.items():
        named += [(("demand", name, "items", index), item) for index, item in enumerate(kind.items) if item.waits_for]
    after = {item.id: item.waits_for for _, item in named if item.id is not None}
    told: set[str] = set()
    for place, item in named:
        if item.step is not None:
            yield ModelFault((*place, "waits_for"), "", "no step beside waits_for: what waits for others is not on the board")
        for index, other in enumerate(item.waits_for):
            if other not in ids:
                types = other in model.demand
                known = "the name (id) of an item" + (", not a type, which has no end" if types else "")
                yield _unknown((*place, "waits_for", index), other, known, ids)
            elif item.id is not None and item.id not in told and (circle := _circle(item.id, other, after)):
                told |= set(circle)
                expected = f"items that do not wait for each other in a circle ({' → '.join(circle)})"
                yield ModelFault((*place, "waits_for", index), other, expected)


def _circle(name: str, other: str, after: dict[str, tuple[str, ...]]) -> list[str]:
    """The way from an item over one that it waits for back to itself; nothing where there is none."""
    ways, seen = [[name, other]], {other}
    while ways:
        way = ways.pop()
        if way[-1] == name:
            return way
        fresh = [following for following in after.get(way[-1], ()) if following not in seen]
        seen.update(fresh)
        ways += [[*way, following] for following in fresh]
    return []


def _names(model: Model, place: Path, item: Item) -> Iterator[ModelFault]:
    for step in item.work:
        if step not in model.steps:
            yield _unknown((*place, "work", step), step, "a step", model.steps)
    for part in item.parts:
        if part not in model.demand:
            yield _unknown((*place, "parts", part), part, "an item type", model.demand)


def _moments(place: Path, item: Item) -> Iterator[ModelFault]:
    if item.age is not None and "at" in item.model_fields_set:
        yield ModelFault((*place, "age"), item.age, "either at or age (age 12 is at -12)")
    for word in ("entered", "started", "remaining", "team", "stuck"):
        if item.step is None and getattr(item, word) is not None:
            yield ModelFault((*place, word), "", f"a step beside {word}: where it is")
    for word in ("at", "entered", "started"):
        if item.step is not None and (getattr(item, word) or 0.0) > 0:
            yield ModelFault((*place, word), getattr(item, word), "a moment before time 0 for what is on the board")
    for word in ("entered", "started"):
        moment = getattr(item, word)
        if moment is not None and moment < item.arrived:
            yield ModelFault((*place, word), moment, f"a moment not before it arrived ({item.arrived:g})")


def _standing(model: Model, name: str, kind: ItemType, place: Path, item: Item) -> Iterator[ModelFault]:
    """What is wrong with an item that is on the board."""
    step = str(item.step)
    route = [each for each in model.route(name) if kind.skips.get(each, 0.0) < 1]
    if kind.parts or item.parts:
        yield ModelFault((*place, "step"), step, "no step for a whole of parts; its parts are items of their own")
        return
    if step not in route:
        yield _unknown((*place, "step"), step, f"a step that a {name} takes", route)
        return
    able = [*model.teams_that("does", step), *(team for team in model.teams_that("helps", step))]
    if item.team is not None and item.team not in model.teams:
        yield _unknown((*place, "team"), item.team, "a team", model.teams)
    elif item.team is not None and model.works_at(step) and item.team not in able:
        yield _unknown((*place, "team"), item.team, f"a team that does {step} or helps at it", dict.fromkeys(able))
    if item.stuck is not None:
        needs = [need for need in model.steps[step].needs if need.for_ is None or name in need.for_]
        known = dict.fromkeys(str(need.from_ or need.outside) for need in needs)
        if item.stuck not in known:
            yield _unknown((*place, "stuck"), item.stuck, f"what {step} needs of others", known)


def _unknown(place: Path, name: str, sort: str, known: Iterable[str]) -> ModelFault:
    known = list(known)
    listed = f": {', '.join(known)}" if known else "; there is none"
    return ModelFault(place, name, sort + listed, nearest(name, known))
