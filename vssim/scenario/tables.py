"""Tables that a file names in place of a list: rows of a board, or of arrivals; by our words, and the columns they are in.

`items: {file: board.csv, only: {Type: CR}, id: Key, at: Created, step: Status}` becomes the list that it means. A table of moves
(`vssim export --as moves`, an import) needs no columns: where each item stood on the morning of the start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vssim.calendar import Calendar, instant, written
from vssim.errors import Fault, nearest
from vssim.model.history import COLUMNS, KEYS
from vssim.scenario.calendars import calendar_of
from vssim.scenario.data import DataFault, Table, table_of
from vssim.scenario.positions import Place
from vssim.yaml import dotted, show

Path_ = tuple[Any, ...]

MOVES = ("item", "at", "from", "to", "kind")
"""Heads of a table of moves."""

BACKLOG, DONE = "Backlog", "Done"
"""Columns of a board that are no steps: nothing is begun, everything is done."""

DATES = ("at", "entered", "started", "done", "due")
TEXTS = ("id", "step", "team", "stuck")
NUMBERS = ("remaining", "size", "value", "priority")

MOST_FAULTS = 5
"""Of one table, at most so many cells are named."""


def with_tables(content: dict[str, Any], folder: Path, place: Callable[[Path_], Place], faults: list[Fault]) -> dict[str, Any]:
    """The document with every table of items, of the past or of absences in place of its file; files are relative to `folder`."""
    content = _with_absences(content, folder, place, faults)
    demand = content.get("demand")
    if not isinstance(demand, Mapping):
        return content
    read = {}
    for name, kind in demand.items():
        read[name] = kind
        if isinstance(kind, Mapping):
            for key, reader in (("items", _Items), ("history", _History)):
                if is_table(kind.get(key)):
                    table = reader(content, folder, faults, place, ("demand", name, key)).read(kind[key])
                    read[name] = {**read[name], key: table}
    return {**content, "demand": read}


def _with_absences(content: dict[str, Any], folder: Path, place: Callable[[Path_], Place], faults: list[Fault]) -> dict[str, Any]:
    """The document with every table of absences, of a team or of one of its groups, in place of its file."""

    def read(part: Any, path: Path_) -> Any:
        if not isinstance(part, Mapping):
            return part
        if is_table(part.get("absences")):
            reader = _Absences(content, folder, faults, place, (*path, "absences"))
            part = {**part, "absences": reader.read(part["absences"])}
        groups = part.get("people")
        if isinstance(groups, list):
            part = {**part, "people": [read(group, (*path, "people", number)) for number, group in enumerate(groups)]}
        return part

    teams = content.get("teams")
    if not isinstance(teams, Mapping):
        return content
    return {**content, "teams": {name: read(team, ("teams", name)) for name, team in teams.items()}}


def is_table(value: Any) -> bool:
    """Whether a table stands where a list may: the name of a file, or a mapping with one."""
    return isinstance(value, str) or (isinstance(value, Mapping) and "file" in value)


@dataclass
class _Reader:
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

    def chosen(self, table: Table, only: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
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
        date = instant(cell) or _stamp(cell)
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


def _stamp(cell: str) -> dt.datetime | None:
    """A stamp as trackers write it, with seconds, parts of them and a zone."""
    try:
        return dt.datetime.fromisoformat(cell.strip())
    except ValueError:
        return None


class _Items(_Reader):
    """A table of items."""

    def read(self, written_as: Any) -> list[dict[str, Any]]:
        """The items that the table means; those that were done before time 0 are left out."""
        asked = {"file": written_as} if isinstance(written_as, str) else dict(written_as)
        table = self.table(asked.pop("file"))
        if table is None:
            return []
        before = len(self.faults)
        rows = list(self.chosen(table, asked.pop("only", {})))
        if set(MOVES) <= set(table.names) and not asked:
            items = self._from_moves(table, rows)
        else:
            items = self._from_rows(table, rows, asked)
        del self.faults[before + MOST_FAULTS :]
        return items

    # --- rows of a board ---

    def _from_rows(
        self, table: Table, rows: Sequence[tuple[int, tuple[str, ...]]], asked: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        columns = self._columns(table, asked)
        items = []
        unknown: dict[str, int] = {}
        for line, row in rows:
            cells = {word: row[where].strip() for word, where in columns.items()}
            items += self._item(table, line, cells, unknown)
        self._name_unknown(unknown, (*self.path, "step") if "step" in asked else self.path)
        self._by_their_mean(items)
        return items

    def _columns(self, table: Table, asked: Mapping[str, Any]) -> dict[str, int]:
        """By our word (for work by step: `work.<step>`) the number of its column."""
        columns: dict[str, int] = {}
        known = [*DATES, *TEXTS, *NUMBERS, "work"]
        for word, column in asked.items():
            if word == "work" and isinstance(column, Mapping):
                pairs = [(f"work.{step}", inside) for step, inside in column.items()]
            elif word in known:
                pairs = [(word, column)]
            else:
                self.refuse(
                    (*self.path, word), "an unknown key", f"one of file, only, {', '.join(known)}", nearest(str(word), known)
                )
                continue
            columns |= {each: where for each, inside in pairs if (where := self.column(table, each, inside)) is not None}
        return columns

    def _item(self, table: Table, line: int, cells: Mapping[str, str], unknown: dict[str, int]) -> list[dict[str, Any]]:
        """The item of a row; none where it was done before time 0."""
        item: dict[str, Any] = {}
        for word, cell in cells.items():
            if not cell:
                continue
            if word in DATES:
                item[word] = self.moment(table, line, word, cell)
            elif word in TEXTS or cell.endswith("%"):
                item[word] = cell
            elif word.startswith("work."):
                item.setdefault("work", {})[word.removeprefix("work.")] = self.number(table, line, word, cell)
            else:
                item[word] = self.number(table, line, word, cell)
        item = {word: value for word, value in item.items() if value is not None}
        done, step = item.pop("done", None), item.get("step")
        if self._is_past(done) or step == DONE:
            return []
        if step == BACKLOG:
            del item["step"]
        elif step is not None and step not in self._steps:
            unknown[step] = unknown.get(step, 0) + 1
            return []
        return [item]

    def _is_past(self, done: str | None) -> bool:
        calendar, when = self.calendar, None if done is None else instant(done)
        return when is not None and calendar is not None and calendar.number(when, ends=True) <= 0

    @property
    def _steps(self) -> list[str]:
        steps = self.content.get("steps")
        return [str(step) for step in steps] if isinstance(steps, Mapping) else []

    def _name_unknown(self, unknown: Mapping[str, int], path: Path_) -> None:
        """Name all columns of the board at once that are no steps."""
        if unknown:
            got = ", ".join(f"{name!r} ({count})" for name, count in unknown.items())
            first = next(iter(unknown))
            self.refuse(
                path,
                got,
                f"steps of this file: {', '.join(self._steps)}; {BACKLOG} and {DONE} are known too",
                nearest(first, self._steps),
            )

    def _by_their_mean(self, items: list[dict[str, Any]]) -> None:
        """Replace sizes in points (which are no days) by shares of their mean."""
        told = by_their_mean([item.pop("size", None) for item in items])
        for item, size in zip(items, told, strict=True):
            if size is not None:
                item["size"] = size

    # --- moves ---

    def _from_moves(self, table: Table, rows: Sequence[tuple[int, tuple[str, ...]]]) -> list[dict[str, Any]]:
        """Where the items of a table of moves stood on the morning of the start."""
        calendar = self.calendar
        if calendar is None:
            self.refuse(self.path, show(table.file.name), "a start: moves have dates, and that says which board is meant")
            return []
        where = [table.names.index(head) for head in MOVES]
        histories: dict[str, list[tuple[str, str, str, str]]] = {}
        for line, row in rows:
            item, at, left, entered, kind = (row[place].strip() for place in where)
            moment = self.moment(table, line, "at", at)
            if moment is not None and dt.date.fromisoformat(moment[:10]) < calendar.first:
                histories.setdefault(item, []).append((moment, left, entered, kind))
        unknown: dict[str, int] = {}
        items = [self._stood(name, sorted(moves, key=lambda move: move[0]), unknown) for name, moves in histories.items()]
        self._name_unknown(unknown, self.path)
        return [item for item in items if item is not None]

    def _stood(self, name: str, moves: Sequence[tuple[str, str, str, str]], unknown: dict[str, int]) -> dict[str, Any] | None:
        """An item as its moves leave it; None where it was done, or dropped."""
        when, left, entered, kind = moves[-1]
        column = left if kind == "blocked" else entered
        item: dict[str, Any] = {"id": name, "at": moves[0][0]}
        if kind == "resolved" or column == DONE or not column:
            return None
        if column == BACKLOG:
            return item
        step = column.removesuffix(" (step)")
        if step not in self._steps:
            unknown[step] = unknown.get(step, 0) + 1
            return None
        started = next((at for at, _, to, _ in moves if to and to not in (BACKLOG, DONE)), when)
        return item | {"step": step, "entered": when, "started": started}


def by_their_mean(sizes: Sequence[float | None]) -> list[float | None]:
    """Sizes in points (which are no days) as shares of their mean; unchanged where none is stated or the mean is 0."""
    stated = [size for size in sizes if size]
    mean = sum(stated) / max(1, sum(size is not None for size in sizes))
    return [size / mean if size else None for size in sizes]


class _History(_Reader):
    """A table of what arrived in the past."""

    def read(self, written_as: Any) -> dict[str, Any]:
        """The same with columns as lists, and the days of the whole table between which its past lies."""
        asked = {"file": written_as} if isinstance(written_as, str) else dict(written_as)
        table = self.table(asked.pop("file"))
        words = {key: value for key, value in asked.items() if key not in ("only", "from", "to", "blocks")}
        told = {key: asked[key] for key in ("from", "to", "blocks") if key in asked}
        if table is None:
            return {**told, "at": []}
        before = len(self.faults)
        where = self._columns(table, words)
        rows = list(self.chosen(table, asked.get("only", {})))
        history: dict[str, Any] = {"at": [], **told}
        for word, column in where.items():
            cells = [self._cell(table, line, word, row[column].strip()) for line, row in rows]
            cells = by_their_mean(cells) if word == "size" else cells
            step = word.partition(".")[2]
            if step:
                history.setdefault("work", {})[step] = cells
            else:
                history[word] = cells
        if "at" in where:
            history |= self._ends(table, where["at"], history)
        del self.faults[before + MOST_FAULTS :]
        return history

    def _columns(self, table: Table, words: Mapping[str, Any]) -> dict[str, int]:
        """By our word (for work by step: `work.<step>`) the number of its column."""
        if "at" not in words:
            self.refuse(self.path, "no column for at", "when each arrived, as in at: Created")
        columns: dict[str, int] = {}
        for word, column in words.items():
            if word == "work" and isinstance(column, Mapping):
                pairs = [(f"work.{step}", inside) for step, inside in column.items()]
            elif word in COLUMNS:
                pairs = [(word, column)]
            else:
                self.refuse((*self.path, word), "an unknown key", f"one of {', '.join(KEYS)}", nearest(str(word), KEYS))
                continue
            columns |= {each: where for each, inside in pairs if (where := self.column(table, each, inside)) is not None}
        return columns

    def _cell(self, table: Table, line: int, word: str, cell: str) -> Any:
        if not cell and word != "at":
            return None
        if word in ("at", "due") and not _is_plain_number(cell):
            return self.moment(table, line, word, cell)
        return self.number(table, line, word, cell)

    def _ends(self, table: Table, column: int, told: Mapping[str, Any]) -> dict[str, Any]:
        """The first and last day of the whole table, also of rows that are not chosen, where the document does not say."""
        cells = [row[column].strip() for _, row in table.rows]
        days = sorted(day[:10] for cell in cells if not _is_plain_number(cell) and (day := self._day(cell)))
        ends = {"from": days[0], "to": days[-1]} if days else {}
        return {key: value for key, value in ends.items() if key not in told}

    def _day(self, cell: str) -> str:
        date = instant(cell) or _stamp(cell)
        if isinstance(date, dt.datetime) and self.calendar is not None:
            date = self.calendar.local(date)
        return "" if date is None else written(date)


def _is_plain_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace(",", "", 1).isdigit()


class _Absences(_Reader):
    """A table of absences: who is away from when to when. Columns that are called as in a scenario need not be named."""

    WORDS = ("from", "to", "people")

    def read(self, written_as: Any) -> list[dict[str, Any]]:
        """The absences that the table means."""
        asked = {"file": written_as} if isinstance(written_as, str) else dict(written_as)
        table = self.table(asked.pop("file"))
        if table is None:
            return []
        before = len(self.faults)
        rows = list(self.chosen(table, asked.pop("only", {})))
        words = ("file", "only", *self.WORDS)
        for word in asked:
            if word not in words:
                self.refuse((*self.path, word), "an unknown key", f"one of {', '.join(words)}", nearest(str(word), words))
        named = {word: asked.get(word, word) for word in self.WORDS if word != "people" or word in asked or word in table.names}
        for word in named:
            if word not in asked and word not in table.names:
                known = ", ".join(name for name in table.names if name) or "(none)"
                self.refuse(self.path, f"no column for {word}", f"a column of {table.file.name} for it: {known}")
                return []
        where = {word: place for word, column in named.items() if (place := self.column(table, word, column)) is not None}
        absences = []
        for line, row in rows:
            cells = {word: row[place].strip() for word, place in where.items()}
            absence = {word: self._cell(table, line, word, cell) for word, cell in cells.items() if cell or word != "people"}
            if len(where) == len(named) and None not in absence.values():
                absences.append(absence)
        del self.faults[before + MOST_FAULTS :]
        return absences

    def _cell(self, table: Table, line: int, word: str, cell: str) -> Any:
        if word == "people":
            return "all" if cell == "all" else self.number(table, line, word, cell)
        return self.number(table, line, word, cell) if _is_plain_number(cell) else self.moment(table, line, word, cell)
