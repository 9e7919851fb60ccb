"""Decisions: what is done about the facts of a tick, in a total order. Rounds of 0–3 until nothing changes, then starts."""

from __future__ import annotations

from collections.abc import Iterable

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.lines import Key, Line
from vssim.engines.reference.pool import Pool
from vssim.engines.reference.run import TICKETS, Run
from vssim.log import Kind
from vssim.workload.program import PULL_FIFO, PULL_FINISH_FIRST, PULL_OLDEST_FIRST, PULL_START_FIRST


class Decisions:
    """Takes the decisions of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.board = run.board
        items = run.program.items
        self.stops = items.stops.tolist()
        self.after = items.after.tolist()
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
        places = self.run.organisation.gate_most[gate] - passed
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
            self.run.look_again(gate, self.run.organisation.gate_every[gate])
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
            run.record.item_phase[number] = run.phase
            run.record.item_pulled[number] = run.now
        else:
            run.record.left[item.row] = run.now
            self.board.leave_stream(item)
            item.row = NOWHERE
        run.record.item_left[number] = run.now
        item.goes_on()
        phase = run.record.item_phase[number]
        if not self.stops[phase][number]:
            for successor in self.successors.get(number, ()):
                if self.after[phase][successor] >= 0:
                    run.comes(successor, self.after[phase][successor])
        whole = run.parent[number]
        if whole >= 0:
            run.parts_missing[whole] -= 1
            if not run.parts_missing[whole]:
                run.comes(whole, 0)

    # --- 2: batches ---

    def _batches(self) -> bool:
        released = False
        for step, gathered in enumerate(self.run.gathering):
            size = self.run.organisation.batch[step]
            while gathered and len(gathered) >= size:
                self._release_batch(gathered, size)
                released = True
        return released

    def _release_batch(self, gathered: list[Item], size: int) -> None:
        for place, item in enumerate(sorted(gathered, key=self.run.key)[:size]):
            gathered.remove(item)
            item.opens_batch = place == 0
            self.run.release(item)

    def release_partial_batch(self) -> bool:
        """When nothing else can happen any more, the partial batch of the last step that has one goes; True when it did."""
        run = self.run
        busy = run.coming or run.timed or any(pool.open for pool in run.pools) or any(run.at_gate)
        if busy or run.phase + 1 < len(run.organisations):
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
            if not item.parked or item.owner == NOBODY or self.board.team_has_room(item.owner, step):
                self.run.to_enter[step].remove(self.run.key(item), item)
                return item
        if not self.board.stream_has_room():
            return None
        kinds = [kind for kind in range(len(self.board.in_type)) if self.board.type_has_room(kind)]
        firsts = [next(iter(line)) for kind in kinds if (line := self.run.backlog.get((step, kind)))]
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
        run.record.item_phase[number] = run.phase
        run.record.item_pulled[number] = run.now
        item.end = run.end[run.phase][number]
        first = run.first[run.phase][number]
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
        for table in (organisation.does, organisation.helps):
            while (found := self._next_start(table)) is not None:
                pool, item = found
                self.run.to_start[self.run.whose_line(item)].remove(self.run.key(item), item)
                self.run.start(pool, item)
                self.run.started_now.add(pool.number)
        for number in sorted(self.run.started_now):
            self.run.set_alarm(self.run.pools[number])
        self.run.started_now.clear()

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
        found: list[Item] = []
        for skill, proficiency in enumerate(proficiencies):
            if proficiency:
                for whose in (pool.team, NOBODY, TICKETS):
                    line = self.run.to_start.get((skill, whose))
                    if line:
                        found.extend(self._firsts_in(line, pool, whose))
        return min(found, key=lambda item: self._start_key(item, pool.team), default=None)

    def _firsts_in(self, line: Line, pool: Pool, whose: int) -> Iterable[Item]:
        """The items of a line that may be the pool's first: the line's own first where the team's order is the line's."""
        pull = self.run.organisation.team_pull[pool.team]
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

    def _start_key(self, item: Item, team: int) -> Key:
        organisation = self.run.organisation
        ticket = organisation.team_tickets[team] if self.run.kind[item.row] == Kind.TICKET else 0
        pull = {
            PULL_FIFO: 0,
            PULL_FINISH_FIRST: -self.run.step[item.row],
            PULL_START_FIRST: self.run.step[item.row],
            PULL_OLDEST_FIRST: item.arrived,
        }[organisation.team_pull[team]]
        return self.run.key(item, ticket, pull)
