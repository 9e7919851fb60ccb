"""What happens to an item: it arrives, enters visits, is ready, finished, released. Facts only; nothing here decides."""

from __future__ import annotations

from vssim.engines.compiled.ahead import count_entry, gathers_and_comes_no_more, look_ahead
from vssim.engines.compiled.backend.jit import hot, kernel
from vssim.engines.compiled.board import (
    ask_servers,
    ask_step,
    count_in,
    count_out,
    leave_column,
)
from vssim.engines.compiled.heaps import push, remove
from vssim.engines.compiled.organisation import ends_stay, keeps, plan_of, somebody_needed, time_to_pass, until_open
from vssim.engines.compiled.queues import (
    AGAIN,
    AT_ONCE,
    DONE,
    DUE,
    EXEMPT,
    FREE,
    TICKETS,
    URGENT,
    at_gate,
    backlog,
    be_patient,
    coming_back,
    expect,
    gathering,
    goes,
    has_begun,
    leave,
    leave_anybody,
    line_up,
    line_up_for_anybody,
    note_urgency,
    owned,
    pull_place,
    to_enter,
    urgent_of,
    write_key,
)
from vssim.engines.compiled.records import ARRIVAL, NONE, TRANSIT, WAIT, World


@kernel
def let_pass(w: World, item: int, ticks: int, awaits: int) -> None:
    """Time passes for the item; with 0 ticks it is due again at this tick, after the decisions."""
    w.items[item].awaits = awaits
    if ticks:
        expect(w, DUE, item, w.run.now + ticks)
    else:
        expect(w, AGAIN, item, 0)


@kernel
def comes(w: World, item: int, ticks: int) -> None:
    """An item is due because another has left; it arrives unless that is after the horizon."""
    w.run.coming += 1
    w.items[item].brought = 1
    w.items[item].since = w.run.now + ticks
    if w.run.now + ticks <= w.run.horizon:
        let_pass(w, item, ticks, ARRIVAL)


@kernel
def join_backlog(w: World, item: int) -> None:
    """The item arrives, and with it every whole that it is a part of, unless that arrived with another part."""
    now = w.run.now
    w.run.coming -= w.items[item].brought
    note_arrival(w, item)
    w.items[item].joined = now
    w.items[item].since = now
    note_urgency(w, item)
    line_up_in_backlog(w, item)
    look_ahead(w, item)


@kernel
def arrives(w: World, item: int) -> None:
    """An item arrives from outside; it joins the backlog, unless it has to wait for others, or leaves with one of them."""
    if w.items[item].parts_missing > 0 or w.items[item].leaves:
        note_arrival(w, item)
    else:
        join_backlog(w, item)


@kernel
def note_arrival(w: World, item: int) -> None:
    """The item has arrived now, and with it every whole that it is a part of, unless that arrived with another part."""
    now = w.run.now
    number = item
    while number >= 0 and w.items[number].arrived < 0:
        w.items[number].arrived = now
        if w.items[number].leaves:
            goes(w, number)
        elif w.run.patient:
            be_patient(w, number)
        number = w.items[number].parent


@kernel
def has_left(w: World, item: int, ended: int) -> None:
    """The item has left as far as its whole is concerned, and those who wait for it; who misses nobody any more is due.

    Those give up who leave with it, if it was dropped.
    """
    if w.run.linked and ended:
        for place in range(w.links.first[item], w.links.first[item + 1]):
            if w.links.leaves[place]:
                _leaves_with(w, w.links.waiter[place], ended)
    if w.items[item].parent >= 0:
        _misses_one_less(w, w.items[item].parent)
    if w.run.linked:
        for place in range(w.links.first[item], w.links.first[item + 1]):
            _misses_one_less(w, w.links.waiter[place])


