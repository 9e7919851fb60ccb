"""Files as they come: kind, encoding and delimiter by their content; the content as a table of texts or a stream of JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from vssim.errors import UsageError
from vssim.language import said
from vssim.tracker.decisions import Refused
from vssim.tracker.frames import Dropped

MOST_BYTES = 2_000_000_000
"""Largest file that is read [bytes]."""

SAMPLE = 65_536
"""The size of the sample by which a file's kind is recognised [bytes]."""

DELIMITERS = (",", ";", "\t", "|")

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks."""

ROW = "row"
"""The column of row numbers that is added to a table; row 1 is the head."""


class Source:
    """One file, of which only as much is read as is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.dropped: list[Dropped] = []
        """rows that do not belong to the table"""
        self.notes: list[str] = []
        try:
            if not path.is_file():
                raise UsageError(f"{path}: {'is a folder; expected a file' if path.is_dir() else 'there is no such file'}")
            self.size = path.stat().st_size
            with path.open("rb") as stream:
                self.head = stream.read(SAMPLE)
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from None
        if not self.head.strip():
            raise Refused(f"{path}: the file is empty")
        if self.size > MOST_BYTES:
            raise Refused(f"{path}: {self.size:,} bytes; at most {MOST_BYTES:,} are read: export a shorter period")

    @cached_property
    def form(self) -> str:
        """csv, xlsx, json, xml or parquet, by the first bytes of the file, not by its name."""
        if self.head.startswith(b"PAR1"):
            return "parquet"
        if self.head.startswith(b"PK\x03\x04"):
            return "xlsx"
        if self.head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")):
            raise Refused(f"{self.path}: neither CSV, XLSX, JSON, XES nor Parquet; unpack it, or export it again in one of them")
        start = self.head.decode(self.encoding, "replace").lstrip("\ufeff \t\r\n")
        if start.startswith("<"):
            if re.match(r"<!doctype html|<html|<table", start, re.IGNORECASE):
                raise Refused(f"{self.path}: a web page, not an export; an expired login looks like this: export it again as CSV")
            return "xml"
        return "json" if start.startswith(("{", "[")) and not self._is_head(start) else "csv"

    @staticmethod
    def _is_head(start: str) -> bool:
        """Whether a text that looks like JSON is the head of a CSV, such as [Key],[Status]."""
        return re.match(r"\[[^\[\]{}\"]*\]\s*[,;\t]", start) is not None

    @cached_property
    def encoding(self) -> str:
        """The encoding: by the byte order mark, otherwise UTF-8 if the file is valid UTF-8, otherwise Windows-1252."""
        for mark, name in _MARKS:
            if self.head.startswith(mark):
                return name
        zeros = self.head[:200].count(0)
        if zeros > 50:
            return "utf-16-le" if self.head[1:2] == b"\0" else "utf-16-be"
        return "utf-8"

    @cached_property
    def text(self) -> str:
        """The whole text, with its line ends unchanged."""
        content = self.path.read_bytes()
        try:
            text = content.decode(self.encoding)
        except UnicodeDecodeError:
            self.notes.append(said("not UTF-8: read as Windows-1252"))
            text = content.decode("cp1252", "replace")
        return text.removeprefix("\ufeff")

    @cached_property
    def table(self) -> pl.DataFrame:
        """The rows as texts with their row numbers, empty cells null; heads are stripped, those without a name numbered."""
        if self.form == "parquet":
            return self._parquet()
        if self.form == "xlsx":
            from vssim.tracker.sheets import rows_of

            return self._from_rows(rows_of(self.path, self.notes))
        if self.form == "json":
            return self._from_rows(self._json_rows())
        if self.form != "csv":
            raise Refused(f"{self.path}: no table")
        return self._csv()

    @cached_property
    def tabular(self) -> bool:
        """Whether the file is a table of texts: CSV, XLSX, or a JSON list of rows that begins with the heads."""
        return self.form in ("csv", "xlsx") or (self.form == "json" and re.match(r'\s*\[\s*\[\s*"', self.text[:200]) is not None)

    def _json_rows(self) -> list[list[str]]:
        rows = [value for _, value in self.elements() if isinstance(value, list)]
        return [["" if cell is None else str(cell) for cell in row] for row in rows]

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The heads of the table."""
        return tuple(name for name in self.table.columns if name != ROW)

    def column(self, *names: str) -> str | None:
        """The head that equals one of `names`, ignoring case; None where there is none."""
        known = {name.casefold(): name for name in reversed(self.heads)}
        return next((known[name.casefold()] for name in names if name.casefold() in known), None)

    @cached_property
    def delimiter(self) -> str:
        """The delimiter that gives the most rows of the sample as many cells as the head, and more than one."""
        sample = self.head.decode(self.encoding, "replace").removeprefix("\ufeff")
        rows = sample if len(self.head) < SAMPLE else sample.rsplit("\n", 1)[0]
        best, most = ",", (0.0, 0)
        for delimiter in DELIMITERS:
            counts = [len(row) for row in csv.reader(io.StringIO(rows, newline=""), delimiter=delimiter) if row][:50]
            width = counts[0] if counts else 0
            score = (sum(count == width for count in counts) / max(len(counts), 1), width)
            if width > 1 and (round(score[0], 1), width) > most:
                best, most = delimiter, (round(score[0], 1), width)
        return best

    def _csv(self) -> pl.DataFrame:
        table = None if self.head.startswith(b"sep=") else self._fast()
        if table is not None:
            return table
        text = self.text.removeprefix(f"sep={self.delimiter}").lstrip("\r\n")
        try:
            return self._from_rows([list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)])
        except csv.Error as error:
            raise Refused(f"{self.path}: cannot be read as CSV ({error})") from None

    def _fast(self) -> pl.DataFrame | None:
        """The table, where no row has more cells than the head; otherwise None."""
        plain = self.encoding == "utf-8" and b"\n" in self.head
        source: Any = self.path if plain else self.text.replace("\r\n", "\n").replace("\r", "\n").encode()
        try:
            table = pl.read_csv(
                source, separator=self.delimiter, infer_schema=False, has_header=False, encoding="utf8", raise_if_empty=False
            )
        except (pl.exceptions.PolarsError, UnicodeDecodeError):
            return None
        if table.is_empty():
            raise Refused(f"{self.path}: the file is empty")
        head = [str(name or "") for name in table.row(0)]
        while head and not head[-1].strip():
            head.pop()
        # A row with more cells than the head has shifted cells: read row by row then, so that only such rows are dropped.
        beyond = table.columns[len(head) :]
        if beyond and not bool(
            table.select(pl.all_horizontal(pl.col(beyond).is_null().all() | (pl.col(beyond) == "").all())).item()
        ):
            return None
        return _cleaned(_named(table.slice(1), head), 2)

    def _from_rows(self, rows: list[list[str]]) -> pl.DataFrame:
        """A table from rows of cells; rows with more cells than the head are dropped, since their cells have shifted."""
        numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell and cell.strip() for cell in row)]
        if not numbered:
            raise Refused(f"{self.path}: the table is empty")
        head = [str(cell or "") for cell in numbered[0][1]]
        while head and not head[-1].strip():
            head.pop()
        width = len(head)
        good = [(n, row) for n, row in numbered[1:] if not any(cell and cell.strip() for cell in row[width:])]
        wide = [n for n, row in numbered[1:] if any(cell and cell.strip() for cell in row[width:])]
        if wide:
            self.dropped.append(
                Dropped(said("more cells than the head has: a delimiter in a text without quotes?"), len(wide), tuple(wide[:5]))
            )
        columns = [[(row[place] if place < len(row) else None) for _, row in good] for place in range(width)]
        table = pl.DataFrame([pl.Series(f"c{place}", cells, pl.String) for place, cells in enumerate(columns)])
        named = _named(table, head)
        return _cleaned(named, 2).with_columns(pl.Series(ROW, [n for n, _ in good], pl.Int64))

    def _parquet(self) -> pl.DataFrame:
        try:
            table = pl.read_parquet(self.path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise Refused(f"{self.path}: cannot be read as Parquet ({str(error).splitlines()[0]})") from None
        return table.drop(ROW, strict=False).with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))

    def elements(self) -> Iterator[tuple[str, Any]]:
        """The elements of the JSON, one at a time: (key of the outermost mapping or '', value); lists entry by entry.

        The text is parsed piece by piece, so that only one issue, card or action is in memory besides the text itself.
        """
        decoder, text, place = json.JSONDecoder(), self.text, 0
        try:
            while (place := _skip(text, place)) < len(text):
                if text[place] == "[":
                    for value, after in _entries(decoder, text, place):
                        place = after
                        if value is not _END:
                            yield "", value
                elif text[place] == "{":
                    for key, value, after in _members(decoder, text, place):
                        place = after
                        if value is not _END:
                            yield key, value
                else:
                    _expect(text, place, "[{")
        except json.JSONDecodeError as error:
            raise Refused(
                f"{self.path}:{error.lineno}:{error.colno}: not valid JSON ({error.msg}); was the file cut off?"
            ) from None
        except RecursionError:
            raise Refused(f"{self.path}: JSON nested deeper than any tracker writes") from None


_END = object()
_SPACE = re.compile(r"[ \t\r\n]*")


def _skip(text: str, place: int) -> int:
    return _SPACE.match(text, place).end()  # type: ignore[union-attr]


def _expect(text: str, place: int, among: str) -> str:
    if place >= len(text) or text[place] not in among:
        raise json.JSONDecodeError(f"expected {' or '.join(repr(name) for name in among)}", text, min(place, len(text)))
    return text[place]


def _entries(decoder: json.JSONDecoder, text: str, place: int) -> Iterator[tuple[Any, int]]:
    """The entries of the list that begins at `place`; last comes (_END, the place after the list)."""
    place = _skip(text, place + 1)
    if place < len(text) and text[place] == "]":
        yield _END, place + 1
        return
    while True:
        value, place = decoder.raw_decode(text, place)
        yield value, place
        place = _skip(text, place)
        if _expect(text, place, ",]") == "]":
            yield _END, place + 1
            return
        place = _skip(text, place + 1)


def _members(decoder: json.JSONDecoder, text: str, place: int) -> Iterator[tuple[str, Any, int]]:
    """The members of the mapping that begins at `place`, lists entry by entry; last comes ('', _END, the place after it)."""
    place = _skip(text, place + 1)
    if place < len(text) and text[place] == "}":
        yield "", _END, place + 1
        return
    while True:
        _expect(text, place, '"')
        key, place = decoder.raw_decode(text, place)
        place = _skip(text, place)
        _expect(text, place, ":")
        place = _skip(text, place + 1)
        if place < len(text) and text[place] == "[":
            for value, after in _entries(decoder, text, place):
                place = after
                if value is not _END:
                    yield key, value, place
        else:
            value, place = decoder.raw_decode(text, place)
            yield key, value, place
        place = _skip(text, place)
        if _expect(text, place, ",}") == "}":
            yield "", _END, place + 1
            return
        place = _skip(text, place + 1)


def _named(table: pl.DataFrame, head: list[str]) -> pl.DataFrame:
    """The table with these heads; a head that occurs twice is numbered."""
    seen: Counter[str] = Counter()
    names = []
    for place, raw in enumerate(head, 1):
        name = raw.strip().strip("\ufeff").strip('"') or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    table = table.select(table.columns[: len(names)])
    table.columns = names
    return table


def _cleaned(table: pl.DataFrame, first: int) -> pl.DataFrame:
    """The table with stripped cells, empty ones null, rows numbered from `first`, and without empty rows."""
    stripped = table.with_columns(pl.all().str.strip_chars()).with_columns(pl.when(pl.all() != "").then(pl.all()))
    numbered = stripped.drop(ROW, strict=False).with_row_index(ROW, first).with_columns(pl.col(ROW).cast(pl.Int64))
    return numbered.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
