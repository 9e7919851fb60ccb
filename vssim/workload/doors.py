"""Doors: whose items leave the backlog as they join it, so that the way they go is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NO_LIMIT
from vssim.model.model import Model
from vssim.workload.numbering import Universe
from vssim.workload.ranks import SORTED_BY_RANK
from vssim.workload.rules import Phase

Mask = NDArray[np.bool_]


def open_doors(models: Sequence[Model], phases: Sequence[Phase], names: Universe) -> Mask:
    """By routing and type, whether nothing keeps an item that joins the backlog meanwhile from leaving it at once.

    `models`: one a routing. That is so where no limit counts what enters the first step (or the next, where it may be skipped).
    Where a later organisation ranks items by their work, all their ways are needed: then it is no use to know, and none is said
    to be open.
    """
    doors = np.zeros((len(models), len(names.types)), bool)
    ranked = False
    for routing, model in reversed(list(enumerate(models))):
        if not ranked:
            mine = [phase for phase in phases if phase.routing == routing]
            for kind in model.demand:
                number = names.types.index(kind)
                steps = [names.step_number[step] for step in _first_steps(model, kind)]
                free = model.demand[kind].expedite or all(_let_in(phase, number, steps) for phase in mine)
                doors[routing, number] = free
        ranked |= model.discipline in SORTED_BY_RANK
    return doors


def _first_steps(model: Model, kind: str) -> Iterator[str]:
    """The steps at which items of a type may begin."""
    skips = model.demand[kind].skips
    for step in model.route(kind):
        yield step
        if skips.get(step, 0.0) <= 0:
            return


def _let_in(phase: Phase, kind: int, steps: Sequence[int]) -> bool:
    """Whether an organisation has no limit that counts an item of a type as it enters one of these steps."""
    if phase.stream_limit != NO_LIMIT or phase.types.limit[kind] != NO_LIMIT or (phase.steps.limit[steps] != NO_LIMIT).any():
        return False
    spans = phase.spans
    counted = (spans.limit != NO_LIMIT) & (spans.counted[:, kind] == 1)
    return not any(((spans.first <= step) & (step <= spans.last) & counted).any() for step in steps)
