"""Stays in columns, and the life of each item: created, started, done or dropped."""

from __future__ import annotations

import polars as pl

from vssim.tracker.stages import Stages
from vssim.tracker.worktime import WorkTime

MOVING = ("created", "status", "resolved")
"""The kinds of moves that change an item's column."""


def stays_of(moves: pl.DataFrame, clock: WorkTime) -> pl.DataFrame:
    """One row a stay: item, column, entered, left (null: still there), days (working, null while there), by item and time."""
    placed = moves.filter(pl.col("kind").is_in(MOVING)).with_row_index("place").sort("item", "place")
    same = pl.col("item").shift(-1) == pl.col("item")
    stays = placed.select(
        "item",
        pl.col("to").alias("column"),
        pl.col("at").alias("entered"),
        pl.when(same).then(pl.col("at").shift(-1)).alias("left"),
        pl.when(same).then(pl.col("to").shift(-1)).alias("next"),
    ).filter(pl.col("column").is_not_null())
    return stays.with_columns(days=pl.Series(clock.of(stays["left"]) - clock.of(stays["entered"])).fill_nan(None))


def lives_of(moves: pl.DataFrame, items: pl.DataFrame, stages: Stages, clock: WorkTime) -> pl.DataFrame:
    """One row an item with moves: item, type, created, started, done, gone, column (now), first, latest, lead, since_start.

    `done` is the last entry to a column in which work is done, if the item has not left those since; `gone` is when it left the
    board otherwise; `started` the first entry to a column of work; `lead` and `since_start` are working days. `created` is
    null where older history is missing, and where an item was put on the board as done.
    """
    done, begun = list(stages.done), list(stages.work)
    placed = moves.filter(pl.col("kind").is_in(MOVING))
    ends = pl.col("to").is_in(done).fill_null(value=False)
    enters = ends & pl.col("from").is_in(done).fill_null(value=False).not_()
    lives = placed.group_by("item", maintain_order=True).agg(
        # Items that were created in a column of done work were recorded after the fact: no time of theirs is known.
        pl.col("at").filter((pl.col("kind") == "created") & ends.not_()).first().alias("created"),
        pl.col("at").first().alias("first"),
        pl.col("at").filter(pl.col("to").is_in(begun).fill_null(value=False)).first().alias("started"),
        pl.col("at").filter(enters).last().alias("done"),
        pl.col("to").last().alias("column"),
        pl.col("from").last().alias("before"),
        pl.col("kind").last().alias("last"),
        pl.col("at").last().alias("latest"),
    )
    attributes = items.select("item", "type", "dropped")
    lives = lives.join(attributes, on="item", how="left", maintain_order="left")
    left = (pl.col("last") == "resolved") | pl.col("dropped").fill_null(value=False)
    # An item archived in a column of done work stays delivered; one archived in any other column is not delivered.
    delivered = pl.col("column").is_in(done).fill_null(value=False) | (
        (pl.col("last") == "resolved") & pl.col("column").is_null() & pl.col("before").is_in(done).fill_null(value=False)
    )
    finished = delivered & pl.col("dropped").fill_null(value=False).not_()
    lives = lives.with_columns(
        pl.when(finished).then(pl.col("done")).alias("done"),
        pl.when(left & finished.not_()).then(pl.col("latest")).alias("gone"),
    )
    at = {name: pl.Series(clock.of(lives[name])) for name in ("created", "started", "done")}
    return lives.select("item", "type", "created", "started", "done", "gone", "column", "first", "latest").with_columns(
        (at["done"] - at["created"]).fill_nan(None).alias("lead"), (at["done"] - at["started"]).fill_nan(None).alias("since_start")
    )
