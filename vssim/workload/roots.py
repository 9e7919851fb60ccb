"""Roots: what arrives by itself, family by family, with all that may come of it, numbered in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints
from vssim.model.demand import ItemType
from vssim.workload.arrivals import Arrivals, arrivals
from vssim.workload.families import FamilyTree, Member
from vssim.workload.foresight import Foresight
from vssim.workload.listed import AFTER_ALL, Listed, listed
from vssim.workload.luck import MARK, Luck
from vssim.workload.own import Recorded
from vssim.workload.program import NEVER
from vssim.workload.together import Together


@dataclass(eq=False)
class Family:
    """All families of one type whose roots arrived while the same items came."""

    type_number: int
    numbers: Ints
    """of the roots, with the marks of their replications"""
    times: Ints
    members: list[Member]
    rows: list[Ints]
    """final item numbers, one array per member"""
    listed: Listed | None = None
    """what is theirs alone, where the file names them"""


def families_of(
    together: Together, starts: Sequence[int], horizon: int, luck: Luck, foresight: Foresight | None = None
) -> tuple[list[Family], Ints]:
    """Families by who comes, and their type; and by replication, routing and type the last arrival (R, F, Y)."""
    ways, ends = together.first, [*starts[1:], horizon + 1]
    families = []
    last_arrival = np.full((len(luck.replications), len(ways.models), len(together.names.types)), -1, np.int64)
    known: dict[str, tuple[list[ItemType], _Arrivals]] = {}
    for pieces in ways.stretches:
        begin, end = pieces[0][0], pieces[-1][1]
        tree, model = FamilyTree(together, luck, begin, foresight), ways.models[begin]
        of_named = FamilyTree(together, luck, begin)  # where they stand as the run begins is looked up by the ways in force
        for kind, item_type in model.demand.items():
            number = together.names.types.index(kind)
            coming = []
            for first, after in pieces:
                each = [other.demand[kind] for other in together.models(first)]
                if kind not in known or known[kind][0] != each:
                    known[kind] = each, _arrivals(kind, together.in_turn(each, len(luck.replications)), horizon, luck)
                arriving, last = known[kind][1]
                last_arrival[:, first:after, number] = np.array(last)[:, None]
                now = (arriving.times >= starts[first]) & (arriving.times < ends[after - 1])
                coming.append(arriving.only(now))
            arriving = _in_turn(coming)
            if len(arriving.numbers):
                since = _since(starts, arriving.times)
                members = tree.of(kind, arriving.numbers, since, own=_recorded(item_type, arriving))
                families.append(Family(number, arriving.numbers, arriving.times, members, []))
            for named in listed(item_type, len(luck.replications), linked=model.linked):
                there = ~named.here & (named.arrived >= starts[begin]) & (named.arrived < ends[end - 1])
                if named.linked and end == len(ways.models):
                    there |= named.arrived >= ends[-1]  # what waits, and what is waited for, is there whatever the horizon
                latest = last_arrival[:, begin:end, number]
                last_arrival[:, begin:end, number] = _last(latest, named, horizon)
                coming_items = named.only(np.flatnonzero(there | (named.here & (begin == 0))))
                if len(coming_items):
                    since = np.where(coming_items.here, 0, _since(starts, coming_items.arrived))
                    members = of_named.of(kind, coming_items.numbers, since, coming_items)
                    families.append(
                        Family(number, coming_items.numbers + AFTER_ALL, coming_items.arrived, members, [], coming_items)
                    )
    return families, last_arrival


def _since(starts: Sequence[int], times: Ints) -> Ints:
    """The routing in force at each of some moments [ticks], the last of those that begin at once; the first before time 0."""
    return np.maximum(np.searchsorted(np.array(starts), times, side="right") - 1, 0)


def _last(last: Ints, named: Listed, horizon: int) -> Ints:
    """When the last of a type may arrive: `last` of what has no name, or the last of those that have one."""
    latest = int(named.arrived[~named.here].max(initial=-1))
    return np.maximum(last, latest if latest <= horizon else NEVER)


_Arrivals = tuple[Arrivals, list[int]]
"""What arrives, its numbers with the marks of their replications; and by replication when the last may come."""


def _recorded(kind: ItemType, arriving: Arrivals) -> Recorded | None:
    """What arrivals have of their own, where they come as in the past."""
    return None if kind.history is None else Recorded(kind.history.weeks, arriving.rows)


def _in_turn(arriving: Sequence[Arrivals]) -> Arrivals:
    """What arrives in all replications in times that follow each other, replication by replication."""
    if len(arriving) == 1:
        return arriving[0]
    numbers, times, rows = (np.concatenate([getattr(each, name) for each in arriving]) for name in ("numbers", "times", "rows"))
    order = np.argsort(numbers >> MARK, kind="stable")
    return Arrivals(numbers[order], times[order], rows[order] if len(rows) else rows)


def _arrivals(name: str, kinds: Sequence[ItemType], horizon: int, luck: Luck) -> _Arrivals:
    """What arrives of a type in all replications, one after the other; `kinds`: the type in each (R,)."""
    each = [arrivals(name, kind, horizon, luck, of) for of, kind in enumerate(kinds)]
    numbers = np.concatenate([arriving.numbers + (of << MARK) for of, arriving in enumerate(each)])
    times, rows = (np.concatenate([getattr(arriving, name) for arriving in each]) for name in ("times", "rows"))
    return Arrivals(numbers, times, rows), [arriving.last for arriving in each]


def numbered(families: list[Family], replications: int) -> Ints:
    """Number all items by replication, arrival, type, number in their stream, place in the family; how many each has (R,)."""
    keys: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
    for family in families:
        for place, member in enumerate(family.members):
            count, numbers = len(member.roots), family.numbers[member.roots]
            times = family.times[member.roots]
            keys.append((np.full(count, place), numbers, np.full(count, family.type_number), times, numbers >> MARK))
    if not keys:
        return np.zeros(replications, np.int64)
    columns = [np.concatenate(column) for column in zip(*keys, strict=True)]
    number = np.arange(len(columns[0]))
    if len(keys) > 1:  # one cohort alone is in order
        order = np.lexsort(columns if replications > 1 else columns[:-1])
        number[order] = np.arange(len(order))
    begin = 0
    for family in families:
        for member in family.members:
            family.rows.append(number[begin : begin + len(member.roots)])
            begin += len(member.roots)
    return np.bincount(columns[-1], minlength=replications)


def members_of(families: Sequence[Family]) -> list[tuple[Family, Member, Ints]]:
    """Every member of all families, with its final numbers."""
    return [(family, member, rows) for family in families for member, rows in zip(family.members, family.rows, strict=True)]
