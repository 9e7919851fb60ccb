"""A scenario cannot be altered into something unchecked, whichever door is tried; numbers of other libraries are numbers."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest

import vssim
from tests.interface.commands import SMALL

MAPPING: dict[str, Any] = {
    "name": "Mapped",
    "run": {"horizon": 60, "warmup": 0, "replications": 2},
    "demand": {"item": {"every": 2}},
    "steps": {"make": {"work": 1.5}},
    "teams": {"makers": {"people": 1, "does": "make"}},
}


@pytest.fixture(scope="module")
def scenario() -> vssim.Scenario:
    return vssim.loads(SMALL)


def said(call: Callable[[], object]) -> str:
    with pytest.raises(vssim.VssimError) as caught:
        call()
    return str(caught.value)


def test_a_setting_gives_another_scenario_that_answers_with_its_own_figures(scenario: vssim.Scenario) -> None:
    limited = scenario.with_({"wip_limit": 1, "teams.makers.people": 1})
    assert (limited.wip_limit, limited.model.wip_limit, scenario.wip_limit) == (1, 1, None)
    given = vssim.loads(SMALL, {"wip_limit": 1, "teams.makers.people": 1})
    assert limited == given
    assert vssim.simulate(limited).metrics() == vssim.simulate(given).metrics() != vssim.simulate(scenario).metrics()


def test_none_takes_out_what_is_there_and_a_new_path_is_added(scenario: vssim.Scenario) -> None:
    tried = scenario.with_({"changes.later": None, "teams.helpers": {"people": 1, "does": "check"}})
    assert "later" not in tried.changes
    assert tried.teams["helpers"].people == 1
    assert scenario.with_({"wip_limit": 4}).with_({"wip_limit": None}).wip_limit is None


def test_taking_out_what_no_file_has_is_a_fault(scenario: vssim.Scenario) -> None:
    assert "did you mean 'wip_limit'" in said(lambda: scenario.with_({"wip_limt": None}))


def test_the_copy_of_pydantic_is_checked_like_any_other_way(scenario: vssim.Scenario) -> None:
    limited = scenario.model_copy(update={"wip_limit": 1})
    assert vssim.simulate(limited).metrics() == vssim.simulate(scenario.with_({"wip_limit": 1})).metrics()
    assert "got 'banana', expected a limit" in said(lambda: scenario.model_copy(update={"wip_limit": "banana"}))
    run = scenario.run.model_copy(update={"replications": 3})
    assert scenario.model_copy(update={"run": run}).run.replications == 3
    assert scenario.model_copy() == scenario


@pytest.mark.parametrize("make", [vssim.Scenario.of, vssim.Scenario.model_validate, vssim.loads, lambda one: vssim.Scenario(**one)])
def test_every_way_to_make_one_makes_every_check(make: Callable[[Any], vssim.Scenario]) -> None:
    made = make(MAPPING)
    assert vssim.simulate(made).metrics()["throughput"] == pytest.approx(0.5, abs=0.05)
    alone = {**MAPPING, "teams": {"makers": {"people": 1, "does": "mak"}}}
    assert "did you mean 'make'" in said(lambda: make(alone))


def test_what_is_constructed_without_checks_is_checked(scenario: vssim.Scenario) -> None:
    assert "steps" in said(lambda: vssim.Scenario.model_construct(demand={}))  # type: ignore[call-arg]


def test_nothing_of_a_scenario_can_be_written_over(scenario: vssim.Scenario) -> None:
    for alter in (
        lambda: setattr(scenario, "wip_limit", 8),
        lambda: scenario.steps.pop("make"),
        lambda: scenario.teams["makers"].does.update(check=1.0),
        scenario.changes.clear,
        lambda: scenario.steps.__setitem__("make", scenario.steps["check"]),
    ):
        assert "scenario.with_(" in said(alter)
    assert scenario == vssim.loads(SMALL)


def test_a_scenario_survives_being_copied_and_sent_elsewhere(scenario: vssim.Scenario) -> None:
    for other in (pickle.loads(pickle.dumps(scenario)), copy.copy(scenario), copy.deepcopy(scenario)):
        assert other == scenario
        assert "with_" in said(lambda other=other: other.steps.clear())  # type: ignore[misc]


def test_a_mapping_means_what_a_file_would() -> None:
    text = json.dumps(MAPPING)
    assert vssim.loads(MAPPING) == vssim.loads(text) == vssim.loads(json.loads(text))
    assert vssim.loads({"extends": "silos", "start": dt.date(2026, 2, 2)}).start == dt.date(2026, 2, 2)


def test_numbers_and_arrays_of_other_libraries_are_numbers_and_lists(scenario: vssim.Scenario) -> None:
    plain = vssim.compare(scenario, replications=2, seed=3, warmup=5, only=["no walls"], jobs=1)
    numbers: dict[str, Any] = {"replications": np.int64(2), "seed": np.uint8(3), "warmup": np.float32(5), "jobs": np.int32(1)}
    numpy = vssim.compare(scenario, only=["no walls"], **numbers)
    assert plain.document() == numpy.document()
    measured = {"empirical": np.array([1.0, 2.0])}
    assert vssim.loads({**MAPPING, "steps": {"make": measured}}) == vssim.loads(
        {**MAPPING, "steps": {"make": {"empirical": [1, 2]}}}
    )
    assert vssim.loads({**MAPPING, "steps": {"make": {"empirical": polars.Series([1.0, 2.0])}}}).steps["make"].work is not None
    limits = vssim.sweep(scenario, {"wip_limit": np.arange(1, 3)}, replications=1, jobs=1).table()["wip_limit"]
    assert set(limits) == {1, 2}


def looped() -> dict[str, Any]:
    found: dict[str, Any] = dict(MAPPING)
    found["demand"] = found
    return found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (looped(), "levels of nesting"),
        ({**MAPPING, "steps": {("a", "b"): 1}}, "a text as the key"),
        ({**MAPPING, "name": "half a \ud83d letter"}, "printable text"),
        ({**MAPPING, "steps": {"make": object()}}, "steps.make"),
        ({**MAPPING, "steps": {"make": {"work": float("nan")}}}, "steps.make.work"),
        ({**MAPPING, "steps": {"make": {"work": {1, 2}}}}, "steps.make.work"),
        ({**MAPPING, "claims": [1]}, "claims.0"),
        ([1, 2], "expected a mapping with demand, steps and teams"),
        (None, "expected a mapping"),
        ({}, "demand"),
        ({"extends": "silo"}, "did you mean 'silos'"),
        ({**MAPPING, "steps": {"make": "empirical(nowhere.csv, days)"}}, "a data file that exists"),
    ],
)
def test_a_mapping_that_is_no_scenario_is_refused_in_sentences(content: Any, words: str) -> None:
    assert words in said(lambda: vssim.loads(content))


@pytest.mark.parametrize("settings", [5, [("wip_limit",)], {3: 4}, "wip_limit=8", None])
def test_settings_that_are_none_are_refused(settings: Any) -> None:
    assert "settings: got" in said(lambda: vssim.load("silos", settings))


def test_what_names_no_file_is_refused_with_how_to_read_a_mapping() -> None:
    assert "vssim.loads" in said(lambda: vssim.load(MAPPING))  # type: ignore[arg-type]


def test_a_path_may_be_a_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert vssim.load(file, {"wip_limit": 3}).wip_limit == 3


def test_any_share_within_a_time_can_be_explained() -> None:
    found = vssim.explain(vssim.load("silos"), "both", metric="within.45", replications=2, horizon=300, warmup=100, jobs=1)
    assert found.before.mean is not None
    assert sum(part.change.mean or 0 for part in found.contributions) == pytest.approx((found.after.mean or 0) - found.before.mean)


def test_pairs_of_ones_own_are_compared_like_ours() -> None:
    found = vssim.compare_pairs([10.0, 12.0, 11.0], [5.0, 6.5, 5.6], "down")
    assert found.verdict == "better"
