"""The item table: what every item is, and would be by each of its plans, filled member by member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vssim.clock import FLAG, NUMBER, Ints, Numbers
from vssim.workload.draws import drawn
from vssim.workload.families import Member, Walk
from vssim.workload.luck import Luck
from vssim.workload.precedence import Draws, Precedences
from vssim.workload.program import ItemTable
from vssim.workload.roots import Family, members_of
from vssim.workload.together import Together
from vssim.workload.visit_tables import Plans


class Items:
    """The item table being filled, member by member."""

    def __init__(self, families: Sequence[Family], together: Together, luck: Luck, plans: Plans, last_arrival: Ints) -> None:
        self.members, self.together, self.luck, self.plans, self.last_arrival = (
            members_of(families),
            together,
            luck,
            plans,
            last_arrival,
        )
        count, drawn_plans = len(plans.least), len(plans.first)
        self.type, self.parts = (np.zeros(count, NUMBER) for _ in range(2))
        self.parent, self.follows = (np.full(count, -1, NUMBER) for _ in range(2))
        self.origin = np.zeros(count, FLAG)
        self.arrival = np.full(count, -1, np.int64)
        self.due = np.full(drawn_plans, -1, np.int64)
        self.work = np.zeros(drawn_plans, np.int64)
        self.stops, self.right = (np.zeros(drawn_plans, FLAG) for _ in range(2))
        self.value, self.cost_of_delay = (np.full(drawn_plans, np.nan) for _ in range(2))
        self.precedence = Precedences(together, luck, count)

    def table(self, origin: int) -> ItemTable:
        """The whole of it; `origin`: time 0 on its clock [ticks]."""
        rows_of = {id(member): rows for _, member, rows in self.members}
        tracks = _Tracks(len(self.together.first.models), len(self.type))
        for family, member, rows in self.members:
            self.type[rows] = self.together.names.types.index(member.cohort.type)
            self.origin[rows] = int(member.origin)
            self.parts[rows] = member.parts
            tracks.write(member, rows)
            if member.parent is not None:
                self.parent[rows] = rows_of[id(member.parent)]
            if member.follows is None:
                self.arrival[rows] = family.times[member.roots] + origin
            else:
                self.follows[rows] = rows_of[id(member.follows)][member.source]
            for walk, numbers in self.plans.of(member, rows):
                self._plan(member, walk, numbers)
            self.precedence.write(member, rows)
            for walk, numbers in self.plans.of(member, rows):
                self.precedence.rank(member, walk, rows, self.cost_of_delay[numbers], self.due[numbers])
                if member.cohort.whole is not None:
                    self.cost_of_delay[numbers] = np.nan  # a slice is as urgent as its whole, which is what costs
        (first_after, after), ways = self._after(tracks), tracks.table()
        return ItemTable(
            type=self.type,
            parent=self.parent,
            follows=self.follows,
            origin=self.origin,
            arrival=self.arrival,
            parts=self.parts,
            last_arrival=self.last_arrival,
            track=tracks.number,
            tracks=ways,
            plan=(self.plans.before[:-1] - tracks.beginning).astype(NUMBER),
            first=self.plans.first,
            end=self.plans.end,
            stops=self.stops,
            right=self.right,
            work=self.work,
            due=self.due,
            value=self.value,
            cost_of_delay=self.cost_of_delay,
            first_after=first_after,
            after=after,
            **self.precedence.columns(),
        )

    def _plan(self, member: Member, walk: Walk, numbers: Ints) -> None:
        """What items are that go a way, by the numbers of their plans."""
        kind, journey, cohort = walk.kind, walk.journeys, member.cohort.only(walk.who)
        draws = Draws(self.luck, cohort)
        self.stops[numbers] = journey.stops
        self.right[numbers] = journey.right
        self.work[numbers] = journey.work
        if kind.due is not None:
            self.due[numbers] = drawn(kind.due, draws.uniforms("due"))
        if kind.value is not None:
            self.value[numbers] = draws.values(kind.value, "value")
        if kind.cost_of_delay is not None:
            self.cost_of_delay[numbers] = draws.values(kind.cost_of_delay, "cost of delay")
        if cohort.own is not None:
            self.due[numbers] = cohort.own.dues(self.luck, cohort.lineage, self.due[numbers])
            self.value[numbers] = cohort.own.values(self.luck, cohort.lineage, self.value[numbers])

    def _after(self, tracks: _Tracks) -> tuple[Numbers, Ints]:
        """By successor, where its entries begin, one for each plan of what it follows; and how long after it comes."""
        count, before = len(self.type), self.plans.before
        each = np.where(self.follows < 0, 0, np.diff(before)[self.follows])
        begin = np.cumsum(each) - each
        after = np.empty(int(each.sum()), np.int64)
        if not len(after):
            return np.broadcast_to(NUMBER(0), count), after
        for _, member, rows in self.members:
            if member.follows is not None:
                lengths = each[rows]
                places = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
                after[np.repeat(begin[rows], lengths) + places] = member.after[places, np.repeat(np.arange(len(rows)), lengths)]
        beginning = np.where(self.follows < 0, 0, tracks.beginning[self.follows])
        return (begin - beginning).astype(NUMBER), after


class _Tracks:
    """Which tracks there are, and whose is which: the first is of those who have one plan, whatever is in force."""

    def __init__(self, routings: int, count: int) -> None:
        self.number = np.zeros(count, NUMBER)
        self.beginning = np.zeros(count, np.int64)
        """the way of the first plan of each, where it has several"""
        self._ways: dict[bytes, Numbers] = {}
        self._members: list[tuple[bytes, Ints]] = []
        self._routings = routings

    def write(self, member: Member, rows: Ints) -> None:
        """Note the track of a member's items."""
        several = np.flatnonzero(member.least < member.most)
        if not len(several):
            return
        self.beginning[rows[several]] = member.least[several]
        for who, ways in _alike(member, several):
            self._ways[ways.tobytes()] = ways
            self._members.append((ways.tobytes(), rows[who]))

    def table(self) -> Numbers:
        """The ways of all tracks, and everybody's number among them; (tracks, routings).

        In an order that does not depend on who was written first: drawn alone or with others, a replication has the same.
        """
        names = sorted(self._ways, key=lambda name: self._ways[name].tolist())
        for name, rows in self._members:
            self.number[rows] = 1 + names.index(name)
        return np.stack([np.zeros(self._routings, NUMBER), *(self._ways[name] for name in names)])


def _alike(member: Member, several: Ints) -> Iterator[tuple[Ints, Numbers]]:
    """Those of some of a member's items that have the same ways, and these by routing: of ways not drawn, the nearest that is."""
    worlds = member.world[several]
    for world in np.unique(worlds).tolist():
        ways, mine = member.tracks.ways[world].astype(NUMBER), several[worlds == world]
        if member.known_as is None:  # all are drawn that may still come
            yield mine, ways
            continue
        pairs, pair = np.unique(np.stack([member.least[mine], member.most[mine]]), axis=1, return_inverse=True)
        for number, (least, most) in enumerate(pairs.T.tolist()):
            yield mine[pair.ravel() == number], np.clip(ways, least, most)
