"""From a trace to the log: what is left out, and what is shared with the program instead of being copied."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.running import text_of
from vssim import engines, workload
from vssim.engines.assemble import assemble

DOCUMENT: dict[str, Any] = {
    "run": {"horizon": 40},
    "demand": {"f": {"every": "exponential(1)"}},
    "steps": {"a": {"work": "exponential(1)", "wip_limit": 3}, "b": {"work": 0.5, "returns": {"to": "a", "chance": "20%"}}},
    "teams": {"t": {"people": 3, "does": ["a", "b"]}},
    "changes": {"new": {"levers": [{"set": {"steps.a.work": 2}}], "from": 15}},
}


def program(change: str | None) -> workload.Program:
    plan = vssim.loads(text_of(DOCUMENT)).plan(change)
    return workload.build(plan, horizon=40, seed=1, replication=0, unit="day")


def test_where_nothing_is_left_out_the_log_shares_the_columns_of_the_program(engine: Any) -> None:
    played = program(None)
    log = assemble(played, engines.trace(played, engine))
    assert all(np.shares_memory(getattr(log.visits, name), getattr(played.visits, name)) for name in ("step", "skill", "kind"))
    assert len(log.visits.item) == len(played.visits.item)


def test_itineraries_that_were_not_followed_are_left_out(engine: Any) -> None:
    played = program("new")
    log = assemble(played, engines.trace(played, engine))
    lengths = np.bincount(log.visits.item, minlength=len(log.items.type))
    assert len(log.visits.item) < len(played.visits.item)
    assert (lengths > 0).all()
    assert (log.visits.visit == np.concatenate([np.arange(count) for count in lengths])).all()


NUMBERS = ("item", "visit", "stay", "type", "parent", "follows")
PLACES = ("step", "skill", "pool", "owner")
FLAGS = ("kind", "gated", "handoff", "rework", "parked", "origin", "ended", "right")
WORTH = ("value", "cost_of_delay")
KINDS = (
    dict.fromkeys(NUMBERS, np.int32)
    | dict.fromkeys(PLACES, np.int16)
    | dict.fromkeys(FLAGS, np.int8)
    | dict.fromkeys(WORTH, np.float64)
)


@pytest.mark.parametrize("change", [None, "new"])
def test_every_column_lies_side_by_side_and_times_have_64_bits_others_what_they_need(change: str | None, engine: Any) -> None:
    played = program(change)
    log = assemble(played, engines.trace(played, engine))
    for table in (log.visits, log.items):
        for field in fields(table):
            column = getattr(table, field.name)
            assert column.flags.c_contiguous, field.name
            assert column.dtype == KINDS.get(field.name, np.int64), field.name
