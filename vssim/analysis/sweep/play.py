"""Playing cells: runs that the store does not have yet are handed out in chunks, and kept as they come back.

Nothing that comes out depends on who played what, or on what was in the store before.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from vssim import engines
from vssim.analysis.sweep.store import Store
from vssim.play.executors import Staff, result_of
from vssim.play.identity import Cell, Chunk, Played, Task, play
from vssim.play.replications import Progress

LOOK_AGAIN = 0.1
"""Pause between two looks at what other processes have finished [seconds]."""

LOOK_UP = 2.0
"""Longest pause between two renewals of our leases [seconds]."""


class Player:
    """Plays cells with a staff, into a store."""

    def __init__(self, store: Store, staff: Staff, progress: Progress | None = None) -> None:
        self.store = store
        self.staff = staff
        self._progress = progress

    def play(self, cells: Iterable[Cell], replications: Mapping[str, int]) -> None:
        """Have every cell played so many times, as far as the store does not have it; `counts` by key."""
        by_key = {cell.key: cell for cell in cells}
        finished = self.store.finished(by_key)
        missing = deque((key, number) for key in by_key for number in range(replications[key]) if number not in finished[key])
        total = sum(replications[key] for key in by_key)
        if missing:
            engine = by_key[missing[0][0]].study.settled(len(missing)).engine
            Round(self, by_key, missing, total, engine).run()
        else:
            self.report(total, total)

    def report(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if self._progress:
            self._progress(done, total)


class Round:
    """The runs that are missing, played until there are none."""

    def __init__(self, player: Player, cells: Mapping[str, Cell], missing: deque[Task], total: int, engine: engines.Engine) -> None:
        self.player = player
        self.cells = cells
        self.missing = missing
        self.total = total
        self.engine = engine
        self.pending: dict[Future[Played], int] = {}
        """handed out, with the number of runs"""
        self.elsewhere: list[Task] = []
        """what other processes are playing"""

    def run(self) -> None:
        """Until all is in the store."""
        self._report()
        try:
            while self.missing or self.pending or self.elsewhere:
                self._hand_out()
                self._take_in()
        finally:
            for future in self.pending:
                future.cancel()

    def _report(self) -> None:
        left = len(self.missing) + sum(self.pending.values()) + len(self.elsewhere)
        self.player.report(self.total - left, self.total)

    def _hand_out(self) -> None:
        while self.missing and len(self.pending) < self.player.staff.ahead:
            size = self.player.staff.size(len(self.missing))
            some = [self.missing.popleft() for _ in range(min(size, len(self.missing)))]
            ours, others = self.player.store.claim(some)
            self.elsewhere += others
            if ours:
                self.pending[self.player.staff.submit(play, self._chunk(ours))] = len(ours)

    def _chunk(self, tasks: Sequence[Task]) -> Chunk:
        keys = list(dict.fromkeys(key for key, _ in tasks))
        numbers = {key: number for number, key in enumerate(keys)}
        numbered = tuple((numbers[key], replication) for key, replication in tasks)
        return Chunk(tuple(self.cells[key] for key in keys), numbered, self.engine)

    def _take_in(self) -> None:
        """Keep what has come back; look again at what others had in hand."""
        if not self.pending:
            if self.elsewhere:
                time.sleep(LOOK_AGAIN)
                self.missing.extend(self.elsewhere)
                self.elsewhere = []
                self._report()
            return
        done, _ = wait(self.pending, LOOK_UP, FIRST_COMPLETED)
        self.player.store.renew()
        for future in done:
            played = result_of(future, "what was finished is kept: ")
            self.player.store.add(played.samples)
            del self.pending[future]
            if played.warm:
                self.player.staff.learn(played.seconds, len(played.samples), len(self.missing), self.engine)
        if done:
            self._report()
