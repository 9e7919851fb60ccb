"""Luck for many replications: the same numbers as `Luck`, worked out by a compiled pass where one can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np

from vssim.clock import Ints, Reals
from vssim.engines import machine
from vssim.workload import Luck
from vssim.workload.luck import MARK, SEPARATOR

PACKAGE, ENTRANCE = "vssim.play.streams", "uniforms_at"

WORTH_COMPILING = 3000
"""Drawing this many runs without the pass takes longer than compiling it."""


class _Slowly:
    """How many runs this process has drawn without the pass, though it could."""

    runs = 0


def luck() -> Callable[..., Luck]:
    """The class (or a function like it) that makes the luck of a seed and some replications."""
    compiled = machine.ready(PACKAGE)
    if compiled is None:
        _Slowly.runs += 1
        compiled = machine.made(PACKAGE, ENTRANCE) if _Slowly.runs > WORTH_COMPILING else None
    return Luck if compiled is None else partial(SwiftLuck, compiled)


class SwiftLuck(Luck):
    """As `Luck`, but each number is worked out by itself, without those before it. Not to be shared between threads."""

    def __init__(self, find: Callable[[int], Any], seed: int, *replications: int) -> None:
        super().__init__(seed, *replications)
        self._find = find
        self._begun = [blake2b(prefix.encode(), digest_size=16) for prefix in self._prefixes]

    def uniforms(self, items: Ints, *name: str | int) -> Reals:
        """As `Luck.uniforms`."""
        return self._numbers(items, None, name)

    def uniforms_by_visit(self, items: Ints, visits: Ints | int, *name: str | int) -> Reals:
        """As `Luck.uniforms_by_visit`."""
        return self._numbers(items, None, (*name, visits)) if isinstance(visits, int) else self._numbers(items, visits, name)

    def _numbers(self, items: Ints, visits: Ints | None, name: tuple[str | int, ...]) -> Reals:
        uniforms = np.empty(len(items))
        if not len(items):
            return uniforms
        rows = 1 if visits is None else int(visits.max()) + 1
        asked = items >> MARK if visits is None else (items >> MARK) * rows + visits
        keys = bytearray(16 * rows * len(self.replications))
        for row, key in self._keys(np.flatnonzero(np.bincount(asked)).tolist(), rows, name, by_visit=visits is not None):
            keys[16 * row : 16 * row + 16] = key
        arrays = [np.ascontiguousarray(items), np.frombuffer(keys, "<i8").astype(np.int64), uniforms]
        addresses = [array.ctypes.data for array in arrays]
        if visits is not None:
            arrays.append(np.ascontiguousarray(visits, np.int64))
        of_visits = 0 if visits is None else arrays[-1].ctypes.data
        words = np.array([len(items), addresses[0], of_visits, addresses[1], addresses[2], rows], np.int64)
        self._find(words.ctypes.data)
        return uniforms

    def _keys(self, asked: list[int], rows: int, name: tuple[str | int, ...], *, by_visit: bool) -> Iterator[tuple[int, bytes]]:
        """The keys of the streams that are asked for: by replication, or by replication and visit."""
        text = SEPARATOR.join(map(str, name))
        for row in asked:
            of, visit = divmod(row, rows)
            stream = self._begun[of].copy()
            stream.update((f"{text}{SEPARATOR}{visit}" if by_visit else text).encode())
            yield row, stream.digest()
