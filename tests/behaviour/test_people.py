"""How fast people work: proficiency, multitasking, switching, swarming, meetings, coordination, improvement."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

import vssim
from tests.support.running import of_items, play, times

CREW = """
run: {{horizon: 100}}
demand: {{item: {demand}}}
steps: {{a: {{work: {work}}}}}
teams: {{crew: {{people: {people}, does: {does}, {more}}}}}
"""


def crew(demand: str, work: float = 2, people: str = "1", does: str = "a", more: str = "") -> str:
    return CREW.format(demand=demand, work=work, people=people, does=does, more=more)


def test_less_proficient_people_take_longer(engine: str) -> None:
    run = play(crew("{backlog: 2}", does="{a: 80%}"), engine)
    assert times(run, "touch") == [2.5, 2.5]
    assert of_items(run, "left") == [2.5, 5]


def test_one_item_a_person_at_a_time(engine: str) -> None:
    assert of_items(play(crew("{backlog: 5}", people="2"), engine), "left") == [2, 2, 4, 4, 6]


def test_unlimited_people_work_on_everything_at_once(engine: str) -> None:
    assert of_items(play(crew("{backlog: 50}", people="unlimited"), engine), "left") == [2] * 50


def test_two_open_items_share_a_person(engine: str) -> None:
    run = play(crew("{at: [0, 1]}", more="multitasking: 2"), engine)
    assert times(run, "started") == [0, 1]
    assert of_items(run, "left") == [3, 4]  # the first has one unit left at 1 and half a person


def test_open_items_beyond_the_cap_wait(engine: str) -> None:
    run = play(crew("{backlog: 3}", more="multitasking: 2"), engine)
    assert times(run, "started") == [0, 0, 4]
    assert of_items(run, "left") == [4, 4, 6]


def test_a_part_of_an_item_a_person_is_rounded_down_but_never_to_nothing(engine: str) -> None:
    half = play(crew("{backlog: 3}", people="3", more="multitasking: 0.5"), engine)
    little = play(crew("{backlog: 3}", people="3", more="multitasking: 0.1"), engine)
    assert of_items(half, "left") == [2, 4, 6]
    assert of_items(little, "left") == [2, 4, 6]


def test_expedited_items_do_not_pass_the_cap(engine: str) -> None:
    text = crew("{backlog: 1}").replace("demand: {item", "demand: {rush: {at: [1], expedite: true}, item")
    assert times(play(text, engine), "started", type="rush") == [2]


def test_switching_takes_its_share(engine: str) -> None:
    run = play(crew("{backlog: 2}", more="multitasking: 2, switching_cost: 100%"), engine)
    assert of_items(run, "left") == [8, 8]  # e(2) = 1/2, shared by two


def test_switching_costs_by_items_a_person(engine: str) -> None:
    run = play(crew("{backlog: 3}", people="2", more="multitasking: 1.5, switching_cost: 100%"), engine)
    x = 1.5
    assert of_items(run, "left") == pytest.approx([2 * x * (1 + (x - 1))] * 3, abs=1e-4)


@pytest.mark.parametrize(("n", "share"), [(1, 1), (2, 0.8), (3, 0.6), (4, 0.4), (5, 0.25)])
def test_weinbergs_rule_of_thumb(engine: str, n: int, share: float) -> None:
    more = f"multitasking: {n}, efficiency: [100%, 80%, 60%, 40%, 25%]"
    run = play(crew(f"{{backlog: {n}}}", more=more), engine)
    assert of_items(run, "left") == [2 * n / share] * n


def test_an_efficiency_list_is_linear_between_and_level_beyond_its_entries(engine: str) -> None:
    between = play(crew("{backlog: 3}", people="2", more="multitasking: 1.5, efficiency: [100%, 50%]"), engine)
    beyond = play(crew("{backlog: 4}", more="multitasking: 4, efficiency: [100%, 50%]"), engine)
    assert of_items(between, "left") == [4] * 3  # x = 1.5: 75 % over 1.5 items
    assert of_items(beyond, "left") == [16] * 4


def test_perfect_swarming_shares_the_people_out(engine: str) -> None:
    run = play(crew("{at: [0, 0.5]}", people="2", more="swarming: {help: 1, most: 2}"), engine)
    assert of_items(run, "left") == [1.5, 2]  # alone at rate 2, from 0.5 both at 1, from 1.5 alone again


def test_swarming_has_a_most_and_a_help(engine: str) -> None:
    most = play(crew("{backlog: 1}", people="6", more="swarming: {help: 1, most: 4}"), engine)
    some = play(crew("{backlog: 1}", people="4", more="swarming: {help: 0.5, most: 4}"), engine)
    none = play(crew("{backlog: 1}", people="4", more="swarming: {help: 0, most: 4}"), engine)
    assert of_items(most, "left") == [0.5]
    assert of_items(some, "left") == [1]
    assert of_items(none, "left") == [2]


def test_meetings_take_their_share(engine: str) -> None:
    assert of_items(play(crew("{backlog: 1}", more="meetings: 20%"), engine), "left") == [2.5]


def test_coordination_takes_its_share_for_each_colleague(engine: str) -> None:
    run = play(
        """
        run: {horizon: 100}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 2}, b: {work: 1}}
        teams: {crew: {people: [{count: 2, does: a}, {count: 1, does: b}], coordination: 50%}}
        """,
        engine,
    )
    assert of_items(run, "left") == [6]  # pace 1 / (1 + 0.5 · 2)


def test_time_for_improvement_costs_first_and_pays_later(engine: str) -> None:
    text = crew("{backlog: 40}", more="improvement: {share: 20%, gain: 50%, within: 20}")
    left = of_items(play(text, engine), "left")
    spans = [after - before for before, after in pairwise([0, *left])]
    assert spans[0] == pytest.approx(2 / 0.8, rel=0.1)
    assert spans == sorted(spans, reverse=True)
    assert spans[-1] == pytest.approx(2 / 0.8 * (1 - 0.5 * (1 - math.exp(-left[-1] / 20))), rel=0.02)


def test_each_craft_is_a_pool_of_its_own(engine: str) -> None:
    run = play(
        """
        run: {horizon: 100}
        demand: {x: {backlog: 2, route: a}, y: {backlog: 2, route: b}}
        steps: {a: {work: 1}, b: {work: 1}}
        teams: {crew: {people: [{count: 1, does: a}, {count: 2, does: b, helps: {a: 50%}}]}}
        """,
        engine,
    )
    assert times(run, "pool") == ["crew#0", "crew#0", "crew#1", "crew#1"]
    assert of_items(run, "left") == [1, 2, 1, 1]


def test_work_of_no_time_still_needs_a_free_person(engine: str) -> None:
    run = play(
        """
        run: {horizon: 100}
        demand: {slow: {at: [0]}, quick: {at: [1], work: {a: 0}}}
        steps: {a: {work: 3}}
        teams: {crew: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "started") == [0, 3]
    assert of_items(run, "left") == [3, 3]


def test_numbers_that_no_clock_can_hold_are_refused_before_the_run(engine: str) -> None:
    with pytest.raises(vssim.RunError):
        play(crew("{backlog: 1}", work=900_000_000), engine)
