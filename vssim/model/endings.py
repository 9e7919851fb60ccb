"""Endings: whether and when demand ends, and behind which gates items are delivered."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.model.model import Model


def last_gates(model: Model) -> tuple[tuple[float, float], ...]:
    """Interval and offset [units of time] of the gates at the ends of routes: items behind them leave when they open."""
    ends = dict.fromkeys(route[-1] for route in map(model.route, model.demand) if route)
    gates = [model.steps[step].gate for step in ends if step in model.steps]
    return tuple((gate.every, gate.offset) for gate in gates if gate is not None and gate.every is not None)


def is_finite(models: Sequence[Model]) -> bool:
    """Whether every type's demand ends, whichever of the organisations is in force."""
    return all(not kind.goes_on or kind.count is not None for model in models for kind in model.demand.values())


def expected_items(models: Sequence[Model], horizon: float) -> tuple[tuple[str, int], ...]:
    """By type, how many items have to come from outside until demand has ended.

    For one organisation only: nobody can say how much of the old demand a change that comes into force finds.
    """
    if len(models) > 1:
        return ()
    counts: list[tuple[str, int]] = []
    for name, kind in models[0].demand.items():
        latest = max((*(kind.at or ()), *(item.arrived for item in kind.items)), default=0.0)
        if latest > horizon:
            counts.append((name, 2**62))  # more than can come by then
        elif (kind.every is not None or kind.history is not None) and kind.count is not None and not kind.declined:
            counts.append((name, kind.count + sum(item.count for item in kind.items)))
    return tuple(counts)
