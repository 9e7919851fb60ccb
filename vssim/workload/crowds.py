"""Who is here: the people of every pool from moment to moment, how fast they are, and what luck has to do with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import MILLION, NO_LIMIT, Ints, Reals, ticks
from vssim.errors import RunError
from vssim.model.changes import PhaseModel
from vssim.model.distributions import Distribution
from vssim.model.moments import Timetable
from vssim.model.staffing import Drift, Sickness, Staff, combined, on_payroll, steps_of
from vssim.model.teams import Group, Onboarding, Team, attention_left
from vssim.workload.luck import Luck
from vssim.workload.numbering import Universe
from vssim.workload.rules import Staffing

MOST_OPEN = 200_000
"""Largest number of open items a pool may have a rate for [items]."""

FORGOTTEN = 5e-7
"""An effect smaller than this counts as over [1]: half a millionth."""


@dataclass(frozen=True)
class Crowd:
    """The people of one pool from moment to moment; the first entry holds at the start of the phase."""

    at: tuple[int, ...]
    """[ticks]"""
    people: tuple[int, ...]
    cap: tuple[int, ...]
    rates: tuple[Ints, ...]
    """progress of each of 1, 2, … open items [millionths]"""
    away: tuple[tuple[int, int, int], ...] = ()
    """since when [ticks] how many are absent, and how many ill [persons]; nothing where nobody ever is. For the log"""


NOBODY = Crowd((0,), (0,), (0,), (np.full(1, MILLION, np.int64),))
UNLIMITED = Crowd((0,), (0,), (NO_LIMIT,), (np.full(1, MILLION, np.int64),))


def crowds(phase: PhaseModel, names: Universe, horizon: float, luck: Luck | None) -> list[Crowd]:
    """The people of every pool of a phase."""
    by_pool = []
    groups = {name: team.groups for name, team in phase.model.teams.items()}
    for name, position in names.pools:
        if position >= len(groups.get(name, ())):
            by_pool.append(NOBODY)
        elif groups[name][position].count == "unlimited":
            by_pool.append(_unlimited(groups[name][position]))
        else:
            by_pool.append(_crowd(phase, name, position, groups[name][position], horizon, luck))
    return by_pool


def _unlimited(group: Group) -> Crowd:
    if group.availability == 1:
        return UNLIMITED
    return Crowd((0,), (0,), (NO_LIMIT,), (_millionths(np.array([group.availability])),))


def _crowd(phase: PhaseModel, name: str, position: int, group: Group, horizon: float, luck: Luck | None) -> Crowd:
    team = phase.model.teams[name]
    present = due = group.present
    if team.sick is not None and luck is not None:
        present = combined([present, *_ill(team.sick, (name, position), int(present), horizon, luck)], _still_up)
    since = phase.onboarding_since.get(name, 0.0)
    new = team.onboarding
    changes = {max(at, phase.start): count for at, count in steps_of(present) if at <= max(horizon, phase.start)}
    if new is not None:
        changes = _by_unit(changes, phase.start, _over(new, since), horizon)
    entries: list[tuple[int, int, int, Ints]] = []
    usual: dict[int, Reals] = {}  # while newcomers learn, the same people are written anew for every unit of time
    for at, count in sorted(changes.items()):
        cap = max(1, math.floor(count * team.multitasking + 1e-9)) if count else 0
        if cap > MOST_OPEN:
            raise RunError(f"people × multitasking gives {cap:,} open items in one team; at most {MOST_OPEN:,} are possible")
        rates = np.zeros(1)
        if count:
            open_items = np.arange(1, cap + 1)
            if count not in usual:
                usual[count] = rate_of(team, count, open_items) * group.availability
            rates = usual[count]
            if new is not None:
                share = new.people / max(1, team.headcount or 1)
                rates = rates * _learning(new, count, min(count * share, count), open_items, at - since)
        whole = _millionths(rates) if count else np.zeros(1, np.int64)
        if entries and entries[-1][1:3] == (count, cap) and np.array_equal(entries[-1][3], whole):
            continue
        entries.append((ticks(at), count, cap, whole))
    at_, people, caps, rates_ = zip(*entries, strict=True)
    return Crowd(at_, people, caps, rates_, _away(group, due, present, phase.start, horizon))


def _away(group: Group, due: int, here: int, start: float, horizon: float) -> tuple[tuple[int, int, int], ...]:
    """Who is not here, of those who are paid: the absent, who were not to come, and of those who were to come the ill."""
    if not any(isinstance(count, Staff) for count in (due, here)):
        return ()
    paid = on_payroll(group.count) if isinstance(group.count, int) else 0
    absent, ill = (steps_of(combined(pair, lambda now: max(0, now[0] - now[1]))) for pair in ((paid, due), (due, here)))
    moments = {max(at, start): at for at in sorted({at for table in (absent, ill) for at, _ in table}) if at <= max(horizon, start)}
    tables = [Timetable(absent), Timetable(ill)]
    entries: list[tuple[int, int, int]] = []
    for moment, at in moments.items():
        missing = [table.at(at, 0) for table in tables]
        if any(missing) if not entries else [*entries[-1][1:]] != missing:
            entries.append((ticks(moment), missing[0], missing[1]))
    return tuple(entries)


def _still_up(counts: list[int]) -> int:
    """How many of those who are here are not ill: the first persons of the pool are."""
    return sum(not ill for ill in counts[1 : counts[0] + 1])


def _millionths(rates: Reals) -> Ints:
    whole: Ints = np.maximum(1, np.rint(rates * MILLION)).astype(np.int64)
    return whole


def rate_of(team: Team, people: int, open_items: Ints) -> Reals:
    """Progress of each of `open_items` (any shape, >= 1) items at once on `people` people [1 = one person on one item]."""
    a_person = open_items / people
    left = attention_left(team, np.maximum(a_person, 1))
    shared = left / np.maximum(a_person, 1)
    if team.swarming is None:
        return np.where(a_person > 1, shared, 1.0)
    return np.where(a_person > 1, shared, np.minimum(1 / a_person, team.swarming.most) ** team.swarming.help)


# --- newcomers ------------------------------------------------------------------------------------------------------------


def _learning(new: Onboarding, people: int, newcomers: float, open_items: Ints, time: float) -> Reals:
    """The mean speed of the fastest of `people`, as many as are at work on so many items, `time` after newcomers came [1].

    A newcomer is as fast as 1 − e^(−3t/ramp); his colleagues lose together what all newcomers take of their time at first, times
    e^(−3t/ramp), and at most half of it (Brooks 1975, ch. 2; figures are assumptions).
    """
    still = math.exp(-3 * max(time, 0.0) / new.ramp)
    old = people - newcomers
    taught = min(newcomers * new.mentoring * still, old / 2)
    speeds = sorted([(1 - still, newcomers), (1 - taught / old if old else 0.0, old)], reverse=True)
    (fast, several), (slow, _) = speeds
    busy = np.minimum(open_items, people)
    mean: Reals = (fast * np.minimum(busy, several) + slow * np.maximum(busy - several, 0.0)) / busy
    return mean


def _over(new: Onboarding, since: float) -> float:
    """When newcomers are up to speed."""
    return since - math.log(FORGOTTEN) * new.ramp / 3


def _by_unit(changes: dict[float, int], start: float, until: float, horizon: float) -> dict[float, int]:
    """The same people, written anew for every unit of time up to `until`."""
    table = Timetable(tuple(sorted(changes.items())))
    units = np.arange(math.floor(start) + 1, math.ceil(min(until, horizon)) + 1)
    return {float(unit): table.at(float(unit), 0) for unit in units} | changes


# --- luck -----------------------------------------------------------------------------------------------------------------


def _ill(sick: Sickness, pool: tuple[str, int], people: int, horizon: float, luck: Luck) -> Iterator[int]:
    """Of each person of a pool: 1 while ill, 0 while well, in whole units of time."""
    for person in range(people):
        random = luck.stream(pool[0], "", f"sick {pool[1]}", person)
        spells, time, ill = [(0.0, 0)], 0.0, random.random() < sick.share
        lasts = _left_of(sick.lasts, random) if ill else _well(sick, random)
        while time <= horizon:
            if ill and round(time + lasts) > round(time):
                spells += [(float(round(time)), 1), (float(round(time + lasts)), 0)]
            time, ill = time + lasts, not ill
            lasts = float(sick.lasts.quantile(random.random(1))[0]) if ill else _well(sick, random)
        yield Staff(Timetable(tuple(sorted(dict(spells).items())))) if len(spells) > 1 else 0


def _well(sick: Sickness, random: np.random.Generator) -> float:
    """A time between spells [units]: exponential, so long that in the long run the share is as stated."""
    if not sick.share:
        return math.inf
    return float(random.exponential(sick.lasts.mean * (1 - sick.share) / sick.share)) + 1e-9


def _left_of(lasts: Distribution, random: np.random.Generator) -> float:
    """The rest of a spell that is under way [units]: long spells are met more often, at any point with equal chance."""
    lengths = lasts.quantile((np.arange(2000) + 0.5) / 2000)
    weights = np.cumsum(lengths)
    chosen = lengths[min(int(np.searchsorted(weights, random.random() * weights[-1])), len(lengths) - 1)]
    return float(chosen * random.random())


def drifting(drift: Drift, team: str, units: int, luck: Luck) -> Reals:
    """The chance factor on a team's pace in every unit of time (units,): lognormal with mean 1, its logarithm an AR(1)."""
    sigma = math.sqrt(math.log(1 + drift.cv**2))
    forgets = math.exp(-1 / drift.over)
    noise = luck.stream(team, "", "drift").standard_normal(units)
    ability = np.empty(units)
    level = noise[0] * sigma
    for unit in range(units):
        level = level if unit == 0 else forgets * level + sigma * math.sqrt(1 - forgets**2) * noise[unit]
        ability[unit] = level
    factor: Reals = np.exp(ability - sigma**2 / 2)
    return factor


