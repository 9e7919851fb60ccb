"""Handoff batches: who waits for whom, who carries the setup in, and what becomes of the last few."""

from __future__ import annotations

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


def test_the_last_few_go_when_nothing_else_can_happen(engine: str) -> None:
    at_once = play(line("{item: {backlog: 5}}", b=0.5), engine)
    later = play(line("{item: {backlog: 5}}", b=2), engine)
    assert times(at_once, "released", step="a") == [2, 2, 4, 4, 5]
    assert times(later, "released", step="a") == [2, 2, 4, 4, 10]  # when the fourth is done at b
    assert of_items(later, "left") == [4, 6, 8, 10, 12]


def test_the_last_few_wait_for_an_arrival_within_the_run_and_not_for_one_after_it(engine: str) -> None:
    within = play(line("{item: {at: [0, 1, 2, 40]}}"), engine)
    after = play(line("{item: {at: [0, 1, 2, 61]}}"), engine)
    assert times(within, "released", step="a") == [2, 2, 41, 41]
    assert times(after, "released", step="a")[:3] == [2, 2, 3]


def test_partial_batches_go_one_step_at_a_time_from_the_last(engine: str) -> None:
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
    # b: two from 2 to 4, gathering for c; the third gathers for b from 3. Quiet at 4: the two for c go first.
    assert times(run, "released", step="b")[:2] == [4, 4]
    assert times(run, "started", step="c")[:2] == [4, 5]
    assert times(run, "released", step="a") == [2, 2, 6]
    assert times(run, "released", step="b") == [4, 4, 7]


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
    # done at 1, 2, 5, 6; the gate opens at 3 and 6; the fourth is the last few, and goes when the others are through
    assert times(run, "released", step="a") == [6, 6, 6, 7.5]


def test_the_first_through_a_gate_carries_the_setup_in_where_there_are_no_batches(engine: str) -> None:
    text = line("{item: {at: [0, 1, 4, 5]}}", into="{setup: 0.25}").replace("a: {work: 1}", "a: {work: 1, gate: {every: 4}}")
    run = play(text, engine)
    assert times(run, "released", step="a") == [4, 4, 8, 8]
    assert times(run, "touch", step="b") == [0.75, 0.5, 0.75, 0.5]
