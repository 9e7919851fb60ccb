"""A run: the state of everything, the facts that are recorded, and the tick loop. Decisions and changes have rooms of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from typing import Any

from simpy import Environment, Event, Interrupt
from simpy.events import EventPriority

from vssim.clock import MILLION, NOT_YET, TICKS
from vssim.engines.reference.board import Board
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.lines import Key, Line
from vssim.engines.reference.organisation import Organisation
from vssim.engines.reference.pool import Pool, ceil_div
from vssim.engines.reference.record import Record
from vssim.log import Kind
from vssim.workload.program import EARLIEST_DUE, LIFO, NO_RANK, Program

WORK_DONE, GOES_ON, PACE, CHANGE, TIME_IS_OVER = range(5)
"""Order of the facts of one tick: SimPy's priorities (SimPy's own NORMAL, with which processes go on, is GOES_ON)."""

TICKETS = -2
"""Whose line a ticket stands in: anybody's who has the skill."""


class Fact(Event):
    """Something that is certain to happen at its time."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None


class Run:
    """One run of a program. Facts record and commute; `decisions` acts on what they leave."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.env = Environment()
        self.record = Record(program)
        team_of = program.pool_team.tolist()
        self.organisations = [Organisation(phase, team_of) for phase in program.phases]
        self.phase = 0
        self.board = Board(self.organisation, len(program.steps), len(program.types), len(program.teams))
        self.pools = [Pool(number, team) for number, team in enumerate(team_of)]
        self.alarms: list[Event | None] = [None] * len(self.pools)
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
        self.first, self.end = items.first.tolist(), items.end.tolist()
        self.priority, self.expedited, self.rank = (column.tolist() for column in (items.priority, items.expedite, items.rank))
        self.items = [Item(number, kind, self.env) for number, kind in enumerate(items.type.tolist())]
        self.again: list[tuple[int, Fact]] = []
        """facts that are due again at this tick, once decisions are taken"""
        self.coming = 0
        """arrivals that are still to come by the horizon"""
        self.timed = 0
        """items in transit or waiting for time to pass"""
        self.parent: list[int] = items.parent.tolist()
        self.parts_missing: list[int] = items.parts.tolist()
        self.backlog: defaultdict[tuple[int, int], Line] = defaultdict(Line)
        """by (first step, type); an empty route has step NOWHERE"""
        self.at_gate: list[list[Item]] = [[] for _ in program.gates]
        self.opening: dict[int, int] = {}
        """by gate: the opening at which the run will look again"""
        self.let_through: dict[int, tuple[int, int]] = {}
        """by gate: its latest opening, and how many it has let through"""
        self.gathering: list[list[Item]] = [[] for _ in program.steps]
        self.put_down: list[Item] = []
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

    # --- the organisation in force, and what it says of a visit ---

    @property
    def now(self) -> int:
        """The present tick."""
        return int(self.env.now)

    @property
    def organisation(self) -> Organisation:
        """The organisation in force."""
        return self.organisations[self.phase]

    def is_expedited(self, item: Item) -> bool:
        """True when the item passes limits and batches."""
        return bool(self.expedited[self.phase][item.number])

    def somebody_needed(self, row: int) -> bool:
        """True when people have to do the visit; one that nobody here can do, or at a step that is gone, is passed."""
        skill = self.skill[row]
        return skill >= 0 and self.organisation.step_there[self.step[row]] == 1 and self.organisation.somebody_has(skill)

    def time_to_pass(self, row: int) -> int:
        """Ticks that a visit takes for which nobody is needed."""
        return 0 if self.skill[row] >= 0 or not self.organisation.step_there[self.step[row]] else self.work[row]

    def own_skill(self, row: int) -> int:
        """The skill of the stay's first own work, NOBODY when it has none (or nobody can do it any more)."""
        skill = self.stay_skill[row]
        there = self.organisation.step_there[self.step[row]]
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
        rank = self.rank[self.phase][item.number]
        discipline = self.organisation.discipline
        if discipline == EARLIEST_DUE and rank != NO_RANK:
            rank += item.arrived
        time = -item.key_time if discipline == LIFO else item.key_time
        return (-self.expedited[self.phase][item.number], self.priority[self.phase][item.number], *between, rank, time, item.number)

    # --- time ---

    def at(self, delay: int, priority: int = TIME_IS_OVER) -> Fact:
        """A fact `delay` ticks from now; with 0 it is due again at this tick, after the decisions."""
        fact = Fact(self.env)
        if delay:
            self.env.schedule(fact, EventPriority(priority), delay)
        else:
            self.again.append((priority, fact))
        return fact

    def call_at(self, delay: int, priority: int, action: Callable[[], None]) -> Fact:
        """A fact that does something."""
        fact = self.at(delay, priority)
        fact.callbacks.append(lambda _: action())
        return fact

    def timer(self, delay: int) -> Generator[Event, Any, None]:
        """Let `delay` ticks pass, unless they are cut short."""
        self.timed += 1
        try:
            yield self.at(delay)
        except Interrupt:
            pass
        finally:
            self.timed -= 1

    # --- the journey of one item ---

    def comes(self, number: int, delay: int) -> None:
        """An item is due `delay` ticks from now, unless that is after the horizon."""
        if self.now + delay <= self.program.horizon:
            self.coming += 1
            item = self.items[number]
            item.process = self.env.process(self.journey(item, delay))

    def journey(self, item: Item, delay: int) -> Generator[Event, Any, None]:
        """The journey of one item from its arrival to the customer."""
        yield self.at(delay)
        self.join_backlog(item)
        yield item.turn  # decided: into its first step (or, with an empty route, delivered)
        while item.row != NOWHERE:
            if self.transit(item):
                yield from self.timer(self.transit(item))
            self.record.ready[item.row] = self.now
            if self.somebody_needed(item.row):
                self.wait_for_people(item)
                yield item.turn  # decided: started by a pool, which lets it go on when the work is done
            else:
                self.start_by_itself(item)
                yield from self.pass_time(item)
            self.record.finished[item.row] = self.now
            item.remaining = None
            if self.organisation.gate_exists(self.gate[item.row]):
                self.wait_at_gate(item)
                yield item.turn  # decided: let through
            if self.ends_stay(item):
                self.batch_or_release(item)
                yield item.turn  # decided: moved into its next step, delivered, or stopped
            elif item.parked and not self.parks[item.row + 1]:
                self.come_back(item)
                yield item.turn  # decided: back in its column
            else:
                self.release_within_stay(item)
                self.enter(item, item.row + 1)

    def join_backlog(self, item: Item) -> None:
        """The item arrives; a whole has arrived with its first part."""
        self.coming -= 1
        self.note_arrival(item)
        self.record.item_joined[item.number] = item.key_time = self.now
        self.line_up_in_backlog(item)

    def note_arrival(self, item: Item) -> None:
        """The item has arrived now, and with it every whole that it is a part of, unless that arrived with another part."""
        number = item.number
        while number >= 0 and self.items[number].arrived == NOWHERE:
            self.items[number].arrived = self.record.item_arrived[number] = self.now
            number = self.parent[number]

    def line_up_in_backlog(self, item: Item) -> None:
        """Let the item wait to leave the backlog, in the organisation in force."""
        first, end = self.first[self.phase][item.number], self.end[self.phase][item.number]
        if first == end:
            self.done.append(item)
        elif self.is_expedited(item):
            self.at_once.append(item)
        else:
            self.backlog[self.step[first], item.type].add(self.key(item), item)

    def transit(self, item: Item) -> int:
        """Ticks until the visit that the item has just entered can be worked on."""
        handoff = self.handoff_delay[item.row] if item.handed_over and self.opens[item.row] else 0
        return int(handoff + self.delay[item.row])

    def enter(self, item: Item, row: int) -> None:
        """The item is on its next visit; one that parks gives up the step's token and (by being parked) the team's."""
        item.row = row
        self.record.entered[row] = self.now
        self.record.handoff[row] = int(item.handed_over)
        if self.parks[row]:
            item.parked = True
            self.board.leave_column(item)

    def release_within_stay(self, item: Item) -> None:
        """The item's present visit is over, and another follows in the same stay."""
        self.record.released[item.row] = self.record.left[item.row] = self.now

    def wait_for_people(self, item: Item) -> None:
        """The visit waits to be started."""
        item.key_time = self.now
        self.to_start[self.whose_line(item)].add(self.key(item), item)

    def whose_line(self, item: Item) -> tuple[int, int]:
        """The line in which the item's present visit waits for people."""
        return self.skill[item.row], TICKETS if self.kind[item.row] == Kind.TICKET else item.owner

    def start_by_itself(self, item: Item) -> None:
        """Nobody is needed: the visit starts, if it has not been started before."""
        if self.record.started[item.row] == NOT_YET:
            self.record.started[item.row] = self.now
            self.record.owner[item.row] = item.owner

    def pass_time(self, item: Item) -> Generator[Event, Any, None]:
        """Time passes that nobody here can shorten."""
        item.timed = True
        yield from self.timer(self.time_to_pass(item.row))
        item.timed = False

    def wait_at_gate(self, item: Item) -> None:
        """The item is done and waits for its gate to open."""
        gate = self.gate[item.row]
        item.key_time = self.now
        item.at_gate = True
        self.at_gate[gate].append(item)
        self.expect_opening(gate)

    def expect_opening(self, gate: int) -> None:
        """Wake the run when the gate opens next; if it is open now, decisions see it anyway."""
        wait = self.organisation.until_open(gate, self.now)
        if wait:
            self.look_again(gate, wait)

    def look_again(self, gate: int, wait: int) -> None:
        """Wake the run `wait` ticks from now, when the gate opens; once an opening is enough."""
        if self.opening.get(gate) != self.now + wait:
            self.opening[gate] = self.now + wait
            self.at(wait)

    def batch_or_release(self, item: Item) -> None:
        """The item is done with its stay and its gate: it gathers for a handoff batch, or is released."""
        following = item.row + 1
        if self.gathers(item, following):
            item.gathering = True
            item.key_time = self.now
            self.gathering[self.step[following]].append(item)
        else:
            item.opens_batch = self.is_expedited(item) or not item.passed_gate or item.opens_batch
            self.release(item)

    def gathers(self, item: Item, following: int) -> bool:
        """True when the item has to wait for a handoff batch into the stay that `following` opens."""
        if following == item.end or self.back[following] or item.owner == NOBODY or self.is_expedited(item):
            return False
        return self.organisation.batch[self.step[following]] > 1 and not self.keeps(item, following)

    def release(self, item: Item) -> None:
        """The item may leave its step as soon as there is room."""
        item.gathering = False
        self.record.released[item.row] = item.key_time = self.now
        self.line_up_to_move(item)

    def line_up_to_move(self, item: Item) -> None:
        """Let a released item wait to be moved on, in the organisation in force."""
        following = item.row + 1
        if following == item.end:
            self.done.append(item)
        elif self.is_expedited(item) or (self.back[following] and not item.parked):
            self.at_once.append(item)
        else:
            self.to_enter[self.step[following]].add(self.key(item), item)

    def come_back(self, item: Item) -> None:
        """A parked item's ticket is answered; it has to take its place again."""
        self.release_within_stay(item)
        item.key_time = self.now
        self.line_up_to_move(item)

    # --- work ---

    def start(self, pool: Pool, item: Item) -> None:
        """A pool starts (or takes up again) the item's present visit."""
        row = item.row
        proficiency = self.organisation.proficiency(pool.number, self.skill[row])
        effective = ceil_div(self.work_left(item) * MILLION, proficiency)
        if self.kind[row] != Kind.TICKET and item.owner == NOBODY:
            self.board.own(item, pool.team)
        if self.record.started[row] == NOT_YET:
            self.record.started[row] = self.now
            self.record.owner[row] = item.owner
        else:
            self.record.put_down[row] += self.now - item.put_down_since
        self.record.pool[row] = pool.number
        self.record.touch[row] += effective
        pool.up_to(self.now)
        pool.take(item, effective, proficiency)

    def work_left(self, item: Item) -> int:
        """Work of the item's present visit at proficiency 1, with relearning and setup, less what is done [ticks]."""
        row = item.row
        if item.remaining is not None:
            return item.remaining
        work: int = self.work[row]
        if self.kind[row] == Kind.TICKET or not item.handed_over:
            return work
        relearning = ceil_div(work * self.organisation.relearning[self.step[row]], MILLION)
        return work + relearning + (self.setup[row] if item.carries_setup else 0)

    def set_alarm(self, pool: Pool) -> None:
        """Wake the pool when the next of its open items is done."""
        ticks = pool.ticks_to_next()
        number = pool.number
        if ticks is None:
            self.alarms[number] = None
            return
        fact = self.call_at(ticks, WORK_DONE, lambda: self.work_done(pool, fact))
        self.alarms[number] = fact

    def work_done(self, pool: Pool, alarm: Event) -> None:
        """Some of the pool's open items are done, if the alarm still holds."""
        if self.alarms[pool.number] is alarm:
            pool.up_to(self.now)
            for item in pool.done():
                item.goes_on()
            self.set_alarm(pool)

    def set_pace(self) -> None:
        """The pace of this unit of time holds from now on; expect the next change of it."""
        pace = self.organisation.pace
        columns = len(pace[0]) if pace else 1
        unit = min(self.now // TICKS, columns - 1)
        for pool in self.pools:
            if pool.pace != pace[pool.team][unit]:
                pool.up_to(self.now)
                pool.pace = pace[pool.team][unit]
                self.set_alarm(pool)
        following = next((u for u in range(unit + 1, columns) if any(row[u] != row[unit] for row in pace)), None)
        if following is not None:
            phase = self.phase
            self.call_at(following * TICKS - self.now, PACE, lambda: self.set_pace() if phase == self.phase else None)
