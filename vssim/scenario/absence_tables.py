"""Tables of absences: who is away from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vssim.errors import nearest
from vssim.scenario.data import Table
from vssim.scenario.table_reader import ListReader, Row, is_plain_number


class Absences(ListReader):
    """A table of absences: who is away from when to when. Columns that are called as in a scenario need not be named."""

    WORDS = ("from", "to", "people")

    def entries(self, table: Table, rows: Sequence[Row], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The absences that the chosen rows mean; a row with a fault is none."""
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
        return absences

    def _cell(self, table: Table, line: int, word: str, cell: str) -> Any:
        if word == "people":
            return "all" if cell == "all" else self.number(table, line, word, cell)
        return self.number(table, line, word, cell) if is_plain_number(cell) else self.moment(table, line, word, cell)
