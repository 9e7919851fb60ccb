"""Where the passes find what they read and write: by name the place of its address in one list of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from vssim.catalogue import QUANTILES
from vssim.causes import CAUSES

VISIT_COLUMNS: dict[str, type[np.number[Any]]] = {
    "item": np.int32,
    "step": np.int16,
    "skill": np.int16,
    "kind": np.int8,
    "stay": np.int32,
    "entered": np.int64,
    "ready": np.int64,
    "started": np.int64,
    "finished": np.int64,
    "put_down": np.int64,
    "released": np.int64,
    "left": np.int64,
    "pool": np.int16,
    "touch": np.int64,
    "handoff": np.int8,
    "rework": np.int8,
}
"""The columns of a log's visits that are read, and what they are read as."""

ITEM_COLUMNS: dict[str, type[np.number[Any]]] = {
    "type": np.int32,
    "parent": np.int32,
    "follows": np.int32,
    "origin": np.int8,
    "arrived": np.int64,
    "joined": np.int64,
    "pulled": np.int64,
    "left": np.int64,
    "ended": np.int8,
    "right": np.int8,
    "work": np.int64,
    "due": np.int64,
    "value": np.float64,
    "cost_of_delay": np.float64,
}
"""The columns of a log's items that are read."""

(V_ITEM, V_STEP, V_SKILL, V_KIND, V_STAY, V_ENTERED, V_READY, V_STARTED, V_FINISHED, V_PUT_DOWN, V_RELEASED, V_LEFT, V_POOL,
 V_TOUCH, V_HANDOFF, V_REWORK) = range(16)  # fmt: skip
(I_TYPE, I_PARENT, I_FOLLOWS, I_ORIGIN, I_ARRIVED, I_JOINED, I_PULLED, I_LEFT, I_ENDED, I_RIGHT, I_WORK, I_DUE, I_VALUE,
 I_COST) = range(16, 30)  # fmt: skip

(COMMITTED, SINCE, BEGUN, CAUSE, REWORK, RETURNS, HANDOFFS) = range(30, 37)
"""By item [ticks, or how often]: committed by itself; committed and started through all levels; ticks by cause (items, causes);
in repeated stays; sent back; handed on."""

(SPAN_VISIT, SPAN_BEGIN, SPAN_END, SPAN_FROM, SPAN_TO, SPAN_COUNTED_FROM, SPAN_COUNTED_TO, ASIDE) = range(37, 45)
"""By span in which somebody had a visit open: the visit; when; how much people-time its pool had given to each open item by then,
all and as far as people are counted. By visit: how long it lay aside."""

(CHANGES, STATE_POOL, STATE_SINCE, STATE_PEOPLE, STATE_MOST, TEAM_OF) = range(45, 51)
"""When anything about people changed; by state of a pool, pool by pool: which, since when, how many people (infinite: unlimited)
and the most on one item; by pool its team."""

(EDGES, AT_EDGE, COUNTED_AT_EDGE) = range(51, 54)
"""The windows' beginnings and ends in rising order; by edge and pool, what its people had given to each open item by then."""

(KEYS, ORDER, KEYS_2, ORDER_2, BUCKETS) = range(54, 59)
"""Room for sorting."""

(WINDOWS, WITHIN, LOOKS, SHARES) = range(59, 63)
"""(windows, 4) begin, end, from when on growth is told, when what is there is counted; thresholds of `within` [ticks]; (windows,
MOST_LOOKS) moments at which ages are looked at, NOT_YET where there are fewer; the catalogue's shares."""

MOST_LOOKS = 20

(TABLE, COUNTS, TIMES, AGES, AGE_COUNTS, MOMENTS) = range(63, 69)
"""What comes out. TABLE (windows, rows, columns): the rows below. COUNTS (windows, columns, 3): delivered, right, customers' of
it. TIMES (windows, MOST_TIMES): the clocks' times in rising order, one after the other; AGES (windows, MOST_AGES) likewise.
AGE_COUNTS (windows, columns). MOMENTS (windows, items): what each item adds to the growth."""

(N_VISITS, N_ITEMS, N_TYPES, N_STEPS, N_TEAMS, N_POOLS, N_EDGES, N_WINDOWS, N_WITHIN, MOST_AGES, N_CHANGES, HORIZON, GIVEN, N_ROWS,
 MOST_TIMES, N_STATES) = range(69, 85)  # fmt: skip
"""Numbers. GIVEN: 1 where COMMITTED was worked out before, because commitment is not the pull. MOST_TIMES, MOST_AGES: room for
times and ages in a window."""

(BEGINNING, N_PAUSES, PAUSE_VISIT, PAUSE_BEGIN, PAUSE_END) = range(85, 90)
"""When the run begins [ticks]; and, where the log says when visits lay put down (else N_PAUSES is −1), by visit, then in order:
the visit, since when, until when."""

WORDS = 90

BUCKET_BITS = 11
"""Bits that a pass of sorting looks at."""

N_CAUSES = len(CAUSES)
N_SHARES = len(QUANTILES)

CLOCKS = ("lead_time", "cycle_time", "since_start", "time_to_outcome")
"""In the order of TIMES."""

OF_CLOCK = ("mean", *QUANTILES, "sd", "cv", "spread")
"""Rows of each clock."""

PLAIN = ("delivered", "throughput", "outcomes", "value", "on_time", "rework", "wip", "backlog", "growth", "age.p50", "age.p85",
         "unfinished", "cost_of_delay", "defects", "failure_demand", "stopped", "returns", "handoffs", "flow_efficiency",
         "value_efficiency", "time.open_waiting", "worked", "due", "lead", "priced", "costly")  # fmt: skip
"""Rows after those of the clocks; then those by cause, by threshold, by team, by step. The last five are no metrics: people-time
that was worked, items with a due date, lead time of all delivered items, and how many items state a value and a cost."""

FIRST_PLAIN = len(CLOCKS) * len(OF_CLOCK)
FIRST_CAUSE = FIRST_PLAIN + len(PLAIN)
FIRST_WITHIN = FIRST_CAUSE + N_CAUSES
"""Then `within`, teams, and three rows a step: queueing, started, wip."""
