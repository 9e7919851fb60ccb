"""Absences that are spread: nobody is away for less time, and no step is without its people where it need not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import vssim
from tests.support.running import text_of
from vssim.model.model import Model
from vssim.model.staffing import steps_of

STREAM: dict[str, Any] = {
    "start": "2026-06-01",
    "run": {"horizon": 100, "replications": 5},
    "demand": {"item": {"every": 2}},
    "steps": {"build": {"work": 1}, "test": {"work": 1}},
}


def spread(teams: dict[str, Any], lever: Any = "stagger_holidays") -> tuple[Model, Model, list[str]]:
    """The organisation before and after, and what the lever says."""
    scenario = vssim.loads(text_of({**STREAM, "teams": teams, "changes": {"spread": [lever]}}))
    plan = scenario.plan("spread")
    assert vssim.loads(text_of(scenario.document())).document() == scenario.document()
    return scenario.model, plan.phases[-1].model, list(plan.notes)


def away(model: Model, team: str) -> float:
    """Days of absence of a team."""
    (group,) = model.teams[team].groups
    people = [int(group.count) if each.people == "all" else each.people for each in group.absences]
    return sum(many * (each.to - each.from_) for many, each in zip(people, group.absences, strict=True))


def fewest(model: Model, team: str) -> int:
    (group,) = model.teams[team].groups
    return min(count for _, count in steps_of(group.present))


BOTH: dict[str, Any] = {"people": 2, "does": "test", "absences": [{"from": "2026-07-06", "to": "2026-07-17", "people": 2}]}
OVERLAP = {"people": 2, "does": "build", "absences": [{"from": 20, "to": 30}, {"from": 25, "to": 35}]}


@pytest.mark.parametrize("people", [2, "all"])
def test_one_goes_when_the_other_is_back(people: Any) -> None:
    tester = {**BOTH, "absences": [{**BOTH["absences"][0], "people": people}]}
    before, after, _ = spread({"builders": {"people": 3, "does": "build"}, "testers": tester})
    assert (fewest(before, "testers"), fewest(after, "testers")) == (0, 1)
    assert away(after, "testers") == away(before, "testers") == 20
    first, second = after.teams["testers"].absences
    assert (first.from_, first.to) == (25, 35)
    assert {second.from_, second.to} in ({15, 25}, {35, 45})  # just before, or just after


def test_absences_that_overlap_are_moved_as_little_as_need_be() -> None:
    _, after, _ = spread({"builders": OVERLAP, "testers": {"people": 1, "does": "test"}})
    assert [(each.from_, each.to) for each in after.teams["builders"].absences] == [(20, 30), (30, 40)]


def test_more_who_are_to_be_here_spreads_them_further() -> None:
    three = {"people": 3, "does": "build", "absences": [{"from": 20, "to": 30, "people": 2}]}
    teams = {"builders": three, "testers": {"people": 1, "does": "test"}}
    _, after, notes = spread(teams)
    assert after.teams["builders"].absences == vssim.loads(text_of({**STREAM, "teams": teams})).teams["builders"].absences
    assert any("changes nothing in this model" in note for note in notes)
    _, after, _ = spread(teams, {"stagger_holidays": {"least": 2}})
    assert fewest(after, "builders") == 2


def test_another_team_that_does_the_step_is_enough() -> None:
    teams = {"builders": {"people": 3, "does": ["build", "test"]}, "testers": BOTH}
    _, after, notes = spread(teams)
    assert fewest(after, "testers") == 0
    assert any("changes nothing in this model" in note for note in notes)


def test_who_is_alone_keeps_his_dates() -> None:
    alone = {"people": 1, "does": "test", "absences": [{"from": 25, "to": 35}]}
    before, after, _ = spread({"builders": {"people": 3, "does": "build"}, "testers": alone})
    assert after == before


def test_a_table_of_absences_means_the_list_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "away.csv").write_text(
        "Team,from,Until,people\ndev,2026-07-06,2026-07-17,2\nqa,2026-07-06,2026-07-10,\ndev,40,45,all\n", "utf-8"
    )
    asked = {"file": "away.csv", "only": {"Team": "dev"}, "to": "Until"}
    groups = [{"count": 2, "does": "build", "absences": asked}, {"count": 1, "does": "test"}]
    for teams in (
        {"dev": {"people": 2, "does": "build", "absences": asked}, "qa": {"people": 1, "does": "test"}},
        {"dev": {"people": groups}},
    ):
        (tmp_path / "s.yaml").write_text(text_of({**STREAM, "teams": teams}), encoding="utf-8")
        absences = vssim.load(str(tmp_path / "s.yaml")).teams["dev"].groups[0].absences
        assert [(each.from_, each.to, each.people) for each in absences] == [(25, 35, 2), (40, 45, "all")]


@pytest.mark.parametrize(
    ("table", "asked", "expected"),
    [
        ("from,to\n2026-07-06,2026-07-17\n", {"too": "to"}, "did you mean 'to'"),
        ("from,until\n2026-07-06,2026-07-17\n", {}, r"no column for to.*a column of away.csv for it: from, until"),
        ("from,to,people\n2026-07-06,2026-07-17,-1\n", {}, r"away.csv:2.*a number of at least 0"),
        ("from,to\n6 July,2026-07-17\n", {}, r"away.csv:2.*a date such as"),
        ("from,to,people\n2026-07-06,2026-07-17,3\n", {}, "at most the 2 people that there are in an absence"),
        ("from,to\n2026-07-17,2026-07-06\n", {}, "an absence that ends after it begins"),
    ],
)
def test_what_is_wrong_with_a_table_of_absences_is_said(tmp_path: Path, table: str, asked: Any, expected: str) -> None:
    (tmp_path / "away.csv").write_text(table, encoding="utf-8")
    teams = {"dev": {"people": 2, "does": ["build", "test"], "absences": {"file": "away.csv", **asked}}}
    (tmp_path / "s.yaml").write_text(text_of({**STREAM, "teams": teams}), encoding="utf-8")
    with pytest.raises(vssim.ScenarioError, match=expected):
        vssim.load(str(tmp_path / "s.yaml"))
