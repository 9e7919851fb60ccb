"""The restart property: a run that is stopped at any quiet tick, written down and begun again there, gives the same log."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import fields, replace

import numpy as np

from tests.support.hunting import among_models, programs
from tests.support.models import Document, runnable
from vssim import engines
from vssim.clock import Ints
from vssim.engines.each import Name
from vssim.workload.program import Program
from vssim.workload.trace import Trace
from vssim.workload.under_way import COLUMNS, UnderWay

BOTH: tuple[Name, ...] = ("reference", "compiled")

STOPS = 3
"""At so many ticks a run is stopped."""


def ticks_of(trace: Trace) -> Ints:
    """The ticks at which something happened."""
    columns = ("entered", "ready", "started", "finished", "released", "left", "item_arrived")
    times: Ints = np.unique(np.concatenate([getattr(trace, name) for name in columns]))
    return times[times >= 0]


def first_column_that_differs(one: Trace, other: Trace) -> str | None:
    """The name of a column of two traces that is not the same."""
    names = [field.name for field in fields(Trace)]
    return next((name for name in names if not np.array_equal(getattr(one, name), getattr(other, name))), None)


def written_down(program: Program, tick: int) -> UnderWay:
    """What both engines say is under way after a tick; they have to say the same."""
    one, other = (engines.stopped(replace(program, horizon=tick), name) for name in BOTH)
    assert first_column_that_differs(one.past, other.past) is None
    for name in (*COLUMNS, "gate_passed", "at"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), f"stopped at {tick}: {name}"
    return one


def require_restarts(document: Document, stops: int = STOPS) -> Counter[str]:
    """Stop every variant of a model at some of its ticks and begin again there, on both engines; how often what was met."""
    seen: Counter[str] = Counter()
    scenario = runnable(document)
    for change, _, program in programs(scenario) if scenario else ():
        whole = engines.trace(program, "reference")
        ticks = [tick for tick in ticks_of(whole).tolist() if tick >= program.first_tick]  # before it nothing is played yet
        for tick in random.Random(len(ticks)).sample(ticks, min(stops, len(ticks))):
            state = written_down(program, tick)
            for name in BOTH:
                differs = first_column_that_differs(whole, engines.trace(replace(program, under_way=state), name))
                assert differs is None, f"change {change}, {name} from {tick} on: {differs}"
            seen.update(restarts=1, items=len(state.item))
            seen.update(f"standing {standing}" for standing in state.standing.tolist())
    seen["models"] += bool(scenario)
    return seen


def hunt_restarts(models: int, luck: int) -> Counter[str]:
    """So many generated models, stopped and begun again; raises AssertionError for the first that goes another way, shrunk."""
    seen: Counter[str] = Counter()
    among_models(lambda document: seen.update(require_restarts(document)), models, luck, "benchmarks.restart")
    return seen
