"""Who may still come to gather for a batch into a step, and until when new items arrive that may."""

from __future__ import annotations

from collections.abc import Callable

from vssim.clock import NOT_YET
from vssim.engines.reference.item import Item
from vssim.engines.reference.organisation import Organisation
from vssim.workload.program import Program


class ToCome:
    """Counts items by the steps for which they may still come to gather. It looks at no horizon."""

    def __init__(self, program: Program, own_skill: Callable[[int], int]) -> None:
        visits = program.visits
        self.step: list[int] = visits.step.tolist()
        self.opens: list[int] = visits.opens.tolist()
        self.back: list[int] = visits.back.tolist()
        self.own_skill = own_skill
        self.last_arrival: list[list[int]] = program.items.last_arrival.tolist()
        self.items = [0] * len(program.steps)
        """by step: how many items may still come to gather"""
        self.steps_of: dict[Item, set[int]] = {}
        """by item: for which steps it is counted"""

    def until(self, routing: int, step: int, organisation: Organisation) -> int:
        """When the last item arrives that may come to gather for the step, as demand is now [ticks]."""
        lasts = zip(self.last_arrival[routing], organisation.types.gathers, strict=True)
        return max((last for last, gathers in lasts if gathers[step]), default=NOT_YET)

    def forget(self, item: Item) -> None:
        """The item comes to no step any more, as far as is known."""
        for step in self.steps_of.pop(item, ()):
            self.items[step] -= 1

    def count(self, item: Item, first: int, rows: range, above: int, organisation: Organisation) -> None:
        """The item may come to gather as it enters stays in `rows` of its itinerary, which begins at `first`, above a step."""
        self.forget(item)
        self.steps_of[item] = {self.step[row] for row in rows if self.step[row] > above and self._may(row, first, organisation)}
        for step in self.steps_of[item]:
            self.items[step] += 1

    def _may(self, row: int, first: int, organisation: Organisation) -> bool:
        """True when an item may have to gather before it enters `row`: a stay with own work, forwards, that not every owner keeps.

        Its owner by then is a team that can do the own work of the last stay before that has any.
        """
        if row == first or not self.opens[row] or self.back[row] or organisation.steps.batch[self.step[row]] == 1:
            return False
        skill = self.own_skill(row)
        before = [self.own_skill(earlier) for earlier in range(first, row) if self.opens[earlier] and self.own_skill(earlier) >= 0]
        return bool(skill >= 0 and before and organisation.may_hand_on(before[-1], skill))
