"""Load: how much of what can be carried the demand asks for, known before the first run.

The load ρ is the smallest number for which all arriving work can be assigned to the people who do or help at it, such that
nobody works more than a share ρ of the time. Above 1 the stream has no steady state. It is a lower bound for what it takes:
limits that leave people idle, and handoffs that happen only sometimes, come on top.

What counts: arrivals × expected visits (`traffic`), relearning and setups where a handoff is certain, proficiency, and the
pace of a team in the long run (meetings, coordination, improvement once its gain is reached; a dip passes). What does not:
time lost by switching between items. A team loses it when it keeps many items open, and need not; so it is no work that
arrives. A team that multitasks can be swamped below a load of 1, and the growth of its unfinished work then says so.
A gate that lets only so many pass an opening has a load of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Reals
from vssim.model.model import Model
from vssim.model.passage import committee_of, gate_of
from vssim.model.steps import Gate
from vssim.model.teams import Team
from vssim.model.traffic import ongoing, traffic

_SAME = 1e-9


@dataclass(frozen=True)
class Load:
    """The load of a model's teams and gates; all None where no demand goes on for ever."""

    by_team: Mapping[str, float | None]
    """share of the people's time, of the busiest craft in the team; None where people are unlimited"""
    by_gate: Mapping[str, float]
    """by gate in words, for gates that let only so many pass: share of what they let pass"""
    rho: float | None
    """the highest of them"""
    binding: str | None
    """the team, or the gate in words, that has it"""


@dataclass(frozen=True)
class _Pool:
    """Interchangeable people: how much work at each skill one person gets done per unit of time."""

    team: str
    people: float
    """infinite for unlimited"""
    speed: Mapping[str, float]


def load(model: Model) -> Load:
    """The load of every team and gate of `model`, and which binds."""
    if not ongoing(model):
        return Load(dict.fromkeys(model.teams), {}, None, None)
    arriving = traffic(model)
    pools = list(_pools(model))
    loads = _assigned(pools, arriving.work)
    by_team: dict[str, float | None] = dict.fromkeys(model.teams)
    for pool, busy in zip(pools, loads, strict=True):
        if np.isfinite(pool.people):
            by_team[pool.team] = max(by_team[pool.team] or 0.0, busy)
    by_gate = {name: arriving.gates.get(name, 0.0) * gate.every / gate.most for name, gate in _gates(model) if gate.most}
    known = {name: busy for name, busy in by_team.items() if busy is not None} | by_gate
    binding = max(known, key=lambda name: known[name], default=None)
    return Load(by_team, by_gate, known[binding] if binding is not None else None, binding)


def _pools(model: Model) -> Iterator[_Pool]:
    for name, team in model.teams.items():
        pace = long_run_pace(team)
        for group in team.groups:
            skills = dict.fromkeys([*group.does, *group.helps])
            speed = {skill: max(group.does.get(skill, 0.0), group.helps.get(skill, 0.0)) * pace for skill in skills}
            yield _Pool(name, float("inf") if group.count == "unlimited" else float(group.count), speed)


def long_run_pace(team: Team) -> float:
    """The share of a team's time that is left for work in the long run, times what improvement gains [1]."""
    pace = 1 - team.meetings
    if team.coordination and team.headcount:
        pace /= 1 + team.coordination * (team.headcount - 1)
    if team.improvement is not None:
        pace *= (1 - team.improvement.share) / (1 - team.improvement.gain)
    return pace


def _gates(model: Model) -> Iterator[tuple[str, Gate]]:
    for name, step in model.steps.items():
        if step.gate is not None:
            yield gate_of(name), step.gate
        for need in step.needs:
            if need.gate is not None:
                yield committee_of(name, str(need.from_)), need.gate


def _assigned(pools: Sequence[_Pool], work: Mapping[str, float]) -> list[float]:
    """By pool, its load. Work that only one pool can do is its own; the rest is shared out as evenly as can be."""
    own, shared = np.zeros(len(pools)), []
    for skill, amount in work.items():
        able = [number for number, pool in enumerate(pools) if skill in pool.speed]
        if amount <= 0 or any(np.isinf(pools[number].people) for number in able):
            continue
        takes = {number: amount / (pools[number].speed[skill] * pools[number].people) for number in able}
        if len(able) == 1:
            own[able[0]] += takes[able[0]]
        elif able:
            shared.append(takes)
    return [float(busy) for busy in (_evened_out(own, shared) if shared else own)]


def _evened_out(own: Reals, shared: Sequence[Mapping[int, float]]) -> Reals:
    """Loads when `shared` work is assigned so that the highest load is as low as can be, then the next highest, and so on.

    `shared`: for each skill, by pool, the load it would have from all of that work. A linear program for each round; pools
    that cannot go lower (those with a price in its dual) are settled.
    """
    from scipy.optimize import linprog

    pairs = [(skill, pool) for skill, takes in enumerate(shared) for pool in takes]
    pools = sorted({pool for _, pool in pairs})
    row = {pool: number for number, pool in enumerate(pools)}
    scale = max(max(takes.values()) for takes in shared)
    uses = np.zeros((len(pools), len(pairs) + 1))
    whole = np.zeros((len(shared), len(pairs) + 1))
    for column, (skill, pool) in enumerate(pairs):
        uses[row[pool], column] = shared[skill][pool] / scale
        whole[skill, column] = 1.0
    base = own[pools] / scale
    settled = np.full(len(pools), np.nan)
    goal = np.zeros(len(pairs) + 1)
    goal[-1] = 1.0
    while np.isnan(settled).any():
        uses[:, -1] = -np.isnan(settled).astype(float)
        room = np.where(np.isnan(settled), 0.0, settled + _SAME) - base
        found = linprog(goal, A_ub=uses, b_ub=room, A_eq=whole, b_eq=np.ones(len(shared)), method="highs")
        lowest = float(found.x[-1])
        bound = np.isnan(settled) & (found.ineqlin.marginals < -_SAME)
        settled[bound if bound.any() else np.isnan(settled)] = lowest
    loads = own.copy()
    loads[pools] = settled * scale
    return loads
