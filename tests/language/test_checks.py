"""What makes a model senseless, and what is only worth a word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.language.organisations import organisation
from vssim.model.checks import faults, warnings
from vssim.model.model import Model


def only_fault(**sections: Any) -> tuple[str, str, str]:
    """Path, expectation and nearest name of the one fault of a model."""
    (fault,) = faults(organisation(**sections))
    return ".".join(map(str, fault.path)), fault.expected, fault.near


def feature(**settings: Any) -> dict[str, Any]:
    return {"feature": {"every": 2} | settings}


def develop(**settings: Any) -> dict[str, Any]:
    return {"develop": {"work": 1} | settings, "test": 2}


def test_a_sensible_model_has_no_faults_and_no_warnings() -> None:
    assert faults(organisation()) == []
    assert warnings(organisation()) == []


@pytest.mark.parametrize(
    ("sections", "path", "expected", "near"),
    [
        ({"demand": {"feature": {"every": "never"}}}, "demand", "an item type that arrives", ""),
        ({"demand": {}}, "demand", "an item type that arrives", ""),
        ({"demand": feature(route=["develop", "tset"])}, "demand.feature.route.1", "a step: develop, test", "test"),
        ({"demand": feature(route=["test", "develop"])}, "demand.feature.route.1", "steps in the order of the file", ""),
        ({"demand": feature(route=["test", "test"])}, "demand.feature.route.1", "each once", ""),
        ({"demand": feature(skips={"tset": 0.1})}, "demand.feature.skips.tset", "a step", "test"),
        ({"demand": feature(work={"tset": 1})}, "demand.feature.work.tset", "a step", "test"),
        ({"demand": feature(parts={"fature": 2})}, "demand.feature.parts.fature", "an item type: feature", "feature"),
        ({"demand": feature(defects={"chance": 0.1, "as": "bug"})}, "demand.feature.defects.as", "an item type: feature", ""),
        (
            {"steps": develop(returns={"to": "test", "chance": 0.1})},
            "steps.develop.returns.0.to",
            "this step or an earlier one",
            "",
        ),
        ({"steps": develop(returns={"to": "dev", "chance": 0.1})}, "steps.develop.returns.0.to", "a step", "develop"),
        (
            {"steps": develop(returns={"to": "develop", "chance": 0.1, "for": "featur"})},
            "steps.develop.returns.0.for.0",
            "an item type: feature",
            "feature",
        ),
        ({"steps": develop(gate={"every": 3, "for": "bug"})}, "steps.develop.gate.for.0", "an item type: feature", ""),
        (
            {"steps": develop(needs={"from": "tests", "work": 1})},
            "steps.develop.needs.0.from",
            "a skill that some team does",
            "test",
        ),
        (
            {"steps": develop(needs={"from": "board", "gate": {"every": 3, "for": "bug"}})},
            "steps.develop.needs.0.gate.for.0",
            "an item type: feature",
            "",
        ),
        ({"teams": {"develop": 1}}, "steps.test", "a team that does it, or helps at it; nobody does", ""),
        ({"teams": {"develop": 1, "test": 1, "tset": 1}}, "teams.tset.does.tset", "a step, or a skill that a step needs", "test"),
        ({"teams": {"develop": 1, "test": 1, "idle": {"people": 2}}}, "teams.idle", "what these people do", ""),
        (
            {"teams": {"crew": {"people": [{"count": 1, "does": ["develop", "test"], "helps": "tests"}]}}},
            "teams.crew.people.0.helps.tests",
            "a step, or a skill",
            "test",
        ),
        ({"handoffs": {"into": {"tset": {"batch": 2}}}}, "handoffs.into.tset", "a step", "test"),
        ({"demand": {"fea.ture": {"every": 1}}}, "demand.fea.ture", "a name without any of . , = : @", ""),
        ({"teams": {"a=b": {"people": 1, "does": ["develop", "test"]}}}, "teams.a=b", "a name without", ""),
    ],
)
def test_what_does_not_fit_together_is_one_fault_with_its_place(sections: Any, path: str, expected: str, near: str) -> None:
    found_path, found_expected, found_near = only_fault(**sections)
    assert found_path == path
    assert expected in found_expected
    assert found_near == near


def test_all_faults_are_found_at_once() -> None:
    model = organisation(demand=feature(route=["tset"], skips={"dev": 1}), teams={"ops": 1})
    assert len(faults(model)) == 5


def test_a_step_may_be_done_by_people_who_only_help() -> None:
    assert faults(organisation(teams={"develop": {"people": 1, "does": "develop", "helps": {"test": 0.4}}})) == []


def test_a_step_of_waiting_needs_nobody_and_a_team_for_it_alone_is_not_needed() -> None:
    steps = {"develop": 1, "test": 2, "soak": {"wait": 2}, "done": {"gate": {"every": 3}}}
    assert faults(organisation(steps=steps)) == []
    path, expected, _ = only_fault(steps=steps, teams={"develop": 1, "test": 1, "soak": 1})
    assert path == "teams.soak"
    assert "nobody works at soak" in expected


def test_in_what_a_change_makes_a_team_may_be_left_without_work() -> None:
    model = organisation(teams={"develop": 1, "test": 1, "platform": 1})
    assert len(faults(model)) == 1
    assert faults(model, idle_teams=False) == []


# --- families ---


def test_items_that_bring_forth_one_successor_each_never_die_out() -> None:
    path, expected, _ = only_fault(demand=feature(defects={"chance": 1, "as": "feature"}))
    assert path == "demand.feature.defects.chance"
    assert "families that die out" in expected
    assert only_fault(demand=feature(outcome={"right": 0}))[0] == "demand.feature.outcome.right"
    assert faults(organisation(demand=feature(outcome={"right": 0.01}))) == []


def test_defects_and_new_versions_add_up() -> None:
    both = feature(outcome={"right": 0.5}, defects={"chance": 0.5, "as": "feature"})
    assert "1 times the one before" in only_fault(demand=both)[1]
    assert faults(organisation(demand=feature(outcome={"right": 0.5}, defects={"chance": 0.49, "as": "feature"}))) == []


def test_families_may_grow_in_a_circle_of_types_and_by_parts() -> None:
    whole = {"feature": {"every": 1, "defects": {"chance": 0.4, "as": "plan"}}, "plan": {"every": "never", "parts": {"feature": 3}}}
    assert "the circle of feature, plan" in only_fault(demand=whole)[1]
    assert faults(organisation(demand=whole | {"plan": {"every": "never", "parts": {"feature": 2}}})) == []


def test_what_is_stopped_on_its_way_has_no_successors() -> None:
    assert faults(organisation(demand=feature(outcome={"right": 0}), steps=develop(stops={"wrong": 0.1}))) == []


def test_a_whole_is_no_part_of_itself() -> None:
    assert "itself" in only_fault(demand=feature(parts={"feature": 2}))[1]
    circle = {"feature": {"every": 1, "parts": {"plan": 1}}, "plan": {"every": "never", "parts": {"feature": 3}}}
    assert len(faults(organisation(demand=circle))) == 2


# --- batches and limits ---


def batches(**sections: Any) -> Model:
    return organisation(**{"handoffs": {"batch": 4}} | sections)


def arithmetic(model: Model) -> dict[str, str]:
    return {".".join(map(str, fault.path)): fault.expected.split(";")[0] for fault in faults(model)}


FOUR = "at least 4 = 1 + (4 − 1) for the batch into test"


def test_a_limit_below_the_batch_that_gathers_under_it_is_refused_with_the_arithmetic() -> None:
    assert arithmetic(batches(steps=develop(wip_limit=3))) == {"steps.develop.wip_limit": FOUR}
    assert arithmetic(batches(wip_limit=3)) == {"wip_limit": FOUR}
    assert arithmetic(batches(demand=feature(wip_limit=3))) == {"demand.feature.wip_limit": FOUR}
    team = {"develop": {"people": 1, "does": "develop", "wip_limit": 3}, "test": 1}
    assert arithmetic(batches(teams=team)) == {"teams.develop.wip_limit": FOUR}


def test_a_limit_with_just_room_for_the_batch_is_fine() -> None:
    assert faults(batches(steps=develop(wip_limit=4), wip_limit=4)) == []


def test_batches_at_several_handoffs_add_up_under_one_limit() -> None:
    steps = {"develop": 1, "test": 1, "release": 1}
    model = batches(steps=steps, teams=steps, wip_limit=6, handoffs={"batch": 4, "into": {"release": {"batch": 5}}})
    assert arithmetic(model) == {
        "wip_limit": "at least 8 = 1 + (4 − 1) for the batch into test + (5 − 1) for the batch into release"
    }


def test_a_step_that_can_be_skipped_lets_batches_for_two_steps_gather_before_it() -> None:
    steps = {"develop": {"work": 1, "wip_limit": 4}, "test": 1, "release": 1}
    model = batches(steps=steps, teams=dict.fromkeys(steps, 1), demand=feature(skips={"test": 0.5}))
    assert arithmetic(model) == {
        "steps.develop.wip_limit": "at least 7 = 1 + (4 − 1) for the batch into test + (4 − 1) for the batch into release"
    }


def test_a_team_that_does_both_steps_hands_nothing_over() -> None:
    assert faults(batches(teams={"develop+test": 2}, wip_limit=1)) == []


def test_a_batch_that_waits_at_most_so_long_asks_nothing_of_a_limit() -> None:
    for handoffs in ({"batch": 4, "wait_at_most": 0}, {"batch": 4, "into": {"test": {"wait_at_most": 9}}}):
        assert faults(batches(handoffs=handoffs, wip_limit=1, steps=develop(wip_limit=1))) == []
    steps = {name: {"work": 1} for name in ("develop", "test", "release")}
    into = {"test": {"wait_at_most": 9}, "release": {"batch": 5}}
    model = batches(steps=steps, teams=dict.fromkeys(steps, 1), wip_limit=4, handoffs={"batch": 4, "into": into})
    assert arithmetic(model) == {"wip_limit": "at least 5 = 1 + (5 − 1) for the batch into release"}


def test_expedited_items_wait_for_no_batch() -> None:
    assert faults(batches(demand=feature(expedite=True), wip_limit=1)) == []


def test_the_owner_before_a_step_of_waiting_still_owns_behind_it() -> None:
    steps = {"develop": 1, "soak": {"wait": 2, "wip_limit": 2}, "test": 1}
    assert arithmetic(batches(steps=steps)) == {"steps.soak.wip_limit": FOUR}


def test_with_a_finite_backlog_a_small_limit_is_only_worth_a_word() -> None:
    model = batches(demand={"feature": {"backlog": 20}}, wip_limit=3)
    assert faults(model) == []
    (sentence,) = warnings(model)
    assert "the limit 3 of the stream is below 4 = 1 + (4 − 1) for the batch into test" in sentence
    assert faults(batches(demand=feature(count=20), wip_limit=3)) == []


# --- worth a word ---


@pytest.mark.parametrize(
    ("sections", "word"),
    [
        ({"steps": develop(returns={"to": "develop", "chance": 1})}, "it goes on after the 50th time"),
        ({"discipline": "earliest_due"}, "no item type has a due date"),
        ({"discipline": "wsjf"}, "no item type has a cost of delay"),
        ({"demand": feature(route=["develop"])}, "no item type takes the step test"),
    ],
)
def test_what_is_probably_not_meant_is_told(sections: Any, word: str) -> None:
    model = organisation(**sections)
    assert faults(model) == []
    (sentence,) = warnings(model)
    assert word in sentence