# --- tables ---------------------------------------------------------------------------------------------------------------


def staffed(crowd: Sequence[Crowd], start: int) -> tuple[Staffing, Ints]:
    """The entries of all pools by time, and the rate table: first a row for each pool at the `start` [ticks] of the phase."""
    rows = [each.rates[0] for each in crowd]
    known: dict[tuple[int, bytes], int] = {}
    entries: list[tuple[int, int, int, int, int]] = []
    for pool, each in enumerate(crowd):
        known[pool, each.rates[0].tobytes()] = pool
        for at, people, cap, rates in list(zip(each.at, each.people, each.cap, each.rates, strict=True))[1:]:
            key = (pool, rates.tobytes())
            if key not in known:
                known[key] = len(rows)
                rows.append(rates)
            if at > start:
                entries.append((at, pool, people, cap, known[key]))
    width = 1 + max((len(rates) for rates in rows), default=1)  # a stream in which only time passes has no people
    table = np.full((len(rows), width), MILLION, np.int64)
    for number, rates in enumerate(rows):
        table[number, 1 : len(rates) + 1] = rates
        table[number, len(rates) + 1 :] = rates[-1]
    columns = np.array(sorted(entries), np.int64).reshape(-1, 5).T
    return Staffing(*(np.ascontiguousarray(column) for column in columns)), table
