"""How long a run is and from when on it is measured, worked out from the file: no run, no luck, the same for all its variants."""

from __future__ import annotations

import math
from typing import Any

import pytest

import vssim
from tests.support.running import text_of
from vssim.model.memory import memory
from vssim.scenario import Scenario, measured_from


def one_queue(every: float = 1.25, people: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": "a queue",
        "demand": {"item": {"every": f"exponential({every})"}},
        "steps": {"serve": {"work": "exponential(1)"}},
        "teams": {"crew": {"people": people, "does": "serve"}},
        **more,
    }


def scenario(**more: Any) -> Scenario:
    return vssim.loads(text_of(one_queue(**more)))


AUTO = {"horizon": 1000, "warmup": "auto"}


def test_a_queue_is_measured_once_it_has_forgotten_its_start_twice_over() -> None:
    assert memory(scenario().model).relaxation == pytest.approx(1 / (1 - math.sqrt(0.8)) ** 2)
    for seed in (1, 2, 3):
        assert measured_from(scenario(run={**AUTO, "seed": seed})) == 179


def test_more_people_at_the_same_load_forget_sooner() -> None:
    alone, crowd = (memory(scenario(every=1.25 / people, people=people).model).relaxation for people in (1, 10))
    assert alone == pytest.approx(10 * crowd)


def test_steady_work_and_arrivals_are_forgotten_sooner() -> None:
    steady = {"item": {"every": 1.25}}
    halves = memory(scenario(demand=steady).model).relaxation, memory(scenario(steps={"serve": {"work": 1}}).model).relaxation
    whole = memory(scenario().model).relaxation
    assert halves == pytest.approx((whole / 2, whole / 2))


def test_steps_in_a_row_add_up_like_standard_deviations() -> None:
    steps = {name: {"work": "exponential(1)"} for name in ("serve", "check")}
    teams = {"crew": {"people": 1, "does": "serve"}, "others": {"people": 1, "does": "check"}}
    both = memory(scenario(steps=steps, teams=teams).model).relaxation
    assert both == pytest.approx(math.sqrt(2) * memory(scenario().model).relaxation)


def test_people_who_share_their_work_are_one_queue() -> None:
    apart = {"a": {"people": 1, "does": "serve"}, "b": {"people": 1, "does": "serve"}}
    assert memory(scenario(every=0.625, teams=apart).model).relaxation == pytest.approx(
        memory(scenario(every=0.625, people=2).model).relaxation
    )


def test_waits_and_gates_pass_at_their_own_pace_and_a_whole_cadence_is_cut() -> None:
    steps = {"serve": {"work": "exponential(1)"}, "soak": {"wait": 7}, "ship": {"work": 0, "gate": {"every": 30}}}
    teams = {"crew": {"people": 1, "does": "serve"}, "ops": {"people": "unlimited", "does": "ship"}}
    remembered = memory(scenario(steps=steps, teams=teams).model)
    assert remembered.slow == pytest.approx(37)
    assert measured_from(scenario(steps=steps, teams=teams, run=AUTO)) == 240, "179.4 + 37 days, up to the eighth opening"


def test_newcomers_are_waited_for() -> None:
    team = {"people": 2, "does": "serve", "onboarding": {"people": 1, "ramp": 60}}
    assert memory(scenario(teams={"crew": team}).model).slow == 60


def test_the_slowest_change_without_a_date_decides_whichever_is_played() -> None:
    slower = {"slower": [{"set": {"steps.serve.work": "exponential(1.1)"}}]}
    dated = {"later": {"levers": slower["slower"], "from": 500}}
    with_slower = vssim.loads(text_of(one_queue(run={**AUTO, "horizon": 2000}, changes=slower)))
    expected = float(f"{2 * 1.1 / (1 - math.sqrt(0.88)) ** 2:.3g}")
    assert measured_from(with_slower) == expected == vssim.compare(with_slower, replications=2).warmup
    assert vssim.compare(with_slower, only=["slower"], replications=2).warmup == expected
    assert measured_from(scenario(run=AUTO, changes=dated)) == 179


def test_at_most_half_of_a_run_is_cut() -> None:
    assert measured_from(scenario(run={"horizon": 250, "warmup": "auto"})) == 125


def test_work_that_ends_has_no_start_to_forget() -> None:
    finite = scenario(demand={"item": {"backlog": 50}})
    assert (measured_from(finite), finite.run.horizon) == (0, 250)


def test_a_file_that_does_not_say_how_long_is_run_for_as_long_as_it_needs() -> None:
    fitting = scenario()
    assert (fitting.run.horizon, fitting.run.warmup) == (1100, "auto")
    comparison = vssim.compare(fitting)
    steady = math.log(1 / 0.15) / (1 - 0.8)
    assert comparison.variants["baseline"]["lead_time.p85"].mean == pytest.approx(steady, rel=0.1)
    assert not comparison.warnings


def test_two_hundred_items_arrive_at_least() -> None:
    assert scenario(every=5).run.horizon >= 1000


def test_nobody_waits_for_a_steady_state_that_is_many_years_away() -> None:
    assert scenario(every=100).run.horizon == 2500, "20 of the longest span would be 2,000"


def test_a_warm_up_in_the_file_is_kept_and_a_length_comes_on_top() -> None:
    assert scenario(run={"warmup": 300}).run.horizon == pytest.approx(1200)
    assert scenario(run={"horizon": 80}).run.warmup == 0


def test_a_run_that_is_too_short_for_its_load_says_so_before_it_is_played() -> None:
    (warning,) = vssim.compare(scenario(run={"horizon": 250}), replications=1).warnings
    assert warning.startswith("baseline: too short for its load: 1 person of crew at 80 % remembers 90 days, 250 are measured")


def test_no_steady_state_is_claimed_where_people_are_nearly_full() -> None:
    full = scenario(every=1 / 0.99)
    assert not memory(full.model).settles
    assert full.run.horizon == 2500
    (warning,) = [text for text in vssim.compare(full, replications=1).warnings if "nearly full" in text]
    assert warning.startswith("baseline: nearly full: crew: load 99 %; no steady state within reach")


def test_an_overload_is_told_as_one_and_needs_no_second_word() -> None:
    notes = vssim.compare(scenario(every=0.5, run={"horizon": 100}), replications=1).variants["baseline"].warnings
    assert [text.split(":")[0] for text in notes if "overload" in text or "too short" in text or "nearly" in text] == ["overload"]
