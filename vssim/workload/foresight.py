"""Foresight: which of the ways to come an item will go, guessed, and put right by what a run with the guesses shows.

Behind a limit nobody knows beforehand when an item leaves the backlog, and with it which organisation's way it goes. All ways
may be drawn: where the organisation changes every day, that is a hundred for the one that is gone. With foresight few are: at
first the one in force as the family arrives. Then the run is played, and tells for each item whether the way that it needed was
there. If so for all, the run is the one in which all ways are drawn: up to the first item that needs what is not there nothing
differs, so that this one is seen to need it. Else what was missing is drawn, and the run is played again; it is right for longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vssim.clock import NOT_YET, Ints, Numbers
from vssim.workload.journeys import Mask
from vssim.workload.luck import MARK
from vssim.workload.program import ItemTable
from vssim.workload.routes import Route
from vssim.workload.trace import Trace
from vssim.workload.ways import Track

MOST_ROUNDS = 8
"""A run is played so often to see which ways it needs; then all are drawn."""

FORGETFUL = 3
"""For so many rounds the ways seen last are drawn; after that those before too, since items go to and fro between them."""


@dataclass(frozen=True, eq=False)
class Guess:
    """The ways that are drawn of some items of one descent. Arrays of shape (n,)."""

    name: tuple[int, str]
    """the routing from which on such items come, and their descent"""
    ids: Ints
    """of the items, with the marks of their replications, rising"""
    track: Track
    least: Ints
    """the first of the ways of the track that are drawn for each"""
    most: Ints
    """and the last"""
    rows: Ints
    """their numbers among the items of all replications that are drawn at once"""


@dataclass(frozen=True, eq=False)
class _Span:
    """The ways that are drawn next of the items of one descent. Arrays of shape (n,)."""

    ids: Ints
    least: Ints
    most: Ints

    def only(self, chosen: Mask, ids: Ints) -> _Span:
        """Of some of the items, known by other numbers."""
        return _Span(ids[chosen], self.least[chosen], self.most[chosen])


class Foresight:
    """What is guessed of the ways that the items of some replications need.

    `starts`: when the routings come into force [ticks]; `batching`: whether items gather for batches.
    """

    def __init__(self, starts: Ints, *, batching: bool) -> None:
        self.starts, self.batching, self.rounds = starts, batching, 0
        self._spans: dict[tuple[int, str], _Span] = {}
        self._guesses: list[Guess] = []

    def ways(self, name: tuple[int, str], ids: Ints, track: Track, since: Ints) -> tuple[Ints, Ints]:
        """The first and the last way to be drawn of each item; of who is not known, the one in force at routing `since` (n,)."""
        least = most = track.ways[since]
        span = self._spans.get(name)
        if span is not None and len(span.ids):
            places = np.minimum(np.searchsorted(span.ids, ids), len(span.ids) - 1)
            known = span.ids[places] == ids
            least, most = np.where(known, span.least[places], least), np.where(known, span.most[places], most)
        return least, most

    def note(self, guesses: Iterable[Guess]) -> None:
        """Remember what is drawn."""
        self._guesses = list(guesses)

    def learn(self, tables: Sequence[ItemTable], traces: Sequence[Trace]) -> list[bool]:
        """By replication, whether all was drawn that it needed, as it was played; else it is known from now on what it needs."""
        last_of_all = len(self.starts) - 1
        edges = np.append(0, np.cumsum([len(table.type) for table in tables])).tolist()
        followed = np.concatenate([np.where(trace.item_routing < 0, last_of_all, trace.item_routing) for trace in traces])
        joined = np.concatenate([trace.item_joined for trace in traces])
        coming = [
            table.coming(followed[begin:end], trace.item_dropped)
            for table, trace, (begin, end) in zip(tables, traces, pairwise(edges), strict=True)
        ]
        come = np.concatenate(coming)
        missing = np.zeros(len(followed), bool)
        self.rounds += 1
        spans: dict[tuple[int, str], _Span] = {}
        for guess in self._guesses:
            needed = guess.track.ways[followed[guess.rows]]
            least, most = needed, needed
            if self.batching or not begin_alike(guess.track.routes):
                least, most = self._meanwhile(guess.track, joined[guess.rows], followed[guess.rows])
            wrong = come[guess.rows] & ((least < guess.least) | (guess.most < most))
            if self.rounds > FORGETFUL:
                least, most = np.minimum(least, guess.least), np.maximum(most, guess.most)
            spans[guess.name] = _Span(guess.ids, np.where(wrong, least, guess.least), np.where(wrong, most, guess.most))
            missing[guess.rows] = wrong
        self._spans = spans
        return [not missing[begin:end].any() for begin, end in pairwise(edges)]

    def only(self, chosen: Mask) -> Foresight:
        """What is known of some of the replications, which are drawn by themselves from now on."""
        others = Foresight(self.starts, batching=self.batching)
        others.rounds = self.rounds
        mark = np.cumsum(chosen) - 1
        for name, span in self._spans.items():
            of = span.ids >> MARK
            others._spans[name] = span.only(chosen[of], span.ids + ((mark[of] - of) << MARK))
        return others

    def _meanwhile(self, track: Track, joined: Ints, followed: Numbers) -> tuple[Ints, Ints]:
        """The first and the last of the ways in force while items were in the backlog, which they `joined` at some tick."""
        last = followed.astype(np.int64)
        since = np.searchsorted(self.starts, joined, side="right") - 1
        first = np.where(joined == NOT_YET, last, np.clip(since, 0, last))
        least = most = track.ways[last]
        for back in range(1, 1 + int((last - first).max(initial=0))):
            way = track.ways[np.maximum(last - back, first)]
            least, most = np.minimum(least, way), np.maximum(most, way)
        return least, most


def begin_alike(routes: Sequence[Route]) -> bool:
    """Whether all ways begin at the same step, so that it makes no difference which of them an item is to go before it goes.

    Otherwise it is looked at which one that would be in each organisation meanwhile.
    """
    first = _beginning(routes[0])
    return all(_beginning(other) == first for other in routes[1:])


def _beginning(route: Route) -> list[tuple[str, float]]:
    """The steps at which items may begin, and the chances to skip them, whose luck is the same on all ways."""
    steps = []
    for halt in route.halts:
        steps.append((halt.step, halt.skip))
        if halt.skip <= 0:
            break
    return steps
