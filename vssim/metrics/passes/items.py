"""By item: when it was committed and started, where its time went, how often it was sent back and handed on.

The words are those of `causes` and `moments`, which say the same with arrays.
"""

from __future__ import annotations

from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.layout import (
    ASIDE,
    BEGUN,
    CAUSE,
    COMMITTED,
    GIVEN,
    HANDOFFS,
    I_ARRIVED,
    I_ENDED,
    I_JOINED,
    I_LEFT,
    I_PARENT,
    I_PULLED,
    N_CAUSES,
    N_ITEMS,
    N_VISITS,
    RETURNS,
    REWORK,
    SINCE,
    V_ENTERED,
    V_FINISHED,
    V_HANDOFF,
    V_ITEM,
    V_KIND,
    V_LEFT,
    V_PUT_DOWN,
    V_READY,
    V_RELEASED,
    V_REWORK,
    V_SKILL,
    V_STARTED,
    V_STAY,
    V_STEP,
    V_TOUCH,
)

NOT_YET = -1
LATE = 2**63 - 1
TRANSIT, QUEUEING, HANDS_ON, SWITCHING, SET_ASIDE, HELPER, OUTSIDE, GATE, NO_ROOM = range(2, 11)
"""Causes, by number; 0 and 1 are `parts` and `backlog`."""

WORK, TICKET = 0, 1
"""Kinds of visits; the third is one in which time passes."""


@passes.kernel
def moments_of_items(words: Any) -> None:
    """When each item was committed and started: by itself, and a whole through all levels of its parts."""
    count = words[N_ITEMS]
    parent = passes.numbers_at(words[I_PARENT], passes.int32)
    pulled, left = passes.numbers_at(words[I_PULLED], passes.int64), passes.numbers_at(words[I_LEFT], passes.int64)
    committed, since = passes.numbers_at(words[COMMITTED], passes.int64), passes.numbers_at(words[SINCE], passes.int64)
    begun = passes.numbers_at(words[BEGUN], passes.int64)
    item_of = passes.numbers_at(words[V_ITEM], passes.int32)
    started = passes.numbers_at(words[V_STARTED], passes.int64)
    for item in range(count):
        begun[item] = LATE
        if not words[GIVEN]:
            committed[item] = left[item] if pulled[item] == NOT_YET else pulled[item]
    for visit in range(words[N_VISITS]):
        if started[visit] != NOT_YET and started[visit] < begun[item_of[visit]]:
            begun[item_of[visit]] = started[visit]
    wholes = False
    for item in range(count):
        if begun[item] == LATE and left[item] != NOT_YET:
            begun[item] = left[item]
        since[item] = LATE if committed[item] == NOT_YET else committed[item]
        wholes = wholes or parent[item] >= 0
    if wholes:
        _through_levels(words)
    for item in range(count):
        since[item] = NOT_YET if since[item] == LATE else since[item]
        begun[item] = NOT_YET if begun[item] == LATE else begun[item]


@passes.kernel
def _through_levels(words: Any) -> None:
    """A whole is committed and started when the first of its parts is, on any level."""
    parent = passes.numbers_at(words[I_PARENT], passes.int32)
    since, begun = passes.numbers_at(words[SINCE], passes.int64), passes.numbers_at(words[BEGUN], passes.int64)
    # Repeated until nothing changes: a part may have a higher number than its whole or a lower one, so that a single pass could
    # miss the levels above. There are at most as many passes as levels, and one more.
    changed = True
    while changed:
        changed = False
        for item in range(words[N_ITEMS]):
            whole = parent[item]
            if whole >= 0 and (since[item] < since[whole] or begun[item] < begun[whole]):
                since[whole] = min(since[whole], since[item])
                begun[whole] = min(begun[whole], begun[item])
                changed = True


