"""Hands: whose hands every item is in, drawn from the visit log, which names pools and no persons.

A pool shares its people among all that it has open. So with N open items and n people exactly min(N, n) items are in somebody's
hand at any moment; N − n, where that is above 0, are open and set aside, and n − N people are free. *How many* is exact; *who* is
drawn, by a rule that always gives the same:

a) a started item goes to the person with the fewest open items, of these to the first;
b) whenever two people differ by 2 or more, the latest item of the fuller one goes to the emptier one;
c) of the k items that a person has open, in the order of their starts, number ⌊day⌋ mod k is in hand that day.

Finishes come before starts of the same moment. Where people are unlimited, everything open is in hand and nobody is drawn. Where
several work on one item (swarming), who has nothing of their own works on what others have in hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from vssim.clock import Ints, Reals
from vssim.log import Log
from vssim.metrics.people import OpenSpans, open_spans

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, eq=False)
class Openings:
    """Every moment at which a pool's people open an item or are done with it, in order. Arrays of shape (openings,)."""

    at: Ints
    """[ticks]"""
    item: Ints
    pool: Ints
    begins: Ints
    """1 where it is opened, 0 where it is over"""


def openings(log: Log, spans: OpenSpans | None = None) -> Openings:
    """The openings of a log; finishes first where several fall on one moment, then the order of the log."""
    known_openings = open_spans(log) if spans is None else spans
    lasting = np.flatnonzero(known_openings.end > known_openings.begin)
    visit, begin, end = known_openings.visit[lasting], known_openings.begin[lasting], known_openings.end[lasting]
    over = np.flatnonzero((end < log.horizon) | (log.visits.finished[visit] == log.horizon))
    at = np.concatenate([begin, end[over]])
    rows = np.concatenate([visit, visit[over]])
    begins = np.concatenate([np.ones(len(visit), np.int64), np.zeros(len(over), np.int64)])
    order = np.lexsort((rows, begins, at))
    rows = rows[order]
    item, pool = log.visits.item[rows].astype(np.int64), log.visits.pool[rows].astype(np.int64)
    return Openings(at[order], item, pool, begins[order])


@dataclass
class Crew:
    """The people of one pool: what each of them has open, as numbers of items, in the order of their starts."""

    people: int | None
    """None: unlimited"""
    open: list[list[tuple[int, int]]] = field(default_factory=list)
    """by person: (number of the start, item)"""

    def resize(self, people: int | None) -> None:
        """Change how many people there are; the items of those who leave are dealt out anew, in the order of their starts."""
        if people == self.people and self.open:
            return
        self.people = people
        size = 1 if people is None else people
        loose = sorted(entry for person in self.open[size:] for entry in person)
        self.open = [*self.open[:size], *([] for _ in range(size - len(self.open)))]
        for entry in loose:
            self._deal(entry)
        self._level()

    def start(self, number: int, item: int) -> None:
        """Somebody opens an item."""
        self._deal((number, item))
        self._level()

    def finish(self, item: int) -> None:
        """Somebody is done with an item, or puts it down."""
        for person in self.open:
            for entry in person:
                if entry[1] == item:
                    person.remove(entry)
                    self._level()
                    return

    def held(self, day: int) -> Iterator[tuple[int, int, bool]]:
        """Person, item, and whether it is in hand that day."""
        for number, person in enumerate(self.open):
            for place, (_, item) in enumerate(person):
                yield number, item, self.people is None or place == day % len(person)

    def _deal(self, entry: tuple[int, int]) -> None:
        if not self.open:
            return
        fewest = min(range(len(self.open)), key=lambda number: len(self.open[number]))
        self.open[fewest] = sorted([*self.open[fewest], entry])

    def _level(self) -> None:
        while len(self.open) > 1:
            fullest = max(range(len(self.open)), key=lambda number: (len(self.open[number]), -number))
            emptiest = min(range(len(self.open)), key=lambda number: (len(self.open[number]), number))
            if len(self.open[fullest]) - len(self.open[emptiest]) < 2:
                return
            self.open[emptiest] = sorted([*self.open[emptiest], self.open[fullest].pop()])


