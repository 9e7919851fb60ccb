"""What is not known, in pictures, in the report, and in money."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.text import Text

import vssim
from tests.interface.commands import vssim as command
from tests.support.running import text_of
from vssim.analysis.explain.unknowns import what_decides
from vssim.play.experiment import Experiment
from vssim.play.run import runs_of
from vssim.views.report.page import page

TEXT: dict[str, Any] = {
    "name": "Two unknowns",
    "currency": "EUR",
    "run": {"horizon": 100, "warmup": 20, "replications": 200, "seed": 4},
    "demand": {"feature": {"every": "exponential(2)", "revenue": {"per_unit": 100}}},
    "steps": {"make": {"work": "exponential(1.6)"}},
    "teams": {"makers": {"people": 1, "does": "make", "cost": 100}},
    "changes": {
        "a tool": {
            "levers": [{"set": {"steps.make.work": "exponential(between(0.8, 2.2))"}}],
            "cost": {"running": "between(0, 300)"},
        }
    },
}


@pytest.fixture(scope="module")
def compared() -> Any:
    return vssim.compare(vssim.loads(TEXT), jobs=1)


def texts(drawn: Any) -> str:
    return "\n".join(found.get_text() for found in drawn.findobj(Text))


def test_the_tornado_names_the_facts_and_their_shares(compared: Any) -> None:
    written = texts(vssim.figures.tornado(compared))
    assert "exponential" not in written
    assert "%" in written
    assert "a tool" in written


def test_the_threshold_says_where_the_change_turns_round(compared: Any) -> None:
    written = texts(vssim.figures.threshold(compared))
    (fact, *_) = compared["a tool"].over_worlds.deciding("lead_time.p85").facts
    assert fact.threshold is not None
    assert 1.2 < fact.threshold.low <= fact.threshold.value <= fact.threshold.high < 2.0
    assert "better below" in written


def test_pictures_of_unknowns_are_refused_where_everything_is_known() -> None:
    answer = command("compare", "silos", "--figure", "tornado=t.png", "--replications", "2")
    assert answer.code == 2
    assert "nothing is said to be unknown" in answer.err


def test_explaining_what_is_unknown_draws_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(text_of(TEXT), encoding="utf-8")
    asked = ("explain", "mine.yaml", "--change", "a tool", "--uncertain", "--quiet")
    assert command(*asked, "--figure", "tornado=t.svg", "--figure", "threshold=h.svg").code == 0
    assert Path("t.svg").stat().st_size > 1000
    assert Path("h.svg").stat().st_size > 1000
    assert command(*asked, "--figure", "waterfall=w.svg").code == 2


def test_the_report_has_a_section_on_what_is_not_known(compared: Any) -> None:
    experiment = Experiment.of(compared.scenario, [None, "a tool"])
    written = page(compared, runs_of(experiment, compared.warmup))
    assert "What is not known, and what would decide" in written
    assert "of what you think possible" in written
    everything_known = {**TEXT, "changes": {}, "run": {"horizon": 50, "replications": 2}}
    alone = vssim.compare(vssim.loads(everything_known), jobs=1)
    assert "What is not known, and" not in page(alone, runs_of(Experiment.of(alone.scenario, [None]), alone.warmup))


def test_knowing_what_a_tool_costs_is_worth_money_and_no_time() -> None:
    faster = {"levers": [{"set": {"steps.make.work": "exponential(between(0.8, 1.6))"}}], "cost": {"running": "between(0, 100)"}}
    overloaded = {"feature": {"every": "exponential(1)", "value": 200}}
    text = {**TEXT, "demand": overloaded, "changes": {"a tool": faster}}
    found = what_decides(vssim.loads(text), "a tool", jobs=1)
    facts = {fact["name"]: fact for fact in found.document()["decides"]}
    cost = facts["changes.a tool.cost.running"]
    assert cost["worth_in_money"] is not None
    assert cost["worth_in_money"] > 0
    assert cost["share"] < 0.1


@pytest.mark.parametrize(("kappa", "at_most"), [(0.39, True), (0.41, False)])
def test_where_luck_hides_how_wide_a_range_is_programs_are_told_too(kappa: float, at_most: bool) -> None:
    found = what_decides(vssim.loads(TEXT), "a tool", jobs=1)
    hidden = replace(found, believed=replace(found.believed, effect=replace(found.believed.effect, kappa=kappa)))
    assert hidden.document()["in_your_world"]["at_most"] is at_most


def test_a_change_does_not_hang_on_what_is_not_known_of_another_change() -> None:
    other = {"levers": [{"set": {"steps.make.work": "exponential(between(0.5, 3))"}}]}
    text = {**TEXT, "changes": {**TEXT["changes"], "another": other}}
    found = vssim.compare(vssim.loads(text), only=["a tool"], jobs=1)["a tool"].over_worlds
    assert found is not None
    would = found.deciding("lead_time.p85")
    assert would is not None
    assert would.facts
    assert not any(fact.name.startswith("changes.another") for fact in would.facts)
