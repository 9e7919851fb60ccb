"""Traffic: how much work a stream's demand brings to every skill, and how many items to every gate, in the long run.

Worked out from means alone, before any run: arrivals by type; the parts, defects and new versions they bring forth; skips,
stops, and returns within returns, as itineraries are drawn. Only demand that goes on for ever has a rate: a type with a
`backlog`, arrival times or a `count` has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from vssim.model.model import Model
from vssim.model.passage import Moments, Passage

Rates = dict[str, float]
Descent = tuple[str, float]
"""An item type, and the share of a new item's work that an item carries (a new version's, or 1)."""


@dataclass(frozen=True)
class Traffic:
    """What arrives for ever, per unit of time."""

    work: Mapping[str, float]
    """by skill: hands-on work at proficiency 1 [units of time per unit of time]"""
    gates: Mapping[str, float]
    """by gate in words: items that want to pass [items per unit of time]"""
    visits: Mapping[str, Moments]
    """by skill: how often people are asked for it per unit of time, and how the work varies"""


def ongoing(model: Model) -> Rates:
    """By item type: how many arrive from outside, for ever [items per unit of time]; only types with a rate above 0."""
    rates = {}
    for name, kind in model.demand.items():
        if kind.count is None:
            rates[name] = kind.batch.mean * (1 - kind.declined) * kind.rate
    return {name: rate for name, rate in rates.items() if rate > 0}


def arrivals_spread(model: Model, skills: Iterable[str]) -> float:
    """c_a²: how unevenly work comes to people with these skills; 1 for what has been through other hands first [1].

    Of a type's own arrivals, at the first step of its route: the interval's squared cv, times the mean batch, plus the batch's
    variance to mean ratio (the index of dispersion that the count of arrivals has in the long run).
    """
    weighed = total = 0.0
    for name, rate in ongoing(model).items():
        kind, route = model.demand[name], model.route(name)
        spread = 1.0
        if route and route[0] in skills:
            batch = kind.batch.mean
            spread = kind.unevenness * batch + batch * kind.batch.cv**2
        weighed += rate * spread
        total += rate
    return weighed / total if total else 1.0


def traffic(model: Model) -> Traffic:
    """Everything that the model's ongoing demand brings with it."""
    work: dict[str, float] = defaultdict(float)
    gates: dict[str, float] = defaultdict(float)
    entries: dict[str, float] = defaultdict(float)
    visits: dict[str, Moments] = defaultdict(Moments)
    passages = cache(lambda kind: [(chance, Passage(model, kind, fate)) for fate, chance in _fates(model, kind)])
    for (kind, factor), rate in _by_descent(model).items():
        for chance, passage in passages(kind):
            tally = passage.tally(factor)
            _add(work, tally.work, rate * chance)
            _add(gates, tally.gates, rate * chance)
            _add(entries, tally.handed_forwards, rate * chance)
            for skill, asked in passage.moments(factor).items():
                visits[skill].join(asked, rate * chance)
    for step, rate in entries.items():
        work[step] += _setups(model, step, rate)
    return Traffic(dict(work), dict(gates), dict(visits))


def _add(total: dict[str, float], more: Mapping[str, float], times: float) -> None:
    for name, amount in more.items():
        total[name] += amount * times


def _fates(model: Model, kind: str) -> list[tuple[str, float]]:
    """What items of a type would turn out to be, with its chance."""
    outcome = model.demand[kind].outcome
    right = 1.0 if outcome is None else outcome.right
    return [("right", right), ("wrong", 1 - right)]


def _by_descent(model: Model) -> dict[Descent, float]:
    """Items of every type and descent per unit of time: what arrives, and all that it brings forth."""
    arriving = {(kind, 1.0): rate for kind, rate in ongoing(model).items()}
    numbers: dict[Descent, int] = {}
    links: list[tuple[Descent, Descent, float]] = []
    waiting = list(arriving)
    while waiting:
        member = waiting.pop()
        if member not in numbers:
            numbers[member] = len(numbers)
            brought = _offspring(model, member)
            links += [(member, child, count) for child, count in brought.items()]
            waiting += brought
    mean = np.eye(len(numbers))
    for parent, child, count in links:
        mean[numbers[child], numbers[parent]] -= count
    rates = np.linalg.solve(mean, np.array([arriving.get(member, 0.0) for member in numbers])) if numbers else np.zeros(0)
    return {member: float(rates[number]) for member, number in numbers.items()}


def _offspring(model: Model, member: Descent) -> dict[Descent, float]:
    """Mean numbers of the items that one item brings forth: its parts, and after delivery a defect or a new version."""
    name, factor = member
    kind = model.demand[name]
    offspring: dict[Descent, float] = defaultdict(float)
    for part, count in kind.parts.items():
        offspring[part, factor] += count
    delivered = {fate: chance * Passage(model, name, fate).survival for fate, chance in _fates(model, name)}
    if kind.defects is not None:
        offspring[kind.defects.as_, 1.0] += kind.defects.chance * sum(delivered.values())
    if kind.outcome is not None:
        offspring[name, kind.outcome.work] += delivered["wrong"]
    return {child: count for child, count in offspring.items() if count > 0}


def _setups(model: Model, step: str, rate: float) -> float:
    """Setup work that `rate` handoffs forwards into a step carry in: one a batch, or one a gate opening where batches are of 1."""
    handoffs = model.handoffs.at(step)
    steps = list(model.steps)
    before = model.steps[steps[steps.index(step) - 1]].gate if steps.index(step) else None
    if handoffs.batch > 1 or before is None:
        return handoffs.setup.mean * rate / handoffs.batch
    return handoffs.setup.mean * min(rate, 1 / before.interval)
