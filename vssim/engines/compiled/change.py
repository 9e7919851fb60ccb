"""A change that comes into force: from now on another organisation counts, and what is under way is fitted to it."""

from __future__ import annotations

from vssim.engines.compiled.ahead import count_all
from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.board import ask_pool, ask_step, count_in, count_out
from vssim.engines.compiled.heaps import push
from vssim.engines.compiled.journeys import (
    batch_or_release,
    expect_opening,
    gather,
    gathers,
    line_up_in_backlog,
    line_up_to_move,
    start_by_itself,
    wait_for_people,
)
from vssim.engines.compiled.organisation import own_skill, proficiency, somebody_needed
from vssim.engines.compiled.people import bring_up, put_down, set_pace, taken_up
from vssim.engines.compiled.queues import (
    AGAIN,
    AT_ONCE,
    DONE,
    DUE,
    PUT_DOWN,
    URGENT,
    at_gate,
    due,
    expect,
    leave,
    line_up,
    next_of,
    note_urgency,
    open_at,
    pull_place,
    write_key,
)
from vssim.engines.compiled.records import NEVER, NONE, WAIT, World
from vssim.engines.compiled.tables import count_experts, load, take_on

BEYOND_PLACES = 2**50
"""Weight of a ticket's rank in one word of a key, so that it counts before the place in the pull order."""

INTERRUPTING_FIRST = 2**62
"""Taken from the key of what interrupts, so that it comes before everything else in hand."""


@kernel
def come_into_force(w: World, phase: int) -> None:
    """Let the organisation of `phase` count from now on."""
    run = w.run
    # People first: what they put down has to be in PUT_DOWN when the lines are filled again, or it would never wait anywhere.
    # Owners are settled before anything waits again: the line that an item joins, and whether it gathers, depend on its owner.
    _new_people(w, phase)
    _empty_lines(w)
    for item in range(run.items):
        if w.items[item].joined >= 0 and w.items[item].left < 0 and w.items[item].row >= 0:
            _new_owner(w, item)
    for item in range(run.items):
        queue = w.nodes[item].queue
        if _is_line(w, queue):
            _wait_again(w, item, queue)
        elif queue == DUE:
            _cut_short(w, item)
    count_all(w)  # from nothing, so after all that gathers or is released above: each of those counts entries in or out
    _look_at_gates_again(w)
    set_pace(w)
    _ask_all(w)


@kernel
def _new_people(w: World, phase: int) -> None:
    """The organisation is loaded; what its pools cannot do, or have too much of, they put down."""
    for pool in range(w.run.pools):
        bring_up(w, pool)
    load(w, phase)
    for item in range(w.run.items):
        if w.items[item].joined >= 0 and w.items[item].left < 0:
            note_urgency(w, item)
            _still_able(w, item)
    for pool in range(w.run.pools):
        if w.pools[pool].open > w.pools[pool].cap:
            _put_down_last(w, pool)


@kernel
def people_change(w: World) -> None:
    """People come or go: their number, cap and rates are others from now on; what is above the cap is put down.

    The pool keeps its skills, and its team what it owns, also while nobody is here.
    """
    run = w.run
    while run.next_people <= run.now:
        bring_up(w, w.tables.staff[run.next_staff].pool)
        pool = take_on(w)
        if w.pools[pool].open > w.pools[pool].cap:
            _put_down_last(w, pool)
            for item in range(run.items):
                if w.nodes[item].queue == PUT_DOWN:
                    wait_for_people(w, item)
        ask_pool(w, pool)
    if run.stand_ins:
        count_experts(w)
        _ask_stand_ins(w)


@kernel
def _ask_stand_ins(w: World) -> None:
    """Where nobody is here who does a skill, those who help at it only then are asked."""
    for skill in range(w.run.skills):
        entry = w.skills[skill]
        if entry.experts == 0:
            for place in range(entry.first, entry.end):
                ask_pool(w, w.servers[place])


@kernel
def _still_able(w: World, item: int) -> None:
    """What its pool cannot do any more is put down."""
    pool = w.nodes[item].queue - w.run.to_open
    if pool < 0 or pool >= w.run.pools:
        return
    visit = w.visits[w.items[item].row]
    if not (w.pools[pool].there and w.steps[visit.step].there and proficiency(w, pool, visit.skill)):
        leave(w, item)
        put_down(w, pool, item)


