"""Visit tables: the journeys of all items, item by item and way by way, and where each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vssim.clock import NUMBER, Ints, Numbers
from vssim.workload.families import Member, Walk
from vssim.workload.roots import Family, members_of
from vssim.workload.rows import check, table

VisitColumns = dict[str, Any]
"""Columns of visits."""


@dataclass(frozen=True, eq=False)
class Plans:
    """The itineraries of all items: one for each way that an item may still go, item by item."""

    before: Ints
    """(items + 1,) how many plans those before an item have; at last all"""
    least: Ints
    """(items,) the first of the ways of its track that an item has a plan for"""
    first: Numbers
    """(plans,) first row of visits"""
    end: Numbers
    """(plans,) row after the last"""

    def of(self, member: Member, rows: Ints) -> Iterator[tuple[Walk, Ints]]:
        """The walks of a member whose items are `rows`, with the numbers of their plans."""
        for walk in member.walks:
            yield walk, self.before[rows[walk.who]] + (walk.way - member.least[walk.who])


def plans_of(families: Sequence[Family], count: int) -> tuple[Plans, VisitColumns]:
    """The plans of `count` items, and the table of their visits."""
    members = members_of(families)
    each, least = np.zeros(count + 1, np.int64), np.zeros(count, np.int64)
    for _, member, rows in members:
        each[rows + 1] = 1 + member.most - member.least
        least[rows] = member.least
    before = np.cumsum(each)
    lengths = np.zeros(int(before[-1]), NUMBER)
    plans = Plans(before, least, lengths, lengths)
    walks = [(walk.journeys.rows, numbers) for _, member, rows in members for walk, numbers in plans.of(member, rows)]
    for visits, numbers in walks:
        lengths[numbers] = visits.written
    check(int(lengths.sum(dtype=np.int64)))
    end = np.cumsum(lengths, dtype=NUMBER)
    plans = Plans(before, least, end - lengths, end)
    item = np.repeat(np.repeat(np.arange(count, dtype=NUMBER), each[1:]), lengths)
    return plans, table([(visits, plans.first[numbers]) for visits, numbers in walks]) | {"item": item}
