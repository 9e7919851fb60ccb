"""Waiting lines: items in the order of their keys. The key ends in the item's number, so no tie is left to chance."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from operator import itemgetter

from vssim.engines.reference.item import Item

Key = tuple[int, ...]


class Line:
    """Items that wait for the same thing, first by key first."""

    def __init__(self) -> None:
        self._entries: list[tuple[Key, Item]] = []

    def __iter__(self) -> Iterator[Item]:
        return (item for _, item in self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: Key, item: Item) -> None:
        """Let an item wait at its place."""
        insort(self._entries, (key, item), key=itemgetter(0))

    def remove(self, key: Key, item: Item) -> None:
        """Let an item stop waiting; `key` is the one it was added with."""
        place = bisect_left(self._entries, key, key=itemgetter(0))
        if self._entries[place][1] is not item:
            raise KeyError(item.number)
        del self._entries[place]
