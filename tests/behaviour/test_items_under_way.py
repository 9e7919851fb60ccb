"""Items that a file names: on the board at time 0, in the backlog, or to come; what is left is drawn given the age."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.running import text_of
from vssim import engines, workload
from vssim.engines.agreement import first_difference
from vssim.log import Log
from vssim.model.distributions import parse
from vssim.views import exports

STREAM: dict[str, Any] = {
    "run": {"horizon": 100},
    "steps": {"develop": {"work": 4}, "test": {"work": 2}, "release": {"work": 0.5}},
    "teams": {
        "developers": {"people": 2, "does": "develop"},
        "testers": {"people": 1, "does": ["test", "release"], "pull": "finish_first"},
    },
}


def scenario_of(*items: dict[str, Any], **more: Any) -> vssim.Scenario:
    kind = {"items": list(items)} | more.pop("kind", {})
    return vssim.loads(text_of({**STREAM, "demand": {"feature": kind, **more.pop("demand", {})}, **more}))


def logs_of(scenario: vssim.Scenario, replications: int = 1, change: str | None = None) -> list[Log]:
    found = []
    for replication in range(replications):
        program = workload.build(
            scenario.plan(change), horizon=scenario.run.horizon, seed=1, replication=replication, unit=scenario.unit
        )
        assert first_difference(program) is None
        found.append(engines.run(program))
    return found


def log_of(scenario: vssim.Scenario, change: str | None = None) -> Log:
    return logs_of(scenario, 1, change)[0]


def left(log: Log) -> list[float]:
    return [float(time) for time in log.times(log.items.left)]


# --- where they stand -----------------------------------------------------------------------------------------------------


def test_an_item_at_a_step_begins_there_and_its_lead_time_counts_its_age() -> None:
    scenario = scenario_of({"step": "test", "age": 12})
    log = log_of(scenario)
    assert log.time(int(log.items.arrived[0])) == -12
    assert left(log) == [2.5]
    assert vssim.simulate(scenario).metrics()["lead_time.mean"] == 14.5


def test_an_item_that_nobody_is_at_waits_for_the_first_who_is_free() -> None:
    log = log_of(scenario_of({"step": "test", "age": 3, "count": 3}))
    assert sorted(left(log)) == [2.5, 5.0, 7.5]


def test_an_item_in_hand_needs_only_what_is_left_of_its_work() -> None:
    assert left(log_of(scenario_of({"step": "develop", "age": 5, "remaining": "25%", "team": "developers"}))) == [1 + 2 + 0.5]
    assert left(log_of(scenario_of({"step": "develop", "age": 5, "remaining": 3}))) == [3 + 2 + 0.5]


def test_what_is_in_hand_is_begun_before_what_waits_whatever_its_age() -> None:
    log = log_of(scenario_of({"step": "test", "age": 30}, {"step": "test", "age": 2, "remaining": "50%"}))
    old, young = log.visits.item[log.visits.step == 1].tolist()
    assert log.items.arrived[old] < log.items.arrived[young]
    assert log.items.left[young] < log.items.left[old]


def test_more_in_hand_than_there_are_hands_is_put_down_the_last_of_it() -> None:
    log = log_of(scenario_of({"step": "test", "age": 9, "remaining": "50%", "count": 3}))
    assert sorted(left(log)) == [1.5, 3.0, 4.5]
    assert (log.visits.put_down[log.visits.step == 1] > 0).sum() == 2


def test_an_item_that_is_done_at_its_step_goes_on_at_once_where_there_is_room() -> None:
    log = log_of(scenario_of({"step": "develop", "age": 5, "remaining": "0%"}))
    assert left(log) == [2.5]
    crowded = {"steps": {**STREAM["steps"], "test": {"work": 2, "wip_limit": 1}}}
    log = log_of(scenario_of({"step": "develop", "age": 5, "remaining": "0%"}, {"step": "test", "age": 8}, **crowded))
    assert sorted(left(log)) == [2.5, 5.0]


def test_an_item_that_is_done_at_a_gate_waits_for_its_next_opening_on_the_clock_of_the_scenario() -> None:
    gated = {"steps": {"develop": {"work": 4, "gate": {"every": 10, "offset": 3}}}, "teams": {"developers": 1}}
    gated["teams"] = {"developers": {"people": 1, "does": "develop"}}
    assert left(log_of(scenario_of({"step": "develop", "age": 5.5, "remaining": "0%"}, **gated))) == [3.0]


def test_a_stuck_item_waits_for_its_need_and_then_has_the_rest_of_its_work() -> None:
    need = {"outside": "vendor", "chance": 0, "wait": 6}
    stream = {"steps": {**STREAM["steps"], "develop": {"work": 4, "needs": need}}}
    log = log_of(scenario_of({"step": "develop", "age": 2, "remaining": "50%", "stuck": "vendor"}, **stream))
    assert left(log) == [6 - 2 + 2 + 2 + 0.5]


def test_a_stuck_item_that_needs_a_colleague_is_a_ticket_that_nobody_has_taken_up() -> None:
    stream = {
        "steps": {**STREAM["steps"], "develop": {"work": 4, "needs": {"from": "expert", "chance": 0, "work": 3}}},
        "teams": {**STREAM["teams"], "experts": {"people": 1, "does": "expert"}},
    }
    log = log_of(scenario_of({"step": "develop", "age": 2, "stuck": "expert"}, **stream))
    assert left(log) == [3 + 2 + 2 + 0.5]


def test_without_a_step_an_item_is_in_the_backlog_since_it_arrived_or_is_to_come() -> None:
    log = log_of(scenario_of({"at": -5}, {"at": 7}))
    assert log.times(log.items.joined).tolist() == [-5, 7]
    assert left(log) == [6.5, 13.5]


def test_items_come_beside_what_arrives_and_leave_its_luck_alone() -> None:
    every = {"every": "exponential(3)", "size": "lognormal(mean=1, cv=1)"}
    with_them = log_of(scenario_of({"step": "release", "age": 12}, {"at": 4}, kind=every))
    alone = log_of(vssim.loads(text_of({**STREAM, "demand": {"feature": every}})))
    mine = np.isin(with_them.times(with_them.items.arrived), [-12, 4])
    assert with_them.times(with_them.items.arrived)[~mine].tolist() == alone.times(alone.items.arrived).tolist()
    assert with_them.items.work[~mine].tolist() == alone.items.work.tolist()


def test_an_item_may_say_of_itself_what_its_type_says() -> None:
    kind = {"due": 90, "value": 1, "priority": 5}
    own = {"at": 1, "size": 2, "due": 6, "value": 7, "priority": 1, "work": {"test": 9}}
    log = log_of(scenario_of({"at": 0}, {"at": 0, "work": {"test": 3}}, own, kind=kind))
    assert log.times(log.items.due).tolist() == [90, 90, 7]
    assert log.items.value.tolist() == [1, 1, 7]
    assert (log.items.work / 1e6).tolist() == [6.5, 7.5, 8 + 9 + 1]


def test_a_whole_that_the_file_names_comes_with_its_parts() -> None:
    log = log_of(scenario_of({"at": 2, "parts": {"piece": 3}}, demand={"piece": {"every": "never"}}))
    assert (log.items.parent >= 0).sum() == 3
    assert log.times(log.items.arrived).tolist() == [2, 2, 2, 2]
    assert log.items.left.max() == log.items.left[log.items.parent < 0][0]


def test_a_return_may_lead_behind_the_step_at_which_an_item_stands() -> None:
    stream = {"steps": {**STREAM["steps"], "test": {"work": 2, "returns": {"to": "develop", "chance": 1, "work": "50%"}}}}
    log = log_of(scenario_of({"step": "test", "age": 3}, **stream))
    assert (log.visits.step == 0).sum() == 50  # sent back as often as anything can be
    assert log.visits.step[0] == 1


# --- the organisation -----------------------------------------------------------------------------------------------------


def test_a_change_that_holds_from_the_start_comes_into_force_over_the_board_as_it_is() -> None:
    scenario = scenario_of(
        {"step": "test", "age": 3}, {"step": "develop", "age": 3}, changes={"no test": [{"simplify": {"steps": "test"}}]}
    )
    log = log_of(scenario, "no test")
    assert sorted(left(log)) == [0.5, 4.5]
    assert log.changes == ()


def test_what_stands_at_a_step_that_is_gone_from_the_start_goes_on_after_the_decisions_of_that_moment() -> None:
    scenario = scenario_of(
        {"step": "test", "age": 3},
        demand={"fix": {"at": [0], "route": ["release"]}},
        changes={"no test": [{"simplify": {"steps": "test"}}]},
    )
    assert left(log_of(scenario, "no test")) == [1.0, 0.5]


def test_limits_that_are_exceeded_at_time_0_only_keep_new_entries_out() -> None:
    stream = {"steps": {**STREAM["steps"], "test": {"work": 2, "wip_limit": 1}}}
    log = log_of(scenario_of({"step": "test", "age": 4, "count": 3}, {"step": "develop", "age": 2, "remaining": 1}, **stream))
    behind = log.visits.left[(log.visits.step == 0)]
    assert log.times(behind).tolist() == [7.0]


def test_times_of_a_run_that_begins_with_a_board_are_those_of_the_scenario() -> None:
    scenario = scenario_of({"step": "test", "age": 2.5}, {"at": -1}, {"at": 3}, start="2026-06-15")
    run = vssim.simulate(scenario)
    assert run.log.origin == 3_000_000
    assert run.log.items_table()["arrived"].to_list() == [-2.5, -1, 3]
    assert run.log.visits_table()["entered"].min() == -2.5
    board = exports.table(run.log, "board", scenario.dates)
    assert [str(day) for day in board["Backlog"].to_list()] == ["2026-06-10", "2026-06-12", "2026-06-18"]


def test_the_length_of_the_past_alters_nothing_else() -> None:
    every = {"every": "exponential(3)"}
    teams = {
        "developers": {"people": {0: 2, 9: 1, 20: 3}, "does": "develop", "meetings": "10%"},
        "testers": STREAM["teams"]["testers"],
    }
    steps = {**STREAM["steps"], "release": {"work": 0.5, "gate": {"every": 7, "offset": 2}}}
    short, long = (
        log_of(scenario_of({"step": "test", "age": age, "entered": -1}, kind=every, teams=teams, steps=steps)) for age in (2, 200)
    )
    assert np.array_equal(left(short), left(long), equal_nan=True)


# --- what is left, given the age ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("law", "age"), [("exponential(4)", 6), ("uniform(0, 10)", 6), ("lognormal(mean=4, cv=1.5)", 9)])
def test_what_is_left_of_work_in_hand_follows_the_law_of_what_is_longer_than_its_age(law: str, age: float) -> None:
    stream = {"steps": {"develop": {"work": law}}, "teams": {"developers": {"people": "unlimited", "does": "develop"}}}
    item = {"step": "develop", "age": age, "team": "developers", "count": 2000}
    rest = np.array(left(log_of(scenario_of(item, run={"horizon": 10000}, **stream))))
    draws = parse(law).quantile((np.arange(200_000) + 0.5) / 200_000)
    beyond = draws[draws > age] - age
    assert rest.mean() == pytest.approx(beyond.mean(), rel=0.1)
    for share in (0.25, 0.5, 0.75):
        assert np.quantile(rest, share) == pytest.approx(np.quantile(beyond, share), rel=0.15)


def test_time_that_passes_is_drawn_given_how_long_it_has_passed() -> None:
    stream = {"steps": {"soak": {"wait": "uniform(0, 10)"}, "develop": {"work": 1}}}
    stream["teams"] = {"developers": {"people": "unlimited", "does": "develop"}}
    rest = np.array(left(log_of(scenario_of({"step": "soak", "age": 6, "count": 2000}, **stream)))) - 1
    assert rest.min() > 0
    assert rest.max() <= 4
    assert rest.mean() == pytest.approx(2, rel=0.05)


def test_nothing_is_left_where_no_work_takes_as_long_as_its_age() -> None:
    assert left(log_of(scenario_of({"step": "develop", "age": 9, "team": "developers"}))) == [2.5]


# --- what makes no sense --------------------------------------------------------------------------------------------------


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"step": "tets"}, "step", "did you mean 'test'"),
    ({"step": "test", "team": "developers"}, "team", "a team that does test"),
    ({"step": "test", "team": "tester"}, "team", "did you mean 'testers'"),
    ({"step": "test", "stuck": "vendor"}, "stuck", "what test needs of others"),
    ({"step": "test", "remaining": "140%"}, "remaining", "0% to 100%"),
    ({"step": "test", "remaining": -1}, "remaining", "0% to 100%"),
    ({"step": "test", "at": 3}, "at", "a moment before time 0"),
    ({"team": "testers"}, "team", "a step beside team"),
    ({"age": 3, "at": -3}, "age", "either at or age"),
    ({"at": -2, "step": "test", "started": -5}, "started", "not before it arrived"),
    ({"parts": {"feature": 2}, "step": "test"}, "step", "no step for a whole of parts"),
    ({"work": {"tets": 3}}, "tets", "did you mean 'test'"),
    ({"stp": "test"}, "stp", "did you mean 'step'"),
]


@pytest.mark.parametrize(("item", "key", "expected"), WRONG)
def test_an_item_that_makes_no_sense_is_refused_at_its_place(item: dict[str, Any], key: str, expected: str) -> None:
    with pytest.raises(vssim.ScenarioError, match=expected) as refused:
        scenario_of(item)
    assert key in refused.value.faults[0].path


@pytest.mark.parametrize("kind", [{"skips": {"test": "100%"}}, {"route": ["develop", "release"]}])
def test_an_item_at_a_step_that_its_type_skips_is_refused_with_those_that_it_takes(kind: dict[str, Any]) -> None:
    with pytest.raises(vssim.ScenarioError) as refused:
        scenario_of({"step": "test", "age": 3}, kind=kind)
    (fault,) = refused.value.faults
    assert (fault.path, fault.expected) == ("demand.feature.items.0.step", "a step that a feature takes: develop, release")


def test_an_item_at_a_step_that_its_type_seldom_takes_is_there_all_the_same() -> None:
    assert left(log_of(scenario_of({"step": "test", "age": 3}, kind={"skips": {"test": "99%"}}))) == [2.5]


def test_more_who_gather_than_a_batch_takes_go_in_batches_and_the_rest_waits_for_the_next() -> None:
    done = {"step": "develop", "age": 5, "remaining": "0%"}
    log = log_of(scenario_of({**done, "count": 5}, {"at": 2}, handoffs={"batch": 2}))
    released = np.sort(log.times(log.visits.released)[log.visits.step == 0]).tolist()
    assert released == [0, 0, 0, 0, 6, 6]


def test_all_that_is_wrong_with_items_is_said_at_once() -> None:
    with pytest.raises(vssim.ScenarioError) as refused:
        scenario_of(*[item for item, _, _ in WRONG])
    assert len(refused.value.faults) >= len(WRONG)


def test_a_warm_up_beside_a_board_is_refused_and_auto_is_none() -> None:
    with pytest.raises(vssim.ScenarioError, match="what is there at time 0 counts"):
        scenario_of({"step": "test", "age": 3}, run={"horizon": 50, "warmup": 5})
    scenario = scenario_of({"step": "test", "age": 3}, run={"horizon": 50, "warmup": "auto"})
    assert vssim.simulate(scenario).warmup == 0


def test_names_of_items_are_there_once() -> None:
    with pytest.raises(vssim.ScenarioError, match="a name that no other item has"):
        scenario_of({"id": "PAY-1"}, {"id": "PAY-1"})
