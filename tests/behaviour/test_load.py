"""The load, known before the first run: by hand where a hand can do it, else against the work that is really drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.running import text_of
from vssim.clock import TICKS
from vssim.log import Kind
from vssim.model.load import Load, load
from vssim.model.model import Model
from vssim.model.traffic import traffic
from vssim.workload import build


def model(**document: Any) -> Model:
    return vssim.loads(text_of({"name": "loads", **document})).model


def load_of(**document: Any) -> Load:
    return load(model(**document))


ONE_STEP = {"build": {"work": "exponential(1)"}}
CREW = {"crew": {"people": 1, "does": "build"}}


def every(mean: float, **more: Any) -> dict[str, Any]:
    return {"feature": {"every": f"exponential({mean})", **more}}


# --- what arrives ---


def test_one_step_has_the_load_of_its_arrivals_times_their_work() -> None:
    assert load_of(demand=every(1.25), steps=ONE_STEP, teams=CREW).by_team["crew"] == pytest.approx(0.8)


def test_rework_is_work_too() -> None:
    steps = {"build": {"work": "exponential(1)", "returns": {"to": "build", "chance": "20%"}}}
    assert load_of(demand=every(1 / 0.6), steps=steps, teams=CREW).by_team["crew"] == pytest.approx(0.75)


def test_a_share_of_the_first_work_is_what_rework_costs() -> None:
    steps = {"build": {"work": 2, "returns": {"to": "build", "chance": "50%", "work": "40%"}}}
    assert load_of(demand=every(10), steps=steps, teams=CREW).by_team["crew"] == pytest.approx(0.2 + 0.08)


def test_rework_with_work_of_its_own_carries_the_items_size() -> None:
    steps = {"build": {"work": 2, "returns": {"to": "build", "chance": "50%", "work": 3}}}
    assert load_of(demand=every(10, size=0.5), steps=steps, teams=CREW).by_team["crew"] == pytest.approx(0.1 + 0.15)


def test_defects_bring_the_failure_demand_that_defects_cause_themselves() -> None:
    bug = {"every": "never", "defects": {"chance": "30%", "after": "exponential(20)", "as": "bug"}}
    demand = every(2, defects=bug["defects"]) | {"bug": bug}
    assert load_of(demand=demand, steps=ONE_STEP, teams=CREW).by_team["crew"] == pytest.approx(0.714286, abs=1e-6)


def test_new_versions_bring_a_share_of_the_work_again_until_one_is_right() -> None:
    demand = every(4, outcome={"right": "60%", "work": "50%"})
    expected = 0.25 * (1 + 0.5 * 0.4 / 0.6)
    assert load_of(demand=demand, steps=ONE_STEP, teams=CREW).by_team["crew"] == pytest.approx(expected)


def test_a_shared_team_carries_the_tickets_of_both_streams() -> None:
    need = {"from": "platform", "chance": "40%", "work": "exponential(1.25)", "at": "100%"}
    steps = {name: {"work": "exponential(1)", "needs": need} for name in ("left", "right")}
    demand = {name: {"every": "exponential(2)", "route": [name]} for name in ("left", "right")}
    teams = {name: {"people": 1, "does": name} for name in ("left", "right", "platform")}
    assert load_of(demand=demand, steps=steps, teams=teams).by_team == pytest.approx({"left": 0.5, "right": 0.5, "platform": 0.5})


def test_a_whole_brings_the_work_of_its_parts() -> None:
    demand = {"feature": {"every": "never"}, "initiative": {"every": 10, "parts": {"feature": 3}}}
    assert load_of(demand=demand, steps=ONE_STEP, teams=CREW).by_team["crew"] == pytest.approx(0.3)


def test_batches_arrive_whole() -> None:
    assert load_of(demand=every(10, batch=4), steps=ONE_STEP, teams=CREW).by_team["crew"] == pytest.approx(0.4)


def test_what_is_dropped_brings_no_work_afterwards() -> None:
    steps = {"build": {"work": 1, "stops": {"wrong": "80%", "right": "10%"}}, "ship": {"work": 1}}
    teams = CREW | {"ops": {"people": 1, "does": "ship"}}
    demand = every(2, outcome={"right": "60%", "work": "0%"})
    found = load_of(demand=demand, steps=steps, teams=teams)
    wrong_again = 0.4 * 0.2
    items = 0.5 / (1 - wrong_again)
    assert found.by_team["crew"] == pytest.approx(0.5)
    assert found.by_team["ops"] == pytest.approx(0.5 * (0.6 * 0.9 + wrong_again))
    assert traffic(
        model(demand=demand | {"feature": {**demand["feature"], "outcome": {"right": "60%"}}}, steps=steps, teams=teams)
    ).work["build"] == pytest.approx(items)


def test_demand_that_ends_has_no_load() -> None:
    for ends in ({"backlog": 200}, {"at": [0, 1, 2]}, {"every": 2, "count": 50}):
        found = load_of(demand={"feature": ends}, steps=ONE_STEP, teams=CREW)
        assert (found.by_team, found.rho, found.binding) == ({"crew": None}, None, None)


# --- who carries it ---


def test_meetings_coordination_and_improvement_change_what_a_team_carries() -> None:
    teams = {
        "crew": {
            "people": 3,
            "does": "build",
            "meetings": "20%",
            "coordination": "5%",
            "improvement": {"share": "10%", "gain": "25%"},
        }
    }
    pace = 0.8 / 1.1 * 0.9 / 0.75
    assert load_of(demand=every(1), steps=ONE_STEP, teams=teams).by_team["crew"] == pytest.approx(1 / 3 / pace)


def test_switching_takes_its_part_with_as_many_items_open_as_people_may_have() -> None:
    crew = {"people": 1, "does": "build", "multitasking": 5, "switching_cost": "50%"}
    assert load_of(demand=every(1.25), steps=ONE_STEP, teams={"crew": crew}).by_team["crew"] == pytest.approx(0.8 * 3)
    listed = {"people": 1, "does": "build", "multitasking": 2, "efficiency": ["100%", "80%"]}
    assert load_of(demand=every(1.25), steps=ONE_STEP, teams={"crew": listed}).by_team["crew"] == pytest.approx(1.0)


def test_limits_leave_people_fewer_items_to_switch_between() -> None:
    crew = {"people": 2, "does": "build", "multitasking": 5, "switching_cost": "50%"}
    teams, two_each = {"crew": crew}, pytest.approx(0.4 * 1.5)
    for steps, more in (({"build": {"work": "exponential(1)", "wip_limit": 4}}, {}), (ONE_STEP, {"wip_limit": 4})):
        assert load_of(demand=every(1.25), steps=steps, teams=teams, **more).by_team["crew"] == two_each
    assert load_of(demand=every(1.25), steps=ONE_STEP, teams={"crew": {**crew, "wip_limit": 4}}).by_team["crew"] == two_each


def test_a_saturated_team_delivers_what_its_load_says_it_can() -> None:
    """At a load of 100 % and more the queue grows, and what is delivered is arrivals / load."""
    crew = {"people": 2, "does": "build", "multitasking": 3, "switching_cost": "25%"}
    scenario = vssim.loads(
        text_of(
            {
                "name": "full",
                "demand": every(0.5),
                "steps": ONE_STEP,
                "teams": {"crew": crew},
                "run": {"horizon": 4000, "warmup": 500},
            }
        )
    )
    carried = load(scenario.model).by_team["crew"]
    assert carried is not None
    rate = vssim.simulate(scenario).metrics()["throughput"]
    assert carried == pytest.approx(1.5)
    assert rate == pytest.approx(2 / carried, rel=0.05)


def test_people_without_limit_carry_no_load() -> None:
    teams = {"crew": {"people": "unlimited", "does": "build"}}
    found = load_of(demand=every(0.1), steps=ONE_STEP, teams=teams)
    assert (found.by_team, found.rho) == ({"crew": None}, None)


def test_slower_people_are_loaded_more() -> None:
    teams = {"crew": {"people": 1, "does": {"build": "50%"}}}
    assert load_of(demand=every(4), steps=ONE_STEP, teams=teams).by_team["crew"] == pytest.approx(0.5)


def test_a_team_of_several_crafts_is_as_loaded_as_its_busiest() -> None:
    steps = {"build": {"work": 1}, "test": {"work": 0.5}}
    teams = {"crew": {"people": [{"count": 1, "does": "build"}, {"count": 1, "does": "test"}]}}
    assert load_of(demand=every(2), steps=steps, teams=teams).by_team["crew"] == pytest.approx(0.5)


def test_the_team_with_the_highest_load_binds() -> None:
    steps = {"build": {"work": 1}, "test": {"work": 3}}
    found = load_of(demand=every(2), steps=steps, teams=CREW | {"testers": {"people": 1, "does": "test"}})
    assert found.binding == "testers"
    assert found.rho == pytest.approx(1.5)


def test_helpers_take_over_until_all_are_equally_loaded() -> None:
    steps = {"build": {"work": 1.5}, "test": {"work": 0.2}}
    teams = CREW | {"testers": {"people": 1, "does": "test", "helps": {"build": "50%"}}}
    found = load_of(demand=every(2), steps=steps, teams=teams)
    assert found.by_team == pytest.approx({"crew": 1.6 / 3, "testers": 1.6 / 3})


def test_helpers_with_enough_to_do_keep_to_their_own() -> None:
    steps = {"build": {"work": 0.5}, "test": {"work": 1.6}}
    teams = CREW | {"testers": {"people": 1, "does": "test", "helps": {"build": "50%"}}}
    assert load_of(demand=every(2), steps=steps, teams=teams).by_team == pytest.approx({"crew": 0.25, "testers": 0.8})


def test_teams_alike_are_loaded_alike_beside_one_that_binds() -> None:
    steps = {"build": {"work": 1}, "test": {"work": 1}, "ship": {"work": 3.6}}
    both = {name: {"people": 2, "does": ["build", "test"]} for name in ("red", "blue")}
    teams = both | {"ops": {"people": 2, "does": "ship", "helps": {"test": "10%"}}}
    found = load_of(demand=every(2), steps=steps, teams=teams)
    assert found.by_team == pytest.approx({"red": 0.25, "blue": 0.25, "ops": 0.9})
    assert found.binding == "ops"


# --- handoffs and gates ---

TWO_STEPS = {"build": {"work": 1}, "test": {"work": 1}}
TESTERS = {"testers": {"people": 1, "does": "test"}}


def test_relearning_counts_where_a_handoff_is_certain() -> None:
    handoffs = {"relearning": "50%"}
    found = load_of(demand=every(2), steps=TWO_STEPS, teams=CREW | TESTERS, handoffs=handoffs)
    assert found.by_team == pytest.approx({"crew": 0.5, "testers": 0.75})


def test_relearning_does_not_count_where_the_owner_may_keep_the_item() -> None:
    teams = {"crew": {"people": 1, "does": ["build", "test"]}} | TESTERS
    found = load_of(demand=every(2), steps=TWO_STEPS, teams=teams, handoffs={"relearning": "50%"})
    assert found.by_team == pytest.approx({"crew": 0.5, "testers": 0.5})


def test_what_is_sent_back_to_another_team_is_learnt_again_there_and_then_here() -> None:
    steps = {"build": {"work": 1}, "test": {"work": 1, "returns": {"to": "build", "chance": "50%"}}}
    found = load_of(demand=every(8), steps=steps, teams=CREW | TESTERS, handoffs={"relearning": "20%"})
    assert found.by_team == pytest.approx({"crew": (1 + 1.2) / 8, "testers": 2.4 / 8})


def test_a_batch_carries_one_setup() -> None:
    handoffs = {"into": {"test": {"batch": 4, "setup": 2}}}
    found = load_of(demand=every(2), steps=TWO_STEPS, teams=CREW | TESTERS, handoffs=handoffs)
    assert found.by_team == pytest.approx({"crew": 0.5, "testers": 0.5 * 1.5})


def test_behind_a_gate_one_setup_an_opening_is_carried() -> None:
    steps = {"build": {"work": 1, "gate": {"every": 10}}, "test": {"work": 1}}
    found = load_of(demand=every(2), steps=steps, teams=CREW | TESTERS, handoffs={"setup": 2})
    assert found.by_team["testers"] == pytest.approx(0.5 + 2 / 10)


def test_a_gate_that_lets_few_pass_binds_before_any_team() -> None:
    steps = {"build": {"work": 1, "gate": {"every": 10, "most": 4}}}
    found = load_of(demand=every(2), steps=steps, teams=CREW)
    assert found.by_gate == pytest.approx({"the gate of build": 1.25})
    assert found.binding == "the gate of build"


def test_an_item_passes_its_gate_again_each_time_it_leaves_forwards() -> None:
    steps = {
        "build": {"work": 0.1, "gate": {"every": 10, "most": 10}},
        "test": {"work": 0.1, "returns": {"to": "build", "chance": "50%"}},
    }
    assert load_of(demand=every(2), steps=steps, teams=CREW | TESTERS).by_gate["the gate of build"] == pytest.approx(1.0)


def test_a_committee_has_a_load_too() -> None:
    steps = {"build": {"work": 1, "needs": {"from": "board", "chance": "50%", "gate": {"every": 20, "most": 10}}}}
    assert load_of(demand=every(2), steps=steps, teams=CREW).by_gate == {"board, asked at build": pytest.approx(0.5)}


# --- against what is drawn ---

TANGLE: dict[str, Any] = {
    "demand": {
        "feature": {
            "every": "exponential(1)",
            "size": "lognormal(mean=1.5, cv=0.5)",
            "skips": {"analyse": "30%", "develop": "10%", "test": "20%"},
            "outcome": {"right": "60%", "work": "50%"},
            "defects": {"chance": "30%", "as": "bug"},
        },
        "bug": {"every": "exponential(5)", "size": 0.3, "route": ["develop", "test", "release"], "work": {"test": 2}},
        "initiative": {
            "every": 10,
            "parts": {"feature": 2, "bug": 1},
            "route": ["release"],
            "outcome": {"right": "80%", "work": "40%"},
        },
    },
    "steps": {
        "analyse": {"work": 1, "stops": {"wrong": "30%", "right": "10%"}},
        "develop": {
            "work": "exponential(2)",
            "returns": [{"to": "analyse", "chance": "20%", "work": "30%", "on_the_way": "60%"}, {"to": "develop", "chance": "30%"}],
            "needs": {"from": "platform", "chance": "40%", "work": "exponential(0.5)"},
        },
        "soak": {"wait": 1},
        "test": {
            "work": 1,
            "stops": {"wrong": "50%", "right": "0%"},
            "returns": [{"to": "develop", "chance": "25%", "work": 0.7}, {"to": "analyse", "chance": "10%", "for": "feature"}],
        },
        "release": {"work": 0.2, "returns": {"to": "test", "chance": "15%", "work": "again"}},
    },
    "teams": {name: {"people": 50, "does": name} for name in ("analyse", "develop", "test", "release", "platform")},
}


def test_the_traffic_is_what_itineraries_add_up_to() -> None:
    scenario = vssim.loads(text_of({"name": "tangle", **TANGLE}))
    horizon = 15_000.0
    program = build(scenario.plan(None), horizon=horizon, seed=3, replication=0, unit="day")
    worked = np.where(program.visits.kind == Kind.WAIT, 0, program.visits.work) * (program.visits.skill >= 0)
    expected = traffic(scenario.model).work
    for number, skill in enumerate(program.skills):
        drawn = worked[program.visits.skill == number].sum() / TICKS / horizon
        assert drawn == pytest.approx(expected.get(skill, 0.0), rel=0.03), skill
