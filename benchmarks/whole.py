"""A whole process, from the start of Python to its end: load the board's file, draw, play, and say the mean lead time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cases import BOARD, CASES

PROGRAM = """
import sys, vssim
log = vssim.simulate(vssim.load(sys.argv[1]), engine="compiled").log
print((log.items.left - log.items.arrived).mean())
"""


def seconds(repeat: int = 5) -> float:
    """CPU time of the fastest of several such processes, once the kernel is compiled [s]."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "board.yaml"
        items = CASES["board"].items
        file.write_text(BOARD.format(items=items, horizon=int(items * 1.2)), encoding="utf-8")
        return min(_once(file) for _ in range(repeat + 1))


def _once(file: Path) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-c", PROGRAM, str(file)], check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
