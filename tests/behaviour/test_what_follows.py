"""What becomes of items and what follows from delivering them: stops, outcome, defects, wholes and their parts."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times, visits

ONE = """
run: {{horizon: {horizon}}}
demand: {demand}
steps: {{a: {{work: 1}}, b: {{work: 1, stops: {stops}}}, c: {{work: 1}}}}
teams: {{crew: {{people: unlimited, does: [a, b, c]}}}}
"""


def one(demand: str, stops: str = "{}", horizon: float = 1000) -> str:
    return ONE.format(demand=demand, stops=stops, horizon=horizon)


def test_what_is_stopped_leaves_there_and_is_not_delivered(engine: str) -> None:
    run = play(one("{item: {backlog: 2}}", "{wrong: 100%, right: 100%}"), engine)
    assert times(run, "step", item=0) == ["a", "b"]
    assert of_items(run, "stopped") == [True, True]
    assert of_items(run, "left") == [2, 2]
    assert run.metrics()["throughput"] == 0
    assert run.metrics()["stopped"] == 2 / 2, "the work is finite: rates end when the last item leaves"


def test_a_stopped_item_frees_its_places(engine: str) -> None:
    text = one("{item: {backlog: 2}}", "{wrong: 100%, right: 100%}") + "wip_limit: 1\n"
    assert of_items(play(text, engine), "pulled") == [0, 2]


def test_the_wrong_ones_can_be_stopped_alone(engine: str) -> None:
    run = play(one("{item: {backlog: 300, outcome: {right: 50%}}}", "{wrong: 100%}"), engine)
    assert of_items(run, "right", stopped=False) == [True] * len(of_items(run, "item", stopped=False))
    assert 90 < len(of_items(run, "item", stopped=True)) < 210
    assert set(of_items(run, "origin")) == {"demand"}  # a stopped item has no new version


def test_an_item_without_outcome_is_right(engine: str) -> None:
    assert of_items(play(one("{item: {backlog: 2}}"), engine), "right") == [True, True]


def test_a_new_version_follows_what_was_not_right(engine: str) -> None:
    run = play(one("{item: {backlog: 200, outcome: {right: 60%, after: 5, work: 50%}}}"), engine)
    items = {row["item"]: row for row in run.items.iter_rows(named=True)}
    versions = [row for row in items.values() if row["origin"] == "version"]
    assert 60 < len(versions) < 240
    assert len(versions) == sum(not row["right"] for row in items.values())
    for row in versions:
        before = items[row["follows"]]
        assert not before["right"]
        assert row["arrived"] == before["left"] + 5
        assert row["type"] == "item"
        assert row["work"] == 3 * 0.5 if before["origin"] == "demand" else row["work"] <= 1.5


def test_a_defect_follows_its_delivered_item(engine: str) -> None:
    demand = "{item: {at: [0, 2], defects: {chance: 100%, after: 4, as: bug}}, bug: {every: never, route: [b, c], size: 0.5}}"
    run = play(one(demand), engine)
    assert of_items(run, "type") == ["item", "bug", "item", "bug"]
    assert of_items(run, "arrived") == [0, 7, 2, 9]
    assert of_items(run, "left") == [3, 8, 5, 10]
    assert of_items(run, "follows") == [None, 0, None, 2]
    assert of_items(run, "origin") == ["demand", "defect", "demand", "defect"]


def test_a_defect_that_comes_at_once_is_due_at_the_same_tick(engine: str) -> None:
    demand = "{item: {at: [0], defects: {chance: 100%, as: bug}}, bug: {every: never, route: [c]}}"
    run = play(one(demand), engine)
    assert of_items(run, "arrived") == [0, 3]
    assert of_items(run, "left") == [3, 4]


def test_nothing_follows_what_is_stopped(engine: str) -> None:
    demand = "{item: {at: [0], defects: {chance: 100%, as: bug}}, bug: {every: never, route: [c]}}"
    run = play(one(demand, "{wrong: 100%, right: 100%}"), engine)
    assert [left for left in of_items(run, "arrived") if left is not None] == [0]


WHOLE = """
run: {{horizon: 50}}
demand: {{whole: {whole}, part: {{every: never, route: [a]}}}}
steps: {{a: {{work: 1}}, integrate: {{work: 2}}}}
teams: {{crew: {{people: 1, does: a}}, others: {{people: 1, does: integrate}}}}
"""


def test_a_whole_is_done_when_its_parts_are(engine: str) -> None:
    run = play(WHOLE.format(whole="{backlog: 1, parts: {part: 3}}"), engine)
    assert of_items(run, "type") == ["part", "part", "part", "whole"]
    assert of_items(run, "parent") == [3, 3, 3, None]
    assert of_items(run, "left") == [1, 2, 3, 3]
    assert of_items(run, "arrived") == [0, 0, 0, 0]
    assert of_items(run, "joined") == [0, 0, 0, 3]
    assert run.metrics()["lead_time.mean"] == 3
    assert run.metrics()["time.parts"] == 3
    assert run.metrics()["throughput"] == 1 / 3, "of finite work, until it is done"


def test_a_whole_may_have_a_route_of_its_own_for_after_its_parts(engine: str) -> None:
    run = play(WHOLE.format(whole="{at: [0, 1], parts: {part: 2}, route: [integrate]}"), engine)
    assert of_items(run, "type") == ["part", "part", "whole", "part", "part", "whole"]
    assert of_items(run, "left") == [1, 2, 4, 3, 4, 6]
    assert times(run, "started", step="integrate") == [2, 4]


def test_parts_are_stopped_and_the_whole_goes_on(engine: str) -> None:
    text = WHOLE.format(whole="{backlog: 1, parts: {part: 2}, route: [integrate]}")
    run = play(text.replace("a: {work: 1}", "a: {work: 1, stops: {wrong: 100%, right: 100%}}"), engine)
    assert of_items(run, "stopped") == [True, True, False]
    assert of_items(run, "left") == [1, 2, 4]


def test_wholes_can_have_wholes_for_parts(engine: str) -> None:
    run = play(
        """
        run: {horizon: 50}
        demand: {top: {backlog: 1, parts: {middle: 2}}, middle: {every: never, parts: {leaf: 2}}, leaf: {every: never, route: [a]}}
        steps: {a: {work: 1}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert of_items(run, "left", type="leaf") == [1, 2, 3, 4]
    assert of_items(run, "left", type="middle") == [2, 4]
    assert of_items(run, "left", type="top") == [4]


@pytest.mark.parametrize("demand", ["{item: {at: [0, 0, 3]}}", "{item: {at: [3, 0, 0]}}"])
def test_arrival_times_can_come_in_any_order(engine: str, demand: str) -> None:
    assert of_items(play(one(demand), engine), "arrived") == [0, 0, 3]


def test_arrivals_at_equal_times_apart(engine: str) -> None:
    run = play(one("{item: {every: 2.5, count: 3}}", horizon=40), engine)
    assert of_items(run, "arrived") == [2.5, 5, 7.5]


def test_arrivals_in_batches(engine: str) -> None:
    run = play(one("{item: {every: 10, batch: 3}}", horizon=25), engine)
    assert of_items(run, "arrived") == [10, 10, 10, 20, 20, 20]


def test_a_count_holds_for_batches_too(engine: str) -> None:
    run = play(one("{item: {every: 10, batch: 3, count: 4}}", horizon=60), engine)
    assert of_items(run, "arrived") == [10, 10, 10, 20]


def test_a_skipped_step_is_absent(engine: str) -> None:
    run = play(one("{item: {backlog: 1, skips: {b: 100%}}}"), engine)
    assert times(run, "step") == ["a", "c"]


def test_steps_are_skipped_as_often_as_their_chance_says(engine: str) -> None:
    run = play(one("{item: {backlog: 2000, skips: {b: 20%}}}"), engine)
    assert abs(len(visits(run, step="b")) / 2000 - 0.8) < 4 * (0.16 / 2000) ** 0.5


def test_what_has_not_happened_by_the_horizon_is_not_in_the_log(engine: str) -> None:
    run = play(one("{item: {at: [0, 1, 9]}}", horizon=3), engine)
    assert of_items(run, "left")[:2] == [3, None]  # what happens at the horizon is part of the run
    assert times(run, "started", item=1) == [1, 2, 3]
    assert times(run, "finished", item=1) == [2, 3, None]


def test_items_say_how_they_ended_and_whether_they_were_stopped(engine: str) -> None:
    text = """
    run: {horizon: 5}
    demand: {item: {at: [0, 0, 0, 4]}}
    steps: {a: {work: 1, stops: {wrong: 0%, right: 50%}}, b: {work: 1}}
    teams: {crew: {people: unlimited, does: [a, b]}}
    """
    run = play(text, engine, seed=3)
    ended, left = of_items(run, "ended"), of_items(run, "left")
    assert {*ended[:3]} <= {"delivered", "stopped"}
    assert [how == "stopped" for how in ended] == of_items(run, "stopped")
    assert all((how is None) == (when is None) for how, when in zip(ended, left, strict=True))
    assert len(of_items(run, "item", ended="stopped")) + len(of_items(run, "item", ended="delivered")) >= 3
