"""What is under way as a run begins: every item where it stands, room or not."""

from __future__ import annotations

from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.board import enter_column, enter_stream
from vssim.engines.compiled.journeys import comes
from vssim.engines.compiled.organisation import plan_of
from vssim.engines.compiled.queues import DUE, PUT_DOWN, at_gate, expect, gathering, open_at
from vssim.engines.compiled.records import TRANSIT, WAIT, World
from vssim.workload.under_way import Standing

IS_DUE, IN_TRANSIT, OPEN, PASSING, AT_GATE, GATHERING = (
    int(standing)
    for standing in (
        Standing.DUE,
        Standing.TRANSIT,
        Standing.OPEN,
        Standing.PASSING,
        Standing.AT_GATE,
        Standing.GATHERING,
    )
)


@kernel
def place(w: World) -> None:
    """Put every item that is under way where it stands; lines are filled when the organisation comes into force."""
    for number in range(w.run.under_way):
        state = w.under_way[number]
        if state.standing == IS_DUE:
            comes(w, state.who, state.time - w.run.now)
        else:
            _place(w, number)


@kernel
def _place(w: World, number: int) -> None:
    state = w.under_way[number]
    item, standing = state.who, state.standing
    entry = w.items[item]
    entry.since = state.time
    if state.row >= 0:
        _into_the_stream(w, number)
    if standing in (IN_TRANSIT, PASSING):
        entry.awaits = TRANSIT if standing == IN_TRANSIT else WAIT
        w.run.timed += 1
        expect(w, DUE, item, state.time)
    elif standing == OPEN:
        w.pools[state.pool].open += 1
        w.run.open += 1
        entry.target = state.left
        entry.proficiency = state.proficiency
        expect(w, open_at(w, state.pool), item, state.left)
    elif standing == AT_GATE:
        gate = w.visits[state.row].gate
        w.gates[gate].held += 1
        w.run.held += 1
        w.nodes[item].queue = at_gate(w, gate)
    elif standing == GATHERING:
        entry.gathering = 1
        w.nodes[item].queue = gathering(w, w.visits[state.row].step)
    else:
        w.nodes[item].queue = PUT_DOWN


@kernel
def _into_the_stream(w: World, number: int) -> None:
    state = w.under_way[number]
    entry = w.items[state.who]
    entry.row = state.row
    entry.end = w.plans.end[plan_of(w, state.who)]
    entry.owner = state.owner
    entry.parked = state.parked
    entry.handed_over = state.handed_over
    entry.passed_gate = state.passed_gate
    entry.opens_batch = state.opens_batch
    entry.carries_setup = state.carries_setup
    entry.remaining = state.remaining
    entry.put_down_since = state.put_down_since
    enter_stream(w, state.who)
    if entry.parked == 0:
        enter_column(w, state.who, w.visits[state.row].step)
