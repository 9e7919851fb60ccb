"""Luck: every random number of one replication, from named streams.

A stream is named by item type (with its descent), step, purpose and visit number, and numbered by item. Names, not order of
use, decide what is drawn, so adding a step, a lever or a longer horizon leaves all other luck untouched.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from vssim.clock import Ints, Reals

SEPARATOR = "\x1f"
"""Stands between the words of a stream's name, in none of which it occurs."""


MOST_KEPT = 2**21
"""Uniforms that one luck keeps for those who come to a step again and again, at most."""

_NOTHING = np.empty((0, 0))


class Luck:
    """The luck of one replication of one seed. Not to be shared between threads."""

    def __init__(self, seed: int, replication: int) -> None:
        self._prefix = f"{seed}{SEPARATOR}{replication}{SEPARATOR}"
        self._philox = np.random.Philox(key=0)
        self._generator = np.random.Generator(self._philox)
        self._beginning = self._philox.state
        self._tables: dict[tuple[str | int, ...], Reals] = {}
        """by name: what is kept, by visit number and item"""
        self._kept = 0

    def stream(self, *name: str | int) -> np.random.Generator:
        """The stream of that name, from its beginning, until the next is asked for.

        A longer draw begins with the shorter one's numbers. A stream is a key of Philox (Salmon et al. 2011), a counter-based
        generator made for many independent streams; one generator is set to each key in turn.
        """
        text = self._prefix + SEPARATOR.join(map(str, name))
        self._beginning["state"]["key"][:] = np.frombuffer(blake2b(text.encode(), digest_size=16).digest(), "<u8")
        self._philox.state = self._beginning
        return self._generator

    def uniforms(self, numbers: Ints, *name: str | int) -> Reals:
        """The uniforms in [0, 1) that items `numbers` (shape (n,), rising) find in that stream; same shape."""
        if not len(numbers):
            return np.empty(0)
        drawn = self.stream(*name).random(int(numbers[-1]) + 1)
        return drawn if len(drawn) == len(numbers) else drawn[numbers]

    def uniforms_by_visit(self, numbers: Ints, visits: Ints | int, *name: str | int) -> Reals:
        """As `uniforms`, from the stream of each item's own visit number (same shape, or one for all)."""
        if not len(numbers):
            return np.empty(0)
        rows, width = 1 + (visits if isinstance(visits, int) else int(visits.max())), int(numbers[-1]) + 1
        known = self._tables.get(name, _NOTHING)
        there = len(known) >= rows and known.shape[1] >= width
        if not there and isinstance(visits, int):
            return self.uniforms(numbers, *name, visits)
        found: Reals
        if there or self._keep(name, rows, width):
            found = self._tables[name][visits, numbers]
            return found
        found = np.empty(len(numbers))
        for visit in np.unique(visits):
            these = visits == visit
            found[these] = self.uniforms(numbers[these], *name, int(visit))
        return found

    def _keep(self, name: tuple[str | int, ...], rows: int, width: int) -> bool:
        """Have what the first `width` items find at their first `rows` visits at hand; False where that is too much to keep."""
        known = self._tables.get(name, _NOTHING)
        rows, width = max(rows, len(known)), max(width, known.shape[1])
        if self._kept + rows * width - known.size > MOST_KEPT:
            return False
        self._kept += rows * width - known.size
        table = np.empty((rows, width))
        same = known if known.shape[1] == width else table[:0]
        table[: len(same)] = same
        for visit in range(len(same), rows):
            table[visit] = self.stream(*name, visit).random(width)
        self._tables[name] = table
        return True
