"""What stories, traces and marks say of items that wait for others, were put down, or gave up."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.support.models import Document
from tests.support.running import play
from vssim.log import Ended, Log
from vssim.metrics.daily import Daily
from vssim.metrics.story import story, why
from vssim.views.player.trace import PUT_DOWN, read, trace

PLAN: Document = {
    "run": {"horizon": 40, "warmup": 0},
    "demand": {
        "item": {
            "items": [
                {"id": "ledger", "work": {"a": 5}},
                {"id": "invoices", "waits_for": "ledger"},
                {"id": "reminders", "at": 2, "waits_for": ["ledger", "invoices"]},
            ]
        },
        "urgent": {"at": [1], "interrupts": True, "priority": 1},
        "hasty": {"at": [1], "gives_up": {"after": 0.5}},
    },
    "steps": {"a": {"work": 1}},
    "teams": {"crew": {"people": 1, "does": "a", "resuming": 0.5}},
}


def plan(engine: str, **more: Any) -> Log:
    return play({**PLAN, **more}, engine).log


def row(log: Log, name: str) -> int:
    return next(item for item, told in log.ids.items() if told == name)


def test_a_story_says_whom_an_item_waits_for_by_name_and_who_waits_for_it(engine: str) -> None:
    log = plan(engine)
    ledger, invoices, reminders = (row(log, name) for name in ("ledger", "invoices", "reminders"))
    assert story(log, invoices).name == "invoices"
    assert story(log, invoices).stretches[0].words == "waits for ledger"
    assert story(log, reminders).stretches[0].words == "waits for ledger, invoices"
    assert why(log, invoices, 1) == "it waits for ledger"
    assert why(log, invoices, 3) == "it waits for ledger; reminders waits for it"
    assert why(log, reminders, 7) == "it waits for invoices"
    assert why(log, ledger, 0.5).endswith("; invoices waits for it")
    assert why(log, ledger, 3).endswith("; invoices, reminders wait for it")
    assert "for it" not in why(log, reminders, 8)


def test_what_was_interrupted_says_since_when_it_lies_until_it_is_taken_up_again(engine: str) -> None:
    log = plan(engine)
    ledger = row(log, "ledger")
    assert why(log, ledger, 1.5).startswith("it was put down on day 1 and waits to be taken up again")
    assert "put down" not in why(log, ledger, 2.5)
    found = Daily(log).spans
    lain = found.put_down == 1
    assert found.item[lain].tolist() == [ledger]
    assert (log.times(found.begin[lain]).tolist(), log.times(found.end[lain]).tolist()) == ([1.0], [2.0])


def test_who_leaves_with_another_says_with_whom(engine: str) -> None:
    items = [{"id": "base", "work": {"a": 1}}, {"id": "roof", "waits_for": "base", "if_dropped": "leave"}]
    log = plan(engine, demand={"item": {"items": items}}, steps={"a": {"work": 1, "stops": "100%"}})
    assert log.items.ended.tolist() == [Ended.STOPPED] * 2
    assert why(log, row(log, "roof"), 2) == "it was dropped on day 1, with base"
    assert why(log, row(log, "base"), 2) == "it was dropped on day 1"


def test_the_parts_of_a_whole_tell_whom_it_waits_for(engine: str) -> None:
    demand = {
        "part": {"every": "never"},
        "whole": {"items": [{"id": "house", "waits_for": "ground", "parts": {"part": 2}}]},
        "item": {"items": [{"id": "ground", "work": {"a": 4}}]},
    }
    log = plan(engine, demand=demand)
    assert why(log, row(log, "house"), 1) == "it waits for ground"
    assert why(log, row(log, "house"), 5) == "its parts are under way"
    assert why(log, row(log, "ground"), 1).endswith("; house waits for it")


def test_a_trace_carries_who_waits_for_whom_what_lies_and_who_gave_up(engine: str) -> None:
    log = plan(engine)
    head, events = read(trace(log))
    assert head["names"] == {str(item): name for item, name in log.ids.items()}
    assert {tuple(pair) for pair in head["waits"]} == set(log.waits)
    lying = (events.state & PUT_DOWN) > 0
    assert events.item[lying].tolist() == [row(log, "ledger")]
    gone = events.state % PUT_DOWN == 10
    assert events.item[gone].tolist() == np.flatnonzero(log.items.gave_up).tolist() != []
