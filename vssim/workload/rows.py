"""Visits as they are written down: chunks of rows for many items at once, sorted at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vssim.clock import FLAG, NUMBER, PLACE, Ints, Numbers
from vssim.errors import RunError

DEFAULTS: dict[str, np.signedinteger[Any]] = {
    "step": PLACE(0),
    "skill": PLACE(-1),
    "kind": FLAG(0),
    "work": np.int64(0),
    "delay": np.int64(0),
    "handoff_delay": np.int64(0),
    "setup": np.int64(0),
    "gate": PLACE(-1),
    "parks": FLAG(0),
    "opens": FLAG(0),
    "back": FLAG(0),
    "rework": FLAG(0),
    "stay_skill": PLACE(-1),
}
"""The columns of a VisitTable except `item`, each with its value where nothing is written and its type."""

LOGGED = ("step", "skill", "kind", "rework")
"""The columns that a log shares with its program."""

MOST_VISITS = 100_000_000
"""Most visits in one run."""


@dataclass
class Chunk:
    """One visit for each of some items."""

    who: Ints
    """(n,) positions of the items among those of their Rows, no item twice"""
    place: Numbers
    """(n,) number of this visit within its item"""
    columns: dict[str, Numbers | int]
    """numbers, or arrays of shape (n,)"""


@dataclass
class Rows:
    """The visits of `count` items, appended chunk by chunk."""

    count: int
    written: Numbers = field(init=False)
    """(count,) visits so far, by item"""
    chunks: list[Chunk] = field(default_factory=list)
    gates: list[tuple[Ints, Numbers, int]] = field(default_factory=list)
    """(items, numbers of their visits, the gate that lets these go)"""
    total: int = 0

    def __post_init__(self) -> None:
        self.written = np.zeros(self.count, NUMBER)

    def append(self, who: Ints, **columns: Numbers | int) -> None:
        """One visit for each of items `who` (shape (n,), rising); columns are numbers or arrays of that shape."""
        if len(who) == self.count:
            self.chunks.append(Chunk(who, self.written, columns))
            self.written = self.written + 1
        else:
            self.chunks.append(Chunk(who, self.written[who], columns))
            self.written[who] += 1
        self.total += len(who)
        check(self.total)

    def gate_last(self, who: Ints, gate: int) -> None:
        """The last visit so far of items `who` is let go by `gate`."""
        self.gates.append((who, self.written[who] - 1, gate))


def check(total: int) -> None:
    """Refuse more visits than a run may have."""
    if total > MOST_VISITS:
        raise RunError(f"more than {MOST_VISITS:,} visits in one run; shorten the horizon or make demand or returns smaller")


def table(parts: Sequence[tuple[Rows, Numbers]]) -> dict[str, Any]:
    """All columns of all visits, in the order of items and visits; one that is the same number everywhere takes no memory.

    `parts`: rows, each with the row of the table (count,) at which each of its items begins; together they fill the table.
    """
    chunks = [(chunk, first) for rows, first in parts for chunk in rows.chunks]
    if not chunks:
        return {name: np.empty(0, default.dtype) for name, default in DEFAULTS.items()}
    lengths = [len(chunk.who) for chunk, _ in chunks]
    place = np.concatenate([first[chunk.who] + chunk.place for chunk, first in chunks])
    source = np.empty_like(place)
    source[place] = np.arange(len(place), dtype=place.dtype)
    of_chunk = np.repeat(np.arange(len(chunks), dtype=NUMBER), lengths)[source]
    columns: dict[str, Numbers] = {}
    for name, default in DEFAULTS.items():
        values = [chunk.columns.get(name, int(default)) for chunk, _ in chunks]
        if all(isinstance(value, int) for value in values):
            by_chunk = np.array(values, default.dtype)
            same = name not in LOGGED and (by_chunk == by_chunk[0]).all()
            columns[name] = np.broadcast_to(by_chunk[0], len(place)) if same else by_chunk[of_chunk]
        else:
            columns[name] = _spread(values, lengths, default.dtype)[source]
    if any(rows.gates for rows, _ in parts):
        columns["gate"] = np.array(columns["gate"])
    for rows, first in parts:
        for who, number, gate in rows.gates:
            columns["gate"][first[who] + number] = gate
    return columns


def _spread(values: Sequence[Numbers | int], lengths: Sequence[int], kind: np.dtype[Any]) -> Numbers:
    """One array from numbers and arrays, each number repeated for the length of its chunk."""
    begin, spread = 0, np.empty(sum(lengths), kind)
    for value, length in zip(values, lengths, strict=True):
        spread[begin : begin + length] = value
        begin += length
    return spread
