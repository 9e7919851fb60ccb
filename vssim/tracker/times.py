"""Times in columns and in all, by column and by type; ages of open items; blocked time; moves back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from vssim.tracker.stages import Stages
from vssim.tracker.worktime import WorkTime

SHOWN = 50
"""The most open items that are listed, the oldest first."""


@dataclass(frozen=True)
class Spread:
    """Mean and percentiles of times [working days]; None where there are none."""

    n: int
    mean: float | None
    p50: float | None
    p70: float | None
    p85: float | None
    p95: float | None


def spread(days: pl.Series) -> Spread:
    """Mean and percentiles of the values that are not null; percentiles are interpolated linearly."""
    known = days.drop_nulls()
    if known.is_empty():
        return Spread(0, None, None, None, None, None)
    values = known.to_numpy()
    p50, p70, p85, p95 = (float(value) for value in np.quantile(values, [0.5, 0.7, 0.85, 0.95]))
    return Spread(len(values), float(values.mean()), p50, p70, p85, p95)


@dataclass(frozen=True)
class ColumnTimes:
    """The visits to one column: how many, how long, and how many items are there now."""

    column: str
    visits: int
    items: int
    now: int
    again: int
    """visits of items that had been there before"""
    days: Spread
    """length of the visits that have ended"""

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        return asdict(self)


@dataclass(frozen=True)
class TypeTimes:
    """The times and counts of one type of items."""

    type: str
    items: int
    done: int
    open: int
    lead: Spread
    since_start: Spread

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        return asdict(self)


@dataclass(frozen=True)
class Totals:
    """The times and counts of all items."""

    created: int
    """items of which the creation is known"""
    started: int
    done: int
    gone: int
    """items that left the board without being done"""
    in_progress: int
    waiting: int
    """items on the board that are not started"""
    lead: Spread
    since_start: Spread

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        return asdict(self)


@dataclass(frozen=True)
class Blocked:
    """Blocked time."""

    times: int
    items: int
    days: float
    """blocks that ended [working days]"""
    now: int
    """items that are blocked now"""
    from_column: float | None
    """the total that a column of the export states [days]; None where there is no such column"""

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        return asdict(self)


def by_column(stays: pl.DataFrame, stages: Stages) -> list[ColumnTimes]:
    """Time in column, in the order of the columns; columns in which work is done are left out."""
    columns = []
    parts = {str(name): part for (name,), part in stays.partition_by("column", as_dict=True).items()}
    for name in stages.columns:
        part = parts.get(name)
        if part is None or name in stages.done:
            continue
        items = part["item"].n_unique()
        columns.append(ColumnTimes(name, part.height, items, part["left"].null_count(), part.height - items, spread(part["days"])))
    return columns


def by_type(lives: pl.DataFrame) -> list[TypeTimes]:
    """Times and counts by type, the most frequent type first; empty where the export has no types."""
    if lives["type"].null_count() == lives.height:
        return []
    parts = lives.with_columns(pl.col("type").fill_null("(none)")).partition_by("type", as_dict=True)
    types = []
    for (name,), part in parts.items():
        ended = part.height - part["done"].null_count()
        still = part.filter(pl.col("done").is_null() & pl.col("gone").is_null()).height
        types.append(TypeTimes(str(name), part.height, ended, still, spread(part["lead"]), spread(part["since_start"])))
    return sorted(types, key=lambda entry: (-entry.items, entry.type))


def totals(lives: pl.DataFrame) -> Totals:
    """Counts and times of all items."""
    still = lives.filter(pl.col("done").is_null() & pl.col("gone").is_null())
    begun = still.height - still["started"].null_count()
    return Totals(
        created=lives.height - lives["created"].null_count(),
        started=lives.height - lives["started"].null_count(),
        done=lives.height - lives["done"].null_count(),
        gone=lives.height - lives["gone"].null_count(),
        in_progress=begun,
        waiting=still.height - begun,
        lead=spread(lives["lead"]),
        since_start=spread(lives["since_start"]),
    )


def ageing(lives: pl.DataFrame, stays: pl.DataFrame, clock: WorkTime) -> pl.DataFrame:
    """Items that are started and open at the last move of the record, the oldest first.

    Columns: item, type, column, started, age [working days since start], in_column [working days], beyond [share of the finished
    items that took less since their start].
    """
    still = lives.filter(pl.col("done").is_null() & pl.col("gone").is_null() & pl.col("started").is_not_null())
    now = float(clock.of(pl.Series([lives["latest"].max()], dtype=lives["latest"].dtype))[0])
    here = stays.filter(pl.col("left").is_null()).select("item", "entered").unique("item", keep="last")
    table = still.select("item", "type", "column", "started").join(here, on="item", how="left")
    age, inside = now - clock.of(table["started"]), now - clock.of(table["entered"])
    ended = np.sort(lives["since_start"].drop_nulls().to_numpy())
    beyond = np.searchsorted(ended, age, side="left") / len(ended) if len(ended) else np.full(len(age), np.nan)
    ages = table.drop("entered").with_columns(
        pl.Series("age", age), pl.Series("in_column", inside).fill_nan(None), pl.Series("beyond", beyond).fill_nan(None)
    )
    return ages.sort("age", descending=True, maintain_order=True).head(SHOWN)


def blocked(moves: pl.DataFrame, clock: WorkTime, from_column: float | None) -> Blocked:
    """Blocked time: from each block to the item's next move that ends it (unblocked, done or gone)."""
    marks = moves.filter(pl.col("kind").is_in(["blocked", "unblocked", "resolved"])).with_row_index("place").sort("item", "place")
    blocks = marks.with_columns(
        same=pl.col("item").shift(-1) == pl.col("item"), end=pl.col("at").shift(-1), ends=pl.col("kind").shift(-1) != "blocked"
    ).filter(pl.col("kind") == "blocked")
    ended = blocks.filter(pl.col("same") & pl.col("ends"))
    days = float((clock.of(ended["end"]) - clock.of(ended["at"])).sum())
    return Blocked(blocks.height, blocks["item"].n_unique(), days, blocks.height - ended.height, from_column)


def returns(moves: pl.DataFrame, stages: Stages) -> list[tuple[str, str, int]]:
    """Moves to an earlier column: from, to, how many; the most frequent first."""
    place = {name: number for number, name in enumerate(stages.columns)}
    counts = moves.filter(pl.col("kind") == "status").group_by("from", "to").len()
    pairs = [(origin, target, count) for origin, target, count in counts.iter_rows() if _before(target, origin, place)]
    return sorted(pairs, key=lambda entry: (-entry[2], entry[0], entry[1]))


def _before(target: str | None, origin: str | None, place: dict[str, int]) -> bool:
    return target in place and origin in place and place[target] < place[origin]


def weekend_share(done: pl.Series, clock: WorkTime) -> float | None:
    """The share of items that were done on days off by the calendar [1]; None where nothing was done."""
    known = done.drop_nulls()
    if known.is_empty():
        return None
    days = (clock.days_of(known) + 3) % 7
    return float(np.mean(~np.array(clock.working)[days]))


def outside_share(at: Sequence[Any] | pl.Series, clock: WorkTime) -> float:
    """The share of instants that lie outside working time [1]."""
    series = at if isinstance(at, pl.Series) else pl.Series(at)
    return float(clock.outside(series).mean()) if len(series) else 0.0
