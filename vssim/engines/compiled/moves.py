"""Decisions that let items on: gates, delivery, batches, moves."""

from __future__ import annotations

from vssim.engines.compiled.ahead import gathers_and_comes_no_more
from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.board import (
    count_in,
    count_out,
    enter_column,
    enter_stream,
    leave_column,
    leave_stream,
    spans_have_room,
    step_has_room,
    team_has_room,
)
from vssim.engines.compiled.heaps import following, precedes
from vssim.engines.compiled.journeys import comes, enter, expect_opening, go_on, has_left, release
from vssim.engines.compiled.organisation import ends_stay, keeps, plan_of, until_next, until_open, way_of
from vssim.engines.compiled.queues import (
    AT_ONCE,
    DONE,
    at_gate,
    backlog,
    coming_back,
    gathering,
    has_begun,
    leave,
    next_of,
    to_enter,
)
from vssim.engines.compiled.records import NEVER, NONE, World
from vssim.log import Ended
from vssim.workload.program import NEVER as NO_END

STOPPED = int(Ended.STOPPED)


@kernel
def look_at_gates(w: World) -> None:
    """Gates that are due to open are looked at in the decisions of this tick."""
    run = w.run
    run.next_look = NEVER
    for gate in range(run.gates):
        if w.gates[gate].look <= run.now:
            w.gates[gate].look = NEVER
            if w.gates[gate].held:
                expect_opening(w, gate)
        run.next_look = min(run.next_look, w.gates[gate].look)


@kernel
def open_gates(w: World) -> None:
    """Gates that are open now let through what may pass in this opening."""
    w.run.gates_dirty = 0
    for gate in range(w.run.gates):
        if w.gates[gate].dirty:
            w.gates[gate].dirty = 0
            if until_open(w, gate) == 0:
                _let_through(w, gate)


@kernel
def _let_through(w: World, gate: int) -> None:
    entry, run = w.gates[gate], w.run
    queue = at_gate(w, gate)
    if entry.opening != run.now:
        entry.opening = run.now
        entry.passed = 0
    while w.roots[queue] >= 0 and entry.passed < entry.most:
        item = next_of(w, queue)
        entry.held -= 1
        run.held -= 1
        w.items[item].passed_gate = 1 if ends_stay(w, item) else 0
        w.items[item].opens_batch = 1 if entry.passed == 0 and w.items[item].passed_gate else 0
        entry.passed += 1
        go_on(w, item)
    if entry.held:
        entry.look = run.now + until_next(w, gate)
        run.next_look = min(run.next_look, entry.look)


@kernel
def deliver(w: World) -> None:
    """Items released from their last visit leave, and items with an empty route."""
    while w.roots[DONE] >= 0:
        _leave_for_good(w, next_of(w, DONE))


@kernel
def _leave_for_good(w: World, item: int) -> None:
    """The item is delivered, or stopped; its successors and its whole become due."""
    entry, now = w.items[item], w.run.now
    if entry.row < 0:
        entry.routing = w.run.routing
        entry.pulled = now
    else:
        w.trace.left[entry.row] = now
        leave_stream(w, item)
        entry.row = NONE
    entry.left = now
    stops = w.plans.stops[plan_of(w, item)]
    successor = NONE if stops else entry.first_successor
    while successor >= 0:
        after = w.plans.after[w.plans.first_after[successor] + way_of(w, item, entry.routing)]
        if after >= 0:
            comes(w, successor, after)
        successor = w.items[successor].next_successor
    has_left(w, item, STOPPED if stops else 0)


@kernel
def release_batches(w: World) -> None:
    """Every full batch goes; then, step by step, what has gathered for as long as it may, and what nobody may still come to."""
    run = w.run
    run.batches_dirty = 0
    run.next_batch = NEVER
    for step in range(run.steps - 1, -1, -1):
        entry = w.steps[step]
        while entry.gathered and entry.gathered >= entry.batch:
            _release_batch(w, step, entry.batch)
        if entry.gathered:
            up = _time_is_up(w, step)
            if up <= run.now or (entry.to_come == 0 and entry.until <= run.now):
                _release_batch(w, step, entry.gathered)
            else:
                run.next_batch = min(run.next_batch, up)
                _wake_at(w, entry.until)
    if run.gathered:
        _wake_at(w, run.until)


@kernel
def _wake_at(w: World, tick: int) -> None:
    """Look at the batches again then, if that is still to come within the run."""
    if w.run.now < tick <= w.run.horizon:
        w.run.next_batch = min(w.run.next_batch, tick)


@kernel
def _time_is_up(w: World, step: int) -> int:
    """When the first of those that gather for a step has gathered for as long as a batch waits at most; NEVER."""
    longest = w.steps[step].batch_wait
    if longest >= NO_END:
        return NEVER
    root = w.roots[gathering(w, step)]
    first = w.items[root].since
    node = following(w.nodes, root, root)
    while node >= 0:
        first = min(first, w.items[node].since)
        node = following(w.nodes, root, node)
    return first + longest


@kernel
def _release_batch(w: World, step: int, size: int) -> None:
    """The first by key are released, the first of them marked."""
    for place in range(size):
        item = next_of(w, gathering(w, step))
        gathers_and_comes_no_more(w, item, 1)
        count_out(w, item)
        w.items[item].gathering = 0
        count_in(w, item)
        w.items[item].opens_batch = 1 if place == 0 else 0
        release(w, item)
    w.steps[step].gathered -= size
    w.run.gathered -= size


