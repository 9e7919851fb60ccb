"""Paths into a scenario, and its short forms written out."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from vssim.model.paths import PathFault, get, put
from vssim.model.shorthand import as_written, expand

DOCUMENT: dict[str, Any] = {
    "steps": {"develop": {"work": 4}, "test": {"work": 1, "wip_limit": 6, "returns": {"to": "develop", "chance": 0.2}}},
    "teams": {
        "testers": {"people": 3, "does": "test"},
        "crew": {"people": [{"count": 2, "does": ["develop", "test"]}]},
        "many": {"people": [{"count": 2, "does": "develop"}, {"count": 1, "does": "test"}]},
    },
    "changes": {"by hand": {"levers": ["single_piece_flow", {"set": {"steps.test.wip_limit": 3}}, {"limit_wip": {"stream": 9}}]}},
}


@pytest.mark.parametrize(
    "path",
    [
        "steps.test.wip_limit",
        "steps.develop.wip_limit",
        "steps.test.returns.chance",
        "steps.test.returns.0.chance",
        "teams.testers.people",
        "teams.testers.people.0.count",
        "teams.testers.does.test",
        "teams.testers.helps.develop",
        "teams.crew.people",
        "teams.crew.people.0.count",
        "teams.crew.people.count",
        "teams.crew.does.test",
        "teams.many.people.1.count",
        "handoffs.into.test.batch",
        "wip_limit",
        "run.horizon",
        "changes.by hand.levers.2.limit_wip.stream",
        "changes.by hand.levers.0.single_piece_flow.open",
        "changes.by hand.levers.1.set.steps.test.wip_limit",
        "changes.by hand.from",
    ],
)
def test_what_is_put_at_a_path_is_found_there_and_the_document_stays_as_it_is(path: str) -> None:
    before = copy.deepcopy(DOCUMENT)
    assert get(put(DOCUMENT, path, 7), path) == 7
    assert before == DOCUMENT


@pytest.mark.parametrize(
    ("path", "value", "place", "there"),
    [
        (
            "steps.test.returns.0.chance",
            1,
            ("steps", "test"),
            {"work": 1, "wip_limit": 6, "returns": {"to": "develop", "chance": 1}},
        ),
        ("teams.testers.people.0.count", 5, ("teams", "testers"), {"people": 5, "does": "test"}),
        ("teams.testers.does.develop", 0.5, ("teams", "testers"), {"people": 3, "does": {"test": 1, "develop": 0.5}}),
        ("teams.crew.people", 5, ("teams", "crew"), {"people": [{"count": 5, "does": ["develop", "test"]}]}),
        (
            "teams.crew.helps.x",
            0.5,
            ("teams", "crew"),
            {"people": [{"count": 2, "does": ["develop", "test"], "helps": {"x": 0.5}}]},
        ),
        ("teams.many.people.1", "none", ("teams", "many"), {"people": [{"count": 2, "does": "develop"}]}),
        ("steps.test.returns", "none", ("steps", "test"), {"work": 1, "wip_limit": 6}),
        ("steps.test.wip_limit", None, ("steps", "test"), {"work": 1, "returns": {"to": "develop", "chance": 0.2}}),
        ("steps.develop.gate.most", "none", ("steps", "develop"), {"work": 4}),
    ],
)
def test_a_value_goes_where_the_file_has_it(path: str, value: Any, place: tuple[str, str], there: Any) -> None:
    assert put(DOCUMENT, path, value)[place[0]][place[1]] == there


def test_none_is_a_value_inside_levers_and_takes_out_everywhere_else() -> None:
    path = "changes.by hand.levers.2.limit_wip.stream"
    assert get(put(DOCUMENT, path, "none"), path) == "none"
    assert "test" not in put(DOCUMENT, "steps.test", "none")["steps"]


@pytest.mark.parametrize(
    ("path", "expected", "near", "missing"),
    [
        ("steps.tset.wip_limit", "a step of the file (develop, test)", "test", True),
        ("teams.nobody.people", "a team of the file", "", True),
        ("demand.feature.every", "an item type of the file", "", True),
        ("changes.by hnd.from", "a change of the file", "by hand", True),
        ("teams.many.people", "one of its 2 crafts, as in teams.many.people.0.count", "", False),
        ("teams.many.people.7.count", "a position from 0 to 1 for '7'", "", False),
        ("changes.by hand.levers.limit_wip.stream", "a position from 0 to 2 for 'limit_wip'", "", False),
        ("steps.test.work.mean", "a path that ends before 'mean'", "", False),
        ("", "keys of the file with dots between them", "", False),
        ("steps..work", "keys of the file with dots between them", "", False),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: str, expected: str, near: str, missing: bool) -> None:
    with pytest.raises(PathFault) as caught:
        put(DOCUMENT, path, 1)
    assert caught.value.path == path
    assert expected in caught.value.expected
    assert caught.value.near == near
    assert caught.value.missing == missing


def test_a_new_step_or_team_is_put_in_only_as_a_whole() -> None:
    assert put(DOCUMENT, "steps.release", {"work": 1})["steps"]["release"] == {"work": 1}


# --- short forms ---


def test_the_terse_form_of_a_workshop_table_is_written_out() -> None:
    assert expand({"steps": {"ux": 1, "dev": "exponential(3)", "qa": {"lognormal": {"mean": 2, "cv": 1}}}}) == {
        "steps": {"ux": {"work": 1}, "dev": {"work": "exponential(3)"}, "qa": {"work": {"lognormal": {"mean": 2, "cv": 1}}}}
    }
    assert expand({"teams": {"ux": 1, "qa+dev": 2, "all": "unlimited"}}) == {
        "teams": {
            "ux": {"people": 1, "does": ["ux"]},
            "qa+dev": {"people": 2, "does": ["qa", "dev"]},
            "all": {"people": "unlimited", "does": ["all"]},
        }
    }


def test_a_change_that_is_a_list_is_a_list_of_levers() -> None:
    assert expand({"changes": {"it": ["finish_first"]}}) == {"changes": {"it": {"levers": ["finish_first"]}}}


def test_what_is_written_out_already_stays_as_it_is() -> None:
    assert expand(DOCUMENT) == DOCUMENT
    assert expand(expand({"steps": {"ux": 1}, "teams": {"ux": 1}})) == expand({"steps": {"ux": 1}, "teams": {"ux": 1}})


@pytest.mark.parametrize("value", [None, True, [1, 2], []])
def test_what_is_no_short_form_is_left_for_the_checks(value: Any) -> None:
    assert expand({"steps": {"ux": value}, "teams": {"ux": value}}) == {"steps": {"ux": value}, "teams": {"ux": value}}
    assert expand({"steps": value, "teams": value}) == {"steps": value, "teams": value}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("steps", "ux", "work"), ("steps", "ux")),
        (("steps", "ux", "wip_limit"), ("steps", "ux")),
        (("steps", "qa", "work", "lognormal", "mean"), ("steps", "qa", "lognormal", "mean")),
        (("steps", "dev", "work"), ("steps", "dev", "work")),
        (("teams", "qa+dev", "does", 0), ("teams", "qa+dev")),
        (("changes", "it", "levers", 0, "set"), ("changes", "it", 0, "set")),
        (("changes", "it", "from"), ("changes", "it")),
        (("wip_limit",), ("wip_limit",)),
    ],
)
def test_a_path_of_the_written_out_form_leads_back_to_the_file(path: Any, place: Any) -> None:
    steps = {"ux": 1, "qa": {"lognormal": {"mean": 2, "cv": 1}}, "dev": {"work": 3}}
    document = {"steps": steps, "teams": {"qa+dev": 2}, "changes": {"it": [{"set": {}}]}}
    assert as_written(document, path) == place
