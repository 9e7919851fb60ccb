"""vssim's own table of moves, CSV or Parquet: one row a move, without losses."""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import INSTANT, KINDS, Dropped, Extract, Loss, as_items, as_moves, dropped, in_order
from vssim.tracker.sources import ROW, Source

HEADS = ("item", "at", "from", "to", "kind")


class OwnMoves:
    """Reads tables of moves."""

    kind = "moves"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its heads."""
        if source.form not in ("csv", "parquet", "xlsx"):
            return None
        return (1.0, said("the heads of a table of moves: item, at, from, to, kind")) if set(HEADS) <= set(source.heads) else None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """One move for each row, unchanged."""
        table = source.table
        losses: tuple[Loss, ...] = ()
        bad: list[Dropped] = []
        at = table["at"]
        if at.dtype == pl.String:
            dates = read_dates(table, ["at"], decisions)
            at = dates.columns["at"]
            bad += dropped(said("at: no date and time"), table[ROW].filter(at.is_null()))
            losses = ("days only",) if dates.days_only else () if dates.zoned or _ours(source) else ("no zone",)
        elif isinstance(at.dtype, pl.Datetime):
            at = (
                at.dt.replace_time_zone("UTC").cast(INSTANT)
                if at.dtype.time_zone is None
                else at.dt.convert_time_zone("UTC").cast(INSTANT)
            )
        else:
            raise Refused(f"{source.path}: at: got {at.dtype}, expected an instant")
        table = table.with_columns(at.alias("at")).filter(pl.col("at").is_not_null() & pl.col("item").is_not_null())
        strange = table.filter(pl.col("kind").is_in(KINDS).not_().fill_null(value=True))
        if strange.height:
            raise Refused(f"{source.path}: kind: got {strange['kind'][0]!r} in row {strange[ROW][0]}, expected {', '.join(KINDS)}")
        moves = in_order(as_moves(table))
        created = (
            moves.filter(pl.col("kind") == "created")
            .group_by("item", maintain_order=True)
            .agg(pl.col("at").first().alias("created"))
        )
        gone = moves.group_by("item", maintain_order=True).agg((pl.col("kind").last() == "resolved").alias("dropped"))
        types = self._types(source, moves)
        items = gone.join(created, on="item", how="left", maintain_order="left").join(
            types, on="item", how="left", maintain_order="left"
        )
        return Extract(
            moves=moves,
            items=as_items(items),
            losses=losses,
            dropped=(*source.dropped, *bad),
            notes=tuple(source.notes),
            rows=source.table.height,
        )

    @staticmethod
    def _types(source: Source, moves: pl.DataFrame) -> pl.DataFrame:
        """What the file says about items besides their moves: type, title."""
        beside = [head for head in ("type", "title") if head in source.heads]
        table = source.table.select("item", *beside) if beside else moves.select("item")
        return table.unique("item", keep="last", maintain_order=True)


def _ours(source: Source) -> bool:
    """Whether stamps without a zone are UTC: the CSV that vssim writes has no zone."""
    return set(source.heads) <= {*HEADS, "who", "type", "title", "side"}


READER = OwnMoves()
