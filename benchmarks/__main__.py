"""Measure everything, write it down.

python -m benchmarks -o FOLDER           benchmarks.md and benchmarks.png
python -m benchmarks --readme            into README.md and its picture
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import growth, statistics, table, whole, with_loop, with_vssim
from benchmarks.cases import CASES, draw
from benchmarks.measure import ratio, require_agreement, require_theory, side_by_side
from benchmarks.table import Results
from vssim.engines.compiled.player import seconds_in_kernel

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """All cases, growth, a whole process; about five minutes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed side by side, once the answers agree.")
    parser.add_argument("-o", "--output", type=Path, default=Path(), help="folder for benchmarks.md and benchmarks.png")
    parser.add_argument("--readme", action="store_true", help="write into README.md instead")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    results: Results = {}
    for case in CASES.values():
        say(f"{case.title}: do the answers agree?")
        require_theory(case)
        require_agreement(case, 0.2)
        say(f"{case.title}: yes; {options.rounds} rounds")
        results[case.name] = side_by_side(case, options.rounds)
    say("whole runs with statistics")
    runs = statistics.table(statistics.whole_runs(options.rounds))
    say("growth")
    sizes = growth.grow()
    parts = (_facts(results), table.speed_table(results), table.PUBLISHED, runs, table.growth_table(sizes))
    text = "\n\n".join(parts)
    picture = ROOT / "vssim" / "docs" / "pictures" / "benchmarks.png" if options.readme else options.output / "benchmarks.png"
    table.draw_picture(results, sizes, picture)
    if options.readme:
        table.put_into(ROOT / "README.md", text)
    else:
        (options.output / "benchmarks.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _facts(results: Results) -> str:
    """What the tables do not say."""
    board = results["board"]
    case = CASES["board"]
    program = draw(case.scenario(case.items))
    kernel = median(seconds_in_kernel(program) for _ in range(15)) / len(program.visits.item)
    work = case.work(case.items)
    loop = median(_seconds(lambda: with_loop.logged(work)) for _ in range(15)) / work.visits
    begin = time.process_time()
    with_vssim.draw_and_play(case, case.items)
    drawn = time.process_time() - begin
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    others = ", ".join(f"{ratio(board, name):,.0f} × {name}" for name in ("SimPy", "SimPy as a clock", "Ciw", "salabim"))
    return (
        f"On the board: {others}. The kernel alone plays {1 / kernel / 1e6:.1f} million visits a second "
        f"({kernel * 1e9:.0f} ns each); a loop that can play nothing but such a board, and writes the same log, takes "
        f"{loop * 1e9:.0f}. "
        f"{case.items:,} items take {drawn * 1e3:.0f} ms with drawing their luck, and a whole process from start to exit "
        f"{whole.seconds():.2f} s. CPU time on one core of {platform.machine()}, Python {platform.python_version()}, "
        f"load of the machine {load:.1f}."
    )


def _seconds(play: Callable[[], object]) -> float:
    begin = time.process_time()
    play()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
