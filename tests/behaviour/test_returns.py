"""Returns: which stays are repeated, with which work, and how often."""

from __future__ import annotations

import polars
import pytest

from tests.support.running import of_items, play, times, visits

LOOP = """
run: {{horizon: 100000}}
demand: {{item: {{backlog: {backlog}}}}}
steps: {{a: {{work: {work}}}, b: {{work: 2}}, c: {{work: 1, returns: {returns}}}}}
teams: {{crew: {{people: unlimited, does: [a, b, c]}}}}
"""
ALWAYS = "chance: 0.9999999"


def loop(returns: str, backlog: int = 1, work: str = "4") -> str:
    return LOOP.format(returns=returns, backlog=backlog, work=work)


def test_a_return_repeats_every_step_between(engine: str) -> None:
    run = play(loop(f"{{to: b, {ALWAYS}}}"), engine)
    assert times(run, "step")[:7] == ["a", "b", "c", "b", "c", "b", "c"]
    assert times(run, "rework")[:5] == [False, False, False, True, True]


def test_a_return_ends_after_fifty_times(engine: str) -> None:
    run = play(loop(f"{{to: c, {ALWAYS}}}"), engine)
    assert times(run, "step") == ["a", "b"] + ["c"] * 51
    assert of_items(run, "left") == [4 + 2 + 51]


def test_a_chance_of_nothing_never_returns(engine: str) -> None:
    run = play(loop("{to: a, chance: 0%}", backlog=50), engine)
    assert len(run.visits) == 150


def test_a_return_skips_what_the_item_skips(engine: str) -> None:
    text = loop(f"{{to: a, {ALWAYS}}}").replace("{backlog: 1}", "{backlog: 1, skips: {b: 100%}}")
    assert times(play(text, engine), "step")[:5] == ["a", "c", "a", "c", "a"]


def test_a_share_of_the_first_work_is_done_where_the_item_is_sent_to_and_the_rest_afresh(engine: str) -> None:
    run = play(loop(f"{{to: b, {ALWAYS}, work: 40%}}"), engine)
    assert times(run, "touch")[:5] == [4, 2, 1, 0.8, 1]


def test_a_quantity_is_done_where_the_item_is_sent_to_and_the_rest_afresh(engine: str) -> None:
    run = play(loop(f"{{to: b, {ALWAYS}, work: 0.25}}"), engine)
    assert times(run, "touch")[:5] == [4, 2, 1, 0.25, 1]


def test_steps_passed_again_take_the_share_that_the_return_says(engine: str) -> None:
    run = play(loop(f"{{to: a, {ALWAYS}, work: 5, on_the_way: 50%}}"), engine)
    assert times(run, "touch")[:9] == [4, 2, 1, 5, 1, 0.5, 5, 1, 0.5]


def test_steps_passed_again_are_drawn_afresh_each_time(engine: str) -> None:
    text = loop(f"{{to: a, {ALWAYS}, work: 5}}").replace("b: {work: 2}", "b: {work: exponential(2)}")
    touches = times(play(text, engine), "touch", step="b")
    assert len(set(touches)) == 51
    assert 1 < sum(touches) / 51 < 4


def test_who_skips_the_step_it_is_sent_to_does_the_returns_work_at_the_next(engine: str) -> None:
    text = loop(f"{{to: a, {ALWAYS}, work: 5}}").replace("{backlog: 1}", "{backlog: 1, skips: {a: 100%}}")
    assert times(play(text, engine), "touch")[:5] == [2, 1, 5, 1, 5]


def test_a_wait_at_the_beginning_leaves_the_returns_work_to_the_next_step(engine: str) -> None:
    text = loop(f"{{to: a, {ALWAYS}, work: 5}}").replace("a: {work: 4}", "a: {wait: 4}").replace("does: [a, b, c]", "does: [b, c]")
    run = play(text, engine)
    assert times(run, "touch", step="b")[:3] == [2, 5, 5]
    assert times(run, "touch", step="c")[:3] == [1, 1, 1]


def test_a_return_to_the_step_itself_passes_nothing_on_the_way(engine: str) -> None:
    run = play(loop(f"{{to: c, {ALWAYS}, work: 30%, on_the_way: 90%}}"), engine)
    assert times(run, "touch", step="c")[:3] == [1, 0.3, 0.3]


def test_four_items_that_come_back_for_five_days_are_tested_for_one(engine: str) -> None:
    run = play(
        """
        run: {horizon: 50, seed: 3}
        demand: {f: {at: [0, 0, 0, 0]}}
        steps: {a: {work: 2}, b: {work: 1, returns: {to: a, chance: 50%, work: 5}}}
        teams: {t: {people: unlimited, does: [a, b]}}
        """,
        engine,
    )
    assert set(times(run, "touch", step="b")) == {1.0}
    assert set(times(run, "touch", step="a", rework=True)) == {5.0}


