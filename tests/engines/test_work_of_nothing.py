"""Work of nothing takes people and no time, on both engines alike: what it lets be due again waits for the decisions in between."""

from __future__ import annotations

from typing import Any

import pytest

import vssim
from tests.support.hunting import programs
from tests.support.running import play, text_of, times
from vssim.engines.agreement import first_difference


def one_answer(document: dict[str, Any], replications: int = 8) -> None:
    for change, replication, program in programs(vssim.loads(text_of(document)), replications):
        difference = first_difference(program)
        assert difference is None, f"{change}, replication {replication}: {difference}"


def parked_committee(**teams: Any) -> dict[str, Any]:
    """Two tickets of nothing and a board that meets every day, at a step for two."""
    needs = [{"from": "y", "work": 0}, {"from": "x", "work": 0, "at": 0}, {"from": "board", "gate": {"every": 1}, "parks": True}]
    return {
        "run": {"horizon": 12},
        "demand": {"r": {"backlog": 6}},
        "steps": {"a": {"wip_limit": 2, "needs": needs}},
        "teams": teams,
    }


def test_tickets_of_nothing_at_the_same_place_before_a_committee() -> None:
    specialists = [{"count": 1, "does": {"y": 0.3}}, {"count": 1, "does": {"x": 0.3}}]
    one_answer(parked_committee(A={"people": 1, "helps": {"x": 0.5}}, B={"people": specialists}))


def test_who_helps_and_who_does_the_same_skill_in_one_team_and_in_two() -> None:
    both = [{"count": 1, "does": {"y": 1, "x": 0.5}}, {"count": 1, "does": {"x": 0.3}}]
    one_answer(parked_committee(A={"people": both}))
    one_answer(parked_committee(A={"people": 1, "does": {"y": 1}, "helps": {"x": 0.5}}, B={"people": 1, "does": {"x": 0.3}}))


def test_loops_with_tickets_of_nothing_in_every_replication() -> None:
    document = parked_committee(A={"people": [{"count": 1, "does": {"c": 1, "x": 0.5}}, {"count": 1, "does": {"x": 0.3}}]})
    document["demand"] = {"r": {"at": [1, 1]}}
    needs = [{"from": "x", "work": 0}, {"from": "c", "work": 0}, {"from": "board", "gate": {"every": 1}}]
    document["steps"] = {"a": {"returns": [{"to": "a", "chance": 0.7}], "needs": needs}}
    one_answer(document)


def test_sizes_near_nothing_and_work_that_is_sometimes_nothing_with_batches_and_gates() -> None:
    one_answer(
        {
            "run": {"horizon": 12},
            "demand": {"p": {"every": 2, "count": 3, "work": {"a": 0.5}}, "q": {"backlog": 6, "size": 1e-9}, "r": {"backlog": 2}},
            "steps": {
                "a": {
                    "work": "discrete({0: 30%, 2: 70%})",
                    "needs": [
                        {"at": 0, "from": "board", "gate": {"every": 2.5}, "delay": 1},
                        {"at": 1, "outside": "v", "wait": 0, "parks": True},
                        {"at": 0.25, "from": "a", "work": 0, "delay": 0.5},
                    ],
                },
                "b": {"work": 3, "needs": [{"chance": 0.5, "at": 0.25, "from": "b", "work": 0.5, "parks": True}]},
                "c": {"work": 0, "returns": [{"to": "b", "chance": 0.3}, {"to": "c", "chance": 0.3, "work": 0}]},
            },
            "teams": {
                "A": {
                    "people": [
                        {"count": 1, "does": {"a": 1, "c": 1}, "helps": {"b": 0.3}},
                        {"count": 1, "does": {"b": 1}},
                    ],
                    "pull": "finish_first",
                }
            },
            "handoffs": {"batch": 3},
            "discipline": "lifo",
        }
    )


def test_a_wait_of_nothing_behind_a_ticket_of_nothing_is_over_after_the_decisions_in_between(engine: str) -> None:
    # Both tickets are answered at 0, and that lets the vendor's answer be due again: decisions in between start `soon` at c.
    # Were the answer there at once, `late` would be at c too and go first by priority.
    run = play(
        """
        run: {horizon: 10}
        demand: {late: {backlog: 1, priority: 1, route: [a, c]}, soon: {backlog: 1, route: [b, c]}}
        steps:
          a: {needs: [{from: x, work: 0}, {outside: vendor, wait: 0}]}
          b: {needs: [{from: x, work: 0}]}
          c: {work: 1}
        teams: {X: {people: 2, does: x}, C: {people: 1, does: c}}
        """,
        engine,
    )
    assert times(run, "started", type="soon", step="c") == [0]
    assert times(run, "started", type="late", step="c") == [1]


@pytest.mark.parametrize("newcomers", [1, 4])
def test_work_of_nothing_is_done_also_while_nobody_makes_progress(engine: str, newcomers: int) -> None:
    run = play(
        f"""
        run: {{horizon: 20}}
        demand: {{q: {{backlog: 1}}}}
        steps: {{a: {{needs: [{{from: x, work: 0}}]}}, b: {{work: 0}}, c: {{work: 1}}}}
        teams: {{A: {{people: 1, does: [x, b, c], onboarding: {{people: {newcomers}, ramp: 5}}}}}}
        """,
        engine,
    )
    assert times(run, "finished", step="a") == [0]
    assert times(run, "finished", step="b") == [0]
    assert times(run, "finished", step="c")[0] > 1  # it stands still at first
