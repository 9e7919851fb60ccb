"""The command line as a user meets it: in this process for most tests, as a process of its own where that matters."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from vssim.cli import app

ROOT = Path(__file__).resolve().parents[2]

SMALL = """
name: Small
question: Is two steps one too many?
lesson: It was.
run: {horizon: 60, warmup: 10, replications: 6, seed: 3}
demand: {feature: {every: exponential(2)}}
steps: {make: {work: exponential(1)}, check: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}, checkers: {people: 1, does: check}}
handoffs: {delay: 2}
changes:
  no walls: [{cross_functional_teams: {count: 1}}]
  fewer at once: [{limit_wip: {stream: 2}}]
  later: {includes: no walls, from: 30}
"""
"""A scenario that is played in no time, with a change from the start, a limit, and a change at a date."""


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


def vssim(*arguments: str) -> Answer:
    """Run a command in this process."""
    result = CliRunner().invoke(app, list(arguments), prog_name="vssim")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def process(*arguments: str, folder: Path, **environment: str) -> Answer:
    """Run a command as a process of its own, in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "vssim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def small(folder: Path, text: str = SMALL) -> str:
    """The file name of the small scenario, written to `folder`."""
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def without_a_kernel(folder: Path) -> Path:
    """A copy of the sources with which no compiled kernel came, whatever was installed here: to be named in PYTHONPATH."""
    copy = folder / "sources"
    shutil.copytree(ROOT / "vssim", copy / "vssim", ignore=shutil.ignore_patterns("shipped", "__pycache__"))
    shutil.copytree(ROOT / "scenarios", copy / "scenarios")
    return copy
