"""Tables of what arrived in the past: the weeks that a replication draws anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from vssim.calendar import instant, written
from vssim.errors import nearest
from vssim.model.history import COLUMNS, KEYS
from vssim.scenario.data import Table
from vssim.scenario.table_reader import MOST_FAULTS, Reader, by_their_mean, is_plain_number, stamp


class History(Reader):
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
        """By our word (work by step): where its column is."""
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
        if word in ("at", "due") and not is_plain_number(cell):
            return self.moment(table, line, word, cell)
        return self.number(table, line, word, cell)

    def _ends(self, table: Table, column: int, told: Mapping[str, Any]) -> dict[str, Any]:
        """The first and last day of the whole table, also of rows that are not chosen, where the document does not say."""
        cells = [row[column].strip() for _, row in table.rows]
        days = sorted(day[:10] for cell in cells if not is_plain_number(cell) and (day := self._day(cell)))
        ends = {"from": days[0], "to": days[-1]} if days else {}
        return {key: value for key, value in ends.items() if key not in told}

    def _day(self, cell: str) -> str:
        date = instant(cell) or stamp(cell)
        if isinstance(date, dt.datetime) and self.calendar is not None:
            date = self.calendar.local(date)
        return "" if date is None else written(date)
