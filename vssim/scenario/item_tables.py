"""Tables of items: rows of a board, or its moves.

`items: {file: board.csv, only: {Type: CR}, id: Key, at: Created, step: Status}` becomes the list that it means. A table of moves
(`vssim export --as moves`, an import) needs no columns: where each item stood on the morning of the start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from vssim.calendar import instant
from vssim.errors import nearest
from vssim.scenario.data import Table
from vssim.scenario.table_reader import ListReader, Path_, Row, by_their_mean
from vssim.yaml import show

MOVES = ("item", "at", "from", "to", "kind")
"""Heads of a table of moves."""

BACKLOG, DONE = "Backlog", "Done"
"""Columns of a board that are no steps: nothing is begun, everything is done."""

DATES = ("at", "entered", "started", "done", "due")
TEXTS = ("id", "step", "team", "stuck")
NUMBERS = ("remaining", "size", "value", "priority")


class Items(ListReader):
    """A table of items."""

    def entries(self, table: Table, rows: Sequence[Row], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The items that the chosen rows mean; those that were done before time 0 are left out."""
        if set(MOVES) <= set(table.names) and not asked:
            return self._from_moves(table, rows)
        return self._from_rows(table, rows, asked)

    # --- rows of a board ---

    def _from_rows(self, table: Table, rows: Sequence[Row], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
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
        """By our word (work by step): where its column is."""
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
        """All columns at once that are no steps."""
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
        """Sizes in points are no days: each is told as a share of their mean."""
        told = by_their_mean([item.pop("size", None) for item in items])
        for item, size in zip(items, told, strict=True):
            if size is not None:
                item["size"] = size

    # --- moves ---

    def _from_moves(self, table: Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
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
