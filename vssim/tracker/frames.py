"""The two tables that every export is read into, and what a format may lose.

`moves` has one row a move: item · at (instant, UTC, to the microsecond) · from · to (columns as the tracker names them; `from` is
null where an item is created, `to` where it leaves the board) · kind · who · row (of the file). `items` has one row an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

INSTANT = pl.Datetime("us", "UTC")

MOVES: dict[str, Any] = {
    "item": pl.String,
    "at": INSTANT,
    "from": pl.String,
    "to": pl.String,
    "kind": pl.String,
    "who": pl.String,
    "row": pl.Int64,
}
"""Columns of the table of moves."""

ITEMS: dict[str, Any] = {
    "item": pl.String,
    "title": pl.String,
    "type": pl.String,
    "created": INSTANT,
    "class_of_service": pl.String,
    "parent": pl.String,
    "size": pl.Float64,
    "tags": pl.List(pl.String),
    "dropped": pl.Boolean,
}
"""Columns of the table of items; null where the export does not say."""

KINDS = ("created", "status", "blocked", "unblocked", "resolved")
"""What a move may be: created (first entry), status (from column to column), blocked and unblocked, resolved (off the board)."""

Loss = Literal[
    "first entries only",
    "last entries only",
    "blanks filled",
    "days only",
    "no zone",
    "ends only",
    "truncated",
    "no columns",
    "side paths",
]
"""What a format, or this file, does not hold."""

LOSSES: dict[Loss, str] = {
    "first entries only": "one date a column, the first: returns are not seen, and they move time between columns",
    "last entries only": "one date a column, the last: an item that went back has never been there before",
    "blanks filled": "columns that were skipped bear the date of the next one: skips are not seen",
    "days only": "days without a time of day: what happens within one day has no order and takes no time",
    "no zone": "stamps without a zone: taken as those of the zone that the reading names",
    "ends only": "only when activities ended: waiting and work are one, and the first activity has no length",
    "truncated": "older history is missing: the export holds a part of the moves only",
    "no columns": "start and end only: what lies between is one column",
    "side paths": "activities side by side: only the path that the end waited for is followed",
}
"""Each loss in words."""


@dataclass(frozen=True)
class Dropped:
    """Rows or cells that are not used, and why."""

    why: str
    count: int
    rows: tuple[int, ...] = ()
    """the first of them, as rows of the file"""


@dataclass(frozen=True)
class Extract:
    """What a reader found in one file."""

    moves: pl.DataFrame
    items: pl.DataFrame
    losses: tuple[Loss, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    """sentences about this file that a reader of the report should know"""
    columns: tuple[str, ...] = ()
    """the columns in their order, as far as the format says; else empty"""
    done: tuple[str, ...] = ()
    """the columns in which work is done, as far as the format says"""
    rows: int = 0
    """rows, issues, cards or events of the file"""
    facts: dict[str, float] = field(default_factory=dict)
    """counts of what the file holds beside"""


EXAMPLES = 5
"""Rows that are named of those dropped."""


def dropped(why: str, rows: pl.Series | Sequence[int]) -> list[Dropped]:
    """The rows with their reason; nothing where there are none."""
    numbers = rows.to_list() if isinstance(rows, pl.Series) else list(rows)
    return [Dropped(why, len(numbers), tuple(int(row) for row in numbers[:EXAMPLES] if row is not None))] if numbers else []


def as_moves(table: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """A table with the columns of moves in their order and types; those that are missing are null."""
    return _shaped(table, MOVES)


def as_items(table: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """A table with the columns of items in their order and types; those that are missing are null; dropped is then false."""
    shaped = _shaped(table, ITEMS)
    return shaped.with_columns(pl.col("dropped").fill_null(value=False))


def _shaped(table: pl.DataFrame | dict[str, Any], schema: dict[str, Any]) -> pl.DataFrame:
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table, strict=False)
    return frame.select(
        (pl.col(name).cast(kind, strict=False) if name in frame.columns else pl.lit(None, kind).alias(name))
        for name, kind in schema.items()
    )


def in_order(moves: pl.DataFrame) -> pl.DataFrame:
    """The moves by time; those of one instant stay in the order in which they came."""
    return moves if moves["at"].is_sorted() else moves.sort("at", maintain_order=True)
