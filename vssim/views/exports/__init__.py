"""A run for other tools: its visits, an event log for process mining, a board with dates for flow-metrics tools.

`visits` has the columns of the visit log, in units of time. `events` has one row a visit that was started, and one for each
arrival, commitment, gate and delivery; its times are dates where the scenario says when it starts, else units of time. `board` has
one row an item that arrived, with the dates on which it first entered each step; it needs a start. `board-last` is the same as
trackers make it that keep last entries: the date on which it last entered each step, and none where it went back before that step
and did not come there again. `moves` has one row a move of an item on the board, as a tracker would have recorded it. Stopped items
have no date under Done and say so in their own column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from vssim.calendar import Calendar
from vssim.clock import NOT_YET
from vssim.log import Log
from vssim.views.exports import events, moves
from vssim.views.exports.columns import BACKLOG, DONE, as_series, columns, needs_dates

if TYPE_CHECKING:
    import polars

Mask = NDArray[np.bool_]

Form = Literal["visits", "events", "board", "board-last", "moves"]
FORMS: tuple[Form, ...] = get_args(Form)


def table(log: Log, form: Form, calendar: Calendar | None = None) -> polars.DataFrame:
    """The run in one of the forms."""
    calendar = None if calendar is None else calendar.beginning(log.origin)
    if form == "visits":
        return log.visits_table()
    if form == "events":
        return events.table(log, calendar)
    if form == "moves":
        return moves.table(log, needs_dates(calendar, form))
    return board(log, needs_dates(calendar, form), last=form == "board-last")


def side_by_side(tables: Sequence[tuple[str, polars.DataFrame]]) -> polars.DataFrame:
    """Tables of the same columns below each other, with a first column `side` that names where each row is from."""
    import polars

    named = [rows.select(polars.lit(name).alias("side"), polars.all()) for name, rows in tables]
    return polars.concat(named, how="vertical_relaxed")


def board(log: Log, calendar: Calendar, *, last: bool = False) -> polars.DataFrame:
    """One row an item that arrived: ID, Link, Title, Backlog, the date on which it first entered each step, Done, Type, Stopped.

    `last`: the date of the last entry instead; what lies further on than a column to which an item went back is wiped out.
    """
    import polars

    items = log.items
    rows = np.flatnonzero(items.arrived != NOT_YET)
    kinds = [log.types[kind] for kind in items.type[rows].tolist()]
    table: dict[str, Any] = {
        "ID": rows.tolist(),
        "Link": polars.Series([""] * len(rows), dtype=polars.String),
        "Title": polars.Series([f"{kind} {row}" for kind, row in zip(kinds, rows.tolist(), strict=True)], dtype=polars.String),
    }
    log_moves, steps = moves.moves(log), len(log.steps)
    latest = np.full(len(items.type), -1)

    def dated(into: Mask, *, last: bool = False) -> polars.Series:
        """The date of each item's first or last move of those; of last ones none that came before the last into a column before."""
        chosen = np.flatnonzero(into)
        columns_of_items = np.full(len(items.type), -1)
        order = chosen if last else chosen[::-1]
        columns_of_items[log_moves.item[order]] = order  # of several moves of one item the one written last stays
        if last:
            columns_of_items[columns_of_items < latest] = -1
            np.maximum(latest, columns_of_items, out=latest)
        known = columns_of_items[rows]
        at = np.where(known < 0, NOT_YET, log_moves.at[known])
        return as_series(calendar.days(at, ends=(log_moves.ends[known] == 1) & (known >= 0)))

    table[BACKLOG] = dated((log_moves.target == steps) if last else (log_moves.kind == moves.CREATED), last=last)
    for number, column in enumerate(columns(log)):
        table[column] = dated(log_moves.target == number, last=last)
    table[DONE] = dated(log_moves.target == steps + 2, last=last)
    table["Type"] = polars.Series(kinds, dtype=polars.String)
    table["Stopped"] = dated(log_moves.kind == moves.RESOLVED)
    return polars.DataFrame(table)
