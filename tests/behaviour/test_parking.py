"""Parked needs: a shelved item gives up its places, and needs them again to come back."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times

SHELF = """
run: {{horizon: 40}}
demand: {{item: {{backlog: {backlog}}}}}
steps:
  a: {{work: 2, wip_limit: {step}, needs: {{outside: vendor, wait: {wait}, at: 50%, parks: {parks}}}}}
teams: {{crew: {{people: 1, does: a, wip_limit: {team}}}}}
"""


def shelf(backlog: int, wait: float, step: str = "none", team: str = "none", *, parks: bool = True) -> str:
    return SHELF.format(backlog=backlog, wait=wait, step=step, team=team, parks=str(parks).lower())


def test_a_parked_item_gives_its_place_to_another(engine: str) -> None:
    run = play(shelf(2, 3, step="1"), engine)
    assert of_items(run, "pulled") == [0, 1]
    assert of_items(run, "left") == [5, 6]


def test_an_item_that_is_not_parked_blocks_its_place(engine: str) -> None:
    run = play(shelf(2, 3, step="1", parks=False), engine)
    assert of_items(run, "pulled") == [0, 5]
    assert of_items(run, "left") == [5, 10]


def test_a_parked_item_comes_back_when_the_step_has_room_and_before_new_ones(engine: str) -> None:
    run = play(shelf(4, 1.5, step="1"), engine)
    # waits end at 2.5, 3.5 and 4.5; the only place is free at 3, 4, 5 and 6
    assert of_items(run, "pulled") == [0, 1, 2, 6]
    assert times(run, "finished", kind="ticket") == [2.5, 3.5, 4.5, 8.5]
    assert times(run, "entered", kind="work")[1::2] == [3, 4, 5, 8.5]
    assert of_items(run, "left") == [4, 5, 6, 9.5]


def test_a_parked_item_frees_its_team_and_comes_back_when_the_team_has_room(engine: str) -> None:
    run = play(shelf(4, 1.5, team="1"), engine)
    assert of_items(run, "pulled") == [0, 0, 0, 0]
    assert times(run, "started", kind="work")[0::2] == [0, 1, 2, 6]
    assert times(run, "started", kind="work")[1::2] == [3, 4, 5, 8.5]


def test_a_parked_item_keeps_its_place_in_the_stream(engine: str) -> None:
    run = play(shelf(2, 3) + "wip_limit: 1\n", engine)
    assert of_items(run, "pulled") == [0, 5]


def test_a_parked_item_keeps_its_owner(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 2, needs: {outside: vendor, wait: 3, parks: true}}}
        teams: {busy: {people: 1, does: a}, idle: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "owner", kind="work") == ["busy", "busy"]


@pytest.mark.parametrize(("limit", "pulled"), [("1", [0, 1]), ("none", [0, 0])])
def test_an_item_with_nothing_left_to_do_finishes_as_it_comes_back(engine: str, limit: str, pulled: list[float]) -> None:
    run = play(
        f"""
        run: {{horizon: 20}}
        demand: {{item: {{backlog: 2}}}}
        steps: {{a: {{work: 1, wip_limit: {limit}, needs: {{outside: vendor, wait: 3, at: 100%, parks: true}}}}}}
        teams: {{crew: {{people: 1, does: a}}}}
        """,
        engine,
    )
    assert of_items(run, "pulled") == pulled
    assert of_items(run, "left") == [4, 5]
    assert times(run, "touch", item=0) == [1, 0, 0]


def test_an_expedited_item_comes_back_room_or_not(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {rush: {at: [0], expedite: true}, normal: {at: [0]}}
        steps: {a: {work: 5, wip_limit: 1, needs: {outside: vendor, wait: 1, parks: true, for: rush}}}
        teams: {crew: {people: 2, does: a}}
        """,
        engine,
    )
    # the rushed item is parked from 2.5 to 3.5; the normal one takes its place meanwhile
    assert times(run, "entered", type="normal") == [2.5]
    assert times(run, "entered", type="rush", kind="work") == [0, 3.5]


def test_an_item_that_parks_first_gives_up_its_place_as_it_enters(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 1, wip_limit: 1, needs: {outside: vendor, wait: 3, at: 0%, parks: true}}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 0]
    assert of_items(run, "left") == [4, 5]
