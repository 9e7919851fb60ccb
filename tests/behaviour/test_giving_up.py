"""Customers who give up: when, what keeps them, what becomes of what they leave, and of those who belong to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.models import Document
from tests.support.running import of_items, play, text_of, times, visits
from vssim.errors import ScenarioError

ONE: Document = {
    "run": {"horizon": 100, "warmup": 0},
    "demand": {"item": {"backlog": 3, "gives_up": {"after": 2.5}}},
    "steps": {"a": {"work": 2}, "b": {"work": 2}},
    "teams": {"A": {"people": 1, "does": "a"}, "B": {"people": 1, "does": "b"}},
}


def one(**more: Any) -> Document:
    return {**ONE, **more}


def test_who_is_not_started_in_time_leaves(engine: str) -> None:
    run = play(ONE, engine)
    assert of_items(run, "ended") == ["delivered", "delivered", "gave_up"]
    assert of_items(run, "left") == [4, 6, 2.5]
    assert times(run, "started", item=2) == [None, None]


def test_whoever_is_started_at_that_very_moment_stays(engine: str) -> None:
    run = play(one(demand={"item": {"backlog": 3, "gives_up": {"after": 2}}}), engine)
    assert of_items(run, "ended") == ["delivered", "delivered", "gave_up"]
    assert of_items(run, "left") == [4, 6, 2]


@pytest.mark.parametrize(
    ("unless", "ended"),
    [("pulled", ["delivered", "delivered", "gave_up"]), ("delivered", ["gave_up", "gave_up", "gave_up"])],
)
def test_what_keeps_them_may_be_the_pull_or_only_the_delivery(engine: str, unless: str, ended: list[str]) -> None:
    demand = {"item": {"backlog": 3, "gives_up": {"after": 2.5, "unless": unless}}}
    run = play(one(demand=demand, wip_limit=2), engine)
    assert of_items(run, "ended") == ended
    assert of_items(run, "left")[2] == 2.5


def test_work_in_hand_is_closed_and_what_was_done_counts_as_touch(engine: str) -> None:
    demand = {"item": {"backlog": 2, "gives_up": {"after": 3, "unless": "delivered"}}}
    run = play(one(demand=demand), engine)
    rows = visits(run).select("item", "step", "started", "finished", "left", "touch").rows()
    assert rows == [
        (0, "a", 0, 2, 2, 2),
        (0, "b", 2, None, 3, 1),
        (1, "a", 2, None, 3, 1),
        (1, "b", None, None, None, 0),
    ]


def test_the_place_and_the_people_are_free_for_the_next_at_once(engine: str) -> None:
    demand = {"item": {"at": [0], "gives_up": {"after": 1, "unless": "delivered"}}, "next": {"at": [0.5]}}
    run = play(one(demand=demand, steps={"a": {"work": 2, "wip_limit": 1}, "b": {"work": 2}}), engine)
    assert of_items(run, "pulled", type="next") == [1]
    assert times(run, "started", type="next", step="a") == [1]


def test_who_gathers_waits_at_a_gate_or_in_transit_leaves_from_there(engine: str) -> None:
    gives_up = {"after": 3, "unless": "delivered"}
    gate = one(
        demand={"item": {"backlog": 1, "gives_up": gives_up}}, steps={"a": {"work": 2, "gate": {"every": 10}}, "b": {"work": 2}}
    )
    assert of_items(play(gate, engine), "left") == [3]
    transit = one(demand={"item": {"backlog": 1, "gives_up": gives_up}}, handoffs={"delay": 5})
    assert of_items(play(transit, engine), "left") == [3]
    batch = one(
        demand={"item": {"at": [0, 0], "gives_up": gives_up}, "late": {"at": [9]}}, handoffs={"batch": 2}, teams=ONE["teams"]
    )
    run = play(batch, engine)
    assert of_items(run, "ended") == ["gave_up", "gave_up", "delivered"]  # the last goes alone: nobody else may come


def test_what_gave_up_has_no_successors_and_is_no_delivery(engine: str) -> None:
    demand = {
        "item": {"backlog": 2, "gives_up": {"after": 1, "unless": "delivered"}, "defects": {"chance": 1, "as": "bug"}},
        "bug": {"every": "never"},
    }
    run = play(one(demand=demand), engine)
    assert of_items(run, "type") == ["item", "item"]
    assert run.metrics()["throughput"] == 0
    assert run.metrics()["gave_up"] == 2  # of one unit: averages end with the last departure


def test_a_part_that_gives_up_has_left_as_far_as_its_whole_is_concerned(engine: str) -> None:
    demand = {"part": {"every": "never", "gives_up": {"after": 2.5}}, "whole": {"at": [0], "parts": {"part": 3}}}
    run = play(one(demand=demand), engine)
    assert of_items(run, "ended") == ["delivered", "delivered", "gave_up", "delivered"]
    assert of_items(run, "left") == [4, 6, 2.5, 6]


def test_a_whole_that_gives_up_while_it_waits_takes_the_parts_that_have_not_left(engine: str) -> None:
    demand = {
        "part": {"every": "never"},
        "whole": {"at": [0], "parts": {"part": 3}, "gives_up": {"after": 4.5, "unless": "delivered"}},
        "other": {"at": [1]},
    }
    run = play(one(demand=demand), engine)
    assert of_items(run, "ended") == ["delivered", "gave_up", "gave_up", "gave_up", "delivered"]
    assert of_items(run, "left") == [4, 4.5, 4.5, 4.5, 8.5]


def test_what_a_giving_up_part_has_just_made_due_is_taken_all_the_same(engine: str) -> None:
    """Parts are numbered before wholes: the second part's going makes its whole due, and the programme's going takes that."""
    demand = {
        "part": {"every": "never", "gives_up": {"after": 0.5}},
        "whole": {"every": "never", "parts": {"part": 1}, "route": ["a"]},
        "programme": {"at": [0, 1], "parts": {"whole": 1}, "gives_up": {"after": 0.5}},
    }
    run = play(one(demand=demand, wip_limit=1), engine)
    assert of_items(run, "ended") == ["delivered"] * 3 + ["gave_up"] * 3
    assert of_items(run, "left")[3:] == [1.5, 1.5, 1.5]
    assert of_items(run, "joined")[4] is None


def test_who_gives_up_as_the_last_that_it_waits_for_does_never_joins(engine: str) -> None:
    items = [{"id": "first"}, {"id": "second", "waits_for": ["first"]}]
    demand = {"other": {"at": [0]}, "item": {"items": items, "gives_up": {"after": 1}}}
    run = play(one(demand=demand, wip_limit=1), engine)
    assert of_items(run, "ended") == ["delivered", "gave_up", "gave_up"]
    assert of_items(run, "left")[1:] == [1, 1]
    assert of_items(run, "joined")[2] is None


def test_a_whole_is_kept_by_the_start_of_its_first_part(engine: str) -> None:
    demand = {"part": {"every": "never"}, "whole": {"at": [0], "parts": {"part": 2}, "gives_up": {"after": 1}}}
    assert of_items(play(one(demand=demand), engine), "ended") == ["delivered"] * 3


def test_patience_is_that_of_the_organisation_in_force(engine: str) -> None:
    changes = {"sooner": {"levers": [{"set": {"demand.item.gives_up.after": 0.5}}], "from": 1}}
    run = play(one(changes=changes), engine, change="sooner")
    assert of_items(run, "left") == [4, 1, 1]


def test_the_time_is_drawn_once_an_item_and_the_same_whatever_else_changes() -> None:
    demand = {"item": {"every": 1, "gives_up": {"after": "exponential(3)"}}}
    scenario = vssim.loads(text_of(one(demand=demand, changes={"more": [{"set": {"teams.A.people": 2}}]})))
    from vssim.workload import build

    programs = [build(scenario.plan(change), horizon=100, seed=1, replication=0, unit="day") for change in (None, "more")]
    assert np.array_equal(programs[0].items.patience, programs[1].items.patience)
    assert len(np.unique(programs[0].items.patience)) == len(programs[0].items.type)


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        ("{unless: started}", "demand.item.gives_up.after", "it is missing"),
        ("{after: -1}", "demand.item.gives_up.after", "at least 0"),
        ("{after: 3, unless: begun}", "demand.item.gives_up.unless", "pulled"),
        ("5", "demand.item.gives_up", ""),
    ],
)
def test_a_patience_that_cannot_be_is_refused_at_its_place(written: str, path: str, expected: str) -> None:
    text = (
        f"demand: {{item: {{every: 1, gives_up: {written}}}}}\nsteps: {{a: {{work: 0.5}}}}\nteams: {{A: {{people: 1, does: a}}}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        vssim.loads(text)
    assert [fault.path for fault in caught.value.faults] == [path]
    assert expected in str(caught.value)
