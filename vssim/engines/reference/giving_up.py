"""Giving up: whose time is up, and for whom nothing has happened that keeps them, leaves from wherever it is."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOWHERE, Item
from vssim.engines.reference.placing import standing_of
from vssim.engines.reference.run import Run
from vssim.log import Ended
from vssim.workload.program import KEPT_BY_DELIVERY
from vssim.workload.under_way import Standing


def give_up(run: Run) -> bool:
    """Let everybody go whose time is up, in the order of numbers, at a tick that is quiet; True when there was somebody."""
    going = [item.number for item in run.items if _gives_up(run, item)] if run.patient else []
    if not going:
        return False
    heapify(going)
    while going:
        item = run.items[heappop(going)]
        if run.record.item_left[item.number] == NOT_YET:
            waits_for_parts = run.record.item_joined[item.number] == NOT_YET  # or for others; then it has none
            leaving = _leave(run, item)
            parts = run.parts_of(item.number) if waits_for_parts else []
            for other in (*parts, *(left for left in leaving if run.items[left].arrived != NOWHERE)):
                heappush(going, other)
    return True


def _gives_up(run: Run, item: Item) -> bool:
    number = item.number
    patience, unless = run.patience[run.in_force][number], run.unless[run.in_force][number]
    if item.arrived == NOWHERE or run.record.item_left[number] != NOT_YET:
        return False
    if item.leaves:
        return True
    if patience < 0 or item.arrived + patience > run.now:
        return False
    return unless == KEPT_BY_DELIVERY or not item.begun & (1 << unless)


def _leave(run: Run, item: Item) -> list[int]:
    """The item is gone, with all its tokens; it has no successors, and has left as far as its whole is concerned.

    The numbers of those who leave with it.
    """
    number, record = item.number, run.record
    if record.item_joined[number] != NOT_YET:
        _let_go(run, item)
    else:
        run.comes_no_more(item)
    if item.row != NOWHERE:
        if record.left[item.row] == NOT_YET:
            record.left[item.row] = run.now
        run.board.leave_stream(item)
        item.row = NOWHERE
    record.item_left[number] = run.now
    record.item_dropped[number] = item.leaves or Ended.GAVE_UP
    item.gathering = item.parked = False
    return run.has_left(number, record.item_dropped[number])


def _let_go(run: Run, item: Item) -> None:
    """What the item waits for loses it, and whoever has it in hand."""
    run.to_come.forget(item)
    pool = next((pool for pool in run.pools if item in pool.open), None)
    if pool is not None:
        pool.up_to(run.now)
        ticks_left, _ = pool.put_down(item)
        run.record.touch[item.row] -= ticks_left
        run.set_alarm(pool)
        return
    standing = standing_of(run, item, {})
    if standing == Standing.BACKLOG:
        run.backlog[run.step[run.first[run.plan_of(item.number)]], item.type].remove(run.key(item), item)
    elif standing in (Standing.TRANSIT, Standing.PASSING):
        item.gone = True
        item.timed = False
        run.timed -= 1
    elif standing == Standing.READY:
        run.to_start[run.whose_line(item)].remove(run.key(item), item)
        if item.remaining is not None:
            run.record.resume(item.row, item.put_down_since, run.now)
    elif standing == Standing.AT_GATE:
        run.at_gate[run.gate[item.row]].remove(item)
        item.at_gate = False
    elif standing == Standing.GATHERING:
        run.gathering[run.step[item.row + 1]].remove(item)
    else:
        run.to_enter[run.step[item.row + 1]].remove(run.key(item), item)