@dataclass(frozen=True)
class Held:
    """An item that somebody has open on a day."""

    pool: int
    person: int | None
    """from 0; None: people are unlimited"""
    in_hand: bool
    open: int
    """how many things that person has open, this one included"""


class Hands:
    """Who has which item in hand, from the beginning of a run on; `seek` moves on to a later day, never back."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._openings = openings(log)
        self._next = 0
        self._starts = 0
        self._states = sorted(log.pools, key=lambda pool: (pool.since, pool.index))
        self._state = 0
        self.crews: dict[int, Crew] = {}

    def seek(self, day: float) -> None:
        """Go on to a day: everything up to its moment has happened."""
        moment = self.log.tick(day)
        openings_there = self._openings
        while self._next < len(openings_there.at) and openings_there.at[self._next] <= moment:
            at = int(openings_there.at[self._next])
            self._enter(at)
            crew = self.crews.setdefault(int(openings_there.pool[self._next]), Crew(0))
            if openings_there.begins[self._next]:
                crew.start(self._starts, int(openings_there.item[self._next]))
                self._starts += 1
            else:
                crew.finish(int(openings_there.item[self._next]))
            self._next += 1
        self._enter(moment)

    def _enter(self, moment: int) -> None:
        while self._state < len(self._states) and self._states[self._state].since <= moment:
            state = self._states[self._state]
            self.crews.setdefault(state.index, Crew(state.people)).resize(state.people)
            self._state += 1

    def held(self, day: float) -> dict[int, Held]:
        """By item: who has it open; `seek` must have been there."""
        holders = {}
        for pool, crew in self.crews.items():
            for person, item, in_hand in crew.held(int(day + 1e-9)):
                who = None if crew.people is None else person
                holders[item] = Held(pool, who, in_hand, 1 if who is None else len(crew.open[person]))
        return holders


def held_on(log: Log, day: float) -> dict[int, Held]:
    """By item: who has it open on a day."""
    hands = Hands(log)
    hands.seek(day)
    return hands.held(day)


def letter(person: int) -> str:
    """A person's letter: A … Z, then A2, B2 and so on."""
    row, place = divmod(person, len(LETTERS))
    return LETTERS[place] + (str(row + 1) if row else "")


@dataclass(frozen=True, eq=False)
class Crowd:
    """How many items each pool has open, as a staircase. Arrays of shape (steps,) by pool."""

    at: dict[int, Ints]
    """moments at which the number changes [ticks]"""
    count: dict[int, Ints]
    """how many are open from then on"""

    def open(self, pool: int, moments: Ints) -> Ints:
        """How many items a pool has open at each of the moments [ticks]; same shape."""
        if pool not in self.at:
            return np.zeros(len(moments), np.int64)
        place = np.searchsorted(self.at[pool], moments, side="right") - 1
        counts: Ints = np.where(place >= 0, self.count[pool][np.maximum(place, 0)], 0)
        return counts


def crowd(log: Log) -> Crowd:
    """How many items the pools of a log have open."""
    staircase = openings(log)
    at, count = {}, {}
    for pool in np.unique(staircase.pool).tolist():
        rows = np.flatnonzero(staircase.pool == pool)
        at[pool] = staircase.at[rows]
        count[pool] = np.cumsum(2 * staircase.begins[rows] - 1)
    return Crowd(at, count)


def people_at(log: Log, pool: int, moments: Ints) -> Reals:
    """How many people a pool has at each of the moments [ticks]; infinite where they are unlimited; same shape."""
    states = sorted((state for state in log.pools if state.index == pool), key=lambda state: state.since)
    since = np.array([state.since for state in states])
    counts = np.array([np.inf if state.people is None else state.people for state in states], np.float64)
    place = np.searchsorted(since, moments, side="right") - 1
    return np.where(place >= 0, counts[np.maximum(place, 0)], 0.0)
