"""Shelves: itineraries that were drawn, kept for those who would draw the same again, as most settings of a sweep do.

What is taken from a shelf is what would have been drawn: it is known by everything that it depends on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from vssim.workload.itineraries import Itineraries

ROOM = 64 * 2**20
"""As much as a shelf holds [bytes]."""

Key = tuple[bytes, int, int]
"""What demand and routes are, in a hash; seed; replication."""


class Shelf:
    """Itineraries by key; those that were not asked for the longest make room. Threads may share it."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._kept: OrderedDict[Key, Itineraries] = OrderedDict()
        self._filled = 0
        self._lock = Lock()

    def get(self, key: Key, draw: Callable[[], Itineraries]) -> Itineraries:
        """What is kept under a key; if nothing is, what `draw` returns, kept from now on if there is room for it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = draw().freeze()
        size = found.bytes
        with self._lock:
            if size <= self.room and key not in self._kept:
                self._kept[key] = found
                self._filled += size
                while self._filled > self.room:
                    _, oldest = self._kept.popitem(last=False)
                    self._filled -= oldest.bytes
        return found
