"""What the levers against silos, obstacles and far-off decisions do to a stream that is small enough to reckon by hand."""

from __future__ import annotations

import pytest

from tests.support.before_after import pulled


def test_cross_trained_people_help_where_work_waits(engine: str) -> None:
    found = pulled(
        engine,
        {"cross_train": {"teams": "developers", "skills": "test", "proficiency": 1}},
        demand={"feature": {"backlog": 4}},
        steps={"develop": 1, "test": 4},
        teams={"developers": {"people": 1, "does": "develop"}, "testers": {"people": 1, "does": "test"}},
    )
    # the tester alone: 1 + 4·4. The developer, done at 4, takes the second test, and at 8 the last
    before, after = found.of_items("left")
    assert (max(before), max(after)) == (17, 12)


def test_cross_trained_people_do_their_own_first(engine: str) -> None:
    found = pulled(
        engine,
        {"cross_train": {"teams": "developers", "proficiency": 0.5}},
        demand={"feature": {"every": 1}},
        steps={"develop": 1, "test": 1},
        teams={"developers": {"people": 1, "does": "develop"}, "testers": {"people": 1, "does": "test"}},
        horizon=50,
    )
    assert found.of_items("left")[0] == found.of_items("left")[1]


DESK = {"desk": {"people": 1, "does": "desk"}, "crew": {"people": 4, "does": "do"}}


def test_what_a_team_serves_itself_does_not_queue_for_others(engine: str) -> None:
    found = pulled(
        engine,
        {"self_serve": {"share": "100%", "factor": "200%"}},
        demand={"feature": {"backlog": 4}},
        steps={"do": {"work": 2, "needs": {"from": "desk", "work": 1}}},
        teams=DESK,
    )
    # one after the other at the desk: 3, 4, 5, 6. By themselves: 2 + 2·1 each
    assert found.metric("lead_time.mean") == (4.5, 4.0)
    assert found.metric("utilisation.desk") == (4 / 6, 0)


def test_who_still_asks_is_the_same_luck_with_a_smaller_chance(engine: str) -> None:
    needs = {"from": "desk", "work": "exponential(1)", "chance": "60%"}
    found = pulled(
        engine,
        {"self_serve": {"share": "50%", "factor": "300%"}},
        demand={"feature": {"backlog": 60}},
        steps={"do": {"work": 2, "needs": needs}},
        teams=DESK,
    )
    tickets, own = [], []
    for run in (found.before, found.after):
        asked = run.visits.filter(run.visits["skill"] == "desk")
        tickets.append(dict(zip(asked["item"].to_list(), asked["touch"].to_list(), strict=True)))
        worked = run.visits.filter(run.visits["skill"] == "do")["item", "touch"].group_by("item").sum()
        own.append(dict(zip(worked["item"].to_list(), worked["touch"].to_list(), strict=True)))
    assert 0 < len(tickets[1]) < len(tickets[0])
    assert all(tickets[0][item] == touch for item, touch in tickets[1].items())
    for item in own[1]:
        themselves = tickets[0].get(item, 0) if item not in tickets[1] else 0
        assert own[1][item] == pytest.approx(own[0][item] + 3 * themselves, abs=1e-5)


BLOCKED = {"do": {"work": 2, "needs": {"outside": "vendor", "wait": 8, "parks": True}}}


def test_swarming_on_a_blocker_shortens_the_wait_for_some_work(engine: str) -> None:
    # 2 + 8; then 2 + 8·(1 − 50 %) + 8·10 %
    found = pulled(engine, {"swarm_on_blockers": {"cut": "50%", "effort": "10%"}}, steps=BLOCKED)
    assert found.metric("lead_time.mean") == (10, pytest.approx(6.8))
    assert [sum(touch) for touch in found.of_visits("touch")] == pytest.approx([2, 2.8])


