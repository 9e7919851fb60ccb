"""Tables as files: .csv, .parquet, and .xlsx with the extra; what spreadsheets would run is made harmless.

A text that begins with = + - @ is a formula to a spreadsheet, whoever wrote it: in .csv it gets an apostrophe in front, in .xlsx it
is stored as the text that it is.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from vssim import files
from vssim.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import polars

ENDINGS = (".csv", ".parquet", ".xlsx")
"""Endings of files that a table can be written to."""

MOST_ROWS = 1_048_575
"""Rows that a spreadsheet holds below its head."""

RUN = ("=", "+", "-", "@", "\t", "\r")
"""Characters at the begin of a cell that make a spreadsheet run it."""


def ready(file: Path) -> Path:
    """The file, if the libraries that write it are installed; else MissingExtra."""
    if file.suffix.lower() == ".xlsx":
        try:
            import xlsxwriter  # noqa: F401
        except ImportError:
            raise MissingExtra("a spreadsheet needs XlsxWriter: pip install 'vssim[xlsx]'") from None
    return file


def content(table: polars.DataFrame, ending: str) -> bytes:
    """The bytes of a file with the table; dates as ISO 8601."""
    if ending.lower() == ".parquet":
        stream = io.BytesIO()
        table.write_parquet(stream)
        return stream.getvalue()
    return _spreadsheet(table) if ending.lower() == ".xlsx" else csv(table).encode()


def write(table: polars.DataFrame, file: Path) -> None:
    """Write a table whole or not at all, by the ending."""
    files.write(file, content(table, file.suffix))


def csv(table: polars.DataFrame) -> str:
    """The table as CSV, with cells that no spreadsheet runs."""
    return harmless(table).write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ" if _zoned(table) else "%Y-%m-%dT%H:%M:%S%.6f")


def _zoned(table: polars.DataFrame) -> bool:
    return any(getattr(kind, "time_zone", None) for kind in table.dtypes)


def harmless(table: polars.DataFrame) -> polars.DataFrame:
    """The table with an apostrophe before texts, and names of columns, that a spreadsheet would run."""
    import polars

    texts = [name for name, kind in table.schema.items() if kind == polars.String]
    apart = [
        polars.when(polars.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then("'" + polars.col(name))
        .otherwise(polars.col(name))
        .alias(name)
        for name in texts
    ]
    return table.with_columns(apart).rename({name: f"'{name}" for name in table.columns if name.startswith(RUN)})


def _spreadsheet(table: polars.DataFrame) -> bytes:
    import polars
    import xlsxwriter

    if table.height > MOST_ROWS:
        raise UsageError(f"-o: {table.height:,} rows, expected at most {MOST_ROWS:,} in a spreadsheet; .csv and .parquet hold more")
    zoned = [name for name, kind in table.schema.items() if getattr(kind, "time_zone", None)]
    plain = table.with_columns(polars.col(name).dt.replace_time_zone(None) for name in zoned)
    stream = io.BytesIO()
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, texts) as book:
        plain.write_excel(book, autofit=True, dtype_formats={polars.Datetime("us"): "yyyy-mm-dd hh:mm:ss.000"})
    return stream.getvalue()
