"""Where the time of a replication goes, from the drawn luck to all of its metrics: nanoseconds of CPU time a visit.

    python -m benchmarks.shares              a Markdown table
    python -m benchmarks.shares --readme     into README.md

By part every run is played by itself, one part after the other. The last column is what a user meets: the replications of the
scenario as it is, measured in all their windows, played by the same call that `compare` makes, on one core.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TypeVar

import vssim
from benchmarks.cases import CASES
from benchmarks.sweeps import TEXT
from benchmarks.table import put_into
from vssim.engines import assemble, machine
from vssim.engines.compiled.backend.words import addresses
from vssim.engines.compiled.player import entrance
from vssim.engines.compiled.world import trace_of, world
from vssim.metrics import sampling
from vssim.play import swift
from vssim.play.experiment import Experiment, measured, thresholds
from vssim.play.settings import adjusted
from vssim.scenario import measured_from

PARTS = ("draw", "world in", "kernel", "log", "metrics")

README = Path(__file__).resolve().parents[1] / "README.md"

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A scenario of the table."""

    title: str
    load: Callable[[], vssim.Scenario]
    replications: int


def _board() -> vssim.Scenario:
    case = CASES["board"]
    return case.scenario(case.items)


ROWS = (
    Row("500 items × 6 (a sweep's run)", lambda: vssim.loads(TEXT), 40),
    Row("silos", lambda: vssim.load("silos"), 40),
    Row("reorg", lambda: vssim.load("reorg"), 10),
    Row("board", _board, 3),
)


@dataclass
class Shares:
    """What a visit of a scenario costs."""

    visits: int
    """of a run, on average"""
    parts: dict[str, float]
    """CPU time of each part [s a visit]"""
    played: float
    """CPU time of a replication as it is played for `compare` [s a visit]"""

    @property
    def together(self) -> float:
        """All parts [s a visit]."""
        return sum(self.parts.values())


def shares(row: Row, rounds: int) -> Shares:
    """The median of so many rounds, after one that is not counted."""
    rounds_played = [_round(row) for _ in range(rounds + 1)][1:]
    parts = {part: median(played_round.parts[part] for played_round in rounds_played) for part in PARTS}
    return Shares(rounds_played[0].visits, parts, median(played_round.played for played_round in rounds_played))


def _round(row: Row) -> Shares:
    """Every replication by part, then all of them as they are played."""
    scenario = adjusted(row.load(), replications=row.replications)
    experiment = Experiment.of(scenario, [None], "compiled")
    windows, within = (measured_from(scenario),), thresholds(scenario)
    spent, visits = dict.fromkeys(PARTS, 0.0), 0
    enter = entrance()
    assert enter, "the first tier of the fast engine is what is measured here"
    gc.collect()
    for replication in range(row.replications):
        program = _timed(spent, "draw", lambda: experiment.study.program(0, replication))  # noqa: B023
        w, words = _timed(spent, "world in", lambda: ((w := world(program)), addresses(w)))  # noqa: B023
        _timed(spent, "kernel", lambda: enter(words.ctypes.data))  # noqa: B023
        log = _timed(spent, "log", lambda: assemble(program, trace_of(w)))  # noqa: B023
        _timed(spent, "metrics", lambda: measured(log, windows, within))  # noqa: B023
        visits += len(program.visits.item)
    anew = replace(experiment, study=replace(experiment.study))  # nothing of the luck above is at hand any more
    whole: dict[str, float] = {"": 0.0}
    gc.collect()
    _timed(whole, "", lambda: anew.play(jobs=1))
    parts = {part: seconds / visits for part, seconds in spent.items()}
    return Shares(visits // row.replications, parts, whole[""] / visits)


def _timed(spent: dict[str, float], part: str, work: Callable[[], T]) -> T:
    begin = time.process_time()
    done = work()
    spent[part] += time.process_time() - begin
    return done


def table(by_row: dict[str, Shares]) -> str:
    """Markdown: nanoseconds a visit."""
    lines = [
        "| | visits a run | " + " | ".join(PARTS) + " | together | as played |",
        "|---|--:|" + "--:|" * (len(PARTS) + 2),
    ]
    for title, measured_shares in by_row.items():
        cells = [
            f"{seconds * 1e9:,.0f}"
            for seconds in (*measured_shares.parts.values(), measured_shares.together, measured_shares.played)
        ]
        lines.append(f"| {title} | {measured_shares.visits:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure every row, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shares", description="Nanoseconds a visit, by part.")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md, too")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for package, enter in ((sampling.PACKAGE, sampling.ENTRANCE), (swift.PACKAGE, swift.ENTRANCE)):
        machine.made(package, enter)  # an installation brings the passes compiled; a checkout has to make them
    text = table({row.title: shares(row, options.rounds) for row in ROWS})
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    text += f"\n\nCPU time on one core of {platform.machine()}, Python {platform.python_version()}, load of the machine {load:.1f}."
    if options.readme:
        put_into(README, text, "shares")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
