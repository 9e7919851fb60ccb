"""Reading a table that a document names: its columns, the rows that are chosen, the cells; what is wrong is named in its place."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vssim.calendar import Calendar, instant, written
from vssim.errors import Fault, nearest
from vssim.scenario.calendars import calendar_of
from vssim.scenario.data import DataFault, Table, table_of
from vssim.scenario.positions import Place
from vssim.yaml import dotted, show

Path_ = tuple[Any, ...]

Row = tuple[int, tuple[str, ...]]
"""A row of a table: its line in the file, its cells."""

MOST_FAULTS = 5
"""Of one table, at most so many cells are named."""


@dataclass
class Reader:
    """A table being read for a place of a document; what is wrong goes to `faults`."""

    content: Mapping[str, Any]
    folder: Path
    faults: list[Fault]
    place: Callable[[Path_], Place]
    path: Path_

    def refuse(self, path: Path_, got: str, expected: str, near: str = "") -> None:
        """A fault in the document."""
        place = self.place(path)
        self.faults.append(Fault(place.file, *place.value, dotted(path), got, expected, near))

    def refuse_cell(self, table: Table, line: int, column: str, got: str, expected: str, near: str = "") -> None:
        """A fault in the table."""
        self.faults.append(Fault(str(table.file), line, 1, column, repr(got[:40]), expected, near))

    @property
    def calendar(self) -> Calendar | None:
        """The calendar of the document; None without a start."""
        return calendar_of(self.content)

    def table(self, file: Any) -> Table | None:
        """The table of a file."""
        if not isinstance(file, str):
            self.refuse((*self.path, "file"), show(file), "the name of a table: .csv or .parquet")
            return None
        try:
            return table_of(self.folder / file)
        except DataFault as fault:
            for line, got, expected, near in fault.faults:
                if line:
                    self.faults.append(Fault(str(self.folder / file), line, 1, "", got, expected, near))
                else:
                    self.refuse(self.path, got, expected, near)
            return None

    def column(self, table: Table, word: str, column: Any) -> int | None:
        """Where a column is."""
        if column in table.names:
            return table.names.index(column)
        known = ", ".join(name for name in table.names if name) or "(none)"
        self.refuse(
            (*self.path, *word.split(".")),
            show(column),
            f"a column of {table.file.name}: {known}",
            nearest(str(column), table.names),
        )
        return None

    def chosen(self, table: Table, only: Any) -> Iterator[Row]:
        """The rows whose cells are as `only` says, each with its line."""
        if not isinstance(only, Mapping):
            self.refuse((*self.path, "only"), show(only), "a value by column, as in {Type: CR}")
            return
        places = {column: self.column(table, f"only.{column}", column) for column in only}
        wanted = [
            (where, {str(accepted) for accepted in (value if isinstance(value, list) else [value])})
            for (_, value), where in zip(only.items(), places.values(), strict=True)
        ]
        if any(where is None for where, _ in wanted):
            return
        for line, row in table.rows:
            if all(row[where].strip() in values for where, values in wanted if where is not None):
                yield line, row

    def moment(self, table: Table, line: int, column: str, cell: str) -> Any:
        """What a cell with a date means: a date, with the time of day where the unit is hour."""
        calendar = self.calendar
        date = instant(cell) or stamp(cell)
        if date is None:
            self.refuse_cell(table, line, column, cell, "a date such as 2026-03-01, or 2026-03-01 09:00")
            return None
        if isinstance(date, dt.datetime):
            date = date if calendar is None else calendar.local(date)
            date = date if calendar is not None and calendar.unit == "hour" else date.date()
        return written(date)

    def number(self, table: Table, line: int, column: str, cell: str) -> float | None:
        """The number in a cell, not below 0."""
        text = cell.replace(",", ".") if table.commas and cell.count(",") == 1 and "." not in cell else cell
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e15:
            self.refuse_cell(table, line, column, cell, "a number of at least 0")
            return None
        return number


class ListReader(Reader, ABC):
    """A reader of a table that stands for a list: each row that is chosen is an entry, or none."""

    def read(self, written_as: Any) -> list[dict[str, Any]]:
        """The list that the table means, empty where it cannot be opened; of its faults the first MOST_FAULTS are kept.

        `written_as` is what the document has: the name of a file, or a mapping with `file`, perhaps `only`, and names of columns.
        """
        asked = {"file": written_as} if isinstance(written_as, str) else dict(written_as)
        table = self.table(asked.pop("file"))
        if table is None:
            return []
        before = len(self.faults)
        entries = self.entries(table, list(self.chosen(table, asked.pop("only", {}))), asked)
        del self.faults[before + MOST_FAULTS :]
        return entries

    @abstractmethod
    def entries(self, table: Table, rows: Sequence[Row], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the chosen rows mean; `asked` names the columns."""


def stamp(cell: str) -> dt.datetime | None:
    """A stamp as trackers write it, with seconds, parts of them and a zone."""
    try:
        return dt.datetime.fromisoformat(cell.strip())
    except ValueError:
        return None


def by_their_mean(sizes: Sequence[float | None]) -> list[float | None]:
    """Sizes in points are no days: each as a share of their mean; none where none is stated, or 0."""
    stated = [size for size in sizes if size]
    mean = sum(stated) / max(1, sum(size is not None for size in sizes))
    return [size / mean if size else None for size in sizes]


def is_plain_number(cell: str) -> bool:
    """True for digits with one point or comma at most: no date, no sign."""
    return cell.replace(".", "", 1).replace(",", "", 1).isdigit()
