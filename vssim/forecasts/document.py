"""The document of a forecast, and the same as a table. New fields may be added; existing ones keep their meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vssim.forecasts import told as words
from vssim.forecasts.promises import NEVER, Told
from vssim.forecasts.record import Record
from vssim.version import __version__

if TYPE_CHECKING:
    import polars


class Part(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid")


class PromiseEntry(Part):
    """One promise."""

    asked: float = Field(description="the probability that was asked for")
    probability: float = Field(description="its own probability, at most 0.95")
    items: int | None = Field(description="at least so many items, where counts are asked for")
    days: int | None = Field(
        description="within so many working days (of a scenario: units of time), where a date is asked for and can be told"
    )
    date: dt.date | None = Field(description="by the end of that day, where a date is asked for and can be told")
    change: str | None = Field(default=None, description="of a scenario: with which change; none: as it is")


class WindowEntry(Part):
    """One window of the record."""

    promised: int = Field(description="what was promised: items, or days")
    probability: float = Field(description="of that promise")
    low: int = Field(description="lower end of the band of 80 %")
    high: int = Field(description="upper end of the band of 80 %")
    actual: int = Field(description="what came of it")
    kept: bool = Field(description="whether the promise was kept")


class RecordEntry(Part):
    """How often promises of 85 % would have been kept."""

    method: str = Field(description="how was foretold")
    kind: Literal["counts", "dates"] = Field(description="what was promised: how many, or by when")
    windows_of: str = Field(description="the length of a window, in words")
    windows: list[WindowEntry] = Field(description="the latest last")
    promised: float | None = Field(description="mean probability of the promises")
    kept: int = Field(description="how many promises were kept")
    usual: list[int] = Field(description="fewest and most that are kept in nine of ten such records")
    in_band: int = Field(description="how often the outcome lay in the band of 80 %")
    crps: float | None = Field(description="mean continuous ranked probability score; less is better")
    shown: bool = Field(description="whether there are windows enough to say anything")
    holds: bool = Field(description="whether as many were kept as is usual")


class ForecastDocument(Part):
    """The result of `vssim forecast`."""

    vssim: str = Field(description="version")
    forecast: Literal["when", "by", "item", "items", "teams", "record"] = Field(description="what is asked")
    question: str = Field(description="what was asked, in words")
    warning: str = Field(description="what has to be said first; empty where there is nothing of that kind")
    begins: dt.date | None = Field(description="the first day; none of a scenario without a start")
    method: str = Field(description="how is foretold")
    promises: list[PromiseEntry] = Field(description="the answer, one a probability; empty where it is withheld")
    records: list[RecordEntry] = Field(description="how such promises would have fared in the past")
    basis: list[str] = Field(description="what it rests on, in sentences")


def document(forecast: Any) -> dict[str, Any]:
    """The document of a forecast."""
    week = forecast.deliveries.week
    length = words.span(forecast.days or 0, week) if forecast.kind == "by" else words.many(forecast.items or 0, "item")
    entries = [record_entry(forecast.record, forecast.method.name, length)]
    if forecast.near is not None:
        entries.append(record_entry(forecast.near[1], forecast.method.name, words.many(forecast.near[0], "week")))
    return whole(
        forecast.kind,
        words.question(forecast),
        words.warning(forecast),
        forecast.begins,
        forecast.method.name,
        [promise_entry(told) for told in forecast.promises],
        entries,
        words.basis(forecast),
    )


def whole(
    kind: Literal["when", "by", "item", "items", "teams", "record"],
    question: str,
    warning: str,
    begins: dt.date | None,
    method: str,
    promises: list[PromiseEntry],
    records: list[RecordEntry],
    basis: list[str],
) -> dict[str, Any]:
    """A document as plain values, for JSON."""
    made = ForecastDocument(
        vssim=__version__,
        forecast=kind,
        question=question,
        warning=warning,
        begins=begins,
        method=method,
        promises=promises,
        records=records,
        basis=basis,
    )
    return made.model_dump(mode="json")


def promise_entry(told: Told, *, change: str | None = None) -> PromiseEntry:
    """A promise as an entry of the document."""
    counts, number = told.counts, told.promise.number
    return PromiseEntry(
        asked=told.asked,
        probability=round(told.probability, 4),
        items=number if counts else None,
        days=None if counts or number >= NEVER else number,
        date=told.date,
        change=change,
    )


def record_entry(record: Record, method: str, length: str) -> RecordEntry:
    """A record as an entry of the document."""
    some = bool(record.windows)
    return RecordEntry(
        method=method,
        kind=record.kind,
        windows_of=length,
        windows=[
            WindowEntry(
                promised=window.promise.number,
                probability=round(window.promise.probability, 4),
                low=window.low,
                high=window.high,
                actual=window.actual,
                kept=window.kept,
            )
            for window in record.windows
        ],
        promised=round(record.promised, 4) if some else None,
        kept=record.kept,
        usual=list(record.usual),
        in_band=record.in_band,
        crps=round(record.score, 4) if some else None,
        shown=record.is_shown,
        holds=record.holds,
    )


def table(promises: Sequence[Told]) -> polars.DataFrame:
    """One row for each promise: asked, probability, items, days, date."""
    return entries_table([promise_entry(told) for told in promises]).drop("change")


def entries_table(entries: Sequence[PromiseEntry]) -> polars.DataFrame:
    """One row for each promise: asked, probability, items, days, date, change."""
    import polars

    kinds = {
        "asked": polars.Float64,
        "probability": polars.Float64,
        "items": polars.Int64,
        "days": polars.Int64,
        "date": polars.Date,
        "change": polars.String,
    }
    return polars.DataFrame([entry.model_dump() for entry in entries], schema=kinds)
