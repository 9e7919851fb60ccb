"""The board as a run begins: where every item stands that is there already, who has it, and what is known of its past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from vssim.clock import MILLION, NO_LIMIT, NOT_YET, Ints, ticks
from vssim.log import Kind
from vssim.model.items import Item
from vssim.model.terms import Promised
from vssim.workload.program import ItemTable, VisitTable
from vssim.workload.rules import Phase
from vssim.workload.trace import Trace
from vssim.workload.under_way import COLUMNS, Standing, UnderWay

NOUGHT = ("put_down", "touch", "handoff", "item_dropped")
"""Columns of a trace that are 0, not NOT_YET, where nothing has happened."""


@dataclass(frozen=True)
class Placed:
    """An item that is there as the run begins."""

    number: int
    arrived: int
    """[ticks], before time 0 negative"""
    item: Item | None
    """what the file says of it; None for a part of a whole, which stands in the backlog"""
    worked: int
    """own work that is done where it stands [ticks]"""
    whole: bool
    """it waits for its parts"""
    first: bool
    """it stands at the first step of its route"""


@dataclass(frozen=True)
class Board:
    """The items that are there as the run begins, by number."""

    items: tuple[Placed, ...] = ()
    waits: tuple[tuple[int, int], ...] = ()
    """numbers of items that wait for others to leave, and of those they wait for, pair by pair"""
    leaves: frozenset[tuple[int, int]] = frozenset()
    """those of the pairs in which the first leaves with the other, if that is dropped"""
    ids: Mapping[int, str] = field(default_factory=dict)
    """names of items that have one, by number"""
    promises: Mapping[int, Promised] = field(default_factory=dict)
    """what is promised of items of their own, by number"""

    def only(self, begin: int, end: int) -> Board:
        """The board of the items with these numbers, counted from 0."""
        items = tuple(replace(each, number=each.number - begin) for each in self.items if begin <= each.number < end)
        waits = {pair: (pair[0] - begin, pair[1] - begin) for pair in self.waits if begin <= pair[0] < end}
        ids = {number - begin: name for number, name in self.ids.items() if begin <= number < end}
        promises = {number - begin: promise for number, promise in self.promises.items() if begin <= number < end}
        leaves = frozenset(waits[pair] for pair in waits.keys() & self.leaves)
        return Board(items, tuple(waits.values()), leaves, ids, promises)


EMPTY = Board()
"""A board without items."""


class Places:
    """Who may have an item in hand: the pools of the organisation as it is, with their numbers of open items so far."""

    def __init__(self, phase: Phase, pool_team: Ints, teams: Sequence[str]) -> None:
        self.phase, self.team_of, self.teams = phase, pool_team.tolist(), list(teams)
        self.open = [0] * len(self.team_of)

    def proficiency(self, pool: int, skill: int) -> int:
        """How fast a pool does, or else helps at, a skill [millionths]."""
        return int(self.phase.pools.does[pool, skill] or self.phase.pools.helps[pool, skill])

    def pool(self, skill: int, team: int) -> int:
        """The least busy pool (of a team, or −1 of any) that does the skill, else that helps at it; −1 none."""
        for table in (self.phase.pools.does, self.phase.pools.helps):
            able = [pool for pool, of in enumerate(self.team_of) if table[pool, skill] and team in (of, -1)]
            if able:
                return min(able, key=lambda pool: (self._busy(pool), pool))
        return -1

    def _busy(self, pool: int) -> float:
        """Open items for each person of a pool; infinite where nobody is here, 0 where people are unlimited."""
        if self.phase.pools.cap[pool] == NO_LIMIT:
            return 0.0
        people = int(self.phase.pools.people[pool])
        return self.open[pool] / people if people else np.inf

    def owner(self, team: str | None, skill: int) -> int:
        """The team that owns an item: the named one, or the one with most room for such work."""
        if team in self.teams:
            return self.teams.index(team)
        pool = self.pool(skill, -1) if skill >= 0 else -1
        return self.team_of[pool] if pool >= 0 else -1


class Placing:
    """The board being written as the state of a run at its origin [ticks]."""

    def __init__(self, board: Board, items: ItemTable, visits: VisitTable, origin: int, gates: int) -> None:
        self.board, self.items, self.visits, self.origin = board, items, visits, origin
        count, rows = len(items.type), len(visits.item)
        self.past = {field.name: _nothing(field.name, count, rows) for field in fields(Trace)}
        self.touched = np.full(count, NOT_YET, np.int64)
        self.gates = gates
        self.waiting = {item for item, _ in board.waits}

    def under_way(self, places: Places) -> UnderWay:
        """The state; items that are in hand are with the least busy people of their team who do such work."""
        rows = [row for placed in self.board.items if (row := self._row(placed, places)) is not None]
        columns = dict(zip(COLUMNS, np.array(rows, np.int64).reshape(-1, len(COLUMNS)).T, strict=True))
        past = Trace(**self.past)
        return UnderWay(self.origin, past, self.touched, gate_passed=np.zeros(self.gates, np.int64), **columns)

    def _row(self, placed: Placed, places: Places) -> list[int] | None:
        """The entry of an item in each of COLUMNS; None for an item that waits for its parts or for others."""
        number, arrived = placed.number, placed.arrived + self.origin
        self.past["item_arrived"][number] = arrived
        if placed.whole or number in self.waiting:
            return None
        self.past["item_joined"][number] = arrived
        item = placed.item
        if item is None or item.step is None:
            return self._state(number, Standing.BACKLOG, -1, arrived)
        row = int(self.items.first[self.items.plans(0, np.array([number]))[0]])
        since = ticks(item.since) + self.origin
        started = None if item.started is None else max(arrived, ticks(item.started) + self.origin)
        behind = not placed.first
        self.past["item_routing"][number] = 0
        self.past["item_pulled"][number] = min(since, (arrived if behind else since) if started is None else started)
        if behind or started is not None:
            self.touched[number] = arrived if started is None else started
        self.past["entered"][row] = self.past["ready"][row] = since
        return self._standing(placed, item, places, row, since)

    def _standing(self, placed: Placed, item: Item, places: Places, row: int, since: int) -> list[int]:
        """Where an item stands that is past the backlog, and who has it."""
        number, visits, past = placed.number, self.visits, self.past
        skill, own_skill, parked = int(visits.skill[row]), int(visits.stay_skill[row]), int(visits.parks[row])
        known = item.team is not None or item.in_hand or item.is_done or item.stuck is not None
        owner = places.owner(item.team, own_skill) if known else -1
        ticket = visits.kind[row] == Kind.TICKET
        held = bool(visits.gate[row] >= 0 and places.phase.gates.every[visits.gate[row]])
        if item.is_done or (ticket and skill < 0 and held):
            past["started"][row], past["owner"][row] = since, owner
            past["finished"][row] = time = self.origin if item.is_done else since
            standing = Standing.AT_GATE if held else Standing.GATHERING
            return self._state(number, standing, row, time, owner=owner, parked=parked)
        if skill < 0:
            past["started"][row], past["owner"][row] = since, owner
            until = self.origin + int(visits.work[row])
            return self._state(number, Standing.PASSING, row, until, owner=owner, parked=parked)
        pool = places.pool(skill, owner) if item.in_hand and not ticket else -1
        if pool < 0:
            return self._state(number, Standing.READY, row, since, owner=owner, parked=parked)
        places.open[pool] += 1
        owner = places.team_of[pool]
        proficiency = places.proficiency(pool, skill)
        left = -(-int(visits.work[row]) * MILLION // proficiency)
        past["started"][row], past["owner"][row], past["pool"][row] = since, owner, pool
        past["touch"][row] = left - (-placed.worked * MILLION // proficiency)
        more = {"pool": pool, "left": left * MILLION, "proficiency": proficiency, "owner": owner}
        return self._state(number, Standing.OPEN, row, since, **more)

    def _state(self, number: int, standing: Standing, row: int, time: int, **more: int) -> list[int]:
        usual = {"pool": -1, "owner": -1, "remaining": NOT_YET, "put_down_since": NOT_YET}
        state = dict.fromkeys(COLUMNS, 0) | usual
        state |= {"item": number, "standing": int(standing), "row": row, "time": time, **more}
        return [state[name] for name in COLUMNS]


def _nothing(name: str, items: int, rows: int) -> Ints:
    """Nothing has happened; what adds up is 0."""
    if name.startswith("pause_"):
        return np.empty(0, np.int64)
    count = items if name.startswith("item_") else rows
    return np.zeros(count, np.int64) if name in NOUGHT else np.full(count, NOT_YET, np.int64)
