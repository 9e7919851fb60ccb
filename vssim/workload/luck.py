"""Luck: every random number of one replication, from named streams.

A stream is named by item type (with its descent), step, purpose and visit number, and numbered by item. Names, not order of
use, decide what is drawn, so adding a step, a lever or a longer horizon leaves all other luck untouched.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from vssim.clock import Ints, Reals


@dataclass(frozen=True)
class Luck:
    """The luck of one replication of one seed."""

    seed: int
    replication: int

    def stream(self, *name: str | int) -> np.random.Generator:
        """The stream of that name, from its beginning. A longer draw begins with the shorter one's numbers."""
        text = "\x1f".join(map(str, (self.seed, self.replication, *name)))
        key = int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "little")
        return np.random.Generator(np.random.Philox(key=key))

    def uniforms(self, numbers: Ints, *name: str | int) -> Reals:
        """The uniforms in [0, 1) that items `numbers` (shape (n,)) find in that stream; same shape."""
        if not len(numbers):
            return np.empty(0)
        drawn = self.stream(*name).random(int(numbers.max()) + 1)
        return drawn[numbers]

    def uniforms_by_visit(self, numbers: Ints, visits: Ints, *name: str | int) -> Reals:
        """As `uniforms`, from the stream of each item's own visit number (`visits`, same shape)."""
        if not len(numbers):
            return np.empty(0)
        first = int(visits[0])
        if (visits == first).all():
            return self.uniforms(numbers, *name, first)
        found = np.empty(len(numbers))
        for visit in np.unique(visits):
            these = visits == visit
            found[these] = self.uniforms(numbers[these], *name, int(visit))
        return found
