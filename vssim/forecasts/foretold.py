"""The record of a learned scenario: forecasts of held-back windows, made by members that knew only what lay before them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vssim.forecasts.promises import Promise
from vssim.forecasts.record import CHOSEN, Record, Window
from vssim.forecasts.told import RECORD_HEADS, aligned, record_cells, record_sentence, span
from vssim.scenario import Scenario
from vssim.scenario.origins import Foretold

NONE = "No record: what it was learned from is too short to hold anything back, so nobody knows how often it is right."


@dataclass(frozen=True)
class Told:
    """The record for one length of windows, with the scores of throughput alone."""

    days: int
    week: int
    record: Record
    throughput: float
    """mean score (CRPS) of the forecast from throughput alone over the same windows [items]"""
    ahead: float
    """by how many standard errors the scenario's score is better; below 0 it is worse"""

    @property
    def length(self) -> str:
        """The length of the windows in words."""
        return span(self.days, self.week)

    @property
    def is_chosen(self) -> bool:
        """Whether it forecasts significantly better than throughput alone."""
        return len(self.record.windows) >= CHOSEN and self.ahead > 1

    @property
    def sentences(self) -> list[str]:
        """The record in sentences, and which of both forecasts to use where nothing changes."""
        scores = f"mean score (CRPS) {self.record.score:.2f}, from throughput alone {self.throughput:.2f}"
        if self.is_chosen:
            said = f"It foretells surely better than throughput alone: {scores}."
        elif self.ahead < -1:
            said = f"Throughput alone foretold the same windows better: {scores}. Of how it goes on as it is, ask the records."
        else:
            said = f"Throughput alone foretold the same windows about as well: {scores}."
        return [record_sentence(self.record, self.length), said]

    @property
    def warning(self) -> str:
        """A warning where the record fails; otherwise empty."""
        if not self.record.is_shown or self.record.holds:
            return ""
        fewest, most = self.record.usual
        much = "confident" if self.record.kept < fewest else "careful"
        count = len(self.record.windows)
        return (
            f"Its record fails: {self.record.kept} of {count} promises were kept, {fewest} to {most} are usual: it was too {much}."
        )


@dataclass(frozen=True, eq=False, repr=False)
class Kept:
    """All records of a learned scenario, one for each length of windows."""

    scenario: Scenario

    @property
    def records(self) -> list[Told]:
        """The records with enough windows to be shown."""
        return [record for record in told(self.scenario) if record.record.is_shown]

    @property
    def text(self) -> str:
        """The records as a text table."""
        if not self.records:
            return NONE
        head = ("windows of", "windows", *RECORD_HEADS, "throughput's", "")
        lines = aligned([head, *(_row(record) for record in self.records)])
        return "\n".join([*lines, *self.records[-1].sentences])

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import record_entry, whole

        entries = [record_entry(record.record, "simulation", record.length) for record in self.records]
        said = self.records[-1].sentences if self.records else [NONE]
        learned = self.scenario.learned
        begins = None if learned is None else learned.today
        return whole("record", "How often was it right?", "", begins, "simulation", [], entries, said)

    def table(self) -> Any:
        """One row for each record, as a polars DataFrame."""
        import polars

        return polars.DataFrame(
            [
                {
                    "windows_of": record.length,
                    "windows": len(record.record.windows),
                    "promised": record.record.promised,
                    "kept": record.record.kept,
                    "in_band": record.record.in_band,
                    "crps": record.record.score,
                    "throughput": record.throughput,
                    "holds": record.record.holds,
                }
                for record in self.records
            ]
        )

    def __repr__(self) -> str:
        return self.text


def _row(told: Told) -> tuple[str, ...]:
    record = told.record
    return (
        told.length,
        str(len(record.windows)),
        *record_cells(record),
        f"{told.throughput:.2f}",
        "" if record.holds else "fails",
    )


def told(scenario: Scenario) -> list[Told]:
    """The records of a learned scenario, shortest windows first; empty where nothing was held back."""
    held = () if scenario.learned is None else scenario.learned.record
    return [_told(each, len(scenario.calendar.working_days)) for each in held if each.came]


def nearest(records: Sequence[Told], days: float) -> Told | None:
    """The record whose windows are nearest in length to a forecast of so many working days; None without records."""
    return min(records, key=lambda record: abs(math.log(record.days / max(days, 0.1))), default=None)


def _told(held: Foretold, week: int) -> Told:
    own, other = np.array(held.crps), np.array(held.throughput)
    apart = other - own
    error = float(apart.std(ddof=1)) / math.sqrt(len(apart)) if len(apart) > 1 else math.inf
    ahead = float(apart.mean()) / max(error, 1e-9)
    return Told(held.days, week, Record("counts", tuple(_windows(held))), float(other.mean()), ahead)


def _windows(held: Foretold) -> list[Window]:
    rows = zip(held.promised, held.probability, held.low, held.high, held.came, held.place, held.crps, strict=True)
    return [
        Window(
            begin=number * held.days,
            length=held.days,
            promise=Promise(int(promised), probability),
            low=int(low),
            high=int(high),
            place=at,
            actual=int(came),
            score=score,
            kept=came >= promised,
        )
        for number, (promised, probability, low, high, came, at, score) in enumerate(rows)
    ]
