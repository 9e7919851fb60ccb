"""Several files of one board become one: what two of them hold is counted once, and said."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from vssim.tracker.frames import Extract, in_order

WHOLE_MOVES = ("moves", "trello")
"""Kinds of files in which every move stands for itself; in other kinds the moves of an item belong together."""

_SAME = ["item", "at", "from", "to", "kind"]


def joined(extracts: Sequence[Extract], kinds: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """The moves and items of all files, and how many moves stood in more than one of them.

    Of kinds that hold an item's history as a whole, the file with most of its moves counts, the later one of equals.
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
    """Each item once, as the last file that knows it says."""
    return items if items["item"].n_unique() == items.height else items.unique("item", keep="last", maintain_order=True)