@kernel
def _put_down_last(w: World, pool: int) -> None:
    """The pool has more open than it may: the last by key of starting are put down, what interrupts after all else.

    All of it goes through one line by that key, and the first go back. Looking for the last one again and again would take
    (open visits)² where unlimited people become few.
    """
    entry = w.pools[pool]
    while w.roots[open_at(w, pool)] >= 0:
        item = next_of(w, open_at(w, pool))
        ticket = w.visits[w.items[item].row].ticket * w.teams[entry.team].tickets
        write_key(w, item, item, ticket * BEYOND_PLACES + pull_place(w, item, w.teams[entry.team].pull))
        if w.run.urgent and w.items[item].interrupts:
            w.nodes[item].urgency -= INTERRUPTING_FIRST
        push(w.nodes, w.roots, PUT_DOWN, item)
    for _ in range(entry.cap):
        item = next_of(w, PUT_DOWN)
        expect(w, open_at(w, pool), item, w.items[item].target)
    while w.roots[PUT_DOWN] >= 0:
        put_down(w, pool, next_of(w, PUT_DOWN))


@kernel
def _is_line(w: World, queue: int) -> bool:
    """True for queues in which the order, or what waiting there means, may have changed."""
    # Queues that go by time or by target (DUE, AGAIN, PATIENT, open visits) keep their order under any organisation. Any other
    # queue left out here would keep items in the order, and at the skill, of an organisation that is no longer in force.
    return queue in (DONE, AT_ONCE, PUT_DOWN) or queue >= w.run.at_gate


@kernel
def _empty_lines(w: World) -> None:
    """Empty all lines and set the counts of teams and steps to 0; what waits is put back item by item."""
    for queue in range(w.run.queues):
        if _is_line(w, queue):
            w.roots[queue] = NONE
    if w.run.urgent:
        w.roots[URGENT] = NONE
    w.run.gathered = 0
    for step in range(w.run.steps):
        w.steps[step].gathered = 0
        w.steps[step].coming_back = 0
        w.steps[step].backlog = 0
    for team in range(w.run.teams):
        w.teams[team].coming_back = 0
        w.teams[team].owned = 0
        for step in range(w.run.steps):
            w.standing[team, step] = 0


@kernel
def _new_owner(w: World, item: int) -> None:
    """An owner that is gone, or cannot do the present stay any more, lets the item go."""
    entry = w.items[item]
    if entry.owner >= 0:
        skill = own_skill(w, entry.row)
        if not w.teams[entry.owner].there or (skill >= 0 and not w.team_can[entry.owner, skill]):
            entry.owner = NONE
    count_in(w, item)


@kernel
def _wait_again(w: World, item: int, queue: int) -> None:
    """Let the item wait for what it waits for, in the new organisation."""
    entry, run = w.items[item], w.run
    if entry.row < 0:
        line_up_in_backlog(w, item)
    elif run.at_gate <= queue < run.gathering:
        line_up(w, at_gate(w, queue - run.at_gate), item)
    elif entry.gathering:
        _gather_again(w, item)
    elif w.trace.finished[entry.row] >= 0:
        line_up_to_move(w, item)
    elif somebody_needed(w, entry.row):
        wait_for_people(w, item)
    else:
        _pass(w, item)


@kernel
def _gather_again(w: World, item: int) -> None:
    """The item goes on gathering, since when it did, or is released now."""
    if gathers(w, item):
        gather(w, item)
        return
    count_out(w, item)
    w.items[item].gathering = 0
    count_in(w, item)
    batch_or_release(w, item)


@kernel
def _pass(w: World, item: int) -> None:
    """Nobody can do the visit any more: it is passed without work."""
    entry = w.items[item]
    if entry.remaining >= 0:
        taken_up(w, item)
    start_by_itself(w, item)
    entry.awaits = WAIT
    w.run.timed += 1
    expect(w, AGAIN, item, 0)


@kernel
def _cut_short(w: World, item: int) -> None:
    """Time that passes at a step that is gone is over."""
    entry = w.items[item]
    if entry.awaits == WAIT and due(w, item) > w.run.now and not w.steps[w.visits[entry.row].step].there:
        leave(w, item)
        expect(w, AGAIN, item, 0)


@kernel
def _look_at_gates_again(w: World) -> None:
    w.run.next_look = NEVER
    for gate in range(w.run.gates):
        w.gates[gate].look = NEVER
        if w.gates[gate].held:
            expect_opening(w, gate)


@kernel
def _ask_all(w: World) -> None:
    """Everybody is asked again what can be done."""
    w.run.batches_dirty = 1
    for step in range(w.run.steps):
        ask_step(w, step)
    for pool in range(w.run.pools):
        ask_pool(w, pool)
