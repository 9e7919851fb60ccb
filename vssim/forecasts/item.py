"""When one item is done, given its age and column: the times that comparable items still took, by Kaplan & Meier.

Kaplan & Meier 1958, *Nonparametric estimation from incomplete observations*: open items count for as long as they were observed.
Dropped items count as no longer observed, so that the forecast holds under the condition that the item is not dropped.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from vssim import markup
from vssim.clock import Ints, Reals
from vssim.errors import UnknownName, UsageError
from vssim.forecasts.deliveries import coming, date_of, day_of, known_on
from vssim.forecasts.promises import MOST, Promise, Told
from vssim.forecasts.told import day, many
from vssim.tracker.board import Board

FEW, FEWEST = 20, 5
"""With fewer comparable items than the first number a wider group is used; with fewer than the second there is no forecast."""

PROBABILITIES = (0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True, eq=False)
class Others:
    """Comparable items, which were once at the same age and place, and the time that they took from there."""

    words: str
    """which items these are, in words"""
    remained: Reals
    """working days until they were done, or until they were last seen; shape (others,)"""
    done: Ints
    """1 where they were done, 0 where they were only last seen; shape (others,)"""


@dataclass(frozen=True, eq=False, repr=False)
class ItemForecast:
    """The forecast of when one item is done."""

    item: str
    column: str
    age: float
    """working days since its start, or since its creation where it is not started"""
    since: str
    """started or created, whichever the age counts from"""
    here: float
    """working days in its present column"""
    begins: dt.date
    coming: Ints
    """the working days from there on, as far as the forecast reaches [days since 1970]"""
    others: Others
    dates: tuple[dt.date | None, ...]
    """the date for each of the probabilities; None where it cannot be told"""
    days: tuple[int | None, ...]
    fresh: int | None
    """the number of days from the start within which 85 % of items are done; None where it cannot be told"""
    left: float | None
    """the probability that this item is still done within that many days of its start"""

    @property
    def promises(self) -> tuple[Any, ...]:
        """The promises at 50, 70, 85 and 95 %, as far as they can be made."""
        pairs = zip(PROBABILITIES, self.days, self.dates, strict=True)
        return tuple(Told(asked, Promise(days, asked), date) for asked, days, date in pairs if days is not None)

    @property
    def question(self) -> str:
        """The question in words."""
        return (
            f"When is {self.item} done? It was {self.since} {many(round(self.age), 'working day')} ago "
            f"and is in {self.column} for {many(round(self.here), 'working day')}."
        )

    @property
    def warning(self) -> str:
        """A warning that belongs before everything else; empty where there is none."""
        return (
            f"Rough: {len(self.others.remained)} items are all there is to compare it with."
            if len(self.others.remained) < FEW
            else ""
        )

    @property
    def basis(self) -> list[str]:
        """The sentences on what the forecast is based on."""
        others = self.others
        said = [f"From {many(len(others.remained), 'item')} {others.words}; {int(others.done.sum()):,} are done."]
        if self.left is not None and self.fresh is not None:
            gone = f"{self.age / self.fresh:.0%}" if self.fresh else "all"
            said.append(
                f"85 % of items are done within {many(self.fresh, 'working day')} of being {self.since}; of that, {gone} is gone: "
                f"the chance to be done by then has fallen to {self.left:.0%}."
            )
        return [*said, "No record: one item is one outcome, and those of one team hang together."]

    @property
    def text(self) -> str:
        """The forecast as text for a terminal."""
        lines = [f"  {p:.0%}  ".replace("%", " %") + _by(date) for p, date in zip(PROBABILITIES, self.dates, strict=True)]
        return "\n".join([*([self.warning] if self.warning else []), self.question, *lines, *self.basis])

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import promise_entry, whole

        entries = [promise_entry(told) for told in self.promises]
        return whole("item", self.question, self.warning, self.begins, "kaplan-meier", entries, [], self.basis)

    def table(self) -> Any:
        """One row for each promise, as a polars DataFrame."""
        from vssim.forecasts.document import table

        return table(self.promises)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        rows = [(f"{p:.0%}", _by(date)) for p, date in zip(PROBABILITIES, self.dates, strict=True)]
        head, body = markup.title(self.question), markup.table(("probability", "promise"), rows)
        return head + markup.paragraph(self.warning) + body + markup.notes(self.basis)


def _by(date: dt.date | None) -> str:
    return f"by {day(date)}" if date is not None else "cannot be told: too few others took that long"


def of_item(board: Board, item: str, begins: dt.date | None = None) -> ItemForecast:
    """The forecast of an item that is open on the morning of `begins` (by default, the day after the last move)."""
    start = None if begins is None else day_of(begins)
    before = known_on(board, start)
    lives = before.lives
    known = lives["item"].to_list()
    if item not in known:
        raise UnknownName("item", item, known)
    ends = start if start is not None else int(board.clock.days_of(board.moves["at"]).max()) + 1
    now = _morning(board, ends)
    entered = lives["started"].fill_null(lives["created"]).fill_null(lives["first"])
    begun = board.clock.of(entered)
    ended = board.clock.of(lives["done"])
    last = np.where(np.isnan(ended), np.nan_to_num(board.clock.of(lives["gone"]), nan=now), ended)
    mine = known.index(item)
    if not np.isnan(ended[mine]) or lives["gone"][mine] is not None:
        raise UsageError(
            f"item: {item} is {'done' if not np.isnan(ended[mine]) else 'no longer on the board'}: nothing is left to forecast"
        )
    stays = before.stays
    theirs = {name: index for index, name in enumerate(known)}
    owner = np.array([theirs[name] for name in stays["item"]])
    came = board.clock.of(stays["entered"])
    went = np.nan_to_num(board.clock.of(stays["left"]), nan=now)
    columns = np.array(stays["column"].to_list(), object)
    column = str(lives["column"][mine])
    here = now - float(came[owner == mine][-1])
    age = now - float(begun[mine])
    done = (~np.isnan(ended)).astype(np.int64)
    lengths = np.maximum(last - begun, 0.0)
    was = (columns == column) & (owner != mine)
    at_age = was & (came - begun[owner] <= age) & (went - begun[owner] > age)
    as_long = was & (went - came > here)
    open_then = (lengths > age) & (np.arange(len(known)) != mine)
    groups = [
        Others(f"that were in {column} at that age", *_remained(owner[at_age], begun + age, last, done)),
        Others(f"that were in {column} for as long", *_stayed(owner[as_long], came[as_long] + here, last, done)),
        Others("that were open at that age, in whatever column", (lengths - age)[open_then], done[open_then]),
    ]
    others = next((group for group in groups if group.done.sum() >= FEW), max(groups, key=lambda group: int(group.done.sum())))
    if others.done.sum() < FEWEST:
        raise UsageError(
            f"item: {int(others.done.sum())} items were ever as far as {item} and are done; {FEWEST} are needed to say anything"
        )
    days = tuple(within(others.remained, others.done, probability) for probability in PROBABILITIES)
    dates = coming(board.clock, ends, max([*(number for number in days if number), 1]))
    fresh = within(lengths, done, 0.85)
    left = None if fresh is None else done_within(others.remained, others.done, fresh - age) if fresh > age else 0.0
    return ItemForecast(
        item,
        column,
        age,
        "started" if lives["started"][mine] is not None else "created",
        here,
        date_of(dates[0]),
        dates,
        others,
        tuple(None if number is None else date_of(dates[number - 1]) for number in days),
        days,
        fresh,
        left,
    )


def _morning(board: Board, day: int) -> float:
    """The beginning of a local day on the clock of the records [working days]."""
    midnight = pl.Series([dt.datetime.combine(date_of(day), dt.time())], dtype=pl.Datetime("us"))
    return float(board.clock.of(midnight.dt.replace_time_zone(board.clock.zone).dt.convert_time_zone("UTC"))[0])


def _remained(who: Ints, since: Reals, last: Reals, done: Ints) -> tuple[Reals, Ints]:
    who = np.unique(who)
    return (last - since)[who], done[who]


def _stayed(who: Ints, since: Reals, last: Reals, done: Ints) -> tuple[Reals, Ints]:
    return last[who] - since, done[who]


def curve(remained: Reals, done: Ints) -> tuple[Reals, Reals]:
    """The times at which items were done, and the share that is not yet done after each (Kaplan & Meier 1958); same shape."""
    times = np.unique(remained[done == 1])
    at_risk = (remained[None, :] >= times[:, None]).sum(axis=1)
    ends = ((remained[None, :] == times[:, None]) & (done == 1)).sum(axis=1)
    return times, np.cumprod(1 - ends / at_risk)


def within(remained: Reals, done: Ints, probability: float) -> int | None:
    """The working days within which an item is done with this probability, rounded up; None where the curve ends before."""
    times, left = curve(remained, done)
    enough = np.flatnonzero(left <= 1 - min(probability, MOST) + 1e-12)
    return max(1, int(np.ceil(times[enough[0]] - 1e-9))) if len(enough) else None


def done_within(remained: Reals, done: Ints, days: float) -> float:
    """The probability that an item is done within so many working days."""
    times, left = curve(remained, done)
    place = int(np.searchsorted(times, days + 1e-9)) - 1
    return 1 - float(left[place]) if place >= 0 else 0.0
