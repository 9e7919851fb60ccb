"""Every move of every item: into a column, out of it, shelved, back again, dropped. The form that loses nothing of the board.

One row a move, in the order of time. `item` is the number that the item has on the board; `at` an instant (UTC, to the
microsecond); `from` and `to` are columns: null, where it comes from outside (created, back from being shelved) or leaves the board
(shelved, dropped). `kind`: created, status, blocked (shelved), unblocked (back again), resolved (dropped). `who` is the team that
had the item in the column it leaves; null where nobody had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vssim.calendar import Calendar
from vssim.clock import NOT_YET, Ints, Numbers
from vssim.log import Ended, Log
from vssim.views.exports.columns import BACKLOG, DONE, PARTS, as_instants, columns

if TYPE_CHECKING:
    import polars

KINDS = ("created", "status", "blocked", "unblocked", "resolved")
CREATED, STATUS, BLOCKED, UNBLOCKED, RESOLVED = range(len(KINDS))
NOWHERE = -1
"""The column of an item that is on no column."""


@dataclass(frozen=True, eq=False)
class Moves:
    """One row a move, in the order of time. Arrays of shape (moves,)."""

    item: Ints
    at: Ints
    """[ticks]"""
    ends: Ints
    """1 when a stay of some length ends with the move, which then is of the evening and not of the next morning"""
    origin: Ints
    """the column left, −1 none: the steps by number, then Backlog, Parts, Done"""
    target: Ints
    """the column entered, −1 none"""
    kind: Ints
    """a number of KINDS"""
    who: Ints
    """the team that had it in the column left, −1 nobody"""


def table(log: Log, calendar: Calendar) -> polars.DataFrame:
    """The moves with names and dates: item, at, from, to, kind, who."""
    import polars

    log_moves = moves(log)
    names = [*columns(log), BACKLOG, PARTS, DONE]
    return polars.DataFrame(
        {
            "item": polars.Series(log_moves.item).cast(polars.String),
            "at": as_instants(log_moves.at, calendar, ends=log_moves.ends == 1),
            "from": _named(log_moves.origin, names),
            "to": _named(log_moves.target, names),
            "kind": _named(log_moves.kind, KINDS),
            "who": _named(log_moves.who, log.teams),
        }
    )


def moves(log: Log) -> Moves:
    """Every move of a run."""
    steps = len(log.steps)
    backlog, parts, done = steps, steps + 1, steps + 2
    items, everything = log.items, np.arange(len(log.items.type))
    whole = (items.joined != items.arrived) & (items.arrived != NOT_YET)
    stages = [
        _rows(everything, _FIRST, items.arrived, NOWHERE, np.where(whole, parts, backlog), CREATED),
        _rows(everything[whole], _FIRST + 1, items.joined[whole], parts, backlog, STATUS),
        *_between_steps(log, backlog),
        _last(log, backlog, done),
    ]
    item, place, at, origin, target, kind, who = (np.concatenate(column) for column in zip(*stages, strict=True))
    order = np.lexsort((place, item))
    item, at, origin, target, kind, who = (column[order] for column in (item, at, origin, target, kind, who))
    same = np.append(False, item[1:] == item[:-1])[: len(item)]
    # From the backlog an item is taken in the morning; anywhere else its stay ends in the evening, if it had any length.
    stayed = same & (at != np.append(NOT_YET, at[:-1])[: len(at)]) & (origin != backlog) & (origin != NOWHERE)
    order = np.lexsort((~stayed, at))  # evenings before the mornings that are the same moment; otherwise as they were
    return Moves(*(column[order] for column in (item, at, stayed.astype(np.int64), origin, target, kind, who)))


_FIRST = 0
_STAGES = 4
"""Moves that a visit may have, at most: in, out again as it parks, and back."""

_Rows = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]
"""Item, place in its journey, moment [ticks], column left, column entered, kind, who."""


def _rows(
    item: Numbers,
    place: Numbers | int,
    at: Ints,
    origin: Numbers | int,
    target: Numbers | int,
    kind: Numbers | int,
    who: Numbers | int = -1,
) -> _Rows:
    """The moves that took place: those whose moment is not NOT_YET."""
    came = np.flatnonzero(at != NOT_YET)

    def column(values: Numbers | int) -> Ints:
        full: Ints = np.broadcast_to(np.asarray(values, np.int64), item.shape)[came]
        return full

    return column(item), column(place), column(at), column(origin), column(target), column(kind), column(who)


def _between_steps(log: Log, backlog: int) -> list[_Rows]:
    """Moves into the first step, from step to step, off the board (shelved) and back."""
    visits = log.visits
    same_item = _as_before(visits.item)
    same_stay = same_item & _as_before(visits.stay)
    parked = visits.parked == 1
    step = visits.step.astype(np.int64)
    before = np.append(NOWHERE, step[:-1])[: len(step)]
    owner = np.append(NOWHERE, visits.owner[:-1])[: len(step)]
    parked_before = np.append(False, parked[:-1])[: len(step)] & same_stay
    opens = np.flatnonzero(~same_stay)
    aside = np.flatnonzero(parked & ~parked_before)
    back = np.flatnonzero(~parked & parked_before)

    def place(rows: Ints, stage: int) -> Ints:
        places: Ints = (_STAGES * (1 + visits.visit[rows].astype(np.int64))) + stage
        return places

    came_from = np.where(same_item, before, backlog)[opens]
    had = np.where(same_item, owner, -1)[opens]
    left_by = np.where(same_stay, owner, -1)[aside]
    entered = visits.entered
    return [
        _rows(visits.item[opens], place(opens, 0), entered[opens], came_from, step[opens], STATUS, had),
        _rows(visits.item[aside], place(aside, 1), entered[aside], step[aside], NOWHERE, BLOCKED, left_by),
        _rows(visits.item[back], place(back, 0), entered[back], NOWHERE, step[back], UNBLOCKED),
    ]


def _as_before(values: Numbers) -> NDArray[np.bool_]:
    """Whether each value is that of the row before; False for the first."""
    return np.append(False, values[1:] == values[:-1])[: len(values)]


def _last(log: Log, backlog: int, done: int) -> _Rows:
    """The last move of each item: delivered, dropped or gave up, out of the column of its last visit or the backlog."""
    items, visits = log.items, log.visits
    origin, who = np.full(len(items.type), backlog), np.full(len(items.type), -1)
    came = np.flatnonzero(visits.entered != NOT_YET)
    origin[visits.item[came]] = visits.step[came]  # of several the last counts
    who[visits.item[came]] = visits.owner[came]
    dropped = items.ended >= Ended.STOPPED
    last = np.full(len(items.type), _STAGES * (2 + int(visits.visit.max(initial=0))))
    target, kind = np.where(dropped, NOWHERE, done), np.where(dropped, RESOLVED, STATUS)
    return _rows(np.arange(len(items.type)), last, items.left, origin, target, kind, who)


def _named(numbers: Ints, names: list[str] | tuple[str, ...]) -> polars.Series:
    """Names for numbers; null for −1."""
    import polars

    return polars.Series(np.array([*names, None], dtype=object)[numbers].tolist(), dtype=polars.String)
