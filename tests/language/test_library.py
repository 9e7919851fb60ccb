"""The library: every scenario that users meet first reads, teaches something, and claims only what holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import vssim
from vssim.analysis.claims.check import check
from vssim.metrics import measure
from vssim.model.paths import get
from vssim.scenario import Scenario, library
from vssim.scenario.reader import parse, read_text
from vssim.yaml import write

PROMISED = {
    *("focus", "silos", "batches", "dependencies", "decisions", "obstacles", "corners", "hidden", "proxies", "meetings"),
    *("improvement", "bottleneck", "automation", "utilisation", "simplify", "bets", "rollout", "habits", "theatre"),
    *("ambivalence", "priorities", "initiatives", "less", "reorg", "unknowns", "silos_ranges"),
    *("urgent", "waiting_customers", "deadline"),
    *("summer", "part_timer", "on_loan", "today", "last_year"),
}
"""File names that users and their material may rely on; besides, small ones for a room under `workshop/`."""

IDLE_ON_PURPOSE = {"theatre"}
"""Those whose lesson is that a change changes nothing."""

NAMES = library.all_names()

ANOTHER_SEED = 7_2026
"""Not the one in the files, and none that their claims were written with."""


@pytest.fixture(params=NAMES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Each scenario of the library in turn."""
    return vssim.load(request.param)


def test_file_names_are_the_promised_ones() -> None:
    assert {name for name in NAMES if "/" not in name} == PROMISED
    assert {name for name in NAMES if "/" in name and not name.startswith("workshop/")} == {"learned/team"}


def test_the_list_of_the_library_tells_every_question() -> None:
    assert dict(library.names()) == {name: vssim.load(name).question for name in NAMES}


def test_it_asks_one_question_and_has_a_lesson_and_sources(scenario: Scenario) -> None:
    assert scenario.name != "Untitled"
    assert scenario.question.endswith("?")
    assert "\n" not in scenario.question
    assert len(scenario.lesson.split()) >= 20
    assert scenario.sources
    assert len(scenario.claims) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_it_has_changes_to_try(name: str) -> None:
    assert len(vssim.load(name).changes) >= (3 if name == "silos" else 2)


def test_there_is_nothing_to_warn_about_before_a_run(scenario: Scenario) -> None:
    assert scenario.warnings == (() if scenario.learned is None else (scenario.learned.sentence,))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in IDLE_ON_PURPOSE])
def test_every_lever_finds_what_it_is_to_change(name: str) -> None:
    scenario = vssim.load(name)
    assert {change: notes for change in scenario.changes if (notes := scenario.plan(change).notes)} == {}


def test_new_titles_change_nothing_to_the_tick() -> None:
    scenario = vssim.load("theatre")
    as_it_is, renamed = (vssim.simulate(scenario, change, horizon=150).visits for change in (None, "new titles"))
    assert as_it_is.equals(renamed)


def test_every_claim_is_about_a_metric_there_is(scenario: Scenario) -> None:
    assert all(measure.entry(claim.metric) for claim in scenario.claims)
    assert {claim.change for claim in scenario.claims} <= set(scenario.changes)
    assert {claim.against for claim in scenario.claims} <= {"baseline", *scenario.changes}


def test_every_slider_moves_something(scenario: Scenario) -> None:
    assert scenario.sliders
    for path in scenario.sliders:
        get(scenario.document(), path)


def test_it_can_be_written_and_read_again(scenario: Scenario, tmp_path: Path) -> None:
    document = {key: value for key, value in scenario.document().items() if key != "rounds"}  # they name files beside this one
    beside = document.get("uncertain")
    if isinstance(beside, str):
        shutil.copy(library.folder() / "learned" / beside, tmp_path / beside)
    (tmp_path / "again.yaml").write_text(write(document), encoding="utf-8")
    assert vssim.load(tmp_path / "again.yaml").document() == document


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_aloud(name: str) -> None:
    text = read_text(library.path(name))
    assert text.startswith("#"), "a scenario begins with its story"
    assert parse(text, name)


def test_the_first_run_measures_what_the_documentation_says() -> None:
    settings = vssim.load("silos").run
    assert (settings.horizon, settings.warmup, settings.replications) == (600, 150, 20)


@pytest.mark.slow
def test_what_it_claims_holds_with_another_luck(scenario: Scenario) -> None:
    findings = check(scenario, seed=ANOTHER_SEED).findings
    assert [finding for finding in findings if finding.state != "held"] == []
