"""Itineraries: what luck makes of demand and routes. All items that may come to exist, numbered, with all their visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np

from vssim.clock import NUMBER, Ints, Numbers, Reals
from vssim.model.items import Item
from vssim.model.terms import Promised
from vssim.workload.boards import EMPTY, Board, Placed
from vssim.workload.families import Member
from vssim.workload.foresight import Foresight, Guess
from vssim.workload.item_table import Items
from vssim.workload.listed import AFTER_ALL
from vssim.workload.luck import MARK, Luck
from vssim.workload.program import NEVER, ItemTable, VisitTable
from vssim.workload.roots import Family, families_of, members_of, numbered
from vssim.workload.together import Together
from vssim.workload.trace import Trace
from vssim.workload.visit_tables import Plans, VisitColumns, plans_of

OF_ITEMS = (
    "type", "parent", "follows", "origin", "arrival", "parts", "track", "plan", "first_after",
    "priority", "expedite", "interrupts", "rank", "patience", "unless",
)  # fmt: skip
"""Columns of an ItemTable that have one entry an item."""


@dataclass(frozen=True, eq=False)
class Itineraries:
    """The tables of a program that luck fills."""

    items: ItemTable
    visits: VisitTable
    board: Board = EMPTY
    """the items that are there as the run begins"""
    trace: Trace | None = None
    """how it goes, where they were drawn for one run and that was played"""

    @property
    def bytes(self) -> int:
        """How much they take in memory."""
        return sum(array.nbytes for array in self._arrays())

    def freeze(self) -> Itineraries:
        """The same, safe to be shared: nobody can write in them any more."""
        for array in self._arrays():
            array.flags.writeable = False
        return self

    def _arrays(self) -> Iterator[Numbers | Reals]:
        for columns in (self.items, self.visits, self.trace):
            if columns is not None:
                yield from (getattr(columns, field.name) for field in fields(columns))


def itineraries(
    together: Together, starts: Sequence[int], horizon: int, luck: Luck, origin: int = 0, foresight: Foresight | None = None
) -> list[Itineraries]:
    """Draw every replication of a luck up to `horizon` [ticks], each in its world, whose organisations begin at `starts` [ticks].

    All replications are drawn at once, as one long table, and taken apart at the end. `origin`: time 0 on the clock of the
    tables [ticks]. `foresight` says which of the ways to come are drawn, and is told what was drawn; without it, all are.
    """
    families, last_arrival = families_of(together, starts, horizon, luck, foresight)
    counts = numbered(families, len(luck.replications))
    if foresight is not None:
        members = [(member, rows) for _, member, rows in members_of(families)]
        foresight.note(
            Guess(m.known_as, m.ids, m.tracks.each[0], m.least, m.most, rows) for m, rows in members if m.known_as is not None
        )
    plans, visits = plans_of(families, int(counts.sum()))
    last_arrival = np.where((last_arrival < 0) | (last_arrival == NEVER), last_arrival, last_arrival + origin)
    items = Items(families, together, luck, plans, last_arrival[0]).table(origin)
    ids: dict[int, str] = {}
    promises: dict[int, Promised] = {}
    waits = dict(_waits(families, ids, promises))
    leaves = frozenset(pair for pair, leave in waits.items() if leave)
    board = Board(tuple(sorted(_placed(families), key=lambda family: family.number)), tuple(sorted(waits)), leaves, ids, promises)
    if len(luck.replications) == 1:
        return [Itineraries(items, VisitTable(**visits), board)]
    return _apart(items, visits, plans, counts, last_arrival, board)


def _placed(families: Sequence[Family]) -> Iterator[Placed]:
    """The items that are there as the run begins: those that the file names, and the parts of wholes among them."""
    for family, member, rows in members_of(families):
        if family.listed is None or member.follows is not None:
            continue
        listed = member.cohort.listed
        worked = np.zeros(len(rows), np.int64)
        for walk in member.walks:
            first_way = walk.way == 0  # which is in force as the run begins
            if walk.journeys.worked is not None:
                worked[walk.who[first_way]] = walk.journeys.worked[first_way]
        routes = [track.routes[0] for track in member.tracks.each]
        firsts = [route.halts[0].step if route.halts else None for route in routes]
        for place in np.flatnonzero(family.listed.here[member.roots]).tolist():
            item = None if listed is None else listed.items[place]
            yield Placed(
                number=int(rows[place]),
                arrived=int(family.times[member.roots[place]]),
                item=item,
                worked=int(worked[place]),
                whole=member.parts > 0,
                first=item is not None and item.step == firsts[member.world[place]],
            )


def _waits(
    families: Sequence[Family], ids: dict[int, str], promises: dict[int, Promised]
) -> Iterator[tuple[tuple[int, int], bool]]:
    """Pairs of numbers, and whether the first leaves with the other, if that is dropped; fills in names and promises.

    An item that waits for others (a whole by its parts, which arrive with it), and one that it waits for.
    """
    named: dict[tuple[int, str], int] = {}
    waiting: list[tuple[int, Item, list[int]]] = []
    for family in families:
        for place, item in enumerate(family.listed.items if family.listed is not None else ()):
            replication = int(family.numbers[place] & ~np.int64(AFTER_ALL)) >> MARK
            mine = [
                (m, int(rows[m.roots == place][0]))
                for m, rows in zip(family.members, family.rows, strict=True)
                if _is_own(m, place)
            ]
            if item.id is not None:
                named[replication, item.id] = mine[-1][1]  # the whole stands behind its parts
                ids[mine[-1][1]] = item.id
            if item.promise is not None:
                promises[mine[-1][1]] = item.promise
            if item.waits_for:
                waiting.append((replication, item, [number for member, number in mine if not member.parts]))
    for replication, item, numbers in waiting:
        for other in dict.fromkeys(item.waits_for):
            yield from (((number, named[replication, other]), item.if_dropped == "leave") for number in numbers)


def _is_own(member: Member, place: int) -> bool:
    """True for the member of a family that is the item itself, or a part of it (on any level), and no successor."""
    above: Member | None = member
    while above is not None and above.follows is None:
        if above.parent is None:
            return bool((member.roots == place).any())
        above = above.parent
    return False


def _apart(
    items: ItemTable, visits: VisitColumns, plans: Plans, counts: Ints, last_arrival: Ints, board: Board
) -> list[Itineraries]:
    """The replications one by one, each as if it had been drawn alone: `counts` (R,) items, `last_arrival` (R, F, Y).

    Items, plans, visits and what comes after stand in the same order, so that each replication has a stretch of each.
    """
    ends = np.cumsum(counts)
    lengths = np.where(items.follows < 0, 0, np.diff(plans.before)[items.follows])
    edges = [
        np.append(0, edge)
        for edge in (
            ends,
            plans.before[ends],
            np.append(plans.end, 0)[plans.before[ends] - 1],
            np.append(0, np.cumsum(lengths))[ends],
        )
    ]
    apart = []
    for replication, (low, high) in enumerate(pairwise(np.stack(edges, axis=1).tolist())):
        of_items, of_plans, of_visits, of_after = (slice(*pair) for pair in zip(low, high, strict=True))
        mine = {name: getattr(items, name)[..., of_items] for name in OF_ITEMS}
        mine |= {name: getattr(items, name)[of_plans] for name in items.of_plans}
        for name, at in (("parent", 0), ("follows", 0), ("plan", 1), ("first", 2), ("end", 2), ("first_after", 3)):
            if at < 3 or len(items.after):
                moved = mine[name] - NUMBER(low[at])
                mine[name] = np.where(mine[name] < 0, mine[name], moved) if at == 0 else moved
        mine |= {"after": items.after[of_after], "last_arrival": last_arrival[replication]}
        used = np.union1d(mine["track"], 0) if len(items.tracks) > 1 else np.zeros(1, NUMBER)
        mine |= {"track": np.searchsorted(used, mine["track"]).astype(NUMBER), "tracks": items.tracks[used]}
        mine["precedence"] = items.precedence
        cut = {name: values[of_visits] for name, values in visits.items()} | {"item": visits["item"][of_visits] - NUMBER(low[0])}
        packed = {name: values if 0 in values.strides else np.ascontiguousarray(values) for name, values in mine.items()}
        apart.append(Itineraries(ItemTable(**packed), VisitTable(**cut), board.only(low[0], high[0])))
    return apart
