"""Two engines, one answer: a program played on both, and where they first differ, if they do."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.engines.each import Name, trace
from vssim.workload.program import Program
from vssim.workload.trace import Trace

CLOCKED = ("entered", "ready", "started", "finished", "released", "left")
"""Columns of a trace that say when something happened."""


@dataclass(frozen=True)
class Difference:
    """The first thing on which two engines do not agree."""

    item: int
    visit: int | None
    """number of the visit in its item's itinerary, from 0; None: it is about the item as a whole"""
    column: str
    values: tuple[int, int]
    """what each engine says, in the order in which they were named"""
    engines: tuple[str, str]

    def __str__(self) -> str:
        where = f"item {self.item}" if self.visit is None else f"item {self.item}, visit {self.visit}"
        said = ", ".join(f"{engine} {value}" for engine, value in zip(self.engines, self.values, strict=True))
        return f"{where}, {self.column}: {said}"


def rows(program: Program) -> int:
    """How many rows two engines are compared on: one a visit, one an item."""
    return len(program.visits.item) + len(program.items.type)


def first_difference(program: Program, engines: tuple[Name, Name] = ("reference", "compiled")) -> Difference | None:
    """What the engines disagree on, the earliest moment first; None when every row is the same."""
    first, second = (trace(program, engine) for engine in engines)
    differing = [differing for field in fields(Trace) if (differing := _in_column(program, field.name, first, second)) is not None]
    if not differing:
        return None
    _, item, visit, column, values = min(differing)
    return Difference(item, None if visit < 0 else visit, column, values, (str(engines[0]), str(engines[1])))


def _in_column(program: Program, column: str, first: Trace, second: Trace) -> tuple[int, int, int, str, tuple[int, int]] | None:
    """(moment, item, visit or −1, column, values) of the first row on which a column differs."""
    of_first, of_second = getattr(first, column), getattr(second, column)
    if column.startswith("pause_"):
        return None if np.array_equal(of_first, of_second) else _pauses(program, column, first, second)
    differ = np.nonzero(of_first != of_second)[0]
    if not len(differ):
        return None
    moment = _moments(column, first, second)[differ]
    row = int(differ[np.argmin(moment)])
    item, visit = row, -1
    if not column.startswith("item_"):
        item = int(program.visits.item[row])
        visit = row - int(np.nonzero(program.visits.item == item)[0][0])
    return int(moment.min()), item, visit, column, (int(of_first[row]), int(of_second[row]))


def _pauses(program: Program, column: str, first: Trace, second: Trace) -> tuple[int, int, int, str, tuple[int, int]]:
    """The first pause on which the engines differ; −2 where one has it not."""
    both = [list(zip(t.pause_begin.tolist(), t.pause_row.tolist(), t.pause_end.tolist(), strict=True)) for t in (first, second)]
    begin, row, _ = min(set(both[0]) ^ set(both[1]))
    ends = [next((end for at, of, end in pauses if (at, of) == (begin, row)), -2) for pauses in both]
    item = int(program.visits.item[row])
    return begin, item, row - int(np.nonzero(program.visits.item == item)[0][0]), column, (ends[0], ends[1])


def _moments(column: str, first: Trace, second: Trace) -> Ints:
    """When the rows of a column came to differ, about: by its own times, else by when the visit was finished."""
    if column in CLOCKED or column in ("item_arrived", "item_joined", "item_pulled", "item_left"):
        pair = getattr(first, column), getattr(second, column)
    elif column == "item_routing":
        pair = first.item_pulled, second.item_pulled
    else:
        pair = first.started, second.started
    known = [np.where(times == NOT_YET, np.iinfo(np.int64).max, times) for times in pair]
    return np.minimum(*known)
