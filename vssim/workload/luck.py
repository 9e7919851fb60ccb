"""Luck: every random number of some replications, from named streams.

A stream is named by item type (with its descent), step, purpose and visit number, and numbered by item. Names, not order of
use, decide what is drawn, so adding a step, a lever or a longer horizon leaves all other luck untouched. Each replication has
streams of its own, so whether it is drawn alone or with others makes no difference.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise

import numpy as np

from vssim.clock import Ints, Reals

SEPARATOR = "\x1f"
"""Stands between the words of a stream's name, in none of which it occurs."""

MARK = 32
"""The number of an item's replication (among those of a luck) stands so many bits above its own number."""

MOST_KEPT = 2**21
"""Uniforms that one luck keeps for those who come to a step again and again, at most."""


class Luck:
    """The luck of some replications of one seed. Not to be shared between threads.

    Where there are several, an item is known by its number in its own stream of arrivals plus the `mark` of its replication.
    """

    def __init__(self, seed: int, *replications: int) -> None:
        self.replications = replications
        self._prefixes = [f"{seed}{SEPARATOR}{replication}{SEPARATOR}" for replication in replications]
        self._marks = np.arange(len(replications) + 1) << MARK
        self._philox = np.random.Philox(key=0)
        self._generator = np.random.Generator(self._philox)
        self._beginning = self._philox.state
        self._kept: dict[tuple[str | int, ...], Reals] = {}
        """by name and replication: the beginning of a stream that may be asked for again"""
        self._room = MOST_KEPT

    def stream(self, *name: str | int, of: int = 0) -> np.random.Generator:
        """The stream of that name, from its beginning, until the next is asked for; `of` which of the replications.

        A longer draw begins with the shorter one's numbers. A stream is a key of Philox (Salmon et al. 2011), a counter-based
        generator made for many independent streams; one generator is set to each key in turn.
        """
        text = self._prefixes[of] + SEPARATOR.join(map(str, name))
        self._beginning["state"]["key"][:] = np.frombuffer(blake2b(text.encode(), digest_size=16).digest(), "<u8")
        self._philox.state = self._beginning
        return self._generator

    def uniforms(self, items: Ints, *name: str | int) -> Reals:
        """The uniforms in [0, 1) that `items` (shape (n,), replication by replication) find in that stream; same shape."""
        if not len(items):
            return np.empty(0)
        if len(self.replications) == 1:
            return self._of_one(items, name, 0)
        numbers, edges = np.empty(len(items)), np.searchsorted(items & -(1 << MARK), self._marks).tolist()
        for of, (begin, end) in enumerate(pairwise(edges)):
            if begin < end:
                numbers[begin:end] = self._of_one(items[begin:end] - self._marks[of], name, of)
        return numbers

    def _of_one(self, numbers: Ints, name: tuple[str | int, ...], of: int) -> Reals:
        """What items `numbers` find in a stream of one replication."""
        key, count = (*name, of), int(numbers.max()) + 1
        drawn = self._kept.get(key)
        if drawn is None or len(drawn) < count:
            drawn = self.stream(*name, of=of).random(count)
        return drawn[numbers]

    def uniforms_by_visit(self, items: Ints, visits: Ints | int, *name: str | int) -> Reals:
        """As `uniforms`, from the stream of each item's own visit number (same shape, or one for all)."""
        if not len(items):
            return np.empty(0)
        if isinstance(visits, int):
            return self.uniforms(items, *name, visits)
        numbers = np.empty(len(items))
        for visit in np.flatnonzero(np.bincount(visits)).tolist():
            rows = visits == visit
            self._keep(items[rows], (*name, visit))
            numbers[rows] = self.uniforms(items[rows], *name, visit)
        return numbers

    def _keep(self, items: Ints, name: tuple[str | int, ...]) -> None:
        """Keep the uniforms of a stream for those who ask for it again, as far as there is room."""
        for of, end in enumerate(np.searchsorted(items & -(1 << MARK), self._marks[1:]).tolist()):
            count = int(items[:end].max() - self._marks[of]) + 1 if end else 0
            known = self._kept.get((*name, of))
            there = 0 if known is None else len(known)
            if there < count <= there + self._room:
                self._room -= count - there
                self._kept[(*name, of)] = self.stream(*name, of=of).random(count)
