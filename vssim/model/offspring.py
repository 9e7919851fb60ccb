"""Descent: what items bring forth (defects, new versions, parts), and whether families of them die out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vssim.clock import Reals
from vssim.model.faults import ModelFault, Path
from vssim.model.model import Model

_ALMOST_ONE = 1 - 1e-9
"""From this mean number of offspring on families count as endless: rounding must not let exactly 1 pass."""


def part_cycles(model: Model) -> Iterator[ModelFault]:
    """Item types that are, by way of their parts, parts of themselves."""
    for name, kind in model.demand.items():
        for part in kind.parts:
            if name in _parts_below(model, part):
                circle = "itself" if part == name else f"{part!r}, which has {name!r} among its own parts"
                yield ModelFault(
                    ("demand", name, "parts", part), part, f"parts that are not wholes of this type ({name!r} has {circle})"
                )


def _parts_below(model: Model, kind: str) -> set[str]:
    """An item type and all types among its parts, and parts of parts; types that there are not have none."""
    below, waiting = {kind}, [kind]
    while waiting:
        known = model.demand.get(waiting.pop())
        for part in () if known is None else known.parts:
            if part not in below:
                below.add(part)
                waiting.append(part)
    return below


def offspring(model: Model) -> Reals:
    """Mean number of items of type j that one item of type i brings forth, shape (types, types).

    Defects and new versions come from delivered items only, so what is dropped on the way (`stops`) has none. Parts count as
    brought forth by their whole.
    """
    numbers = {name: number for number, name in enumerate(model.demand)}
    mean = np.zeros((len(numbers), len(numbers)))
    for name, kind in model.demand.items():
        right = 1.0 if kind.outcome is None else kind.outcome.right
        delivered_right = right * _survives(model, name, "right")
        delivered_wrong = (1 - right) * _survives(model, name, "wrong")
        if kind.defects is not None:
            mean[numbers[name], numbers[kind.defects.as_]] += kind.defects.chance * (delivered_right + delivered_wrong)
        mean[numbers[name], numbers[name]] += delivered_wrong
        for part, count in kind.parts.items():
            mean[numbers[name], numbers[part]] += count
    return mean


def _survives(model: Model, kind: str, fate: str) -> float:
    """Chance that an item which would turn out `fate` ('right' or 'wrong') is not dropped on its way."""
    chance = 1.0
    for step in model.route(kind):
        stops = model.steps[step].stops
        if stops is not None:
            chance *= 1 - getattr(stops, fate) * (1 - model.demand[kind].skips.get(step, 0.0))
    return chance


def endless_families(model: Model) -> Iterator[ModelFault]:
    """Item types whose families never die out: one fault for each circle of types that bring each other forth."""
    mean, names = offspring(model), list(model.demand)
    reach = np.linalg.matrix_power(np.eye(len(names)) + (mean > 0), len(names)) > 0 if names else np.zeros((0, 0), bool)
    told: set[int] = set()
    for number, name in enumerate(names):
        circle = np.flatnonzero(reach[number] & reach[:, number])
        if number in told:
            continue
        told |= {int(member) for member in circle}
        radius = float(np.abs(np.linalg.eigvals(mean[np.ix_(circle, circle)])).max())
        if radius >= _ALMOST_ONE:
            yield _endless(model, name, [names[member] for member in circle], radius)


def _endless(model: Model, name: str, circle: list[str], radius: float) -> ModelFault:
    kind = model.demand[name]
    where: Path = ("parts",)
    value: float | None = None
    if kind.defects is not None and kind.defects.as_ in circle:
        where, value = ("defects", "chance"), kind.defects.chance
    elif kind.outcome is not None:
        where, value = ("outcome", "right"), kind.outcome.right
    who = name if len(circle) == 1 else f"the circle of {', '.join(circle)}"
    grows = f"each generation of {who} is {radius:.3g} times the one before"
    return ModelFault(
        ("demand", name, *where), value, f"families that die out: fewer than 1 successor an item on average ({grows})"
    )
