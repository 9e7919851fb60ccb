"""Money: what is paid and earned, each figure worked out by hand; it is counted and steers nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.logs import Item, log_of, work
from tests.support.running import ENGINES, play
from vssim.errors import ScenarioError, UsageError
from vssim.log import Log
from vssim.metrics import measure
from vssim.metrics.breakeven import course
from vssim.metrics.money import cash
from vssim.model.terms import Money, Stream, Terms
from vssim.views.money import paid_back

STREAM: dict[str, Any] = {
    "currency": "EUR",
    "run": {"horizon": 100, "replications": 3},
    "demand": {"feature": {"every": 4, "value": 1000}},
    "steps": {"make": {"work": 2}, "check": {"work": 1}},
    "teams": {"makers": {"people": 2, "does": "make", "cost": 100}, "checkers": {"people": 1, "does": "check", "cost": 50}},
    "changes": {
        "more people": {"from": 40, "levers": [{"add_people": {"teams": {"makers": 1}}}]},
        "fewer meetings": {"levers": ["cut_meetings"]},
        "a tool": {"from": 20, "cost": {"once": 3000, "running": 10}, "levers": [{"set": {"steps.make.work": 1}}]},
        "both": {"includes": {"a tool": 20, "more people": 60}, "cost": {"once": 7}},
        "teams of all": {"levers": [{"cross_functional_teams": {"count": 1}}]},
    },
}


def scenario(**more: Any) -> vssim.Scenario:
    return vssim.loads({**STREAM, **more})


def money_of(change: str | None, **more: Any) -> Money:
    found = scenario(**more).plan(change).terms.money
    assert found is not None
    return found


def log_with(money: Money, *items: Item, horizon: float = 100, **stream: Any) -> Log:
    return replace(log_of(*items, horizon=horizon, **stream), terms=Terms(money=money))


def delivered(at: float, **more: Any) -> Item:
    return Item(visits=[work("develop", at - 1, at - 1, at)], **more)


# --- what is paid ---


def test_people_cost_by_the_person_and_the_unit_of_time() -> None:
    assert money_of(None).spending == ((0.0, 250.0),)


def test_newcomers_cost_like_those_they_join_from_the_day_they_come() -> None:
    assert money_of("more people").spending == ((0.0, 250.0), (40.0, 350.0))


def test_cutting_meetings_costs_nothing() -> None:
    assert money_of("fewer meetings") == money_of(None)


def test_a_change_costs_once_on_its_day_and_then_by_the_unit_of_time() -> None:
    found = money_of("a tool")
    assert (found.spending, found.once) == (((0.0, 250.0), (20.0, 260.0)), ((20.0, 3000.0),))


def test_what_a_change_includes_costs_too_each_on_its_day() -> None:
    found = money_of("both")
    assert found.spending == ((0.0, 250.0), (20.0, 260.0), (60.0, 360.0))
    assert sorted(found.once) == [(20.0, 7.0), (20.0, 3000.0)]


def test_people_by_date_cost_from_the_day_they_are_there_and_who_is_away_costs_too() -> None:
    teams = {
        "makers": {"people": {0: 2, 30: 3}, "does": "make", "cost": 100, "absences": [{"from": 10, "to": 20}]},
        "checkers": {"people": 1, "does": "check", "cost": 50},
    }
    assert money_of(None, teams=teams).spending == ((0.0, 250.0), (30.0, 350.0))
    assert money_of("teams of all", teams=teams).spending == ((0.0, 250.0), (30.0, 350.0))


def test_people_take_their_cost_along_and_what_they_cost_deals_nobody_elsewhere() -> None:
    assert money_of("teams of all").spending == ((0.0, 250.0),)
    dear = {"teams": {**STREAM["teams"], "checkers": {"people": 1, "does": "check", "cost": 9999}}}
    plans = [scenario(**more).plan("teams of all").phases[-1].model for more in ({}, dear)]
    sizes = [[[group.count for group in team.groups] for team in plan.teams.values()] for plan in plans]
    assert sizes[0] == sizes[1]


def test_a_group_has_the_cost_of_its_team_unless_it_says_otherwise() -> None:
    crafts = [{"count": 2, "does": "make"}, {"count": 1, "does": "check", "cost": 500}]
    assert money_of(None, teams={"crew": {"people": crafts, "cost": 10}}, changes={}).spending == ((0.0, 520.0),)


@pytest.mark.parametrize("engine", ENGINES)
def test_money_steers_nothing(engine: str) -> None:
    without = {key: value for key, value in STREAM.items() if key != "currency"}
    free = {**without, "teams": {"makers": {"people": 2, "does": "make"}, "checkers": {"people": 1, "does": "check"}}}
    for change in (None, "teams of all", "more people"):
        assert play(STREAM, engine, change).visits.equals(play(free, engine, change).visits)


# --- what is earned ---


def test_value_is_earned_at_delivery_and_only_by_what_is_right() -> None:
    log = log_with(Money(((0.0, 5.0),)), delivered(9, value=100), delivered(20, value=70), delivered(30, value=7, right=0))
    found = measure.measure(log, warmup=10)
    assert (found["earned"], found["cost"], found["margin"]) == (70 / 90, 5, 70 / 90 - 5)
    assert found["cost_per_item"] == 5 * 90 / 2


def test_a_stream_of_revenue_grows_evenly_and_ends() -> None:
    money = Money(streams=(("feature", Stream(per_unit=10, ramp=4, lasts=20)),))
    log = log_with(money, delivered(10))
    moments = np.array([10.0, 12.0, 14.0, 20.0, 30.0, 90.0])
    assert cash(log, 0.0, moments).tolist() == [0, 10 * 2**2 / 8, 20, 80, 180, 180]
    assert measure.measure(log, warmup=14)["earned"] == pytest.approx(160 / 86)


def test_parts_earn_under_their_own_type_only() -> None:
    money = Money(streams=(("task", Stream(per_unit=1)),))
    whole = Item(type="feature", visits=(), arrived=1, left=20, value=8)
    log = log_with(money, whole, delivered(20, type="task", parent=0, value=5), types=["feature", "task"])
    found = measure.measure(log)
    assert (found["earned"], found["earned@feature"], found["earned@task"]) == (0.08, 0.08, (5 + 80) / 100)


def test_cash_is_all_that_was_earned_less_all_that_was_paid_whatever_the_warm_up() -> None:
    money = Money(((0.0, 2.0), (50.0, 3.0)), once=((50.0, 30.0),))
    log = log_with(money, delivered(10, value=500), delivered(60, value=50))
    assert measure.measure(log, warmup=40)["cash"] == 550 - 100 - 150 - 30
    assert course(log, 50).cash is not None
    assert cash(log, 50, np.array([50.0, 100.0])).tolist() == [-30, 50 - 150 - 30]


def test_figures_of_a_run_agree_with_its_items() -> None:
    run = vssim.simulate(scenario(), "a tool")
    done = run.items.filter(run.items["ended"] == "delivered")
    assert run.metrics()["cash"] == pytest.approx(1000 * len(done) - 250 * 100 - 10 * 80 - 3000)


# --- what is told ---


def test_a_change_pays_back_when_its_cash_is_not_behind_any_more() -> None:
    overloaded = {
        "demand": {"feature": {"every": 1.5, "value": 1000}},
        "teams": {**STREAM["teams"], "makers": {"people": 1, "does": "make", "cost": 100}},
    }
    found = vssim.compare(scenario(**overloaded), only=["a tool"])
    line = found["a tool"].break_even["cash"]
    assert line.mean[0] == -3000
    assert line.time is not None
    assert line.time > 20
    told = paid_back(line, found.scenario)
    assert "pays back on day" in told
    assert "EUR" in told


def test_of_a_change_from_the_start_cash_is_followed_from_the_start() -> None:
    found = vssim.compare(scenario(), only=["fewer meetings"])
    assert list(found["fewer meetings"].break_even) == ["cash"]
    assert found["fewer meetings"].break_even["cash"].at[0] == 0
    assert found.variants["baseline"].cash is not None


def test_the_document_has_the_currency_the_line_and_when_it_is_paid_back() -> None:
    found = vssim.compare(scenario(), only=["more people"]).document()
    variant = found["variants"]["more people"]
    assert found["currency"] == "EUR"
    assert variant["cash"]["mean"][-1] == pytest.approx(variant["metrics"]["cash"]["mean"])
    assert set(variant["break_even"]) == {"items", "value", "cash"}


def test_without_a_currency_nothing_of_it_is_told_and_a_warning_says_so() -> None:
    found = scenario(currency="")
    assert found.warnings == ("money is stated without a currency: nothing of it is told",)
    assert "cost" not in vssim.compare(found, only=["a tool"])["a tool"]
    assert found.plan().terms.money is None


def test_people_of_whom_no_cost_is_stated_are_named() -> None:
    teams = {"makers": {"people": 2, "does": "make", "cost": 100}, "checkers": {"people": 1, "does": "check"}}
    (told,) = scenario(teams=teams).warnings
    assert told == "nothing is said of what people cost in checkers: they count as free of charge"


def test_a_headline_of_money_needs_a_currency() -> None:
    with pytest.raises(ScenarioError, match="a currency"):
        scenario(currency="", headline="margin")


def test_the_picture_of_cash_is_refused_without_a_currency() -> None:
    from vssim.cli.pictures import possible
    from vssim.play.experiment import Experiment

    experiment = Experiment.of(scenario(currency=""), [None])
    with pytest.raises(UsageError, match="no currency"):
        possible([("cash", Path("cash.png"))], experiment)


# --- what may not stand there ---


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("teams.makers.cost", -1, "an amount of money of at least 0"),
        ("teams.makers.cost", "dear", "an amount of money of at least 0"),
        ("changes.a tool.cost.once", -5, "an amount of money of at least 0"),
        ("demand.feature.revenue", {"ramp": 5}, "per_unit"),
        ("demand.feature.revenue", {"per_unit": 5, "for": 0}, "a time above 0"),
    ],
)
def test_money_that_cannot_be_is_refused_with_its_place(path: str, value: Any, expected: str) -> None:
    with pytest.raises(ScenarioError, match=expected):
        vssim.loads(STREAM).with_({path: value})


def test_people_without_number_can_have_no_cost() -> None:
    with pytest.raises(ScenarioError, match="a number of people where they have a cost"):
        vssim.loads(STREAM).with_({"teams.makers.people": "unlimited"})


def test_an_unknown_cost_differs_from_world_to_world() -> None:
    found = vssim.loads(
        {**STREAM, "teams": {**STREAM["teams"], "checkers": {"people": 1, "does": "check", "cost": "between(10, 90)"}}}
    )
    costs = vssim.compare(found, only=["a tool"], replications=40).variants["baseline"].pooled.column("cost")
    assert 210 <= costs.min() < 220
    assert 280 < costs.max() <= 290


def test_the_picture_of_cash_shows_nothing_without_a_currency_and_is_left_out_of_all() -> None:
    scenario = vssim.loads(
        "demand: {a: {every: 2}}\nsteps: {dev: {work: 1}}\nteams: {devs: {people: 1, does: dev}}\nrun: {horizon: 20}"
    )
    with pytest.raises(vssim.VssimError, match="the scenario has no currency"):
        vssim.figures.cash(vssim.compare(scenario, replications=2))
