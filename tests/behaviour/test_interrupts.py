"""Urgent work that interrupts: what is put down for it, what taking it up again costs, who is spared."""

from __future__ import annotations

from typing import Any

import pytest

import vssim
from tests.support.models import Document
from tests.support.running import of_items, play, text_of, times, visits

ONE: Document = {
    "run": {"horizon": 100, "warmup": 0},
    "demand": {"item": {"at": [0]}, "fire": {"at": [1], "interrupts": True, "work": {"a": 2}}},
    "steps": {"a": {"work": 4}},
    "teams": {"crew": {"people": 1, "does": "a"}},
}


def one(**more: Any) -> Document:
    return {**ONE, **more}


def crew(**more: Any) -> Document:
    return {"crew": {"people": 1, "does": "a", **more}}


def test_what_is_in_hand_is_put_down_at_once_and_taken_up_again_afterwards(engine: str) -> None:
    run = play(ONE, engine)
    assert times(run, "started", type="fire") == [1]
    assert of_items(run, "left") == [6, 3]
    assert visits(run, type="item").select("started", "finished", "put_down", "touch").rows() == [(0, 6, 2, 4)]


def test_taking_it_up_again_costs_the_resuming_of_the_team(engine: str) -> None:
    run = play(one(teams=crew(resuming=0.5)), engine)
    assert visits(run, type="item").select("finished", "put_down", "touch").rows() == [(6.5, 2, 4.5)]


def test_taking_it_up_again_costs_no_more_than_the_whole_work(engine: str) -> None:
    fire = {"at": [0.25], "interrupts": True, "work": {"a": 2}}
    run = play(one(demand={"item": {"at": [0]}, "fire": fire}, teams=crew(resuming=1)), engine)
    assert visits(run, type="item").select("finished", "touch").rows() == [(6.25, 4.25)]


def test_expediting_alone_interrupts_nobody(engine: str) -> None:
    run = play(one(demand={"item": {"at": [0]}, "fire": {"at": [1], "expedite": True, "work": {"a": 2}}}), engine)
    assert times(run, "started", type="fire") == [4]


def test_what_interrupts_is_not_put_down_for_another(engine: str) -> None:
    run = play(one(demand={"item": {"at": [0]}, "fire": {"at": [1, 2], "interrupts": True, "work": {"a": 2}}}), engine)
    assert times(run, "started", type="fire") == [1, 3]
    assert of_items(run, "left", type="item") == [8]


def test_of_several_in_hand_the_last_by_key_is_put_down(engine: str) -> None:
    demand = {"item": {"at": [0, 0.5]}, "fire": ONE["demand"]["fire"]}
    run = play(one(demand=demand, teams=crew(people=2)), engine)
    assert times(run, "put_down", type="item") == [0, 2]


def test_with_a_place_left_it_shares_instead_and_the_reader_says_so(engine: str) -> None:
    document = one(teams=crew(multitasking=2))
    run = play(document, engine)
    assert times(run, "put_down") == [0, 0]
    assert times(run, "started", type="fire") == [1]
    (warned,) = vssim.loads(text_of(document)).warnings
    assert "crew" in warned
    assert "shares" in warned


def test_who_does_it_is_interrupted_before_who_helps_and_the_least_busy_of_them(engine: str) -> None:
    steps = {"a": {"work": 4}, "b": {"work": 4}}
    teams = {
        "helpers": {"people": 1, "does": "b", "helps": "a"},
        "one": {"people": 1, "does": "a"},
        "two": {"people": 2, "does": "a"},
    }
    demand = {
        "b": {"at": [0], "route": "b"},
        "a": {"at": [0, 0, 0], "route": "a"},
        "fire": {"at": [1], "interrupts": True, "route": "a"},
    }
    run = play(one(demand=demand, steps=steps, teams=teams), engine)
    assert times(run, "pool", type="fire") == ["one"]  # 1 of 1 and 2 of 2 are as busy: the first in the file


