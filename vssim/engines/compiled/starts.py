"""Decisions who starts what: the least busy pool that has a free place and something to take takes its first by key."""

from __future__ import annotations

from vssim.clock import NO_LIMIT
from vssim.engines.compiled.backend.jit import hot, kernel
from vssim.engines.compiled.board import team_has_room
from vssim.engines.compiled.heaps import following, precedes
from vssim.engines.compiled.journeys import wait_for_people, wait_no_more
from vssim.engines.compiled.people import bring_up, put_down, start, work_left
from vssim.engines.compiled.queues import (
    EXEMPT,
    FREE,
    TICKETS,
    URGENT,
    anybody,
    leave,
    open_at,
    owned,
    pull_place,
    urgent_of,
)
from vssim.engines.compiled.records import NONE, World
from vssim.workload.program import LIFO

UNKNOWN = -2
"""a pool's candidate that has to be looked for"""

DO, HELP = 0, 1


@kernel
def starts(w: World) -> None:
    """Start first what people do, then what they help at; only pools for which something changed are asked."""
    again = True
    while again:
        _serve_those_alone(w)
        if w.run.asked:
            _take_turns(w, DO)
            if w.run.helpers:
                _take_turns(w, HELP)
            for place in range(w.run.asked):
                w.pools[w.asked[place]].dirty = 0
            w.run.asked = 0
        again = w.run.urgent > 0 and w.roots[URGENT] >= 0 and _interrupt(w)


@kernel
def _interrupt(w: World) -> bool:
    """The first interrupting visit that waits, and that some pool can take, is started for the last that it has open."""
    root = w.roots[URGENT]
    first, pool, node = NONE, NONE, root
    while node >= 0:
        if first < 0 or precedes(w.nodes, node, first):
            interrupted = _who_is_interrupted(w, node - urgent_of(w, 0))
            if interrupted >= 0:
                first, pool = node, interrupted
        node = following(w.nodes, root, node)
    if first < 0:
        return False
    # Before `put_down`: it writes another queue into the node, so that the visit would stay in the heap of open visits for good,
    # and it reads what is left to do from the pool's progress, which has to be that of now.
    last = _last_that_is_calm(w, pool)
    leave(w, last)
    bring_up(w, pool)
    put_down(w, pool, last)
    entry = w.items[last]
    left = entry.remaining
    entry.remaining = NONE
    entry.remaining = min(left + w.teams[w.pools[pool].team].resuming, work_left(w, last))
    wait_for_people(w, last)
    item = first - urgent_of(w, 0)
    wait_no_more(w, item)
    start(w, pool, item)
    return True


@kernel
def _who_is_interrupted(w: World, item: int) -> int:
    """The least busy pool that can put something down for the item: of those that do its visit, else of those that help; NONE."""
    entry = w.items[item]
    visit = w.visits[entry.row]
    skill = w.skills[visit.skill]
    best = NONE
    for place in range(skill.first, skill.end):
        pool = w.servers[place]
        if (
            w.tables.does[w.run.phase, pool, visit.skill]
            and _can_make_room(w, pool, item)
            and (best < 0 or _goes_before(w, pool, best))
        ):
            best = pool
    if best < 0:
        for place in range(skill.first, skill.end):
            pool = w.servers[place]
            helps = w.tables.helps[w.run.phase, pool, visit.skill]
            theirs = not visit.ticket and entry.owner == w.pools[pool].team
            if w.run.stand_ins and not theirs and _leaves_it(w, pool, visit.skill):
                continue
            if helps and _can_make_room(w, pool, item) and (best < 0 or _goes_before(w, pool, best)):
                best = pool
    return best


@kernel
def _can_make_room(w: World, pool: int, item: int) -> bool:
    """True when the pool is full, may take the item's visit, and has something open that does not interrupt."""
    people, entry = w.pools[pool], w.items[item]
    if people.open < people.cap or _last_that_is_calm(w, pool) < 0:
        return False
    visit = w.visits[entry.row]
    if visit.ticket or entry.owner == people.team:
        return True
    if entry.owner >= 0:
        return False
    return bool(entry.expedited or visit.back or team_has_room(w, people.team, visit.step))


@kernel
def _last_that_is_calm(w: World, pool: int) -> int:
    """The last by the key of starting of what the pool has open and does not interrupt; NONE."""
    root = w.roots[open_at(w, pool)]
    last, node = NONE, root
    while node >= 0:
        if w.items[node].interrupts == 0 and (last < 0 or _was_before(w, w.pools[pool].team, last, node)):
            last = node
        node = following(w.nodes, root, node)
    return last


@kernel
def _was_before(w: World, team: int, item: int, other: int) -> bool:
    """As `_starts_before`, of items in hand, whose nodes say when they are done."""
    a, b = w.items[item], w.items[other]
    if a.urgency != b.urgency:
        return bool(a.urgency < b.urgency)
    mine = w.visits[a.row].ticket * w.teams[team].tickets
    others = w.visits[b.row].ticket * w.teams[team].tickets
    if mine == others:
        mine = pull_place(w, item, w.teams[team].pull)
        others = pull_place(w, other, w.teams[team].pull)
    if mine == others:
        mine, others = a.rank, b.rank
    if mine == others:
        mine, others = (b.since, a.since) if w.run.discipline == LIFO else (a.since, b.since)
    return bool(mine < others if mine != others else item < other)


