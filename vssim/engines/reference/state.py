"""The state of a run: where everything is, and what the organisation in force says of a visit. Nothing here changes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from simpy import Environment, Event

from vssim.clock import MILLION, NOT_YET
from vssim.engines.reference.board import Board
from vssim.engines.reference.item import NOBODY, Item
from vssim.engines.reference.lines import Key, Line
from vssim.engines.reference.organisation import Organisation
from vssim.engines.reference.pool import Pool, ceil_div
from vssim.engines.reference.record import Record
from vssim.engines.reference.to_come import ToCome
from vssim.log import Kind
from vssim.workload.program import (
    EARLIEST_DUE,
    LIFO,
    NO_RANK,
    PULL_FIFO,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
    Program,
)

TICKETS = -2
"""Whose line a ticket stands in: anybody's who has the skill."""


class State:
    """Everything that is the case at the present tick, and what the organisation in force says of it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.env = Environment(program.first_tick)
        self.record = Record(program)
        team_of = program.pool_team.tolist()
        self.organisations = [Organisation(phase, team_of) for phase in program.phases]
        self.phase = program.first_phase
        self.board = Board(self.organisation, len(program.steps), len(program.types), len(program.teams))
        self.pools = [Pool(number, team) for number, team in enumerate(team_of)]
        self.alarms: list[Event | None] = [None] * len(self.pools)
        self._look_up(program)
        visits, items = program.visits, program.items
        self.step, self.skill, self.kind, self.work = (
            column.tolist() for column in (visits.step, visits.skill, visits.kind, visits.work)
        )
        self.delay, self.handoff_delay, self.setup, self.gate = (
            column.tolist() for column in (visits.delay, visits.handoff_delay, visits.setup, visits.gate)
        )
        self.parks, self.opens, self.back, self.stay_skill = (
            column.tolist() for column in (visits.parks, visits.opens, visits.back, visits.stay_skill)
        )
        self.items = [Item(number, kind, self.env) for number, kind in enumerate(items.type.tolist())]
        self.again: list[tuple[int, Event]] = []
        """facts that are due again at this tick, once decisions are taken"""
        self.coming = 0
        """items that are due because another has left, after the horizon too"""
        self.timed = 0
        """items in transit or waiting for time to pass"""
        self.urgent, self.patient = program.urgent, program.patient
        """somebody interrupts; somebody may give up"""
        self.interrupting, self.patience, self.unless = (
            getattr(items, name).tolist() if used else []
            for name, used in (("interrupts", self.urgent), ("patience", self.patient), ("unless", self.patient))
        )
        for item, begun, leaves in zip(self.items, program.begun().tolist(), program.leaving().tolist(), strict=True):
            item.begun, item.leaves = begun, leaves
        self.parent, self.parts_missing = items.parent.tolist(), program.parts_missing().tolist()
        self.waiters, self.leavers = _waiters(program.waits), _waiters(pair for pair in program.waits if pair in program.leaves)
        """by item: who waits for it to leave; those of them who leave with it, if it is dropped"""
        self.backlog: defaultdict[tuple[int, int], Line] = defaultdict(Line)
        """by (first step, type); an empty route has step NOWHERE"""
        self.at_gate: list[list[Item]] = [[] for _ in program.gates]
        self.opening: dict[int, int] = {}
        """by gate: the opening at which the run will look again"""
        self.let_through: dict[int, tuple[int, int]] = {}
        """by gate: its latest opening, and how many it has let through"""
        self.gathering: list[list[Item]] = [[] for _ in program.steps]
        self.to_come = ToCome(program, self.own_skill)
        self.laid_aside: list[Item] = []
        """put down by a change that comes into force now"""
        self.started_now: set[int] = set()
        """pools that have started something in this tick's decisions"""
        self.done: list[Item] = []
        """released from their last visit"""
        self.at_once: list[Item] = []
        """returns and expedited items: they move, room or not"""
        self.to_enter: list[Line] = [Line() for _ in program.steps]
        """released to a step, or coming back to it"""
        self.to_start: defaultdict[tuple[int, int], Line] = defaultdict(Line)
        """visits that wait for people, by (skill, owner | NOBODY | TICKETS)"""

    def _look_up(self, program: Program) -> None:
        """What is known of items before the run, in lists."""
        items = program.items
        self.first, self.end, self.plan = items.first.tolist(), items.end.tolist(), items.plan.tolist()
        self.track, self.tracks = items.track.tolist(), items.tracks.tolist()
        self.precedence: list[int] = items.precedence.tolist()
        """by routing: the row of what sorts items while it is in force"""
        self.priority, self.expedited, self.rank = (column.tolist() for column in (items.priority, items.expedite, items.rank))

    # --- the organisation in force, and what it says of a visit ---

    @property
    def now(self) -> int:
        """The present tick."""
        return int(self.env.now)

    @property
    def organisation(self) -> Organisation:
        """The organisation in force."""
        return self.organisations[self.phase]

    @property
    def routing(self) -> int:
        """The routing in force: whose itineraries items follow that leave the backlog now."""
        return self.organisations[self.phase].routing

    @property
    def in_force(self) -> int:
        """The row of what sorts items in the organisation in force."""
        return self.precedence[self.routing]

    def way(self, routing: int, number: int) -> int:
        """Which of an item's ways a routing has it follow."""
        return int(self.tracks[self.track[number]][routing])

    def plan_of(self, number: int) -> int:
        """The plan that an item follows; one that has not left the backlog, that which it would follow now."""
        routing = self.record.item_routing[number]
        return int(self.plan[number] + self.way(self.routing if routing == NOT_YET else routing, number))

    def is_expedited(self, item: Item) -> bool:
        """True when the item passes limits and batches."""
        return bool(self.expedited[self.in_force][item.number])

    def interrupts(self, item: Item) -> bool:
        """True when somebody puts down for the item what is in hand."""
        return self.urgent and bool(self.interrupting[self.in_force][item.number])

    def somebody_needed(self, row: int) -> bool:
        """True when people have to do the visit; one that nobody here can do, or at a step that is gone, is passed."""
        skill = self.skill[row]
        return skill >= 0 and self.organisation.steps.there[self.step[row]] == 1 and self.organisation.somebody_has(skill)

    def time_to_pass(self, row: int) -> int:
        """Ticks that a visit takes for which nobody is needed."""
        return 0 if self.skill[row] >= 0 or not self.organisation.steps.there[self.step[row]] else self.work[row]

    def own_skill(self, row: int) -> int:
        """The skill of the stay's first own work, NOBODY when it has none (or nobody can do it any more)."""
        skill = self.stay_skill[row]
        there = self.organisation.steps.there[self.step[row]]
        return skill if skill >= 0 and there and self.organisation.somebody_has(skill) else NOBODY

    def ends_stay(self, item: Item) -> bool:
        """True when the item's present visit is the last of its stay."""
        return bool(item.row + 1 == item.end or self.opens[item.row + 1])

    def keeps(self, item: Item, row: int) -> bool:
        """True when the item's owner keeps it in the stay that `row` opens."""
        skill = self.own_skill(row)
        return skill == NOBODY or self.organisation.team_does(item.owner, skill)

    def key(self, item: Item, *between: int) -> Key:
        """The item's key at a decision; `between` stands between its priority and its discipline's rank."""
        rank = self.rank[self.in_force][item.number]
        discipline = self.organisation.discipline
        if discipline == EARLIEST_DUE and rank != NO_RANK:
            rank += item.arrived
        time = -item.key_time if discipline == LIFO else item.key_time
        return (
            -self.expedited[self.in_force][item.number],
            self.priority[self.in_force][item.number],
            *between,
            rank,
            time,
            item.number,
        )

    def start_key(self, item: Item, team: int) -> Key:
        """The item's key when people of a team start something."""
        row = item.row
        ticket = self.organisation.teams.tickets[team] if self.kind[row] == Kind.TICKET else 0
        pull = {
            PULL_FIFO: 0,
            PULL_FINISH_FIRST: -self.step[row],
            PULL_START_FIRST: self.step[row],
            PULL_OLDEST_FIRST: item.arrived,
        }[self.organisation.teams.pull[team]]
        return self.key(item, ticket, pull)

    def is_here(self, item: Item) -> bool:
        """True when the item has joined the backlog and not left."""
        return self.record.item_joined[item.number] != NOT_YET and self.record.item_left[item.number] == NOT_YET

    def gathers(self, item: Item, following: int) -> bool:
        """True when the item has to wait for a handoff batch into the stay that `following` opens."""
        if following == item.end or self.back[following] or item.owner == NOBODY or self.is_expedited(item):
            return False
        return self.organisation.steps.batch[self.step[following]] > 1 and not self.keeps(item, following)

    def transit(self, item: Item) -> int:
        """Ticks until the visit that the item has just entered can be worked on."""
        handoff = self.handoff_delay[item.row] if item.handed_over and self.opens[item.row] else 0
        return int(handoff + self.delay[item.row])

    def whose_line(self, item: Item) -> tuple[int, int]:
        """The line in which the item's present visit waits for people."""
        return self.skill[item.row], TICKETS if self.kind[item.row] == Kind.TICKET else item.owner

    def work_left(self, item: Item) -> int:
        """Work of the item's present visit at proficiency 1, with relearning and setup, less what is done [ticks]."""
        row = item.row
        if item.remaining is not None:
            return item.remaining
        work: int = self.work[row]
        if self.kind[row] == Kind.TICKET or not item.handed_over:
            return work
        relearning = ceil_div(work * self.organisation.steps.relearning[self.step[row]], MILLION)
        return work + relearning + (self.setup[row] if item.carries_setup else 0)


def _waiters(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """By item: who waits for it, of the pairs of who waits for whom."""
    waiters: dict[int, list[int]] = {}
    for waiter, other in pairs:
        waiters.setdefault(other, []).append(waiter)
    return waiters
