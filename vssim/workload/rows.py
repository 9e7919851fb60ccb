"""Visits being written down: chunks of rows for many items at once, put in order at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vssim.clock import Ints
from vssim.errors import RunError

COLUMNS = (
    "step",
    "skill",
    "kind",
    "work",
    "delay",
    "handoff_delay",
    "setup",
    "gate",
    "parks",
    "opens",
    "back",
    "rework",
    "stay_skill",
)
"""The columns of a VisitTable except `item`."""

MOST_VISITS = 100_000_000
"""Most visits in one run."""


@dataclass
class Rows:
    """The visits of `count` items, appended chunk by chunk; each item stands at most once in a chunk."""

    count: int
    written: Ints = field(init=False)
    """visits so far, by item"""

    def __post_init__(self) -> None:
        self.written = np.zeros(self.count, np.int64)
        self._who: list[Ints] = []
        self._place: list[Ints] = []
        self._columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        self._gates: list[tuple[Ints, Ints, int]] = []
        self._total = 0

    def append(self, who: Ints, **columns: Ints | int) -> None:
        """One visit for each of items `who` (shape (n,), no item twice); columns are numbers or arrays of that shape."""
        self._who.append(who)
        self._place.append(self.written[who])
        for name, written in self._columns.items():
            written.append(columns.get(name, -1 if name in ("skill", "gate", "stay_skill") else 0))
        self.written[who] += 1
        self._total += len(who)
        if self._total > MOST_VISITS:
            raise RunError(f"more than {MOST_VISITS:,} visits in one run; shorten the horizon or make demand or returns smaller")

    def gate_last(self, who: Ints, gate: int) -> None:
        """The last visit so far of items `who` is let go by `gate`."""
        self._gates.append((who, self.written[who] - 1, gate))

    def table(self, first: Ints) -> dict[str, Ints]:
        """All columns in the order of items and visits; `first` (count,) says at which row each item begins."""
        total = int(self.written.sum())
        table = {name: np.empty(total, np.int64) for name in COLUMNS}
        if self._who:
            lengths = [len(who) for who in self._who]
            rows = first[np.concatenate(self._who)] + np.concatenate(self._place)
            for name, written in self._columns.items():
                table[name][rows] = _spread(written, lengths)
        for who, place, gate in self._gates:
            table["gate"][first[who] + place] = gate
        return table


def _spread(values: list[Any], lengths: list[int]) -> Ints:
    """One array from numbers and arrays, each number repeated for the length of its chunk."""
    if all(isinstance(value, int) for value in values):
        return np.repeat(np.array(values, np.int64), lengths)
    filled = [value if isinstance(value, np.ndarray) else np.full(n, value) for value, n in zip(values, lengths, strict=True)]
    return np.concatenate(filled).astype(np.int64)
