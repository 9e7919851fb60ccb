"""Which of several waiting items comes first: priority, expedite, discipline, pull order, time, number."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times

ONE = """
run: {{horizon: 60}}
demand: {demand}
steps: {{a: {{work: 1}}}}
teams: {{crew: {{people: 1, does: a}}}}
discipline: {discipline}
"""


def one(demand: str, discipline: str = "fifo") -> str:
    return ONE.format(demand=demand, discipline=discipline)


def test_first_come_first_served(engine: str) -> None:
    assert times(play(one("{item: {at: [0, 0.25, 0.5]}}"), engine), "started") == [0, 1, 2]


def test_what_arrives_together_goes_in_the_order_of_the_file(engine: str) -> None:
    run = play(one("{z: {backlog: 2}, a: {backlog: 1}}"), engine)
    assert of_items(run, "type") == ["z", "z", "a"]
    assert times(run, "started") == [0, 1, 2]


def test_a_lower_number_goes_first_and_nobody_is_interrupted(engine: str) -> None:
    run = play(one("{low: {at: [0, 0.25]}, high: {at: [0.5], priority: 1}}"), engine)
    assert times(run, "started") == [0, 2, 1]


def test_expedited_items_go_before_every_priority(engine: str) -> None:
    run = play(one("{low: {at: [0, 0.25], priority: 1}, rush: {at: [0.5], expedite: true, priority: 9}}"), engine)
    assert times(run, "started") == [0, 2, 1]


def test_last_come_first_served(engine: str) -> None:
    assert times(play(one("{item: {at: [0, 0.25, 0.5, 1.5]}}", "lifo"), engine), "started") == [0, 3, 1, 2]


def test_priority_goes_before_the_discipline(engine: str) -> None:
    run = play(one("{item: {at: [0, 0.5]}, high: {at: [0.25], priority: 1}}", "lifo"), engine)
    assert of_items(run, "type") == ["item", "high", "item"]
    assert times(run, "started") == [0, 1, 2]


def test_the_shortest_first(engine: str) -> None:
    demand = "{long: {backlog: 1, work: {a: 3}}, short: {backlog: 1, work: {a: 1}}, middle: {backlog: 1, size: 2}}"
    run = play(one(demand, "shortest_first"), engine)
    assert times(run, "started") == [3, 0, 1]


def test_the_shortest_goes_by_the_whole_route(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {x: {backlog: 1, work: {a: 1, b: 9}}, y: {backlog: 1, work: {a: 2, b: 1}}}
        steps: {a: {work: 1}, b: {work: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
        discipline: shortest_first
        """,
        engine,
    )
    assert times(run, "started", step="a") == [2, 0]


def test_the_shortest_goes_by_the_estimate(engine: str) -> None:
    demand = "{long: {backlog: 1, work: {a: 3}, estimate: 0.1}, short: {backlog: 1, work: {a: 1}}}"
    assert times(play(one(demand, "shortest_first"), engine), "started") == [0, 3]


def test_cost_of_delay_over_work(engine: str) -> None:
    demand = (
        "{big: {backlog: 1, work: {a: 10}, cost_of_delay: 20}, small: {backlog: 1, cost_of_delay: 5}, "
        "free: {backlog: 1, work: {a: 0.5}}}"
    )
    run = play(one(demand, "wsjf"), engine)
    assert times(run, "started") == [1, 0, 11]


def test_the_earliest_due_date_first_and_what_has_none_last(engine: str) -> None:
    run = play(
        one(
            "{none: {backlog: 1}, later: {backlog: 1, due: 9}, soon: {at: [0.5], due: 5}, old: {backlog: 1, due: 6}}",
            "earliest_due",
        ),
        engine,
    )
    assert of_items(run, "type") == ["none", "later", "old", "soon"]
    assert times(run, "started") == [3, 2, 0, 1]
    assert of_items(run, "due") == [None, 9, 6, 5.5]


def test_the_discipline_orders_the_backlog_too(engine: str) -> None:
    demand = "{long: {backlog: 1, work: {a: 3}}, short: {backlog: 1, work: {a: 1}}, middle: {backlog: 1, size: 2}}"
    run = play(one(demand, "shortest_first") + "wip_limit: 1\n", engine)
    assert of_items(run, "pulled") == [3, 0, 1]


PULLS = """
run: {{horizon: 60}}
demand: {{item: {{at: {at}}}}}
steps: {{a: {{work: 1}}, b: {{work: 1}}}}
teams: {{crew: {{people: 1, does: [a, b], pull: {pull}}}}}
"""


@pytest.mark.parametrize(
    ("pull", "at", "first", "second"),
    [
        ("fifo", "[0, 0.5]", [0, 1], [2, 3]),  # ready at 0.5 before ready at 1
        ("fifo", "[0, 1]", [0, 2], [1, 3]),  # both ready at 1: the lower number
        ("finish_first", "[0, 0.5]", [0, 2], [1, 3]),
        ("start_first", "[0, 1]", [0, 1], [2, 3]),
        ("oldest_first", "[0, 0.5]", [0, 2], [1, 3]),
    ],
)
def test_a_team_pulls_in_its_own_order(engine: str, pull: str, at: str, first: list[float], second: list[float]) -> None:
    run = play(PULLS.format(pull=pull, at=at), engine)
    assert times(run, "started", step="a") == first
    assert times(run, "started", step="b") == second


def test_the_pull_order_goes_before_the_discipline_and_after_priority(engine: str) -> None:
    text = PULLS.format(pull="finish_first", at="[0, 0.5]") + "discipline: lifo\n"
    assert times(play(text, engine), "started", step="a") == [0, 2]
    high = text.replace("demand: {", "demand: {high: {at: [0.75], priority: 1}, ")
    run = play(high, engine)
    assert times(run, "started", type="high") == [1, 2]
    assert times(run, "started", step="b", type="item") == [3, 5]
