"""Executors: what plays many runs, all through one interface, `concurrent.futures.Executor`.

Runs are played in this process (while there is little to do), on threads, on processes, on a Dask cluster, or on the caller's own
executor. Results depend neither on which of these it is nor on how many workers there are. Worker processes end with the process
that started them, however that one ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import ModuleType, TracebackType
from typing import Any, Literal, TypeVar, get_args

from vssim.engines import Engine
from vssim.errors import RunError, UnknownName, UsageError
from vssim.model.size import free_memory
from vssim.workload.blueprint import ANYWAY, SMALL

Kind = Literal["auto", "threads", "processes"]
"""Kinds of workers on this machine; `auto`: the one that is finished first."""

WORTH_THREADS = 0.3
"""Work that takes less than this is done in the calling thread [seconds]."""

WORTH_PROCESSES = 2.5
"""Work that takes less than this is not worth starting processes for, since each loads everything anew [seconds]."""

BETTER_THAN_THREADS = 5.0
"""Work that takes more than this finishes sooner on processes, even where threads help [seconds]."""

LONG_RUN = 0.008
"""Shorter runs spend most of their time outside the kernel, where threads wait for each other [seconds]."""

MOST_WORKERS = 61
"""The most processes that one executor can wait for on every system."""

MOST_IN_A_PIECE = 500
"""The most runs in one piece of work: so many can be lost together."""

R = TypeVar("R")


def worth_hiring(runs: int, each: float, engine: Engine, asked: Kind) -> Kind | None:
    """Who is worth hiring for so many runs that take so long [seconds]; None: nobody.

    The compiled kernel runs on threads side by side, what is around it takes turns: two threads play runs of 10 ms and more 1.2
    to 1.5 times as fast as one, shorter ones no faster; and they cost nothing to start. Processes share nothing but the start,
    about a second. The reference engine has only them to gain by.
    """
    seconds, kind = runs * each, asked
    if asked == "auto":
        threads_pay = engine == "compiled" and each > LONG_RUN and seconds <= BETTER_THAN_THREADS
        kind = "threads" if threads_pay else "processes"
    return kind if seconds > (WORTH_THREADS if kind == "threads" else WORTH_PROCESSES) else None


class Staff:
    """The workers: `submit` hands them pieces of work, up to `ahead` at a time; the end of the `with` block ends them."""

    def __init__(
        self,
        jobs: int | None = None,
        kind: Kind = "auto",
        cluster: str | None = None,
        executor: Executor | None = None,
    ) -> None:
        if jobs is not None and jobs < 1:
            raise UsageError(f"jobs: got {jobs}, expected at least 1")
        if kind not in get_args(Kind):
            raise UnknownName("kind of workers", kind, get_args(Kind))
        self.jobs = min(jobs or cores(), MOST_WORKERS)
        self.kind = kind
        self._cluster = cluster
        self._given = executor
        self._hired: dict[Kind, Executor] = {}
        """in the order of starting; the last ones are given the work"""
        self._processes: list[BaseProcess] = []
        self._seconds: float | None = None
        """what a run takes, as far as is known"""

    def __enter__(self) -> Staff:
        if self._cluster is not None:
            from vssim.play.cluster import connect

            self._given, self.jobs = connect(self._cluster)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if kind is not None:
            for process in self._processes:
                process.terminate()
            _expect_no_more(self._hired.get("processes"))
        for executor in self._hired.values():
            executor.shutdown(wait=True, cancel_futures=True)
        if self._cluster is not None and self._given is not None:
            from vssim.play.cluster import leave

            leave(self._given)

    def share(self, memory: float) -> None:
        """Let runs of this size [bytes] take at most half of the free memory together; one run is always allowed.

        A single run that is too large is refused before it comes here; several at once may still be too much.
        """
        free = free_memory() if memory >= SMALL and not self.is_given and not os.environ.get(ANYWAY) else None
        if free is not None:
            self.jobs = max(1, min(self.jobs, int(free / 2 / memory)))

    @property
    def is_given(self) -> bool:
        """True when the executor is the caller's own, or a cluster's."""
        return self._given is not None

    @property
    def is_here(self) -> bool:
        """True while no workers are started: work is then done as it is submitted."""
        return self._given is None and not self._hired

    @property
    def ahead(self) -> int:
        """How many pieces of work to hand out before the first comes back, so that no worker waits for its next one."""
        return 1 if self.is_here else 2 * self.jobs

    @property
    def piece_seconds(self) -> float:
        """How long one piece of work should take [seconds]: what is in it is drawn together, and it has some way to travel."""
        return 1.0

    def size(self, left: int) -> int:
        """How many of the runs that are left to hand out in one piece: few while their length is unknown, and few near the end."""
        if self._seconds is None:
            return 1
        by_time = int(self.piece_seconds / max(self._seconds, 1e-6))
        return max(1, min(by_time, -(-left // self.ahead), MOST_IN_A_PIECE))

    def learn(self, seconds: float, runs: int, left: int, engine: Engine) -> None:
        """Note how long some runs took: it decides the size of later pieces, and whether to start workers."""
        self._seconds = seconds / max(1, runs)
        if self._given is None and self.jobs > 1:
            kind = worth_hiring(left, self._seconds, engine, self.kind)
            if kind is not None and "processes" not in self._hired and kind not in self._hired:
                self._hired[kind] = ThreadPoolExecutor(self.jobs) if kind == "threads" else self._process_pool()

    def submit(self, work: Callable[..., R], *arguments: Any) -> Future[R]:
        """Have a piece of work done; returns its future."""
        if self._given is not None:
            return self._given.submit(work, *arguments)
        if not self._hired:
            return _done_here(work, *arguments)
        with starting(self._processes):
            return list(self._hired.values())[-1].submit(work, *arguments)

    def _process_pool(self) -> Executor:
        return ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"), serve_parent)


def _expect_no_more(pool: Executor | None) -> None:
    """Close the end at which results are handed in: who was sent home in the middle of it has left half of one.

    The pool would wait for the other half for ever, since it keeps that end open itself and has no way to close it.
    """
    results = getattr(pool, "_result_queue", None)
    writer = getattr(results, "_writer", None)
    if writer is not None:
        writer.close()


def result_of(future: Future[R], besides: str = "") -> R:
    """The result of a piece of work; `besides` is added to the error where work and worker were lost together."""
    try:
        return future.result()
    except BrokenExecutor:
        raise RunError(f"the workers went away before their work was done (out of memory?); {besides}try fewer jobs") from None
    except CancelledError:
        raise RunError(f"those who play called their work off (is the cluster's scheduler gone?); {besides}try again") from None


def _done_here(work: Callable[..., R], *arguments: Any) -> Future[R]:
    done: Future[R] = Future()
    try:
        done.set_result(work(*arguments))
    except Exception as error:
        done.set_exception(error)
    return done


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


def serve_parent() -> None:
    """First thing that a worker process does: leave Ctrl-C to the parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
