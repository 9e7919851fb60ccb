"""Handoff batches: who waits for whom, who carries the setup in, and what becomes of the last few."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times

LINE = """
run: {{horizon: 60}}
demand: {demand}
steps: {{a: {{work: 1}}, b: {{work: {b}}}}}
teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}}}
handoffs: {{into: {{b: {into}}}}}
"""


def line(demand: str = "{item: {backlog: 4}}", b: float = 0.5, into: str = "{batch: 2}") -> str:
    return LINE.format(demand=demand, b=b, into=into)


def test_items_wait_until_the_batch_is_together(engine: str) -> None:
    run = play(line(), engine)
    assert times(run, "finished", step="a") == [1, 2, 3, 4]
    assert times(run, "released", step="a") == [2, 2, 4, 4]
    assert times(run, "started", step="b") == [2, 2.5, 4, 4.5]


def test_the_first_of_a_batch_carries_the_setup_in(engine: str) -> None:
    run = play(line(into="{batch: 2, setup: 0.25}"), engine)
    assert times(run, "touch", step="b") == [0.75, 0.5, 0.75, 0.5]


def test_without_batches_every_item_carries_the_setup_in(engine: str) -> None:
    run = play(line(into="{batch: 1, setup: 0.25}"), engine)
    assert times(run, "touch", step="b") == [0.75, 0.75, 0.75, 0.75]


def test_the_first_by_priority_carries_the_setup_in(engine: str) -> None:
    run = play(line("{low: {at: [0]}, high: {at: [0.5], priority: 1}}", into="{batch: 2, setup: 0.25}"), engine)
    assert times(run, "released", step="a") == [2, 2]
    assert times(run, "touch", step="b") == [0.5, 0.75]
    assert times(run, "started", step="b") == [2.75, 2]


def test_the_last_few_go_as_soon_as_nobody_else_can_come(engine: str) -> None:
    at_once = play(line("{item: {backlog: 5}}", b=0.5), engine)
    later = play(line("{item: {backlog: 5}}", b=2), engine)
    assert times(at_once, "released", step="a") == [2, 2, 4, 4, 5]
    assert times(later, "released", step="a") == [2, 2, 4, 4, 5]  # whatever goes on at b
    assert of_items(later, "left") == [4, 6, 8, 10, 12]


def test_the_last_few_wait_for_an_arrival_also_for_one_after_the_run(engine: str) -> None:
    within = play(line("{item: {at: [0, 1, 2, 40]}}"), engine)
    after = play(line("{item: {at: [0, 1, 2, 61]}}"), engine)
    assert times(within, "released", step="a") == [2, 2, 41, 41]
    assert times(after, "released", step="a") == [2, 2, None]


@pytest.mark.parametrize("horizon", [7, 300, 500])
def test_the_last_few_go_on_the_same_day_whatever_the_horizon(engine: str, horizon: float) -> None:
    others = "{item: {backlog: 6, route: [a, b]}, other: {every: 7, route: [a]}}"
    assert (
        times(play(line(others, into="{batch: 4}"), engine, horizon=horizon), "released", type="item", step="a")
        == [4] * 4 + [6] * 2
    )


def test_where_demand_goes_on_only_size_and_time_let_a_batch_go(engine: str) -> None:
    ever = "{item: {every: 9}}"
    assert times(play(line(ever), engine, horizon=40), "released", step="a") == [19, 19, 37, 37]
    run = play(line(ever, into="{batch: 3, wait_at_most: 10}"), engine, horizon=40)
    assert times(run, "released", step="a") == [20, 20, 38, 38]  # done at 10, 19, 28, 37


@pytest.mark.parametrize("horizon", [26, 35, 36, 60])
def test_demand_of_a_number_goes_on_until_that_number_has_come(engine: str, horizon: float) -> None:
    run = play(line("{item: {every: 9, count: 3}, skipping: {every: 12, count: 3, skips: {b: 99.9999%}}}"), engine, horizon=horizon)
    third = [] if horizon < 27 else [36 if horizon >= 36 else None]
    assert times(run, "released", type="item", step="a") == [
        19,
        19,
        *third,
    ]  # the last who might come arrives at 36, and will skip b


def test_a_batch_waits_at_most_so_long_for_the_rest(engine: str) -> None:
    run = play(line("{item: {at: [0, 0, 10, 30]}}", into="{batch: 5, wait_at_most: 2.5}"), engine)
    assert times(run, "released", step="a") == [3.5, 3.5, 13.5, 31]  # from when the first has gathered; the last waits for nobody


def test_a_batch_that_does_not_wait_takes_those_of_the_same_instant(engine: str) -> None:
    text = line("{item: {at: [0, 0, 1, 9]}}", into="{batch: 5, wait_at_most: 0, setup: 0.25}").replace(
        "people: 1, does: a", "people: 2, does: a"
    )
    run = play(text, engine)
    assert times(run, "released", step="a") == [1, 1, 2, 10]
    assert times(run, "touch", step="b") == [0.75, 0.5, 0.75, 0.75]


def test_how_long_a_batch_waits_is_said_for_all_steps_or_for_one(engine: str) -> None:
    text = line("{item: {at: [0, 30]}}", into="{batch: 2}").replace("handoffs: {", "handoffs: {wait_at_most: 4, ")
    assert times(play(text, engine), "released", step="a") == [5, 31]
    assert times(play(text.replace("{batch: 2}", "{batch: 2, wait_at_most: 6}"), engine), "released", step="a") == [7, 31]


def test_partial_batches_wait_only_for_those_who_can_still_come_to_their_step(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 3}}
        steps: {a: {work: 1}, b: {work: 1}, c: {work: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}, C: {people: 1, does: c}}
        handoffs: {batch: 2, into: {c: {batch: 5}}}
        """,
        engine,
    )
    assert times(run, "released", step="a") == [2, 2, 3]  # nobody else comes to b
    assert times(run, "released", step="b") == [5, 5, 5]  # the third may come to c until it is there
    assert times(run, "started", step="c") == [5, 6, 7]


