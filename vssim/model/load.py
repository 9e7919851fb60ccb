"""Load: how much of what can be carried the demand asks for, known before the first run.

The load ρ is the smallest number for which all arriving work can be assigned to the people who do or help at it, such that
nobody works more than a share ρ of the time. Above 1 the stream has no steady state. It is a lower bound for what it takes:
limits that leave people idle, and handoffs that happen only sometimes, come on top.

What counts: arrivals × expected visits (`traffic`), relearning and setups where a handoff is certain, proficiency, the
pace of a team in the long run (meetings, coordination, improvement once its gain is reached; a dip passes), and what people
lose by switching when they have as many items open as they and the limits allow. That many they have as soon as a queue has
formed, so a queue that forms once does not go away above 100 %, though people with little to do would lose less.
A gate that lets only so many pass an opening has a load of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Reals
from vssim.model.model import Model
from vssim.model.passage import committee_of, gate_of
from vssim.model.simplex import least
from vssim.model.steps import Gate
from vssim.model.teams import Group, Team, attention_left
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
class Pool:
    """Interchangeable people: how much work at each skill one person gets done per unit of time."""

    team: str
    people: float
    """infinite for unlimited"""
    speed: Mapping[str, float]
    """by skill, without what switching takes"""
    most_open: float
    """items that they may have open at once, as far as they and the limits on their steps allow; infinite for unlimited"""


def load(model: Model) -> Load:
    """The load of every team and gate of `model`, and which binds."""
    if not ongoing(model):
        return Load(dict.fromkeys(model.teams), {}, None, None)
    arriving = traffic(model)
    by_team: dict[str, float | None] = dict.fromkeys(model.teams)
    for pool, busy in carried(model, arriving.work):
        if np.isfinite(pool.people):
            by_team[pool.team] = max(by_team[pool.team] or 0.0, busy)
    by_gate = {name: arriving.gates.get(name, 0.0) * gate.interval / gate.most for name, gate in gates(model) if gate.most}
    known = {name: busy for name, busy in by_team.items() if busy is not None} | by_gate
    binding = max(known, key=lambda name: known[name], default=None)
    return Load(by_team, by_gate, known[binding] if binding is not None else None, binding)


def carried(model: Model, work: Mapping[str, float]) -> list[tuple[Pool, float]]:
    """Every pool of `model` with its load, when `work` arrives for ever.

    `work`: by skill, hands-on work at proficiency 1 [units of time per unit of time].
    """
    pools = list(_pools(model))
    busy = _assigned(pools, work)
    return [(pool, share / _left(model, pools, busy, number)) for number, (pool, share) in enumerate(zip(pools, busy, strict=True))]


def _pools(model: Model) -> Iterator[Pool]:
    done = {skill for team in model.teams.values() for group in team.groups for skill in group.does}
    for name, team in model.teams.items():
        pace = long_run_pace(team)
        for group in team.groups:
            helps = [skill for skill in group.helps if skill not in group.only_when_alone or skill not in done]
            skills = dict.fromkeys([*group.does, *helps])
            speed = {skill: max(group.does.get(skill, 0.0), group.helps.get(skill, 0.0)) * pace for skill in skills}
            people = float("inf") if group.count == "unlimited" else float(group.count)
            yield Pool(name, people, speed, _most_open(model, team, group, people))


def _most_open(model: Model, team: Team, group: Group, people: float) -> float:
    """How many items a pool may have open at once, by its own rule and by the limits on the stream and on what it does."""
    if not np.isfinite(people):
        return people
    own = float(max(1, np.floor(people * team.multitasking + 1e-9)))
    limits = [model.steps[skill].wip_limit if skill in model.steps else None for skill in (*group.does, *group.helps)]
    steps = sum(limit for limit in limits if limit is not None) if None not in limits and limits else None
    return float(min([own, *(limit for limit in (model.wip_limit, steps) if limit is not None)]))


def _left(model: Model, pools: Sequence[Pool], busy: Sequence[float], number: int) -> float:
    """The share of a pool's time that switching leaves for work while a queue waits for it [1].

    A team's limit is shared by its pools: what the others have open on average is not available to this one.
    """
    pool = pools[number]
    if not np.isfinite(pool.people):
        return 1.0
    team = model.teams[pool.team]
    most = pool.most_open
    if team.wip_limit is not None:
        others = sum(
            share * other.people
            for other, share in zip(pools, busy, strict=True)
            if other.team == pool.team and other is not pool and np.isfinite(other.people)
        )
        most = max(1.0, min(most, team.wip_limit - others))
    return float(attention_left(team, max(most / pool.people, 1.0)))


def long_run_pace(team: Team) -> float:
    """The share of a team's time that is left for work in the long run, times what improvement gains [1]."""
    pace = 1 - team.meetings
    if team.coordination and team.headcount:
        pace /= 1 + team.coordination * (team.headcount - 1)
    if team.improvement is not None:
        pace *= (1 - team.improvement.share) / (1 - team.improvement.gain)
    return pace


def gates(model: Model) -> Iterator[tuple[str, Gate]]:
    """Every gate of a model, and committees', each by its name in words."""
    for name, step in model.steps.items():
        if step.gate is not None:
            yield gate_of(name), step.gate
        for need in step.needs:
            if need.gate is not None:
                yield committee_of(name, str(need.from_)), need.gate


def _assigned(pools: Sequence[Pool], work: Mapping[str, float]) -> list[float]:
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

    `shared`: for each skill, by pool, the load it would have from all of that work. A linear programme for each round; pools
    that cannot go lower (those whose own work has a price) are settled.
    """
    pairs = [(skill, pool) for skill, takes in enumerate(shared) for pool in takes]
    pools = sorted({pool for _, pool in pairs})
    row = {pool: number for number, pool in enumerate(pools)}
    scale = max(max(takes.values()) for takes in shared)
    uses = np.zeros((len(pools), len(pairs)))
    whole = np.zeros((len(shared), len(pairs) + 1 + len(pools)))
    for column, (skill, pool) in enumerate(pairs):
        uses[row[pool], column] = shared[skill][pool] / scale
        whole[skill, column] = 1.0
    base = own[pools] / scale
    settled = np.full(len(pools), np.nan)
    highest = np.concatenate([np.zeros(len(pairs)), [1.0], np.zeros(len(pools))])  # the load that is to be as low as can be
    while (open_ := np.isnan(settled)).any():
        # a pool that is open: highest − uses − (what is left) = base; one that is settled: uses + (what is left) = settled − base
        sign = np.where(open_, -1.0, 1.0)
        limits = np.hstack([sign[:, None] * uses, open_.astype(float)[:, None], np.diag(sign)])
        right = np.where(open_, base, np.maximum(settled + _SAME - base, 0.0))
        solution = least(highest, np.vstack([limits, whole]), np.concatenate([right, np.ones(len(shared))]))
        bound = open_ & (solution.prices[: len(pools)] > _SAME)
        settled[bound if bound.any() else open_] = solution.values[len(pairs)]
    loads = own.copy()
    loads[pools] = settled * scale
    return loads
