"""The roles of a board's columns: their order, where work waits, from which column on it is started, where it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from vssim.errors import UnknownName
from vssim.language import said
from vssim.tracker.dated import THE_ORDER, ordered
from vssim.tracker.decisions import Decisions
from vssim.tracker.heads import means_backlog, means_done, means_queue


@dataclass(frozen=True)
class Stages:
    """The columns of a board and the role of each."""

    columns: tuple[str, ...]
    """in the order in which work passes them"""
    backlog: tuple[str, ...]
    """those before work is started"""
    queues: tuple[str, ...]
    """those in which work waits"""
    done: tuple[str, ...]
    """those in which work is done"""
    unknown: dict[str, int]
    """columns that the reading does not name, with the number of moves into them"""

    @property
    def work(self) -> tuple[str, ...]:
        """The columns between the backlog and done."""
        return tuple(name for name in self.columns if name not in self.backlog and name not in self.done)

    def with_columns(self, columns: tuple[str, ...]) -> Stages:
        """The same with other columns."""
        return replace(self, columns=columns)


def stages_of(moves: pl.DataFrame, columns: Sequence[str], done: Sequence[str], decisions: Decisions) -> Stages:
    """The roles of the columns: as the reading or the format states; otherwise by their names and by when items enter them."""
    counts: Counter[str] = Counter(
        dict(moves.filter(pl.col("kind").is_in(["created", "status"])).group_by("to").len().drop_nulls().iter_rows())
    )
    given = decisions.given.get("columns")
    present = [name for name in columns if name in counts] if columns else []
    missing = sorted((name for name in counts if name not in columns), key=lambda name: (-counts[name], name))
    if given is not None:
        order = list(decisions.names("columns", (), said("as the reading says")))
        unknown = {name: counts[name] for name in missing if name not in order}
        order += list(unknown)
    else:
        order, unknown = _ordered(moves, [*present, *missing], decisions, known=not missing and bool(present)), {}
    ends = [name for name in done if name in order] or [name for name in order if means_done(name)] or order[-1:]
    by_name = said("by their names")
    why = said("the tracker says so") if done else by_name if any(map(means_done, order)) else said("the last column")
    ends = list(decisions.names("done", ends, why))
    waiting = list(decisions.names("queues", [name for name in order if means_queue(name) and name not in ends], by_name))
    begin = _begin(order, ends, decisions)
    return Stages(tuple(order), tuple(order[: order.index(begin)]) if begin in order else (), tuple(waiting), tuple(ends), unknown)


def _ordered(moves: pl.DataFrame, names: list[str], decisions: Decisions, *, known: bool) -> list[str]:
    """The columns by when items first enter them; in the order of the format where that knows all of them."""
    if known or len(names) < 2:
        return list(decisions.names("columns", names, THE_ORDER))
    entered = (
        moves.filter(pl.col("to").is_not_null() & pl.col("kind").is_in(["created", "status"]))
        .group_by("item", "to")
        .agg(pl.col("at").min())
        .pivot("to", index="item", values="at")
    )
    ranked = sorted(names, key=lambda name: (means_done(name), not means_backlog(name)))
    decisions.made.pop("columns", None)  # what the format knew of them was a part
    return list(ordered({name: entered[name] for name in ranked}, ranked, decisions, said("the order by first entries")))


def _begin(order: Sequence[str], ends: Sequence[str], decisions: Decisions) -> str:
    """The column with which work starts: the first whose name is not that of a backlog."""
    inner = [name for name in order if name not in ends]
    proposed = next((name for name in inner if not means_backlog(name)), inner[0] if inner else (order[0] if order else ""))
    why = (
        said("the first column that is not called as a backlog") if inner and means_backlog(inner[0]) else said("the first column")
    )
    chosen = str(decisions.settle("started", proposed, why))
    if order and chosen not in order:
        raise UnknownName("column", chosen, order)
    return chosen