def test_one_who_gathers_for_a_step_is_waited_for_behind_it_and_not_before_it_and_there(engine: str) -> None:
    # From 3 on the one from `late` gathers for c, into which b brings somebody only at 31; it is not waited for at c (nor at b).
    run = play(
        """
        run: {horizon: 60}
        demand: {late: {at: [2], route: [b, c, d]}, slow: {at: [0], route: [a, c]}, quick: {backlog: 1, route: [a, d]}}
        steps: {a: {work: 1}, b: {work: 1}, c: {work: 1}, d: {work: 1}}
        teams: {A: {people: 1, does: [a, b]}, C: {people: 1, does: c}, D: {people: 1, does: d}}
        handoffs: {batch: 3, into: {c: {batch: 2}}}
        """,
        engine,
    )
    assert times(run, "released", type="slow", step="a") == times(run, "released", type="late", step="b") == [3]
    assert times(run, "released", type="quick", step="a") == times(run, "released", type="late", step="c") == [5]


@pytest.mark.parametrize(
    "others",
    [
        "other: {at: [30], route: [a]}",  # never comes to b
        "other: {at: [30], expedite: true}",  # gathers for nothing
        "other: {at: [30], route: [b]}",  # begins there, so nobody hands it over
        "whole: {at: [0], parts: {part: 1}}, part: {every: never, route: [a, b]}",  # only a part's leaving brings it on
    ],
)
def test_nobody_is_waited_for_who_cannot_gather(engine: str, others: str) -> None:
    run = play(line(f"{{item: {{backlog: 1}}, {others}}}", into="{batch: 3}"), engine)
    last = 2 if "part" in others else 1
    assert times(run, "released", type="item", step="a") == [last]


def test_nobody_is_waited_for_whom_every_owner_keeps(engine: str) -> None:
    text = """
    run: {horizon: 60}
    demand: {item: {backlog: 1, route: [a, c]}, kept: {at: [30], route: [b, c]}}
    steps: {a: {work: 1}, b: {work: 1}, c: {work: 1}}
    teams: {A: {people: 1, does: a}, B: {people: 1, does: [b, c]}}
    handoffs: {batch: 2}
    """
    assert times(play(text, engine), "released", type="item", step="a") == [1]
    assert times(play(text.replace("does: a}", "does: [a, b]}"), engine), "released", type="item", step="a") == [31]


def test_what_another_items_leaving_brings_is_not_waited_for_until_it_is_there(engine: str) -> None:
    demand = "{item: {backlog: 1, defects: {chance: 0.999999, after: 3, as: bug}}, bug: {every: never, route: [a, b]}}"
    run = play(line(demand, into="{batch: 3}"), engine)
    assert times(run, "released", type="item", step="a") == [1]
    assert times(run, "released", type="bug", step="a") == [5.5]


def test_where_limits_are_too_small_the_last_resort_is_that_nothing_else_is_due(engine: str) -> None:
    # Two more may come, but the place at a is taken by the one that waits for them.
    text = line("{item: {backlog: 3}}", into="{batch: 2}").replace("a: {work: 1}", "a: {work: 1, wip_limit: 1}")
    assert times(play(text, engine), "released", step="a") == [1, 2, 3]


