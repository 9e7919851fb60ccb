"""What stood where on each day, the ages of open items, and accounts that must balance exactly.

The time that all items spend is exactly the integral of their number (L = ΛW along any path, without assumptions: Stidham 1974,
*A last word on L = λW*), and everything that entered a column has left it or is still there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.tracker.stages import Stages
from vssim.tracker.worktime import WorkTime

MOVING = ("created", "status", "resolved")


@dataclass(frozen=True, eq=False)
class Daily:
    """The board at the end of each working day."""

    days: Ints
    """[days since 1970], shape (days,)"""
    columns: tuple[str, ...]
    counts: Ints
    """items in each column, shape (days, columns)"""
    wip: Ints
    """items started and neither done nor gone, shape (days,)"""
    age: Reals
    """their mean age since start [working days], shape (days,); NaN where there are none"""


@dataclass(frozen=True)
class Account:
    """The account of one column."""

    column: str
    entered: int
    left: int
    now: int
    """how many items were moved there last"""

    @property
    def balance(self) -> int:
        """How many items are too many (above 0) or too few; 0 where the account balances."""
        return self.entered - self.left - self.now


@dataclass(frozen=True)
class Accounts:
    """The accounts of the whole board."""

    columns: tuple[Account, ...]
    in_stays: int
    """the sum of all stays up to the last move [microseconds]"""
    in_stock: int
    """the integral of the number of items over time, up to the last move [microseconds]"""
    broken: int
    """moves that leave another column than the one in which the item was"""

    @property
    def exact(self) -> bool:
        """Whether all accounts balance."""
        return self.in_stays == self.in_stock and all(account.balance == 0 for account in self.columns)


def daily(stays: pl.DataFrame, lives: pl.DataFrame, stages: Stages, clock: WorkTime, most: int = 4_000) -> Daily:
    """The board at the end of each working day, for the last `most` days."""
    ends = clock.days_of(pl.Series([lives["first"].min(), lives["latest"].max()], dtype=lives["first"].dtype))
    days = clock.working_days(int(ends[0]), int(ends[1]))[-most:]
    if len(days) == 0:
        days = ends[-1:]
    counts = np.zeros((len(days), len(stages.columns)), np.int64)
    by_column = {str(name): part for (name,), part in stays.partition_by("column", as_dict=True).items()}
    for number, name in enumerate(stages.columns):
        part = by_column.get(name)
        if part is not None:
            counts[:, number] = _until(part["entered"], clock, days) - _until(part["left"], clock, days)
    begun = lives.filter(pl.col("started").is_not_null())
    ended = begun.select(pl.coalesce("done", "gone")).to_series()
    wip = _until(begun["started"], clock, days) - _until(ended, clock, days)
    return Daily(days, stages.columns, counts, wip, _mean_age(begun["started"], ended, clock, days, wip))


def _until(at: pl.Series, clock: WorkTime, days: Ints) -> Ints:
    """How many of the instants lie on each day or earlier; shape (days,)."""
    return np.searchsorted(np.sort(clock.days_of(at.drop_nulls())), days, side="right").astype(np.int64)


def _mean_age(begun: pl.Series, ended: pl.Series, clock: WorkTime, days: Ints, wip: Ints) -> Reals:
    """The mean age of open items at the end of each day: (Σ of now − begin) / number, from running sums; shape (days,)."""
    if begun.is_empty():
        return np.full(len(days), np.nan)
    start, still = clock.of(begun), ended.is_null().to_numpy()
    now = clock.at_end(days)
    first = clock.days_of(begun)
    order = np.argsort(first, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(start[order])])[np.searchsorted(first[order], days, side="right")]
    gone = clock.days_of(ended.drop_nulls())
    gone_order, gone_start = np.argsort(gone, kind="stable"), start[~still]
    sums -= np.concatenate([[0.0], np.cumsum(gone_start[gone_order])])[np.searchsorted(gone[gone_order], days, side="right")]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(wip > 0, now - sums / np.maximum(wip, 1), np.nan)


def accounts(moves: pl.DataFrame, stays: pl.DataFrame, stages: Stages) -> Accounts:
    """The accounts: entries and exits are counted from the moves alone, stays from the order of each item's moves."""
    placed = moves.filter(pl.col("kind").is_in(MOVING))
    into = dict(placed.group_by("to").len().iter_rows())
    out = dict(placed.group_by("from").len().iter_rows())
    last = dict(placed.group_by("item").agg(pl.col("to").last()).group_by("to").len().iter_rows())
    books = tuple(Account(name, into.get(name, 0), out.get(name, 0), last.get(name, 0)) for name in stages.columns)
    end = placed["at"].max()
    spent = stays.select((pl.col("left").fill_null(end) - pl.col("entered")).dt.total_microseconds().sum()).item() or 0
    changes = (
        placed.select(pl.col("to").is_not_null().cast(pl.Int64) - pl.col("from").is_not_null().cast(pl.Int64))
        .to_series()
        .to_numpy()
    )
    at = placed["at"].cast(pl.Int64).to_numpy()
    order = np.argsort(at, kind="stable")
    held = np.cumsum(changes[order])
    stock = int(np.sum(held[:-1] * np.diff(at[order]), dtype=np.int64))
    ordered = placed.with_row_index("place").sort("item", "place")
    broken = ordered.filter((pl.col("item") == pl.col("item").shift(1)) & (pl.col("from").ne_missing(pl.col("to").shift(1)))).height
    return Accounts(books, int(spent), stock, broken)
