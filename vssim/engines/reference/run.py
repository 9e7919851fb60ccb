"""A run: the facts that are recorded, item by item and pool by pool. Decisions and changes have rooms of their own."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any

from simpy import Environment, Event, Interrupt
from simpy.events import EventPriority

from vssim.clock import MILLION, NOT_YET, TICKS
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.pool import Pool, ceil_div
from vssim.engines.reference.state import State
from vssim.log import Kind
from vssim.workload.program import KEPT_BY_START, NEVER

WORK_DONE, GOES_ON, PACE, CHANGE, TIME_IS_OVER = range(5)
"""Order of the facts of one tick: SimPy's priorities (SimPy's own NORMAL, with which processes go on, is GOES_ON)."""


class Fact(Event):
    """Something that is certain to happen at its time."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None


class Run(State):
    """One run of a program. Facts record and commute; `decisions` acts on what they leave."""

    # --- time ---

    def at(self, delay: int, priority: int = TIME_IS_OVER) -> Fact:
        """A fact `delay` ticks from now; with 0 it is due again at this tick, after the decisions."""
        # Scheduled now, it would be taken in the middle of the facts or decisions that are under way, and its place among them
        # would be SimPy's doing, not a rule's.
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

    def timer(self, item: Item, delay: int) -> Generator[Event, Any, None]:
        """Let `delay` ticks pass for an item, unless they are cut short."""
        self.timed += 1
        item.until = self.now + delay
        with suppress(Interrupt):
            yield self.at(delay)
        if item.gone:
            yield self.env.event()  # for ever
        self.timed -= 1

    # --- the journey of one item ---

    def comes(self, number: int, delay: int) -> None:
        """An item is due `delay` ticks from now, because another has left."""
        self.coming += 1
        self.items[number].brought = True
        self.items[number].until = self.now + delay
        self.arrives(number, delay)

    def comes_no_more(self, item: Item) -> None:
        """The item has left before it joined the backlog; if those that it waits for have just left, it is not due any more."""
        item.gone = True
        self.coming -= item.brought
        item.brought = False

    def arrives(self, number: int, delay: int) -> None:
        """An item arrives `delay` ticks from now, unless that is after the horizon."""
        if self.now + delay <= self.program.horizon:
            item = self.items[number]
            item.process = self.env.process(self.journey(item, delay))

    def journey(self, item: Item, delay: int) -> Generator[Event, Any, None]:
        """The journey of one item from its arrival to the customer."""
        yield self.at(delay)
        if item.gone:
            return
        if self.parts_missing[item.number] or item.leaves:
            self.note_arrival(item)  # it joins when those have left that it waits for, unless it leaves with one of them
            return
        self.join_backlog(item)
        yield item.turn  # decided: into its first step (or, with an empty route, delivered)
        yield from self.visits(item)

    def visits(self, item: Item) -> Generator[Event, Any, None]:
        """Visit after visit, from the one that the item has just entered until it has left."""
        while item.row != NOWHERE:
            if self.transit(item):
                yield from self.timer(item, self.transit(item))
            yield from self.is_ready(item)
            yield from self.is_finished(item)

    def is_ready(self, item: Item) -> Generator[Event, Any, None]:
        """The present visit can be worked on, until it is done."""
        self.record.ready[item.row] = self.now
        if self.somebody_needed(item.row):
            self.wait_for_people(item)
            yield item.turn  # decided: started by a pool, which lets it go on when the work is done
        else:
            self.start_by_itself(item)
            yield from self.pass_time(item, self.time_to_pass(item.row))

    def is_finished(self, item: Item) -> Generator[Event, Any, None]:
        """The present visit is done: through its gate, and on."""
        self.record.finished[item.row] = self.now
        item.remaining = None
        if self.organisation.gate_exists(self.gate[item.row]):
            self.wait_at_gate(item)
            yield item.turn  # decided: let through
        yield from self.goes_through(item)

    def goes_through(self, item: Item) -> Generator[Event, Any, None]:
        """The present visit is done, and its gate passed: the next one is entered."""
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
        self.coming -= item.brought
        self.note_arrival(item)
        self.record.item_joined[item.number] = item.key_time = self.now
        self.line_up_in_backlog(item)
        self.look_ahead(item)

    def note_arrival(self, item: Item) -> None:
        """The item has arrived now, and with it every whole that it is a part of, unless that arrived with another part."""
        number = item.number
        while number >= 0 and self.items[number].arrived == NOWHERE:
            self.items[number].arrived = self.record.item_arrived[number] = self.now
            self.be_patient(self.items[number])
            number = self.parent[number]

    def be_patient(self, item: Item) -> None:
        """Wake the run when the item's time is up, in the organisation in force."""
        patience = self.patience[self.in_force][item.number] if self.patient else -1
        if patience >= 0 and item.arrived + patience > self.now:
            self.at(item.arrived + patience - self.now)

    def has_begun(self, item: Item, stage: int) -> None:
        """The item has left the backlog (1), or was started (2); so has every whole that it is a part of."""
        number = item.number
        while number >= 0:
            self.items[number].begun |= stage
            number = self.parent[number]

    def parts_of(self, whole: int) -> list[int]:
        """The parts of a whole, in the order of their numbers."""
        return [number for number, parent in enumerate(self.parent) if parent == whole]

    def has_left(self, number: int, ended: int) -> list[int]:
        """The item has left as far as its whole is concerned, and those who wait for it; who misses nobody any more is due.

        The numbers of those who leave with it, if it was dropped.
        """
        leaving = [left for waiter in self.leavers.get(number, ()) for left in self.still_waiting(waiter)] if ended else []
        for other in leaving:
            self.items[other].leaves = max(self.items[other].leaves, ended)
        for other in (self.parent[number], *self.waiters.get(number, ())):
            if other >= 0 and self.record.item_left[other] == NOT_YET:
                self.parts_missing[other] -= 1
                if not self.parts_missing[other] and self.items[other].arrived != NOWHERE and not self.items[other].leaves:
                    self.comes(other, 0)
        return leaving

    def still_waiting(self, number: int) -> Iterator[int]:
        """The item, and every whole that it is a part of, as far as they wait for others."""
        while number >= 0:
            if self.record.item_joined[number] == self.record.item_left[number] == NOT_YET and not self.items[number].brought:
                yield number
            number = self.parent[number]

    def line_up_in_backlog(self, item: Item) -> None:
        """Let the item wait to leave the backlog, in the organisation in force."""
        plan = self.plan_of(item.number)
        first, end = self.first[plan], self.end[plan]
        if first == end:
            self.done.append(item)
        elif self.is_expedited(item):
            self.at_once.append(item)
        else:
            self.backlog[self.step[first], item.type].add(self.key(item), item)

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

    def start_by_itself(self, item: Item) -> None:
        """Nobody is needed: the visit starts, if it has not been started before."""
        if self.record.started[item.row] == NOT_YET:
            self.record.started[item.row] = self.now
            self.record.owner[item.row] = item.owner
            self.has_begun(item, 1 << KEPT_BY_START)

    def pass_time(self, item: Item, ticks: int) -> Generator[Event, Any, None]:
        """Time passes that nobody here can shorten."""
        item.timed = True
        yield from self.timer(item, ticks)
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
            self.gather(item)
        else:
            item.opens_batch = self.is_expedited(item) or not item.passed_gate or item.opens_batch
            self.release(item)

    def gather(self, item: Item) -> None:
        """The item waits for its batch; wake the run when it has waited for as long as it has to."""
        step = self.step[item.row + 1]
        self.gathering[step].append(item)
        self.look_ahead(item)
        longest = self.organisation.steps.batch_wait[step]
        if longest < NEVER and item.key_time + longest > self.now:
            self.at(item.key_time + longest - self.now)

    def look_ahead(self, item: Item) -> None:
        """Count the item anew among those that may still come to gather for the steps ahead of it."""
        plan = self.plan_of(item.number)
        if self.is_expedited(item):
            self.to_come.forget(item)
        elif item.row == NOWHERE:
            first, end = self.first[plan], self.end[plan]
            self.to_come.count(item, first, range(first, end), NOWHERE, self.organisation)
        else:
            first = self.first[plan]
            following = item.row + 1
            released = self.ends_stay(item) and self.record.released[item.row] != NOT_YET
            ahead = range(following + 1 if released or item.gathering else following, item.end)
            self.to_come.count(item, first, ahead, self.step[following] if item.gathering else NOWHERE, self.organisation)

    def release(self, item: Item) -> None:
        """The item may leave its step as soon as there is room."""
        item.gathering = False
        self.record.released[item.row] = item.key_time = self.now
        self.look_ahead(item)
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
            self.has_begun(item, 1 << KEPT_BY_START)
        else:
            self.record.resume(row, item.put_down_since, self.now)
        self.record.pool[row] = pool.number
        self.record.touch[row] += effective
        pool.up_to(self.now)
        pool.take(item, effective, proficiency)

    def put_down(self, pool: Pool, item: Item) -> None:
        """A pool, whose progress is brought up to now, puts the item down; what is left of its work can be started again."""
        ticks_left, item.remaining = pool.put_down(item)
        self.record.touch[item.row] -= ticks_left
        self.record.pause(item.row, self.now)
        item.put_down_since = self.now

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
        pace = self.organisation.teams.pace
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
