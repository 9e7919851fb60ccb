"""Playing a program on the compiled kernel."""

from __future__ import annotations

from vssim.engines.compiled.arena import addresses
from vssim.engines.compiled.jit import DISABLED
from vssim.engines.compiled.loop import run_at, run_to_horizon
from vssim.engines.compiled.world import trace_of, world
from vssim.workload.program import Program, Trace


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    w = world(program)
    if DISABLED:
        run_to_horizon(w)
    else:
        words = addresses(w)
        run_at(words.ctypes.data)
    return trace_of(w)
