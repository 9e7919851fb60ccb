"""The shape of the organisation: which columns form a step, who works there, and what limits the flow.

A queue column and the work column behind it form one step: an item enters the step with the queue, and is started when it enters
the work column. Queue columns at the end of the board, behind which there is no work, are steps in which only time passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from vssim.learning.told import Crew, Told
from vssim.tracker.board import Board

WAITS = "waits for others"


@dataclass(frozen=True)
class Stage:
    """One step: the columns in which its items wait, and the column in which they are worked on."""

    name: str
    queues: tuple[str, ...]
    column: str | None
    """the column in which work is done, or time passes; None where the step has only queues"""
    works: bool
    """whether people of the team work here; otherwise time passes"""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the step, in order."""
        return (*self.queues, *(() if self.column is None else (self.column,)))


@dataclass(frozen=True)
class Shape:
    """The steps in order, and the teams that work at them."""

    stages: tuple[Stage, ...]
    crews: tuple[Crew, ...]
    """the teams, with names of steps as their columns; empty where the answers name no teams"""
    answered: bool
    """whether the answers state people and teams"""

    @property
    def places(self) -> dict[str, int]:
        """The number of each column's place: the queue columns of a step are one place, its work column is the next."""
        places: dict[str, int] = {}
        for stage in self.stages:
            if stage.queues:
                place = len(set(places.values()))
                places |= dict.fromkeys(stage.queues, place)
            if stage.column is not None:
                places[stage.column] = len(set(places.values()))
        return places

    @property
    def place_names(self) -> tuple[str, ...]:
        """A name for each place, in order."""
        names: dict[int, list[str]] = {}
        for column, place in self.places.items():
            names.setdefault(place, []).append(column)
        return tuple(" + ".join(names[place]) for place in sorted(names))

    @property
    def workplaces(self) -> dict[int, int]:
        """The places where the team works, and how many people are known to work at each."""
        working = [stage for stage in self.stages if stage.works and stage.column is not None]
        return {self.places[stage.column or ""]: sum(crew.people for crew in self.people_at(stage)) for stage in working}

    def stage_of(self, column: str) -> Stage | None:
        """The step to which a column belongs; None for backlog, done and columns without visits."""
        return next((stage for stage in self.stages if column in stage.columns), None)

    def people_at(self, stage: Stage) -> tuple[Crew, ...]:
        """The teams that work at a step."""
        return tuple(crew for crew in self.crews if stage.name in crew.columns)


def shape(board: Board, told: Told) -> Shape:
    """The shape that follows from the reading and the answers."""
    kinds = {**_kinds(board), **told.kinds}
    visited = set(board.stays["column"].unique().to_list())
    columns = [name for name in board.stages.work if name in visited and kinds.get(name) != "done"]
    stages = tuple(_stages(columns, kinds, _queue_of(board)))
    crews, named = [], {column: stage.name for stage in stages for column in stage.columns}
    for crew in told.crews:
        steps = tuple(dict.fromkeys(named[column] for column in crew.columns if column in named))
        if steps:
            crews.append(Crew(crew.name, crew.people, steps))
    return Shape(stages, tuple(crews), bool(crews))


def _kinds(board: Board) -> dict[str, str]:
    return {name: "queue" if name in board.stages.queues else "work" for name in board.stages.columns}


def _queue_of(board: Board) -> Mapping[str, str]:
    decision = board.decisions.get("queue_of")
    return decision.value if decision is not None and isinstance(decision.value, Mapping) else {}


def _stages(columns: Sequence[str], kinds: Mapping[str, str], queue_of: Mapping[str, str]) -> list[Stage]:
    stages: list[Stage] = []
    waiting: list[str] = []
    names: set[str] = set()

    def add(column: str | None, *, works: bool) -> None:
        held = [name for name in waiting if queue_of.get(name, column) == column]
        stages.append(Stage(_named(column or held[-1], names), tuple(held), column, works))
        waiting.clear()

    for column in columns:
        if kinds.get(column) == "queue":
            waiting.append(column)
        elif kinds.get(column) == WAITS:
            if waiting:
                add(None, works=False)
            add(column, works=False)
        else:
            add(column, works=True)
    if waiting:
        add(None, works=False)
    if not any(stage.works for stage in stages) and stages:
        last = stages[-1]  # a board with queues only: its last column is taken for the one in which people work
        stages[-1] = Stage(last.name, last.columns[:-1], last.columns[-1], works=True)
    return stages


def _named(column: str, names: set[str]) -> str:
    """A column's name as the name of a step: without the characters of paths, and different from all `names`."""
    name = re.sub(r"[.,=:@]", " ", column).strip() or "step"
    while name in names:
        name += " (again)"
    names.add(name)
    return name


def returns_hidden(board: Board) -> bool:
    """Whether the format cannot show that an item was sent back."""
    return bool({"first entries only", "last entries only", "blanks filled"} & set(board.losses))


def skips_hidden(board: Board) -> bool:
    """Whether the format cannot show that an item skipped a column."""
    return "blanks filled" in board.losses


def visits(board: Board, stage: Stage) -> pl.DataFrame:
    """The stays in a step's columns, one row each."""
    return board.stays.filter(pl.col("column").is_in(stage.columns))
