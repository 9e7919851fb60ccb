"""Many runs: every variant and replication as one task, on any `concurrent.futures` executor, results in order.

What comes back never depends on how many workers there were or who finished first. Small experiments run where they are;
larger ones on processes, which end with the one that started them, however that one ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import ModuleType, TracebackType
from typing import TypeVar, get_args

from vssim import engines, workload
from vssim.errors import RunError, UnknownName, UsageError
from vssim.log import Log
from vssim.model.changes import Plan

WORTH_WORKERS = 2.0
"""Work that takes less than this is done where it is: starting processes would cost more [seconds]."""

MOST_WORKERS = 61
"""As many processes as one executor can wait for on every system."""

Progress = Callable[[int, int], None]
"""Called with the number of tasks done and of all tasks."""

Task = tuple[int, int]
"""Which variant, which replication; both from 0."""

R = TypeVar("R")


@dataclass(frozen=True)
class Study:
    """What all runs of an experiment share. Workers get it once, when they start."""

    plans: tuple[Plan, ...]
    """one a variant"""
    horizon: float
    """when a run ends [units of time]"""
    seed: int
    unit: str
    engine: engines.Engine

    def __post_init__(self) -> None:
        if self.engine not in get_args(engines.Engine):
            raise UnknownName("engine", self.engine, get_args(engines.Engine))

    def log(self, variant: int, replication: int) -> Log:
        """One run."""
        program = workload.build(self.plans[variant], horizon=self.horizon, seed=self.seed, replication=replication, unit=self.unit)
        return engines.run(program, engine=self.engine)


Work = Callable[[Study, int, int], R]
"""What is done for one task: a function of the study, the variant and the replication. It must be importable by name."""


class Workers:
    """Those who run a study: here, on processes started when they are worth it, or on the caller's executor."""

    def __init__(self, study: Study, jobs: int | None = None, executor: Executor | None = None) -> None:
        if jobs is not None and jobs < 1:
            raise UsageError(f"jobs: got {jobs}, expected at least 1")
        self.study = study
        self.jobs = min(jobs or cores(), MOST_WORKERS)
        self._given = executor
        self._own: ProcessPoolExecutor | None = None
        self._processes: list[BaseProcess] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self._own is None:
            return
        if kind is not None:
            for process in self._processes:
                process.terminate()
        self._own.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Work[R], tasks: Sequence[Task], progress: Progress | None = None) -> list[R]:
        """What `work` returns for every task, in the order of the tasks."""
        results: list[R] = []
        began = time.monotonic()
        while len(results) < len(tasks) and not self._worth_it(time.monotonic() - began, len(results), len(tasks)):
            results.append(work(self.study, *tasks[len(results)]))
            if progress:
                progress(len(results), len(tasks))
        return results + self._elsewhere(work, tasks[len(results) :], len(results), progress)

    def _worth_it(self, spent: float, done: int, total: int) -> bool:
        if self._given is not None or self._own is not None:
            return True
        return self.jobs > 1 and done > 0 and spent / done * (total - done) > WORTH_WORKERS

    def _elsewhere(self, work: Work[R], tasks: Sequence[Task], done: int, progress: Progress | None) -> list[R]:
        if not tasks:
            return []
        futures = self._submit(work, tasks)
        try:
            for number, future in enumerate(as_completed(futures), start=1):
                future.result()
                if progress:
                    progress(done + number, done + len(tasks))
        except BrokenExecutor:
            raise RunError("a worker process ended before its work was done (out of memory?); try fewer jobs") from None
        return [future.result() for future in futures]

    def _submit(self, work: Work[R], tasks: Sequence[Task]) -> list[Future[R]]:
        if self._given is not None:
            return [self._given.submit(work, self.study, *task) for task in tasks]
        if self._own is None:
            self._own = ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"), _be_worker, (self.study,))
        with starting(self._processes):
            return [self._own.submit(partial(_at_worker, work), task) for task in tasks]


def cores() -> int:
    """Number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def starting(processes: list[BaseProcess]) -> Iterator[None]:
    """While worker processes start; those that did are added to `processes`.

    They need nothing of the caller's script, so they must not run it again: it steps aside meanwhile. Ctrl-C is for the one
    who started them, so they inherit that it is blocked.
    """
    before = set(multiprocessing.active_children())
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        processes += [child for child in multiprocessing.active_children() if child not in before]
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


_study: Study | None = None
"""In a worker process: the study it works on."""


def _be_worker(study: Study) -> None:
    """Start of a worker process that works on one study: keep it."""
    global _study  # noqa: PLW0603 - a worker's only state, set once before its first task
    _study = study
    serve_parent()


def serve_parent() -> None:
    """Start of a worker process: leave Ctrl-C to the parent, end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _at_worker(work: Work[R], task: Task) -> R:
    assert _study is not None
    return work(_study, *task)
