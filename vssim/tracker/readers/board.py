"""Boards as flow-metrics tools take them: a row for each item, a date for each column (ActionableAgile, jira-to-analytics)."""

from __future__ import annotations

import polars as pl

from vssim.language import said
from vssim.tracker.dated import convention, moves_of, ordered, shape_of
from vssim.tracker.dates import looks_like_dates, read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract, Loss, in_order
from vssim.tracker.heads import means_done, role_of, roles
from vssim.tracker.sources import ROW, Source
from vssim.tracker.tables import attributes, identified, numbers, refuse_placeholders, says_dropped, unread_cells, without_formulas

_STEPS_BY_NAME = ("started", "closed", "created")
"""Roles whose usual heads may also be the names of columns on a board: Done, In Progress."""


class Boards:
    """Reads boards with one date a column."""

    kind = "board"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its heads: an ID first, a link or a title, then dates."""
        if not source.tabular or not source.heads:
            return None
        dates = dated_block(source)
        if len(dates) < 2 or role_of(source.heads[0]) not in ("id", "link", "title"):
            return None
        beside = sum(role_of(head) in ("created", "started", "closed") for head in dates)
        between = source.heads[: source.heads.index(dates[0])]
        titled = any(role_of(head) in ("title", "link") for head in between)
        sure = 0.85 if titled and beside <= len(dates) // 2 + (len(dates) == 2) and len(dates) - beside >= 1 else 0.3
        return sure, said(
            "an ID, then {count} columns with dates: {columns}",
            count=len(dates),
            columns=", ".join(dates[:6]) + (" …" if len(dates) > 6 else ""),
        )

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """One move for each date; the order of columns and the meaning of dates are decided from all rows."""
        block = dated_block(source)
        if len(block) < 2:
            raise Refused(f"{source.path}: fewer than two columns with dates: {', '.join(source.heads[:12])}")
        return read_board(source, decisions, block, None)


def dated_block(source: Source) -> list[str]:
    """The neighbouring heads after the title that hold dates; an empty column among them is one that no item has entered."""
    heads = [head for head in source.heads if role_of(head) not in ("id", "link", "title")]
    dated = [head for head in heads if looks_like_dates(source.table[head])]
    if not dated:
        return []
    block: list[str] = []
    for head in heads[heads.index(dated[0]) :]:
        empty = source.table[head].null_count() == source.table.height
        if head not in dated and not empty:
            break
        if role_of(head) == "stopped" or (empty and role_of(head) not in (None, *_STEPS_BY_NAME)):
            break
        block.append(head)
    while block and block[-1] not in dated and not means_done(block[-1]):
        block.pop()  # an empty head behind the last dated one is an attribute, not a column of the board
    return block


def read_board(source: Source, decisions: Decisions, block: list[str], fixed: tuple[str, tuple[Loss, ...]] | None) -> Extract:
    """A board with these columns; `fixed` gives the meaning of its dates and its losses where the kind of export settles them."""
    known = {role: head for role, head in roles(source.heads).items() if head not in block}
    known.setdefault("id", source.heads[0])
    stopped = [known["stopped"]] if "stopped" in known else []
    table, formulas = without_formulas(source, [known["id"], *block, *stopped])
    refuse_placeholders(source, table, block)
    table, doubles = identified(table, known["id"])
    dates = read_dates(table, [*block, *stopped], decisions)
    nobody = [head for head in block if dates.columns[head].null_count() == table.height]
    entered = [head for head in block if head not in nobody]
    if not entered:
        raise Refused(f"{source.path}: no cell of {', '.join(block[:8])} holds a date")
    columns = [name for name in ordered(dates.columns, entered, decisions) if name in entered]
    shape = shape_of(dates.columns, columns)
    _, losses = fixed or convention(shape, decisions)
    moves = moves_of(table[known["id"]], table[ROW], dates.columns, columns, filled="blanks filled" in losses)
    gone = says_dropped(table, known, decisions)
    if stopped:
        ends = dates.columns[stopped[0]]
        gone |= ends.is_not_null()
        moves = with_ends(moves, table[known["id"]], table[ROW], ends)
    created = pl.DataFrame([dates.columns[name] for name in columns]).select(pl.min_horizontal(pl.all())).to_series()
    notes = [said("nobody ever entered {column}", column=name) for name in nobody]
    if shape.blanks and shape.equal and fixed is None:
        notes.append(
            said(
                "{blank} rows leave skipped columns blank, {equal} bear equal dates side by side: one day, "
                "or two conventions in one file",
                blank=shape.blanks,
                equal=shape.equal,
            )
        )
    undated = table.filter(created.is_null())
    facts = {"backwards": float(shape.backwards)}
    blocked = next((head for head in source.heads if head.casefold() == "blocked days"), None)
    if blocked is not None:
        facts["blocked days"] = float(numbers(table[blocked]).sum() or 0)
    stamps: tuple[Loss, ...] = ("days only",) if dates.days_only else () if dates.zoned else ("no zone",)
    return Extract(
        moves=moves,
        items=attributes(table, known, created, gone),
        losses=(*losses, *stamps),
        dropped=(*source.dropped, *formulas, *doubles, *unread_cells(table, dates)),
        notes=(
            *source.notes,
            *notes,
            *([said("{count} items have no date in any column", count=undated.height)] if undated.height else []),
        ),
        columns=tuple(columns),
        rows=source.table.height,
        facts=facts,
    )


def with_ends(moves: pl.DataFrame, item: pl.Series, row: pl.Series, ends: pl.Series) -> pl.DataFrame:
    """The moves, with a last one off the board for each item that has an end."""
    last = moves.group_by("item", maintain_order=True).agg(pl.col("to").last().alias("from"))
    leaving = pl.DataFrame([item.rename("item"), row.rename("row"), ends.rename("at")]).filter(pl.col("at").is_not_null())
    leaving = leaving.join(last, on="item", how="inner").with_columns(
        kind=pl.lit("resolved"), to=pl.lit(None, pl.String), who=pl.lit(None, pl.String)
    )
    return in_order(pl.concat([moves, leaving.select(moves.columns)]))


READER = Boards()
