"""The records as a flow: the stretch that is learned from, the arrivals, and what the export loses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from vssim.clock import Ints, Reals
from vssim.learning.flow import Flow, Rule, in_days
from vssim.learning.remembered import days_of
from vssim.learning.shape import Shape
from vssim.learning.told import Told
from vssim.learning.worked import worked
from vssim.tracker.board import Board
from vssim.tracker.worktime import WorkTime

QUIET_SHARE, QUIET_LEAST, QUIET_MOST = 0.10, 15.0, 60.0
"""The part at the beginning that is not measured while the board fills up: its share of the window, least, most [working days]."""

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class History:
    """The recorded flow within a window, on the clock of a run that begins with the window."""

    begin: dt.date
    """first day of the window; a working day"""
    until: dt.date
    """last day of the window"""
    days: float
    """length of the window [working days]"""
    measured: float
    """beginning of the measured part [working days since begin]"""
    week: int
    """working days in a week"""
    flow: Flow
    items: tuple[str, ...]
    """names of the items in the flow"""
    rule: Rule
    remembered: Reals
    """of the items that somebody remembers: hands-on days, days in columns of work, those without waiting, these at the usual pace,
    delivery; (items, 5)"""

    @property
    def arrivals(self) -> Reals:
        """The arrivals in order; items present at the beginning arrive then [working days]."""
        return np.sort(np.maximum(self.flow.start, 0.0))

    def cut(self, days: float) -> History:
        """The first `days` days of the history, as they were known at their end."""
        flow = self.flow
        stays, items = flow.entered < days, flow.start < days
        number = np.cumsum(items) - 1
        shorter = Flow(
            number[flow.item[stays]],
            flow.place[stays],
            flow.entered[stays],
            _before(flow.left[stays], days),
            flow.start[items],
            _before(flow.done[items], days),
            _before(flow.gone[items], days),
            flow.hands[items],
        )
        names = tuple(name for name, kept in zip(self.items, items.tolist(), strict=True) if kept)
        until = self.begin + dt.timedelta(days=int(days / max(self.week, 1) * 7))
        return replace(self, days=days, until=until, flow=shorter, items=names)


def _before(times: Reals, days: float) -> Reals:
    return np.where(times < days, times, np.nan)


def history(board: Board, shape: Shape, told: Told) -> History:
    """The stable stretch of the records, after the last reorganisation."""
    clock = board.clock
    first, last = (int(day) for day in clock.days_of(pl.Series([board.moves["at"].min(), board.moves["at"].max()])))
    begin = _window_begin(board, told, first)
    worked = clock.working_days(begin, max(last, begin))
    begin = int(worked[0]) if len(worked) else begin
    stretch_end = _stretch_end(board)
    # A stable stretch that ends before the last reorganisation belongs to another organisation: learn from all days since then.
    end = last if stretch_end is None or stretch_end <= begin else min(last, stretch_end)
    days = float(clock.between(begin, end))
    zero = float(clock.at_end(np.array([begin - 1]))[0])
    flow, items = flow_of(board, shape, zero, days)
    whole_days = "days only" in board.losses or not clock.hours
    rule = Rule.of(board.losses, whole_days=whole_days)
    if whole_days:
        flow = in_days(flow)
    measured = float(np.clip(QUIET_SHARE * days, min(QUIET_LEAST, days / 4), QUIET_MOST))
    history = History(_date(begin), _date(end), days, measured, max(1, clock.week), flow, items, rule, np.zeros((0, 5)))
    return replace(history, remembered=remembered(history, shape, told))


def _window_begin(board: Board, told: Told, first: int) -> int:
    """The first day of the stable stretch or of the time since the last reorganisation, whichever is later [days since 1970]."""
    begin = first
    stretch = board.report().stability.stretch
    if stretch is not None:
        begin = max(begin, int(board.report().weeks.mondays[stretch[0]])) if stretch[0] > 0 else begin
    return begin if told.reorganised is None else max(begin, (told.reorganised - EPOCH).days)


def _stretch_end(board: Board) -> int | None:
    weeks, stretch = board.report().weeks, board.report().stability.stretch
    if stretch is None or stretch[1] >= len(weeks):
        return None
    return int(weeks.mondays[stretch[1] - 1]) + 6


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def flow_of(board: Board, shape: Shape, zero: float, days: float) -> tuple[Flow, tuple[str, ...]]:
    """The stays in the shape's columns within the window, which begins at `zero`, and the names of their items."""
    places = shape.places
    stays = board.stays.filter(pl.col("column").is_in(list(places)))
    end = zero + days
    clock = board.clock
    entered, left = clock.of(stays["entered"]), clock.of(stays["left"])
    inside = (entered < end) & ~(left < zero)
    stays, entered, left = stays.filter(pl.Series(inside)), entered[inside] - zero, left[inside] - zero
    left = np.where(left < days, left, np.nan)
    names = stays["item"].unique(maintain_order=True)
    number = {name: row for row, name in enumerate(names.to_list())}
    item = np.array([number[name] for name in stays["item"].to_list()], np.int64)
    place = np.array([places[name] for name in stays["column"].to_list()], np.int64)
    lives = pl.DataFrame({"item": names}).join(board.lives, on="item", how="left", maintain_order="left")
    done, gone = (clock.of(lives[name]) - zero for name in ("done", "gone"))
    done, gone = np.where(done < days, done, np.nan), np.where(gone < days, gone, np.nan)
    start = np.full(len(names), np.inf)
    np.minimum.at(start, item, entered)
    item, place, entered, left = _merged(item, place, entered, left)
    flow = Flow(item, place, entered, left, start, done, gone, np.full(len(names), np.nan))
    return flow, tuple(map(str, names.to_list()))


def _merged(item: Ints, place: Ints, entered: Reals, left: Reals) -> tuple[Ints, Ints, Reals, Reals]:
    """The stays, with successive ones in columns of the same place merged."""
    order = np.lexsort((entered, item))
    item, place, entered, left = item[order], place[order], entered[order], left[order]
    opens = np.append(True, (item[1:] != item[:-1]) | (place[1:] != place[:-1]))[: len(item)]
    begins = np.flatnonzero(opens)
    ends = np.append(begins[1:], len(item))[: len(begins)] - 1
    return item[begins], place[begins], entered[begins], left[ends]


def remembered(history: History, shape: Shape, told: Told) -> Reals:
    """Of finished items that somebody remembers what `History.remembered` has; (items, 5)."""
    rows = {name: number for number, name in enumerate(history.items)}
    done = history.flow.done
    known = [(rows[item], days) for item, days in told.remembered if item in rows and not np.isnan(done[rows[item]])]
    items = np.array([row for row, _ in known], np.int64)
    hands = np.array([days for _, days in known], np.float64)
    days = days_of(history.flow, worked(history.flow, shape.workplaces))
    return np.column_stack([hands, days[items], done[items]])


def clock_document(clock: WorkTime) -> dict[str, object]:
    """The calendar in the form of a scenario."""
    return {key: value for key, value in clock.document().items() if key != "zone" or value != "UTC"}
