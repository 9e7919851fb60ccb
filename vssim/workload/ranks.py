"""What a discipline sorts by that is known before the run."""

from __future__ import annotations

import numpy as np

from vssim.clock import Ints, Reals
from vssim.model.demand import ItemType
from vssim.workload.program import NO_RANK

SORTED_BY_RANK = ("shortest_first", "wsjf", "earliest_due")
"""Disciplines that sort by something known before the run."""


def rank(discipline: str, kind: ItemType, estimate: Reals, cost: Reals, due: Ints) -> Ints:
    """What a discipline of `SORTED_BY_RANK` sorts by, smallest first; (n,).

    shortest_first: estimated work of the first pass [ticks]. wsjf: minus cost of delay per unit of estimated work [millionths]
    (Reinertsen 2009, ch. 7), a type without a cost of delay counting 1. earliest_due: due date after arrival [ticks].
    """
    if discipline == "shortest_first":
        return np.rint(estimate).astype(np.int64)
    if discipline == "wsjf":
        costs = np.ones(len(estimate)) if kind.cost_of_delay is None else cost
        urgency = costs / np.maximum(estimate, 1.0) * 1e12
        return -np.rint(np.minimum(urgency, 2.0**60)).astype(np.int64)
    return np.where(due < 0, NO_RANK, due)