@kernel
def _leaves_with(w: World, item: int, ended: int) -> None:
    """The item, and every whole that it is a part of, gives up as soon as it has arrived, as far as they wait for others."""
    number = item
    while number >= 0:
        entry = w.items[number]
        if entry.joined < 0 and entry.left < 0 and not entry.brought:
            entry.leaves = max(entry.leaves, ended)
            if entry.arrived >= 0:
                goes(w, number)
        number = entry.parent


@kernel
def _misses_one_less(w: World, item: int) -> None:
    entry = w.items[item]
    if entry.left < 0:
        entry.parts_missing -= 1
        if entry.parts_missing == 0 and entry.arrived >= 0 and not entry.leaves:
            comes(w, item, 0)


@hot
def line_up_in_backlog(w: World, item: int) -> None:
    """Let the item wait to leave the backlog, in the organisation in force."""
    plan = plan_of(w, item)
    first = w.plans.first[plan]
    if first == w.plans.end[plan]:
        expect(w, DONE, item, 0)
    elif w.items[item].expedited:
        expect(w, AT_ONCE, item, 0)
    else:
        step = w.visits[first].step
        w.steps[step].backlog += 1
        line_up(w, backlog(w, step, w.items[item].type), item)
        ask_step(w, step)


@hot
def enter(w: World, item: int, row: int) -> None:
    """The item is on its next visit; one that parks gives up the step's and the team's token."""
    entry, visit = w.items[item], w.visits[row]
    entry.row = row
    w.trace.entered[row] = w.run.now
    w.trace.handoff[row] = entry.handed_over
    if visit.parks and not entry.parked:
        count_out(w, item)
        entry.parked = 1
        leave_column(w, item)
    extra = w.extras[visit.extra]
    transit = extra.delay
    if entry.handed_over and visit.opens:
        transit += extra.handoff_delay
    if transit:
        w.run.timed += 1
        let_pass(w, item, transit, TRANSIT)
    else:
        be_ready(w, item)


@hot
def be_ready(w: World, item: int) -> None:
    """The present visit can be worked on; one for which nobody is needed starts."""
    row = w.items[item].row
    w.trace.ready[row] = w.run.now
    if somebody_needed(w, row):
        w.items[item].since = w.run.now
        wait_for_people(w, item)
    else:
        start_by_itself(w, item)
        w.run.timed += 1
        let_pass(w, item, time_to_pass(w, row), WAIT)


@kernel
def start_by_itself(w: World, item: int) -> None:
    """Nobody is needed: the visit starts, unless it was started before."""
    row = w.items[item].row
    if w.trace.started[row] < 0:
        w.trace.started[row] = w.run.now
        w.trace.owner[row] = w.items[item].owner
        if w.run.patient:
            has_begun(w, item, 2)


@hot
def wait_for_people(w: World, item: int) -> None:
    """The visit waits to be started."""
    entry = w.items[item]
    visit = w.visits[entry.row]
    if entry.owner >= 0 and not visit.ticket:
        write_key(w, item, item, pull_place(w, item, w.teams[entry.owner].pull))
        push(w.nodes, w.roots, owned(w, visit.skill, entry.owner), item)
    else:
        line = EXEMPT if entry.expedited or visit.back else FREE
        line_up_for_anybody(w, visit.skill, TICKETS if visit.ticket else line, item)
    if w.run.urgent and entry.interrupts:
        write_key(w, urgent_of(w, item), item, 0)
        push(w.nodes, w.roots, URGENT, urgent_of(w, item))
    ask_servers(w, visit.skill, NONE if visit.ticket else entry.owner)


@kernel
def wait_no_more(w: World, item: int) -> None:
    """Take the item's present visit out of the lines for people."""
    entry = w.items[item]
    if w.run.urgent and entry.interrupts:
        remove(w.nodes, w.roots, urgent_of(w, item))
    if entry.owner >= 0 and not w.visits[entry.row].ticket:
        leave(w, item)
    else:
        leave_anybody(w, item)


