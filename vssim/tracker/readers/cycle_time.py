"""Cycle-time data of jira-agile-metrics: first entries, blanks filled from the right, with status and resolution."""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker.decisions import Decisions
from vssim.tracker.frames import Extract
from vssim.tracker.heads import means_done, roles
from vssim.tracker.readers.board import dated_block, read_board
from vssim.tracker.sources import Source


class CycleTimeData:
    """Reads cycle-time data (CSV, XLSX; JSON through its own door)."""

    kind = "cycle-time data"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by a combination of heads that no other tool writes."""
        if not source.tabular:
            return None
        names = {head.casefold() for head in source.heads}
        if {"status", "resolution", "blocked days"} <= names and len(dated_block(source)) >= 2:
            return 0.95, said("dates a column with Status, Resolution and Blocked Days")
        return None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """A board of first entries whose blanks were filled from the right."""
        extract = read_board(source, decisions, dated_block(source), ("first", ("first entries only", "blanks filled")))
        return _with_contradictions(source, extract)


def _with_contradictions(source: Source, extract: Extract) -> Extract:
    """The extract with a note on items whose status contradicts their last date."""
    known = roles(source.heads)
    if "status" not in known or not extract.columns:
        return extract
    status = source.table.select(item=pl.col(known.get("id", source.heads[0])), status=pl.col(known["status"]))
    last = extract.moves.group_by("item").agg(pl.col("to").last().alias("column"))
    finished = extract.columns[-1]
    both = last.join(status, on="item").filter(pl.col("status").is_not_null())
    says = both["status"].map_elements(means_done, return_dtype=pl.Boolean)
    against = int(((both["column"] == finished) != says).fill_null(value=False).sum())
    if not against:
        return extract
    note = said(
        "of {count} items the status contradicts the last date ({column} or not); the dates count", count=against, column=finished
    )
    return Extract(**{**extract.__dict__, "notes": (*extract.notes, note)})


READER = CycleTimeData()