def test_who_helps_and_has_a_place_takes_it_before_anybody_is_interrupted(engine: str) -> None:
    steps = {"a": {"work": 4}, "b": {"work": 1}}
    teams = {"doers": {"people": 1, "does": "a"}, "helpers": {"people": 1, "does": "b", "helps": "a"}}
    run = play(
        one(steps=steps, teams=teams, demand={"item": {"at": [0], "route": "a"}, "fire": {**ONE["demand"]["fire"], "route": "a"}}),
        engine,
    )
    assert times(run, "pool", type="fire") == ["helpers"]
    assert times(run, "put_down") == [0, 0]


def test_what_was_put_down_as_a_ticket_may_be_taken_up_by_somebody_else(engine: str) -> None:
    steps = {"a": {"work": 2}, "b": {"work": 4}, "c": {"work": 0, "needs": {"from": "a", "work": 4, "at": 0}}}
    teams = {
        "owners": {"people": 1, "does": "c"},
        "first": {"people": 1, "does": "a"},
        "second": {"people": 1, "does": ["b", "a"]},
    }
    demand = {
        "busy": {"at": [0], "route": "b", "work": {"b": 1.5}},
        "item": {"at": [0], "route": "c"},
        "fire": {"at": [1], "interrupts": True, "route": "a"},
    }
    run = play(one(demand=demand, steps=steps, teams=teams), engine)
    # `first` puts the ticket down at 1; `second` is free at 1.5 and goes on with it
    assert visits(run, type="item", kind="ticket").select("pool", "put_down", "finished").rows() == [("second", 0.5, 4.5)]


def test_an_absence_puts_down_what_does_not_interrupt_first_and_costs_no_resuming(engine: str) -> None:
    demand = {"fire": {"at": [0], "interrupts": True, "priority": 9}, "item": {"at": [0], "priority": 1}}
    run = play(one(demand=demand, teams=crew(people={0: 2, 1: 1, 3: 2}, resuming=1)), engine)
    assert times(run, "put_down", type="fire") == [0]
    assert visits(run, type="item").select("put_down", "touch").rows() == [(2, 4)]


def test_tickets_of_an_urgent_item_interrupt_too(engine: str) -> None:
    steps = {"a": {"work": 4}, "c": {"work": 0, "needs": {"from": "a", "work": 1, "at": 0}}}
    teams = {"crew": {"people": 1, "does": "a"}, "owners": {"people": 1, "does": "c"}}
    demand = {"item": {"at": [0], "route": "a"}, "fire": {"at": [1], "interrupts": True, "route": "c"}}
    run = play(one(demand=demand, steps=steps, teams=teams), engine)
    assert times(run, "started", type="fire", kind="ticket") == [1]
    assert times(run, "put_down", type="item") == [1]


def test_the_log_says_when_each_lay_put_down_and_the_people_are_never_busier_than_they_are(engine: str) -> None:
    fires = {"at": [1, 2, 7], "interrupts": True, "work": {"a": 0.5}}
    run = play(one(demand={"item": {"at": [0]}, "fire": fires}), engine)
    pauses = run.log.pauses
    assert pauses is not None
    assert [(b / 1e6, e / 1e6) for b, e in zip(pauses.begin.tolist(), pauses.end.tolist(), strict=True)] == [(1, 1.5), (2, 2.5)]
    assert run.metrics()["utilisation.crew"] == pytest.approx(5.5 / 7.5)
    told = [(stretch.begin, stretch.words) for stretch in run.story(0).stretches]
    assert told == [(0, "a"), (1, "put down"), (1.5, "a"), (2, "put down"), (2.5, "a")]


def test_more_pauses_than_there_is_room_for_are_all_told() -> None:
    fires = {"every": 0.01, "count": 1500, "interrupts": True, "work": {"a": 0.005}}
    runs = [
        play(one(demand={"item": {"at": [0]}, "fire": fires}, steps={"a": {"work": 40}}), name)
        for name in ("reference", "compiled")
    ]
    one_, other = (run.log.pauses for run in runs)
    assert one_ is not None
    assert other is not None
    assert len(one_.begin) == len(other.begin) == 1500
    assert (one_.end == other.end).all()


def test_a_team_cannot_have_a_negative_resuming() -> None:
    with pytest.raises(vssim.ScenarioError, match=r"teams\.crew\.resuming"):
        vssim.loads(text_of(one(teams=crew(resuming=-1))))
