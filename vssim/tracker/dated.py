"""Boards with one date per column: the order of the columns, what the dates mean, and the moves that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vssim.language import said
from vssim.tracker.decisions import Decisions
from vssim.tracker.frames import Loss, as_moves, in_order

FIRST, LAST = "first", "last"
"""Whether a column's date is that of an item's first entry or of its last one."""

NONE = np.iinfo(np.int64).min

Instants = NDArray[np.int64]
"""Microseconds since 1970, shape (items, columns); NONE where there is no date."""

THE_ORDER = said("the order of the file")
"""How the given order of columns is called when a reason is stated."""

_BETTER = 0.5
"""Another order of the columns is proposed only where it leaves less than this share of the inversions."""


def instants(dates: Mapping[str, pl.Series], columns: Sequence[str]) -> Instants:
    """The dates of some columns side by side; shape (items, columns)."""
    return np.column_stack([dates[name].cast(pl.Int64).fill_null(NONE).to_numpy() for name in columns])


def ordered(
    dates: Mapping[str, pl.Series], columns: Sequence[str], decisions: Decisions, known: str = THE_ORDER
) -> tuple[str, ...]:
    """The columns in the order in which work passes them: as given, unless another order has far fewer dates that run backwards.

    `known`: how the given order is called in the reason for the decision, such as the order of the file.
    """
    before = _earlier(instants(dates, columns))
    here = list(range(len(columns)))
    best = _fewest_inversions(before)
    as_written, improved = _inversions(before, here), _inversions(before, best)
    pairs = int(before.sum())
    if as_written and improved < _BETTER * as_written and as_written > 0.02 * pairs:
        why = said(
            "in {known} {wrong} of {pairs} pairs of dates run backwards, in this one {fewer}",
            known=known,
            wrong=as_written,
            pairs=pairs,
            fewer=improved,
        )
        return decisions.names("columns", [columns[place] for place in best], why)
    return decisions.names(
        "columns",
        columns,
        said("{known}; {wrong} of {pairs} pairs of dates run backwards", known=known, wrong=as_written, pairs=pairs),
    )


def _earlier(at: Instants) -> NDArray[np.int64]:
    """For each pair of columns, the number of rows in which the first has the earlier date; shape (columns, columns)."""
    count = at.shape[1]
    counts = np.zeros((count, count), np.int64)
    for row in range(count):
        for other in range(row + 1, count):
            both = (at[:, row] != NONE) & (at[:, other] != NONE)
            counts[row, other] = int((both & (at[:, row] < at[:, other])).sum())
            counts[other, row] = int((both & (at[:, row] > at[:, other])).sum())
    return counts


def _inversions(before: NDArray[np.int64], order: Sequence[int]) -> int:
    return int(np.tril(before[np.ix_(order, order)], -1).sum())


def _fewest_inversions(before: NDArray[np.int64]) -> list[int]:
    """An order with few inversions: sorted by pairwise majorities, then improved by moving one column at a time."""
    count = len(before)
    order = sorted(range(count), key=lambda place: (-int(np.sign(before[place] - before[:, place]).sum()), place))
    improved = True
    while improved:
        improved = False
        for column in tuple(order):
            least, where = _inversions(before, order), order.index(column)
            rest = [place for place in order if place != column]
            for place in range(count):
                tried = [*rest[:place], column, *rest[place:]]
                if (inversions := _inversions(before, tried)) < least:
                    least, where, improved = inversions, place, True
            order = [*rest[:where], column, *rest[where:]]
    return order


@dataclass(frozen=True)
class Shape:
    """Counts of rows that show how this board marks a step that was skipped."""

    blanks: int
    """rows with an empty column between two dated ones"""
    equal: int
    """rows in which two neighbours bear the same date"""
    backwards: int
    """rows in which a later column bears an earlier date"""


def shape_of(dates: Mapping[str, pl.Series], columns: Sequence[str]) -> Shape:
    """The counts for these dates, with the columns in their order."""
    at = instants(dates, columns)
    dated = at != NONE
    ever = np.maximum.accumulate(dated, axis=1)
    later = np.maximum.accumulate(dated[:, ::-1], axis=1)[:, ::-1]
    blanks = (~dated & ever & later).any(axis=1)
    equal = (dated[:, 1:] & dated[:, :-1] & (at[:, 1:] == at[:, :-1])).any(axis=1)
    highest = np.maximum.accumulate(at, axis=1)
    backwards = (dated & (at < highest)).any(axis=1)
    return Shape(int(blanks.sum()), int(equal.sum()), int(backwards.sum()))


def convention(shape: Shape, decisions: Decisions) -> tuple[str, tuple[Loss, ...]]:
    """Whether the dates are first or last entries, and what the board therefore cannot show."""
    if shape.blanks:
        proposed, why = (
            FIRST,
            said("{count} rows leave a skipped column blank: as those do that keep first entries", count=shape.blanks),
        )
    elif shape.equal:
        proposed, why = (
            LAST,
            said(
                "no row has a blank between dates, {count} have equal neighbours: as those do that fill what was skipped",
                count=shape.equal,
            ),
        )
    else:
        proposed, why = FIRST, said("no row tells: nothing was skipped")
    chosen = decisions.choose(
        "convention", proposed, why, (FIRST, LAST), "Are dates those of the first or of the last entry to a column?"
    )
    losses: list[Loss] = ["first entries only" if chosen == FIRST else "last entries only"]
    if not shape.blanks and shape.equal:
        losses.append("blanks filled")
    return chosen, tuple(losses)


def moves_of(
    item: pl.Series, row: pl.Series, dates: Mapping[str, pl.Series], columns: Sequence[str], *, filled: bool = False
) -> pl.DataFrame:
    """The moves: creation on the first date, then from column to column by date; equal dates in the order of the columns.

    Where blanks were `filled`, of neighbours with the same date only the last was entered.
    """
    wide = pl.DataFrame([item.rename("item"), row.rename("row"), *(dates[name].rename(f"c{n}") for n, name in enumerate(columns))])
    long = wide.unpivot([f"c{n}" for n in range(len(columns))], index=["item", "row"], variable_name="column", value_name="at")
    place = {f"c{n}": n for n in range(len(columns))}
    long = long.filter(pl.col("at").is_not_null()).with_columns(place=pl.col("column").replace_strict(place, return_dtype=pl.Int64))
    long = long.sort("row", "at", "place")
    if filled:
        passed = (pl.col("at") == pl.col("at").shift(-1)) & (pl.col("row") == pl.col("row").shift(-1))
        long = long.filter(passed.not_().fill_null(value=True))
    long = long.with_columns(to=pl.col("place").replace_strict(dict(enumerate(columns)), return_dtype=pl.String))
    first = (pl.col("row") != pl.col("row").shift(1)).fill_null(value=True)
    long = long.with_columns(
        pl.when(first).then(None).otherwise(pl.col("to").shift(1)).alias("from"),
        pl.when(first).then(pl.lit("created")).otherwise(pl.lit("status")).alias("kind"),
    )
    return in_order(as_moves(long))
