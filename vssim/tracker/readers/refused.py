"""Files that are often mistaken for an export: daily counts, a sheet without dates. The refusal says what they are."""

from __future__ import annotations

import polars as pl

from vssim.tracker.dates import looks_like_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract
from vssim.tracker.heads import roles
from vssim.tracker.sources import Source


class NoExport:
    """Recognises files that cannot be read, so that the refusal can say why."""

    kind = "none"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by daily counts, or by items without any date."""
        if not source.tabular or not source.heads:
            return None
        if counts_a_day(source):
            return 0.7, "counts a day"
        dated = any(looks_like_dates(source.table[head]) for head in source.heads)
        return (0.1, "no dates") if "id" in roles(source.heads) and not dated else None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Always raises Refused, with what the file is and what to export instead."""
        del decisions
        if counts_a_day(source):
            raise Refused(
                f"{source.path}: counts of items a day (a cumulative flow diagram): which item moved when cannot be told from it; "
                "export the items themselves"
            )
        heads = ", ".join(source.heads[:12])
        raise Refused(f"{source.path}: no dates at all in {heads}; export the dates at which items were started and closed")


def counts_a_day(source: Source) -> bool:
    """Whether the first column has dates and all others have whole numbers."""
    first, *others = source.heads
    numbers = [head for head in others if _whole(source.table[head])]
    return len(others) >= 2 and len(numbers) == len(others) and looks_like_dates(source.table[first])


def _whole(column: pl.Series) -> bool:
    held = column.drop_nulls().head(200)
    return not held.is_empty() and bool(held.str.contains(r"^\d{1,6}$").all())


READER = NoExport()
