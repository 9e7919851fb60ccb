"""The queues: which there are, how they are numbered, and by what key items stand in them."""

from __future__ import annotations

from typing import Any

from vssim.engines.compiled.backend.jit import hot, kernel
from vssim.engines.compiled.heaps import pop, push, remove
from vssim.engines.compiled.records import World
from vssim.workload.program import (
    EARLIEST_DUE,
    LIFO,
    NO_RANK,
    PULL_FINISH_FIRST,
    PULL_OLDEST_FIRST,
    PULL_START_FIRST,
)

DUE = 0
"""items for whom time passes, by when it is over"""
AGAIN = 1
"""items that are due again at this tick"""
DONE = 2
"""released from their last visit, or with an empty route"""
AT_ONCE = 3
"""moves that no limit holds up"""
PUT_DOWN = 4
"""put down by a change that comes into force now; always empty after it"""
NOW = 5
"""those that were due again, taking their turn"""
PATIENT = 6
"""items that may give up, by when; nodes of their own"""
GIVING_UP = 7
"""items that do as soon as the tick is quiet, by number; nodes of the same kind"""
URGENT = 8
"""interrupting visits that wait for people, by key; nodes of their own"""
TICKETS, FREE, EXEMPT = 0, 1, 2
"""lines for anybody with the skill: tickets; own work without owner; such that no limit of the team holds up"""

EXPEDITED_FIRST = 2**61
"""by which an expedited item's urgency is below every priority"""


@kernel
def open_at(w: World, pool: int) -> int:
    """Open items of a pool, by target."""
    return w.run.to_open + pool


@kernel
def at_gate(w: World, gate: int) -> int:
    """Items that wait at a gate."""
    return w.run.at_gate + gate


@kernel
def gathering(w: World, step: int) -> int:
    """Items that gather for a batch into a step."""
    return w.run.gathering + step


@kernel
def to_enter(w: World, step: int) -> int:
    """Items released to a step, or coming back to it without owner."""
    return w.run.to_enter + step


@kernel
def coming_back(w: World, step: int, team: int) -> int:
    """Items that a team owns and that come back to a step."""
    return w.run.coming_back + step * w.run.teams + team


@kernel
def backlog(w: World, step: int, kind: int) -> int:
    """Items of a type whose first step this is."""
    return w.run.backlog + step * w.run.types + kind


@kernel
def owned(w: World, skill: int, team: int) -> int:
    """Own work of items that a team owns, waiting for people."""
    return w.run.owned + skill * w.run.teams + team


@kernel
def anybody(w: World, skill: int, line: int, slot: int) -> int:
    """Visits that anybody with the skill may serve, in the order of a slot."""
    return w.run.anybody + (skill * w.run.orders + slot) * 3 + line


@kernel
def note_urgency(w: World, item: int) -> None:
    """Write down what sorts an item in the organisation in force: its urgency (expedited, priority) and its rank."""
    run, entry = w.run, w.items[item]
    entry.expedited = w.precedence.expedite[run.precedence, item]
    if run.urgent:
        entry.interrupts = w.precedence.interrupts[run.precedence, item]
    entry.urgency = w.precedence.priority[run.precedence, item] - (EXPEDITED_FIRST if entry.expedited else 0)
    entry.rank = w.precedence.rank[run.precedence, item]
    if run.discipline == EARLIEST_DUE and entry.rank != NO_RANK:
        entry.rank += entry.arrived


@kernel
def write_key(w: World, node: int, item: int, place: int) -> None:
    """The key by which the item stands in a line."""
    entry, key = w.items[item], w.nodes[node]
    key.urgency = entry.urgency
    key.place = place
    key.rank = entry.rank
    key.time = -entry.since if w.run.discipline == LIFO else entry.since


@kernel
def line_up(w: World, queue: int, item: int) -> None:
    """Let the item wait in a line, at its place by key."""
    write_key(w, item, item, 0)
    push(w.nodes, w.roots, queue, item)


@kernel
def expect(w: World, queue: int, item: int, time: int) -> None:
    """Let the item wait in a queue that goes by time, then number."""
    key = w.nodes[item]
    key.urgency = time
    key.place = 0
    key.rank = 0
    key.time = 0
    push(w.nodes, w.roots, queue, item)


@kernel
def due(w: World, item: int) -> int:
    """When the item is due in a queue that goes by time."""
    return w.nodes[item].urgency


@kernel
def patience_of(w: World, item: int) -> int:
    """The node by which the item waits to give up."""
    return w.run.orders * w.run.items + item


@kernel
def urgent_of(w: World, item: int) -> int:
    """The node by which the item's visit waits to interrupt."""
    return (w.run.orders + w.run.patient) * w.run.items + item


@kernel
def be_patient(w: World, item: int) -> None:
    """The item has arrived and will wait for as long as it has patience, in the organisation in force."""
    patience = w.precedence.patience[w.run.precedence, item]
    if patience >= 0:
        node = patience_of(w, item)
        key = w.nodes[node]
        key.urgency = w.items[item].arrived + patience
        key.place = 0
        key.rank = 0
        key.time = 0
        push(w.nodes, w.roots, PATIENT, node)


@kernel
def goes(w: World, item: int) -> None:
    """Let an item give up as soon as the tick is quiet."""
    node = patience_of(w, item)
    if w.nodes[node].queue >= 0:
        remove(w.nodes, w.roots, node)
    key = w.nodes[node]
    key.urgency = 0
    key.place = 0
    key.rank = 0
    key.time = 0
    push(w.nodes, w.roots, GIVING_UP, node)


@kernel
def has_begun(w: World, item: int, stage: int) -> None:
    """The item has left the backlog (1), or was started (2); so has every whole that it is a part of."""
    number = item
    while number >= 0:
        w.items[number].begun |= stage
        number = w.items[number].parent


@kernel
def next_of(w: World, queue: int) -> int:
    """Take the first out of a queue that is not empty."""
    return pop(w.nodes, w.roots, queue)


@kernel
def leave(w: World, item: int) -> None:
    """Take the item out of the queue it is in."""
    remove(w.nodes, w.roots, item)


@hot
def line_up_for_anybody(w: World, skill: int, line: int, item: int) -> None:
    """Let the item's present visit wait for anybody who has the skill, in every order that some team looks by."""
    write_key(w, item, item, 0)
    push(w.nodes, w.roots, anybody(w, skill, line, 0), item)
    for slot in range(1, w.run.orders):
        node = slot * w.run.items + item
        write_key(w, node, item, _place(w, item, slot))
        push(w.nodes, w.roots, anybody(w, skill, line, slot), node)


@kernel
def leave_anybody(w: World, item: int) -> None:
    """Take the item's present visit out of the lines for anybody."""
    for slot in range(w.run.orders):
        remove(w.nodes, w.roots, slot * w.run.items + item)


@kernel
def _place(w: World, item: int, slot: int) -> int:
    """The item's place by the pull order of a slot."""
    return pull_place(w, item, w.slots[slot])


@kernel
def pull_place(w: World, item: int, pull: int) -> Any:
    """The item's place by a team's pull order."""
    place = 0
    if pull == PULL_FINISH_FIRST:
        place = -w.visits[w.items[item].row].step
    elif pull == PULL_START_FIRST:
        place = w.visits[w.items[item].row].step
    elif pull == PULL_OLDEST_FIRST:
        place = w.items[item].arrived
    return place
