"""What the levers of quality, customers and capacity do to a stream that is small enough to reckon by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.before_after import pulled
from tests.support.running import play

CHECKED = {"make": 2, "check": {"work": 1, "returns": {"to": "make", "chance": "50%"}}}
EVERYBODY = {"all": {"people": "unlimited", "does": ["make", "check"]}}


def test_quality_that_is_built_in_takes_more_work_once_and_none_again(engine: str) -> None:
    lever = {"build_quality_in": {"cut": "100%", "cost": "25%"}}
    found = pulled(engine, lever, steps=CHECKED, teams=EVERYBODY, demand={"feature": {"backlog": 200}})
    before, after = found.metric("lead_time.mean")
    assert before > 5  # 3 / (1 − 50 %) on average
    assert after == 2 * 1.25 + 1


def test_quality_that_is_built_in_spares_failure_demand(engine: str) -> None:
    demand = {
        "feature": {"backlog": 200, "route": ["do"], "defects": {"chance": "50%", "after": 1, "as": "bug"}},
        "bug": {"every": "never"},
    }
    before, after = pulled(engine, {"build_quality_in": {"cut": "50%"}}, demand=demand).metric("defects")
    # every second of 200 brings a bug, which takes a day more; then every fourth
    assert before == pytest.approx(100 / 300, rel=0.2)
    assert after == pytest.approx(50 / 250, rel=0.3)


WRONG_HALF = {"feature": {"backlog": 100, "outcome": {"right": "50%", "after": 10_000}}}


def test_who_talks_to_customers_is_right_more_often_and_never_less(engine: str) -> None:
    found = pulled(engine, {"talk_to_customers": {"share": "50%"}}, demand=WRONG_HALF)
    before, after = found.of_items("right", origin="demand")
    assert sum(after) > sum(before) + 10
    assert all(later for earlier, later in zip(before, after, strict=True) if earlier)
    assert found.metric("throughput") == (0.1, 0.1)


def test_who_talks_to_customers_hears_sooner(engine: str) -> None:
    demand = {"feature": {"at": [0], "outcome": {"right": 0, "after": 10, "work": 0}}}
    document = {"run": {"horizon": 1000}, "steps": {"do": 1}, "teams": {"do": 1}}
    wrong = demand["feature"] | {"outcome": {"right": "1%", "after": 10}}
    lever = {"talk_to_customers": {"share": 0, "feedback": "50%"}}
    run = play(document | {"demand": {"feature": wrong}, "changes": {"it": [lever]}}, engine, "it")
    left, arrived = run.items["left"].to_list(), run.items["arrived"].to_list()
    assert len(arrived) > 3
    assert all(later == earlier + 5 for earlier, later in zip(left[:-1], arrived[1:], strict=True) if later is not None)


def test_the_talks_take_time(engine: str) -> None:
    demand = {"feature": {"at": [0], "outcome": {"right": "100%"}}}
    assert pulled(engine, {"talk_to_customers": {"time": "50%"}}, demand=demand).metric("lead_time.mean") == (1, 2)


def test_a_small_bet_stops_what_is_wrong_before_it_is_built(engine: str) -> None:
    demand = {"feature": {"backlog": 100, "outcome": {"right": "20%", "after": 10_000}}}
    lever = {"small_bets": {"work": "10%", "stops": "100%", "mistaken": 0}}
    found = pulled(engine, lever, demand=demand, steps={"do": 10}, horizon=500)
    # 50 items of 10 in 500; with bets, all hundred of 1 and then 10 for one in five: done after 300
    before, after = found.metric("outcomes")
    assert before == pytest.approx(10 / 500, abs=6 / 500)
    assert after == pytest.approx(20 / 300, rel=0.3)
    assert after > 1.3 * before
    assert found.after.metrics()["throughput"] == after
    right = found.of_items("right", origin="demand")
    assert right[0] == right[1]


def test_a_small_bet_costs_its_share_of_the_work(engine: str) -> None:
    demand = {"feature": {"at": [0], "size": 2, "outcome": {"right": "100%"}}}
    found = pulled(engine, {"small_bets": {"work": "10%", "mistaken": 0}}, demand=demand, steps={"do": 10})
    assert found.metric("lead_time.mean") == (20, 22)


def test_fewer_meetings_leave_more_of_the_day(engine: str) -> None:
    teams = {"do": {"people": 1, "does": "do", "meetings": "50%"}}
    assert pulled(engine, {"cut_meetings": {"cut": "100%"}}, teams=teams).metric("lead_time.mean") == (2, 1)
    assert pulled(engine, "cut_meetings", teams=teams).metric("lead_time.mean") == (2, pytest.approx(4 / 3, abs=1e-5))


QUEUE = {"feature": {"backlog": 500, "work": {"do": 0.5}}}


def test_more_people_are_fewer_at_first(engine: str) -> None:
    lever = {"add_people": {"teams": {"do": 1}, "ramp": 20, "mentoring": "50%"}}
    at_first = pulled(engine, lever, demand=QUEUE, horizon=4)
    before, after = at_first.metric("throughput")
    assert after < before
    in_the_end = pulled(engine, lever, demand=QUEUE, horizon=100)
    before, after = in_the_end.metric("throughput")
    assert after > 1.5 * before


def test_newcomers_take_their_colleagues_time_until_the_ramp_is_over(engine: str) -> None:
    lever = {"add_people": {"teams": {"do": 1}, "ramp": 0.000001, "mentoring": "500%"}}
    found = pulled(engine, lever, demand={"feature": {"backlog": 10}}, from_=2.5)
    # from the first unit of time after they came, two work as one did
    assert found.of_items("left")[0] == list(range(1, 11))
    assert found.of_items("left")[1][-2:] == pytest.approx([7, 7], abs=1)


def test_who_joins_others_than_the_bottleneck_is_no_help(engine: str) -> None:
    found = pulled(
        engine,
        {"add_people": {"teams": {"make": 3}, "ramp": 1, "mentoring": 0}},
        demand={"feature": {"backlog": 20}},
        steps={"make": 0.5, "check": 2},
        teams={"make": 1, "check": 1},
    )
    before, after = (max(left) for left in found.of_items("left"))
    assert before <= after < before + 1


def test_time_to_improve_is_worse_before_it_is_better(engine: str) -> None:
    lever = {"make_time_to_improve": {"share": "20%", "gain": "50%", "within": 20}}
    before, after = pulled(engine, lever, demand=QUEUE, horizon=8).metric("throughput")
    assert after < before
    before, after = pulled(engine, lever, demand=QUEUE, horizon=200).metric("throughput")
    assert after > 1.2 * before


TWO: dict[str, Any] = {"demand": {"feature": {"backlog": 50}}, "steps": {"make": 2, "check": 1}, "teams": {"make": 1, "check": 1}}


def test_a_machine_helps_at_the_bottleneck_and_nowhere_else(engine: str) -> None:
    elsewhere = pulled(engine, {"automate": {"steps": "check", "saved": "50%"}}, **TWO)
    before, after = (max(left) for left in elsewhere.of_items("left"))
    assert (before, after) == (101, 100.5)
    there = pulled(engine, {"automate": {"steps": "make", "saved": "50%"}}, **TWO)
    assert max(there.of_items("left")[1]) == 51


def test_what_a_machine_makes_cheap_is_asked_for_more(engine: str) -> None:
    found = pulled(engine, {"automate": {"saved": "50%", "demand": "50%"}}, demand={"feature": {"every": 3}}, horizon=300)
    assert found.metric("throughput") == (pytest.approx(1 / 3, rel=0.02), pytest.approx(1 / 2, rel=0.02))
    assert found.metric("lead_time.mean") == (1, 0.5)


def test_a_machine_must_be_kept_up(engine: str) -> None:
    found = pulled(engine, {"automate": {"saved": "50%", "upkeep": "20%"}})
    assert found.metric("lead_time.mean") == (1, 0.5 / 0.8)


def test_assistance_saves_work_and_brings_more_of_it_back(engine: str) -> None:
    lever = {"assist_with_ai": {"steps": "make", "saved": "50%", "returns": "60%"}}
    found = pulled(engine, lever, steps=CHECKED, teams=EVERYBODY, demand={"feature": {"backlog": 500}})
    before, after = found.metric("returns")
    assert before == pytest.approx(1, rel=0.2)
    assert after == pytest.approx(0.8 / 0.2, rel=0.2)
    assert found.metric("lead_time.mean") == (pytest.approx(6, rel=0.1), pytest.approx((1 + 1) / 0.2, rel=0.15))


def test_a_step_that_is_gone_takes_no_time(engine: str) -> None:
    found = pulled(engine, {"simplify": {"steps": "check"}}, **TWO)
    assert [max(left) for left in found.of_items("left")] == [101, 100]
    assert not found.of_visits("item", "check")[1]


def test_a_step_can_go_while_work_is_under_way(engine: str) -> None:
    found = pulled(engine, {"simplify": {"steps": "check"}}, from_=10.5, **TWO)
    assert found.of_items("left")[0][:4] == found.of_items("left")[1][:4]
    assert max(found.of_items("left")[1]) == 100


@pytest.mark.parametrize("start", [None, 20])
def test_new_titles_leave_the_flow_as_it_was_to_the_tick(engine: str, start: float | None) -> None:
    found = pulled(engine, {"rename": {"teams": {"make": "Tribe Phoenix", "check": "Chapter"}}}, from_=start, **TWO)
    assert found.before.visits.equals(found.after.visits)
    assert found.before.items.equals(found.after.items)


def test_new_titles_hurt_for_a_while_when_a_dip_says_so(engine: str) -> None:
    lever = {"rename": {"teams": {"make": "Tribe Phoenix"}}}
    change = {"levers": [lever], "from": 20, "dip": {"depth": "50%", "recover": 20}}
    stream = {"run": {"horizon": 1000}, **TWO, "changes": {"it": change}}
    assert max(play(stream, engine, "it").items["left"]) > max(play(stream, engine).items["left"]) + 2
