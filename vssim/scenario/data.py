"""Data files: `empirical(file.csv, column)` becomes the values of that column."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vssim.errors import Fault, nearest, nearest_file
from vssim.scenario.positions import Place
from vssim.scenario.reader import dotted

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
    if isinstance(value, str) and (found := _FROM_FILE.match(value)) and "=" not in value:
        file, column = found["file"].strip("'\""), found["column"].strip("'\"")
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
    """The numbers of a column of a .csv file (comma or semicolon between cells); a DataFault says what is wrong with it."""
    try:
        if not file.is_file():
            raise DataFault([(0, str(file), "a data file that exists", _near_file(file))])
        if file.stat().st_size > MOST_DATA_BYTES:
            raise DataFault([(0, f"{file.stat().st_size:,} bytes", f"a data file of at most {MOST_DATA_BYTES:,} bytes", "")])
        with file.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            rows = csv.DictReader(stream, delimiter=";" if ";" in first and "," not in first else ",")
            return _numbers(rows, column)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFault([(0, str(file), f"a .csv file in UTF-8 ({error})", "")]) from None


def _numbers(rows: csv.DictReader[str], column: str) -> tuple[float, ...]:
    names = {name.strip(): name for name in rows.fieldnames or [] if name}
    if column not in names:
        raise DataFault([(0, f"column {column}", f"one of the columns {', '.join(names) or '(none)'}", nearest(column, names))])
    values: list[float] = []
    wrong: list[tuple[int, str, str, str]] = []
    for row in rows:
        cell = (row[names[column]] or "").strip()
        if not _is_number(cell) or float(cell) < 0:
            wrong.append((rows.line_num, repr(cell[:40]), "a number of at least 0", ""))
        else:
            values.append(float(cell))
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
