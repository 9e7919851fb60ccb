"""Event logs as XES (IEEE 1849), streamed; the start and complete events of an activity become one event.

Entities and external parts are refused by the parser: a log needs neither, and an attack does.
"""

from __future__ import annotations

from collections import defaultdict, deque
from pathlib import Path
from typing import Any

import polars as pl

from vssim.errors import MissingExtra
from vssim.language import said
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.events import extract_of
from vssim.tracker.frames import Extract, dropped
from vssim.tracker.sources import ROW, Source

_BEGINS, _ENDS = ("start",), ("complete", "ate_abort", "pi_abort", "")


class Xes:
    """Reads XES."""

    kind = "event log (XES)"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its outermost element."""
        if source.form == "xml" and b"<log" in source.head:
            return 0.9, said("an event log: {heads}", heads="XES")
        return None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Moves as for an event log in a table."""
        rows, count, doubles = _events(source.path)
        if not rows:
            raise Refused(f"{source.path}: an event log without events that have a name and a time")
        frame = pl.DataFrame(
            rows,
            schema={
                "item": pl.String,
                "activity": pl.String,
                "start": pl.String,
                "end": pl.String,
                "who": pl.String,
                ROW: pl.Int64,
            },
            orient="row",
        )
        dates = read_dates(frame, ["start", "end"], decisions)
        started = frame["start"].null_count() < frame.height
        frame = frame.with_columns(dates.columns["start"].alias("start"), dates.columns["end"].alias("end"))
        return extract_of(
            frame,
            decisions,
            started=started,
            stamps=("days only",) if dates.days_only else () if dates.zoned else ("no zone",),
            lost=(*source.dropped, *dropped(said("the same event once more"), doubles)),
            notes=source.notes,
            rows=count,
        )


def _events(path: Path) -> tuple[list[tuple[Any, ...]], int, list[int]]:
    """Events as (case, activity, start, end, who, number); how many the file has; the numbers of repeated ones."""
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, iterparse
    except ImportError:
        raise MissingExtra("XES needs the extra `data`: pip install 'vssim[data]'") from None
    rows: list[tuple[Any, ...]] = []
    doubles: list[int] = []
    number = 0
    try:
        for _, element in iterparse(path, events=("end",), forbid_dtd=True):
            if element.tag.rsplit("}", 1)[-1] != "trace":
                continue
            number = _trace(element, rows, number, doubles)
            element.clear()
    except DefusedXmlException:
        raise Refused(f"{path}: the XES declares entities or a document type: refused, a log needs none") from None
    except ParseError as error:
        raise Refused(f"{path}: not valid XML ({error}); was the file cut off?") from None
    return rows, number, doubles


def _trace(trace: Any, rows: list[tuple[Any, ...]], number: int, doubles: list[int]) -> int:
    """Append the events of one trace to `rows`; a complete takes the oldest open start of its activity. Returns the last number."""
    case = _attributes(trace).get("concept:name", f"case {number}")
    begun: dict[str, deque[str]] = defaultdict(deque)
    seen: set[tuple[Any, ...]] = set()
    for element in trace:
        if element.tag.rsplit("}", 1)[-1] != "event":
            continue
        number += 1
        values = _attributes(element)
        name, at = values.get("concept:name"), values.get("time:timestamp")
        step = values.get("lifecycle:transition", "").casefold()
        key = (name, at, step, values.get("org:resource"), values.get("concept:instance"))
        if key in seen:
            doubles.append(number)
            continue
        seen.add(key)
        if step in _BEGINS and name and at:
            begun[name].append(at)
        elif step in _ENDS:
            start = begun[name].popleft() if name and begun[name] else None
            rows.append((case, name, start, at, values.get("org:resource"), number))
    return number


def _attributes(element: Any) -> dict[str, str]:
    return {child.get("key"): child.get("value", "") for child in element if child.get("key") is not None}


READER = Xes()
