"""Playing a program on the compiled kernel."""

from __future__ import annotations

import logging
import time
from typing import Any

from vssim.engines.compiled.arena import addresses
from vssim.engines.compiled.cache import is_compiled
from vssim.engines.compiled.jit import DISABLED
from vssim.engines.compiled.loop import run_at, run_to_horizon
from vssim.engines.compiled.records import World
from vssim.engines.compiled.world import trace_of, world
from vssim.workload.program import Program, Trace

LOG = logging.getLogger("vssim.engines")


def play(program: Program) -> Trace:
    """Play a program to its horizon. Says so on the log `vssim.engines` when it has to compile first."""
    w = world(program)
    _play(w)
    return trace_of(w)


def seconds_in_kernel(program: Program) -> float:
    """CPU time that the kernel alone needs for a program [s]."""
    w = world(program)
    begin = time.process_time()
    _play(w)
    return time.process_time() - begin


def has_played() -> bool:
    """True when the kernel has been compiled or loaded in this process."""
    entrance: Any = run_at
    return bool(DISABLED or entrance.signatures)


def _play(w: World) -> None:
    if DISABLED:
        run_to_horizon(w)
        return
    if not has_played() and not is_compiled():
        LOG.warning("compiling the fast engine for this machine (once; it takes a while)")
    words = addresses(w)
    run_at(words.ctypes.data)
