"""What the tests of sweeps share: a small scenario, tables as bytes, and sweeps as processes of their own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.interface.commands import ROOT
from vssim.analysis.sweep.run import Sweep
from vssim.scenario import Scenario, loads

TEXT = """
name: Small
run: {horizon: 60, warmup: 10, replications: 4, seed: 3}
demand: {feature: {every: exponential(3)}}
steps: {make: {work: exponential(1)}, check: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}, checkers: {people: 1, does: check}}
handoffs: {delay: 2}
changes:
  no walls: [{cross_functional_teams: {count: 1}}]
  fewer at once: [{limit_wip: {stream: 2}}]
  later: {includes: no walls, from: 30}
"""

LIMITS = {"wip_limit": ["none", 1, 2, 3]}


def small(text: str = TEXT) -> Scenario:
    """A scenario that is played in no time."""
    return loads(text)


def written(found: Sweep) -> bytes:
    """The table of a sweep as a file has it."""
    stream = io.BytesIO()
    found.table().write_csv(stream)
    return stream.getvalue()


def start(*arguments: str, folder: Path, prepare: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """A command as a process of its own, which is not waited for."""
    return subprocess.Popen(
        [sys.executable, "-m", "vssim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=prepare,  # noqa: PLW1509 - no threads here when it is used
    )


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)
