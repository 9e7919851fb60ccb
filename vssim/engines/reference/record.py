"""What happened so far, row by row; becomes the trace that the engine returns."""

from __future__ import annotations

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.workload.program import Program, Trace

VISIT_TIMES = ("entered", "ready", "started", "finished", "released", "left", "pool", "owner")
VISIT_SUMS = ("put_down", "touch", "handoff")
ITEM_TIMES = ("item_arrived", "item_joined", "item_pulled", "item_left", "item_phase")


class Record:
    """One list a column of the trace, one entry a row of the program's tables."""

    def __init__(self, program: Program) -> None:
        visits, items = len(program.visits.item), len(program.items.type)
        self.entered, self.ready, self.started, self.finished = ([NOT_YET] * visits for _ in range(4))
        self.released, self.left, self.pool, self.owner = ([NOT_YET] * visits for _ in range(4))
        self.put_down, self.touch, self.handoff = ([0] * visits for _ in range(3))
        self.item_arrived, self.item_joined, self.item_pulled = ([NOT_YET] * items for _ in range(3))
        self.item_left, self.item_phase = ([NOT_YET] * items for _ in range(2))

    def trace(self) -> Trace:
        """The columns as arrays."""
        columns: dict[str, Ints] = {
            name: np.array(getattr(self, name), np.int64) for name in (*VISIT_TIMES, *VISIT_SUMS, *ITEM_TIMES)
        }
        return Trace(**columns)
