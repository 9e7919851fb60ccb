"""A run that was stopped at a quiet tick: what is under way, written down from the world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, Ints, Numbers
from vssim.engines.compiled.queues import DUE
from vssim.engines.compiled.records import World
from vssim.engines.compiled.world import trace_of
from vssim.workload.program import Program
from vssim.workload.under_way import Standing, UnderWay

MARKS = ("parked", "handed_over", "passed_gate", "opens_batch", "carries_setup", "remaining", "put_down_since", "owner")


def write_down(program: Program, w: World) -> UnderWay:
    """What is under way at the last tick that was played."""
    items, now = w.items, int(w.run["now"])
    here = (items["joined"] >= 0) & (items["left"] < 0)
    numbers = np.flatnonzero(here | ((items["brought"] == 1) & (items["left"] < 0)))
    mine, queue = items[numbers], w.nodes["queue"][numbers]
    pool = queue - int(w.run["to_open"])
    is_open = here[numbers] & (pool >= 0) & (pool < int(w.run["pools"]))
    pool = np.where(is_open, pool, NOT_YET)
    standing = _standing(w, mine, here[numbers], is_open, queue)
    timed = (standing == Standing.TRANSIT) | (standing == Standing.PASSING)
    return UnderWay(
        at=now,
        past=trace_of(w),
        touched=program.touched_before(),
        item=numbers,
        standing=standing,
        row=_numbers(mine["row"]),
        time=np.where(timed, w.nodes["urgency"][numbers], mine["since"]),
        pool=pool,
        left=np.where(is_open, mine["target"] - _progress(w, now)[pool], 0),
        proficiency=np.where(is_open, mine["proficiency"], 0),
        gate_passed=np.where(w.gates["opening"] == now, w.gates["passed"], 0),
        **{name: _numbers(mine[name]) for name in MARKS},
    )


def _numbers(values: Numbers) -> Ints:
    return np.array(values, np.int64)


def _progress(w: World, now: int) -> Ints:
    """Each pool's progress, brought up to now [millionths of a tick]."""
    pools = w.pools
    progress: Ints = pools["progress"] + pools["speed"] * (now - pools["since"])
    return progress


def _standing(w: World, items: NDArray[Any], here: NDArray[np.bool_], is_open: NDArray[np.bool_], queue: Ints) -> Ints:
    row, run, trace = items["row"], w.run, w.trace
    inside = row >= 0
    at_row = np.where(inside, row, 0)
    if not len(trace.ready):
        return np.where(here, Standing.BACKLOG, Standing.DUE)
    return np.select(
        [
            ~here,
            ~inside,
            is_open,
            (queue >= int(run["at_gate"])) & (queue < int(run["gathering"])),
            items["gathering"] == 1,
            trace.ready[at_row] < 0,
            queue == DUE,
            trace.finished[at_row] < 0,
        ],
        [
            Standing.DUE,
            Standing.BACKLOG,
            Standing.OPEN,
            Standing.AT_GATE,
            Standing.GATHERING,
            Standing.TRANSIT,
            Standing.PASSING,
            Standing.READY,
        ],
        Standing.RELEASED,
    )