@hot
def finish(w: World, item: int) -> None:
    """The present visit's work is done, or its time over."""
    row = w.items[item].row
    w.trace.finished[row] = w.run.now
    w.items[item].remaining = NONE
    gate = w.visits[row].gate
    if gate >= 0 and w.gates[gate].every:
        w.items[item].since = w.run.now
        w.run.held += 1
        w.gates[gate].held += 1
        line_up(w, at_gate(w, gate), item)
        expect_opening(w, gate)
    else:
        go_on(w, item)


@kernel
def expect_opening(w: World, gate: int) -> None:
    """Look at a gate when it opens next, or now."""
    wait = until_open(w, gate)
    if wait:
        w.gates[gate].look = w.run.now + wait
        w.run.next_look = min(w.run.next_look, w.run.now + wait)
    else:
        w.gates[gate].dirty = 1
        w.run.gates_dirty = 1


@hot
def go_on(w: World, item: int) -> None:
    """The present visit is done, and its gate passed."""
    entry = w.items[item]
    now = w.run.now
    if ends_stay(w, item):
        batch_or_release(w, item)
        return
    w.trace.released[entry.row] = now
    w.trace.left[entry.row] = now
    if entry.parked and not w.visits[entry.row + 1].parks:
        entry.since = now
        line_up_to_move(w, item)
    else:
        enter(w, item, entry.row + 1)


@kernel
def gathers(w: World, item: int) -> bool:
    """True when the item has to wait for a handoff batch into its next stay."""
    entry = w.items[item]
    following = entry.row + 1
    if following == entry.end or entry.owner < 0 or entry.expedited or w.visits[following].back:
        return False
    return w.steps[w.visits[following].step].batch > 1 and not keeps(w, entry.owner, following)


@hot
def batch_or_release(w: World, item: int) -> None:
    """The stay is done: the item gathers for a handoff batch, or is released."""
    entry = w.items[item]
    if gathers(w, item):
        count_out(w, item)
        entry.gathering = 1
        count_in(w, item)
        entry.since = w.run.now
        gather(w, item)
        gathers_and_comes_no_more(w, item, -1)
    else:
        entry.opens_batch = 1 if entry.expedited or not entry.passed_gate or entry.opens_batch else 0
        release(w, item)


@kernel
def gather(w: World, item: int) -> None:
    """Let the item wait for its batch."""
    step = w.visits[w.items[item].row + 1].step
    line_up(w, gathering(w, step), item)
    w.run.gathered += 1
    w.steps[step].gathered += 1
    w.run.batches_dirty = 1


@kernel
def release(w: World, item: int) -> None:
    """The item may leave its step as soon as there is room."""
    entry = w.items[item]
    entry.since = w.run.now
    w.trace.released[entry.row] = entry.since
    if entry.row + 1 < entry.end:
        count_entry(w, item, entry.row + 1, -1)
    line_up_to_move(w, item)


@hot
def line_up_to_move(w: World, item: int) -> None:
    """Let a released item wait to be moved on, in the organisation in force."""
    entry = w.items[item]
    following = entry.row + 1
    if following == entry.end:
        expect(w, DONE, item, 0)
    elif entry.expedited or (w.visits[following].back and not entry.parked):
        expect(w, AT_ONCE, item, 0)
    else:
        step = w.visits[following].step
        ask_step(w, step)
        if entry.parked and entry.owner >= 0:
            w.steps[step].coming_back += 1
            w.teams[entry.owner].coming_back += 1
            line_up(w, coming_back(w, step, entry.owner), item)
        else:
            line_up(w, to_enter(w, step), item)


@kernel
def time_is_over(w: World, item: int) -> None:
    """What the item waited for, while time passed, has come."""
    awaits = w.items[item].awaits
    if awaits == ARRIVAL:
        join_backlog(w, item)
        return
    w.run.timed -= 1
    if awaits == TRANSIT:
        be_ready(w, item)
    else:
        finish(w, item)
