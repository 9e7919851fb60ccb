"""XLSX workbooks as rows of texts, from the first sheet that holds a table. Files that unpack to an abnormal size are refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from vssim.errors import MissingExtra
from vssim.language import said
from vssim.tracker.decisions import Refused

MOST_UNPACKED = 500_000_000
"""The largest size that a workbook may unpack to [bytes]."""

MOST_TIMES = 200
"""Parts of real workbooks shrink to a hundredth at best; a large part that shrinks further than this is refused as a trap."""

_SMALL = 10_000_000


def rows_of(path: Path, notes: list[str]) -> list[list[str]]:
    """The cells of the first sheet with more than one row, as texts; dates as ISO 8601. Remarks for the report go to `notes`."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    except ImportError:
        raise MissingExtra("XLSX needs the extra `data`: pip install 'vssim[data]'") from None
    _no_trap(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
            filled = {name: sheet.to_python(skip_empty_area=True) for name, sheet in sheets.items()}
    except PasswordError:
        raise Refused(f"{path}: the workbook is protected by a password; save it without one") from None
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(f"{path}: cannot be read as XLSX ({error})") from None
    tables = {name: rows for name, rows in filled.items() if len(rows) > 1 and len(rows[0]) > 1}
    if not tables:
        raise Refused(f"{path}: no sheet holds a table")
    name, rows = next(iter(tables.items()))
    if len(tables) > 1:
        notes.append(
            said(
                "sheet {name} was read; there are also {others}",
                name=repr(name),
                others=", ".join(repr(other) for other in list(tables)[1:]),
            )
        )
    return [[_text(cell) for cell in row] for row in rows]


def _no_trap(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise Refused(f"{path}: begins like a workbook, but cannot be unpacked; was it cut off?") from None
    names = {part.filename for part in parts}
    if not any(name.startswith("xl/") for name in names):
        raise Refused(f"{path}: a ZIP archive, not a workbook; unpack it first")
    whole = sum(part.file_size for part in parts)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_TIMES * max(part.compress_size, 1):
            raise Refused(
                f"{path}: {part.filename} unpacks to {part.file_size:,} bytes from {part.compress_size:,}: a trap, not a table"
            )
    if whole > MOST_UNPACKED:
        raise Refused(f"{path}: unpacks to {whole:,} bytes; at most {MOST_UNPACKED:,} are read: export it as CSV")


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
