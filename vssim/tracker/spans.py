"""Items of which only the begin and the end are known: their moves, and ends that lie before begins."""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker.frames import Dropped, as_moves, dropped, in_order
from vssim.tracker.sources import ROW

WAITING, WORK, DONE = "Backlog", "In progress", "Done"
"""The columns of a board of such items."""

OPEN = "Not closed"
"""The one column where not even starts are known, only when items were created and closed."""

_DAY = 86_400_000_000


def moves_of(table: pl.DataFrame, *, started: bool) -> tuple[pl.DataFrame, list[Dropped], list[str]]:
    """The moves of a table with item, row, created, started, closed (instants, null for not or not known).

    `started`: whether starts are known at all. Where an end lies before its begin the begin is dropped: the item counts as
    delivered at its end, and its times are left out.
    """
    beginning = pl.min_horizontal("created", "started") if started else pl.col("created")
    backwards = pl.col("closed") < pl.coalesce(pl.col("started"), pl.col("created"))
    marked = table.with_columns(backwards=backwards.fill_null(value=False), beginning=beginning)
    wrong = marked.filter("backwards")
    notes = _backwards(marked, wrong)
    lost = dropped(said("closed before it was started or created (counts as delivered, for no time)"), wrong[ROW])
    marked = marked.with_columns(
        pl.when(pl.col("backwards").not_()).then(pl.col(name)).alias(name) for name in ("created", "started")
    )
    begin = WAITING if started else OPEN
    stages = [_stage(marked, "created", None, begin, pl.col("created").is_not_null())]
    if started:
        is_new = pl.col("created").is_null()
        stages += [
            _stage(marked, "started", None, WORK, is_new & pl.col("started").is_not_null()),
            _stage(marked, "started", WAITING, WORK, is_new.not_() & pl.col("started").is_not_null()),
        ]
    bare = pl.col("created").is_null() & pl.col("started").is_null()
    stages.append(_stage(marked, "closed", None, DONE, bare))
    stages.append(_stage(marked, "closed", WORK, DONE, pl.col("started").is_not_null()))
    stages.append(_stage(marked, "closed", begin, DONE, pl.col("started").is_null() & pl.col("created").is_not_null()))
    moves = pl.concat(stages).filter(pl.col("at").is_not_null())
    # A start before the creation would be a move from a column that the item has not entered: the earlier of both is its creation.
    return in_order(as_moves(moves.sort("at", ROW, "stage"))), lost, notes


def _stage(table: pl.DataFrame, at: str, origin: str | None, target: str, rows: pl.Expr) -> pl.DataFrame:
    place = {WAITING: 0, OPEN: 0, WORK: 1, DONE: 2}[target]
    return table.filter(rows).select(
        "item",
        pl.col(at).alias("at"),
        pl.lit(origin, pl.String).alias("from"),
        pl.lit(target).alias("to"),
        pl.lit("created" if origin is None else "status").alias("kind"),
        pl.col(ROW),
        pl.lit(place).alias("stage"),
    )


def _backwards(table: pl.DataFrame, wrong: pl.DataFrame) -> list[str]:
    ended = table.filter(pl.col("closed").is_not_null()).height
    if not wrong.height or wrong.height < 0.02 * ended:
        return []
    short = pl.coalesce(pl.col("started"), pl.col("created")) - pl.col("closed")
    days = wrong.select(short.dt.total_microseconds()).to_series()
    a_day = int((days == _DAY).sum())
    share = said(
        "{count} of {of} items ({share} %) were closed before they began",
        count=wrong.height,
        of=ended,
        share=f"{100 * wrong.height / ended:.0f}",
    )
    if a_day >= 0.9 * wrong.height:
        return [
            said(
                "{share}, {count} of them by exactly one day: one of the two dates is off by one in the export, "
                "and times between them may be a day short for the others too",
                share=share,
                count=a_day,
            )
        ]
    return [said("{share}: the two columns may be swapped, or of two zones", share=share)]
