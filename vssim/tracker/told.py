"""The sentences of a report: warnings, what these records can tell, and what only the team knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from vssim.calendar import WEEKDAYS
from vssim.language import said
from vssim.tracker import times
from vssim.tracker.checks import Check
from vssim.tracker.frames import LOSSES
from vssim.tracker.records import Records
from vssim.tracker.worktime import names_of

OFTEN = 10
"""A column counts as used from so many entries on."""

OTHER_DAYS = 0.2
"""From this share of closings outside the calendar's working days on, the team's working days are not those of the calendar."""


def sentences(board: Records, checks: Sequence[Check], span: tuple[dt.date, dt.date]) -> list[str]:
    """The warnings to read before relying on these records; `span`: the days of the first and the last move."""
    lines: list[str] = [said("{loss}: {words}", loss=said(loss), words=said(LOSSES[loss])) for loss in board.losses]
    lines += [said("{count} × {why}{rows}", count=lost.count, why=lost.why, rows=_rows(lost.rows)) for lost in board.dropped]
    lines += list(board.notes)
    lines += _one_day(*span)
    lines += _unknown(board)
    lines += _workflow(board)
    lines += _calendar(board)
    lines += [
        said("{check}: {found} (asked: {limit})", check=check.name, found=check.why or check.found, limit=check.limit)
        for check in checks
        if check.verdict in ("rough", "fails")
    ]
    return lines


def _rows(rows: tuple[int, ...]) -> str:
    if not rows:
        return ""
    return said(" (rows {rows})", rows=", ".join(map(str, rows)) + (" …" if len(rows) == 5 else ""))


def _one_day(first: dt.date, last: dt.date) -> list[str]:
    return [said("everything happened on one day, {day}: no rate and no time can be told", day=str(first))] if first == last else []


def _unknown(board: Records) -> list[str]:
    if not board.stages.unknown:
        return []
    named = ", ".join(f"{name} ({count:,})" for name, count in sorted(board.stages.unknown.items(), key=lambda entry: -entry[1]))
    return [said("columns that the reading does not name: {named}; add them to `columns`, or to `same`", named=named)]


def _workflow(board: Records) -> list[str]:
    """Sentences on columns that were used in one half of the record only, since the workflow changed."""
    entries = board.stays.group_by("column").agg(
        pl.len().alias("count"), pl.col("entered").min().alias("first"), pl.col("entered").max().alias("last")
    )
    begin, end = board.moves["at"].min(), board.moves["at"].max()
    lines: list[str] = []
    for name, count, first, last in entries.sort("column").iter_rows():
        if count < OFTEN or name not in board.stages.work:
            continue
        half = begin + (end - begin) / 2  # type: ignore[operator]
        if last < half:
            lines.append(
                said(
                    "nobody entered {column} after {day}: the workflow changed; figures over the whole time mix two of them",
                    column=name,
                    day=f"{last:%Y-%m-%d}",
                )
            )
        elif first > half:
            lines.append(
                said(
                    "nobody entered {column} before {day}: the workflow changed; figures over the whole time mix two of them",
                    column=name,
                    day=f"{first:%Y-%m-%d}",
                )
            )
    return lines


def _calendar(board: Records) -> list[str]:
    """Sentences on what contradicts the calendar, and on what happened outside of it."""
    clock = board.clock
    lines: list[str] = []
    share = times.weekend_share(board.lives["done"], clock)
    if share is not None and share >= OTHER_DAYS:
        days = (clock.days_of(board.lives["done"].drop_nulls()) + 3) % 7
        counts = np.bincount(days, minlength=7)
        often = [
            name
            for name, count in zip(WEEKDAYS, counts.tolist(), strict=True)
            if count >= 0.05 * counts.sum() or clock.working[WEEKDAYS.index(name)]
        ]
        lines.append(
            said(
                "{share} % of the items were done outside {days}: this team has other working days than the calendar says; "
                "{reading} in the reading would fit",
                share=f"{100 * share:.0f}",
                days=names_of(clock.working),
                reading=f"calendar: {{working_days: [{', '.join(often)}]}}",
            )
        )
    moved = board.moves.filter(pl.col("kind") != "created")["at"]
    outside = int(clock.outside(moved).sum()) if len(moved) else 0
    if outside:
        lines.append(
            said("{count} of {of} moves lie outside working time: put at the next working instant", count=outside, of=len(moved))
        )
    return lines


def can_tell(board: Records) -> tuple[list[str], list[str]]:
    """Sentences on what these records can tell, and sentences on what only the team knows."""
    lost = set(board.losses)
    columns = "no columns" not in lost
    dated = bool(lost & {"first entries only", "last entries only"})
    can: list[str] = [said("arrivals, departures, work in progress and ages")]
    only: list[str] = []
    if columns and dated:
        can.append(said("time in column, summed over visits, as far as the dates go"))
        only.append(
            said("returns: they are not in a board of dates, and they move time between columns (a table of moves holds them)")
        )
    elif columns:
        can += [said("time in each column, visit by visit"), said("returns: from where to where, how often")]
    else:
        can.append(said("time from start to end as a whole"))
        only.append(said("where between start and end the time goes: export the moves between columns"))
    if columns and "blanks filled" not in lost:
        can.append(said("which columns are skipped"))
    elif columns:
        only.append(said("skips: skipped columns bear the next date"))
    can.append(said("how much a column carries at once, where the load ever passed that (the knee below)"))
    if board.kind in ("event log", "event log (XES)") and "ends only" not in lost:
        can.append(said("waiting and hands-on time apart"))
    else:
        only.append(said("how much of the time in a column is hands-on work: people, meetings and waiting look alike in records"))
    only += [
        said("who can do what, and who does something else besides"),
        said("limits, cadences, and since when they hold"),
        said("when the organisation last changed"),
    ]
    return can, only
