"""Tables of any tool with a start and an end date for each item, or with creation and closing only."""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker import spans
from vssim.tracker.dates import looks_like_dates, read_dates
from vssim.tracker.decisions import Decisions, Question, Refused
from vssim.tracker.frames import Extract, Loss
from vssim.tracker.heads import role_of, roles
from vssim.tracker.sources import ROW, Source
from vssim.tracker.tables import attributes, identified, refuse_placeholders, says_dropped, unread_cells, without_formulas

MOMENTS = ("created", "started", "closed")


class StartClosed:
    """Reads tables with start and end."""

    kind = "start and closed"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by heads for begin and end."""
        if not source.tabular or not source.heads:
            return None
        known = moments(source)
        if "closed" in known and len(known) >= 2 and "id" in roles(source.heads):
            return 0.6, said("dates of begin and end: {heads}", heads=", ".join(known.values()))
        return (0.2, said("two columns with dates")) if len(_dated(source)) >= 2 else None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Moves through Backlog, In progress and Done; through Not closed and Done where no start is known."""
        return read_spans(source, decisions, _mapped(source, decisions))


def moments(source: Source) -> dict[str, str]:
    """By moment (created, started, closed) the head under which the file has it."""
    return {role: head for role, head in roles(source.heads).items() if role in MOMENTS}


def _dated(source: Source) -> list[str]:
    return [head for head in source.heads if role_of(head) != "id" and looks_like_dates(source.table[head])]


def _mapped(source: Source, decisions: Decisions) -> dict[str, str]:
    """By moment its head: as the reading states, otherwise as the heads suggest. Raises Question where that leaves too few."""
    mapping = moments(source)
    given = decisions.given.get("heads")
    given = given if isinstance(given, dict) else {}
    for moment in (*MOMENTS, "id"):
        name = given.get(moment)
        if name is not None:
            if name not in source.heads:
                raise Refused(f"reading: heads: {moment}: got {name!r}, expected one of {', '.join(source.heads)}")
            mapping[moment] = str(name)
    if "closed" not in mapping or len([moment for moment in MOMENTS if moment in mapping]) < 2:
        dated = ", ".join(_dated(source))
        raise Question(
            "heads",
            f"{source.path}: which of its columns ({dated}) say when an item was started and closed?",
            ("{started: …, closed: …}",),
        )
    decisions.settle("heads", dict(mapping), said("what the heads are called"))
    return mapping


def read_spans(source: Source, decisions: Decisions, known: dict[str, str], reopened: tuple[str, ...] = ()) -> Extract:
    """The items of a table by their moments; an item whose status is one of `reopened` is open even if it has an end."""
    heads = {**roles(source.heads), **known}
    if "id" not in heads:
        raise Question(
            "heads",
            f"{source.path}: which of its columns ({', '.join(source.heads[:12])}) is the number of the item?",
            ("{id: …}",),
        )
    dated = [known[moment] for moment in MOMENTS if moment in known]
    table, formulas = without_formulas(source, [heads["id"], *dated])
    refuse_placeholders(source, table, dated)
    table, doubles = identified(table, heads["id"])
    dates = read_dates(table, dated, decisions)
    if all(series.null_count() == table.height for series in dates.columns.values()):
        raise Refused(f"{source.path}: no dates at all in {', '.join(dated)}")
    nothing = pl.Series([None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, table.height)
    frame = pl.DataFrame(
        [
            table[heads["id"]].rename("item"),
            table[ROW],
            *((dates.columns[known[moment]] if moment in known else nothing).rename(moment) for moment in MOMENTS),
        ]
    )
    gone, notes = says_dropped(table, heads, decisions), []
    if "status" in heads and reopened:
        again = table[heads["status"]].is_in(list(reopened)).fill_null(value=False) & frame["closed"].is_not_null()
        if again.any():
            notes.append(
                said(
                    "{count} items bear an end, but are open by their status: reopened, so they count as open",
                    count=int(again.sum()),
                )
            )
            frame = frame.with_columns(pl.when(~again).then(pl.col("closed")).alias("closed"))
    moves, lost, backwards = spans.moves_of(frame, started="started" in known)
    moves = dropped_leave(moves, table[heads["id"]].filter(gone))
    stamps: tuple[Loss, ...] = ("days only",) if dates.days_only else () if dates.zoned else ("no zone",)
    begun = frame.filter(pl.col("started").is_null() & pl.col("closed").is_not_null()) if "started" in known else frame.clear()
    if begun.height:
        notes.append(
            said(
                "{count} items were closed and bear no start: they count as delivered, for no time since start", count=begun.height
            )
        )
    undated = frame.filter(pl.all_horizontal(pl.col(name).is_null() for name in MOMENTS)).height
    if undated:
        notes.append(said("{count} items have no date: they are in no figure", count=undated))
    every = (spans.WAITING, spans.WORK, spans.DONE) if "created" in known else (spans.WORK, spans.DONE)
    columns = decisions.names(
        "columns", every if "started" in known else (spans.OPEN, spans.DONE), said("begin and end are all that is known")
    )
    return Extract(
        moves=moves,
        items=attributes(table, heads, frame["created"], gone),
        losses=("no columns", *stamps),
        dropped=(*source.dropped, *formulas, *doubles, *unread_cells(table, dates), *lost),
        notes=(*source.notes, *backwards, *notes),
        columns=columns,
        done=(spans.DONE,),
        rows=source.table.height,
    )


def dropped_leave(moves: pl.DataFrame, gone: pl.Series) -> pl.DataFrame:
    """The moves, with items that will not be done leaving the board instead of entering the column of done items."""
    leaves = pl.col("item").is_in(gone.implode()) & (pl.col("to") == spans.DONE)
    return moves.with_columns(
        pl.when(leaves).then(pl.lit("resolved")).otherwise(pl.col("kind")).alias("kind"),
        pl.when(leaves).then(None).otherwise(pl.col("to")).alias("to"),
    ).filter(pl.col("from").is_not_null() | pl.col("to").is_not_null())


READER = StartClosed()