@kernel
def _serve_those_alone(w: World) -> None:
    """Let pools whose starts concern no other pool start all they can, out of turn; the others stay in the list of those asked."""
    # Most pools in most organisations are alone, and looking for the least busy of all again after each start would take
    # (pools)². What they start neither takes anybody's item nor anybody's room in a team, so that the order cannot matter.
    others = 0
    for place in range(w.run.asked):
        pool = w.asked[place]
        if w.pools[pool].alone:
            w.pools[pool].dirty = 0
            _take_all(w, pool)
        else:
            w.asked[others] = pool
            others += 1
    w.run.asked = others


@kernel
def _take_all(w: World, pool: int) -> None:
    entry = w.pools[pool]
    while entry.open < entry.cap:
        item = _first_for(w, pool, DO)
        if item < 0 and w.run.helpers:
            item = _first_for(w, pool, HELP)
        if item < 0:
            return
        wait_no_more(w, item)
        start(w, pool, item)


@kernel
def _take_turns(w: World, verb: int) -> None:
    for place in range(w.run.asked):
        w.pools[w.asked[place]].candidate = UNKNOWN
    pool = _least_busy(w, verb)
    while pool >= 0:
        item = w.pools[pool].candidate
        wait_no_more(w, item)
        start(w, pool, item)
        _forget(w, w.pools[pool].team, item)
        pool = _least_busy(w, verb)


@kernel
def _forget(w: World, team: int, item: int) -> None:
    """Look again for the pools whose candidate was taken, and for those of a team that may have no room now."""
    # A start only ever takes something away: what a pool would take stays its first unless it was this item, or its team has
    # no room for it now. A start that could bring something on would have to make all candidates unknown.
    limited = w.teams[team].limit != NO_LIMIT
    for place in range(w.run.asked):
        entry = w.pools[w.asked[place]]
        if entry.candidate == item or (limited and entry.team == team and entry.candidate >= 0):
            entry.candidate = UNKNOWN


@kernel
def _least_busy(w: World, verb: int) -> int:
    """The least busy pool that has a free place and something to take; of several the first."""
    best = NONE
    for place in range(w.run.asked):
        pool = w.asked[place]
        entry = w.pools[pool]
        if entry.candidate != NONE and entry.open < entry.cap and (best < 0 or _goes_before(w, pool, best)):
            if entry.candidate == UNKNOWN:
                entry.candidate = _first_for(w, pool, verb)
            if entry.candidate >= 0:
                best = pool
    return best


@kernel
def _goes_before(w: World, pool: int, other: int) -> bool:
    return _less_busy(w, pool, other) or (pool < other and not _less_busy(w, other, pool))


@kernel
def _less_busy(w: World, pool: int, other: int) -> bool:
    """True when open/people is below that of the other; unlimited people count as never busy."""
    entry, against = w.pools[pool], w.pools[other]
    mine = 0 if entry.cap == NO_LIMIT else entry.open
    others = 0 if against.cap == NO_LIMIT else against.open
    return mine * max(1, against.people) < others * max(1, entry.people)


@hot
def _first_for(w: World, pool: int, verb: int) -> int:
    """The first by key among the visits that the pool may take; NONE."""
    entry = w.pools[pool]
    team = entry.team
    slot = w.teams[team].slot
    first = NONE
    begin, end = entry.does_first, entry.does_end
    if verb == HELP:
        begin, end = entry.helps_first, entry.helps_end
    for place in range(begin, end):
        skill = w.crafts[place]
        first = _better(w, team, first, w.roots[owned(w, skill, team)])
        if verb == HELP and w.run.stand_ins and _leaves_it(w, pool, skill):
            continue
        first = _better(w, team, first, _item_of(w, w.roots[anybody(w, skill, TICKETS, slot)]))
        first = _better(w, team, first, _item_of(w, w.roots[anybody(w, skill, EXEMPT, slot)]))
        free = _item_of(w, w.roots[anybody(w, skill, FREE, slot)])
        if free >= 0 and team_has_room(w, team, w.visits[w.items[free].row].step):
            first = _better(w, team, first, free)
    return first


@kernel
def _leaves_it(w: World, pool: int, skill: int) -> bool:
    """True when the pool only stands in at the skill, and somebody is here who does it; what its team owns it goes on with."""
    return bool(w.skills[skill].experts and w.tables.stands_in[w.run.phase, pool, skill])


@kernel
def _item_of(w: World, node: int) -> int:
    return node if node < w.run.items else node % w.run.items


@kernel
def _better(w: World, team: int, first: int, other: int) -> int:
    """Whichever of two items the team starts first; either may be NONE."""
    if other < 0:
        return first
    if first < 0:
        return other
    return other if _starts_before(w, team, other, first) else first


@kernel
def _starts_before(w: World, team: int, item: int, other: int) -> bool:
    a, b = w.nodes[item], w.nodes[other]
    if a.urgency != b.urgency:
        return bool(a.urgency < b.urgency)
    mine = w.visits[w.items[item].row].ticket * w.teams[team].tickets
    others = w.visits[w.items[other].row].ticket * w.teams[team].tickets
    if mine == others:
        mine = pull_place(w, item, w.teams[team].pull)
        others = pull_place(w, other, w.teams[team].pull)
    if mine == others:
        mine, others = a.rank, b.rank
    if mine == others:
        mine, others = a.time, b.time
    return bool(mine < others if mine != others else item < other)