def test_waits_and_needs_on_the_way_are_drawn_afresh_whatever_is_done_there(engine: str) -> None:
    text = f"""
    run: {{horizon: 100000}}
    demand: {{item: {{backlog: 1}}}}
    steps:
      a: {{work: 1}}
      rest: {{wait: exponential(2)}}
      b: {{work: 1, needs: {{from: help, chance: 50%, work: exponential(3)}}, returns: {{to: a, {ALWAYS}, on_the_way: 0%}}}}
    teams: {{crew: {{people: unlimited, does: [a, b]}}, others: {{people: unlimited, does: help}}}}
    """
    run = play(text, engine)
    waits = visits(run, kind="wait", step="rest")
    assert len(set((waits["left"] - waits["entered"]).to_list())) == 51
    tickets = times(run, "touch", kind="ticket")
    assert 10 < len(tickets) < 42
    assert len(set(tickets)) == len(tickets)


def test_a_loop_on_the_way_keeps_its_own_work(engine: str) -> None:
    text = loop("{to: a, chance: 50%, work: 0.5, on_the_way: 50%}", backlog=60).replace(
        "b: {work: 2}", "b: {work: 2, returns: {to: b, chance: 50%, work: 0.25}}"
    )
    run = play(text, engine)
    assert set(times(run, "touch", step="a", rework=True)) == {0.5}
    assert set(times(run, "touch", step="b", rework=True)) == {1, 0.25}
    assert set(times(run, "touch", step="c", rework=True)) == {0.5}


def test_repeated_work_is_drawn_afresh(engine: str) -> None:
    run = play(loop(f"{{to: a, {ALWAYS}}}", work="exponential(4)"), engine)
    touches = times(run, "touch", step="a")
    assert len(set(touches)) == 51
    assert 1.5 < sum(touches) / 51 < 9


def test_a_share_of_the_first_is_of_what_was_drawn_first(engine: str) -> None:
    run = play(loop(f"{{to: a, {ALWAYS}, work: 50%}}", work="exponential(4)"), engine)
    touches = times(run, "touch", step="a")
    assert touches[1:] == [pytest.approx(touches[0] / 2, abs=1e-6)] * 50


def test_a_list_of_returns_is_tried_in_order(engine: str) -> None:
    run = play(loop(f"[{{to: c, {ALWAYS}}}, {{to: b, {ALWAYS}}}]"), engine)
    steps = times(run, "step")
    # each time at c: fifty repeats at c before the next in the list is tried
    assert steps[:2] == ["a", "b"]
    assert steps[2:53] == ["c"] * 51
    assert steps[53] == "b"


def test_a_return_can_concern_some_types_alone(engine: str) -> None:
    text = loop(f"{{to: a, {ALWAYS}, for: x}}").replace("item: {backlog: 1}", "x: {backlog: 1}, y: {backlog: 1}")
    run = play(text, engine)
    assert len(visits(run, type="x")) == 3 * 51
    assert len(visits(run, type="y")) == 3


def test_returns_come_as_often_as_their_chance_says(engine: str) -> None:
    run = play(loop("{to: c, chance: 25%}", backlog=4000), engine)
    passes = visits(run, step="c").group_by("item").len()["len"]
    assert abs(float(passes.mean()) - 4 / 3) < 4 * (4 / 9 / 4000) ** 0.5  # type: ignore[arg-type]
    assert abs(float((passes >= 3).sum()) / 4000 - 1 / 16) < 4 * (15 / 256 / 4000) ** 0.5


def test_loops_within_loops_are_drawn_anew_each_time_round(engine: str) -> None:
    text = loop("{to: b, chance: 50%}", backlog=2000).replace("b: {work: 2}", "b: {work: 2, returns: {to: b, chance: 50%}}")
    run = play(text, engine)
    tables = run.visits.group_by("item").agg(
        polars.col("step").filter(polars.col("step") == "b").len().alias("b"),
        polars.col("step").filter(polars.col("step") == "c").len().alias("c"),
    )
    assert float(tables["c"].mean()) == pytest.approx(2, rel=0.15)  # type: ignore[arg-type]
    assert float(tables["b"].mean()) == pytest.approx(4, rel=0.15)  # type: ignore[arg-type]


def test_what_comes_back_goes_to_the_end_of_the_queue(engine: str) -> None:
    run = play(
        f"""
        run: {{horizon: 6}}
        demand: {{item: {{backlog: 3}}}}
        steps: {{a: {{work: 1, returns: {{to: a, {ALWAYS}}}}}}}
        teams: {{crew: {{people: 1, does: a}}}}
        """,
        engine,
    )
    assert [times(run, "started", item=item)[:2] for item in range(3)] == [[0, 3], [1, 4], [2, 5]]