def test_a_blocker_that_is_swarmed_on_keeps_its_place(engine: str) -> None:
    steps = {"do": BLOCKED["do"] | {"wip_limit": 1}}
    found = pulled(engine, {"swarm_on_blockers": {"cut": 0, "effort": 0}}, steps=steps, demand={"feature": {"backlog": 2}})
    assert found.of_items("pulled") == ([0, 1], [0, 10])


RETURNS = {"make": 2, "pass": 1, "check": {"work": 1, "returns": {"to": "make", "chance": "50%", "work": "100%"}}}


def test_problems_that_surface_are_found_where_they_arise(engine: str) -> None:
    found = pulled(
        engine,
        {"surface_problems": {"share": "50%", "cost": "50%"}},
        demand={"feature": {"backlog": 800}},
        steps=RETURNS,
        teams={"all": {"people": "unlimited", "does": ["make", "pass", "check"]}},
    )
    passes = {step: [len(visits) / 800 for visits in found.of_visits("item", step)] for step in RETURNS}
    # made 1 / (1 − p) times both before and after; checked (1 − p·s) / (1 − p) times instead of 1 / (1 − p)
    assert passes["make"] == pytest.approx([2, 2], rel=0.1)
    assert passes["pass"] == passes["check"]
    assert passes["check"] == pytest.approx([2, 1.5], rel=0.1)
    before, after = found.metric("lead_time.mean")
    assert before == pytest.approx(8, rel=0.1)
    assert after == pytest.approx(2 + 0.5 * 1 + 0.5 * 2 + 1.5 * 2, rel=0.1)  # of the repeats half at source, at half the work


def test_all_problems_can_surface_at_once(engine: str) -> None:
    found = pulled(
        engine,
        {"surface_problems": {"share": "100%"}},
        demand={"feature": {"backlog": 100}},
        steps=RETURNS,
        teams={"all": {"people": "unlimited", "does": ["make", "pass", "check"]}},
    )
    assert len(found.of_visits("item", "check")[1]) == 100


def test_who_decides_at_the_work_waits_at_no_gate(engine: str) -> None:
    found = pulled(engine, "decide_locally", steps={"do": {"work": 2, "gate": {"every": 10}}})
    assert found.metric("lead_time.mean") == (10, 2)


def test_who_decides_at_the_work_asks_no_committee(engine: str) -> None:
    steps = {"do": {"work": 2, "needs": {"from": "board", "gate": {"every": 20}}}}
    assert pulled(engine, {"decide_locally": {"gates": "board"}}, steps=steps).metric("lead_time.mean") == (21, 2)
    assert pulled(engine, {"decide_locally": {"gates": []}}, steps=steps).metric("lead_time.mean") == (21, 21)


def test_who_decides_at_the_work_does_the_work_of_deciding(engine: str) -> None:
    steps = {"do": {"work": 2, "needs": {"from": "desk", "work": 1, "delay": 5}}}
    lever = {"decide_locally": {"from": "desk", "factor": "150%"}}
    assert pulled(engine, lever, steps=steps, teams=DESK).metric("lead_time.mean") == (8, 3.5)


def test_a_shorter_cadence_opens_the_gate_sooner(engine: str) -> None:
    steps = {"do": {"work": 2, "gate": {"every": 10}}}
    assert pulled(engine, "shorten_cadence", steps=steps).metric("lead_time.mean") == (10, 5)
    assert pulled(engine, {"shorten_cadence": {"every": 3}}, steps=steps).metric("lead_time.mean") == (10, 3)


def test_a_shorter_cadence_lets_more_through_where_openings_are_full(engine: str) -> None:
    steps = {"do": {"work": 0.1, "gate": {"every": 10, "most": 1}}}
    found = pulled(engine, "shorten_cadence", steps=steps, demand={"feature": {"backlog": 100}}, horizon=100)
    assert found.metric("throughput") == (0.1, 0.2)  # what the opening at the horizon lets through is delivered in the run
