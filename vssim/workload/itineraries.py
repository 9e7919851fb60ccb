"""Itineraries: what luck makes of demand and routes. All items that may come to exist, numbered, with all their visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from vssim.clock import FLAG, NUMBER, Ints, Numbers, Reals
from vssim.model.demand import ItemType
from vssim.model.distributions import Distribution
from vssim.model.items import Item
from vssim.model.model import Model
from vssim.model.terms import Promised
from vssim.workload.arrivals import Arrivals, arrivals
from vssim.workload.boards import EMPTY, Board, Placed
from vssim.workload.draws import drawn
from vssim.workload.families import FamilyTree, Member
from vssim.workload.listed import AFTER_ALL, Listed, left_given, listed
from vssim.workload.luck import MARK, Luck
from vssim.workload.own import Recorded
from vssim.workload.program import KEPT_BY_DELIVERY, KEPT_BY_PULL, KEPT_BY_START, NEVER, ItemTable, VisitTable
from vssim.workload.ranks import SORTED_BY_RANK, rank
from vssim.workload.routes import Ways
from vssim.workload.rows import check, table


@dataclass(frozen=True, eq=False)
class Itineraries:
    """The tables of a program that luck fills."""

    items: ItemTable
    visits: VisitTable
    board: Board = EMPTY
    """the items that are there as the run begins"""

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
        for columns in (self.items, self.visits):
            yield from (getattr(columns, field.name) for field in fields(columns))


@dataclass(eq=False)
class _Family:
    """All families of one type whose roots arrived in one phase."""

    type_number: int
    numbers: Ints
    """of the roots, with the marks of their replications"""
    times: Ints
    members: list[Member]
    rows: list[Ints]
    """final item numbers, one array per member"""
    listed: Listed | None = None
    """what is theirs alone, where the file names them"""


def itineraries(ways: Ways, starts: Sequence[int], horizon: int, luck: Luck, origin: int = 0) -> list[Itineraries]:
    """Draw every replication of a luck up to `horizon` [ticks] of organisations that come into force at `starts` [ticks].

    All replications are drawn at once, as one long table, and taken apart at the end. `origin`: time 0 on the clock of the
    tables [ticks].
    """
    families, last_arrival = _families(ways, starts, horizon, luck)
    counts = _number(families, len(luck.replications))
    visits, spans = _visits(families, len(ways.models), int(counts.sum()))
    last_arrival = np.where((last_arrival < 0) | (last_arrival == NEVER), last_arrival, last_arrival + origin)
    items = _Items(families, ways, luck, spans, last_arrival[0]).table(origin)
    ids: dict[int, str] = {}
    promises: dict[int, Promised] = {}
    waits = dict(_waits(families, ids, promises))
    leaves = frozenset(pair for pair, leave in waits.items() if leave)
    board = Board(tuple(sorted(_placed(families), key=lambda family: family.number)), tuple(sorted(waits)), leaves, ids, promises)
    if len(luck.replications) == 1:
        return [Itineraries(items, _joined(visits), board)]
    return _apart(items, visits, spans, counts, last_arrival, board)


def _placed(families: Sequence[_Family]) -> Iterator[Placed]:
    """The items that are there as the run begins: those that the file names, and the parts of wholes among them."""
    for family, member, rows in _members(families):
        if family.listed is None or member.follows is not None:
            continue
        listed, journeys, route = member.cohort.listed, member.journeys[0], member.routes[0]
        worked = None if journeys is None else journeys.worked
        first = route.halts[0].step if route is not None and route.halts else None
        for place in np.flatnonzero(family.listed.here[member.roots]).tolist():
            item = None if listed is None else listed.items[place]
            yield Placed(
                number=int(rows[place]),
                arrived=int(family.times[member.roots[place]]),
                item=item,
                worked=0 if worked is None else int(worked[place]),
                whole=member.parts > 0,
                first=item is not None and item.step == first,
            )


def _waits(
    families: Sequence[_Family], ids: dict[int, str], promises: dict[int, Promised]
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


def _families(ways: Ways, starts: Sequence[int], horizon: int, luck: Luck) -> tuple[list[_Family], Ints]:
    """Families by arrival phase and type; and by replication, phase and type the last arrival (R, F, Y)."""
    ends = [*starts[1:], horizon + 1]
    families = []
    last_arrival = np.full((len(luck.replications), len(ways.models), len(ways.names.types)), -1, np.int64)
    known: dict[str, tuple[ItemType, _Arrivals]] = {}
    for phase, (model, start, end) in enumerate(zip(ways.models, starts, ends, strict=True)):
        tree = FamilyTree(ways, luck, phase)
        for kind, item_type in model.demand.items():
            if kind not in known or known[kind][0] != item_type:
                known[kind] = item_type, _arrivals(kind, item_type, horizon, luck)
            arriving, last = known[kind][1]
            number = ways.names.types.index(kind)
            last_arrival[:, phase, number] = last
            now = (arriving.times >= start) & (arriving.times < end)
            if now.any():
                members = tree.of(kind, arriving.numbers[now], own=_recorded(item_type, arriving, now))
                families.append(_Family(number, arriving.numbers[now], arriving.times[now], members, []))
            for named in listed(item_type, len(luck.replications), linked=model.linked):
                coming = ~named.here & (named.arrived >= start) & (named.arrived < end)
                if named.linked and phase + 1 == len(ways.models):
                    coming |= named.arrived >= end  # what waits, and what is waited for, is there whatever the horizon
                last = _last(last, named, horizon)
                last_arrival[:, phase, number] = last
                coming_items = named.only(np.flatnonzero(coming | (named.here & (phase == 0))))
                if len(coming_items):
                    members = tree.of(kind, coming_items.numbers, coming_items)
                    families.append(
                        _Family(number, coming_items.numbers + AFTER_ALL, coming_items.arrived, members, [], coming_items)
                    )
    return families, last_arrival


def _last(last: list[int], named: Listed, horizon: int) -> list[int]:
    """When the last of a type may arrive: `last` of what has no name (by replication), or the last of those that have one."""
    latest = int(named.arrived[~named.here].max(initial=-1))
    return [max(each, latest if latest <= horizon else NEVER) for each in last]


_Arrivals = tuple[Arrivals, list[int]]
"""What arrives, its numbers with the marks of their replications; and by replication when the last may come."""


def _recorded(kind: ItemType, arriving: Arrivals, chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> Recorded | None:
    """What some arrivals have of their own, where they come as in the past."""
    return None if kind.history is None else Recorded(kind.history.weeks, arriving.rows[chosen])


def _arrivals(name: str, kind: ItemType, horizon: int, luck: Luck) -> _Arrivals:
    """What arrives of a type in all replications, one after the other."""
    each = [arrivals(name, kind, horizon, luck, of) for of in range(len(luck.replications))]
    numbers = np.concatenate([arriving.numbers + (of << MARK) for of, arriving in enumerate(each)])
    times, rows = (np.concatenate([getattr(arriving, name) for arriving in each]) for name in ("times", "rows"))
    return Arrivals(numbers, times, rows), [arriving.last for arriving in each]


def _number(families: list[_Family], replications: int) -> Ints:
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


def _members(families: Sequence[_Family]) -> list[tuple[_Family, Member, Ints]]:
    return [(family, member, rows) for family in families for member, rows in zip(family.members, family.rows, strict=True)]


_Table = dict[str, Any]
"""Columns of visits."""


@dataclass(frozen=True, eq=False)
class _Span:
    """Where the itineraries of one phase are. Arrays of shape (items,)."""

    first: Numbers
    """first row, counted through the tables of all phases"""
    end: Numbers
    """row after the last"""
    table: Numbers
    """the phase whose table has it: the first in which the item makes this journey; −1 it makes none yet"""


def _visits(families: Sequence[_Family], phases: int, count: int) -> tuple[list[_Table], list[_Span]]:
    """By phase a table of visits, and where its itineraries are. Phases with the same journeys share their rows."""
    members = _members(families)
    tables: list[_Table] = []
    spans: list[_Span] = []
    base = 0
    for phase in range(phases):
        first, end, fresh = (np.zeros(count, NUMBER) for _ in range(3))
        source = np.full(count, -1, NUMBER)
        drawn_now = []
        for _, member, rows in members:
            journey = member.journeys[phase]
            earlier = next((p for p in range(phase) if member.journeys[p] is journey), None)
            if journey is not None and earlier is None:
                fresh[rows], source[rows] = journey.rows.written, phase
                drawn_now.append((journey.rows, rows))
            elif journey is not None and earlier is not None:
                span = spans[earlier]
                first[rows], end[rows], source[rows] = span.first[rows], span.end[rows], span.table[rows]
        check(base + int(fresh.sum()))
        begins = np.cumsum(fresh, dtype=NUMBER) - fresh
        for _, rows in drawn_now:
            first[rows], end[rows] = base + begins[rows], base + begins[rows] + fresh[rows]
        item = np.repeat(np.arange(count, dtype=NUMBER), fresh)
        tables.append(table([(visits, begins[rows]) for visits, rows in drawn_now]) | {"item": item})
        spans.append(_Span(first, end, source))
        base += int(fresh.sum())
    return tables, spans


def _joined(tables: Sequence[_Table]) -> VisitTable:
    """The tables of all phases, one after the other."""
    if len(tables) == 1:
        return VisitTable(**tables[0])
    return VisitTable(**{name: np.concatenate([part[name] for part in tables]) for name in tables[0]})


def _apart(
    items: ItemTable, tables: Sequence[_Table], spans: Sequence[_Span], counts: Ints, last_arrival: Ints, board: Board
) -> list[Itineraries]:
    """The replications one by one, each as if it had been drawn alone: `counts` (R,) items, `last_arrival` (R, F, Y)."""
    ends = np.cumsum(counts)
    begins = ends - counts
    lengths = np.array([len(part["item"]) for part in tables])
    # By table and replication: the rows of its items, where they begin among all rows, and among those of the replication.
    low, high = (np.array([np.searchsorted(part["item"], edges) for part in tables]) for edges in (begins, ends))
    shift = (np.cumsum(lengths) - lengths)[:, None] + low - (np.cumsum(high - low, axis=0) - (high - low))
    apart = []
    for replication, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
        here = slice(begin, end)
        mine = {field.name: getattr(items, field.name)[..., here] for field in fields(ItemTable) if field.name != "last_arrival"}
        for name in ("parent", "follows"):
            mine[name] = np.where(mine[name] < 0, NUMBER(-1), mine[name] - NUMBER(begin))
        moved = np.array([np.append(shift[:, replication], 0)[span.table[here]] for span in spans], NUMBER)
        mine |= {"first": mine["first"] - moved, "end": mine["end"] - moved, "last_arrival": last_arrival[replication]}
        cut = [
            {name: values[a:b] for name, values in part.items()} | {"item": part["item"][a:b] - NUMBER(begin)}
            for part, a, b in zip(tables, low[:, replication].tolist(), high[:, replication].tolist(), strict=True)
        ]
        table = ItemTable(**{name: np.ascontiguousarray(values) for name, values in mine.items()})
        apart.append(Itineraries(table, _joined(cut), board.only(begin, end)))
    return apart


class _Items:
    """The item table being filled, member by member."""

    def __init__(
        self,
        families: Sequence[_Family],
        ways: Ways,
        luck: Luck,
        spans: Sequence[_Span],
        last_arrival: Ints,
    ) -> None:
        self.families, self.ways, self.luck, self.last_arrival = families, ways, luck, last_arrival
        count = sum(len(rows) for _, _, rows in _members(families))
        shape = (len(ways.models), count)
        self.type, self.parts = (np.zeros(count, NUMBER) for _ in range(2))
        self.parent, self.follows = (np.full(count, -1, NUMBER) for _ in range(2))
        self.origin = np.zeros(count, FLAG)
        self.arrival = np.full(count, -1, np.int64)
        self.after, self.due = (np.full(shape, -1, np.int64) for _ in range(2))
        self.priority, self.rank, self.work = (np.zeros(shape, np.int64) for _ in range(3))
        self.expedite, self.stops, self.right = (np.zeros(shape, FLAG) for _ in range(3))
        self.value, self.cost_of_delay = (np.full(shape, np.nan) for _ in range(2))
        # Most models have nobody who gives up or interrupts: one number for all takes no memory, and no time to write.
        kinds = [kind for model in ways.models for kind in model.demand.values()]
        patient, urgent = any(kind.gives_up is not None for kind in kinds), any(kind.interrupts for kind in kinds)
        self.interrupts = np.zeros(shape, FLAG) if urgent else np.broadcast_to(FLAG(0), shape)
        self.patience = np.full(shape, -1, np.int64) if patient else np.broadcast_to(np.int64(-1), shape)
        self.unless = np.zeros(shape, FLAG) if patient else np.broadcast_to(FLAG(0), shape)
        self.first = np.stack([span.first for span in spans])
        self.end = np.stack([span.end for span in spans])

    def table(self, origin: int) -> ItemTable:
        rows_of = {id(member): rows for _, member, rows in _members(self.families)}
        for family, member, rows in _members(self.families):
            self.type[rows] = self.ways.names.types.index(member.cohort.type)
            self.origin[rows] = int(member.origin)
            self.parts[rows] = member.parts
            if member.parent is not None:
                self.parent[rows] = rows_of[id(member.parent)]
            if member.follows is None:
                self.arrival[rows] = family.times[member.roots] + origin
            else:
                self.follows[rows] = rows_of[id(member.follows)][member.source]
                self.after[:, rows] = member.after
            for phase, model in enumerate(self.ways.models):
                self._in_phase(phase, model, member, rows)
        return ItemTable(
            type=self.type,
            parent=self.parent,
            follows=self.follows,
            origin=self.origin,
            arrival=self.arrival,
            parts=self.parts,
            last_arrival=self.last_arrival,
            after=self.after,
            priority=self.priority,
            expedite=self.expedite,
            interrupts=self.interrupts,
            rank=self.rank,
            first=self.first,
            end=self.end,
            stops=self.stops,
            right=self.right,
            work=self.work,
            due=self.due,
            patience=self.patience,
            unless=self.unless,
            value=self.value,
            cost_of_delay=self.cost_of_delay,
        )

    def _in_phase(self, phase: int, model: Model, member: Member, rows: Ints) -> None:
        route, journey = member.routes[phase], member.journeys[phase]
        if route is None or journey is None:
            return
        kind, draws = route.kind, _Draws(self.luck, member)
        self.priority[phase, rows] = kind.priority
        self.expedite[phase, rows] = kind.expedite
        if kind.interrupts:
            self.interrupts[phase, rows] = 1
        self.stops[phase, rows] = journey.stops
        self.right[phase, rows] = journey.right
        self.work[phase, rows] = journey.work
        if kind.due is not None:
            self.due[phase, rows] = drawn(kind.due, draws.uniforms("due"))
        if kind.gives_up is not None:
            self.patience[phase, rows] = _patience(kind.gives_up.after, draws.uniforms("patience"), member.cohort.listed)
            self.unless[phase, rows] = UNLESS[kind.gives_up.unless]
        if kind.value is not None:
            self.value[phase, rows] = draws.values(kind.value, "value")
        if kind.cost_of_delay is not None:
            self.cost_of_delay[phase, rows] = draws.values(kind.cost_of_delay, "cost of delay")
        self._of_its_own(phase, kind, member, rows)
        if model.discipline in SORTED_BY_RANK:
            estimate = journey.work * draws.values(kind.estimate, "estimate")
            cost = self.cost_of_delay[phase, rows]
            self.rank[phase, rows] = rank(model.discipline, kind, estimate, cost, self.due[phase, rows])
        if member.cohort.whole is not None:
            self.cost_of_delay[phase, rows] = np.nan  # a slice is as urgent as its whole, which is what costs

    def _of_its_own(self, phase: int, kind: ItemType, member: Member, rows: Ints) -> None:
        """What items have of their own, in place of what their type says."""
        listed, own, lineage = member.cohort.listed, member.cohort.own, member.cohort.lineage
        if listed is not None:
            self.priority[phase, rows] = listed.priorities(kind)
        if own is not None:
            self.due[phase, rows] = own.dues(self.luck, lineage, self.due[phase, rows])
            self.value[phase, rows] = own.values(self.luck, lineage, self.value[phase, rows])


@dataclass(frozen=True)
class _Draws:
    """What is drawn once per item of a member."""

    luck: Luck
    member: Member

    def uniforms(self, purpose: str) -> Reals:
        return self.luck.uniforms(self.member.cohort.numbers, self.member.cohort.nature, "", purpose)

    def values(self, distribution: Distribution, purpose: str) -> Reals:
        if distribution.is_constant:
            return np.full(len(self.member.roots), distribution.mean)
        return distribution.quantile(self.uniforms(purpose))


def _patience(after: Distribution, uniforms: Reals, named: Listed | None) -> Ints:
    """How long after arrival they give up [ticks]; who is there already has had the patience until now."""
    if named is None:
        return drawn(after, uniforms)
    ages = np.maximum(-named.arrived, 0) * named.here
    return ages + left_given(after, uniforms, ages)


UNLESS = {"pulled": KEPT_BY_PULL, "started": KEPT_BY_START, "delivered": KEPT_BY_DELIVERY}
