"""The figures of one window: sums over its items and visits, then what the catalogue makes of them.

`customers`, `stock` and `people` say the same with arrays. Column 0 is over all items, column 1 + k over those of type k; of what
customers see, column 0 leaves parts out.
"""

from __future__ import annotations

import math
from typing import Any

from vssim.engines import passes
from vssim.metrics.passes.items import HANDS_ON, LATE, NOT_YET, SET_ASIDE, SWITCHING, WORK
from vssim.metrics.passes.layout import (
    AT_EDGE,
    BEGINNING,
    CAUSE,
    COMMITTED,
    COUNTED_AT_EDGE,
    COUNTS,
    EDGES,
    FIRST_CAUSE,
    FIRST_PLAIN,
    FIRST_WITHIN,
    HANDOFFS,
    I_ARRIVED,
    I_COST,
    I_DUE,
    I_ENDED,
    I_JOINED,
    I_LEFT,
    I_ORIGIN,
    I_PARENT,
    I_RIGHT,
    I_TYPE,
    I_VALUE,
    I_WORK,
    MOMENTS,
    MOST_TIMES,
    N_CAUSES,
    N_EDGES,
    N_ITEMS,
    N_POOLS,
    N_ROWS,
    N_STATES,
    N_STEPS,
    N_TEAMS,
    N_TYPES,
    N_VISITS,
    N_WITHIN,
    RETURNS,
    REWORK,
    SPAN_COUNTED_FROM,
    SPAN_COUNTED_TO,
    SPAN_FROM,
    SPAN_TO,
    SPAN_VISIT,
    STATE_PEOPLE,
    STATE_POOL,
    STATE_SINCE,
    TABLE,
    TEAM_OF,
    TIMES,
    V_ENTERED,
    V_ITEM,
    V_KIND,
    V_LEFT,
    V_POOL,
    V_READY,
    V_REWORK,
    V_STARTED,
    V_STAY,
    V_STEP,
    WINDOWS,
    WITHIN,
)

TICKS = 1_000_000

DELIVERED, STOPPED = 0, 1
DEFECT = 2

(R_DELIVERED, R_THROUGHPUT, R_OUTCOMES, R_VALUE, R_ON_TIME, R_REWORK, R_WIP, R_BACKLOG, R_GROWTH, R_AGE_50, R_AGE_85, R_UNFINISHED,
 R_COST, R_DEFECTS, R_FAILURE, R_STOPPED, R_RETURNS, R_HANDOFFS, R_FLOW, R_VALUE_FLOW, R_OPEN, R_WORKED, R_DUE, R_LEAD,
 R_PRICED, R_COSTLY) = range(FIRST_PLAIN, FIRST_CAUSE)  # fmt: skip


@passes.kernel
def holds(words: Any, time: int, start: int, end: int) -> bool:
    """Whether a moment is in the window."""
    return (time > start if start > words[BEGINNING] else time >= words[BEGINNING]) and time <= end


@passes.kernel
def cut(time: int, start: int, end: int) -> int:
    """A moment cut to the window; what has not come is later than all."""
    return max(start, end) if time == NOT_YET else min(max(time, start), max(start, end))


@passes.kernel
def overlap(begin: int, stop: int, start: int, end: int) -> int:
    """Ticks of a span in the window."""
    first = cut(begin, start, end)
    return max(first, cut(stop, start, end)) - first


