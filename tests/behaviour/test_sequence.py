"""The lever that takes first what most waits for, and when the priorities of named items hold."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest

import vssim
from tests.support.models import Document
from tests.support.running import of_items, play, text_of
from vssim.model.model import Model

FIVE = [{"id": "d"}, {"id": "e"}, {"id": "a"}, {"id": "b", "waits_for": "a"}, {"id": "c", "waits_for": "b"}]


def plan(items: list[Any], lever: Any = "sequence", **more: Any) -> Document:
    return {
        "run": {"horizon": 200, "warmup": 0},
        "demand": {"item": {"items": items}},
        "steps": {"a": {"work": 1}},
        "teams": {"crew": {"people": 2, "does": "a"}},
        "changes": {"new": [lever]},
        **more,
    }


def model_of(document: Document, change: str | None = "new") -> Model:
    return vssim.loads(text_of(document)).plan(change).phases[0].model


def last(document: Document, engine: str, change: str | None = "new") -> float:
    return float(max(of_items(play(document, engine, change=change), "left")))


def test_the_longest_chain_is_begun_first(engine: str) -> None:
    document = plan(FIVE)
    assert last(document, engine, None) == 4
    assert last(document, engine) == 3
    assert of_items(play(document, engine, change="new"), "left") == [1, 2, 1, 2, 3]


@pytest.mark.parametrize("seed", range(4))
def test_of_a_tree_of_equal_tasks_no_order_is_done_sooner(engine: str, seed: int) -> None:
    """Hu 1961: level by level, the highest first, is best where each has one that waits for it, with any number of people."""
    luck = random.Random(seed)
    size = 7
    after = {number: luck.randint(number + 1, size - 1) for number in range(size - 1)}
    items = [
        {"id": f"n{number}", **({"waits_for": before} if before else {})}
        for number in luck.sample(range(size), size)
        if (before := [f"n{other}" for other, whom in after.items() if whom == number]) or True
    ]
    best = min(_scheduled(order, after, people=2) for order in permutations(range(size)))
    assert last(plan(items), engine) == best


def _scheduled(order: tuple[int, ...], after: dict[int, int], people: int) -> int:
    """When all is done that takes a unit each, if in every unit those come first that are first in the order."""
    done: set[int] = set()
    units = 0
    while len(done) < len(order):
        free = [one for one in order if one not in done and all(before in done for before, whom in after.items() if whom == one)]
        done |= set(free[:people])
        units += 1
    return units


def test_more_waits_behind_more_work_and_only_the_order_of_priorities_counts() -> None:
    items = [
        {"id": "short"},
        {"id": "long"},
        {"id": "mine", "priority": 2},
        {"waits_for": "short", "size": 3},
        {"waits_for": "long", "work": {"a": 4}},
        {"waits_for": "mine"},
    ]
    demand = {"item": {"items": items}, "bug": {"every": 9, "priority": 1}, "chore": {"every": 9, "priority": 9}}
    model = model_of(plan(items, demand=demand))
    mine, longer, shorter = (model.demand["item"].items[row].priority for row in (2, 1, 0))
    order = [model.demand["bug"].priority, mine, longer, shorter, model.demand["item"].priority, model.demand["chore"].priority]
    assert order == [1, 2, 3, 4, 5, 6]
    assert [item.priority for item in model.demand["item"].items[3:]] == [None] * 3


def test_waits_and_parts_count_and_pulled_twice_it_changes_no_more() -> None:
    demand = {
        "part": {"every": "never", "work": {"a": 2}},
        "whole": {"items": [{"id": "big", "parts": {"part": 9}, "waits_for": "one"}]},
        "item": {"items": [{"id": "two"}, {"id": "one"}, {"waits_for": "two", "work": {"a": 1}}]},
    }
    steps = {"a": {"work": 1}, "b": {"wait": 0.5}}
    document = plan([], demand=demand, steps=steps)
    once = model_of(document)
    one, two = (once.demand["item"].items[row].priority for row in (1, 0))
    assert one is not None
    assert two is not None
    assert one < two  # 2 + 0.5 behind it, the other 1 + 0.5
    assert model_of({**document, "changes": {"new": ["sequence", "sequence"]}}) == once


def test_from_a_day_on_it_holds_for_what_was_there_before(engine: str) -> None:
    """Named items that arrived before a change have the priorities of the organisation in force."""
    changes = {"new": {"levers": ["sequence"], "from": 0.5}}
    items = [{"id": "x", "work": {"a": 1}}, {"id": "y", "work": {"a": 1}}, *FIVE]
    document = plan(items, changes=changes)
    assert last(document, engine, None) == 5
    assert last(document, engine) == 4
    changes = {"new": {"levers": [{"set": {"demand.item.items.4.priority": 1}}], "from": 0.5}}
    assert of_items(play(plan(items, changes=changes), engine, change="new"), "left")[4] == 2


def test_where_nothing_waits_for_anything_it_says_so() -> None:
    notes = vssim.loads(text_of(plan([{"id": "a"}, {"id": "b"}]))).plan("new").notes
    assert any("no item waits for another" in note for note in notes)
    assert any("sequence changes nothing in this model" in note for note in notes)
