"""A run as the player gets it: a binary trace, written from any visit log.

    8 bytes    "VSTRACE1"
    uint32     length of the header [bytes]
    header     JSON, UTF-8: a `Header`
    columns    one after the other, `events` entries each, in the order and of the types that the header names

All numbers are little endian. One event a change of an item's step or state, in the order of the log:

    after      uint32   moments since the event before; a moment is `moment` units of time
    item       uint32   the item's row
    step       int16    the step whose column it stands in from then on; −1 none
    state      uint8    a State from then on; + 128 while it repeats a step

Then the items, `items` entries each:

    type       uint16   its type
    arrived    float32  when it arrived [units of time], before 0 where it was there at time 0; −1 not yet

Then, `openings` entries each, whenever somebody opens an item or is done with it (see `vssim.metrics.hands`), in their order:

    openAfter  uint32   moments since the opening before
    openItem   uint32   the item's row
    openPool   int16    1 + the pool's number where it is opened, the same below 0 where it is over

What the widths allow: four thousand million moments and items, 32,767 steps. Times are rounded *up* to the next moment, and of
an item's events in one moment the last is kept; so at every whole moment the trace says what the log says, and the order is the
log's, never that of rounded times. A trace that is too large is written with longer moments (a day, two days, …): then only those
are shown, and the header says so.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, Ints, ticks
from vssim.log import Kind, Log
from vssim.metrics.daily import Daily
from vssim.metrics.hands import openings
from vssim.metrics.spans import Spans
from vssim.views.player.lanes import flow

MAGIC = b"VSTRACE1"
REWORK, PUT_DOWN = 128, 64
"""What a state has added: its step is repeated; it waits because somebody put it down."""
COLUMNS = {"after": "<u4", "item": "<u4", "step": "<i2", "state": "u1"}
ITEMS = {"type": "<u2", "arrived": "<f4"}
OPENINGS = {"openAfter": "<u4", "openItem": "<u4", "openPool": "<i2"}
TYPES = {"<u4": "uint32", "<u2": "uint16", "<f4": "float32", "<i2": "int16", "u1": "uint8"}

FINEST = 0.05
"""Length of a moment in a trace that need not be thinned [units of time]."""

COARSER = (FINEST, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
"""Lengths of a moment that are tried, one after the other, until a trace is small enough [units of time]."""

MOST_EVENTS = 60_000
"""Events of a trace, at most, before it is thinned."""

MOST_DAYS = 1500
"""Entries of the header's series, at most, before they are thinned."""

PLAN, MOST_PLANS = 5, 6
"""Items that make a plan when they arrive at once; so many plans are marked, at most."""

PACE = {"hour": ("a week", 40.0), "day": ("a week", 5.0), "week": ("a week", 1.0)}
"""The unit that deliveries are counted by: its name, and its length [units of time]."""


@dataclass(frozen=True, eq=False)
class Events:
    """What happens on the board, in order. Arrays of shape (events,)."""

    at: Ints
    """[moments]"""
    item: Ints
    step: Ints
    state: Ints
    """with REWORK and PUT_DOWN added where that is so"""