@pytest.mark.parametrize("horizon", [60, 99, 100, 200])
def test_an_arrival_after_the_horizon_is_due_too_so_the_last_resort_does_not_look_at_it_either(engine: str, horizon: float) -> None:
    text = line("{item: {at: [0, 100]}}", into="{batch: 2}").replace("a: {work: 1}", "a: {work: 1, wip_limit: 1}")
    assert times(play(text, engine, horizon=horizon), "released", item=0, step="a") == [100 if horizon >= 100 else None]


def test_who_has_gathered_longest_counts_also_when_others_go_before_it(engine: str) -> None:
    # Three come through a gate at 4; the two of them that go first leave the third, who has gathered since then.
    text = line("{low: {at: [0, 50]}, high: {at: [1, 2], priority: 1}}", into="{batch: 2, wait_at_most: 5}")
    run = play(text.replace("a: {work: 1}", "a: {work: 1, gate: {every: 4}}"), engine)
    assert times(run, "released", type="high", step="a") == [4, 4]
    assert times(run, "released", type="low", step="a") == [9, 52]


def test_a_partial_batch_carries_the_setup_in(engine: str) -> None:
    run = play(line("{item: {backlog: 3}}", into="{batch: 2, setup: 0.25}"), engine)
    assert times(run, "touch", step="b") == [0.75, 0.5, 0.75]


def test_an_expedited_item_does_not_wait_for_the_batch_and_carries_its_own_setup_in(engine: str) -> None:
    demand = "{item: {at: [0, 2]}, rush: {at: [1], expedite: true}}"
    run = play(line(demand, into="{batch: 2, setup: 0.25}"), engine)
    assert times(run, "released", step="a", type="rush") == [2]
    assert times(run, "released", step="a", type="item") == [3, 3]
    assert times(run, "touch", step="b", type="rush") == [0.75]
    assert times(run, "touch", step="b", type="item") == [0.75, 0.5]


def test_what_stays_in_a_team_is_not_batched(engine: str) -> None:
    run = play(line().replace("A: {people: 1, does: a}, B: {people: 1, does: b}", "A: {people: 1, does: [a, b]}"), engine)
    assert times(run, "released", step="a") == times(run, "finished", step="a")


def test_returns_are_not_batched(engine: str) -> None:
    run = play(
        """
        run: {horizon: 12}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 1}, b: {work: 1, returns: {to: a, chance: 0.9999999}}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
        handoffs: {batch: 2, setup: 0.5}
        """,
        engine,
    )
    assert times(run, "finished", item=0)[:2] == [1, 3.5]  # with the second at 2; setup carried in
    assert times(run, "entered", item=0)[:3] == [0, 2, 3.5]
    assert times(run, "touch", item=0)[:3] == [1, 1.5, 1]  # nor do they carry a setup in


def test_a_batch_moves_as_one_only_as_far_as_there_is_room(engine: str) -> None:
    run = play(
        line(into="{batch: 2}", b=1).replace("b: {work: 1}", "b: {work: 1, wip_limit: 1}"),
        engine,
    )
    assert times(run, "released", step="a") == [2, 2, 4, 4]
    assert times(run, "entered", step="b") == [2, 3, 4, 5]


def test_gathering_items_stand_in_the_column_before(engine: str) -> None:
    run = play(line().replace("a: {work: 1}", "a: {work: 1, wip_limit: 2}"), engine)
    assert of_items(run, "pulled") == [0, 0, 2, 2]


def test_a_batch_is_gathered_after_the_gate(engine: str) -> None:
    run = play(
        line("{item: {at: [0, 1, 4, 5]}}", into="{batch: 3}").replace("a: {work: 1}", "a: {work: 1, gate: {every: 3}}"), engine
    )
    # done at 1, 2, 5, 6; the gate opens at 3 and 6; for the fourth nobody else can come
    assert times(run, "released", step="a") == [6, 6, 6, 6]


def test_the_first_through_a_gate_carries_the_setup_in_where_there_are_no_batches(engine: str) -> None:
    text = line("{item: {at: [0, 1, 4, 5]}}", into="{setup: 0.25}").replace("a: {work: 1}", "a: {work: 1, gate: {every: 4}}")
    run = play(text, engine)
    assert times(run, "released", step="a") == [4, 4, 8, 8]
    assert times(run, "touch", step="b") == [0.75, 0.5, 0.75, 0.5]
