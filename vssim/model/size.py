"""Size: about how many items and visits a run has, and the memory that it takes, known before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.model.offspring import offspring
from vssim.model.passage import Passage

PER_VISIT, PER_ITEM = 250.0, 450.0
"""What a run takes while it is played and measured (measured on streams of 1, 4 and 12 steps) [bytes]."""

PER_PLANNED = 140.0
"""What a visit takes that is drawn for a way which its item does not go in the end (measured with 60 and 250 ways) [bytes]."""


@dataclass(frozen=True)
class Size:
    """About how large a run is."""

    items: float
    visits: float
    planned: float
    """visits on all ways that are drawn of the items"""

    @property
    def memory(self) -> float:
        """What it takes [bytes]."""
        return self.visits * PER_VISIT + self.items * PER_ITEM + (self.planned - self.visits) * PER_PLANNED

    def with_ways(self, each: float) -> Size:
        """The size of the run where so many ways are drawn of each item."""
        return replace(self, planned=self.visits * each)

    def __str__(self) -> str:
        each = self.visits / self.items if self.items else 0.0
        several = f", drawn for {self.planned / self.visits:,.0f} ways to come" if self.planned > 1.5 * self.visits else ""
        return f"about {self.items:,.0f} items × {each:.1f} visits = {self.visits:,.0f}{several}"


def size(models: Iterable[Model], horizon: float, ways: Mapping[str, tuple[float, float]] | None = None) -> Size:
    """The size of a run up to `horizon` [units] in the organisation that asks for most, means alone considered.

    `ways`: by type how many ways are drawn of an item that arrives, and of one that another brings forth; else one.
    """
    return max((_of(model, horizon, ways or {}) for model in models), key=lambda program_size: program_size.memory)


def _of(model: Model, horizon: float, ways: Mapping[str, tuple[float, float]]) -> Size:
    names = list(model.demand)
    arriving = np.array([arrivals_of(kind, horizon) for kind in model.demand.values()])
    brought = np.linalg.solve(np.eye(len(names)) - offspring(model).T, arriving)
    visits = np.array([Passage(model, name, "right").visits if count else 0.0 for name, count in zip(names, brought, strict=True)])
    first, later = np.array([ways.get(name, (1.0, 1.0)) for name in names]).T
    planned = visits * (arriving * first + (brought - arriving) * later)
    return Size(float(brought.sum()), float((visits * brought).sum()), float(planned.sum()))


def arrivals_of(kind: ItemType, horizon: float) -> float:
    """About how many items of a type arrive from outside by `horizon` [units]."""
    if kind.backlog is not None:
        expected = float(kind.backlog)
    elif kind.at is not None:
        expected = len(kind.at) * kind.batch.mean
    else:
        expected = horizon * kind.rate * kind.batch.mean
    return min(expected, kind.count if kind.count is not None else expected) + sum(item.count for item in kind.items)


def free_memory() -> float | None:
    """What this machine, or the container that this runs in, has left [bytes]; None where that is not known."""
    limits = [value for value in (_available(), _left_in_container()) if value is not None]
    return min(limits) if limits else None


def _available() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def _left_in_container() -> float | None:
    group = Path("/sys/fs/cgroup")
    try:
        most = (group / "memory.max").read_text(encoding="ascii").strip()
        return None if most == "max" else float(most) - float((group / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
