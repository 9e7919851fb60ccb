"""The finer points of levers: what they do to special cases, and what they say when they can do nothing."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from ruamel.yaml import YAML

import vssim
from tests.language.organisations import organisation
from vssim.model import checks
from vssim.model.changes import Change, plan
from vssim.model.levers import Lever, LeverField
from vssim.model.load import load
from vssim.model.model import Model
from vssim.model.shorthand import expand
from vssim.scenario.jsonschema import schema

READER: TypeAdapter[Lever] = TypeAdapter(LeverField)


def lever(written: Any) -> Lever:
    return READER.validate_python(written)


def pull(written: Any, **sections: Any) -> Model:
    return lever(written).apply(organisation(**sections))


def notes(written: Any, **sections: Any) -> list[str]:
    return lever(written).notes(organisation(**sections))


# --- do less ---


def test_saying_no_twice_is_a_share_of_what_is_left() -> None:
    model = lever({"say_no": {"share": "50%"}}).apply(pull({"say_no": {"share": "20%"}}))
    assert model.demand["feature"].declined == pytest.approx(0.6)


def test_demand_that_is_declined_is_no_load() -> None:
    (before, after) = (load(organisation()).rho, load(pull({"say_no": {"share": "25%"}})).rho)
    assert before == 1
    assert after == 0.75
    assert load(pull({"say_no": {"share": 1}})).rho is None


def test_what_does_not_arrive_by_itself_cannot_be_turned_down() -> None:
    demand = {"feature": {"every": 2}, "bug": {"every": "never"}}
    assert "bug does not arrive by itself" in notes({"say_no": {"types": "bug"}}, demand=demand)[0]


def test_levelling_keeps_the_rate() -> None:
    kind = pull("level_demand", demand={"feature": {"every": "exponential(6)", "batch": "geometric(3)"}}).demand["feature"]
    assert kind.every is not None
    assert (kind.every.mean, kind.every.cv, kind.batch.mean) == pytest.approx((2, 0.5, 1))
    few = pull({"level_demand": {"batch": 2}}, demand={"feature": {"every": 6, "batch": "geometric(1.5)"}}).demand["feature"]
    assert few.every is not None
    assert few.batch.mean / few.every.mean == pytest.approx(1.5 / 6)


def test_a_backlog_cannot_be_levelled() -> None:
    said = notes({"level_demand": {"types": "feature"}}, demand={"feature": {"backlog": 3}})
    assert "does not arrive at intervals" in said[0]


# --- focus ---


def test_slices_go_by_the_rules_of_their_type() -> None:
    steps = {
        "develop": {"work": 1, "needs": {"outside": "vendor", "wait": 1, "for": ["feature"]}},
        "test": {"work": 2, "returns": {"to": "develop", "chance": 0.1, "for": ["feature"]}, "gate": {"every": 5, "for": ["bug"]}},
    }
    kinds = {"feature": {"every": 2, "route": ["develop", "test"], "wip_limit": 3}, "bug": {"every": 9}}
    after = pull({"slice": {"into": 4, "types": "feature"}}, steps=steps, demand=kinds)
    part = after.demand["feature slice"]
    assert (part.route, part.wip_limit, part.every and part.every.kind) == (("develop", "test"), 12, "never")
    assert after.route("feature") == ()
    assert after.steps["develop"].needs[0].for_ == ("feature", "feature slice")
    assert after.steps["test"].returns[0].for_ == ("feature", "feature slice")
    assert after.steps["test"].gate == organisation(steps=steps, demand=kinds).steps["test"].gate
    assert checks.faults(after) == []


def test_what_cannot_be_sliced_stays_as_it_is_and_is_reported() -> None:
    whole = {"feature": {"every": 2}, "big": {"every": 9, "parts": {"feature": 2}}}
    assert "big consists of parts already" in notes({"slice": {"types": "big"}}, demand=whole)[0]
    stops = {"develop": {"work": 1, "stops": {"wrong": 0.5}}, "test": 2}
    assert "feature can be dropped on its way" in notes("slice", steps=stops)[0]


def test_slicing_costs_its_overhead_in_load_and_no_more() -> None:
    sliced = load(pull({"slice": {"overhead": "20%"}})).rho
    assert sliced == pytest.approx(1.2)


def test_a_rule_without_its_figures_is_reported() -> None:
    assert "no item type has a cost of delay" in notes("prioritise")[0]
    assert "no item type has a due date" in notes({"prioritise": {"discipline": "earliest_due"}})[0]


# --- silos, obstacles, decisions ---


def test_training_takes_nothing_away() -> None:
    teams = {"a": {"people": 1, "does": {"develop": 0.5}, "helps": {"test": 0.9}}, "b": {"people": 1, "does": "test"}}
    after = pull({"cross_train": {"proficiency": "70%"}}, teams=teams).teams
    assert (after["a"].does, after["a"].helps) == ({"develop": 0.5}, {"test": 0.9})
    assert (after["b"].does, after["b"].helps) == ({"test": 1}, {"develop": 0.7})


DESK = {"develop": {"work": 1, "needs": {"from": "desk", "work": 2, "chance": "50%"}}, "test": 1}
WITH_DESK = {"develop": 1, "test": 1, "desk": 1}


def test_what_teams_do_themselves_is_their_load() -> None:
    def loads(model: Model) -> list[float | None]:
        return [load(model).by_team[team] for team in ("develop", "desk")]

    model = organisation(steps=DESK, teams=WITH_DESK)
    after = lever({"self_serve": {"share": "50%", "factor": "300%"}}).apply(model)
    assert loads(model) == [0.5, 0.5]
    assert loads(after) == [(1 + 0.25 * 6) / 2, 0.25]


def test_serving_oneself_twice_is_a_share_of_what_is_left() -> None:
    model = organisation(steps=DESK, teams=WITH_DESK)
    for _ in range(2):
        model = lever({"self_serve": {"share": "50%"}}).apply(model)
    assert model.steps["develop"].needs[0].asked == 0.5 * 0.25


def test_a_need_that_nobody_has_is_reported() -> None:
    assert "did you mean 'desk'" in notes({"self_serve": {"from": "dsk"}}, steps=DESK, teams=WITH_DESK)[0]
    assert "there is no gate 'board'" in notes({"decide_locally": {"gates": "board"}})[0]
    assert "there is no wait for 'vendor'" in notes({"swarm_on_blockers": {"outside": "vendor"}})[0]


def test_effort_on_waits_is_load() -> None:
    steps = {"develop": {"work": 1, "needs": {"outside": "vendor", "wait": 5, "chance": "40%"}}, "test": 1}
    after = pull({"swarm_on_blockers": {"effort": "50%"}}, steps=steps)
    assert load(after).by_team["develop"] == (1 + 0.4 * 2.5) / 2


def test_only_who_passes_the_source_can_find_the_problem_there() -> None:
    steps = {"develop": 1, "test": {"work": 1, "returns": {"to": "develop", "chance": "40%", "work": "60%"}}}
    demand = {"feature": {"every": 2}, "check": {"every": 5, "route": ["test"]}}
    after = pull({"surface_problems": {"share": "50%"}}, steps=steps, demand=demand).steps
    (early,), (late, kept) = after["develop"].returns, after["test"].returns
    assert (early.to, early.chance, early.work.share, early.for_) == ("develop", 0.2, 0.3, ("feature",))
    assert late.chance == pytest.approx(0.25)
    assert late.for_ == ("feature",)
    assert (kept.chance, kept.for_) == (0.4, ("check",))


def test_a_committee_that_works_begins_at_once() -> None:
    board = {"from": "board", "work": 1, "gate": {"every": 20}}
    (need,) = pull("decide_locally", steps={"develop": {"work": 1, "needs": board}, "test": 1}).steps["develop"].needs
    assert (need.gate, need.skill, need.chance) == (None, "board", 1)


# --- quality, customers, capacity ---


def test_quality_is_built_in_where_things_are_returned_to_for_every_type() -> None:
    steps = {"develop": 1, "test": {"work": 2, "returns": {"to": "develop", "chance": 0.5}}}
    demand = {"feature": {"every": 2, "work": {"develop": 4}, "defects": {"chance": 0.4, "as": "bug"}}, "bug": {"every": "never"}}
    after = pull({"build_quality_in": {"cut": "50%", "cost": "25%"}}, steps=steps, demand=demand)
    assert [after.steps[name].work for name in steps] == [
        organisation(steps={"develop": 1.25, "test": 2}).steps[n].work for n in steps
    ]
    assert after.demand["feature"].work["develop"].mean == 5
    assert after.demand["feature"].defects is not None
    assert (after.steps["test"].returns[0].chance, after.demand["feature"].defects.chance) == (0.25, 0.2)


def test_defects_of_wholes_come_from_the_steps_of_their_parts() -> None:
    defects = {"chance": 0.4, "as": "bug"}
    demand = {"feature": {"every": 2, "defects": defects}, "bug": {"every": "never"}}
    model = lever("slice").apply(organisation(demand=demand))
    after = lever({"build_quality_in": {"cut": "50%"}}).apply(model)
    assert after.demand["feature"].defects is not None
    assert after.demand["feature"].defects.chance == 0.2


def test_a_model_without_mistakes_gets_no_better_and_no_slower() -> None:
    assert notes("build_quality_in") == ["build_quality_in changes nothing in this model"]


def test_a_model_without_outcomes_has_nothing_to_learn_from_customers() -> None:
    assert notes("talk_to_customers")[0] == "talk_to_customers: no item type has an outcome"
    assert notes({"small_bets": {"types": "feature"}})[0] == "small_bets: feature has no outcome and stays as it is"


def test_who_makes_no_bet_takes_the_steps_that_it_took() -> None:
    demand = {"feature": {"every": 9, "outcome": {"right": 0.5}}, "bug": {"every": 9}, "big": {"every": 99, "parts": {"bug": 2}}}
    after = pull({"small_bets": {"work": "10%"}}, demand=demand)
    assert [after.route(kind) for kind in demand] == [("experiment", "develop", "test"), ("develop", "test"), ()]
    assert after.demand["feature"].work["experiment"].mean == pytest.approx(0.3)
    assert after.teams["develop"].does == {"develop": 1, "experiment": 1}
    assert checks.faults(after, idle_teams=False) == []
    assert "there is a step 'experiment' already" in lever("small_bets").missing(after)[0]


def test_who_joins_a_team_of_several_crafts_has_the_one_that_is_named() -> None:
    people = [{"count": 4, "does": "develop"}, {"count": 1, "does": "test"}]
    crew = {"crew": {"people": people}}
    assert [g.count for g in pull({"add_people": {"teams": {"crew": 2}}}, teams=crew).teams["crew"].groups] == [6, 1]
    named = {"add_people": {"teams": {"crew": 2}, "does": "test"}}
    assert [g.count for g in pull(named, teams=crew).teams["crew"].groups] == [4, 3]
    assert notes({"add_people": {"teams": {"crew": 2}, "does": "analyse"}}, teams=crew)[0].endswith("nobody in crew does 'analyse'")


def test_who_joins_later_makes_the_team_new_again() -> None:
    more = {"add_people": {"teams": {"test": 1}}}
    written = {"it": {"levers": [more, "finish_first", more], "from": 10, "every": 5}}
    changes = TypeAdapter(dict[str, Change]).validate_python(expand({"changes": written})["changes"])
    phases = plan(organisation(), changes, "it").phases
    assert [phase.onboarding_since for phase in phases] == [{}, {"test": 10}, {"test": 10}, {"test": 20}]
    assert [team.onboarding and team.onboarding.people for team in (p.model.teams["test"] for p in phases)] == [None, 1, 1, 2]


def test_newcomers_go_along_when_teams_are_dealt_out() -> None:
    model = pull({"add_people": {"teams": {"develop": 1, "test": 3}, "ramp": 30}})
    teams = lever({"cross_functional_teams": {"count": 2}}).apply(model).teams.values()
    assert sum(team.onboarding.people for team in teams if team.onboarding) == pytest.approx(4)
    assert {team.onboarding.ramp for team in teams if team.onboarding} == {30}


def test_a_machine_saves_work_of_every_type_and_changes_only_who_passes_it() -> None:
    demand = {"feature": {"every": 2, "work": {"test": 4}}, "doc": {"every": 3, "route": ["develop"]}}
    after = pull({"automate": {"steps": "test", "saved": "50%", "demand": "100%"}}, demand=demand)
    assert after.demand["feature"].work["test"].mean == 2
    assert after.steps["test"].work is not None
    assert after.steps["test"].work.mean == 1
    assert [kind.every.mean for kind in after.demand.values() if kind.every] == [1, 3]
    assert pull({"automate": {"saved": "100%"}}).steps["test"].work == pull({"set": {"steps.test.work": 0}}).steps["test"].work


def test_returns_to_a_step_that_is_gone_go_to_the_next_one() -> None:
    steps = {"analyse": 1, "develop": 1, "test": {"work": 1, "returns": {"to": "analyse", "chance": 0.1}}}
    teams = {"all": {"people": 1, "does": ["analyse", "develop", "test"]}}
    demand = {"feature": {"every": 5, "route": ["analyse", "test"], "skips": {"analyse": 0.1}, "work": {"analyse": 1}}}
    handoffs = {"into": {"analyse": {"batch": 2}}}
    model = organisation(steps=steps, teams=teams, demand=demand, handoffs=handoffs)
    after = lever({"simplify": {"steps": "analyse"}}).apply(model)
    assert after.steps["test"].returns[0].to == "develop"
    assert (after.demand["feature"].route, after.demand["feature"].skips, after.demand["feature"].work) == (("test",), {}, {})
    assert checks.faults(after, idle_teams=False) == []


def test_new_titles_say_that_they_are_only_titles() -> None:
    said = notes({"rename": {"teams": {"test": "Quality Guild"}}})
    assert said == ["rename gives new titles (test); the flow stays as it is"]
    assert notes("rename") == ["rename changes nothing in this model"]


# --- what levers make can be written by hand ---

BY_HAND = """
run: {horizon: 50}
demand:
  feature: {every: 2, value: "uniform(1, 9)", declined: 20%, parts: {piece: 2}}
  piece: {every: never, size: 0.5, slice: true}
steps:
  develop:
    work: 1
    needs:
      - {from: desk, work: 1, chance: 50%, ours: {share: 40%, work: 2}}
      - {outside: vendor, wait: 3, chance: 10%, effort: 0.5}
  test: {work: 1}
teams:
  crew: {title: Tribe Phoenix, people: 4, does: [develop, test], onboarding: {people: 2, ramp: 30, mentoring: 50%}}
  desk: {people: 1, does: desk}
"""


def test_every_key_that_levers_use_can_be_written_in_a_file() -> None:
    scenario = vssim.loads(BY_HAND)
    assert scenario.model.demand["feature"].declined == 0.2
    assert scenario.model.steps["develop"].needs[0].asked == 0.3
    again = Model.model_validate(scenario.model.document())
    assert again.document() == scenario.model.document()
    assert vssim.simulate(scenario, engine="reference").metrics()["throughput"]
    Draft202012Validator(schema()).validate(YAML(typ="safe").load(BY_HAND))
