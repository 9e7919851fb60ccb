"""The two tables that every export becomes, and the list of what a format may lose.

`moves` has one row a move: item · at (instant, UTC, to the microsecond) · from · to (columns as the tracker names them; `from` is
null where an item is created, `to` where it leaves the board) · kind · who · row (of the file). `items` has one row for each item.
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
"""The columns of the table of moves, with their types."""

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
"""The columns of the table of items, with their types; a cell is null where the export does not say."""

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
"""What a format, or a single file, cannot show."""

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
    """Rows or cells that were not used, and the reason."""

    why: str
    count: int
    rows: tuple[int, ...] = ()
    """the first of them, as row numbers of the file"""


@dataclass(frozen=True)
class Extract:
    """What a reader returns for one file."""

    moves: pl.DataFrame
    items: pl.DataFrame
    losses: tuple[Loss, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    """sentences about this file for the report"""
    columns: tuple[str, ...] = ()
    """the columns in their order as far as the format states it; otherwise empty"""
    done: tuple[str, ...] = ()
    """the columns in which work is done, as far as the format states them"""
    rows: int = 0
    """how many rows, issues, cards or events the file has"""
    facts: dict[str, float] = field(default_factory=dict)
    """further counts of the file, by name"""


EXAMPLES = 5
"""How many dropped rows are named as examples."""


def dropped(why: str, rows: pl.Series | Sequence[int]) -> list[Dropped]:
    """The rows with the reason why they were dropped; an empty list where there are no rows."""
    numbers = rows.to_list() if isinstance(rows, pl.Series) else list(rows)
    return [Dropped(why, len(numbers), tuple(int(row) for row in numbers[:EXAMPLES] if row is not None))] if numbers else []


def as_moves(table: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """A table with the columns and types of moves; columns that are missing are null."""
    return _shaped(table, MOVES)


def as_items(table: pl.DataFrame | dict[str, Any]) -> pl.DataFrame:
    """A table with the columns and types of items; columns that are missing are null, and `dropped` is false."""
    shaped = _shaped(table, ITEMS)
    return shaped.with_columns(pl.col("dropped").fill_null(value=False))


def _shaped(table: pl.DataFrame | dict[str, Any], schema: dict[str, Any]) -> pl.DataFrame:
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table, strict=False)
    return frame.select(
        (pl.col(name).cast(kind, strict=False) if name in frame.columns else pl.lit(None, kind).alias(name))
        for name, kind in schema.items()
    )


def in_order(moves: pl.DataFrame) -> pl.DataFrame:
    """The moves sorted by time; moves at the same instant keep their order."""
    return moves if moves["at"].is_sorted() else moves.sort("at", maintain_order=True)
