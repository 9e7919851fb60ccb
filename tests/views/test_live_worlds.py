"""A room asks for another world: both boards and the answer are of it, its figures are told, and the address leads back to it."""

from __future__ import annotations

import pytest

from vssim.errors import UsageError
from vssim.play.worlds import worlds_of
from vssim.scenario.workshop import workshop
from vssim.views.live.room import messages, telling
from vssim.views.live.room.clock import Clock
from vssim.views.live.room.setup import Setup, address, fulfilled, opened, restored

RELEARNING = "handoffs.relearning"


@pytest.fixture(scope="module")
def room() -> Setup:
    """A scenario of which something is not known, as it was opened."""
    return opened(workshop("silos_ranges"))


def asked(setup: Setup, world: int | None) -> Setup:
    return fulfilled(setup, messages.World(do="world", world=world), workshop)


def told(setup: Setup) -> dict[str, object]:
    return telling.room(setup, version=1, chart="lucks", clock=Clock(), guess=None)


def test_both_sides_are_played_in_the_world_that_is_asked_for(room: Setup) -> None:
    known = worlds_of(room.scenario, ())
    assert known is not None
    third = asked(room, 2)
    assert third.scenario.model == known.world(2).model
    assert third.scene.left.key != room.scene.left.key
    assert third.scene.left.plan.phases[0].model == known.world(2).model
    assert third.number == room.number
    assert asked(third, None).scene.left.key == room.scene.left.key


def test_the_room_is_told_which_world_it_is_and_what_is_so_in_it(room: Setup) -> None:
    assert told(room)["world"] == {"number": None, "facts": []}
    world = told(asked(room, 0))["world"]
    assert isinstance(world, dict)
    assert world["number"] == 0
    assert len(world["facts"]) == 7
    assert any(fact.startswith("Handoffs: work to learn it again: ") and fact.endswith(" %") for fact in world["facts"])
    levers = told(asked(room, 0))["levers"]
    assert isinstance(levers, list)
    assert levers[0]["label"] == "cross functional teams: count 3, proficiency 0.718"
    assert told(opened(workshop("silos")))["world"] is None


def test_sliders_stand_where_the_world_has_them(room: Setup) -> None:
    moved = room.moved(room.sliders[0].path, 0)
    third = asked(moved, 2)
    assert third.arrangement.moved == ()
    for slider in third.sliders:
        assert slider.values[third.position(slider)] == slider.value


def test_another_change_stays_in_the_world_and_its_round_is_found(room: Setup) -> None:
    for world in (None, 3):
        other = fulfilled(room if world is None else asked(room, world), messages.Change(do="change", name="limit WIP"), workshop)
        assert (other.world, other.number > 0) == (world, True)


def test_the_address_leads_back_to_the_world(room: Setup) -> None:
    where = address(asked(room, 5), "lucks", held_back=False)
    assert "world=5" in where
    again = restored(where, workshop)
    assert again is not None
    assert again.world == 5
    assert again.scene.left.key == asked(room, 5).scene.left.key
    assert restored(where.replace("world=5", "world=99999999"), workshop) is not None


def test_where_everything_is_known_there_is_no_other_world() -> None:
    with pytest.raises(UsageError, match="no other world"):
        asked(opened(workshop("silos")), 1)
