"""WIP limits of a step, a team, the stream and an item type: what they count, what they hold back, what passes them."""

from __future__ import annotations

from tests.support.running import of_items, play, times

LINE = """
run: {{horizon: 100}}
demand: {{item: {{backlog: {backlog}}}}}
steps: {{a: {{work: 1, wip_limit: {a}}}, b: {{work: 3, wip_limit: {b}}}}}
teams: {{A: {{people: 1, does: a}}, B: {{people: 1, does: b}}}}
"""


def test_a_full_step_blocks_the_one_before_it(engine: str) -> None:
    run = play(LINE.format(backlog=3, a=1, b=1), engine)
    assert of_items(run, "pulled") == [0, 1, 4]
    assert times(run, "finished", step="a") == [1, 2, 5]
    assert times(run, "left", step="a") == [1, 4, 7]
    assert of_items(run, "left") == [4, 7, 10]


def test_a_blocked_item_holds_the_place_and_not_the_person(engine: str) -> None:
    run = play(LINE.format(backlog=3, a=2, b=1), engine)
    assert of_items(run, "pulled") == [0, 0, 1]
    assert times(run, "started", step="a") == [0, 1, 2]
    assert times(run, "left", step="a") == [1, 4, 7]


def test_without_limits_nothing_is_held_back(engine: str) -> None:
    run = play(LINE.format(backlog=3, a="none", b="none"), engine)
    assert of_items(run, "pulled") == [0, 0, 0]
    assert times(run, "left", step="a") == [1, 2, 3]
    assert of_items(run, "left") == [4, 7, 10]


def test_a_step_limit_counts_items_in_transit_to_it(engine: str) -> None:
    text = LINE.format(backlog=2, a="none", b=1) + "handoffs: {delay: 2}\n"
    run = play(text, engine)
    assert times(run, "entered", step="b") == [1, 6]  # 1–3 in transit, 3–6 worked on
    assert times(run, "ready", step="b") == [3, 8]


def test_a_stream_limit_counts_everything_past_the_backlog(engine: str) -> None:
    run = play(LINE.format(backlog=4, a="none", b="none") + "wip_limit: 2\n", engine)
    assert of_items(run, "pulled") == [0, 0, 4, 7]
    assert of_items(run, "left") == [4, 7, 10, 13]


def test_a_type_limit_holds_back_that_type_alone(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {x: {backlog: 2, wip_limit: 1}, y: {backlog: 2}}
        steps: {a: {work: 2}}
        teams: {crew: {people: 2, does: a}}
        """,
        engine,
    )
    assert of_items(run, "type") == ["x", "x", "y", "y"]
    assert of_items(run, "pulled") == [0, 2, 0, 0]
    assert of_items(run, "left") == [2, 4, 2, 4]


def test_a_team_limit_counts_the_items_it_owns(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 1}, b: {work: 1}}
        teams: {crew: {people: 2, does: [a, b], wip_limit: 1}}
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 0]  # a team's limit does not keep items out of the column
    assert times(run, "started", step="a") == [0, 2]
    assert of_items(run, "left") == [2, 4]


LOOP = """
run: {{horizon: 40}}
demand: {{item: {{backlog: {backlog}}}}}
steps: {{a: {{work: {a}}}, b: {{work: 1}}, c: {{work: {c}}}}}
teams: {{outer: {{people: 2, does: [a, c], wip_limit: 1}}, inner: {{people: 1, does: b}}}}
"""


def test_a_team_at_its_limit_starts_what_stands_further_down_than_all_it_owns(engine: str) -> None:
    run = play(LOOP.format(backlog=2, a=3, c=1), engine)
    assert times(run, "started", step="a") == [0, 3]
    assert times(run, "started", step="c") == [4, 7]  # at 4 the second item is still owned at a
    assert of_items(run, "left") == [5, 8]


def test_a_team_at_its_limit_does_not_start_what_stands_beside_what_it_owns(engine: str) -> None:
    run = play(LOOP.format(backlog=3, a=1, c=5), engine)
    assert times(run, "started", step="a") == [0, 1, 2]
    assert times(run, "started", step="c") == [2, 7, 12]


def test_expedited_items_pass_every_limit_and_count(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand:
          normal: {backlog: 2}
          rush: {at: [0.5], expedite: true, wip_limit: 1}
        steps: {a: {work: 1, wip_limit: 1}}
        teams: {crew: {people: 1, does: a, wip_limit: 1}}
        wip_limit: 1
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 2, 0.5]
    assert times(run, "started") == [0, 2, 1]  # it takes no place that is taken: people keep what they have open
    assert of_items(run, "left") == [1, 3, 2]


def test_a_return_enters_a_full_step(engine: str) -> None:
    run = play(
        """
        run: {horizon: 10}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 4, wip_limit: 1}, b: {work: 1, returns: {to: a, chance: 0.9999999}}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
        """,
        engine,
    )
    assert times(run, "entered", item=0, step="a")[:2] == [0, 5]  # the second item is there from 4 to 8
    assert times(run, "started", item=0, step="a")[:2] == [0, 8]
    assert times(run, "entered", item=1, step="a")[:2] == [4, 9]


def test_a_return_is_started_by_a_full_team(engine: str) -> None:
    run = play(
        """
        run: {horizon: 8}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 2}, b: {work: 1, returns: {to: a, chance: 0.9999999}}}
        teams: {A: {people: 2, does: a, wip_limit: 1}, B: {people: 1, does: b}}
        """,
        engine,
    )
    assert times(run, "started", item=0, step="a")[:2] == [0, 3]  # while the second item is owned, from 2 to 4
    assert times(run, "started", item=1, step="a")[0] == 2


def test_new_items_are_skipped_but_others_behind_them_are_not(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {x: {backlog: 3, wip_limit: 1}, y: {backlog: 3}}
        steps: {a: {work: 1, wip_limit: 2}}
        teams: {crew: {people: 2, does: a}}
        """,
        engine,
    )
    assert of_items(run, "pulled") == [0, 1, 2, 0, 1, 2]


def test_the_step_nearest_to_the_customer_moves_first(engine: str) -> None:
    run = play(
        """
        run: {horizon: 20}
        demand: {item: {backlog: 4}}
        steps: {a: {work: 1, wip_limit: 1}, b: {work: 1, wip_limit: 1}, c: {work: 3, wip_limit: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}, C: {people: 1, does: c}}
        """,
        engine,
    )
    assert times(run, "entered", step="c") == [2, 5, 8, 11]
    assert times(run, "entered", step="b") == [1, 2, 5, 8]  # one instant carries the free place through the whole line
    assert of_items(run, "pulled") == [0, 1, 2, 5]
