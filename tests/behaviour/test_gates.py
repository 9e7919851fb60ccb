"""Gates: cadences at which items may leave, and committees that answer when they meet."""

from __future__ import annotations

import textwrap

import pytest

import vssim
from tests.support.running import of_items, play, times

TRAIN = """
run: {{horizon: 60}}
demand: {demand}
steps: {{a: {{work: {work}, gate: {gate}}}}}
teams: {{crew: {{people: 5, does: a}}}}
"""


def train(demand: str = "{item: {backlog: 1}}", work: float = 1, gate: str = "{every: 5}") -> str:
    return TRAIN.format(demand=demand, work=work, gate=gate)


@pytest.mark.parametrize(("work", "left"), [(1, 5), (4.999999, 5), (5, 5), (5.000001, 10), (10, 10)])
def test_what_is_done_waits_for_the_next_opening_and_not_if_done_exactly_on_it(engine: str, work: float, left: float) -> None:
    run = play(train(work=work), engine)
    assert times(run, "finished") == [work]
    assert times(run, "released") == [left]
    assert of_items(run, "left") == [left]


@pytest.mark.parametrize(("work", "left"), [(1, 2), (2, 2), (3, 7), (7, 7), (8, 12)])
def test_an_offset_shifts_the_openings(engine: str, work: float, left: float) -> None:
    assert of_items(play(train(work=work, gate="{every: 5, offset: 2}"), engine), "left") == [left]


def test_an_offset_of_more_than_a_period_opens_before_it_too(engine: str) -> None:
    assert of_items(play(train(gate="{every: 5, offset: 12}"), engine), "left") == [2]


def test_a_gate_lets_the_first_pass_and_keeps_the_rest_for_the_next_opening(engine: str) -> None:
    run = play(train("{low: {backlog: 2}, high: {at: [1], priority: 1}}", gate="{every: 5, most: 2}"), engine)
    assert of_items(run, "type") == ["low", "low", "high"]
    assert of_items(run, "left") == [5, 10, 5]


def test_the_most_of_an_opening_counts_what_is_done_exactly_on_it(engine: str) -> None:
    run = play(train("{item: {at: [0, 4, 4]}}", gate="{every: 5, most: 2}"), engine)
    assert of_items(run, "left") == [5, 5, 10]


def test_expedited_items_wait_at_gates_too_and_pass_first(engine: str) -> None:
    run = play(train("{item: {backlog: 1}, rush: {at: [2], expedite: true}}", gate="{every: 5, most: 1}"), engine)
    assert of_items(run, "left") == [10, 5]


def test_a_gate_can_hold_some_types_alone(engine: str) -> None:
    run = play(train("{item: {backlog: 1}, patch: {backlog: 1}}", gate="{every: 5, for: item}"), engine)
    assert of_items(run, "left") == [5, 1]
    assert times(run, "gated") == [True, False]


def test_two_gates_in_a_row_keep_their_calendar(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {at: [0, 7]}}
        steps: {a: {work: 1, gate: {every: 10}}, b: {gate: {every: 15}}}
        teams: {A: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "released", step="a") == [10, 10]
    assert of_items(run, "left") == [15, 15]


def test_gates_that_open_together_are_one_opening(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {at: [0]}}
        steps: {a: {work: 1, gate: {every: 10}}, b: {gate: {every: 5}}}
        teams: {A: {people: 1, does: a}}
        """,
        engine,
    )
    assert of_items(run, "left") == [10]


def test_an_item_at_a_gate_holds_its_place(engine: str) -> None:
    run = play(train("{item: {backlog: 2}}").replace("work: 1,", "work: 1, wip_limit: 1,"), engine)
    assert of_items(run, "pulled") == [0, 5]


def test_returns_pass_no_gate(engine: str) -> None:
    run = play(
        """
        run: {horizon: 30}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 1}, b: {work: 1, gate: {every: 10}, returns: {to: a, chance: 0.9999999}}}
        teams: {A: {people: 1, does: [a, b]}}
        """,
        engine,
    )
    assert times(run, "released")[:4] == [1, 2, 3, 4]
    assert times(run, "gated")[:4] == [False, False, False, False]


def test_a_committee_answers_when_it_meets(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 4, needs: {from: board, gate: {every: 20}}}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "kind") == ["work", "ticket", "work"]
    assert times(run, "finished") == [2, 2, 22]
    assert times(run, "released") == [2, 20, 22]
    assert times(run, "skill") == ["a", None, "a"]


def test_a_committee_may_have_work_to_do_first(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 4, needs: {from: board, work: 3, gate: {every: 10, most: 1}}}}
        teams: {crew: {people: 2, does: a}, board: {people: 1, does: board}}
        """,
        engine,
    )
    assert times(run, "finished", kind="ticket") == [5, 8]
    assert times(run, "released", kind="ticket") == [10, 20]
    assert of_items(run, "left") == [12, 22]


