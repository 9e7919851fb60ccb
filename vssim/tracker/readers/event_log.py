"""Event logs as CSV: case, activity, end, and a start where there is one.

Where starts are known, an item waits for an activity from the end of the one before it, in a column `waiting for …` of its own.
Where only ends are known, waiting and work share one column, and the first activity has no length.
"""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker.dates import looks_like_dates, read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.events import extract_of
from vssim.tracker.frames import Extract, dropped
from vssim.tracker.heads import plain
from vssim.tracker.sources import ROW, Source
from vssim.tracker.tables import refuse_placeholders, unread_cells

NAMES: dict[str, tuple[str, ...]] = {
    "case": ("case_id", "case id", "caseid", "case", "case:concept:name", "trace", "trace id"),
    "activity": ("activity", "concept:name", "event", "task", "activity name", "activity_name"),
    "start": ("start_time", "start time", "start", "start_timestamp", "start timestamp", "starttime", "begin"),
    "end": (
        "end_time", "end time", "end", "complete", "end_timestamp", "complete timestamp", "time:timestamp", "timestamp", "endtime",
        "complete_time", "completion time",
    ),
    "resource": ("resource", "org:resource", "user", "agent"),
}  # fmt: skip
"""By part of an event the heads that state it."""


class EventLog:
    """Reads event logs."""

    kind = "event log"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its heads: case, activity, end."""
        if source.form not in ("csv", "parquet", "xlsx"):
            return None
        heads = event_heads(source)
        if {"case", "activity", "end"} <= set(heads) and looks_like_dates(source.table[heads["end"]].cast(pl.String)):
            return 0.9, said("an event log: {heads}", heads=", ".join(heads[part] for part in ("case", "activity", "end")))
        return None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """One stay for each event on the critical path to the end of its case."""
        heads = event_heads(source)
        if not {"case", "activity", "end"} <= set(heads):
            raise Refused(f"{source.path}: an event log needs case, activity and end; it has {', '.join(source.heads[:12])}")
        dated = [heads[part] for part in ("start", "end") if part in heads]
        table = source.table.with_columns(pl.col(dated).cast(pl.String))
        refuse_placeholders(source, table, dated)
        once = table.unique(subset=[name for name in table.columns if name != ROW], keep="first", maintain_order=True)
        doubles = table.join(once.select(ROW), on=ROW, how="anti")
        dates = read_dates(once, dated, decisions)
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, once.height)
        events = pl.DataFrame(
            [
                once[heads["case"]].cast(pl.String).rename("item"),
                once[heads["activity"]].cast(pl.String).rename("activity"),
                dates.columns[heads["end"]].rename("end"),
                (dates.columns[heads["start"]] if "start" in heads else dates.columns[heads["end"]]).rename("start"),
                (once[heads["resource"]].cast(pl.String) if "resource" in heads else nothing).rename("who"),
                once[ROW],
            ]
        )
        lost = (*source.dropped, *dropped(said("the same event once more"), doubles[ROW]), *unread_cells(once, dates))
        return extract_of(
            events,
            decisions,
            started="start" in heads,
            stamps=("days only",) if dates.days_only else () if dates.zoned else ("no zone",),
            lost=lost,
            notes=source.notes,
            rows=source.table.height,
        )


def event_heads(source: Source) -> dict[str, str]:
    """By part of an event the head under which the file has it."""
    known = {plain(head): head for head in reversed(source.heads)}
    return {part: known[name] for part, names in NAMES.items() for name in names[::-1] if name in known}


READER = EventLog()
