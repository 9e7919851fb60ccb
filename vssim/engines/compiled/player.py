"""Playing a program on the compiled kernel."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import cache, partial

from vssim.engines.compiled.backend.plain import is_plain
from vssim.engines.compiled.backend.words import addresses
from vssim.engines.compiled.records import World
from vssim.engines.compiled.world import trace_of, world
from vssim.errors import RunError
from vssim.workload.program import Program
from vssim.workload.trace import Trace
from vssim.workload.under_way import UnderWay

LOG = logging.getLogger("vssim.engines")

_LOADING = threading.Lock()


def play(program: Program) -> Trace:
    """Play a program to its horizon. Says so on the log `vssim.engines` when it has to compile first."""
    return trace_of(_world_played(program))


def _world_played(program: Program) -> World:
    """The world after the last tick; played again where there were more pauses than it had room for."""
    w = world(program)
    _play(w)
    if int(w.run["paused"]) > len(w.pauses) and program.urgent:
        w = world(program, int(w.run["paused"]))
        _play(w)
    return w


def stopped(program: Program) -> UnderWay:
    """What is under way at the last tick of a run that ends at the program's horizon."""
    from vssim.engines.compiled.writing import write_down  # it knows the kernel's queues, and that loads Numba

    return write_down(program, _world_played(program))


def seconds_in_kernel(program: Program) -> float:
    """CPU time that the kernel alone needs for a program [s]."""
    w = world(program)
    begin = time.process_time()
    _play(w)
    return time.process_time() - begin


def has_played() -> bool:
    """True when the kernel has been compiled or loaded in this process."""
    return is_plain() or entrance.cache_info().currsize > 0


def _play(w: World) -> None:
    if is_plain():
        from vssim.engines.compiled.loop import run_to_horizon

        run_to_horizon(w)
    else:
        prepare()(w)


def prepare() -> Callable[[World], None]:
    """The kernel, ready to play a world. Raises RunError where it can be made in neither way: Numba may change."""
    with _LOADING:
        try:
            return _player(entrance())
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            raise RunError(f"the compiled engine cannot be made here ({reason})") from error


@cache
def _player(enter: Callable[[int], None] | None) -> Callable[[World], None]:
    """What plays a world: the kernel's entrance or, where there is none, the second tier."""
    if enter is None:
        from vssim.engines.compiled.backend.structs import played
        from vssim.engines.compiled.loop import run_to_horizon

        return partial(played, run_to_horizon)

    def play(w: World) -> None:
        words = addresses(w)
        enter(words.ctypes.data)

    return play


@cache
def entrance() -> Callable[[int], None] | None:
    """The kernel's entrance; compiled, if it is not there yet; None where the second tier plays instead."""
    from vssim.engines.compiled.backend import machine, shipped

    for kept in (shipped.kept, machine.kept):
        code = kept()
        if code is not None:
            with contextlib.suppress(Exception):  # code that was kept but cannot be loaded is made again, whatever is wrong with it
                return machine.load(*code)
    LOG.warning("compiling the fast engine for this machine (once; it takes a while)")
    from vssim.engines.compiled.backend.tiers import Tier, tier

    if tier() is Tier.STRUCTS:
        return None
    from vssim.engines.compiled.backend.jit import machine_code
    from vssim.engines.compiled.loop import run_at

    code = machine_code(run_at)
    machine.keep(*code)
    return machine.load(*code)
