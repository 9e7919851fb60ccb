"""What all readers of tables need: item numbers, attributes, formulas, and cells that should hold dates but do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from vssim.language import said
from vssim.tracker.dates import Dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Dropped, as_items, dropped
from vssim.tracker.heads import means_dropped
from vssim.tracker.sources import ROW, Source

_LINK = r'^=\s*(?i:HYPERLINK)\(\s*"[^"]*"\s*[;,]\s*"([^"]*)"\s*\)$'
_PLACEHOLDER = r"^\{.*\}$|^\[.*\]$|^<[^>]*>$|^\$\{.*\}$|^#(?:REF|VALUE|NAME|N/A|DIV/0)[!?]?$|^TBD$|^tbd$"


def without_formulas(source: Source, heads: Iterable[str]) -> tuple[pl.DataFrame, list[Dropped]]:
    """The table with link formulas replaced by their labels, and without rows that have other formulas under these heads."""
    table, used = source.table, [head for head in heads if head]
    if not used:
        return table, []
    begins = pl.any_horizontal(pl.col(used).str.starts_with("=").fill_null(value=False))
    if not bool(table.select(begins.any()).item()):
        return table, []
    labelled = table.with_columns(pl.coalesce(pl.col(head).str.extract(_LINK, 1), pl.col(head)).alias(head) for head in used)
    bad = labelled.select(begins).to_series()
    return labelled.filter(~bad), dropped(
        said("a formula in place of its result: save the sheet as XLSX, or as values"), labelled.filter(bad)[ROW]
    )


def refuse_placeholders(source: Source, table: pl.DataFrame, heads: Iterable[str]) -> None:
    """Raise Refused where date columns hold placeholders instead of dates."""
    for head in heads:
        held = table[head].drop_nulls()
        marked = held.filter(held.str.contains(_PLACEHOLDER))
        if len(marked) >= max(1, len(held) // 2):
            cells = f"{len(marked):,} of {len(held):,} cells hold placeholders such as {marked[0]} in place of dates"
            raise Refused(
                f"{source.path}: {head}: {cells}: a template that some tool fills in, not an export; export what it was filled with"
            )


def identified(table: pl.DataFrame, head: str) -> tuple[pl.DataFrame, list[Dropped]]:
    """The rows that name their item, each item once: its last row counts."""
    nameless = table.filter(pl.col(head).is_null())
    known = table.filter(pl.col(head).is_not_null())
    same = known.unique(subset=[name for name in table.columns if name != ROW], keep="first", maintain_order=True)
    exact = known.join(same.select(ROW), on=ROW, how="anti")
    once = same.unique(subset=[head], keep="last", maintain_order=True)
    again = same.join(once.select(ROW), on=ROW, how="anti")
    return once, [
        *dropped(said("no {head}", head=head), nameless[ROW]),
        *dropped(said("the same row once more"), exact[ROW]),
        *dropped(
            said("another row of an item that comes again further down (the last one of each {head} counts)", head=head), again[ROW]
        ),
    ]


def attributes(
    table: pl.DataFrame, heads: Mapping[str, str], created: pl.Series | None = None, gone: pl.Series | None = None
) -> pl.DataFrame:
    """The table of items, from columns by their role; `created` and `gone` (dropped) have one entry for each row of the table."""
    columns: dict[str, pl.Series] = {"item": table[heads["id"]]}
    for role in ("title", "type", "class_of_service", "parent"):
        if role in heads:
            columns[role] = table[heads[role]]
    if "size" in heads:
        columns["size"] = numbers(table[heads["size"]])
    if "tags" in heads:
        columns["tags"] = tags(table[heads["tags"]])
    if created is not None:
        columns["created"] = created
    if gone is not None:
        columns["dropped"] = gone
    return as_items(pl.DataFrame([series.rename(name) for name, series in columns.items()]))


def numbers(cells: pl.Series) -> pl.Series:
    """The cells as numbers, also with a decimal comma; null where a cell holds none."""
    text = cells.cast(pl.String)
    comma = text.str.contains(r"^-?\d{1,3}(?:\.\d{3})*,\d+$")
    german = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return (
        pl.select(pl.when(comma).then(german).otherwise(text.str.replace_all(",", "", literal=True)))
        .to_series()
        .cast(pl.Float64, strict=False)
    )


def tags(cells: pl.Series) -> pl.Series:
    """The cells as lists of texts, written as `[a|b]`, `a;b` or `a, b`."""
    return (
        pl.DataFrame({"text": cells.cast(pl.String)})
        .select(
            pl.col("text")
            .str.strip_chars("[] ")
            .str.replace_all(r"\s*[|;,]\s*", "|")
            .str.split("|")
            .list.eval(pl.element().filter(pl.element() != ""))
        )
        .to_series()
    )


def says_dropped(table: pl.DataFrame, heads: Mapping[str, str], decisions: Decisions) -> pl.Series:
    """Which rows have a status or resolution that says that the work will not be done; one boolean a row."""
    present = [table[heads[role]] for role in ("status", "resolution") if role in heads]
    words = sorted({str(word) for column in present for word in column.drop_nulls().unique().to_list()})
    proposed = [word for word in words if means_dropped(word)]
    names = decisions.names("dropped", proposed, said("statuses and resolutions that mean: will not be done")) if present else ()
    says = pl.Series("dropped", [False]).new_from_index(0, table.height)
    for column in present:
        says |= column.is_in(list(names)).fill_null(value=False)
    return says


def unread_cells(table: pl.DataFrame, dates: Dates) -> list[Dropped]:
    """Cells that should hold dates and do not, or hold dates outside the accepted years; they count as empty."""
    unread: list[Dropped] = []
    for head, bad in dates.unread.items():
        if bad.any():
            example = table[head].filter(bad)[0]
            unread += dropped(
                said("{head}: no date, such as {example} (counted as empty)", head=head, example=repr(example)),
                table[ROW].filter(bad),
            )
    for head, bad in dates.strange.items():
        if bad.any():
            example = table[head].filter(bad)[0]
            why = _strange(str(example))
            unread += dropped(
                said("{head}: {example}: {why} (counted as empty)", head=head, example=str(example), why=why),
                table[ROW].filter(bad),
            )
    return unread


def _strange(example: str) -> str:
    year = re.match(r"\d+", example)
    if year and len(year[0]) > 4:
        return said("a year far ahead: milliseconds were taken for seconds when this was exported")
    if "1970" in example or "1969" in example:
        return said("the beginning of computers' time: an empty date, or seconds taken for milliseconds")
    return said("a year in which nobody worked on this")