def test_a_parked_item_waits_for_the_committee_off_the_board(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 4, wip_limit: 1, needs: {from: board, gate: {every: 10}, parks: true}}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 2]
    assert times(run, "released", kind="ticket") == [10, 10]
    assert of_items(run, "left") == [12, 14]


def test_the_gate_of_the_step_comes_after_the_committees(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 1, needs: {from: board, at: 100%, gate: {every: 4}}, gate: {every: 10}}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "released") == [1, 4, 10]
    assert of_items(run, "left") == [10]


def test_what_a_gate_lets_go_comes_before_the_backlog_at_the_same_moment(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {x: {at: [0]}, y: {at: [0, 1], route: b}}
        steps: {a: {work: 1, gate: {every: 5}}, b: {work: 5, wip_limit: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
        """,
        engine,
    )
    assert of_items(run, "type") == ["x", "y", "y"]
    assert times(run, "entered", step="b") == [5, 0, 10]


def test_what_a_gate_lets_go_is_delivered_before_others_move_at_the_same_moment(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {x: {at: [0], route: b}, y: {at: [0, 1], priority: 1, route: a}}
        steps: {a: {work: 5, wip_limit: 1}, b: {work: 1, gate: {every: 5}}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
        wip_limit: 2
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 0, 5]


def test_a_gate_opens_at_listed_moments_and_at_no_others() -> None:
    text = """
    run: {horizon: 60}
    demand: {f: {at: [0, 3, 6, 20, 41]}}
    steps: {a: {work: 1, gate: {at: [40, 4, 10.5], most: 2}}}
    teams: {x: {people: unlimited, does: a}}
    """
    scenario = vssim.loads(textwrap.dedent(text))
    for engine in ("reference", "compiled"):
        log = vssim.simulate(scenario, engine=engine).log
        assert log.times(log.items.left)[:4].tolist() == [4, 4, 10.5, 40]
        assert log.items.left[4] == -1  # after the last it stays shut


def test_a_gate_that_is_full_lets_the_rest_through_at_the_next_listed_moment() -> None:
    text = """
    run: {horizon: 60}
    demand: {f: {backlog: 5}}
    steps: {a: {work: 1, gate: {at: [2, 3, 30], most: 2}}}
    teams: {x: {people: unlimited, does: a}}
    """
    scenario = vssim.loads(textwrap.dedent(text))
    for engine in ("reference", "compiled"):
        assert vssim.simulate(scenario, engine=engine).log.items_table()["left"].to_list() == [2, 2, 3, 3, 30]


def test_a_gate_opens_in_the_evenings_of_listed_dates() -> None:
    text = """
    start: 2026-06-15
    run: {horizon: 60}
    demand: {f: {at: [0, 6]}}
    steps: {a: {work: 1, gate: {at: [2026-06-10, 2026-06-19, 2026-06-26]}}}
    teams: {x: {people: 1, does: a}}
    """
    log = vssim.simulate(vssim.loads(textwrap.dedent(text))).log
    assert log.times(log.items.left).tolist() == [5, 10]


def test_a_gate_has_a_cadence_or_a_list_and_not_both() -> None:
    text = "demand: {{f: 3}}\nsteps: {{a: {{work: 1, gate: {}}}}}\nteams: {{x: {{people: 1, does: a}}}}"
    for gate in ("{every: 5, at: [1]}", "{most: 3}"):
        with pytest.raises(vssim.ScenarioError, match="either every"):
            vssim.loads(text.format(gate))
