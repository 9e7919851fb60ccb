"""Limits over several columns, or of one type in a column: what they count, whom they keep out, who passes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import vssim
from tests.support.models import Document, Taste, documents
from tests.support.running import of_items, play, text_of, times
from vssim.engines.agreement import first_difference
from vssim.errors import ScenarioError
from vssim.workload import build

LINE: Document = {
    "run": {"horizon": 100},
    "demand": {"item": {"backlog": 4}},
    "steps": {"a": {"work": 1}, "b": {"work": 3}, "c": {"work": 1}},
    "teams": {"A": {"people": 1, "does": "a"}, "B": {"people": 1, "does": "b"}, "C": {"people": 1, "does": "c"}},
}


def line(**more: Any) -> Document:
    return {**LINE, **more}


def test_a_limit_over_two_columns_counts_the_items_in_both(engine: str) -> None:
    run = play(line(limits={"both": {"steps": ["a", "b"], "most": 2}}), engine)
    assert of_items(run, "pulled") == [0, 0, 4, 7]  # the next comes as one leaves b


def test_an_item_inside_moves_on_without_room_since_it_is_counted_already(engine: str) -> None:
    run = play(line(limits={"both": {"steps": ["a", "b"], "most": 1}}), engine)
    assert times(run, "entered", step="b") == [1, 5, 9, 13]
    assert of_items(run, "pulled") == [0, 4, 8, 12]


def test_a_limit_of_one_type_in_a_column_lets_others_overtake_whom_it_keeps_out(engine: str) -> None:
    demand = {"bug": {"backlog": 2}, "feature": {"backlog": 1}}
    run = play(line(demand=demand, limits={"bugs in b": {"steps": "b", "for": "bug", "most": 1}}), engine)
    # 1: a bug enters b; the other bug is done in a at 2 and is kept out until 4, the feature, done at 3, is not
    assert of_items(run, "type") == ["bug", "bug", "feature"]
    assert times(run, "entered", step="b") == [1, 4, 3]


def test_what_is_parked_is_in_no_column_and_needs_room_to_come_back(engine: str) -> None:
    steps = {"a": {"work": 1, "needs": [{"outside": "vendor", "wait": 4, "parks": True, "at": "50%"}]}, "b": {"work": 1}}
    teams = {"A": {"people": 1, "does": ["a", "b"]}}
    run = play(
        line(demand={"item": {"backlog": 2}}, steps=steps, teams=teams, limits={"all": {"steps": ["a", "b"], "most": 1}}), engine
    )
    # both halves of the first take 0–0.5 and 4.5–5; the second begins as the first is parked, and is back when that has left
    assert of_items(run, "pulled") == [0, 0.5]
    assert of_items(run, "left") == [6, 7.5]


def test_returns_and_expedited_items_pass_and_count(engine: str) -> None:
    demand = {"item": {"backlog": 1}, "urgent": {"at": [0.5], "expedite": True}, "late": {"at": [0.6]}}
    run = play(line(demand=demand, limits={"all": {"steps": ["a", "b", "c"], "most": 1}}), engine)
    pulled = dict(zip(of_items(run, "type"), of_items(run, "pulled"), strict=True))
    assert pulled["urgent"] == 0.5
    left = dict(zip(of_items(run, "type"), of_items(run, "left"), strict=True))
    assert pulled["late"] == max(left["item"], left["urgent"])


def test_a_limit_that_a_change_lowers_keeps_only_new_entries_out(engine: str) -> None:
    changes = {"less": {"levers": [{"limit_wip": {"limits": {"both": 1}}}], "from": 0.5}}
    run = play(line(limits={"both": {"steps": ["a", "b"], "most": 3}}, changes=changes), engine, change="less")
    assert of_items(run, "pulled") == [0, 0, 0, 10]


def test_limit_wip_takes_a_limit_away_and_tells_of_one_that_is_not_there() -> None:
    limits = {"both": {"steps": ["a", "b"], "most": 1}}
    scenario = vssim.loads(text_of(line(limits=limits, changes={"free": [{"limit_wip": {"limits": {"both": "none", "bot": 2}}}]})))
    plan = scenario.plan("free")
    assert plan.phases[0].model.limits["both"].most is None
    assert any("no limit 'bot' (did you mean 'both'?)" in note for note in plan.notes)


def test_simplify_takes_a_step_out_of_the_limits_over_it() -> None:
    limits = {"b and c": {"steps": ["b", "c"], "most": 2}, "bugs": {"steps": "b", "for": "item", "most": 1}}
    scenario = vssim.loads(text_of(line(limits=limits, changes={"less": [{"simplify": {"steps": ["b"]}}]})))
    after = scenario.plan("less").phases[0].model.limits
    assert {name: limit.steps for name, limit in after.items()} == {"b and c": ("c",)}


def test_slices_are_counted_where_their_whole_was(engine: str) -> None:
    limits = {"items": {"steps": ["a", "b"], "for": "item", "most": 1}}
    run = play(line(limits=limits, changes={"cut": [{"slice": {"types": ["item"], "into": 2}}]}), engine, change="cut")
    assert sorted(of_items(run, "pulled", type="item slice"))[:3] == [0, 0, pytest.approx(0.55 + 1.65, abs=1e-6)]


def _as_runs_of_one(document: Document) -> Document:
    """The same scenario with every step's limit written as a limit over a run of one."""
    steps = {name: {key: value for key, value in step.items() if key != "wip_limit"} for name, step in document["steps"].items()}
    limits = {
        f"own {name}": {"steps": name, "most": step["wip_limit"]} for name, step in document["steps"].items() if "wip_limit" in step
    }
    return {**document, "steps": steps, "limits": limits}


