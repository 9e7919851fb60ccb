"""Each engine by its name: what either of them makes of a program."""

from __future__ import annotations

from typing import Literal

from vssim.engines import compiled
from vssim.workload.program import Program
from vssim.workload.trace import Trace
from vssim.workload.under_way import UnderWay

Name = Literal["reference", "compiled"]


def trace(program: Program, engine: Name) -> Trace:
    """Play a program with an engine and return its trace: what happened, by row of the program's tables."""
    if engine == "compiled":
        return compiled.play(program)
    from vssim.engines.reference import play  # SimPy is imported where it plays

    return play(program)


def stopped(program: Program, engine: Name) -> UnderWay:
    """What is under way at the last tick of a run that ends at the program's horizon."""
    if engine == "compiled":
        return compiled.stopped(program)
    from vssim.engines.reference import stopped as stopped_there

    return stopped_there(program)
