"""Needs: tickets to people who help, waits for somebody outside, and how tickets rank against a team's own work."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times

HELPED = """
run: {{horizon: 40}}
demand: {{item: {{backlog: 2}}}}
steps: {{a: {{work: 4, needs: {{from: expert, work: 2, at: {at}, delay: {delay}}}}}}}
teams: {{crew: {{people: 1, does: a}}, experts: {{people: 1, does: expert}}}}
"""


def test_a_ticket_parts_the_own_work_and_the_owner_is_free_meanwhile(engine: str) -> None:
    run = play(HELPED.format(at="50%", delay=0), engine)
    assert times(run, "kind", item=0) == ["work", "ticket", "work"]
    assert times(run, "started", kind="work") == [0, 4, 2, 6]
    assert times(run, "started", kind="ticket") == [2, 4]
    assert times(run, "owner", kind="ticket") == ["crew", "crew"]
    assert times(run, "pool", kind="ticket") == ["experts", "experts"]
    assert of_items(run, "left") == [6, 8]


def test_a_ticket_has_a_transit_of_its_own(engine: str) -> None:
    run = play(HELPED.format(at="50%", delay=1), engine)
    assert times(run, "entered", kind="ticket", item=0) == [2]
    assert times(run, "ready", kind="ticket", item=0) == [3]
    assert times(run, "started", kind="ticket", item=0) == [3]


def test_a_ticket_right_at_the_start_or_end_leaves_out_the_empty_part(engine: str) -> None:
    first = play(HELPED.format(at="0%", delay=0), engine)
    last = play(HELPED.format(at="100%", delay=0), engine)
    assert times(first, "kind", item=0) == ["ticket", "work"]
    assert times(last, "kind", item=0) == ["work", "ticket"]
    assert times(first, "finished", item=0) == [2, 6]
    assert times(last, "finished", item=0) == [4, 6]
    assert of_items(last, "left") == [6, 10]


def test_inner_visits_are_entered_as_the_one_before_is_released(engine: str) -> None:
    run = play(HELPED.format(at="25%", delay=0), engine)
    assert times(run, "entered", item=0) == [0, 1, 3]
    assert times(run, "released", item=0) == [1, 3, 6]
    assert times(run, "left", item=0)[:2] == [1, 3]


def test_an_outside_wait_needs_nobody_here(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 2, needs: {outside: vendor, wait: 5}}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "skill", kind="ticket") == [None, None]
    assert times(run, "started", kind="ticket") == [1, 2]
    assert times(run, "finished", kind="ticket") == [6, 7]
    assert of_items(run, "left") == [7, 8]


def test_several_needs_come_in_the_order_of_their_places(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 1}}
        steps:
          a:
            work: 4
            needs: [{outside: late, wait: 1, at: 75%}, {outside: early, wait: 2, at: 25%}]
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "kind") == ["work", "ticket", "work", "ticket", "work"]
    assert times(run, "finished") == [1, 3, 5, 6, 7]


def test_a_need_can_concern_some_types_alone(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {x: {at: [0]}, y: {at: [0]}}
        steps: {a: {work: 2, needs: {outside: vendor, wait: 5, for: [y]}}}
        teams: {crew: {people: 2, does: a}}
        """,
        engine,
    )
    assert of_items(run, "left") == [2, 7]


RANKED = """
run: {{horizon: 20}}
demand: {{x: {{at: [0], route: [a]}}, y: {{at: [0, 0.5, 2, 2.5], route: [b]}}}}
steps: {{a: {{work: 2, needs: {{from: expert, work: 1}}}}, b: {{work: 1}}}}
teams: {{A: {{people: 1, does: a}}, both: {{people: 1, does: [b, expert], tickets: {tickets}}}}}
"""


@pytest.mark.parametrize(("tickets", "started"), [("first", 1), ("with_the_rest", 2), ("last", 4)])
def test_a_team_says_how_tickets_rank_against_its_own_work(engine: str, tickets: str, started: float) -> None:
    run = play(RANKED.format(tickets=tickets), engine)
    assert times(run, "started", kind="ticket") == [started]


def test_tickets_rank_by_priority_first_whatever_the_team_says(engine: str) -> None:
    text = RANKED.format(tickets="first").replace("y: {at", "y: {priority: 1, at")
    assert times(play(text, engine), "started", kind="ticket") == [4]


def test_a_helper_is_asked_by_priority(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {low: {at: [0]}, high: {at: [0], priority: 1}}
        steps: {a: {work: 2, needs: {from: expert, work: 3}}}
        teams: {crew: {people: 2, does: a}, experts: {people: 1, does: expert}}
        """,
        engine,
    )
    assert times(run, "started", kind="ticket") == [4, 1]


def test_help_with_a_ticket_is_as_fast_as_the_helper_is(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 2, needs: {from: expert, work: 3}}}
        teams: {crew: {people: 1, does: a}, experts: {people: 1, does: {expert: 50%}}}
        """,
        engine,
    )
    assert times(run, "touch", kind="ticket") == [6]
    assert of_items(run, "left") == [8]


def test_size_multiplies_own_work_and_not_tickets_or_waits(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 1, size: 3}}
        steps:
          a: {work: 2, needs: [{from: expert, work: 1}, {outside: vendor, wait: 5, at: 100%}]}
          soak: {wait: 4}
        teams: {crew: {people: 1, does: a}, experts: {people: 1, does: expert}}
        """,
        engine,
    )
    assert times(run, "kind") == ["work", "ticket", "work", "ticket", "wait"]
    assert times(run, "finished") == [3, 4, 7, 12, 16]
