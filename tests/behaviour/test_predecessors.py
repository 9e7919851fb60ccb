"""Items that wait for others to leave before they join the backlog."""

from __future__ import annotations

import random
from typing import Any

import pytest

import vssim
from tests.support.models import Document
from tests.support.running import of_items, play, text_of
from vssim.errors import ScenarioError


def network(items: list[Document], **more: Any) -> Document:
    return {
        "run": {"horizon": 500, "warmup": 0},
        "demand": {"item": {"items": items}},
        "steps": {"a": {"work": 1}},
        "teams": {"crew": {"people": "unlimited", "does": "a"}},
        **more,
    }


def test_it_joins_when_the_last_of_those_it_waits_for_has_left(engine: str) -> None:
    items: list[Document] = [
        {"id": "one", "work": {"a": 3}},
        {"id": "two", "work": {"a": 5}},
        {"id": "after", "waits_for": ["one", "two"]},
    ]
    run = play(network(items), engine)
    assert of_items(run, "arrived") == [0, 0, 0]
    assert of_items(run, "joined") == [0, 0, 5]
    assert of_items(run, "left") == [3, 5, 6]


def test_it_joins_as_it_arrives_when_they_have_left_before(engine: str) -> None:
    run = play(network([{"id": "one"}, {"at": 7, "waits_for": "one"}]), engine)
    assert of_items(run, "joined") == [0, 7]


def test_who_waits_holds_no_place_and_its_time_counts_as_waiting_for_others(engine: str) -> None:
    run = play(network([{"id": "one", "work": {"a": 4}}, {"waits_for": "one"}, {"at": 1}], wip_limit=1), engine)
    assert of_items(run, "left") == [4, 6, 5]  # the third joined at 1, the one that waited at 4
    assert run.metrics()["time.parts"] == pytest.approx(4 / 3)


def test_the_parts_of_a_whole_wait_with_it(engine: str) -> None:
    demand = {
        "part": {"every": "never"},
        "whole": {"items": [{"waits_for": "one", "parts": {"part": 2}}]},
        "item": {"items": [{"id": "one", "work": {"a": 3}}]},
    }
    run = play(network([], demand=demand), engine)
    assert of_items(run, "joined", type="part") == [3, 3]
    assert of_items(run, "left", type="whole") == [4]


def test_what_waits_for_a_whole_waits_for_its_parts(engine: str) -> None:
    demand = {
        "part": {"every": "never"},
        "whole": {"items": [{"id": "one", "parts": {"part": 2}}]},
        "item": {"items": [{"waits_for": "one"}]},
    }
    run = play(network([], demand=demand), engine)
    assert of_items(run, "joined", type="item") == [1]


def test_one_that_arrives_after_the_horizon_is_waited_for_all_the_same(engine: str) -> None:
    items: list[Document] = [{"id": "far", "at": 600}, {"id": "near", "waits_for": "far"}]
    for horizon in (500, 700):
        run = play(network(items, run={"horizon": horizon, "warmup": 0}), engine)
        joined = dict(zip(of_items(run, "arrived"), of_items(run, "joined"), strict=True))
        assert joined[0] == (None if horizon == 500 else 601)


def test_giving_up_counts_from_arrival_and_a_predecessor_that_gave_up_has_left(engine: str) -> None:
    demand = {
        "item": {"items": [{"id": "one", "work": {"a": 9}}, {"id": "two", "waits_for": "one"}], "gives_up": {"after": 4}},
        "last": {"items": [{"waits_for": "two"}]},
    }
    run = play(network([], demand=demand), engine)
    assert of_items(run, "ended") == ["delivered", "gave_up", "delivered"]
    assert of_items(run, "left") == [9, 4, 5]


DROPS: Document = {
    "steps": {"a": {"work": 1}, "b": {"work": 1, "stops": "100%"}},
    "teams": {"crew": {"people": "unlimited", "does": ["a", "b"]}},
}


def test_who_goes_on_does_so_when_one_before_it_was_stopped_and_who_leaves_leaves_with_it(engine: str) -> None:
    items: list[Document] = [
        {"id": "one", "at": 1},
        {"id": "on", "waits_for": "one"},
        {"id": "off", "waits_for": "one", "if_dropped": "leave"},
        {"id": "on and off", "waits_for": "off", "if_dropped": "leave"},
    ]
    run = play(network(items, **DROPS), engine)
    assert of_items(run, "arrived") == [1, 0, 0, 0]
    assert of_items(run, "left") == [3, 5, 3, 3]  # the one that goes on is stopped in its turn
    assert of_items(run, "joined") == [1, 3, None, None]
    assert of_items(run, "ended") == ["stopped"] * 4


def test_who_leaves_with_one_that_gave_up_gave_up(engine: str) -> None:
    patient = {"after": 4, "unless": "delivered"}
    demand = {
        "item": {"items": [{"id": "one", "work": {"a": 9}}], "gives_up": patient},
        "last": {"items": [{"id": "two", "waits_for": "one", "if_dropped": "leave"}, {"waits_for": "two"}]},
    }
    run = play(network([], demand=demand), engine)
    assert of_items(run, "ended") == ["gave_up", "gave_up", "delivered"]
    assert of_items(run, "left") == [4, 4, 5]


