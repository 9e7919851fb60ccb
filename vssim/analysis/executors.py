"""Executors: who plays the chunks of a sweep. All come through one narrow door, `concurrent.futures.Executor`.

Here (while there is too little to do to be worth more), on threads, on processes, on a Dask cluster, or on the caller's own.
What comes out never depends on which, or on how many there are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Literal, TypeVar, get_args

from vssim.analysis.replications import MOST_WORKERS, WORTH_WORKERS, cores, serve_parent, starting
from vssim.errors import UnknownName, UsageError

Kind = Literal["threads", "processes"]
"""Workers on this machine."""

R = TypeVar("R")


class Staff:
    """Those who play: `submit` work to them, up to `ahead` pieces at a time; they go home when the `with` ends."""

    def __init__(
        self,
        jobs: int | None = None,
        kind: Kind = "processes",
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
        self._own: Executor | None = None
        self._processes: list[BaseProcess] = []

    def __enter__(self) -> Staff:
        if self._cluster is not None:
            from vssim.analysis.cluster import connect

            self._given, self.jobs = connect(self._cluster)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if kind is not None:
            for process in self._processes:
                process.terminate()
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)
        if self._cluster is not None and self._given is not None:
            from vssim.analysis.cluster import leave

            leave(self._given)

    @property
    def ahead(self) -> int:
        """Pieces of work to hand out before the first comes back: nobody should have to wait for the next."""
        return 1 if self._here else 2 * self.jobs

    @property
    def chunk_seconds(self) -> float:
        """How long a piece of work should take: on a cluster it has further to go."""
        return 1.0 if self._cluster is not None else 0.4

    @property
    def _here(self) -> bool:
        return self._given is None and self._own is None

    def expect(self, seconds: float) -> None:
        """Hire, if so much work is still to do that it is worth it."""
        if self._here and self.jobs > 1 and seconds > WORTH_WORKERS:
            self._own = ThreadPoolExecutor(self.jobs) if self.kind == "threads" else self._process_pool()

    def submit(self, work: Callable[..., R], *arguments: Any) -> Future[R]:
        """Have a piece of work done."""
        if self._given is not None:
            return self._given.submit(work, *arguments)
        if self._own is None:
            return _done_here(work, *arguments)
        with starting(self._processes):
            return self._own.submit(work, *arguments)

    def _process_pool(self) -> Executor:
        return ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"), serve_parent)


def _done_here(work: Callable[..., R], *arguments: Any) -> Future[R]:
    done: Future[R] = Future()
    try:
        done.set_result(work(*arguments))
    except Exception as error:
        done.set_exception(error)
    return done
