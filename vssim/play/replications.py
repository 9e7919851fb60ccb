"""Many runs: every variant and replication as one task, handed out in pieces, results in order.

What comes back never depends on who played them, how many they were, who finished first, or which engine was chosen.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from typing import Any, Generic, TypeVar, get_args
from uuid import uuid4

from vssim import engines
from vssim.errors import UnknownName
from vssim.log import Log
from vssim.model.changes import Plan
from vssim.play.executors import Staff, result_of
from vssim.play.swift import luck
from vssim.play.worlds import KEPT, Worlds, world_of
from vssim.workload import Blueprint, Coming, Program, Shelf

Progress = Callable[[int, int], None]
"""Called with the number of tasks done and of all tasks."""

Task = tuple[int, int]
"""Which variant, which replication; both from 0."""

R = TypeVar("R")


@dataclass(frozen=True)
class Study:
    """What all runs of an experiment share."""

    plans: tuple[Plan, ...]
    """one a variant; where something is not known, with the figures that stand for it"""
    horizon: float
    """when a run ends [units of time]"""
    seed: int
    unit: str
    engine: engines.Engine
    worlds: Worlds | None = None
    """where something is not known: what each replication plays in place of `plans`"""
    token: str = field(default_factory=lambda: uuid4().hex, compare=False)
    """by which a worker in another process knows it again, with all that it has worked out"""

    def __post_init__(self) -> None:
        if self.engine not in get_args(engines.Engine):
            raise UnknownName("engine", self.engine, get_args(engines.Engine))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_blueprints", "_shelf", "_ahead")}

    @cached_property
    def _blueprints(self) -> dict[tuple[int, int], Blueprint]:
        """By variant and world, as far as they were needed; of worlds the last ones."""
        return {}

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf()

    @cached_property
    def _ahead(self) -> dict[Task, int]:
        """What is known to come, in the order in which it will be played, and the place of each."""
        return {}

    @property
    def expects(self) -> bool:
        """Whether it is known what will be played."""
        return bool(self._ahead)

    def expect(self, tasks: Iterable[Task]) -> None:
        """Announce what will be played, so that it is drawn together."""
        # a new table each time: another thread of this worker may be going through the old one
        self.__dict__["_ahead"] = {task: place for place, task in enumerate(tasks)}

    def blueprint(self, variant: int, replication: int) -> Blueprint:
        """A variant as a replication plays it: the plan worked out, ready for any luck."""
        key = variant, -1 if self.worlds is None else world_of(replication)
        known = self._blueprints.get(key)
        if known is None:
            plan = self.plans[variant] if self.worlds is None else self.worlds.plan(variant, replication)
            known = self._blueprints[key] = Blueprint(plan, self.horizon, self.unit)
            if self.worlds is not None:
                for old in [other for other in list(self._blueprints) if other[0] == variant][:-KEPT]:
                    self._blueprints.pop(old, None)
        return known

    def program(self, variant: int, replication: int) -> Program:
        """One run, before it is played."""
        blueprint = self.blueprint(variant, replication)
        tasks = self._ahead
        coming = islice(tasks, tasks.get((variant, replication), len(tasks)) + 1, None)
        ahead = ((other, self.blueprint(of, other)) for of, other in coming)
        return blueprint.draw(self.seed, replication, self._shelf, luck(), ahead, partial(engines.trace, engine=self.engine))

    @property
    def drawn(self) -> tuple[int, float]:
        """How many replications were drawn at once so far, and how long that took [s]."""
        return self._shelf.drawn, self._shelf.seconds

    def log(self, variant: int, replication: int) -> Log:
        """One run."""
        return logged(self.program(variant, replication), self.engine)

    def settled(self, runs: int) -> Study:
        """The same study with an engine chosen, if that is open, for a job of so many runs; the first run tells their size."""
        if self.engine != "auto" or not runs:
            return self
        return replace(self, engine=engines.choose(len(self.program(0, 0).visits.item) * runs), token=uuid4().hex)


def drawn_together(coming: Sequence[Coming], seed: int) -> Iterator[Program]:
    """The programs of some replications, each of its own plan, one after the other."""
    shelf = Shelf()
    for place, (replication, world) in enumerate(coming):
        yield world.draw(seed, replication, shelf, luck(), islice(coming, place + 1, None))


def logged(program: Program, engine: engines.Engine) -> Log:
    """The log of a program, which need not be played where it was for drawing it."""
    return engines.run(program, engine) if program.trace is None else engines.assemble(program, program.trace)


Work = Callable[[Study, int, int], R]
"""What is done for one task: a function of the study, the variant and the replication, which workers import by name."""


@dataclass(frozen=True)
class Played(Generic[R]):
    """What comes back of a piece of work."""

    results: list[R]
    seconds: float
    """time it took the worker's processor, whatever else that has to do, without what it drew for later work"""
    warm: bool
    """whether the engine was ready when it began, so that the time tells what runs cost"""


class _Known:
    """The study of which this process, a worker, had its latest piece."""

    study: Study | None = None


def play(work: Work[R], study: Study, tasks: Sequence[Task]) -> Played[R]:
    """Some tasks, one after the other."""
    warm, began = engines.is_ready(study.engine), time.thread_time()
    if not study.expects:  # another process than the one that knows them all
        study = _Known.study = study if _Known.study is None or _Known.study.token != study.token else _Known.study
        study.expect(tasks)
    drawn, drawing = study.drawn
    results = [work(study, *task) for task in tasks]
    seconds, (drawn_now, drawing_now) = time.thread_time() - began, study.drawn
    for_later = max(drawn_now - drawn - len(tasks), 0) / max(drawn_now - drawn, 1)
    return Played(results, max(seconds - (drawing_now - drawing) * for_later, 0.0), warm)


class Workers:
    """The workers that run a study: a staff that is given its tasks."""

    def __init__(self, study: Study, staff: Staff) -> None:
        self.study = study
        self.staff = staff

    def map(self, work: Work[R], tasks: Sequence[Task], progress: Progress | None = None) -> list[R]:
        """What `work` returns for every task, in the order of the tasks."""
        study = self.study.settled(len(tasks))
        study.expect(tasks)
        if tasks:
            self.staff.share(study.blueprint(*tasks[0]).memory)
        results: dict[int, R] = {}
        missing = deque(range(len(tasks)))
        pending: dict[Future[Played[R]], list[int]] = {}
        try:
            while missing or pending:
                while missing and (self.staff.is_given or len(pending) < self.staff.ahead):
                    numbers = [missing.popleft() for _ in range(self._size(len(missing)))]
                    pending[self.staff.submit(play, work, study, [tasks[number] for number in numbers])] = numbers
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    played, numbers = result_of(future), pending.pop(future)
                    results |= zip(numbers, played.results, strict=True)
                    if played.warm:
                        self.staff.learn(played.seconds, len(numbers), len(missing), study.engine)
                    if progress:
                        progress(len(results), len(tasks))
        finally:
            for future in pending:
                future.cancel()
        return [results[number] for number in range(len(tasks))]

    def _size(self, left: int) -> int:
        """How many tasks to hand out together: one where each is shown as it finishes, or on executors of unknown kind."""
        return 1 if self.staff.is_here or self.staff.is_given else self.staff.size(left)
