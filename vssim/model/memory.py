"""Memory: how long a stream remembers how it began, worked out from its model alone, without a run or a seed.

A queue forgets slowly when its people are busy. For one pool of c people with mean work w a visit, load ρ, and squared
coefficients of variation c_a² of arrivals and c_s² of work, the relaxation time is
τ = ½ (c_a² + c_s²) · w / (c (1 − √ρ)²)
(exact for M/M/1: Abate & Whitt 1987, *Transient behavior of the M/M/1 queue*; the factor ½ (c_a² + c_s²) is the heavy-traffic
diffusion's, Newell 1982). Pools that share work, and so are equally busy, are one pool here. Pools follow each other, so their
times are added like standard deviations. Times that pass without a queue (waits, gates, newcomers, an improvement that pays
later) are added as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vssim.model.load import Pool, carried, gates
from vssim.model.model import Model
from vssim.model.passage import Moments, Passage
from vssim.model.traffic import Traffic, arrivals_spread, ongoing, traffic

TOO_BUSY = 0.98
"""From this load on no steady state is claimed: what it would take to reach it is longer than anybody waits [1]."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """Pools that share work and are equally busy."""

    pools: tuple[Pool, ...]
    load: float

    @property
    def people(self) -> float:
        """How many people they are."""
        return sum(pool.people for pool in self.pools)

    @property
    def teams(self) -> tuple[str, ...]:
        """Whose people they are, each team once."""
        return tuple(dict.fromkeys(pool.team for pool in self.pools))


@dataclass(frozen=True)
class Memory:
    """How long a model remembers its start [units of time]."""

    relaxation: float
    """τ: after so long a queue's memory has shrunk to 1/e; 0 where no demand goes on for ever, infinite at a load of 1"""
    slow: float
    """T: what passes at its own pace: waits and handoffs on the longest route, the longest gate period, the longest onboarding"""
    cadence: float
    """the longest gate period; 0 without gates"""
    busiest: Crowd | None
    """the people who remember longest"""
    load: float
    """their load, or the highest load of a gate if that is higher [1]"""
    ongoing: bool
    """whether any demand goes on for ever"""
    rate: float
    """customers' items that arrive for ever per unit of time"""

    @property
    def settles(self) -> bool:
        """Whether a steady state may be claimed of it."""
        return self.load < TOO_BUSY

    @property
    def warmup(self) -> float:
        """From when on its runs look like any later time: 2τ + T, up to a whole gate period; 2T where it never settles."""
        if not self.ongoing:
            return 0.0
        if not self.settles:
            return self.whole(2 * self.slow)
        return self.whole(2 * self.relaxation + self.slow)

    def whole(self, span: float) -> float:
        """A span, rounded up to whole gate periods; to three digits where there are no gates."""
        if self.cadence > 0:
            return math.ceil(round(span / self.cadence, 9)) * self.cadence
        return float(f"{span:.3g}")


def memory(model: Model) -> Memory:
    """How long `model` remembers its start."""
    rates = ongoing(model)
    periods = [gate.interval for _, gate in gates(model)]
    cadence = max(periods, default=0.0)
    slow = max((_elsewhere(model, kind) for kind in rates), default=0.0) + cadence + _learning(model)
    if not rates:
        return Memory(0.0, slow, cadence, None, 0.0, False, 0.0)
    arriving = traffic(model)
    times = {crowd: _relaxation(model, arriving, crowd) for crowd in _crowds(carried(model, arriving.work), arriving.visits)}
    tau = math.sqrt(sum(time**2 for time in times.values()))
    busiest = max(times, key=lambda crowd: times[crowd], default=None)
    passing = [arriving.gates.get(name, 0.0) * gate.interval / gate.most for name, gate in gates(model) if gate.most]
    highest = max([busiest.load if busiest is not None else 0.0, *passing])
    return Memory(tau, slow, cadence, busiest, highest, True, sum(rates.values()))


