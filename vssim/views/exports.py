"""A run for other tools: its visits, an event log for process mining, a board with dates for flow-metrics tools.

`visits` has the columns of the visit log, in units of time. `events` has one row a visit that was started; its times are
dates where the scenario says when it starts, else units of time. `board` has one row an item that arrived, with the dates on
which it first entered each step; it needs a start. Stopped items have no date under Done and say so in their own column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vssim.clock import NOT_YET, Ints
from vssim.errors import UsageError
from vssim.log import Log, units
from vssim.views.calendar import Calendar

if TYPE_CHECKING:
    import polars

Form = Literal["visits", "events", "board"]
FORMS: tuple[Form, ...] = ("visits", "events", "board")
ENDINGS = (".csv", ".parquet")


def table(log: Log, form: Form, calendar: Calendar | None = None) -> polars.DataFrame:
    """The run in one of the forms."""
    if form == "visits":
        return log.visits_table()
    if form == "events":
        return events(log, calendar)
    return board(log, needs_dates(calendar))


def side_by_side(tables: Sequence[tuple[str, polars.DataFrame]]) -> polars.DataFrame:
    """Tables of the same columns below each other, with a first column `side` that names where each row is from."""
    import polars

    named = [found.select(polars.lit(name).alias("side"), polars.all()) for name, found in tables]
    return polars.concat(named, how="vertical_relaxed")


def needs_dates(calendar: Calendar | None) -> Calendar:
    """The calendar; a board cannot do without."""
    if calendar is None:
        raise UsageError("a board has dates: the scenario must say when it starts (start: 2026-01-05, or --set start=2026-01-05)")
    return calendar


def events(log: Log, calendar: Calendar | None = None) -> polars.DataFrame:
    """One row a visit that was started, by start: case_id, activity, enable_time, start_time, end_time, resource."""
    import polars

    visits = log.visits
    rows = np.flatnonzero(visits.started != NOT_YET)
    rows = rows[np.argsort(visits.started[rows], kind="stable")]
    pools = [*log.pool_names(), None]
    activities = [_activity(log, row) for row in rows.tolist()]
    return polars.DataFrame(
        {
            "case_id": [f"item {item}" for item in visits.item[rows].tolist()],
            "activity": polars.Series(activities, dtype=polars.String),
            "enable_time": _times(visits.ready[rows], calendar),
            "start_time": _times(visits.started[rows], calendar),
            "end_time": _times(visits.finished[rows], calendar),
            "resource": polars.Series([pools[pool] for pool in visits.pool[rows].tolist()], dtype=polars.String),
        }
    )


def _activity(log: Log, row: int) -> str:
    """The step; for help, what was asked for as well."""
    step, skill = int(log.visits.step[row]), int(log.visits.skill[row])
    if log.visits.kind[row] != 1:
        return log.steps[step]
    return f"{log.steps[step]}: {log.skills[skill] if skill >= 0 else 'outside'}"


def _times(ticks: Ints, calendar: Calendar | None) -> polars.Series:
    """Moments as dates, or in units of time; null for not yet."""
    import polars

    if calendar is None:
        return polars.Series(units(ticks), nan_to_null=True)
    found = [None if moment == NOT_YET else calendar.moment(moment) for moment in ticks.tolist()]
    return polars.Series(found, dtype=polars.Datetime("us"))


def board(log: Log, calendar: Calendar) -> polars.DataFrame:
    """One row an item that arrived: ID, Link, Title, Backlog, the date on which it first entered each step, Done, Type, Stopped."""
    import polars

    items = log.items
    rows = np.flatnonzero(items.arrived != NOT_YET)
    kinds = [log.types[kind] for kind in items.type[rows].tolist()]
    columns: dict[str, Any] = {
        "ID": rows.tolist(),
        "Link": polars.Series([""] * len(rows), dtype=polars.String),
        "Title": polars.Series([f"{kind} {row}" for kind, row in zip(kinds, rows.tolist(), strict=True)], dtype=polars.String),
    }
    dates = _dates(calendar)
    columns["Backlog"] = dates(items.arrived[rows])
    for name, entered in _first_entries(log).items():
        columns[_free(name)] = dates(entered[rows])
    columns["Done"] = dates(np.where(items.stopped == 1, NOT_YET, items.left)[rows])
    columns["Type"] = polars.Series(kinds, dtype=polars.String)
    columns["Stopped"] = dates(np.where(items.stopped == 1, items.left, NOT_YET)[rows])
    return polars.DataFrame(columns)


OWN = ("ID", "Link", "Title", "Backlog", "Done", "Type", "Stopped")
"""Columns of a board that are no steps."""


def _free(step: str) -> str:
    """The column of a step; one that is called like another column says that it is a step."""
    return f"{step} (step)" if step in OWN else step


def _first_entries(log: Log) -> dict[str, Ints]:
    """By step: when each item first entered it [ticks]; NOT_YET where it did not. Shape (items,)."""
    visits = log.visits
    found = {}
    for number, name in enumerate(log.steps):
        entered = np.full(len(log.items.type), NOT_YET)
        rows = np.flatnonzero((visits.step == number) & (visits.entered != NOT_YET))[::-1]
        entered[visits.item[rows]] = visits.entered[rows]
        found[name] = entered
    return found


def _dates(calendar: Calendar) -> Callable[[Ints], polars.Series]:
    import polars

    def dates(ticks: Ints) -> polars.Series:
        found = [None if moment == NOT_YET else calendar.day(moment) for moment in ticks.tolist()]
        return polars.Series(found, dtype=polars.Date)

    return dates


def checked(file: Path) -> Path:
    """The same file, if an export can be written there; asked before the work, not after it."""
    if file.suffix not in ENDINGS:
        raise UsageError(f"-o {file}: expected a file ending in {' or '.join(ENDINGS)}")
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"-o {file}: {'is a folder' if file.is_dir() else f'there is no folder {file.parent}'}")
    return file


def write(exported: polars.DataFrame, file: Path) -> None:
    """Write a table, by the ending; dates as ISO 8601."""
    try:
        if file.suffix == ".parquet":
            exported.write_parquet(file)
        else:
            exported.write_csv(file, datetime_format="%Y-%m-%dT%H:%M:%S%.6f")
    except OSError as error:
        raise UsageError(f"-o {file}: cannot be written ({error.strerror or error})") from None
