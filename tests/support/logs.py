"""Logs written by hand: state what matters, the rest follows. Times in units of time, None for not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from vssim.clock import NOT_YET, TICKS, ticks
from vssim.log import Ended, Items, Kind, Log, Origin, Pool, Visits

TIMES = {"entered", "ready", "started", "finished", "released", "left", "put_down", "touch"}
ITEM_TIMES = {"arrived", "joined", "pulled", "touched", "left", "work", "due"}
REALS = {"value", "cost_of_delay"}
NEVER = NOT_YET / TICKS
"""The arrival of an item that had not come when the run ended [units]."""


@dataclass(frozen=True)
class Visit:
    """One visit; what is not said happens at once: ready on entry, started when ready, released when finished, …"""

    step: str
    entered: float
    finished: float | None = None
    ready: float | None = None
    started: float | None = None
    released: float | None = None
    left: float | None = None
    kind: Kind = Kind.WORK
    skill: str | None = None
    stay: int | None = None
    put_down: float = 0
    pool: int | None = 0
    owner: int = 0
    touch: float | None = None
    gated: int = 0
    handoff: int = 0
    rework: int = 0
    parked: int = 0
    at: str = "left"
    """how far it came: left, released, finished, started, ready or entered"""


@dataclass(frozen=True)
class Item:
    """One item with its visits; arrival, pull and delivery follow from them unless said."""

    type: str = "feature"
    visits: Sequence[Visit] = ()
    arrived: float | None = None
    joined: float | None = None
    pulled: float | None = None
    left: float | None = None
    open: bool = False
    """not done when the run ended"""
    parent: int = -1
    follows: int = -1
    origin: Origin = Origin.DEMAND
    stopped: int = 0
    right: int = 1
    work: float = 0.0
    due: float | None = None
    value: float = float("nan")
    cost_of_delay: float = float("nan")


@dataclass(frozen=True)
class Stream:
    """The names a hand-written log speaks of."""

    steps: Sequence[str] = ("develop", "test")
    skills: Sequence[str] = ()
    types: Sequence[str] = ("feature",)
    teams: Sequence[str] = ("crew",)
    pools: Sequence[Pool] = (Pool(team=0, index=0, people=2),)
    phases: Sequence[float] = (0,)

    def log(self, items: Sequence[Item], horizon: float) -> Log:
        """The log of `items` up to `horizon`."""
        return Log(
            visits=_visits(self, items),
            items=_items(self, items),
            horizon=ticks(horizon),
            unit="day",
            steps=tuple(self.steps),
            skills=(*self.steps, *self.skills),
            types=tuple(self.types),
            teams=tuple(self.teams),
            pools=tuple(self.pools),
            phases=tuple(ticks(start) for start in self.phases),
        )


def log_of(*items: Item, horizon: float = 100, **stream: Any) -> Log:
    """The log of `items`; further arguments as for Stream."""
    return Stream(**stream).log(items, horizon)


def work(step: str, entered: float, started: float, finished: float, **more: Any) -> Visit:
    """Own work at a step; done without interruption unless `touch` says otherwise."""
    return Visit(step, entered, started=started, finished=finished, **more)


STAGES = ("entered", "ready", "started", "finished", "released", "left")


def _completed(visit: Visit, number: int) -> dict[str, Any]:
    """What is not said of a visit, by what follows."""
    known: dict[str, Any] = {"visit": number, "stay": number if visit.stay is None else visit.stay}
    last = visit.entered
    for stage in STAGES:
        said = getattr(visit, stage)
        last = last if said is None else said
        known[stage] = last if STAGES.index(stage) <= STAGES.index(visit.at) else None
    if known["started"] is None:
        known["touch"] = 0.0
    elif visit.touch is None:
        known["touch"] = 0.0 if known["finished"] is None else known["finished"] - known["started"] - visit.put_down
    return known


def _visits(stream: Stream, items: Sequence[Item]) -> Visits:
    rows: list[dict[str, Any]] = []
    skills = (*stream.steps, *stream.skills)
    for row, item in enumerate(items):
        for number, visit in enumerate(item.visits):
            known = {column.name: getattr(visit, column.name) for column in fields(visit)} | _completed(visit, number)
            known["item"] = row
            known["step"] = stream.steps.index(visit.step)
            known["skill"] = _skill(visit, skills)
            known["pool"] = -1 if visit.pool is None or visit.kind == Kind.WAIT or known["skill"] < 0 else visit.pool
            rows.append(known)
    return Visits(**{column.name: _column(column.name, TIMES, rows) for column in fields(Visits)})


def _skill(visit: Visit, skills: Sequence[str]) -> int:
    if visit.skill is not None:
        return list(skills).index(visit.skill)
    return list(skills).index(visit.step) if visit.kind == Kind.WORK else -1


def _items(stream: Stream, items: Sequence[Item]) -> Items:
    rows: list[dict[str, Any]] = []
    for item in items:
        known = {column.name: getattr(item, column.name) for column in fields(item)}
        known["type"] = list(stream.types).index(item.type)
        first = item.visits[0].entered if item.visits else item.left
        known["pulled"] = item.pulled if item.pulled is not None else first
        known["arrived"] = item.arrived if item.arrived is not None else first
        known["joined"] = item.joined if item.joined is not None else known["arrived"]
        known["touched"] = item.visits[0].started if item.visits else None
        known["left"] = None if item.open else _end(item)
        known["ended"] = NOT_YET if known["left"] is None else Ended.STOPPED if item.stopped else Ended.DELIVERED
        rows.append(known)
    return Items(**{column.name: _column(column.name, ITEM_TIMES, rows) for column in fields(Items)})


def _end(item: Item) -> float | None:
    if item.left is not None or not item.visits:
        return item.left
    left = _completed(item.visits[-1], 0)["left"]
    return None if left is None else float(left)


def _column(name: str, times: set[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    values = [row[name] for row in rows]
    if name in REALS:
        return np.array(values, np.float64)
    if name in times:
        return np.array([NOT_YET if value is None else ticks(value) for value in values], np.int64)
    return np.array(values, np.int64)
