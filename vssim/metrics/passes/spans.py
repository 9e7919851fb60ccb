"""People's time: what each open visit took of it, by one walk along the clock of every pool; `people` says the same with arrays.

While N items are open at a pool of n people, at most m of whom work on one item, each item is given min(m, n / N) people's time.
What an item was given since the beginning is the same for all that are open, so a span's own is the difference of two readings.
"""

from __future__ import annotations

import math
from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.items import NOT_YET
from vssim.metrics.passes.layout import (
    ASIDE,
    AT_EDGE,
    CHANGES,
    COUNTED_AT_EDGE,
    EDGES,
    HORIZON,
    KEYS,
    N_CHANGES,
    N_EDGES,
    N_PAUSES,
    N_POOLS,
    N_STATES,
    N_VISITS,
    ORDER,
    PAUSE_BEGIN,
    PAUSE_END,
    PAUSE_VISIT,
    SPAN_BEGIN,
    SPAN_COUNTED_FROM,
    SPAN_COUNTED_TO,
    SPAN_END,
    SPAN_FROM,
    SPAN_TO,
    SPAN_VISIT,
    STATE_MOST,
    STATE_PEOPLE,
    STATE_POOL,
    STATE_SINCE,
    V_FINISHED,
    V_LEFT,
    V_POOL,
    V_PUT_DOWN,
    V_STARTED,
)
from vssim.metrics.passes.sorting import sort

ROUNDING = 1e-3
"""As `people` has it [ticks]."""


@passes.kernel
def open_spans(words: Any) -> int:
    """Write down when somebody had a visit open; how many spans there are."""
    pool, started = passes.numbers_at(words[V_POOL], passes.int16), passes.numbers_at(words[V_STARTED], passes.int64)
    finished, put_down = passes.numbers_at(words[V_FINISHED], passes.int64), passes.numbers_at(words[V_PUT_DOWN], passes.int64)
    visit, begin = passes.numbers_at(words[SPAN_VISIT], passes.int64), passes.numbers_at(words[SPAN_BEGIN], passes.int64)
    end, changes = passes.numbers_at(words[SPAN_END], passes.int64), passes.numbers_at(words[CHANGES], passes.int64)
    left, paused = passes.numbers_at(words[V_LEFT], passes.int64), passes.numbers_at(words[PAUSE_VISIT], passes.int64)
    paused_at = passes.numbers_at(words[PAUSE_BEGIN], passes.int64)
    resumed = passes.numbers_at(words[PAUSE_END], passes.int64)
    count = pause = 0
    for row in range(words[N_VISITS]):
        if pool[row] < 0 or started[row] == NOT_YET:
            continue
        # What is not finished was open until the item gave up, or the run ended.
        over = finished[row] if finished[row] != NOT_YET else left[row] if left[row] != NOT_YET else words[HORIZON]
        visit[count], begin[count], end[count] = row, started[row], over
        count += 1
        while pause < words[N_PAUSES] and paused[pause] <= row:
            if paused[pause] == row:
                end[count - 1] = paused_at[pause]
                again = over if resumed[pause] == NOT_YET else resumed[pause]
                visit[count], begin[count], end[count] = row, again, over
                count += 1
            pause += 1
        if words[N_PAUSES] < 0 and put_down[row] > 0:  # the log says how long, not when
            place = words[N_CHANGES] - 1
            while place > 0 and changes[place] > over - put_down[row]:
                place -= 1
            end[count - 1] = changes[place]
            visit[count], begin[count], end[count] = row, changes[place] + put_down[row], over
            count += 1
    return count


OPENS, ENDS, CHANGE, EDGE = range(4)
"""What happens at a pool: a span begins or ends, its people change, a window begins or ends."""


