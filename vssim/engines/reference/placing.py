"""What is under way as a run begins: every item where it stands; and, at a quiet tick, written down again."""

from __future__ import annotations

from collections.abc import Container, Generator
from typing import Any

import numpy as np
from simpy import Event

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.run import Run
from vssim.workload.under_way import COLUMNS, Standing, UnderWay


def place(run: Run, under_way: UnderWay) -> None:
    """Put every item that is under way where it stands, room or not; nobody looks at limits or at what people can do."""
    for pool in run.pools:
        pool.since = run.now
    for item, arrived in zip(run.items, run.record.item_arrived, strict=True):
        item.arrived = arrived
    for gate, passed in enumerate(under_way.gate_passed.tolist()):
        run.let_through[gate] = (run.now, passed)
    for values in zip(*(getattr(under_way, name).tolist() for name in COLUMNS), strict=True):
        _place(run, dict(zip(COLUMNS, values, strict=True)))


def _place(run: Run, state: dict[str, int]) -> None:
    item, standing, time = run.items[state["item"]], state["standing"], state["time"]
    if standing == Standing.DUE:
        run.comes(item.number, time - run.now)
        return
    item.row, item.key_time = state["row"], time
    if item.row != NOWHERE:
        _into_the_stream(run, item, state)
    if standing == Standing.AT_GATE:
        item.at_gate = True
        run.at_gate[run.gate[item.row]].append(item)
    elif standing == Standing.GATHERING:
        item.gathering = True
        run.gathering[run.step[item.row]].append(item)
    elif standing == Standing.OPEN:
        run.pools[state["pool"]].open[item] = (state["left"], state["proficiency"])
    elif standing == Standing.PASSING:
        item.timed = True
    elif standing != Standing.TRANSIT:
        run.laid_aside.append(item)  # as if put down by a change: it is lined up when the organisation comes into force
    item.process = run.env.process(_rest_of_journey(run, item, standing, time - run.now))


def _into_the_stream(run: Run, item: Item, state: dict[str, int]) -> None:
    item.end = run.end[run.plan_of(item.number)]
    item.parked, item.handed_over = bool(state["parked"]), bool(state["handed_over"])
    item.passed_gate, item.opens_batch = bool(state["passed_gate"]), bool(state["opens_batch"])
    item.carries_setup = bool(state["carries_setup"])
    item.remaining = None if state["remaining"] == NOT_YET else state["remaining"]
    item.put_down_since = state["put_down_since"]
    run.board.enter_stream(item)
    if not item.parked:
        run.board.enter_column(item, run.step[item.row])
    if state["owner"] != NOBODY:
        run.board.own(item, state["owner"])


def _rest_of_journey(run: Run, item: Item, standing: int, ticks: int) -> Generator[Event, Any, None]:
    """The journey of an item from where it stands as the run begins; what it waits for is over after so many ticks."""
    if standing == Standing.TRANSIT:
        yield from run.timer(item, ticks)
        yield from run.is_ready(item)
        yield from run.is_finished(item)
    elif standing in (Standing.READY, Standing.OPEN):
        yield item.turn  # decided: started by a pool, which lets it go on when the work is done
        yield from run.is_finished(item)
    elif standing == Standing.PASSING:
        yield from run.pass_time(item, ticks)
        yield from run.is_finished(item)
    elif standing == Standing.AT_GATE:
        yield item.turn  # decided: let through
        yield from run.goes_through(item)
    else:
        yield item.turn  # decided: out of the backlog, on to its next stay, or back from being parked
    yield from run.visits(item)


def write_down(run: Run) -> UnderWay:
    """What is under way at this tick, which is quiet."""
    for pool in run.pools:
        pool.up_to(run.now)
    open_at = {
        item: (pool.number, target - pool.progress, proficiency)
        for pool in run.pools
        for item, (target, proficiency) in pool.open.items()
    }
    rows = [_row(run, item, open_at) for item in run.items if _is_under_way(run, item)]
    columns = dict(zip(COLUMNS, np.array(rows, np.int64).reshape(-1, len(COLUMNS)).T, strict=True))
    passed = [run.let_through.get(gate, (NOT_YET, 0)) for gate in range(len(run.at_gate))]
    return UnderWay(
        at=run.now,
        past=run.record.trace(),
        touched=run.program.touched_before(),
        gate_passed=np.array([count if opening == run.now else 0 for opening, count in passed], np.int64),
        **columns,
    )


def _is_under_way(run: Run, item: Item) -> bool:
    """True when the item has come, or is due because another has left, and has not left itself."""
    return run.is_here(item) or (item.brought and run.record.item_left[item.number] == NOT_YET)


def _row(run: Run, item: Item, open_at: dict[Item, tuple[int, int, int]]) -> list[int]:
    """What there is to say of an item, in the order of COLUMNS."""
    standing = standing_of(run, item, open_at)
    time = item.until if standing in (Standing.DUE, Standing.TRANSIT, Standing.PASSING) else item.key_time
    pool, left, proficiency = open_at.get(item, (NOBODY, 0, 0))
    remaining = NOT_YET if item.remaining is None else item.remaining
    marks = (item.parked, item.handed_over, item.passed_gate, item.opens_batch, item.carries_setup)
    return [
        *(item.number, standing, item.row, time, pool, left, proficiency, item.owner),
        *map(int, marks),
        *(remaining, item.put_down_since),
    ]


def standing_of(run: Run, item: Item, open_at: Container[Item]) -> Standing:
    """What an item does that has come and not left; `open_at`: those that somebody has in hand."""
    row, record = item.row, run.record
    if not run.is_here(item):
        return Standing.DUE
    if row == NOWHERE:
        return Standing.BACKLOG
    cases = (
        (item in open_at, Standing.OPEN),
        (item.at_gate, Standing.AT_GATE),
        (item.gathering, Standing.GATHERING),
        (record.ready[row] == NOT_YET, Standing.TRANSIT),
        (item.timed, Standing.PASSING),
        (record.finished[row] == NOT_YET, Standing.READY),
    )
    return next((standing for case, standing in cases if case), Standing.RELEASED)
