"""Data files: `empirical(file.csv, column)` becomes the values of that column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vssim.errors import Fault, nearest, nearest_file
from vssim.scenario.positions import Place
from vssim.yaml import dotted

MOST_DATA_BYTES = 20_000_000
"""Largest data file that is read [bytes]."""

MOST_DATA_VALUES = 100_000
"""Most values that are taken from one column."""

_FROM_FILE = re.compile(r"""\s*empirical\(\s*(?P<file>[^\[\](),]+?)\s*,\s*(?P<column>[^\[\](),]+?)\s*\)\s*\Z""")

Path_ = tuple[Any, ...]


class DataFault(ValueError):
    """Faults of a data file: what was got and expected, with the line of the data file where it has one."""

    def __init__(self, faults: list[tuple[int, str, str, str]]) -> None:
        super().__init__("unusable data")
        self.faults = faults


def with_data(content: Any, folder: Path, place: Callable[[Path_], Place], faults: list[Fault], path: Path_ = ()) -> Any:
    """`content` with every reference to a data file replaced by its values; data files are relative to `folder`."""
    named = _reference(content)
    if named is not None:
        return _values(named, folder, place(path), faults, path)
    if isinstance(content, dict):
        return {key: with_data(value, folder, place, faults, (*path, key)) for key, value in content.items()}
    if isinstance(content, list):
        return [with_data(value, folder, place, faults, (*path, index)) for index, value in enumerate(content)]
    return content


def _reference(value: Any) -> tuple[str, str] | None:
    """File and column that a distribution names, in either form; None for everything else."""
    if isinstance(value, str) and (match := _FROM_FILE.match(value)) and "=" not in value:
        file, column = match["file"].strip("'\""), match["column"].strip("'\"")
        return None if _is_number(file) else (file, column)
    if isinstance(value, Mapping) and set(value) == {"empirical"} and isinstance(value["empirical"], list):
        inside = value["empirical"]
        if len(inside) == 2 and all(isinstance(text, str) for text in inside) and not _is_number(inside[0]):
            return inside[0], inside[1]
    return None


def _values(named: tuple[str, str], folder: Path, place: Place, faults: list[Fault], path: Path_) -> Any:
    file, column = named
    target = folder / file
    try:
        return {"empirical": list(column_of(target, column))}
    except DataFault as fault:
        for line, got, expected, near in fault.faults:
            where = (str(target), line, 1, column) if line else (place.file, *place.value, dotted(path))
            faults.append(Fault(*where, got, expected, near))
        return 1


def column_of(file: Path, column: str) -> tuple[float, ...]:
    """The numbers of a column of a .csv file (comma, semicolon or tab between cells); a DataFault says what is wrong with it.

    Between semicolons numbers may have a decimal comma. A file that many steps name is read once.
    """
    return _numbers(table_of(file), column)


def table_of(file: Path) -> Table:
    """The table in a .csv or .parquet file; a DataFault says what is wrong with it. A file that is named often is read once."""
    try:
        about = file.stat() if file.is_file() else None
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None
    if about is None:
        slash = " (between folders write / and not \\)" if "\\" in str(file) else ""
        raise DataFault([(0, str(file), f"a data file that exists{slash}", _near_file(file))])
    if about.st_size > MOST_DATA_BYTES:
        raise DataFault([(0, f"{about.st_size:,} bytes", f"a data file of at most {MOST_DATA_BYTES:,} bytes", "")])
    return _cells(file, about.st_size, about.st_mtime_ns)


@dataclass(frozen=True)
class Table:
    """A data file in memory: names of its columns, rows with their line, and whether numbers may have a decimal comma."""

    file: Path
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    commas: bool


@lru_cache(maxsize=4)
def _cells(file: Path, size: int, changed: int) -> Table:
    """The content of a data file while its size and the time it was `changed` [ns] stay the same."""
    del size, changed
    if file.suffix.lower() == ".parquet":
        return _parquet(file)
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        mark = max(";\t,", key=lambda separator: (first.count(separator), separator == ","))
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        names = tuple(name.strip() for name in next(rows, []))
        numbered = ((rows.line_num, tuple(row) + ("",) * (len(names) - len(row))) for row in rows if row)
        return Table(file, names, tuple(numbered), mark != ",")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        got = f"a byte {content[error.start]:#04x} in column {column}"
        raise DataFault([(line, got, "text in UTF-8; this may be Latin-1 (save it as UTF-8)", "")]) from None
    except (OSError, csv.Error) as error:
        raise _unreadable(file, error) from None


def _parquet(file: Path) -> Table:
    """A Parquet file with its cells as texts, dates as ISO 8601."""
    import polars

    try:
        table = polars.read_parquet(file)
    except (OSError, polars.exceptions.PolarsError) as error:
        raise DataFault([(0, str(file), f"a Parquet file that can be read ({str(error).splitlines()[0]})", "")]) from None
    texts = [["" if cell is None else str(cell) for cell in column.to_list()] for column in table.iter_columns()]
    return Table(file, tuple(table.columns), tuple(enumerate(zip(*texts, strict=True), start=1)), commas=False)


def _unreadable(file: Path, error: Exception) -> DataFault:
    reason = getattr(error, "strerror", None) or str(error)
    return DataFault([(0, str(file), f"a .csv file that can be read ({reason})", "")])


def _numbers(cells: Table, column: str) -> tuple[float, ...]:
    if column not in cells.names:
        there = ", ".join(name for name in cells.names if name) or "(none)"
        raise DataFault([(0, f"column {column}", f"one of the columns {there}", nearest(column, cells.names))])
    place = cells.names.index(column)
    values: list[float] = []
    wrong: list[tuple[int, str, str, str]] = []
    for line, row in cells.rows:
        cell = row[place].strip() if place < len(row) else ""
        number = cell.replace(",", ".") if cells.commas and cell.count(",") == 1 and "." not in cell else cell
        if not _is_number(number) or float(number) < 0:
            wrong.append((line, repr(cell[:40]), "a number of at least 0", ""))
        else:
            values.append(float(number))
        if len(wrong) >= 5 or len(values) > MOST_DATA_VALUES:
            break
    if len(values) > MOST_DATA_VALUES:
        wrong.append((0, f"more than {MOST_DATA_VALUES:,} values", f"at most {MOST_DATA_VALUES:,} values in a column", ""))
    if not values and not wrong:
        wrong.append((0, f"no value in column {column}", "at least one value", ""))
    if wrong:
        raise DataFault(wrong)
    return tuple(values)


def _near_file(file: Path) -> str:
    siblings = [entry.name for entry in file.parent.glob("*.csv")] if file.parent.is_dir() else []
    return nearest_file(file.name, siblings)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