@passes.kernel
def _in_order(words: Any, spans: int) -> int:
    """What happens at every pool, by pool and time, as 4 · number + what in ORDER; how much that is."""
    visit, begin = passes.numbers_at(words[SPAN_VISIT], passes.int64), passes.numbers_at(words[SPAN_BEGIN], passes.int64)
    end, pool = passes.numbers_at(words[SPAN_END], passes.int64), passes.numbers_at(words[V_POOL], passes.int16)
    keys, order = passes.numbers_at(words[KEYS], passes.int64), passes.numbers_at(words[ORDER], passes.int64)
    states, since = passes.numbers_at(words[STATE_POOL], passes.int64), passes.numbers_at(words[STATE_SINCE], passes.int64)
    edges, pools = passes.numbers_at(words[EDGES], passes.int64), words[N_POOLS]
    count = largest = 0
    for number in range(pools * words[N_EDGES]):
        keys[count], order[count] = edges[number // pools], 4 * number + EDGE
        count += 1
    for number in range(words[N_STATES]):
        keys[count], order[count] = since[number], 4 * number + CHANGE
        count += 1
    for number in range(spans):
        if end[number] > begin[number]:
            keys[count], order[count] = begin[number], 4 * number + OPENS
            keys[count + 1], order[count + 1] = end[number], 4 * number + ENDS
            count += 2
    # By pool and, within each, by time: sorted by time first, then by pool, which keeps the order of equal keys. Events at one
    # moment may come in any order, since no time passes between them.
    for place in range(count):
        largest = max(largest, keys[place])
    sort(words, count, largest)
    for place in range(count):
        number, event = order[place] >> 2, order[place] & 3
        keys[place] = number % pools if event == EDGE else states[number] if event == CHANGE else pool[visit[number]]
    sort(words, count, pools)
    return count


@passes.kernel
def _moment(words: Any, number: int, event: int) -> int:
    """When something happens at a pool [ticks]."""
    if event == EDGE:
        return passes.numbers_at(words[EDGES], passes.int64)[number // words[N_POOLS]]  # type: ignore[no-any-return]
    place = STATE_SINCE if event == CHANGE else SPAN_BEGIN if event == OPENS else SPAN_END
    return passes.numbers_at(words[place], passes.int64)[number]  # type: ignore[no-any-return]


@passes.kernel
def people_time(words: Any, spans: int) -> None:
    """What every span was given, and how long every visit lay aside."""
    visit, begin = passes.numbers_at(words[SPAN_VISIT], passes.int64), passes.numbers_at(words[SPAN_BEGIN], passes.int64)
    end = passes.numbers_at(words[SPAN_END], passes.int64)
    since, until = passes.numbers_at(words[SPAN_FROM], passes.float64), passes.numbers_at(words[SPAN_TO], passes.float64)
    counted_since = passes.numbers_at(words[SPAN_COUNTED_FROM], passes.float64)
    counted_until = passes.numbers_at(words[SPAN_COUNTED_TO], passes.float64)
    at_edge = passes.numbers_at(words[AT_EDGE], passes.float64)
    counted_at_edge = passes.numbers_at(words[COUNTED_AT_EDGE], passes.float64)
    aside, order = passes.numbers_at(words[ASIDE], passes.float64), passes.numbers_at(words[ORDER], passes.int64)
    keys = passes.numbers_at(words[KEYS], passes.int64)
    state_people = passes.numbers_at(words[STATE_PEOPLE], passes.float64)
    state_most = passes.numbers_at(words[STATE_MOST], passes.float64)
    for row in range(words[N_VISITS]):
        aside[row] = 0.0
    for span in range(spans):
        since[span] = until[span] = counted_since[span] = counted_until[span] = 0.0
    events, pool = _in_order(words, spans), -1
    now = opened = 0
    people = most = given = counted = alone = 0.0
    for place in range(events):
        if keys[place] != pool:
            pool, now, opened = keys[place], 0, 0
            people, most = 0.0, 1.0
            given = counted = alone = 0.0
        number, event = order[place] >> 2, order[place] & 3
        moment = _moment(words, number, event)
        if opened > 0:
            each = people / opened
            given += min(most, each) * (moment - now)
            alone += min(1.0, each) * (moment - now)
            counted += 0.0 if math.isinf(people) else min(most, each) * (moment - now)
        now = moment
        if event == EDGE:
            at_edge[number], counted_at_edge[number] = given, counted
        elif event == CHANGE:
            people, most = state_people[number], state_most[number]
        elif event == OPENS:
            since[number], counted_since[number] = given, counted
            aside[visit[number]] += alone
            opened += 1
        else:
            until[number], counted_until[number] = given, counted
            aside[visit[number]] += end[number] - begin[number] - alone
            opened -= 1
    for row in range(words[N_VISITS]):
        aside[row] = math.floor(aside[row] + ROUNDING)
