"""What a room may move: settings with their positions, those of the file or a sensible set, for the change that is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.models import Taste, documents, runnable
from vssim.analysis.interactive.sliders import MOST, Slider, sliders
from vssim.scenario import Scenario, library, load, loads, varied

STREAM = """
name: Two teams
unit: day
demand: {feature: {every: exponential(2)}, bug: {every: never}}
steps:
  develop: {work: "lognormal(mean=4, cv=0.9)"}
  test: {work: 1, wip_limit: 6, returns: {to: develop, chance: 23%, work: 40%, on_the_way: 40%}}
  release: {work: 0.1, gate: {every: 15}}
teams:
  developers: {people: 4, does: develop, multitasking: 3}
  testers: {people: 1, does: [test, release]}
handoffs: {delay: 1, into: {test: {batch: 4}}}
changes:
  limit: [{limit_wip: {steps: {develop: 5}, stream: 12}}]
  mixed: [{cross_functional_teams: {count: 2, proficiency: 65%}}]
  by hand: [{set: {steps.test.wip_limit: 3, teams.testers.people: 2, steps.test.returns.chance: 30%}}]
  both: {includes: [mixed, limit]}
"""


def moved(text: str, change: str | None = None) -> dict[str, Slider]:
    return {slider.path: slider for slider in sliders(loads(text), change)}


def of_file(*paths: str, change: str | None = None) -> dict[str, Slider]:
    return moved(f"{STREAM}\nsliders: [{', '.join(paths)}]", change)


def only(path: str, change: str | None = None) -> Slider:
    (slider,) = of_file(path, change=change).values()
    return slider


def test_a_limit_goes_from_one_to_where_it_is_no_longer_felt_and_then_to_none() -> None:
    text = STREAM.replace(", into: {test: {batch: 4}}", "")
    slider = moved(f"{text}\nsliders: [steps.develop.wip_limit]")["steps.develop.wip_limit"]
    assert slider.values == (*range(1, 13), "none"), "four people who may have three things open"
    alone = moved(f"{text.replace(', multitasking: 3', '')}\nsliders: [steps.develop.wip_limit]")["steps.develop.wip_limit"]
    assert alone.values == (1, 2, 3, 4, 5, 6, 7, 8, "none")
    assert (slider.value, slider.unit, slider.kind) == ("none", "items", "number")
    assert slider.words[-1] == "no limit"
    assert slider.label == "Develop: WIP limit"


def test_a_limit_that_is_high_is_not_the_end_of_its_positions() -> None:
    assert only("steps.test.wip_limit").values == (*range(1, 13), "none")


def test_people_reach_to_twice_as_many_and_at_least_three() -> None:
    assert only("teams.developers.people").values == (1, 2, 3, 4, 5, 6, 7, 8)
    assert only("teams.testers.people").values == (1, 2, 3)
    assert only("teams.testers.people").label == "Testers: people"


def test_a_cadence_takes_the_steps_of_a_calendar_and_the_one_that_stands_there() -> None:
    slider = only("steps.release.gate.every")
    assert slider.values == (1, 2, 5, 10, 15, 20, 40, 60)
    assert (slider.value, slider.unit, slider.label) == (15, "days", "Release: open every")


def test_a_share_is_written_with_its_percent_and_what_stands_there_is_among_its_positions() -> None:
    slider = only("steps.test.returns.chance")
    assert (slider.kind, slider.value, slider.unit) == ("share", "23%", "")
    assert slider.values[:7] == ("0%", "5%", "10%", "15%", "20%", "23%", "30%")
    assert slider.values[-1] == "100%"
    assert slider.words[5] == "23 %"
    assert only("steps.test.returns.work").value == "40%"


def test_a_distribution_keeps_its_shape_and_the_room_reads_its_mean() -> None:
    slider = only("steps.develop.work")
    assert slider.value == "lognormal(mean=4, cv=0.9)"
    assert slider.values[:3] == (0, "lognormal(mean=1, cv=0.9)", "lognormal(mean=2, cv=0.9)")
    assert slider.words[:3] == ("0", "1", "2")
    assert slider.kind == "choice"
    assert slider.unit == "days"


def test_the_time_between_arrivals_is_never_none() -> None:
    slider = only("demand.feature.every")
    assert (slider.values[0], slider.words[0], slider.label) == ("exponential(mean=1)", "1", "Feature: a new one every")


def test_words_are_a_choice() -> None:
    slider = only("discipline")
    assert (slider.kind, slider.value, slider.words[2]) == ("choice", "fifo", "shortest first")


def test_what_cannot_be_moved_is_left_out() -> None:
    assert of_file("demand.bug.every", "demand.bug.due", "steps.develop.wip_limit").keys() == {"steps.develop.wip_limit"}


def test_what_a_lever_sets_anyway_is_moved_at_the_lever() -> None:
    assert only("steps.develop.wip_limit", "limit").path == "changes.limit.levers.0.limit_wip.steps.develop"
    assert only("steps.develop.wip_limit", "both").path == "changes.limit.levers.0.limit_wip.steps.develop"
    assert only("wip_limit", "limit").path == "changes.limit.levers.0.limit_wip.stream"
    people = only("teams.testers.people", "by hand")
    assert (people.path, people.value, people.label) == (
        "changes.by hand.levers.0.set.teams.testers.people",
        2,
        "Testers: people",
    )
    returned = only("steps.test.returns.chance", "by hand")
    assert (returned.value, returned.label) == ("30%", "Test: sent back")


def test_what_the_change_does_away_with_is_left_out() -> None:
    listed = ("teams.testers.people", "steps.test.wip_limit")
    assert of_file(*listed, change="mixed").keys() == {"steps.test.wip_limit"}
    assert of_file(*listed).keys() == set(listed)


def test_a_setting_of_a_change_that_is_not_looked_at_is_left_out() -> None:
    listed = ("changes.mixed.levers.0.cross_functional_teams.proficiency", "steps.test.wip_limit")
    assert of_file(*listed, change="limit").keys() == {"steps.test.wip_limit"}
    assert of_file(*listed).keys() == {"steps.test.wip_limit"}
    assert of_file(*listed, change="both").keys() == set(listed)
    assert only(listed[0], "mixed").value == "65%"


def test_the_same_lever_of_the_change_that_is_looked_at_takes_the_place_of_another_changes() -> None:
    text = STREAM.replace("by hand:", "four: [{cross_functional_teams: {count: 2, proficiency: 90%}}]\n  by hand:", 1)
    text += "sliders: [changes.mixed.levers.0.cross_functional_teams.proficiency]"
    (slider,) = moved(text, "four").values()
    assert (slider.path, slider.value) == ("changes.four.levers.0.cross_functional_teams.proficiency", "90%")


def test_what_moves_nothing_under_the_change_is_left_out() -> None:
    text = STREAM.replace("changes:", "changes:\n  one: [stop_multitasking]", 1)
    text += "sliders: [teams.developers.multitasking, steps.test.wip_limit]"
    assert "teams.developers.multitasking" in moved(text)
    assert moved(text, "one").keys() == {"steps.test.wip_limit"}


def test_a_limit_that_would_leave_a_batch_no_room_is_no_position() -> None:
    assert only("steps.test.wip_limit").values[0] == 1
    assert only("steps.develop.wip_limit").values[:2] == (4, 5)
    assert only("handoffs.into.test.batch", "limit").values == (1, 2, 3, 4, 5)


def limited(found: dict[str, Slider]) -> list[str]:
    return [path for path in found if path.startswith("steps.") and path.endswith("wip_limit")]


def test_a_file_that_lists_none_gets_a_sensible_set_busiest_first() -> None:
    found = moved(STREAM)
    assert len(found) <= MOST
    assert limited(found) == ["steps.develop.wip_limit", "steps.test.wip_limit"]
    assert limited(moved(STREAM.replace("test: {work: 1,", "test: {work: 1.5,")))[0] == "steps.test.wip_limit"
    assert next(path for path in found if path.endswith("people")) == "teams.testers.people"
    assert {"wip_limit", "steps.develop.wip_limit", "teams.developers.multitasking", "steps.release.gate.every"} <= set(found)
    assert {"handoffs.into.test.batch", "steps.test.returns.0.chance"} <= set(found)


def test_a_sensible_set_begins_with_what_the_change_is_about() -> None:
    first, second, *_ = moved(STREAM, "mixed").values()
    assert first.label == "How fast people are at a craft that is not theirs"
    assert second.path.startswith("changes.mixed.levers.0.")
    assert not any(path.startswith("teams.") for path in moved(STREAM, "mixed"))


@settings(max_examples=25)
@given(documents(Taste(finite=False, changes=True)), st.booleans())
def test_any_scenario_has_sliders_of_which_every_position_loads(document: dict[str, Any], changed: bool) -> None:
    scenario = runnable(document)
    assume(scenario is not None)
    assert scenario is not None
    change = "new" if changed else None
    found = sliders(scenario, change)
    assert len(found) <= MOST
    for slider in found:
        assert slider.value in slider.values
        for value in slider.values:
            assert varied(scenario, [(slider.path, value)], change, "slider").plan(change).phases


def every_slider(name: str) -> dict[tuple[str, str], tuple[Scenario, str | None, Slider]]:
    scenario = load(name)
    return {
        (slider.path, str(slider.values)): (scenario, change, slider)
        for change in (None, *scenario.changes)
        for slider in sliders(scenario, change)
    }


@pytest.mark.parametrize("name", library.all_names())
def test_every_position_of_every_slider_of_the_library_gives_a_scenario_that_loads(name: str) -> None:
    found = every_slider(name)
    assert found
    for scenario, change, slider in found.values():
        assert slider.label
        assert len(slider.label) <= 80
        assert len(slider.values) == len(slider.words) == len(set(slider.values)) >= 2
        for value in slider.values:
            assert varied(scenario, [(slider.path, value)], change, "slider").plan(change).phases


@pytest.mark.parametrize("name", library.all_names())
def test_the_position_that_stands_there_now_changes_nothing(name: str) -> None:
    for scenario, change, slider in every_slider(name).values():
        assert slider.value in slider.values
        assert varied(scenario, [(slider.path, slider.value)], change, "slider").plan(change) == scenario.plan(change)
