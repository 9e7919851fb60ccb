"""The workshops of the library: complete, of a length that a room bears, and every guess is settled by a claim that is tested."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

import vssim
from tests.interface.commands import vssim as run
from vssim.catalogue import unit_of
from vssim.scenario import Bound, library
from vssim.scenario.workshop import Leg, workshop

WORKSHOPS = ("workshop/stop-starting", "workshop/dissolve-the-silos", "workshop/games")
LEGS = [pytest.param(leg, id=f"{name}: {leg.title}") for name in WORKSHOPS for leg in workshop(library.path(name)).rounds]

MOST_ITEMS = 300
"""Items of one run that a board shows so that the back row can follow them."""


def bounds(leg: Leg) -> Mapping[Literal["at_most", "at_least", "within"], Bound]:
    """What is claimed of the metric that the room guesses."""
    return next(
        claim.bounds
        for claim in leg.scenario.claims
        if (claim.change, claim.against, claim.metric) == (leg.change, leg.against, leg.reveal[0])
    )


@pytest.mark.parametrize("name", WORKSHOPS)
def test_a_workshop_takes_twenty_to_forty_minutes(name: str) -> None:
    found = workshop(name)
    assert found.minutes is not None
    assert 20 <= found.minutes <= 40
    assert len(found.rounds) >= 3
    assert len(found.notes.split()) >= 60


@pytest.mark.parametrize("leg", LEGS)
def test_a_round_asks_has_something_to_discuss_and_tells_the_facilitator_what_to_do(leg: Leg) -> None:
    assert leg.title
    assert leg.question.endswith("?")
    assert leg.discuss
    assert all("?" in text for text in leg.discuss)
    assert len(leg.notes.split()) >= 15


@pytest.mark.parametrize("leg", LEGS)
def test_the_room_guesses_how_long_the_typical_item_takes(leg: Leg) -> None:
    assert leg.reveal[0] == "lead_time.p50"
    assert all(unit_of(metric) for metric in leg.reveal)


@pytest.mark.parametrize("leg", LEGS)
def test_what_is_revealed_is_claimed_and_so_tested_on_any_seed(leg: Leg) -> None:
    assert bounds(leg)


@pytest.mark.parametrize("leg", LEGS)
def test_the_run_that_a_room_sees_first_goes_the_way_that_is_claimed(leg: Leg) -> None:
    before, after = (
        vssim.simulate(leg.scenario, None if change == "baseline" else change).metrics()["lead_time.p50"]
        for change in (leg.against, leg.change)
    )
    assert before is not None
    assert after is not None
    claimed = bounds(leg)
    if "within" in claimed:
        assert after == pytest.approx(before, rel=0.1)
    else:
        assert (after < before) == ("at_most" in claimed)
        assert after != pytest.approx(before, rel=0.05)


@pytest.mark.parametrize("leg", LEGS)
def test_a_board_of_a_workshop_can_be_read_from_the_back_row(leg: Leg) -> None:
    assert 60 <= leg.scenario.run.horizon <= 250
    assert len(leg.scenario.steps) <= 6
    assert len(vssim.simulate(leg.scenario, None).items) <= MOST_ITEMS


@pytest.mark.parametrize("name", WORKSHOPS)
def test_a_workshop_that_was_begun_from_the_library_can_be_played_elsewhere(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "mine.yaml"
    assert run("new", str(copy), "--from", name).code == 0
    assert [leg.scenario for leg in workshop(copy).rounds] == [leg.scenario for leg in workshop(name).rounds]


def test_the_report_of_a_workshop_keeps_what_is_for_the_facilitator_alone(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert run("report", "workshop/games", "-o", str(page), "--replications", "2", "--jobs", "1").code == 0
    text = page.read_text(encoding="utf-8")
    assert workshop("workshop/games").scenario.name in text
    assert "About 40 minutes on the screen" not in text
    assert "the guesses are nearly always too timid" not in text


def test_a_small_scenario_that_only_serves_the_games_is_played_in_them() -> None:
    others = {name for name in library.all_names() if name.startswith("workshop/")} - set(WORKSHOPS)
    played = {leg.scenario.name for leg in workshop("workshop/games").rounds}
    assert {vssim.load(name).name for name in others} <= played