def _crowds(carrying: Sequence[tuple[Pool, float]], asked: Mapping[str, Moments]) -> list[Crowd]:
    """The pools of bounded people, together where they have a skill in common that is asked for, and the same load."""
    crowds: list[tuple[list[Pool], set[str], float]] = []
    for pool, busy in carrying:
        if not math.isfinite(pool.people):
            continue
        skills = {skill for skill in pool.speed if skill in asked}
        joined = [crowd for crowd in crowds if crowd[1] & skills and math.isclose(crowd[2], busy, rel_tol=1e-6)]
        pools = [member for crowd in joined for member in crowd[0]]
        crowds = [crowd for crowd in crowds if crowd not in joined]
        crowds.append(([*pools, pool], set(skills).union(*(crowd[1] for crowd in joined)), busy))
    return [Crowd(tuple(pools), busy) for pools, _, busy in crowds]


def _relaxation(model: Model, arriving: Traffic, crowd: Crowd) -> float:
    """The relaxation time τ of people who share work [units of time]."""
    if crowd.load >= 1:
        return math.inf
    asked = [(arriving.visits[skill], speed) for skill, speed in _speeds(crowd).items() if skill in arriving.visits and speed > 0]
    visits = sum(moments.count for moments, _ in asked)
    if visits <= 0 or crowd.load <= 0:
        return 0.0
    mean = sum(moments.total / speed for moments, speed in asked) / visits
    square = sum(moments.squares / speed**2 for moments, speed in asked) / visits
    if mean <= 0:
        return 0.0
    spread = max(square / mean**2 - 1, 0.0)
    uneven = (arrivals_spread(model, _speeds(crowd)) + spread) / 2
    return uneven * mean / (crowd.people * (1 - math.sqrt(crowd.load)) ** 2)


def _speeds(crowd: Crowd) -> dict[str, float]:
    """By skill, how fast those of them are who can, on average."""
    able = {skill: [pool for pool in crowd.pools if skill in pool.speed] for pool in crowd.pools for skill in pool.speed}
    return {
        skill: sum(pool.speed[skill] * pool.people for pool in pools) / sum(pool.people for pool in pools)
        for skill, pools in able.items()
    }


def _elsewhere(model: Model, kind: str) -> float:
    """Mean time that an item of a type spends outside queues: in transit, outside, waiting, with unlimited people."""
    fates = ("right", "wrong") if model.demand[kind].outcome is not None else ("right",)
    parts = [_elsewhere(model, part) for part in model.demand[kind].parts]
    return max(*(_passing(model, Passage(model, kind, fate)) for fate in fates), *parts, 0.0)


def longest_span(model: Model) -> float:
    """The longest time that a model states: between arrivals, of work, waits, delays, between openings, to learn [units]."""
    kinds, steps = model.demand.values(), model.steps.values()
    between = [1 / kind.rate for kind in kinds if kind.rate]
    laws = [law for kind in kinds for law in (*kind.work.values(), kind.due) if law is not None]
    laws += [after.after for kind in kinds for after in (kind.outcome, kind.defects) if after is not None]
    laws += [law for step in steps for law in (step.work, step.wait) if law is not None]
    laws += [law for step in steps for need in step.needs for law in (need.work, need.wait, need.delay) if law is not None]
    laws += [model.handoffs.delay, *(into.delay for into in model.handoffs.into.values() if into.delay is not None)]
    return max([*between, *(law.mean for law in laws), *(gate.interval for _, gate in gates(model)), _learning(model)], default=0.0)


def _passing(model: Model, passage: Passage) -> float:
    boundless = {skill for pool in _boundless(model) for skill in pool}
    return sum(elapsed for skill, elapsed in passage.elapsed().items() if skill is None or skill in boundless)


def _boundless(model: Model) -> Iterator[Mapping[str, float]]:
    for team in model.teams.values():
        for group in team.groups:
            if group.count == "unlimited":
                yield group.does


def _learning(model: Model) -> float:
    """The longest time for which teams' pace goes on changing: newcomers up to speed, an improvement 95 % there."""
    ramps = [team.onboarding.ramp for team in model.teams.values() if team.onboarding is not None]
    gains = [3 * team.improvement.within for team in model.teams.values() if team.improvement is not None]
    return max([*ramps, *gains], default=0.0)
