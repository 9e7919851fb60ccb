"""Doors: whose items leave the backlog as they join it, so that the way they go is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NO_LIMIT, Reals
from vssim.model.model import Model
from vssim.workload.numbering import Universe
from vssim.workload.ranks import SORTED_BY_RANK
from vssim.workload.rules import Phase
from vssim.workload.ways import Ways

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


def ways_each(ways: Ways, lasting: Reals) -> dict[str, tuple[float, float]]:
    """By type about how many ways are drawn of an item that arrives, and of one that another brings forth.

    `lasting` (routings,): for how long each is in force. All ways are drawn that are still to come, but one where it is known.
    """
    late = _late(ways.models)
    each = {}
    for number, kind in enumerate(ways.names.types):
        since = np.flatnonzero([kind in model.demand for model in ways.models])
        least, most = (edge[since] for edge in ways.track(kind, int(since[0])).reach)
        to_come = float(np.average(1 + most - least, weights=lasting[since] + 1e-9))
        known = ways.open_doors[since, number].all()
        whole = any(ways.models[routing].demand[kind].parts for routing in since.tolist())
        each[kind] = (1.0 if known and not whole else to_come, 1.0 if known and not whole and kind not in late else to_come)
    return each


def _late(models: Sequence[Model]) -> set[str]:
    """Types of which some come after the delivery of others, nobody knows when; and of the parts of these."""
    kinds = [(name, kind) for model in models for name, kind in model.demand.items()]
    waiting = [kind.defects.as_ for _, kind in kinds if kind.defects is not None]
    waiting += [name for name, kind in kinds if kind.outcome is not None]
    late: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in late:
            late.add(name)
            waiting += [part for other, kind in kinds if other == name for part in kind.parts]
    return late


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
