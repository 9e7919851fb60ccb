"""What the levers of doing less and of focus do to a stream that is small enough to reckon by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.before_after import pulled
from tests.support.running import play

MANY = {"feature": {"backlog": 40, "size": "exponential(1)", "value": "uniform(1, 9)"}}


def test_saying_no_turns_down_the_least_valuable_and_leaves_the_others_as_they_were(engine: str) -> None:
    found = pulled(engine, {"say_no": {"share": "40%"}}, demand=MANY)
    before, after = (list(zip(run.items["value"], run.items["work"], strict=True)) for run in (found.before, found.after))
    turned_down = [item for item in before if item not in after]
    assert 5 < len(turned_down) < 30
    assert [item for item in before if item in after] == after
    assert max(value for value, _ in turned_down) < min(value for value, _ in after)


def test_saying_no_shortens_the_wait_of_the_rest(engine: str) -> None:
    before, after = pulled(engine, {"say_no": {"share": "40%"}}, demand=MANY).metric("lead_time.mean")
    assert after < 0.8 * before


def test_who_says_no_from_a_date_on_has_the_same_demand_until_then(engine: str) -> None:
    demand = {"feature": {"every": "exponential(1)", "value": "uniform(1, 9)", "work": {"do": "exponential(0.5)"}}}
    found = pulled(engine, {"say_no": {"share": "50%"}}, demand=demand, from_=50, horizon=100)
    before, after = (list(zip(run.items["arrived"], run.items["work"], strict=True)) for run in (found.before, found.after))
    assert [item for item in before if item[0] < 50] == [item for item in after if item[0] < 50]
    assert set(after) < set(before)


def test_without_values_the_least_urgent_are_turned_down_and_without_either_any(engine: str) -> None:
    urgent = {"feature": {"backlog": 40, "cost_of_delay": "exponential(1)"}}
    before, after = pulled(engine, {"say_no": {"share": "50%"}}, demand=urgent).of_items("cost_of_delay")
    assert min(after) > max(cost for cost in before if cost not in after)
    assert 8 < len(pulled(engine, {"say_no": {"share": "50%"}}, demand={"feature": {"backlog": 40}}).after.items) < 32


def test_level_demand_ends_the_queue_that_a_batch_makes(engine: str) -> None:
    found = pulled(engine, "level_demand", demand={"feature": {"every": 4, "batch": 4}}, horizon=400)
    # four at once wait for each other: 1, 2, 3, 4. One each unit of time waits for nobody: 1
    assert found.metric("lead_time.mean") == (pytest.approx(2.5, rel=0.01), 1.0)
    assert found.metric("throughput") == pytest.approx((1, 1), rel=0.02)


def test_level_demand_makes_intervals_vary_less(engine: str) -> None:
    demand = {"feature": {"every": "exponential(1.25)"}}
    before, after = pulled(engine, {"level_demand": {"variation": 0}}, demand=demand).metric("lead_time.mean")
    assert before > 1.5
    assert after == 1.0


TWO_STEPS: dict[str, Any] = {"steps": {"make": 4, "check": 4}, "teams": {"make": 1, "check": 1}}


def test_slices_of_an_item_flow_past_each_other(engine: str) -> None:
    found = pulled(engine, {"slice": {"into": 4, "overhead": 0}}, **TWO_STEPS)
    # whole: 4 + 4. In four: the first is made in 1, the check of the last ends 4 later
    assert found.metric("lead_time.mean") == (8, 5)
    assert found.metric("throughput@feature") == (1 / 8, 1 / 5)


def test_the_overhead_of_slices_is_work(engine: str) -> None:
    demand = {"feature": {"backlog": 10, "size": "exponential(1)"}}
    found = pulled(engine, {"slice": {"into": 3, "overhead": "50%"}}, demand=demand, **TWO_STEPS)
    before, after = found.of_visits("touch")
    assert sum(after) == pytest.approx(1.5 * sum(before), rel=1e-4)


def test_slices_share_the_luck_of_their_whole(engine: str) -> None:
    demand = {"feature": {"backlog": 5, "size": "exponential(1)"}}
    steps = {"make": "exponential(4)", "check": "lognormal(mean=2, cv=1)"}
    found = pulled(engine, {"slice": {"into": 2, "overhead": 0}}, demand=demand, steps=steps, teams={"make": 1, "check": 1})
    for step in steps:
        before, after = found.of_visits("touch", step)
        assert after[::2] == after[1::2]
        assert after[::2] == pytest.approx([touch / 2 for touch in before], abs=1e-5)


def test_slicing_pays_off_when_a_whole_is_much_for_one(engine: str) -> None:
    before, after = pulled(engine, {"slice": {"into": 4}}, teams={"do": 4}, steps={"do": 8}).metric("lead_time.mean")
    assert (before, after) == (8, pytest.approx(2.2))


def test_prioritise_lets_the_short_ones_pass(engine: str) -> None:
    demand = {"long": {"backlog": 1, "work": {"do": 5}}, "short": {"backlog": 1}}
    found = pulled(engine, {"prioritise": {"discipline": "shortest_first"}}, demand=demand)
    assert found.metric("lead_time.mean") == ((5 + 6) / 2, (1 + 6) / 2)
    assert found.metric("throughput") == (2 / 6, 2 / 6)


def test_prioritise_by_cost_of_delay_costs_less_delay(engine: str) -> None:
    demand = {"idle": {"backlog": 1, "cost_of_delay": 1}, "dear": {"backlog": 1, "cost_of_delay": 9}}
    found = pulled(engine, "prioritise", demand=demand)
    # idle first: 1·1 + 9·2; dear first: 9·1 + 1·2
    assert found.metric("cost_of_delay") == pytest.approx((19 / 2, 11 / 2))


def test_slices_are_as_urgent_as_their_whole(engine: str) -> None:
    demand = {"idle": {"backlog": 1, "cost_of_delay": 1}, "dear": {"backlog": 1, "cost_of_delay": 9}}
    levers = [{"slice": {"into": 2, "overhead": 0}}, "prioritise"]
    stream = {"run": {"horizon": 10}, "demand": demand, "steps": {"do": 1}, "teams": {"do": 1}, "changes": {"it": levers}}
    run = play(stream, engine, "it")
    assert run.metrics()["cost_of_delay"] == pytest.approx((9 * 1 + 1 * 2) / 2)
