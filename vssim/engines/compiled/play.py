"""Playing a program on the compiled kernel."""

from __future__ import annotations

from vssim.engines.compiled.loop import run_to_horizon
from vssim.engines.compiled.world import trace_of, world
from vssim.workload.program import Program, Trace


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    w = world(program)
    run_to_horizon(w)
    return trace_of(w)