def events(daily: Daily, moment: float) -> Events:
    """Every change of an item's step or state, with times rounded up to moments of that length [units of time]."""
    spans = daily.spans
    at = np.maximum(-((daily.log.origin - spans.begin) // ticks(moment)), 0)
    rows = _last_of_each(spans.item, at)
    rows = rows[np.argsort(spans.begin[rows], kind="stable")]
    return Events(at[rows], spans.item[rows], spans.step[rows], _marked(spans)[rows])


def _marked(spans: Spans) -> Ints:
    marked: Ints = spans.state + REWORK * spans.rework + PUT_DOWN * spans.put_down
    return marked


def _last_of_each(item: Ints, at: Ints) -> Ints:
    """Rows of the last event of each item in each moment; they come by item, and then in their order."""
    same = (item[1:] == item[:-1]) & (at[1:] == at[:-1])
    return np.flatnonzero(np.append(~same, True)[: len(item)])


def thinned(daily: Daily, most: int = MOST_EVENTS, finest: float = FINEST) -> tuple[float, Events]:
    """The events in moments as fine as `most` events allow, and not below `finest`; and the length of a moment."""
    for moment in [moment for moment in COARSER if moment >= finest]:
        seen = events(daily, moment)
        if len(seen.at) <= most or moment * 2 > daily.log.length:
            break
    return moment, seen


def trace(log: Log, most: int = MOST_EVENTS, lanes: Mapping[str, str] | None = None, finest: float = FINEST) -> bytes:
    """The trace of a run, in moments not below `finest`; `lanes` as the scenario has them, by type."""
    daily = Daily(log, _every(log))
    moment, seen = thinned(daily, most, finest)
    after = np.diff(seen.at, prepend=0)
    columns: dict[str, NDArray[Any]] = {"after": after, "item": seen.item, "step": seen.step, "state": seen.state}
    opened = openings(log)
    at = np.maximum(-((log.origin - opened.at) // ticks(moment)), 0)
    columns |= {
        "openAfter": np.diff(at, prepend=0),
        "openItem": opened.item,
        "openPool": (opened.pool + 1) * (2 * opened.begins - 1),
    }
    items = log.items
    columns |= {"type": items.type, "arrived": np.where(items.arrived == NOT_YET, -1.0, log.times(items.arrived))}
    described = header(daily, moment, len(after)) | {
        "openings": len(at),
        "pools": _pools(log, opened.at, moment),
        "away": [[entry.pool, _moments(log, entry.since, moment), entry.absent, entry.ill] for entry in log.away],
        "closed": [[_moments(log, begin, moment), _moments(log, end, moment)] for begin, end in log.closed if end > log.origin],
        "thereBefore": sorted(log.there_before),
        **flow(log, lanes),
    }
    head = json.dumps(described, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    body = b"".join(columns[name].astype(kind).tobytes() for name, kind in (COLUMNS | ITEMS | OPENINGS).items())
    return MAGIC + struct.pack("<I", len(head)) + head + body


def read(data: bytes) -> tuple[dict[str, Any], Events]:
    """The header and the events of a trace."""
    assert data.startswith(MAGIC)
    (length,) = struct.unpack_from("<I", data, len(MAGIC))
    start = len(MAGIC) + 4
    head = json.loads(data[start : start + length])
    start += length
    columns = []
    for kind in COLUMNS.values():
        column = np.frombuffer(data, kind, head["events"], start)
        start += column.nbytes
        columns.append(column.astype(np.int64))
    return head, Events(np.cumsum(columns[0]), *columns[1:])


def header(daily: Daily, moment: float, count: int) -> dict[str, Any]:
    """What a trace says before its events; times in units of time."""
    log = daily.log
    return {
        "unit": log.unit,
        "horizon": log.length,
        "moment": moment,
        "thinned": moment > FINEST,
        "items": len(log.items.type),
        "events": count,
        "columns": [[name, TYPES[kind]] for name, kind in COLUMNS.items()],
        "itemColumns": [[name, TYPES[kind]] for name, kind in ITEMS.items()],
        "openingColumns": [[name, TYPES[kind]] for name, kind in OPENINGS.items()],
        "steps": list(log.steps),
        "phases": [_phase(log, number) for number in range(len(log.phases))],
        "every": daily.every,
        "plans": _plans(log),
        "waits": [list(pair) for pair in log.waits],
        "names": {str(item): name for item, name in log.ids.items()},
        "delivered": int(daily.delivered[-1]),
    }


def _pools(log: Log, opened: Ints, moment: float) -> list[dict[str, Any]]:
    """Every state of every pool, by time: its people, and what part of their time is left while so many items are open.

    `place` is the opening before which it comes into force: times alone do not say so, once they are rounded.
    """
    told = []
    for pool in sorted(log.pools, key=lambda pool: (pool.since, pool.index)):
        left = [round(pool.attention(count), 4) for count in range(len(pool.rates))]
        told.append(
            {
                "index": pool.index,
                "team": pool.team,
                "name": log.teams[pool.team],
                "people": pool.people,
                "most": pool.most,
                "since": _moments(log, pool.since, moment),
                "place": int(np.searchsorted(opened, pool.since)),
                "left": left if any(share < 1 for share in left) else [],
            }
        )
    return told


def _moments(log: Log, tick: int, moment: float) -> int:
    """A tick in whole moments since time 0, rounded up; what was before is 0."""
    return max(0, -((log.origin - tick) // ticks(moment)))


def _plans(log: Log) -> list[float]:
    """Moments at which a whole plan arrives at once [units of time]; none where there are many."""
    at, counts = np.unique(log.items.arrived[log.items.arrived != NOT_YET], return_counts=True)
    moments = log.times(at[counts >= PLAN]).tolist()
    return [round(moment, 2) for moment in moments] if len(moments) <= MOST_PLANS else []


def _every(log: Log) -> float:
    """Time between the entries of the header's series [units of time]."""
    return max(1.0, float(np.ceil(log.length / MOST_DAYS)))


def _phase(log: Log, number: int) -> dict[str, Any]:
    """An organisation: from when on, the limits of its steps, its teams and the steps that they were seen to work at."""
    start = log.phases[number]
    end = log.phases[number + 1] if number + 1 < len(log.phases) else log.horizon + 1
    limits = log.step_limits[number] if number < len(log.step_limits) else (None,) * len(log.steps)
    return {"start": max(log.time(start), 0.0), "limits": list(limits), "teams": _teams(log, start, end)}


def _teams(log: Log, start: int, end: int) -> list[dict[str, Any]]:
    """The teams that worked in [start, end), with their people and the steps at which they worked or (else) helped."""
    visits = log.visits
    seen = np.flatnonzero((visits.pool >= 0) & (visits.started >= start) & (visits.started < end))
    team_of = np.zeros(1 + max((pool.index for pool in log.pools), default=0), np.int64)
    for pool in log.pools:
        team_of[pool.index] = pool.team
    teams = team_of[visits.pool[seen]]
    teams_seen = []
    for team in _different(teams):
        rows = seen[teams == team]
        own = rows[visits.kind[rows] == Kind.WORK]
        steps = _different(visits.step[own if len(own) else rows])
        teams_seen.append({"name": log.teams[team], "people": _people(log, team, start), "steps": steps, "helps": not len(own)})
    return teams_seen


def _different(numbers: Ints) -> list[int]:
    """The distinct values among numbers from 0 on, in rising order."""
    different: list[int] = np.flatnonzero(np.bincount(numbers)).tolist()
    return different


def _people(log: Log, team: int, moment: int) -> int | None:
    """How many people a team has at a moment; None = unlimited."""
    latest = {pool.index: pool for pool in log.pools if pool.team == team and pool.since <= moment}
    counts = [pool.people for pool in latest.values()]
    return None if None in counts else sum(count for count in counts if count is not None)
