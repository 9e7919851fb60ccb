"""An example of parts of one's own, found by their entry points: a lever, a distribution, a metric and a reader of exports."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

import vssim
from vssim.model.laws import Kind, Law
from vssim.model.levers.base import with_teams
from vssim.model.model import Model
from vssim.model.values import Count
from vssim.tracker.decisions import Decisions
from vssim.tracker.frames import Extract
from vssim.tracker.readers.start_closed import read_spans
from vssim.tracker.sources import Source


class HireJuggler(vssim.Lever):
    """Everybody keeps so many items in the air at once.

    The multitasking of every team becomes `items`, at the switching cost that it has. It makes nobody faster.

    Example: {hire_juggler: {items: 4}}
    """

    name: ClassVar[str] = "hire_juggler"
    theme: ClassVar[str] = "circus"

    items: Count = Field(default=3, description="items that a person keeps in the air [items]")

    def apply(self, model: Model) -> Model:
        """The model with jugglers."""
        jugglers = {name: team.model_copy(update={"multitasking": float(self.items)}) for name, team in model.teams.items()}
        return with_teams(model, jugglers)


def _law(value: float) -> Law:
    return Law(lambda share: np.where(share < 0.5, value, 2 * value), 1.5 * value, 1 / 3, (value, 2 * value))


ALWAYS_OR_TWICE = Kind(
    forms=(("value",),),
    example="always_or_twice(2)",
    law=_law,
    fault=lambda value: None if value > 0 else "a value above 0",
    scale=lambda _, value, factor: value * factor,
)


def _longest(run: Any) -> float | None:
    times = run.items["left"] - run.items["arrived"]
    longest = times.filter(run.items["left"] >= run.warmup).max()
    return None if longest is None else float(longest)


LONGEST = vssim.OwnMetric("longest", "{unit}s", "down", "the longest of all lead times", _longest)


class CircusList:
    """Reads the juggler's list: which ball was thrown when, and caught when."""

    kind = "circus_list"
    heads: ClassVar[dict[str, str]] = {"id": "ball", "started": "thrown", "closed": "caught"}

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """By heads that nobody else writes."""
        return (0.9, "balls thrown and caught") if set(self.heads.values()) <= set(source.heads) else None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """As a table of start and end."""
        return read_spans(source, decisions, self.heads)


CIRCUS_LIST = CircusList()