@passes.kernel
def stock_of(words: Any, window: int) -> None:
    """What is summed over all items: how much was there, and what happened."""
    windows = passes.numbers_at(words[WINDOWS], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    columns, rows = 1 + words[N_TYPES], words[N_ROWS]
    table = passes.numbers_at(words[TABLE] + 8 * window * rows * columns, passes.float64)
    moments = passes.numbers_at(words[MOMENTS] + 8 * window * words[N_ITEMS], passes.float64)
    kind, parent = passes.numbers_at(words[I_TYPE], passes.int32), passes.numbers_at(words[I_PARENT], passes.int32)
    origin, ended = passes.numbers_at(words[I_ORIGIN], passes.int8), passes.numbers_at(words[I_ENDED], passes.int8)
    arrived, joined = passes.numbers_at(words[I_ARRIVED], passes.int64), passes.numbers_at(words[I_JOINED], passes.int64)
    left, committed = passes.numbers_at(words[I_LEFT], passes.int64), passes.numbers_at(words[COMMITTED], passes.int64)
    value, cost = passes.numbers_at(words[I_VALUE], passes.float64), passes.numbers_at(words[I_COST], passes.float64)
    for place in range(rows * columns):
        table[place] = 0.0
    for place in range(columns):
        table[R_AGE_50 * columns + place] = table[R_AGE_85 * columns + place] = math.nan
    settled, looked = windows[4 * window + 2], windows[4 * window + 3]
    middle = (settled + end) / 2
    for item in range(words[N_ITEMS]):
        column = 1 + kind[item]
        customers = 1.0 if parent[item] < 0 else 0.0
        # The slope of the number of items over time is Σ ∫ (t − middle) dt over their presence, divided by length³ / 12 (least
        # squares); the integral has this closed form, so that no day has to be counted.
        begin = cut(arrived[item], settled, end)
        stop = max(begin, cut(left[item], settled, end))
        moments[item] = ((stop - middle) ** 2 - (begin - middle) ** 2) / 2 / TICKS**2
        table[R_GROWTH * columns + column] += moments[item]
        table[R_GROWTH * columns] += moments[item] * customers
        table[R_WIP * columns + column] += overlap(committed[item], left[item], start, end)
        table[R_BACKLOG * columns + column] += overlap(joined[item], committed[item], start, end)
        if not math.isnan(cost[item]):
            table[R_COST * columns + column] += cost[item] * overlap(arrived[item], left[item], start, end)
            table[R_COSTLY * columns + column] += 1.0
        table[R_PRICED * columns + column] += 0.0 if math.isnan(value[item]) else 1.0
        if arrived[item] != NOT_YET and arrived[item] <= looked and (left[item] == NOT_YET or left[item] > looked):
            table[R_UNFINISHED * columns + column] += 1.0
            table[R_UNFINISHED * columns] += customers
        if ended[item] == STOPPED and holds(words, left[item], start, end):
            table[R_STOPPED * columns + column] += 1.0
            table[R_STOPPED * columns] += customers
        if origin[item] == DEFECT and holds(words, arrived[item], start, end):
            table[R_DEFECTS * columns + column] += 1.0


@passes.kernel
def deliveries_of(words: Any, window: int) -> None:
    """What is summed over the items that were delivered."""
    windows = passes.numbers_at(words[WINDOWS], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    columns, rows = 1 + words[N_TYPES], words[N_ROWS]
    table = passes.numbers_at(words[TABLE] + 8 * window * rows * columns, passes.float64)
    counts = passes.numbers_at(words[COUNTS] + 24 * window * columns, passes.int64)
    kind, parent = passes.numbers_at(words[I_TYPE], passes.int32), passes.numbers_at(words[I_PARENT], passes.int32)
    ended, right = passes.numbers_at(words[I_ENDED], passes.int8), passes.numbers_at(words[I_RIGHT], passes.int8)
    arrived, left = passes.numbers_at(words[I_ARRIVED], passes.int64), passes.numbers_at(words[I_LEFT], passes.int64)
    work, due = passes.numbers_at(words[I_WORK], passes.int64), passes.numbers_at(words[I_DUE], passes.int64)
    value, cause = passes.numbers_at(words[I_VALUE], passes.float64), passes.numbers_at(words[CAUSE], passes.int64)
    rework, returns = passes.numbers_at(words[REWORK], passes.int64), passes.numbers_at(words[RETURNS], passes.int64)
    handoffs = passes.numbers_at(words[HANDOFFS], passes.int64)
    for place in range(3 * columns):
        counts[place] = 0
    for item in range(words[N_ITEMS]):
        if ended[item] != DELIVERED or not holds(words, left[item], start, end):
            continue
        column = 1 + kind[item]
        # How they travelled is told of parts, too: column 0 of these is summed over the types.
        table[R_RETURNS * columns + column] += returns[item]
        table[R_HANDOFFS * columns + column] += handoffs[item]
        table[R_FLOW * columns + column] += cause[item * N_CAUSES + HANDS_ON]
        table[R_VALUE_FLOW * columns + column] += work[item]
        table[R_LEAD * columns + column] += left[item] - arrived[item]
        for of in range(2 if parent[item] < 0 else 1):
            here = column if of == 0 else 0
            counts[3 * here] += 1
            counts[3 * here + 1] += 1 if right[item] == 1 else 0
            counts[3 * here + 2] += 1 if parent[item] < 0 else 0
            if right[item] == 1 and not math.isnan(value[item]):
                table[R_VALUE * columns + here] += value[item]
            if due[item] >= 0:
                table[R_DUE * columns + here] += 1.0
                table[R_ON_TIME * columns + here] += 1.0 if left[item] <= due[item] else 0.0
            table[R_REWORK * columns + here] += rework[item]
            for number in range(N_CAUSES):
                table[(FIRST_CAUSE + number) * columns + here] += cause[item * N_CAUSES + number]


@passes.kernel
def visits_of(words: Any, window: int, spans: int) -> None:
    """What is summed over visits: by step, and of people's time."""
    windows = passes.numbers_at(words[WINDOWS], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    columns, teams = 1 + words[N_TYPES], words[N_TEAMS]
    table = passes.numbers_at(words[TABLE] + 8 * window * words[N_ROWS] * columns, passes.float64)
    item_of, stay = passes.numbers_at(words[V_ITEM], passes.int32), passes.numbers_at(words[V_STAY], passes.int32)
    step, nature = passes.numbers_at(words[V_STEP], passes.int16), passes.numbers_at(words[V_KIND], passes.int8)
    entered, ready = passes.numbers_at(words[V_ENTERED], passes.int64), passes.numbers_at(words[V_READY], passes.int64)
    started, left = passes.numbers_at(words[V_STARTED], passes.int64), passes.numbers_at(words[V_LEFT], passes.int64)
    repeated, kind = passes.numbers_at(words[V_REWORK], passes.int8), passes.numbers_at(words[I_TYPE], passes.int32)
    steps = FIRST_WITHIN + words[N_WITHIN] + teams
    first, last_item, last_stay = 0, -1, -1
    for row in range(words[N_VISITS]):
        column = 1 + kind[item_of[row]]
        if nature[row] == WORK and not repeated[row]:
            if (item_of[row] != last_item or stay[row] != last_stay) and holds(words, started[row], start, end):
                table[(steps + 3 * step[row]) * columns + column] += (started[row] - ready[row]) / TICKS
                table[(steps + 3 * step[row] + 1) * columns + column] += 1.0
            last_item, last_stay = item_of[row], stay[row]
        if row + 1 == words[N_VISITS] or item_of[row + 1] != item_of[row] or stay[row + 1] != stay[row]:
            there = overlap(entered[first], left[row], start, end)
            table[(steps + 3 * step[first] + 2) * columns + column] += there
            first = row + 1
    _people(words, table, window, spans)


@passes.kernel
def _people(words: Any, table: Any, window: int, spans: int) -> None:
    windows, edges = passes.numbers_at(words[WINDOWS], passes.int64), passes.numbers_at(words[EDGES], passes.int64)
    start, end = windows[4 * window], max(windows[4 * window], windows[4 * window + 1])
    columns = 1 + words[N_TYPES]
    visit, pool = passes.numbers_at(words[SPAN_VISIT], passes.int64), passes.numbers_at(words[V_POOL], passes.int16)
    since, until = passes.numbers_at(words[SPAN_FROM], passes.float64), passes.numbers_at(words[SPAN_TO], passes.float64)
    counted_since = passes.numbers_at(words[SPAN_COUNTED_FROM], passes.float64)
    counted_until = passes.numbers_at(words[SPAN_COUNTED_TO], passes.float64)
    at_edge = passes.numbers_at(words[AT_EDGE], passes.float64)
    counted_at_edge = passes.numbers_at(words[COUNTED_AT_EDGE], passes.float64)
    item_of, kind = passes.numbers_at(words[V_ITEM], passes.int32), passes.numbers_at(words[I_TYPE], passes.int32)
    parent, origin = passes.numbers_at(words[I_PARENT], passes.int32), passes.numbers_at(words[I_ORIGIN], passes.int8)
    team_of = passes.numbers_at(words[TEAM_OF], passes.int64)
    low = high = 0
    for edge in range(words[N_EDGES]):
        low = edge if edges[edge] == start else low
        high = edge if edges[edge] == end else high
    worked = 0.0
    for span in range(spans):
        here = pool[visit[span]]
        item = item_of[visit[span]]
        column = 1 + kind[item]
        begins, ends = low * words[N_POOLS] + here, high * words[N_POOLS] + here
        spent = min(until[span], at_edge[ends]) - max(since[span], at_edge[begins])
        if spent > 0:
            worked += spent
            whole = parent[item] if parent[item] >= 0 else item
            table[R_FAILURE * columns + column] += spent if origin[whole] == DEFECT else 0.0
        counted = min(counted_until[span], counted_at_edge[ends]) - max(counted_since[span], counted_at_edge[begins])
        if counted > 0:
            table[(FIRST_WITHIN + words[N_WITHIN] + team_of[here]) * columns + column] += counted
    for place in range(columns):
        table[R_WORKED * columns + place] = worked


@passes.kernel
def _people_there(words: Any, window: int, team: int) -> float:
    """People-time that there was of a team's people who are counted [person-ticks]."""
    windows, pool = passes.numbers_at(words[WINDOWS], passes.int64), passes.numbers_at(words[STATE_POOL], passes.int64)
    since = passes.numbers_at(words[STATE_SINCE], passes.int64)
    people, team_of = passes.numbers_at(words[STATE_PEOPLE], passes.float64), passes.numbers_at(words[TEAM_OF], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    people_time = 0.0
    for state in range(words[N_STATES]):
        if team_of[pool[state]] == team and not math.isinf(people[state]):
            last = state + 1 == words[N_STATES] or pool[state + 1] != pool[state]
            people_time += people[state] * overlap(since[state], LATE if last else since[state + 1], start, end)
    return people_time


@passes.kernel
def _add_up(words: Any, table: Any) -> None:
    """Column 0 of what is told of all items, parts too: the sum over the types."""
    columns = 1 + words[N_TYPES]
    for row in range(words[N_ROWS]):
        if (
            R_WIP <= row <= R_BACKLOG
            or R_COST <= row <= R_FAILURE
            or R_RETURNS <= row <= R_VALUE_FLOW
            or R_LEAD <= row <= R_COSTLY
            or row >= FIRST_WITHIN + words[N_WITHIN]
        ):
            total = 0.0
            for column in range(1, columns):
                total += table[row * columns + column]
            table[row * columns] = total


@passes.kernel
def share(part: float, whole: float) -> float:
    """A part of a whole; NaN where there is none."""
    return part / whole if whole > 0 else math.nan


@passes.kernel
def figures_of(words: Any, window: int) -> None:
    """What the catalogue makes of the sums."""
    windows = passes.numbers_at(words[WINDOWS], passes.int64)
    start, end = windows[4 * window], windows[4 * window + 1]
    is_empty = end < start or (end == start and start > 0)
    length = (end - start) / TICKS if end > start else math.nan
    average = TICKS * length
    settled = max(end - windows[4 * window + 2], 0) / TICKS
    columns = 1 + words[N_TYPES]
    table = passes.numbers_at(words[TABLE] + 8 * window * words[N_ROWS] * columns, passes.float64)
    counts = passes.numbers_at(words[COUNTS] + 24 * window * columns, passes.int64)
    _add_up(words, table)
    everything = 0
    for column in range(1, columns):
        everything += counts[3 * column]
    for at in range(columns):
        count, some = counts[3 * at], (counts[3 * at] if at else everything)
        table[R_DELIVERED * columns + at] = math.nan if is_empty else count
        table[R_THROUGHPUT * columns + at] = count / length
        table[R_OUTCOMES * columns + at] = counts[3 * at + 1] / length
        table[R_VALUE * columns + at] = table[R_VALUE * columns + at] / length if table[R_PRICED * columns + at] else math.nan
        table[R_ON_TIME * columns + at] = share(table[R_ON_TIME * columns + at], table[R_DUE * columns + at])
        table[R_REWORK * columns + at] = share(table[R_REWORK * columns + at] / TICKS, count)
        table[R_WIP * columns + at] /= average
        table[R_BACKLOG * columns + at] /= average
        table[R_GROWTH * columns + at] = share(table[R_GROWTH * columns + at], settled**3 / 12)
        table[R_COST * columns + at] = table[R_COST * columns + at] / average if table[R_COSTLY * columns + at] else math.nan
        table[R_DEFECTS * columns + at] /= length
        table[R_STOPPED * columns + at] /= length
        table[R_FAILURE * columns + at] = share(table[R_FAILURE * columns + at], table[R_WORKED * columns + at])
        table[R_RETURNS * columns + at] = share(table[R_RETURNS * columns + at], some)
        table[R_HANDOFFS * columns + at] = share(table[R_HANDOFFS * columns + at], some)
        lead = table[R_LEAD * columns + at] / TICKS
        table[R_FLOW * columns + at] = share(table[R_FLOW * columns + at] / TICKS, lead)
        table[R_VALUE_FLOW * columns + at] = share(table[R_VALUE_FLOW * columns + at] / TICKS, lead)
        for row in range(FIRST_CAUSE, FIRST_WITHIN):
            table[row * columns + at] = share(table[row * columns + at] / TICKS, count)
        waiting = table[(FIRST_CAUSE + SWITCHING) * columns + at] + table[(FIRST_CAUSE + SET_ASIDE) * columns + at]
        table[R_OPEN * columns + at] = waiting
        for step in range(words[N_STEPS]):
            row = FIRST_WITHIN + words[N_WITHIN] + words[N_TEAMS] + 3 * step
            table[row * columns + at] = share(table[row * columns + at], table[(row + 1) * columns + at])
            table[(row + 2) * columns + at] /= average
    for team in range(words[N_TEAMS]):
        there = _people_there(words, window, team)
        for at in range(columns):
            row = FIRST_WITHIN + words[N_WITHIN] + team
            table[row * columns + at] = share(table[row * columns + at], there)
    _within(words, window)


@passes.kernel
def _within(words: Any, window: int) -> None:
    """Which share of the lead times is at most so long."""
    columns = 1 + words[N_TYPES]
    table = passes.numbers_at(words[TABLE] + 8 * window * words[N_ROWS] * columns, passes.float64)
    counts = passes.numbers_at(words[COUNTS] + 24 * window * columns, passes.int64)
    times = passes.numbers_at(words[TIMES] + 8 * window * words[MOST_TIMES], passes.float64)
    within = passes.numbers_at(words[WITHIN], passes.float64)
    begins = 0
    for at in range(columns):
        count = counts[3 * at]
        for number in range(words[N_WITHIN]):
            inside = 0
            while inside < count and times[begins + inside] * TICKS <= within[number]:
                inside += 1
            table[(FIRST_WITHIN + number) * columns + at] = share(inside, count)
        begins += count
