"""Where the time went: each cause on its own, and all of them together to the tick."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.logs import Item, Visit, log_of, work
from tests.support.running import play
from vssim.clock import TICKS
from vssim.log import Kind, Log, Origin, Pool
from vssim.metrics.causes import CAUSES, by_cause, causes, delivered, rework
from vssim.metrics.moments import committed

EXAMPLE = Path(__file__).parent.parent / "language" / "example.yaml"


def spent(log: Log, item: int = 0) -> dict[str, float]:
    """The causes of one delivered item that took any time [units]."""
    return {cause: float(ticks[item]) / TICKS for cause, ticks in causes(log).items() if ticks[item]}


def test_waiting_in_the_backlog_lasts_from_arrival_until_the_item_is_pulled() -> None:
    log = log_of(Item(arrived=1, visits=[work("develop", 4, 4, 6)]))
    assert spent(log) == {"backlog": 3, "hands_on": 2}


def test_transit_lasts_from_entering_until_ready_and_queueing_from_ready_until_started() -> None:
    log = log_of(Item(visits=[Visit("develop", 0, ready=2, started=5, finished=6)]))
    assert spent(log) == {"transit": 2, "queueing": 3, "hands_on": 1}


def test_what_is_alone_in_hand_and_takes_longer_than_the_work_is_lost_to_switching_and_meetings() -> None:
    log = log_of(Item(visits=[work("develop", 0, 0, 9, touch=3)]))
    assert spent(log) == {"hands_on": 3, "switching": 6}


def test_an_item_is_set_aside_for_the_share_of_those_open_that_nobody_has_in_hand() -> None:
    """Three open at two people: each is set aside for a third of the time; what is left of it is hands-on or lost."""
    log = log_of(*[Item(visits=[work("develop", 0, 0, 9, touch=4)])] * 3)
    assert [spent(log, item) for item in range(3)] == [{"hands_on": 4, "switching": 2, "set_aside": 3}] * 3


def test_only_while_more_are_open_than_people_is_anything_set_aside() -> None:
    crew = [Pool(team=0, index=0, people=1)]
    one, other = (Item(visits=[work("develop", start, start, end, touch=5)]) for start, end in ((0, 8), (4, 12)))
    log = log_of(one, other, pools=crew)
    assert spent(log, 0) == {"hands_on": 5, "switching": 1, "set_aside": 2}
    assert spent(log, 1) == {"hands_on": 5, "switching": 1, "set_aside": 2}


def test_people_without_number_set_nothing_aside() -> None:
    log = log_of(*[Item(visits=[work("develop", 0, 0, 9, touch=4)])] * 3, pools=[Pool(team=0, index=0, people=None)])
    assert spent(log) == {"hands_on": 4, "switching": 5}


def test_how_many_people_there_are_is_asked_at_each_moment() -> None:
    fewer = [Pool(team=0, index=0, people=2), Pool(team=0, index=0, people=1, since=6 * TICKS)]
    log = log_of(*[Item(visits=[work("develop", 0, 0, 10, touch=8)])] * 2, pools=fewer, phases=[0, 6])
    assert spent(log) == {"hands_on": 8, "set_aside": 2}


def test_what_many_hands_made_up_for_is_not_set_aside_as_well() -> None:
    log = log_of(*[Item(visits=[work("develop", 0, 0, 9, touch=8)])] * 3)
    assert spent(log) == {"hands_on": 8, "set_aside": 1}


def test_the_two_kinds_of_open_waiting_are_what_switching_costs_and_what_lies_aside(engine: str) -> None:
    """One person with two open items and a switching cost of 25 %: e(2) = 1 / 1.25, so each item of 4 takes 2 · 4 · 1.25 = 10."""
    text = """
    run: {horizon: 100, warmup: 0}
    demand: {item: {backlog: 2}}
    steps: {a: {work: 4}}
    teams: {crew: {people: 1, does: a, multitasking: 2, switching_cost: 25%}}
    """
    run = play(text, engine)
    assert [spent(run.log, item) for item in range(2)] == [{"hands_on": 4, "switching": 1, "set_aside": 5}] * 2
    found = run.metrics()
    assert (found["time.switching"], found["time.set_aside"], found["time.open_waiting"]) == (1, 5, 6)


def test_meetings_are_in_the_time_that_is_lost_in_hand(engine: str) -> None:
    text = """
    run: {horizon: 100, warmup: 0}
    demand: {item: {backlog: 2}}
    steps: {a: {work: 4}}
    teams: {crew: {people: 1, does: a, meetings: 20%}}
    """
    run = play(text, engine)
    assert spent(run.log, 0) == {"hands_on": 4, "switching": 1}
    assert spent(run.log, 1) == {"queueing": 5, "hands_on": 4, "switching": 1}


def test_several_people_on_one_item_are_hands_on_no_longer_than_it_is_open() -> None:
    log = log_of(Item(visits=[work("develop", 0, 0, 2, touch=5)]))
    assert spent(log) == {"hands_on": 2}


def test_time_in_which_a_started_item_was_put_down_is_queueing() -> None:
    log = log_of(Item(visits=[work("develop", 0, 1, 9, put_down=4, touch=4)]))
    assert spent(log) == {"queueing": 5, "hands_on": 4}


def test_done_but_not_let_go_is_the_gate_and_let_go_but_without_room_is_no_room() -> None:
    log = log_of(Item(visits=[work("develop", 0, 0, 1, released=5, left=7), work("test", 7, 7, 8)]))
    assert spent(log) == {"hands_on": 2, "gate": 4, "no_room": 2}


def test_a_ticket_is_hands_on_while_the_helper_works_and_helper_otherwise() -> None:
    ticket = Visit("develop", 2, ready=3, started=5, finished=6, kind=Kind.TICKET, skill="platform", stay=0)
    parts = [work("develop", 0, 0, 2, stay=0), ticket, work("develop", 6, 6, 8, stay=0)]
    assert spent(log_of(Item(visits=parts), skills=["platform"])) == {"hands_on": 5, "helper": 3}


def test_a_ticket_that_nobody_here_answers_is_outside_and_its_committee_a_gate() -> None:
    outside = Visit("develop", 1, finished=4, kind=Kind.TICKET, stay=0)
    committee = Visit("develop", 4, released=10, kind=Kind.TICKET, gated=1, stay=0)
    log = log_of(Item(visits=[work("develop", 0, 0, 1, stay=0), outside, committee]))
    assert spent(log) == {"hands_on": 1, "outside": 3, "gate": 6}


def test_coming_back_after_being_shelved_takes_until_there_is_room() -> None:
    outside = Visit("develop", 1, finished=4, kind=Kind.TICKET, stay=0)
    log = log_of(Item(visits=[work("develop", 0, 0, 1, stay=0), outside, work("develop", 6, 6, 7, stay=0)]))
    assert spent(log) == {"hands_on": 2, "outside": 3, "no_room": 2}


def test_the_time_that_a_wait_step_takes_counts_as_its_own() -> None:
    log = log_of(Item(visits=[Visit("develop", 0, finished=3, kind=Kind.WAIT)]))
    assert spent(log) == {"hands_on": 3}


def test_a_whole_waits_for_its_parts_and_they_tell_their_own_story() -> None:
    part = Item(visits=[work("develop", 0, 1, 5)], parent=1, origin=Origin.PART)
    log = log_of(part, Item(arrived=0, joined=5, left=5, type="initiative"), types=["feature", "initiative"])
    assert spent(log, 0) == {"queueing": 1, "hands_on": 4}
    assert spent(log, 1) == {"parts": 5}


def test_items_that_are_not_delivered_have_no_breakdown() -> None:
    under_way = Item(visits=[work("develop", 0, 1, 2), Visit("test", 2, at="ready")], open=True)
    dropped = Item(visits=[work("develop", 0, 1, 3)], stopped=1)
    log = log_of(under_way, dropped, Item(visits=[work("develop", 0, 3, 4)]))
    assert delivered(log).tolist() == [2]
    assert spent(log) == {"queueing": 3, "hands_on": 1}


def test_rework_is_the_time_in_repeated_stays_whatever_its_cause() -> None:
    visits = [
        work("develop", 0, 0, 2),
        work("test", 2, 2, 3),
        work("develop", 3, 5, 6, left=7, rework=1),
        work("test", 7, 7, 8, rework=1),
    ]
    log = log_of(Item(visits=visits))
    assert (rework(log)[delivered(log)] / TICKS).tolist() == [5]


def test_a_run_without_items_has_an_empty_breakdown() -> None:
    assert all(ticks.tolist() == [] for ticks in causes(log_of()).values())


@pytest.mark.parametrize("change", [None, "limit WIP", "cross-functional teams", "both from day 200", "one at a time"])
def test_the_causes_add_up_to_the_lead_time_of_every_item_to_the_tick(change: str | None, engine: str) -> None:
    log = play(EXAMPLE.read_text(), engine, change).log
    rows = delivered(log)
    table = by_cause(log, committed(log))[:, rows]
    assert table.shape == (len(CAUSES), len(rows))
    assert len(rows) > 100
    assert (table >= 0).all()
    assert np.array_equal(table.sum(axis=0), log.items.left[rows] - log.items.arrived[rows])