@given(documents(Taste(changes=False)))
def test_limits_over_runs_of_one_are_the_limits_of_steps(document: Document) -> None:
    document.pop("limits", None)
    logs = []
    for one in (document, _as_runs_of_one(document)):
        scenario = vssim.loads(text_of(one))
        run = scenario.run
        program = build(scenario.plan(), horizon=run.horizon, seed=run.seed, replication=0, unit=scenario.unit)
        assert first_difference(program) is None
        logs.append(vssim.simulate(scenario, engine="reference").visits)
    assert logs[0].equals(logs[1])


SMALL = """
demand: {task: {every: 1}, bug: {every: never}}
steps: {dev: {work: 0.1}, qa: {work: 0.1}, live: {work: 0.1}}
teams: {dev: {people: 1, does: dev}, ops: {people: 1, does: [qa, live]}}
"""


@pytest.mark.parametrize(
    ("limits", "path", "expected", "near"),
    [
        ("{a: {steps: [dev, live], most: 2}}", "limits.a.steps", "follow each other in the order of the file", ""),
        ("{a: {steps: [qa, dev], most: 2}}", "limits.a.steps", "follow each other in the order of the file", ""),
        ("{a: {steps: [dev, dev], most: 2}}", "limits.a.steps", "follow each other in the order of the file", ""),
        ("{a: {steps: [], most: 2}}", "limits.a.steps", "one step, or neighbours", ""),
        ("{a: {steps: [dve], most: 2}}", "limits.a.steps.0", "a step", "dev"),
        ("{a: {steps: dev, for: bugs, most: 2}}", "limits.a.for", "an item type", "bug"),
        ("{a: {steps: dev}}", "limits.a.most", "it is missing", ""),
        ("{a: {steps: dev, most: 0}}", "limits.a.most", "at least 1", ""),
        ("{a: {steps: dev, mots: 3}}", "limits.a.mots", "one of", "most"),
        ("{dev: 6}", "limits.dev", "a step's own limit is its wip_limit, as in steps.develop.wip_limit", ""),
        ("{a.b: {steps: dev, most: 2}}", "limits.a.b", "a name without any of", ""),
    ],
)
def test_a_limit_that_cannot_be_is_refused_at_its_place(limits: str, path: str, expected: str, near: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        vssim.loads(SMALL + f"limits: {limits}\n")
    (fault,) = caught.value.faults
    assert (fault.path, fault.nearest) == (path, near)
    assert expected in fault.expected


def test_a_limit_over_columns_under_which_a_batch_cannot_gather_is_refused_with_the_arithmetic() -> None:
    limits = "limits: {all: {steps: [dev, qa], most: 3}, bugs: {steps: dev, for: bug, most: 1}}\n"
    with pytest.raises(ScenarioError) as caught:
        vssim.loads(SMALL + "handoffs: {into: {qa: {batch: 4}}}\n" + limits)
    assert [(fault.path, fault.expected) for fault in caught.value.faults] == [
        ("limits.all.most", "at least 4 = 1 + (4 − 1) for the batch into qa; fewer could never gather"),
        ("limits.bugs.most", "at least 4 = 1 + (4 − 1) for the batch into qa; fewer could never gather"),
    ]
