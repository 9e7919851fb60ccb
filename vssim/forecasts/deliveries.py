"""The past of a forecast: deliveries on each working day, with counts of what was used and what was not.

Working days are those of the team's calendar without its holidays. What was delivered on any other day counts on the working day
before it, so that it stays in its week. The past begins the day after the first delivery: the records begin with that day because
something was delivered then, so that counting it would overstate every team's rate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints
from vssim.errors import UsageError
from vssim.tracker.board import Board
from vssim.tracker.stays import lives_of
from vssim.tracker.worktime import WorkTime

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Counts:
    """Counts of what the records hold up to the day before the forecast."""

    delivered: int
    dropped: int
    open: int
    started: int
    """open items that are started"""
    unstarted: int
    """delivered items of which the start is not known"""
    elsewhere: int
    """items delivered on days that are no working days"""
    later: int
    """items delivered after the forecast begins; they are not used"""


@dataclass(frozen=True, eq=False)
class Deliveries:
    """A team's deliveries, day by day."""

    days: Ints
    """working days without holidays [days since 1970]; shape (days,)"""
    daily: Ints
    """items delivered on each; shape (days,)"""
    begins: int
    """the first day of the forecast [days since 1970]"""
    clock: WorkTime
    counts: Counts
    silent: int
    """working days without any move before the forecast begins"""

    @property
    def week(self) -> int:
        """Working days in a week."""
        return max(1, self.clock.week)

    @property
    def weeks(self) -> float:
        """The length of the past [weeks]."""
        return len(self.daily) / self.week

    def coming(self, count: int) -> Ints:
        """The first `count` working days from the first day of the forecast on [days since 1970]; shape (count,)."""
        return coming(self.clock, self.begins, count)

    def until(self, date: dt.date) -> int:
        """The number of working days from the first day of the forecast to a date, both included."""
        last = day_of(date)
        return len(worked(self.clock, self.begins, last)) if last >= self.begins else 0


def day_of(date: dt.date) -> int:
    """A date as days since 1970."""
    return (date - EPOCH).days


def date_of(day: int) -> dt.date:
    """Days since 1970 as a date."""
    return EPOCH + dt.timedelta(days=int(day))


def worked(clock: WorkTime, first: int, last: int) -> Ints:
    """The working days from `first` to `last` without holidays [days since 1970]."""
    days = clock.working_days(first, last)
    free = np.array([day_of(day) for day in clock.holidays], np.int64)
    kept: Ints = days[~np.isin(days, free)]
    return kept


def coming(clock: WorkTime, first: int, count: int) -> Ints:
    """The first `count` working days from `first` on [days since 1970]; shape (count,)."""
    reach = 2 * 7 * (count // max(1, clock.week) + 2)
    days = worked(clock, first, first + reach)
    while len(days) < count:
        reach *= 2
        days = worked(clock, first, first + reach)
    return days[:count]


def known_on(board: Board, begins: int | None) -> Board:
    """The board as it was on the morning of a day [days since 1970]; the board itself where the day is None."""
    if begins is None or board.moves.is_empty():
        return board
    before = board.clock.days_of(board.moves["at"]) < begins
    if before.all():
        return board
    fields = {name: getattr(board, name) for name in Board.__dataclass_fields__}
    return Board(**{**fields, "moves": board.moves.filter(before)})


def deliveries(board: Board, begins: dt.date | None = None) -> Deliveries:
    """The deliveries of a board up to the day before `begins`; by default, up to the day of its last move.

    Raises UsageError where nothing was delivered before.
    """
    start = None if begins is None else day_of(begins)
    before = known_on(board, start)
    if before.moves.is_empty():
        raise UsageError(f"from {begins}: nothing is recorded before that day")
    clock, lives = board.clock, lives_of(before.moves, before.items, before.stages, before.clock)
    last_move = int(clock.days_of(before.moves["at"]).max())
    start = last_move + 1 if start is None else start
    done = np.sort(clock.days_of(lives["done"].drop_nulls()))
    if not len(done):
        raise UsageError("nothing is delivered in these records, so nothing can be forecast from them")
    days = worked(clock, int(done[0]) - 7, start - 1)
    places = np.searchsorted(days, done, side="right") - 1
    daily = np.bincount(np.maximum(places, 0), minlength=len(days)).astype(np.int64)
    first = int(places[0]) + 1
    opened = lives.filter(lives["done"].is_null() & lives["gone"].is_null())
    finished = lives.filter(lives["done"].is_not_null())
    counts = Counts(
        delivered=len(done),
        dropped=int(lives["gone"].is_not_null().sum()),
        open=opened.height,
        started=int(opened["started"].is_not_null().sum()),
        unstarted=int(finished["started"].is_null().sum()),
        elsewhere=int((~np.isin(done, days)).sum()),
        later=int(board.lives["done"].is_not_null().sum()) - len(done) if before is not board else 0,
    )
    silent = len(worked(clock, last_move + 1, start - 1)) if start > last_move + 1 else 0
    return Deliveries(days[first:], daily[first:], start, clock, counts, silent)
