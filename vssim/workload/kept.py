"""Shelves: itineraries that were drawn, kept for other settings of a sweep that would draw the same.

What is taken from a shelf is exactly what would have been drawn: its key holds everything that it depends on.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from vssim.workload.itineraries import Itineraries

ROOM = 64 * 2**20
"""As much as a shelf holds [bytes]."""

Key = tuple[bytes, int, int]
"""A hash of demand and routes; seed; replication."""


class Shelf:
    """Itineraries by key; those unused for the longest time make room. Threads may share it."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._kept: OrderedDict[Key, Itineraries] = OrderedDict()
        self._filled = 0
        self._lock = Lock()
        self.drawing = Lock()
        """held while many replications are drawn at once: threads would draw the same side by side, and take turns with it"""
        self.drawn, self.seconds = 0, 0.0
        """replications that were drawn at once so far, and how long that took [s]"""

    def get(self, key: Key) -> Itineraries | None:
        """What is kept under a key; None where nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, key: Key, itineraries: Itineraries) -> Itineraries:
        """Keep what was drawn from now on, if there is room for it, safe to be shared."""
        size = itineraries.freeze().bytes
        with self._lock:
            if size <= self.room and key not in self._kept:
                self._kept[key] = itineraries
                self._filled += size
                while self._filled > self.room:
                    _, oldest = self._kept.popitem(last=False)
                    self._filled -= oldest.bytes
        return itineraries
