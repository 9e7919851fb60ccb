"""Ownership: who answers for an item, when it is handed on, and what a handoff costs."""

from __future__ import annotations

from tests.support.running import of_items, play, times

WALL = """
run: {{horizon: 40}}
demand: {{item: {{backlog: 1}}}}
steps: {{a: {{work: 1}}, b: {{work: 1}}}}
teams: {teams}
handoffs: {handoffs}
"""
TWO = "{A: {people: 1, does: a}, B: {people: 1, does: b}}"


def test_a_handoff_costs_transit_and_relearning(engine: str) -> None:
    run = play(WALL.format(teams=TWO, handoffs="{delay: 0.5, relearning: 50%}"), engine)
    assert times(run, "handoff") == [False, True]
    assert times(run, "entered") == [0, 1]
    assert times(run, "ready") == [0, 1.5]
    assert times(run, "touch") == [1, 1.5]
    assert times(run, "owner") == ["A", "B"]
    assert of_items(run, "left") == [3]


def test_a_team_that_does_both_steps_hands_nothing_on(engine: str) -> None:
    run = play(WALL.format(teams="{A: {people: 1, does: [a, b]}}", handoffs="{delay: 0.5, relearning: 50%}"), engine)
    assert times(run, "handoff") == [False, False]
    assert of_items(run, "left") == [2]


def test_crafts_of_one_team_hand_nothing_on_to_each_other(engine: str) -> None:
    teams = "{A: {people: [{count: 1, does: a}, {count: 1, does: b}]}}"
    run = play(WALL.format(teams=teams, handoffs="{delay: 0.5}"), engine)
    assert times(run, "handoff") == [False, False]
    assert times(run, "pool") == ["A#0", "A#1"]
    assert of_items(run, "left") == [2]


def test_a_team_that_only_helps_at_the_next_step_lets_go(engine: str) -> None:
    teams = "{A: {people: 1, does: a, helps: {b: 50%}}, B: {people: 1, does: b}}"
    run = play(WALL.format(teams=teams, handoffs="{delay: 0.5}"), engine)
    assert times(run, "handoff") == [False, True]
    assert times(run, "pool") == ["A", "B"]


def test_handoffs_into_a_step_can_differ(engine: str) -> None:
    run = play(WALL.format(teams=TWO, handoffs="{delay: 5, relearning: 100%, into: {b: {delay: 1, relearning: 0%}}}"), engine)
    assert times(run, "ready") == [0, 2]
    assert times(run, "touch") == [1, 1]


def test_the_first_step_is_no_handoff(engine: str) -> None:
    run = play(WALL.format(teams=TWO, handoffs="{delay: 5, relearning: 100%, into: {b: {delay: 0, relearning: 0%}}}"), engine)
    assert times(run, "handoff") == [False, True]
    assert of_items(run, "left") == [2]


def test_relearning_is_no_part_of_a_ticket(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 1}, b: {work: 2, needs: {from: expert, work: 2}}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b}, experts: {people: 1, does: expert}}
        handoffs: {relearning: 50%}
        """,
        engine,
    )
    assert times(run, "touch") == [1, 1.5, 2, 1.5]
    assert times(run, "handoff") == [False, True, True, True]


def test_an_owned_item_waits_for_its_own_people(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 1}, b: {work: 2}}
        teams: {owners: {people: 1, does: [a, b]}, idle: {people: 1, does: b}}
        """,
        engine,
    )
    assert times(run, "owner", step="b") == ["owners", "owners"]
    assert times(run, "started", step="b") == [2, 4]


def test_people_help_when_nothing_of_theirs_waits(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {x: {backlog: 3, route: [a]}, y: {at: [1], route: [b]}}
        steps: {a: {work: 2}, b: {work: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b, helps: {a: 50%}}}
        """,
        engine,
    )
    assert times(run, "pool", step="a") == ["A", "B", "A"]
    assert times(run, "touch", step="a") == [2, 4, 2]
    assert times(run, "started", step="b") == [4]  # what is begun is not interrupted
    assert of_items(run, "left") == [2, 4, 4, 5]


def test_those_who_do_a_step_come_before_those_who_help_at_it(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {x: {backlog: 1}}
        steps: {a: {work: 2, needs: {from: other, work: 1, chance: 0%}}}
        teams: {helpers: {people: 5, does: other, helps: a}, doers: {people: 1, does: a}}
        """,
        engine,
    )
    assert times(run, "pool", kind="work") == ["doers"]


def test_a_team_that_helps_owns_what_it_has_started(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 2}, b: {work: 1}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: b, helps: a}}
        handoffs: {delay: 1}
        """,
        engine,
    )
    assert times(run, "owner", step="a") == ["A", "B"]
    assert times(run, "handoff", step="b") == [True, False]
    assert times(run, "ready", step="b") == [3, 2]


def test_an_owner_helps_on_at_its_own_item_through_the_whole_stay(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 2, needs: [{outside: vendor, wait: 1}, {from: other, work: 1, chance: 0%}]}}
        teams: {A: {people: 1, does: a}, B: {people: 1, does: other, helps: a}}
        """,
        engine,
    )
    assert times(run, "pool", item=1, kind="work") == ["B", "B"]


def test_the_least_busy_team_takes_the_next_item(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 5}}
        steps: {a: {work: 1}}
        teams: {small: {people: 1, does: a}, large: {people: 3, does: a}}
        """,
        engine,
    )
    # 0/1 = 0/3: the first of the file; then 1/1 > 0/3, 1/3, 2/3; at 1 all are free again
    assert times(run, "pool") == ["small", "large", "large", "large", "small"]


def test_unlimited_people_count_as_never_busy(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 3}}
        steps: {a: {work: 1}}
        teams: {few: {people: 1, does: a}, many: {people: unlimited, does: a}}
        """,
        engine,
    )
    assert times(run, "pool") == ["few", "many", "many"]
    assert of_items(run, "left") == [1, 1, 1]


def test_a_step_without_work_passes_in_no_time_and_keeps_the_owner(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 1}}
        steps: {a: {work: 1}, sign: {}, b: {work: 1}}
        teams: {A: {people: 1, does: [a, b]}}
        handoffs: {delay: 3}
        """,
        engine,
    )
    assert times(run, "handoff") == [False, False, False]
    assert of_items(run, "left") == [2]


def test_a_wait_step_takes_time_and_nobody(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 3}}
        steps: {a: {work: 1}, soak: {wait: 2}, b: {work: 1}}
        teams: {A: {people: 1, does: [a, b], pull: finish_first}}
        """,
        engine,
    )
    assert times(run, "kind", item=0) == ["work", "wait", "work"]
    assert times(run, "finished", step="soak") == [3, 4, 5]
    assert of_items(run, "left") == [4, 5, 6]


def test_what_is_handed_on_is_free_for_anybody_who_does_it(engine: str) -> None:
    run = play(
        """
        run: {horizon: 40}
        demand: {item: {backlog: 2}}
        steps: {a: {work: 1}, b: {work: 3}}
        teams: {A: {people: 2, does: a}, B: {people: 1, does: b}, C: {people: 1, does: b}}
        """,
        engine,
    )
    assert times(run, "owner", step="b") == ["B", "C"]
    assert of_items(run, "left") == [4, 4]
