"""A run as an event log: what process miners read, with everything that they need to find the same lead times.

One row a visit that was started, by start; and one for each arrival, commitment (leaving the backlog), wait at a gate, delivery
and stop. From the first start to the last end of a delivered case is its lead time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vssim.calendar import Calendar
from vssim.clock import NOT_YET, Ints
from vssim.log import Ended, Kind, Log
from vssim.views.exports import moves
from vssim.views.exports.columns import as_times

if TYPE_CHECKING:
    import polars

Mask = NDArray[np.bool_]

ARRIVAL, COMMITMENT, DELIVERY, STOP, GIVING_UP = "arrival", "commitment", "delivery", "stopped", "gave up"


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some events. Arrays of shape (events,)."""

    item: Ints
    place: Ints
    """where in the item's journey, among events of one moment"""
    activity: NDArray[np.object_]
    enabled: Ints
    """[ticks]"""
    started: Ints
    ended: Ints
    late: Mask
    """whether it begins with the end of something else, and so in the evening"""
    pool: Ints


def table(log: Log, calendar: Calendar | None = None) -> polars.DataFrame:
    """The events by start: case_id, activity, enable_time, start_time, end_time, resource, type."""
    import polars

    parts = [_visits(log), _gates(log), *_instants(log)]
    all_ = _Rows(*(np.concatenate([getattr(rows, column.name) for rows in parts]) for column in fields(_Rows)))
    order = np.lexsort((all_.place, all_.item, ~all_.late, all_.started))
    rows = _Rows(*(getattr(all_, column.name)[order] for column in fields(_Rows)))
    lasts = rows.ended > rows.started
    pools, kinds = np.array([*log.pool_names(), None], object), np.array(log.types, object)
    return polars.DataFrame(
        {
            "case_id": [f"item {item}" for item in rows.item.tolist()],
            "activity": _texts(rows.activity),
            "enable_time": as_times(log, rows.enabled, calendar, ends=rows.late & (rows.enabled == rows.started)),
            "start_time": as_times(log, rows.started, calendar, ends=rows.late),
            "end_time": as_times(log, rows.ended, calendar, ends=lasts | rows.late),
            "resource": _texts(pools[rows.pool]),
            "type": _texts(kinds[log.items.type[rows.item]]),
        }
    )


def _texts(values: NDArray[np.object_]) -> polars.Series:
    import polars

    return polars.Series(values.tolist(), dtype=polars.String)


def _visits(log: Log) -> _Rows:
    visits = log.visits
    rows = np.flatnonzero(visits.started != NOT_YET)
    names = _names(log)
    skills = np.array([*log.skills, "outside"], object)
    activity = names[visits.step[rows]]
    tickets = visits.kind[rows] == Kind.TICKET
    asked = skills[visits.skill[rows]]
    activity = np.array(
        [f"{step}: {skill}" if ticket else step for step, skill, ticket in zip(activity, asked, tickets, strict=True)], object
    )
    started, finished = visits.started[rows], visits.finished[rows]
    nothing = (finished == started) & (started > visits.entered[rows])
    place = 2 + 2 * visits.visit[rows].astype(np.int64)
    return _Rows(
        visits.item[rows].astype(np.int64),
        place,
        activity,
        visits.ready[rows],
        started,
        finished,
        nothing,
        visits.pool[rows].astype(np.int64),
    )


def _gates(log: Log) -> _Rows:
    visits = log.visits
    rows = np.flatnonzero((visits.gated == 1) & (visits.finished != NOT_YET))
    activity = np.array([f"{name}: gate" for name in _names(log)], object)[visits.step[rows]]
    finished, released = visits.finished[rows], visits.released[rows]
    place = 3 + 2 * visits.visit[rows].astype(np.int64)
    at_once = (released == finished) & (finished > visits.entered[rows])
    return _Rows(visits.item[rows].astype(np.int64), place, activity, finished, finished, released, at_once, np.full(len(rows), -1))


def _instants(log: Log) -> list[_Rows]:
    """Arrivals, commitments, deliveries, stops and who gave up: events that take no time."""
    items = log.items
    log_moves, steps = moves.moves(log), len(log.steps)
    evening = np.zeros(len(items.type), bool)
    gone = np.flatnonzero((log_moves.target == steps + 2) | (log_moves.kind == moves.RESOLVED))
    evening[log_moves.item[gone]] = log_moves.ends[gone] == 1
    last = np.iinfo(np.int64).max
    return [
        _instant(items.arrived, 0, ARRIVAL, np.zeros(len(items.type), bool)),
        _instant(items.pulled, 1, COMMITMENT, np.zeros(len(items.type), bool)),
        *(
            _instant(np.where(items.ended == way, items.left, NOT_YET), last, name, evening)
            for way, name in ((Ended.DELIVERED, DELIVERY), (Ended.STOPPED, STOP), (Ended.GAVE_UP, GIVING_UP))
        ),
    ]


def _instant(at: Ints, place: int, activity: str, evening: Mask) -> _Rows:
    rows = np.flatnonzero(at != NOT_YET)
    named: Any = np.full(len(rows), activity, object)
    moment = at[rows]
    return _Rows(rows, np.full(len(rows), place), named, moment, moment, moment, evening[rows], np.full(len(rows), -1))


def _names(log: Log) -> NDArray[np.object_]:
    """The activities of the steps; one that is called like another event says that it is a step."""
    own = (ARRIVAL, COMMITMENT, DELIVERY, STOP)
    return np.array([f"{name} (step)" if name in own else name for name in log.steps], object)
