"""A board as read from its exports, with its report.

`read` is the door: files in, a Board out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from vssim.errors import UsageError
from vssim.language import said
from vssim.tracker import reading as readings
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import in_order
from vssim.tracker.joining import joined
from vssim.tracker.people import tokens
from vssim.tracker.records import Records
from vssim.tracker.registry import reader_for
from vssim.tracker.sources import Source
from vssim.tracker.stages import stages_of
from vssim.tracker.worktime import WorkTime, worktime

if TYPE_CHECKING:
    from vssim.tracker.report import DataReport

Files = str | PathLike[str] | Sequence[str | PathLike[str]]


class Board(Records):
    """Records with their report: what `read` returns."""

    @cached_property
    def _report(self) -> DataReport:
        from vssim.tracker.report import DataReport

        return DataReport(self)

    def report(self) -> DataReport:
        """What was read, what was lost, what flowed, and what these records can tell."""
        return self._report

    @property
    def figures(self) -> dict[str, Any]:
        """The figures of the report, as `vssim import --json` prints them."""
        return self._report.document()

    def anonymised(self) -> Board:
        """The same board with tokens in place of the names of items and people, and without titles and tags."""
        names = tokens(self.moves["item"], "i")
        moves = self.moves.with_columns(names.alias("item"), tokens(self.moves["who"]).alias("who"))
        items = self.items.with_columns(
            tokens(self.items["item"], "i").alias("item"),
            tokens(self.items["parent"], "i").alias("parent"),
            pl.lit(None, pl.String).alias("title"),
            pl.lit(None, pl.List(pl.String)).alias("tags"),
        )
        return Board(**{**_fields(self), "moves": moves, "items": items})

    def _repr_html_(self) -> str:
        return self._report._repr_html_()


def _fields(board: Board) -> dict[str, Any]:
    return {name: getattr(board, name) for name in Board.__dataclass_fields__}


def read(path: Files, reading: str | PathLike[str] | Mapping[str, Any] | None = None) -> Board:
    """A tracker's export, or several of one board, as a Board.

    `path`: a file or several; `reading`: decisions to read it by, a YAML file or a mapping. Raises UsageError where a file is
    refused (with what to export instead) or where something has to be decided first (a Question, with its answers).
    """
    paths = [Path(path)] if isinstance(path, str | PathLike) else [Path(file) for file in path]
    if not paths:
        raise UsageError("no file to read")
    given = {} if reading is None else readings.checked(reading) if isinstance(reading, Mapping) else readings.load(Path(reading))
    worktime(given.get("calendar"), "UTC")  # its faults are told before a large file is read
    extracts, kinds, decisions = [], [], Decisions(given)
    for file in paths:
        source, of_file = Source(file), Decisions(given)
        reader = reader_for(source, of_file)
        extracts.append(reader.read(source, of_file))
        kinds.append(reader.kind)
        for key, decision in of_file.made.items():
            decisions.made.setdefault(key, decision)
    moves, items, overlap = joined(extracts, kinds)
    if moves.is_empty():
        raise Refused(f"{', '.join(map(str, paths))}: {items.height:,} items, but no date from which a move could be told")
    columns = list(dict.fromkeys(name for extract in extracts for name in extract.columns))
    done = list(dict.fromkeys(name for extract in extracts for name in extract.done))
    moves, merged = one_step(moves, given.get("same") or {})
    if merged:
        decisions.settle("same", given["same"], said("as the reading says"))
    stages = stages_of(moves, columns if not merged else [], done, decisions)
    notes = [note for extract in extracts for note in extract.notes]
    if overlap:
        notes.append(said("{count} moves stood in more than one file: counted once", count=overlap))
    if len(paths) > 1 and len(set(kinds)) > 1:
        notes.append(said("the files are of different kinds: {kinds}", kinds=", ".join(dict.fromkeys(kinds))))
    return Board(
        moves=moves,
        items=items,
        kind=kinds[0],
        files=tuple(file.name for file in paths),
        rows=sum(extract.rows for extract in extracts),
        decisions=decisions.made,
        stages=stages,
        clock=_clock(given, kinds[0], decisions),
        losses=tuple(dict.fromkeys(loss for extract in extracts for loss in extract.losses)),
        dropped=tuple(lost for extract in extracts for lost in extract.dropped),
        notes=tuple(dict.fromkeys(notes)),
        facts={
            name: sum(extract.facts.get(name, 0.0) for extract in extracts)
            for name in sorted({n for e in extracts for n in e.facts})
        },
    )


def one_step(moves: pl.DataFrame, same: Mapping[str, str]) -> tuple[pl.DataFrame, int]:
    """The moves with all statuses of one step under one name, and how many moves within a step were thereby left out."""
    if not same:
        return moves, 0
    renamed = moves.with_columns(pl.col("from").replace(dict(same)), pl.col("to").replace(dict(same)))
    kept = renamed.filter((pl.col("kind") != "status") | (pl.col("from") != pl.col("to")).fill_null(value=True))
    return in_order(kept), moves.height - kept.height or 1


def _clock(given: Mapping[str, Any], kind: str, decisions: Decisions) -> WorkTime:
    calendar = given.get("calendar")
    if calendar is None and kind == "moves":
        calendar = {"hours": ["09:00-17:00"]}  # what vssim exports has been put into these hours
    zone = decisions.made["zone"].value if "zone" in decisions.made else given.get("zone", "UTC")
    return worktime(calendar if isinstance(calendar, Mapping) else None, str(zone))
