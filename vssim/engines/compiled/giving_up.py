"""Giving up: whose time is up, and for whom nothing has happened that keeps them, leaves from wherever it is."""

from __future__ import annotations

from vssim.engines.compiled.ahead import count_out_ahead
from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.board import ask_pool, leave_stream
from vssim.engines.compiled.heaps import pop
from vssim.engines.compiled.journeys import has_left, wait_no_more
from vssim.engines.compiled.organisation import plan_of
from vssim.engines.compiled.people import bring_up, ceil_div, taken_up
from vssim.engines.compiled.queues import DUE, GIVING_UP, PATIENT, be_patient, goes, leave, patience_of
from vssim.engines.compiled.records import NONE, World
from vssim.log import Ended
from vssim.workload.program import KEPT_BY_DELIVERY

BY_DELIVERY, GAVE_UP = int(KEPT_BY_DELIVERY), int(Ended.GAVE_UP)


@kernel
def be_patient_anew(w: World) -> None:
    """Another organisation is in force: who is here has its patience from now on."""
    w.roots[PATIENT] = NONE
    for item in range(w.run.items):
        w.nodes[patience_of(w, item)].queue = NONE
        if w.items[item].arrived >= 0 and w.items[item].left < 0:
            be_patient(w, item)


@kernel
def give_up(w: World) -> bool:
    """Let everybody go whose time is up, in the order of numbers, at a tick that is quiet; True when there was somebody."""
    while w.roots[PATIENT] >= 0 and w.nodes[w.roots[PATIENT]].urgency <= w.run.now:
        node = pop(w.nodes, w.roots, PATIENT)
        if _gives_up(w, node - patience_of(w, 0)):
            goes(w, node - patience_of(w, 0))
    if w.roots[GIVING_UP] < 0:
        return False
    while w.roots[GIVING_UP] >= 0:
        item = pop(w.nodes, w.roots, GIVING_UP) - patience_of(w, 0)
        waits_for_parts = w.items[item].joined < 0
        _leave(w, item)
        part = w.parts.first[item] if waits_for_parts else NONE
        while part >= 0:
            if w.items[part].left < 0:
                goes(w, part)
            part = w.parts.following[part]
    return True


@kernel
def _gives_up(w: World, item: int) -> bool:
    entry = w.items[item]
    unless = w.precedence.unless[w.run.precedence, item]
    return entry.left < 0 and (unless == BY_DELIVERY or not entry.begun & (1 << unless))


@kernel
def _leave(w: World, item: int) -> None:
    """The item is gone, with all its tokens; it has no successors, and has left as far as its whole is concerned."""
    entry, now = w.items[item], w.run.now
    if entry.joined >= 0:
        count_out_ahead(w, item)
        _let_go(w, item)
    elif w.nodes[item].queue >= 0:
        # The last that it waited for has given up at this tick: it is due, and would join the backlog though it has left.
        leave(w, item)
        w.run.coming -= entry.brought
        entry.brought = 0
    if entry.row >= 0:
        if w.trace.left[entry.row] < 0:
            w.trace.left[entry.row] = now
        leave_stream(w, item)
        entry.row = NONE
    entry.gathering = 0
    entry.parked = 0
    entry.left = now
    entry.dropped = entry.leaves if entry.leaves else GAVE_UP
    has_left(w, item, entry.dropped)


@kernel
def _let_go(w: World, item: int) -> None:
    """What the item waits for loses it, and whoever has it in hand."""
    entry, run = w.items[item], w.run
    queue = w.nodes[item].queue
    if queue >= run.owned:
        wait_no_more(w, item)
        if entry.remaining >= 0:
            taken_up(w, item)
        return
    leave(w, item)
    if queue >= run.backlog:
        w.steps[w.visits[w.plans.first[plan_of(w, item)]].step].backlog -= 1
    elif queue >= run.coming_back:
        w.steps[w.visits[entry.row].step].coming_back -= 1
        w.teams[entry.owner].coming_back -= 1
    elif queue >= run.to_enter:
        pass
    elif queue >= run.gathering:
        w.steps[queue - run.gathering].gathered -= 1
        run.gathered -= 1
        run.batches_dirty = 1
    elif queue >= run.at_gate:
        w.gates[queue - run.at_gate].held -= 1
        run.held -= 1
    elif queue >= run.to_open:
        _close(w, queue - run.to_open, item)
    elif queue == DUE:
        run.timed -= 1


@kernel
def _close(w: World, pool: int, item: int) -> None:
    bring_up(w, pool)
    w.trace.touch[w.items[item].row] -= max(0, ceil_div(w.items[item].target - w.pools[pool].progress, 1_000_000))
    w.pools[pool].open -= 1
    w.run.open -= 1
    ask_pool(w, pool)
