"""Deterministic cases, to the tick (P16, P27, P31, P32, and the steady pieces of P07 and P10)."""

from __future__ import annotations

import pytest

from tests.support.running import of_items, play, times

P31 = """
run: {{horizon: 100}}
demand:
  one: {{backlog: 1, work: {{a: 2, b: 3, c: 1}}}}
  two: {{backlog: 1, work: {{a: 1, b: 5, c: 2}}}}
  three: {{backlog: 1, work: {{a: 3, b: 1, c: 6}}}}
  four: {{backlog: 1, work: {{a: 1, b: 2, c: 1}}}}
  five: {{backlog: 1, work: {{a: 2, b: 4, c: 1}}}}
  six: {{backlog: 1, work: {{a: 1, b: 1, c: 3}}}}
steps: {{a: {{work: 1, wip_limit: {0}}}, b: {{work: 1, wip_limit: {1}}}, c: {{work: 1, wip_limit: {2}}}}}
teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}, C: {{people: 1, does: c}}}}
"""


@pytest.mark.parametrize(
    ("limits", "pulled", "leaves_a", "leaves_b", "done", "cycle"),
    [
        ((1, 1, 1), [0, 2, 5, 10, 12, 18], [2, 5, 10, 12, 18, 22], [5, 10, 12, 18, 22, 23], [6, 12, 18, 19, 23, 26], 9.5),
        ((2, 2, 2), [0, 0, 2, 3, 6, 10], [2, 3, 6, 10, 11, 13], [5, 10, 11, 13, 18, 19], [6, 12, 18, 19, 20, 23], 12.833333),
        ((3, 1, 2), [0, 0, 0, 2, 5, 10], [2, 5, 10, 11, 13, 18], [5, 10, 11, 13, 18, 19], [6, 12, 18, 19, 20, 23], 13.5),
        ((6, 6, 6), [0, 0, 0, 0, 0, 0], [2, 3, 6, 7, 9, 10], [5, 10, 11, 13, 17, 18], [6, 12, 18, 19, 20, 23], 16.333333),
    ],
)
def test_p31_a_kanban_line(
    engine: str,
    limits: tuple[int, int, int],
    pulled: list[float],
    leaves_a: list[float],
    leaves_b: list[float],
    done: list[float],
    cycle: float,
) -> None:
    run = play(P31.format(*limits), engine)
    assert of_items(run, "pulled") == pulled
    assert times(run, "left", step="a") == leaves_a
    assert times(run, "left", step="b") == leaves_b
    assert of_items(run, "left") == done
    assert run.metrics()["cycle_time.mean"] == pytest.approx(cycle, abs=1e-6)


def test_p32_batch_handoff_two_people_and_a_gate(engine: str) -> None:
    run = play(
        """
        run: {horizon: 100}
        demand: {item: {at: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}}
        steps: {one: {work: 0.75}, two: {work: 2, gate: {every: 5}}}
        teams: {A: {people: 1, does: one}, B: {people: 2, does: two}}
        handoffs: {delay: 0.5, batch: 3}
        """,
        engine,
    )
    starts = [3.25, 3.25, 5.25, 6.25, 7.25, 8.25, 9.25, 10.25, 11.25, 12.25, 13.25, 14.25]
    assert times(run, "finished", step="one") == [index + 0.75 for index in range(12)]
    assert times(run, "started", step="two") == starts
    assert times(run, "finished", step="two") == [start + 2 for start in starts]
    assert of_items(run, "left") == [10] * 5 + [15] * 5 + [20] * 2
    assert run.metrics()["lead_time.mean"] == 8.25


FAB = """
unit: hour
hours_per_day: 8
run: {{horizon: 200}}
demand: {{penny: {{backlog: 120}}}}
steps: {{a: {{work: 2}}, b: {{work: 2}}, c: {{work: 2}}, d: {{work: 2}}}}
teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}, C: {{people: 1, does: c}}, D: {{people: 1, does: d}}}}
wip_limit: {cards}
"""


@pytest.mark.parametrize(
    ("cards", "throughput", "cycle"),
    [(1, 0.125, 8), (2, 0.25, 8), (3, 0.375, 8), (4, 0.5, 8), (5, 0.5, 10), (6, 0.5, 12), (7, 0.5, 14), (8, 0.5, 16)],
)
def test_p27_penny_fab_one_at_its_best(engine: str, cards: int, throughput: float, cycle: float) -> None:
    run = play(FAB.format(cards=cards), engine)
    left = [time for time in of_items(run, "left") if time is not None]
    pulled = of_items(run, "pulled")
    assert sum(40 < time <= 200 for time in left) == throughput * 160
    assert {after - before for before, after in zip(pulled[cards:], left[cards:], strict=False)} == {cycle}


@pytest.mark.parametrize(
    ("n", "throughput", "cycle"), [(1, 0.1, 10), (2, 0.08, 25), (3, 0.06, 50), (4, 0.04, 100), (5, 0.025, 200)]
)
def test_p16_one_person_with_n_items_open(engine: str, n: int, throughput: float, cycle: float) -> None:
    text = f"""
    run: {{horizon: 600}}
    demand: {{item: {{backlog: 100, work: {{a: 10}}}}}}
    steps: {{a: {{work: 1}}}}
    teams: {{crew: {{people: 1, does: a, multitasking: {n}, efficiency: [100%, 80%, 60%, 40%, 25%]}}}}
    """
    run = play(text, engine)
    left = [time for time in of_items(run, "left") if time is not None]
    started = [time for time in times(run, "started") if time is not None]
    assert {after - before for before, after in zip(started, left, strict=False)} == {cycle}
    assert len(left) == pytest.approx(600 * throughput, abs=n)
    assert len(left) == int(600 / cycle) * n


def test_p07_a_gate_opens_at_its_period_and_lets_all_go(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {every: 1.5}}
        steps: {train: {gate: {every: 10}}}
        teams: {}
        """,
        engine,
    )
    arrived = of_items(run, "arrived")
    assert of_items(run, "left") == [-(-time // 10) * 10 for time in arrived]


def test_p10_a_transfer_batch_goes_with_its_last_item(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {at: [0, 1, 2.5, 3, 7, 7.25, 8, 8, 8, 8, 8, 9]}}
        steps: {send: {work: 0}, receive: {work: 0}}
        teams: {here: {people: unlimited, does: send}, there: {people: unlimited, does: receive}}
        handoffs: {batch: 6}
        """,
        engine,
    )
    assert of_items(run, "left") == [7.25] * 6 + [9] * 6
