"""The records of a board: moves and items, the decisions by which they were read, and the stays and lives that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from vssim.tracker import reading as readings
from vssim.tracker.decisions import Decision
from vssim.tracker.frames import Dropped, Loss
from vssim.tracker.stages import Stages
from vssim.tracker.stays import lives_of, stays_of
from vssim.tracker.worktime import WorkTime


@dataclass(frozen=True, eq=False, repr=False)
class Records:
    """The records of one board, as its exports hold them."""

    moves: pl.DataFrame
    """item, at, from, to, kind, who, row; sorted by time"""
    items: pl.DataFrame
    """item, title, type, created, class_of_service, parent, size, tags, dropped"""
    kind: str
    """the kind of export"""
    files: tuple[str, ...]
    rows: int
    """how many rows, issues, cards or events were read"""
    decisions: Mapping[str, Decision]
    stages: Stages
    clock: WorkTime
    losses: tuple[Loss, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]
    facts: Mapping[str, float]
    answers: Mapping[str, Any] = field(default_factory=dict)
    """the team's answers; empty where nobody was asked"""

    @property
    def reading(self) -> dict[str, Any]:
        """The decisions in a form that the next `read` accepts."""
        return {**{key: decision.value for key, decision in self.decisions.items()}, "calendar": self.clock.document()}

    @cached_property
    def stays(self) -> pl.DataFrame:
        """One row a stay in a column: item, column, entered, left, next, days."""
        return stays_of(self.moves, self.clock)

    @cached_property
    def lives(self) -> pl.DataFrame:
        """One row an item: item, type, created, started, done, gone, column, first, latest, lead, since_start."""
        return lives_of(self.moves, self.items, self.stages, self.clock)

    def reading_text(self) -> str:
        """The reading as YAML, with reasons."""
        return readings.written(self.decisions, self.clock.document())

    def __repr__(self) -> str:
        if self.moves.is_empty():
            return f"{self.kind}: {self.items.height:,} items, no moves"
        first, last = self.moves["at"][0], self.moves["at"][-1]
        counts = f"{self.items.height:,} items, {self.moves.height:,} moves, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        return f"{self.kind}: {counts}: {' → '.join(self.stages.columns)}"
