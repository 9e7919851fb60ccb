"""Decisions: what is done about the facts of a tick, in a total order. Rounds of 0–3 until nothing changes, then starts."""

from __future__ import annotations

from collections.abc import Iterable

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.lines import Line
from vssim.engines.reference.pool import Pool
from vssim.engines.reference.run import Run
from vssim.engines.reference.state import TICKETS
from vssim.log import Ended
from vssim.workload.program import KEPT_BY_PULL, NEVER, PULL_FIFO, PULL_OLDEST_FIRST


class Decisions:
    """Takes the decisions of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.board = run.board
        items = run.program.items
        self.stops = items.stops.tolist()
        self.after, self.first_after = items.after.tolist(), items.first_after.tolist()
        self.parts = items.parts.tolist()
        self.successors: dict[int, list[int]] = {}
        for number, cause in enumerate(items.follows.tolist()):
            if cause >= 0 and not self.parts[number]:
                self.successors.setdefault(cause, []).append(number)

    def take(self) -> None:
        """Take all decisions of this tick; facts that become due again wait in `run.again`."""
        while self._round():
            self._settle()
        self._starts()

    def _round(self) -> bool:
        return any([self._gates(), self._deliver(), self._batches(), self._moves()])

    def _settle(self) -> None:
        """Let the processes of the items that were decided on go on to where they wait next."""
        # SimPy goes on with a process only in its next step. Left until the next facts, what it does now (waiting at the next
        # step, coming back) would come after starts that it should have been there for.
        while self.run.env.peek() == self.run.now:
            self.run.env.step()

    # --- 0: gates ---

    def _gates(self) -> bool:
        passed = False
        for gate, waiting in enumerate(self.run.at_gate):
            if waiting and self.run.organisation.until_open(gate, self.run.now) == 0:
                passed |= self._open(gate, waiting)
        if passed:
            self._settle()  # what is let through is released before anything else is decided
        return passed

    def _open(self, gate: int, waiting: list[Item]) -> bool:
        """Let through what may pass in this opening; the others wait for the next one."""
        opening, passed = self.run.let_through.get(gate, (NOT_YET, 0))
        passed = passed if opening == self.run.now else 0
        places = self.run.organisation.gates.most[gate] - passed
        going = sorted(waiting, key=self.run.key)[: max(0, places)]
        for item in going:
            waiting.remove(item)
            item.at_gate = False
            item.passed_gate = self.run.ends_stay(item)
            item.opens_batch = item.passed_gate and passed == 0
            passed += 1
            item.goes_on()
        self.run.let_through[gate] = (self.run.now, passed)
        if waiting:
            self.run.look_again(gate, self.run.organisation.until_next(gate, self.run.now))
        return bool(going)

    # --- 1: deliver ---

    def _deliver(self) -> bool:
        leaving, self.run.done[:] = sorted(self.run.done, key=lambda item: item.number), []
        for item in leaving:
            self._leave(item)
        return bool(leaving)

    def _leave(self, item: Item) -> None:
        """The item is delivered, or stopped; its successors and its whole become due."""
        run, number = self.run, item.number
        if item.row == NOWHERE:
            run.record.item_routing[number] = run.routing
            run.record.item_pulled[number] = run.now
        else:
            run.record.left[item.row] = run.now
            self.board.leave_stream(item)
            item.row = NOWHERE
        run.to_come.forget(item)
        run.record.item_left[number] = run.now
        item.goes_on()
        stops, way = self.stops[run.plan_of(number)], run.way(run.record.item_routing[number], number)
        if not stops:
            for successor in self.successors.get(number, ()):
                after = self.after[self.first_after[successor] + way]
                if after >= 0:
                    run.comes(successor, after)
        run.has_left(number, Ended.STOPPED if stops else Ended.DELIVERED)

    # --- 2: batches ---

    def _batches(self) -> bool:
        released = False
        for step in reversed(range(len(self.run.gathering))):
            gathered, size = self.run.gathering[step], self.run.organisation.steps.batch[step]
            while gathered and len(gathered) >= size:
                self._release_batch(gathered, size)
                released = True
            if gathered and (self._time_is_up(step, gathered) or not self._may_still_come(step)):
                self._release_batch(gathered, len(gathered))
                released = True
        return released

    def _time_is_up(self, step: int, gathered: list[Item]) -> bool:
        """True when the first has gathered for as long as a batch waits at most."""
        return min(item.key_time for item in gathered) + self.run.organisation.steps.batch_wait[step] <= self.run.now

    def _may_still_come(self, step: int) -> bool:
        """True when somebody may still come to gather for the step, from within or with an arrival."""
        to_come = self.run.to_come
        return to_come.items[step] > 0 or to_come.until(self.run.routing, step, self.run.organisation) > self.run.now

    def _release_batch(self, gathered: list[Item], size: int) -> None:
        for place, item in enumerate(sorted(gathered, key=self.run.key)[:size]):
            gathered.remove(item)
            item.opens_batch = place == 0
            self.run.release(item)

    def release_last_resort(self) -> bool:
        """When nothing is due any more at all, the batch of the last step that has one goes; True when it did."""
        run = self.run
        busy = run.coming or run.timed or any(pool.open for pool in run.pools) or any(run.at_gate)
        arriving = max(run.to_come.last_arrival[run.routing], default=NOT_YET) > run.now
        waiting = any(gathered and run.organisation.steps.batch_wait[step] < NEVER for step, gathered in enumerate(run.gathering))
        if busy or arriving or waiting:
            return False
        for gathered in reversed(run.gathering):
            if gathered:
                self._release_batch(gathered, len(gathered))
                return True
        return False

    # --- 3: moves ---

    def _moves(self) -> bool:
        moved = False
        leaving, self.run.at_once[:] = sorted(self.run.at_once, key=lambda item: item.number), []
        for item in leaving:
            self._move(item)
            moved = True
        for step in reversed(range(len(self.run.to_enter))):
            while self.board.step_has_room(step) and (entering := self._first_to_enter(step)):
                self._move(entering)
                moved = True
        return moved

    def _first_to_enter(self, step: int) -> Item | None:
        """Who enters the step next, taken out of its line: items under way before new ones."""
        for item in self.run.to_enter[step]:
            team_has_room = not item.parked or item.owner == NOBODY or self.board.team_has_room(item.owner, step)
            if team_has_room and self.board.spans_have_room(item, step):
                self.run.to_enter[step].remove(self.run.key(item), item)
                return item
        if not self.board.stream_has_room():
            return None
        kinds = [kind for kind in range(len(self.board.in_type)) if self.board.type_has_room(kind)]
        firsts = [next(iter(line)) for kind in kinds if (line := self.run.backlog.get((step, kind)))]
        firsts = [item for item in firsts if self.board.spans_have_room(item, step)]  # the same for all of a line
        if not firsts:
            return None
        item = min(firsts, key=self.run.key)
        self.run.backlog[step, item.type].remove(self.run.key(item), item)
        return item

    def _move(self, item: Item) -> None:
        """The item leaves the backlog, comes back from being parked, or moves on to its next stay."""
        if item.row == NOWHERE:
            self._pull(item)
        elif item.parked and not self.run.ends_stay(item):
            self._come_back(item)
        else:
            self._move_on(item)
        item.goes_on()

    def _pull(self, item: Item) -> None:
        run, number = self.run, item.number
        run.record.item_routing[number] = run.routing
        run.record.item_pulled[number] = run.now
        run.has_begun(item, 1 << KEPT_BY_PULL)
        item.end = run.end[run.plan_of(number)]
        first = run.first[run.plan_of(number)]
        self.board.enter_stream(item)
        self.board.enter_column(item, run.step[first])
        run.enter(item, first)

    def _come_back(self, item: Item) -> None:
        item.parked = False
        self.board.enter_column(item, self.run.step[item.row])
        self.run.enter(item, item.row + 1)

    def _move_on(self, item: Item) -> None:
        run, following = self.run, item.row + 1
        run.record.left[item.row] = run.now
        self.board.leave_column(item)
        item.handed_over = item.owner != NOBODY and not run.keeps(item, following)
        if item.handed_over:
            self.board.disown(item)
        item.carries_setup = item.handed_over and item.opens_batch and not run.back[following]
        item.passed_gate = item.opens_batch = False
        self.board.enter_column(item, run.step[following])
        run.enter(item, following)

    # --- 4: starts ---

    def _starts(self) -> None:
        organisation = self.run.organisation
        again = True
        while again:
            for table in (organisation.pools.does, organisation.pools.helps):
                while (start := self._next_start(table)) is not None:
                    self._start(*start)
            again = self.run.urgent and self._interrupt()
        for number in sorted(self.run.started_now):
            self.run.set_alarm(self.run.pools[number])
        self.run.started_now.clear()

    def _start(self, pool: Pool, item: Item) -> None:
        self.run.to_start[self.run.whose_line(item)].remove(self.run.key(item), item)
        self.run.start(pool, item)
        self.run.started_now.add(pool.number)

    def _interrupt(self) -> bool:
        """The first interrupting visit that waits, and that some pool can take, is started for the last that it has open."""
        run = self.run
        waiting = [item for line in run.to_start.values() for item in line if run.interrupts(item)]
        for item in sorted(waiting, key=run.key):
            pool = self._who_is_interrupted(item)
            if pool is not None:
                calm = [held for held in pool.open if not run.interrupts(held)]
                last = max(calm, key=lambda held: run.start_key(held, pool.team))
                pool.up_to(run.now)
                run.put_down(pool, last)
                left, last.remaining = last.remaining or 0, None
                last.remaining = min(left + run.organisation.teams.resuming[pool.team], run.work_left(last))
                run.to_start[run.whose_line(last)].add(run.key(last), last)
                self._start(pool, item)
                return True
        return False

    def _who_is_interrupted(self, item: Item) -> Pool | None:
        """The least busy pool that can put something down for the item: of those that do its visit, else of those that help."""
        run = self.run
        skill, whose = run.whose_line(item)
        best: Pool | None = None
        for table in (run.organisation.pools.does, run.organisation.pools.helps):
            for pool in run.pools:
                free = whose == TICKETS or (whose == NOBODY and self._may_own(pool.team, item))
                able = table[pool.number][skill] and (whose == pool.team or (free and self._may_take_up(pool, skill)))
                calm = any(not run.interrupts(held) for held in pool.open)
                if able and calm and not pool.has_place and (best is None or pool.less_busy(best)):
                    best = pool
            if best is not None:
                return best
        return None

    def _next_start(self, table: list[list[int]]) -> tuple[Pool, Item] | None:
        """The least busy pool that has a free place and something to take, and what it takes."""
        best: tuple[Pool, Item] | None = None
        for pool in self.run.pools:
            if pool.has_place and (best is None or pool.less_busy(best[0])):
                item = self._first_for(pool, table[pool.number])
                if item is not None:
                    best = (pool, item)
        return best

    def _first_for(self, pool: Pool, proficiencies: list[int]) -> Item | None:
        """The first by key among the visits that the pool may take."""
        candidates: list[Item] = []
        for skill, proficiency in enumerate(proficiencies):
            if proficiency:
                for whose in (pool.team, NOBODY, TICKETS) if self._may_take_up(pool, skill) else (pool.team,):
                    line = self.run.to_start.get((skill, whose))
                    if line:
                        candidates.extend(self._firsts_in(line, pool, whose))
        return min(candidates, key=lambda item: self.run.start_key(item, pool.team), default=None)

    def _may_take_up(self, pool: Pool, skill: int) -> bool:
        """True but for people who only stand in at the skill, while somebody is here who does it."""
        # Asked of tickets and of what nobody owns: an owned item waits for its owner, and would wait for the next absence.
        pools = self.run.organisation.pools
        return not pools.stands_in[pool.number][skill] or not any(
            other.cap and pools.does[other.number][skill] for other in self.run.pools
        )

    def _firsts_in(self, line: Line, pool: Pool, whose: int) -> Iterable[Item]:
        """The items of a line that may be the pool's first: the line's own first where the team's order is the line's."""
        pull = self.run.organisation.teams.pull[pool.team]
        allowed = line if whose != NOBODY else (item for item in line if self._may_own(pool.team, item))
        if pull == PULL_FIFO or (whose != TICKETS and pull != PULL_OLDEST_FIRST):
            first = next(iter(allowed), None)
            return () if first is None else (first,)
        return allowed

    def _may_own(self, team: int, item: Item) -> bool:
        """True when the team may start an item that nobody owns."""
        row = item.row
        if self.run.is_expedited(item) or self.run.back[row]:
            return True
        return self.board.team_has_room(team, self.run.step[row])
