"""From events to moves: artificial events and those that ran in parallel are left out, so that each item has one path."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vssim.language import said
from vssim.tracker.decisions import Decisions
from vssim.tracker.frames import Dropped, Extract, Loss, as_items, as_moves, dropped, in_order
from vssim.tracker.people import tokens
from vssim.tracker.sources import ROW

DONE = "Done"

_ARTIFICIAL = (
    "start",
    "end",
    "begin",
    "process start",
    "process end",
    "artificial start",
    "artificial end",
    "case start",
    "case end",
    "_start",
    "_end",
    "▶",
    "■",
)
"""Events that process-mining tools put around a case."""


def waiting(activity: str) -> str:
    """The column in which items wait for an activity."""
    return f"waiting for {activity}"


def extract_of(
    events: pl.DataFrame,
    decisions: Decisions,
    *,
    started: bool,
    stamps: Sequence[Loss],
    lost: Sequence[Dropped],
    notes: Iterable[str],
    rows: int,
) -> Extract:
    """The moves of events (item, activity, start, end, who, row). With `started`, waiting and work become separate columns."""
    dropped_rows, told = list(lost), list(notes)
    nameless = events.filter(pl.col("item").is_null() | pl.col("activity").is_null() | pl.col("end").is_null())
    dropped_rows += dropped(said("no case, activity or end"), nameless[ROW])
    events = events.join(nameless.select(ROW), on=ROW, how="anti", maintain_order="left")
    events = events.with_columns(pl.col("start").fill_null(pl.col("end")))
    artificial = events.filter(
        pl.col("activity").str.to_lowercase().str.strip_chars().is_in(_ARTIFICIAL) & (pl.col("start") == pl.col("end"))
    )
    dropped_rows += dropped(said("artificial start or end of a case"), artificial[ROW])
    events = events.join(artificial.select(ROW), on=ROW, how="anti", maintain_order="left")
    backwards = events.filter(pl.col("end") < pl.col("start"))
    dropped_rows += dropped(said("ends before it starts"), backwards[ROW])
    events = events.join(backwards.select(ROW), on=ROW, how="anti", maintain_order="left")
    events = events.sort("item", "end", "start", ROW, maintain_order=True)
    kept = main_path(events) if started else np.ones(events.height, bool)
    side = events.filter(~kept)
    losses: list[Loss] = [*stamps]
    if side.height:
        losses.append("side paths")
        cases = side["item"].n_unique()
        told.append(
            said(
                "{count} of {of} events of {cases} cases ran beside others: the path that the end waited for is followed",
                count=side.height,
                of=events.height,
                cases=cases,
            )
        )
    if not started:
        losses.append("ends only")
    path = events.filter(kept)
    moves = _with_waiting(path) if started else _ends(path)
    order = _order(path)
    columns = [name for activity in order for name in ((waiting(activity), activity) if started else (activity,))]
    present = set(moves["to"].unique().to_list())
    columns = [name for name in [*columns, DONE] if name in present]
    if started:
        queues = {waiting(activity): activity for activity in order if waiting(activity) in present}
        decisions.settle("queue_of", queues, said("an activity takes from those that wait for it"))
        decisions.names("queues", list(queues), said("items wait there for an activity"))
    decisions.names("columns", columns, said("by when activities come in the cases"))
    first = events.group_by("item", maintain_order=True).agg(pl.col("start").min().alias("created"))
    return Extract(
        moves=in_order(as_moves(moves.with_columns(tokens(moves["who"]).alias("who")))),
        items=as_items(first if started else first.with_columns(pl.lit(None).alias("created"))),
        losses=tuple(losses),
        dropped=tuple(dropped_rows),
        notes=tuple(told),
        columns=tuple(columns),
        done=(DONE,),
        rows=rows,
    )


def main_path(events: pl.DataFrame) -> NDArray[np.bool_]:
    """Which events lie on the critical path to the end of their case. `events`: sorted by item, then by end.

    Backwards from the last end: before each event comes the one that ended last before it began. Events in parallel are left out.
    """
    start, end = events["start"].cast(pl.Int64).to_numpy(), events["end"].cast(pl.Int64).to_numpy()
    item = events["item"].rle_id().to_numpy()
    after = np.append(start[1:] < end[:-1], False) & np.append(item[1:] == item[:-1], False)
    kept = np.ones(len(item), bool)
    borders = np.flatnonzero(np.diff(item, prepend=-1))
    for first, last in zip(borders.tolist(), [*borders[1:].tolist(), len(item)], strict=True):
        if not after[first:last].any():
            continue
        kept[first:last] = False
        ends, place = end[first:last].tolist(), last - 1
        while place >= first:
            kept[place] = True
            # Only earlier rows count: an event without length would otherwise be its own predecessor, and the loop would not end.
            place = first + min(bisect_right(ends, int(start[place])), place - first) - 1
    return kept


def _with_waiting(path: pl.DataFrame) -> pl.DataFrame:
    """The moves of a path: into waiting at the end of the previous event, into work at the start, into done at the last end."""
    first = (pl.col("item") != pl.col("item").shift(1)).fill_null(value=True)
    last = (pl.col("item") != pl.col("item").shift(-1)).fill_null(value=True)
    path = path.with_row_index("place").with_columns(
        first=first, last=last, before=pl.col("activity").shift(1), until=pl.col("end").shift(1), helper=pl.col("who").shift(1)
    )
    queue = pl.format("waiting for {}", pl.col("activity"))
    waits = path.filter(pl.col("first").not_() & (pl.col("until") < pl.col("start")))
    stages = [
        waits.select(
            "item", ROW, "place", at="until", origin="before", to=queue, kind=pl.lit("status"), who="helper", order=pl.lit(0)
        ),
        path.select(
            "item",
            ROW,
            "place",
            at="start",
            origin=pl.when(pl.col("first").not_()).then(
                pl.when(pl.col("until") < pl.col("start")).then(queue).otherwise(pl.col("before"))
            ),
            to="activity",
            kind=pl.when(pl.col("first")).then(pl.lit("created")).otherwise(pl.lit("status")),
            who=pl.when(pl.col("first").not_() & (pl.col("until") == pl.col("start"))).then(pl.col("helper")),
            order=pl.lit(1),
        ),
        path.filter("last").select(
            "item", ROW, "place", at="end", origin="activity", to=pl.lit(DONE), kind=pl.lit("status"), who="who", order=pl.lit(2)
        ),
    ]
    moves = pl.concat(stages, how="vertical_relaxed").sort("at", "place", "order").rename({"origin": "from"})
    return moves.filter((pl.col("from") != pl.col("to")).fill_null(value=True))


def _ends(path: pl.DataFrame) -> pl.DataFrame:
    """The moves of a path without starts: an item is in an event's column from the end of the previous event to its own end."""
    same = pl.col("item") == pl.col("item").shift(-1)
    begins = (pl.col("item") != pl.col("item").shift(1)).fill_null(value=True)
    moves = path.with_row_index("place").select(
        "item",
        ROW,
        "place",
        pl.col("end").alias("at"),
        pl.when(begins.not_()).then(pl.col("activity")).alias("from"),
        pl.when(same).then(pl.col("activity").shift(-1)).otherwise(pl.lit(DONE)).alias("to"),
        pl.when(begins).then(pl.lit("created")).otherwise(pl.lit("status")).alias("kind"),
        pl.col("who"),
    )
    return moves.filter((pl.col("from") != pl.col("to")).fill_null(value=True)).sort("at", "place")


def _order(path: pl.DataFrame) -> list[str]:
    """The activities, sorted by their mean position in the cases."""
    placed = path.with_columns(share=pl.int_range(pl.len()).over("item") / pl.len().over("item"))
    return [
        str(name)
        for name in placed.group_by("activity").agg(pl.col("share").mean()).sort("share", "activity")["activity"].to_list()
    ]
