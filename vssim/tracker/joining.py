"""Several files of one board are joined; a move that stands in two of them is counted once, and the report says so."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from vssim.tracker.frames import Extract, in_order

WHOLE_MOVES = ("moves", "trello")
"""Kinds of files in which every move stands for itself; in other kinds each file holds the complete history of its items."""

_SAME = ["item", "at", "from", "to", "kind"]


def joined(extracts: Sequence[Extract], kinds: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """The moves and items of all files, and how many moves stood in more than one of them.

    Where files hold complete histories, an item's moves come from the file that has most of them, of equals from the later file.
    """
    if len(extracts) == 1:
        return extracts[0].moves, _once(extracts[0].items), 0
    moves = pl.concat([extract.moves.with_columns(file=pl.lit(number)) for number, extract in enumerate(extracts)])
    if all(kind in WHOLE_MOVES for kind in kinds):
        kept = moves.unique(_SAME, keep="first", maintain_order=True)
    else:
        size = moves.group_by("item", "file").agg(pl.len().alias("size")).sort("size", "file")
        best = size.group_by("item").agg(pl.col("file").last())
        kept = moves.join(best, on=["item", "file"], how="semi", maintain_order="left")
    items = pl.concat([extract.items for extract in extracts])
    return in_order(kept.drop("file")), _once(items), moves.height - kept.height


def _once(items: pl.DataFrame) -> pl.DataFrame:
    """Each item once, as described by the last file that has it."""
    return items if items["item"].n_unique() == items.height else items.unique("item", keep="last", maintain_order=True)
