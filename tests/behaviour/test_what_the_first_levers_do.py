"""What the levers that people try first do to a stream that is small enough to reckon by hand."""

from __future__ import annotations

from typing import Any

from tests.support.before_after import pulled

TWO_TEAMS: dict[str, Any] = {
    "demand": {"feature": {"backlog": 3}},
    "steps": {"make": 1, "check": 1},
    "teams": {"make": 1, "check": 1},
}
ONE_PERSON = {**TWO_TEAMS, "teams": {"crew": {"people": 1, "does": ["make", "check"]}}}


def test_a_limit_shortens_cycle_time_and_leaves_a_pure_queue_as_slow_to_the_customer(engine: str) -> None:
    backlog = {"demand": {"feature": {"backlog": 4}}, "steps": {"make": 2, "check": 1}}
    found = pulled(engine, {"limit_wip": {"stream": 2}}, **{**TWO_TEAMS, **backlog})
    assert found.of_items("left") == ([3, 5, 7, 9], [3, 5, 7, 9])
    assert found.of_items("pulled") == ([0, 0, 0, 0], [0, 0, 3, 5])


def test_who_stops_multitasking_is_done_with_the_first_in_half_the_time_and_with_the_last_as_soon(engine: str) -> None:
    crew = {"crew": {"people": 1, "does": "do", "multitasking": 2}}
    found = pulled(engine, "stop_multitasking", demand={"feature": {"backlog": 2}}, steps={"do": 2}, teams=crew)
    assert found.of_items("left") == ([4, 4], [2, 4])


def test_single_pieces_do_not_wait_for_the_rest_of_their_batch(engine: str) -> None:
    found = pulled(engine, "single_piece_flow", **TWO_TEAMS, handoffs={"batch": 3})
    assert found.of_items("left") == ([4, 5, 6], [2, 3, 4])


def test_who_finishes_first_delivers_the_first_sooner_and_the_last_as_soon(engine: str) -> None:
    found = pulled(engine, "finish_first", **ONE_PERSON)
    assert found.of_items("left") == ([4, 5, 6], [2, 4, 6])


def test_a_cross_functional_team_has_no_wall_to_hand_over(engine: str) -> None:
    walls = {**TWO_TEAMS, "demand": {"feature": {"at": [0]}}, "handoffs": {"delay": 5}}
    found = pulled(engine, {"cross_functional_teams": {"count": 1, "proficiency": "100%"}}, **walls)
    assert found.of_items("left") == ([7], [2])


def test_soft_handoffs_take_half_the_time(engine: str) -> None:
    walls = {**TWO_TEAMS, "demand": {"feature": {"at": [0]}}, "handoffs": {"delay": 4}}
    found = pulled(engine, {"soften_handoffs": {"delay": "50%"}}, **walls)
    assert found.of_items("left") == ([6], [4])


def test_what_is_set_is_what_is_played(engine: str) -> None:
    assert pulled(engine, {"set": {"steps.do.work": 3}}).of_items("left") == ([1], [3])
