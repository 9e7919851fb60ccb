"""Sweeps: how many runs a second a grid of settings gets, by who plays it, and what the store and handing out cost beside that.

    python -m benchmarks.sweeps                           1,000 settings × 20 replications on all cores, as a Markdown table
    python -m benchmarks.sweeps --settings 100 --by processes dask

First every way to play has to give the same table, to the byte; only then it is timed. The time of a sweep is all of it: starting
workers, playing, and keeping every run in a store on disk. Dask has one local process a core, which is there already.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import vssim
from vssim.play.executors import cores

TEXT = """
name: A board of six visits
run: {horizon: 500, warmup: 100, seed: 1}
demand:
  feature: {every: exponential(1), size: "lognormal(mean=1, cv=0.5)"}
steps:
  analyse: {work: "lognormal(mean=1, cv=0.8)"}
  develop:
    work: lognormal(mean=3, cv=0.8)
    needs: {from: platform, chance: 30%, work: exponential(1)}
  test:
    work: lognormal(mean=1, cv=0.8)
    returns: {to: develop, chance: 25%, work: 40%}
  release: {work: 0.1, gate: {every: 5}}
teams:
  analysts: {people: 2, does: analyse}
  developers: {people: 6, does: develop}
  testers: {people: 3, does: [test, release]}
  platform: {people: 1, does: platform}
handoffs: {delay: exponential(1), relearning: 10%}
"""
"""About 500 items a run, each with about six visits: four steps, a return now and then, a ticket now and then."""

Over = Mapping[str, Sequence[Any]]


def limits(settings: int) -> Over:
    """A grid of about so many settings that differ in limits: items travel alike in all of them."""
    return {"steps.develop.wip_limit": range(8, 8 + max(1, settings // 10)), "steps.test.wip_limit": range(4, 14)}


def chances(settings: int) -> Over:
    """A grid of about so many settings whose items travel differently: luck is drawn for each anew."""
    shares = [f"{10 + number / 10:g}%" for number in range(max(1, settings // 10))]
    return {"steps.test.returns.chance": shares, "steps.test.wip_limit": range(4, 14)}


class Watched(Executor):
    """An executor that adds up how long its pieces of work took those who did them."""

    def __init__(self, inner: Executor) -> None:
        self.inner = inner
        self.seconds = 0.0

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Have it done, and note how long it took."""
        future = self.inner.submit(work, *arguments, **named)
        future.add_done_callback(self._note)
        return future

    def _note(self, future: Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            self.seconds += getattr(future.result(), "seconds", 0.0)


@dataclass
class Way:
    """A way to play: what `vssim.sweep` is told about who does it."""

    options: dict[str, Any] = field(default_factory=dict)
    watched: Watched | None = None


class Inline(Executor):
    """Nobody else: what is submitted is done at once."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do it."""
        future: Future[Any] = Future()
        future.set_result(work(*arguments, **named))
        return future


@contextmanager
def here() -> Iterator[Way]:
    """Nobody but this process, on one thread."""
    watched = Watched(Inline())
    yield Way({"executor": watched, "jobs": 1}, watched)


@contextmanager
def threads() -> Iterator[Way]:
    """Threads of this process."""
    with ThreadPoolExecutor(cores()) as pool:
        watched = Watched(pool)
        yield Way({"executor": watched, "jobs": cores()}, watched)


@contextmanager
def processes() -> Iterator[Way]:
    """Processes, started for the purpose."""
    with ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn")) as pool:
        watched = Watched(pool)
        yield Way({"executor": watched, "jobs": cores()}, watched)


@contextmanager
def as_it_comes() -> Iterator[Way]:
    """Whoever is hired when nothing is said."""
    yield Way()


@contextmanager
def dask() -> Iterator[Way]:
    """A cluster on this machine."""
    from distributed import LocalCluster

    with LocalCluster(cores(), threads_per_worker=1, dashboard_address=None) as cluster:
        yield Way({"cluster": cluster.scheduler_address})


WAYS = {"here": here, "threads": threads, "processes": processes, "auto": as_it_comes, "dask": dask}


@dataclass(frozen=True)
class Result:
    """What came of a sweep."""

    table: bytes
    seconds: float
    cpu: float
    """of this process"""
    played: float | None
    """that those who played took, all together [seconds]; None where it is not known"""


def swept(way: Way, over: Over, replications: int) -> Result:
    """Play a grid into a new store."""
    scenario = vssim.loads(TEXT)
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), time.process_time()
        sweep = vssim.sweep(
            scenario, over, replications=replications, engine="compiled", store=Path(folder) / "s.sqlite", **way.options
        )
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    stream = io.BytesIO()
    sweep.table().write_csv(stream)
    return Result(stream.getvalue(), seconds, cpu, way.watched.seconds if way.watched else None)


def agree(names: Sequence[str]) -> None:
    """Every way gives the same table, to the byte, or this ends here."""
    tables = {}
    for name in names:
        with WAYS[name]() as way:
            tables[name] = swept(way, limits(30), 4).table
    for name, table in tables.items():
        if table != tables[names[0]]:
            raise SystemExit(f"{name} and {names[0]} give different tables")


def row(name: str, grid: str, over: Over, replications: int) -> str:
    """A row of the table: one sweep, timed."""
    with WAYS[name]() as way:
        result = swept(way, over, replications)
    settings = 1
    for values in over.values():
        settings *= len(values)
    runs = (settings + 1) * replications
    beside = {"here": result.seconds - (result.played or 0.0), "processes": result.cpu}.get(name)
    share = "" if beside is None or not result.played else f"{beside / result.played:.1%}"
    figures = (f"{runs:,}", f"{result.seconds:.1f}", f"{runs / result.seconds:,.0f}", f"{result.cpu / runs * 1e3:.2f}", share)
    return f"| {' | '.join([name, grid, *figures])} |"


def main() -> None:
    """Time every way on both grids."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--settings", type=int, default=1000)
    asked.add_argument("--replications", type=int, default=20)
    asked.add_argument("--by", nargs="+", choices=WAYS, default=list(WAYS))
    options = asked.parse_args()
    agree(options.by)
    say(f"{cores()} cores, load {os.getloadavg()[0]:.1f} before; Python {sys.version.split()[0]}, vssim {vssim.__version__}\n")
    say("| who plays | what differs | runs | seconds | runs/s | this process's CPU, ms a run | store and handing out, of playing |")
    say("|---|---|---:|---:|---:|---:|---:|")
    for grid, over in (("limits", limits(options.settings)), ("returns", chances(options.settings))):
        for name in options.by:
            say(row(name, grid, over, options.replications))


def say(line: str) -> None:
    """A line of the table, as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
