"""Where named items stand on their route as the run begins, and how much of the work there is done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.model.items import Item
from vssim.workload.listed import Begun, Listed, left_given
from vssim.workload.luck import Luck
from vssim.workload.routes import Halt

Mask = NDArray[np.bool_]


class Start:
    """The named items of a cohort at their halts. Arrays of shape (n,)."""

    def __init__(self, listed: Listed, halts: Sequence[Halt], luck: Luck, lineage: str) -> None:
        self.listed, self.halts, self.luck, self.lineage = listed, halts, luck, lineage
        places = {halt.step: place for place, halt in enumerate(halts)}
        self.place = np.array([places.get(item.step or "", -1) for item in listed.items], np.int64)
        """position of the halt where each stands; −1 nowhere, or where nobody comes any more"""
        self.worked = np.zeros(len(listed), np.int64)
        """own work that is done there [ticks]"""
        self.ages = -listed.since

    def settle(self, present: list[Mask | None], entries: Ints, first_work: list[Ints], size: Reals) -> None:
        """Correct what was drawn as if the items came from the beginning: some work where they stand is done."""
        for place, halt in enumerate(self.halts):
            entries[place][self.place > place] = 1
            there = np.flatnonzero(self.place == place)
            if len(there):
                comes = present[place]
                if comes is not None:
                    comes[there] = True
                first_work[place] = np.array(first_work[place])
                self._settle_at(halt, there, first_work[place], size)

    def _settle_at(self, halt: Halt, there: Ints, works: Ints, size: Reals) -> None:
        """What the work of those at a halt is in all (`works` is altered), and how much of it is done."""
        items = [self.listed.items[row] for row in there.tolist()]
        guessed = np.array(
            [item.remaining is None and (item.in_hand or (halt.work is None and item.stuck is None)) for item in items]
        )
        if guessed.any():
            self._draw_given_the_age(halt, there[guessed], works, size)
        for row, item in zip(there.tolist(), items, strict=True):
            if item.is_done:
                self.worked[row] = works[row]
            elif item.remaining is not None and not item.remaining.is_share:
                left = round(item.remaining * TICKS)
                works[row] = max(works[row], left)
                self.worked[row] = works[row] - left
            elif item.remaining is not None:
                self.worked[row] = works[row] - round(works[row] * item.remaining)
            elif item.stuck is not None:
                self.worked[row] = round(works[row] * halt.asks[_need(halt, item)].at)

    def _draw_given_the_age(self, halt: Halt, rows: Ints, works: Ints, size: Reals) -> None:
        distribution = halt.wait if halt.work is None else halt.work
        uniforms = self.luck.uniforms(self.listed.numbers, self.lineage, halt.step, "left")[rows]
        own = self.listed.works(halt.step, self.luck, self.lineage)[rows]
        left = left_given(distribution, uniforms, self.ages[rows], 1.0 if halt.work is None else size[rows])
        left = np.where(own == NOT_YET, left, np.maximum(own - self.ages[rows], 0))
        works[rows] = self.ages[rows] + left
        self.worked[rows] = self.ages[rows]

    def begun(self, place: int, rows: Ints) -> Begun:
        """Those of the items that stand at a halt."""
        items = [self.listed.items[row] for row in rows.tolist()]
        return Begun(
            done=self.worked[rows],
            finished=np.array([item.is_done for item in items], bool),
            stuck=np.array([_need(self.halts[place], item) for item in items], np.int64),
            ages=self.ages[rows],
        )


def _need(halt: Halt, item: Item) -> int:
    """Which of the needs of a halt an item waits for; −1 none."""
    if item.stuck is None:
        return -1
    return next((n for n, ask in enumerate(halt.asks) if item.stuck == ask.who), -1)