@passes.kernel
def journeys_of_items(words: Any) -> None:
    """How delivered items travelled: how often they were sent back and handed on, how long they were in repeated stays."""
    visits = words[N_VISITS]
    item_of, stay = passes.numbers_at(words[V_ITEM], passes.int32), passes.numbers_at(words[V_STAY], passes.int32)
    step, handoff = passes.numbers_at(words[V_STEP], passes.int16), passes.numbers_at(words[V_HANDOFF], passes.int8)
    repeated, ended = passes.numbers_at(words[V_REWORK], passes.int8), passes.numbers_at(words[I_ENDED], passes.int8)
    entered, left = passes.numbers_at(words[V_ENTERED], passes.int64), passes.numbers_at(words[V_LEFT], passes.int64)
    rework, returns = passes.numbers_at(words[REWORK], passes.int64), passes.numbers_at(words[RETURNS], passes.int64)
    handoffs = passes.numbers_at(words[HANDOFFS], passes.int64)
    for item in range(words[N_ITEMS]):
        rework[item] = returns[item] = handoffs[item] = 0
    for row in range(visits):
        item = item_of[row]
        if ended[item] != 0:
            continue
        follows = row > 0 and item_of[row - 1] == item
        opens = not follows or stay[row - 1] != stay[row]
        if opens and follows and step[row] <= step[row - 1]:
            returns[item] += 1
        if opens and handoff[row] == 1:
            handoffs[item] += 1
        if repeated[row]:
            until = entered[row + 1] if row + 1 < visits and item_of[row + 1] == item else left[row]
            rework[item] += until - entered[row]


@passes.kernel
def causes_of_items(words: Any) -> None:
    """Where the time of delivered items went; how long visits lay aside is known."""
    visits = words[N_VISITS]
    item_of, skill = passes.numbers_at(words[V_ITEM], passes.int32), passes.numbers_at(words[V_SKILL], passes.int16)
    kind, ended = passes.numbers_at(words[V_KIND], passes.int8), passes.numbers_at(words[I_ENDED], passes.int8)
    entered, ready = passes.numbers_at(words[V_ENTERED], passes.int64), passes.numbers_at(words[V_READY], passes.int64)
    started, finished = passes.numbers_at(words[V_STARTED], passes.int64), passes.numbers_at(words[V_FINISHED], passes.int64)
    put_down, released = passes.numbers_at(words[V_PUT_DOWN], passes.int64), passes.numbers_at(words[V_RELEASED], passes.int64)
    left, touch = passes.numbers_at(words[V_LEFT], passes.int64), passes.numbers_at(words[V_TOUCH], passes.int64)
    arrived, joined = passes.numbers_at(words[I_ARRIVED], passes.int64), passes.numbers_at(words[I_JOINED], passes.int64)
    committed, cause = passes.numbers_at(words[COMMITTED], passes.int64), passes.numbers_at(words[CAUSE], passes.int64)
    aside = passes.numbers_at(words[ASIDE], passes.float64)
    for item in range(words[N_ITEMS]):
        for number in range(N_CAUSES):
            cause[item * N_CAUSES + number] = 0
        cause[item * N_CAUSES] = joined[item] - arrived[item]
        cause[item * N_CAUSES + 1] = committed[item] - joined[item]
    for row in range(visits):
        item = item_of[row]
        if ended[item] != 0:
            continue
        # What came before commitment is backlog already; commitment falls on an entry, or on the start of a visit.
        entering, after, began = 1, 1, 0
        if words[GIVEN]:
            entering = 1 if committed[item] != NOT_YET and entered[row] >= committed[item] else 0
            began = 1 if committed[item] != NOT_YET and started[row] == committed[item] else 0
            after = max(entering, began)
        first = item * N_CAUSES
        opened = finished[row] - started[row] - put_down[row]
        hands_on = min(touch[row], opened)
        if kind[row] == TICKET:
            in_ticket = finished[row] - entered[row]
            hands_on = hands_on if skill[row] >= 0 else 0
            cause[first + (HELPER if skill[row] >= 0 else OUTSIDE)] += (in_ticket - hands_on) * after
        else:
            hands_on = hands_on if kind[row] == WORK else opened
            cause[first + TRANSIT] += (ready[row] - entered[row]) * entering
            cause[first + QUEUEING] += started[row] - ready[row] + put_down[row] if entering else put_down[row] * began
            lain = min(int(aside[row]), opened - hands_on)
            cause[first + SET_ASIDE] += lain * after
            cause[first + SWITCHING] += (opened - hands_on - lain) * after
        cause[first + HANDS_ON] += hands_on * after
        cause[first + GATE] += (released[row] - finished[row]) * after
        onwards = entered[row + 1] if row + 1 < visits and item_of[row + 1] == item else left[row]
        cause[first + NO_ROOM] += (onwards - released[row]) * after