def test_who_comes_later_leaves_as_it_arrives_and_takes_no_part_in_anything(engine: str) -> None:
    items: list[Document] = [
        {"id": "one"},
        {"id": "two", "work": {"a": 20}},
        {"at": 7, "waits_for": ["one", "two"], "if_dropped": "leave"},
    ]
    run = play(network(items, **DROPS), engine)
    assert of_items(run, "left") == [2, 21, 7]
    assert of_items(run, "joined") == [0, 0, None]
    assert of_items(run, "ended") == ["stopped"] * 3
    assert (run.visits["item"] == 2).sum() == run.visits.filter(run.visits["item"] == 2)["started"].null_count()


def test_a_whole_that_leaves_takes_its_parts_and_is_no_delivery(engine: str) -> None:
    demand = {
        "part": {"every": "never", "route": ["a"]},
        "whole": {"items": [{"id": "whole", "waits_for": "one", "parts": {"part": 2}, "if_dropped": "leave"}]},
        "item": {"items": [{"id": "one"}]},
        "last": {"items": [{"waits_for": "whole"}], "route": ["a"]},
    }
    run = play(network([], demand=demand, **DROPS), engine)
    assert of_items(run, "ended", type="part") == ["stopped", "stopped"]
    assert of_items(run, "ended", type="whole") == ["stopped"]
    assert of_items(run, "left", type="whole") == of_items(run, "left", type="part")[:1] == [2]
    assert of_items(run, "left", type="last") == [3]


def test_nobody_leaves_with_what_was_delivered(engine: str) -> None:
    run = play(network([{"id": "one"}, {"waits_for": "one", "if_dropped": "leave"}]), engine)
    assert of_items(run, "left") == [1, 2]


def test_who_is_there_at_the_start_has_had_the_patience_until_now(engine: str) -> None:
    gives_up = {"after": "exponential(10)", "unless": "delivered"}
    demand = {"item": {"items": [{"age": 30, "count": 200}], "gives_up": gives_up}}
    run = play(network([], demand=demand, steps={"a": {"work": 1000}}), engine)
    left = of_items(run, "left")
    assert min(left) > 0
    assert sum(left) / 200 == pytest.approx(10, rel=0.25)  # exponential patience does not age


@pytest.mark.parametrize("seed", range(5))
def test_a_project_network_with_hands_enough_takes_its_longest_path(engine: str, seed: int) -> None:
    """The critical path method (Kelley and Walker 1959): done = the latest of those before, or arrival, plus its own work."""
    luck = random.Random(seed)
    items: list[Document] = []
    done: dict[str, float] = {}
    for number in range(40):
        before = luck.sample(list(done), min(len(done), luck.randint(0, 3)))
        work, at = luck.choice([0.5, 1, 2, 3.25]), luck.choice([0, 0, 5])
        item: Document = {"id": f"n{number}", "at": at, "work": {"a": work}}
        items.append({**item, "waits_for": before} if before else item)
        done[f"n{number}"] = max([at, *(done[name] for name in before)]) + work
    run = play(network(items), engine)
    assert sorted(of_items(run, "left")) == sorted(done.values())


@pytest.mark.parametrize(
    ("items", "path", "expected", "near"),
    [
        ("[{id: ledger}, {waits_for: leger}]", "demand.item.items.1.waits_for.0", "the name (id) of an item", "ledger"),
        ("[{id: a}, {waits_for: item}]", "demand.item.items.1.waits_for.0", "not a type, which has no end", ""),
        ("[{id: a, waits_for: a}]", "demand.item.items.0.waits_for.0", "in a circle (a → a)", ""),
        (
            "[{id: a, waits_for: c}, {id: b, waits_for: a}, {id: c, waits_for: b}]",
            "demand.item.items.0.waits_for.0",
            "(a → c → b → a)",
            "",
        ),
        ("[{id: a, if_dropped: leave}]", "demand.item.items.0.if_dropped", "waits_for beside if_dropped", ""),
        ("[{id: a}, {waits_for: a, if_dropped: leaf}]", "demand.item.items.1.if_dropped", "one of go_on, leave", "leave"),
        ("[{id: a}, {step: a, waits_for: a}]", "demand.item.items.1.waits_for", "no step beside waits_for", ""),
    ],
)
def test_what_cannot_be_waited_for_is_refused_at_its_place(items: str, path: str, expected: str, near: str) -> None:
    text = f"demand: {{item: {{items: {items}}}}}\nsteps: {{a: {{work: 1}}}}\nteams: {{crew: {{people: 1, does: a}}}}\n"
    with pytest.raises(ScenarioError) as caught:
        vssim.loads(text)
    (fault,) = caught.value.faults
    assert fault.path.removesuffix(".0") == path.removesuffix(".0")
    assert expected in fault.expected
    if near:
        assert fault.nearest == near


def test_every_replication_has_its_own() -> None:
    items: list[Document] = [{"id": "one", "work": {"a": "exponential(3)"}}, {"id": "two", "waits_for": "one"}]
    found = vssim.compare(vssim.loads(text_of(network(items) | {"changes": {"none": []}})), replications=6, jobs=1)
    assert found.variants["baseline"]["delivered"].mean == 2
