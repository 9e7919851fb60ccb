"""Records without a forecast: for several horizons, by every method."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from vssim.forecasts.deliveries import Deliveries, date_of, deliveries
from vssim.forecasts.methods import METHODS
from vssim.forecasts.record import SHOWN, Record
from vssim.forecasts.told import RECORD_HEADS, aligned, counted, many, record_cells, record_sentence
from vssim.tracker.board import Board

WEEKS = (1, 2, 4, 8, 13)
"""The horizons for which counts are forecast [weeks]."""

ITEMS = (10, 20, 50)
"""The numbers of items for which dates are forecast."""


@dataclass(frozen=True)
class Tried:
    """The record of one method on one kind of window."""

    method: str
    length: str
    record: Record


@dataclass(frozen=True, eq=False, repr=False)
class Records:
    """The records of one board, by horizon and method."""

    deliveries: Deliveries
    tried: tuple[Tried, ...]

    @property
    def shown(self) -> list[Tried]:
        """The records with enough windows to be shown."""
        return [tried for tried in self.tried if tried.record.is_shown]

    @property
    def text(self) -> str:
        """The records as a text table."""
        head = ("windows of", "method", "windows", *RECORD_HEADS, "")
        lines = aligned([head, *(_row(tried) for tried in self.shown)])
        if not self.shown:
            lines = [f"No record: the past holds too few windows of any length; {SHOWN} are needed."]
        return "\n".join([*lines, *self.sentences])

    @property
    def sentences(self) -> list[str]:
        """The record of the default method for the longest horizon, and what was counted, in sentences."""
        usual = [t for t in self.shown if t.record.kind == "counts" and t.method == next(iter(METHODS))]
        said = [record_sentence(usual[-1].record, usual[-1].length)] if usual else []
        return [*said, counted(self.deliveries.counts)]

    @property
    def begins(self) -> dt.date:
        """The day on which the past ends."""
        return date_of(self.deliveries.begins)

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import record_entry, whole

        entries = [record_entry(tried.record, tried.method, tried.length) for tried in self.tried]
        return whole("record", "How often was it right?", "", self.begins, "all", [], entries, self.sentences)

    def table(self) -> Any:
        """One row for each record, as a polars DataFrame."""
        import polars

        rows = [
            {
                "windows_of": tried.length,
                "method": tried.method,
                "kind": tried.record.kind,
                "windows": len(tried.record.windows),
                "promised": tried.record.promised,
                "kept": tried.record.kept,
                "in_band": tried.record.in_band,
                "crps": tried.record.score,
                "holds": tried.record.holds,
            }
            for tried in self.shown
        ]
        return polars.DataFrame(rows)

    def __repr__(self) -> str:
        return self.text


def records_of(board: Board, begins: dt.date | None = None) -> Records:
    """The records of all methods: of counts for several horizons, of dates for several numbers of items."""
    past = deliveries(board, begins)
    tried = []
    for weeks in WEEKS:
        for method in METHODS.values():
            record = method.record_of_counts(past.daily, weeks * past.week, past.week)
            tried.append(Tried(method.name, many(weeks, "week"), record))
    for items in ITEMS:
        for method in METHODS.values():
            record = method.record_of_dates(past.daily, items, past.week)
            tried.append(Tried(method.name, many(items, "item"), record))
    return Records(past, tuple(tried))


def _row(tried: Tried) -> tuple[str, ...]:
    record = tried.record
    return (tried.length, tried.method, str(len(record.windows)), *record_cells(record), "" if record.holds else "fails")
