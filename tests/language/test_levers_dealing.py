"""Cross-functional teams: the same people, dealt out craft by craft, round and round."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.organisations import organisation, organisations
from vssim.model.levers.walls import CrossFunctionalTeams
from vssim.model.model import Model
from vssim.model.teams import Improvement, Swarming, Team

SILOS = {
    "analysts": {"people": 3, "does": "analyse"},
    "developers": {"people": 7, "does": "develop"},
    "testers": {"people": 4, "does": ["test", "release"]},
    "platform": {"people": 1, "does": "platform"},
}
STEPS = {"analyse": 2, "develop": {"work": 4, "needs": {"from": "platform", "work": 1}}, "test": 1, "release": 0.1}


def silos(**teams: Any) -> Model:
    return organisation(steps=STEPS, teams={name: SILOS[name] | teams.get(name, {}) for name in SILOS})


def dealt(model: Model, **parameters: Any) -> dict[str, Team]:
    return CrossFunctionalTeams(**parameters).apply(model).teams


def crafts(team: Team) -> list[tuple[int, list[str]]]:
    return [(int(group.count), list(group.does)) for group in team.groups]


def test_each_craft_goes_round_the_teams_and_goes_on_where_the_one_before_stopped() -> None:
    teams = dealt(silos(), count=3)
    assert [crafts(teams[f"team {number}"]) for number in (1, 2, 3)] == [
        [(1, ["analyse"]), (3, ["develop"]), (1, ["test", "release"])],
        [(1, ["analyse"]), (2, ["develop"]), (2, ["test", "release"])],
        [(1, ["analyse"]), (2, ["develop"]), (1, ["test", "release"])],
    ]


def test_people_do_their_own_craft_and_help_at_their_mates() -> None:
    developers = dealt(silos(), count=3, proficiency=0.6)["team 1"].groups[1]
    assert developers.does == {"develop": 1}
    assert developers.helps == {"analyse": 0.6, "test": 0.6, "release": 0.6}


def test_teams_that_are_not_named_stay_and_the_new_ones_stand_where_the_first_stood() -> None:
    assert list(dealt(silos(), count=2)) == ["team 1", "team 2", "platform"]
    named = CrossFunctionalTeams(teams=("developers", "testers"), count=2).apply(silos())
    assert list(named.teams) == ["analysts", "team 1", "team 2", "platform"]
    assert named.teams["analysts"] == silos().teams["analysts"]


def test_there_are_as_many_teams_as_the_rarest_craft_has_people_unless_said() -> None:
    assert len(dealt(silos())) == 3 + 1
    assert len(dealt(silos(), count=2)) == 2 + 1


def test_a_missing_craft_is_covered_by_everybody_in_the_team() -> None:
    team = dealt(silos(), count=4, proficiency=0.5)["team 4"]
    assert crafts(team) == [(2, ["develop", "analyse"]), (1, ["test", "release", "analyse"])]
    assert team.groups[0].does == {"develop": 1, "analyse": 0.5}
    assert team.groups[0].helps == {"test": 0.5, "release": 0.5}


def test_a_missing_craft_is_handed_off_when_told_so() -> None:
    team = dealt(silos(), count=4, missing_craft="hand_off")["team 4"]
    assert not any("analyse" in group.does or "analyse" in group.helps for group in team.groups)


def test_who_helps_already_and_better_keeps_doing_so() -> None:
    teams = dealt(silos(developers={"helps": {"test": 0.9, "analyse": 0.2, "platform": 0.3}}), count=3)
    assert teams["team 1"].groups[1].helps == {"test": 0.9, "analyse": 0.7, "platform": 0.3, "release": 0.7}


def test_the_same_craft_of_two_teams_is_one_craft() -> None:
    model = organisation(teams={"red": {"people": 1, "does": "develop"}, "blue": {"people": 1, "does": "develop"}, "test": 2})
    assert [crafts(team) for team in dealt(model, count=2).values()] == [[(1, ["develop"]), (1, ["test"])]] * 2


def test_limits_are_added_up_and_dealt() -> None:
    limits = {"analysts": {"wip_limit": 4}, "developers": {"wip_limit": 9}, "testers": {"wip_limit": 1}}
    assert [team.wip_limit for team in dealt(silos(**limits), count=3).values()] == [5, 5, 4, None]
    assert [team.wip_limit for team in dealt(silos(**limits | {"testers": {}}), count=3).values()] == [None] * 4


def test_every_new_team_has_room_for_one_item_at_least() -> None:
    limits = {name: {"wip_limit": 1} for name in ("analysts", "developers", "testers")}
    assert [team.wip_limit for team in dealt(silos(**limits), count=5).values()] == [1, 1, 1, 1, 1, None]


def test_people_bring_their_pace_along() -> None:
    model = silos(
        developers={"meetings": 0.2, "switching_cost": 0.1, "multitasking": 3, "coordination": 0.07, "pull": "oldest_first"},
        analysts={"improvement": {"share": 0.1, "gain": 0.2, "within": 50}, "swarming": {"help": 0.4}},
    )
    team = dealt(model, count=3, coordination=0.01)["team 2"]  # one analyst, two developers, two testers
    assert team.meetings == pytest.approx(0.2 * 2 / 5)
    assert team.switching_cost == pytest.approx(0.1 * 2 / 5)
    assert team.multitasking == pytest.approx((3 * 2 + 3) / 5)
    assert team.coordination == pytest.approx(0.07 * 2 / 5 + 0.01)
    assert team.improvement == Improvement(share=0.1 / 5, gain=0.2 / 5, within=50)
    assert team.swarming == Swarming(help=0.4)
    assert team.pull == "fifo"


def test_what_all_have_alike_is_kept_to_the_bit() -> None:
    alike = {name: {"meetings": 0.1, "improvement": {"share": 1 / 3}, "efficiency": [1, 0.8]} for name in SILOS}
    before, after = silos(**alike), dealt(silos(**alike), count=3)["team 1"]
    assert (after.meetings, after.improvement, after.efficiency) == (0.1, before.teams["testers"].improvement, (1, 0.8))


def test_more_teams_than_people_are_not_made() -> None:
    lever = CrossFunctionalTeams(teams=("analysts",), count=5)
    assert len(lever.apply(silos()).teams) == 3 + 3
    assert lever.missing(silos()) == ["3 people make 3 teams, not 5"]


def test_unlimited_people_cannot_be_dealt_out() -> None:
    model = silos(analysts={"people": "unlimited"})
    lever = CrossFunctionalTeams(count=2)
    assert list(lever.apply(model).teams) == ["analysts", "team 1", "team 2", "platform"]
    assert lever.missing(model) == ["analysts has unlimited people and stays as it is"]


def test_more_people_than_can_be_dealt_one_by_one_stay_as_they_are() -> None:
    model = silos(analysts={"people": 10_001})
    lever = CrossFunctionalTeams()
    assert "analysts" in lever.apply(model).teams
    assert lever.missing(model) == ["analysts has more than 10,000 people and stays as it is"]


def test_new_teams_take_no_name_that_was_there_before() -> None:
    model = organisation(teams={"team 1": {"people": 2, "does": "develop"}, "team 3": {"people": 2, "does": "test"}})
    assert list(dealt(model, count=2)) == ["team 2", "team 4"]


@given(organisations(), st.integers(1, 8))
def test_dealing_keeps_all_people_and_makes_teams_as_even_as_can_be(model: Model, count: int) -> None:
    lever = CrossFunctionalTeams(count=count)
    after = lever.apply(model)
    new = [team for name, team in after.teams.items() if name not in model.teams]
    sizes = [team.headcount or 0 for team in new]
    assert sum(sizes) == sum(team.headcount or 0 for name, team in model.teams.items() if name != "helpers")
    assert max(sizes) - min(sizes) <= 1
    assert all(set(after.skills()) >= set(group.does) for team in new for group in team.groups)


@given(organisations(), st.integers(1, 8))
def test_every_craft_is_spread_evenly(model: Model, count: int) -> None:
    after = CrossFunctionalTeams(count=count, missing_craft="hand_off").apply(model)
    new = [team for name, team in after.teams.items() if name not in model.teams]
    for craft in {tuple(group.does.items()) for name, team in model.teams.items() if name != "helpers" for group in team.groups}:
        crafts_alike = {
            tuple(group.helps.items())
            for team in model.teams.values()
            for group in team.groups
            if tuple(group.does.items()) == craft
        }
        have = Counter(
            {number: sum(int(g.count) for g in team.groups if tuple(g.does.items()) == craft) for number, team in enumerate(new)}
        )
        assert max(have.values()) - min(have.values()) <= len(crafts_alike)


@given(organisations(), st.integers(1, 8))
def test_a_team_that_covers_can_do_whatever_the_old_teams_did(model: Model, count: int) -> None:
    after = CrossFunctionalTeams(count=count).apply(model)
    done = {skill for name, team in model.teams.items() if name != "helpers" for group in team.groups for skill in group.does}
    for name, team in after.teams.items():
        if name not in model.teams:
            assert {skill for group in team.groups for skill in group.does} == done