@kernel
def release_last_resort(w: World) -> bool:
    """When nothing is due any more at all, the batch of the last step that has one goes; True when it did."""
    run = w.run
    if run.coming or run.timed or run.open or run.held or run.until > run.now:
        return False
    for step in range(run.steps):
        if w.steps[step].gathered and w.steps[step].batch_wait < NO_END:
            return False
    for step in range(run.steps - 1, -1, -1):
        if w.steps[step].gathered:
            _release_batch(w, step, w.steps[step].gathered)
            return True
    return False


@kernel
def moves(w: World) -> None:
    """Returns and expedited items, room or not; then step by step from the last, while there is room."""
    while w.roots[AT_ONCE] >= 0:
        _move(w, next_of(w, AT_ONCE))
    run = w.run
    # From the highest step that was asked, so that most rounds look at one or two. A step that a move asks from here on is
    # before the present one, and met on the way down, or behind it, and then `highest_dirty` brings on another round.
    step = run.highest_dirty
    run.highest_dirty = NONE
    while step >= 0:
        if w.steps[step].dirty:
            w.steps[step].dirty = 0
            _enter_step(w, step)
        step -= 1
    # What was asked and met on the way down is done: without this every round would be followed by one that finds nothing.
    while run.highest_dirty >= 0 and not w.steps[run.highest_dirty].dirty:
        run.highest_dirty -= 1


@kernel
def _enter_step(w: World, step: int) -> None:
    while step_has_room(w, step):
        item = _first_under_way(w, step)
        if item < 0:
            item = _first_in_backlog(w, step)
            if item < 0:
                return
        _move(w, item)


@kernel
def _first_with_room(w: World, queue: int, step: int) -> int:
    """The first in a line to a step whom no span keeps out; NONE."""
    root = w.roots[queue]
    if root < 0 or w.steps[step].spanned == 0 or spans_have_room(w, root, step):
        return int(root)
    # A span may keep the first out and let another in, who is counted already or of another type: they are skipped, and
    # the line is looked through. Only lines to columns under a span are.
    first = NONE
    node = following(w.nodes, root, root)
    while node >= 0:
        if (first < 0 or precedes(w.nodes, node, first)) and spans_have_room(w, node, step):
            first = node
        node = following(w.nodes, root, node)
    return first


@kernel
def _first_under_way(w: World, step: int) -> int:
    """The first among the items released to the step and those that may come back to it, taken out of its line; NONE."""
    first = _first_with_room(w, to_enter(w, step), step)
    if w.steps[step].coming_back:
        for team in range(w.run.teams):
            item = _first_with_room(w, coming_back(w, step, team), step)
            if item >= 0 and (first < 0 or precedes(w.nodes, item, first)) and team_has_room(w, team, step):
                first = item
    if first >= 0:
        leave(w, first)
        if w.items[first].parked and w.items[first].owner >= 0:
            w.steps[step].coming_back -= 1
            w.teams[w.items[first].owner].coming_back -= 1
    return first


@kernel
def _first_in_backlog(w: World, step: int) -> int:
    """The first among the items that may leave the backlog into the step, taken out of its line; NONE."""
    first = NONE
    run = w.run
    if w.steps[step].backlog and run.in_stream < run.stream_limit:
        for kind in range(run.types):
            item = w.roots[backlog(w, step, kind)]
            has_room = item >= 0 and w.types[kind].inside < w.types[kind].limit and spans_have_room(w, item, step)
            if has_room and (first < 0 or precedes(w.nodes, item, first)):
                first = item
        if first >= 0:
            leave(w, first)
            w.steps[step].backlog -= 1
    return first


@kernel
def _move(w: World, item: int) -> None:
    """The item leaves the backlog, comes back from being parked, or moves on to its next stay."""
    entry, run = w.items[item], w.run
    row = entry.row + 1
    if entry.row < 0:
        entry.routing = run.routing
        plan = plan_of(w, item)
        row = w.plans.first[plan]
        entry.end = w.plans.end[plan]
        entry.pulled = run.now
        if run.patient:
            has_begun(w, item, 1)
        enter_stream(w, item)
        enter_column(w, item, w.visits[row].step)
    elif entry.parked:
        entry.parked = 0
        enter_column(w, item, w.visits[row].step)
        count_in(w, item)
    else:
        _move_on(w, item, row)
    enter(w, item, row)


@kernel
def _move_on(w: World, item: int, row: int) -> None:
    """From one stay to the next; a new column, and perhaps a handoff."""
    entry = w.items[item]
    w.trace.left[entry.row] = w.run.now
    count_out(w, item)
    leave_column(w, item)
    entry.handed_over = 1 if entry.owner >= 0 and not keeps(w, entry.owner, row) else 0
    if entry.handed_over:
        entry.owner = NONE
    entry.carries_setup = 1 if entry.handed_over and entry.opens_batch and not w.visits[row].back else 0
    entry.passed_gate = 0
    entry.opens_batch = 0
    enter_column(w, item, w.visits[row].step)
    count_in(w, item)
