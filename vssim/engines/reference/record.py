"""What happened so far, row by row; becomes the trace that the engine returns."""

from __future__ import annotations

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.workload.program import Program
from vssim.workload.trace import Trace

VISIT_TIMES = ("entered", "ready", "started", "finished", "released", "left", "pool", "owner")
VISIT_SUMS = ("put_down", "touch", "handoff")
ITEM_TIMES = ("item_arrived", "item_joined", "item_pulled", "item_left", "item_dropped", "item_routing")


class Record:
    """One list a column of the trace, one entry a row of the program's tables."""

    def __init__(self, program: Program) -> None:
        visits, items = len(program.visits.item), len(program.items.type)
        self.entered, self.ready, self.started, self.finished = ([NOT_YET] * visits for _ in range(4))
        self.released, self.left, self.pool, self.owner = ([NOT_YET] * visits for _ in range(4))
        self.put_down, self.touch, self.handoff = ([0] * visits for _ in range(3))
        self.item_arrived, self.item_joined, self.item_pulled = ([NOT_YET] * items for _ in range(3))
        self.item_dropped = [0] * items
        self.item_left, self.item_routing = ([NOT_YET] * items for _ in range(2))
        self.keeps_pauses = program.urgent
        self.pauses: dict[int, list[tuple[int, int]]] = {}
        """by row: when it lay put down, where anybody interrupts"""
        if program.under_way is not None:
            past = program.under_way.past
            for row, begin, end in zip(past.pause_row.tolist(), past.pause_begin.tolist(), past.pause_end.tolist(), strict=True):
                self.pauses.setdefault(row, []).append((begin, end))
            for name in (*VISIT_TIMES, *VISIT_SUMS, *ITEM_TIMES):
                setattr(self, name, getattr(program.under_way.past, name).tolist())

    def pause(self, row: int, now: int) -> None:
        """The visit is put down."""
        if self.keeps_pauses:
            self.pauses.setdefault(row, []).append((now, NOT_YET))

    def resume(self, row: int, since: int, now: int) -> None:
        """The visit, put down since then, is taken up again, or left."""
        self.put_down[row] += now - since
        if self.keeps_pauses:
            self.pauses[row][-1] = (since, now)

    def trace(self) -> Trace:
        """The columns as arrays."""
        told = np.array([(row, *pause) for row in sorted(self.pauses) for pause in self.pauses[row]], np.int64).reshape(-1, 3)
        columns: dict[str, Ints] = {
            name: np.array(getattr(self, name), np.int64) for name in (*VISIT_TIMES, *VISIT_SUMS, *ITEM_TIMES)
        }
        return Trace(pause_row=told[:, 0], pause_begin=told[:, 1], pause_end=told[:, 2], **columns)
