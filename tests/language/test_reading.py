"""What a scenario file may say, and what it then means."""

from __future__ import annotations

import datetime
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vssim import scenario as scenarios
from vssim.scalars import scalar
from vssim.scenario import Bound, Scenario, library
from vssim.scenario.reader import parse, value_of
from vssim.yaml import write

EXAMPLE = Path(__file__).parent / "example.yaml"

SMALL = """
demand: {task: {every: exponential(2)}}
steps: {ux: 1, dev: 3, qa: 2}
teams: {ux: 1, dev: 3, qa+dev: 2}
"""


@pytest.fixture
def example() -> Scenario:
    return scenarios.load(EXAMPLE)


def test_the_example_is_read_whole(example: Scenario) -> None:
    assert example.name == "Dissolve the silos"
    assert example.start == datetime.date(2026, 1, 5)
    assert (example.run.horizon, example.run.warmup, example.run.replications, example.run.seed) == (600, 150, 20, 1)
    assert list(example.demand) == ["feature", "bug", "initiative"]
    assert list(example.steps) == ["analyse", "develop", "test", "release"]
    assert list(example.teams) == ["analysts", "developers", "testers", "platform"]
    assert example.wip_limit == 30
    assert list(example.changes) == ["limit WIP", "cross-functional teams", "both from day 200", "one at a time", "by hand"]
    assert example.sliders == ("steps.develop.wip_limit", "teams.testers.people")
    assert example.sources[0].from_ == "plausible; own assumption"


def test_every_change_of_the_example_makes_organisations(example: Scenario) -> None:
    starts = {name: [phase.start for phase in example.plan(name).phases] for name in example.changes}
    assert starts["limit WIP"] == [0]
    assert starts["both from day 200"] == [0, 200]
    assert starts["one at a time"] == [0, 200, 260]
    assert example.plan().phases[0].model == example.model
    assert example.plan("baseline") == example.plan(None)


def test_a_claim_knows_a_share_from_a_value(example: Scenario) -> None:
    assert example.claims[0].at_most == Bound(share=0.6)
    assert example.claims[0].against == "baseline"
    assert example.claims[2].against == "both from day 200"
    days = scenarios.loads(SMALL + "changes: {a: [finish_first]}\nclaims: [{change: a, metric: lead_time.p85, at_most: 12}]")
    assert days.claims[0].at_most == Bound(value=12)


def test_the_document_of_a_scenario_reads_back_as_the_same_scenario(example: Scenario) -> None:
    document = example.document()
    again = scenarios.loads(json.dumps(document))
    assert again == example
    assert json.dumps(again.document()) == json.dumps(document)
    assert scenarios.loads(write(document)) == example


def test_a_scenario_can_be_sent_to_another_process(example: Scenario) -> None:
    assert example.model.demand["feature"].every is not None
    assert pickle.loads(pickle.dumps(example)) == example


def test_the_terse_form_means_constant_work_and_people_by_what_they_do() -> None:
    scenario = scenarios.loads(SMALL)
    assert scenario.steps["dev"].work is not None
    assert scenario.steps["dev"].work.mean == 3
    assert scenario.steps["dev"].work.cv == 0
    assert scenario.teams["qa+dev"].people == 2
    assert list(scenario.teams["qa+dev"].does) == ["qa", "dev"]


def test_what_is_not_said_has_a_default() -> None:
    scenario = scenarios.loads(SMALL)
    assert (scenario.unit, scenario.start, scenario.claims, scenario.sliders) == ("day", None, (), ())
    assert (scenario.run.warmup, scenario.run.replications, scenario.run.seed) == ("auto", 20, 1)
    assert scenario.run.horizon >= 200 * 2, "two hundred items arrive"


def test_a_file_without_a_name_is_called_as_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "table 4.yaml").write_text(SMALL, encoding="utf-8")
    assert scenarios.load(tmp_path / "table 4.yaml").name == "table 4"


def test_a_chance_may_be_a_percentage_or_a_number() -> None:
    for written in ("30%", "0.3", "30.0 %"):
        scenario = scenarios.loads(SMALL + f"handoffs: {{relearning: {written}}}")
        assert scenario.handoffs.relearning == pytest.approx(0.3)


def test_only_a_percentage_is_a_share_where_a_quantity_may_stand() -> None:
    def rework(written: str) -> Any:
        text = SMALL.replace("qa: 2}", f"qa: {{work: 2, returns: {{to: dev, chance: 0.1, work: {written}}}}}}}", 1)
        return scenarios.loads(text).steps["qa"].returns[0].work

    assert rework("40%").share == pytest.approx(0.4)
    assert rework("4").own.mean == 4
    assert rework("again").own is rework("again").share is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("3.5", 3.5),
        ("none", "none"),
        ("no", "no"),
        ("2026-01-05", "2026-01-05"),
        ("1e3", 1000.0),
        ("0x10", 16),
        ("~", None),
    ],
)
def test_a_plain_value_means_what_the_core_schema_of_yaml_says(text: str, value: Any) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_aliases_and_merge_keys_are_followed() -> None:
    text = """
    demand: {task: {every: 2, work: &work {ux: 1}}, bug: {every: 9, work: *work, size: 2}}
    steps: {ux: &step {work: 2, wip_limit: 3}, dev: {<<: *step, work: 3}}
    teams: {crew: {people: 4, does: [ux, dev]}}
    """
    scenario = scenarios.loads(text)
    assert scenario.demand["bug"].work == scenario.demand["task"].work
    assert scenario.steps["dev"].wip_limit == 3
    assert scenario.steps["dev"].work is not None
    assert scenario.steps["dev"].work.mean == 3


def test_every_node_knows_its_line_and_column() -> None:
    node, _ = parse("a: 1\nb:\n  c: [x, y]\n", "text")
    inner = node.value["b"].value["c"]
    assert (inner.line, inner.column) == (3, 6)
    assert [(entry.line, entry.column) for entry in inner.value] == [(3, 7), (3, 10)]
    assert node.keys["b"] == (2, 1)


# --- extends --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(
        "name: base\nwip_limit: 30\n"
        + SMALL
        + "changes: {a: [finish_first], b: [{limit_wip: {stream: 5}}]}\n"
        + "claims: [{change: a, metric: wip, at_most: 3}]\n",
        encoding="utf-8",
    )
    return tmp_path


def extending(folder: Path, text: str, name: str = "over.yaml") -> Scenario:
    (folder / name).write_text(text, encoding="utf-8")
    return scenarios.load(folder / name)


def test_a_file_that_extends_another_says_only_what_differs(base: Path) -> None:
    scenario = extending(base, "extends: base.yaml\nsteps: {ux: {wip_limit: 2}}\nteams: {ux: 4}\n")
    assert scenario.name == "base"
    assert scenario.steps["ux"].wip_limit == 2
    assert scenario.steps["ux"].work == scenarios.load(base / "base.yaml").steps["ux"].work
    assert scenario.teams["ux"].people == 4
    assert scenario.teams["dev"].people == 3
    assert scenario.wip_limit == 30


def test_claims_are_not_inherited(base: Path) -> None:
    assert len(scenarios.load(base / "base.yaml").claims) == 1
    assert extending(base, "extends: base.yaml\n").claims == ()


def test_lists_replace_each_other(base: Path) -> None:
    scenario = extending(base, "extends: base.yaml\nchanges: {b: [finish_first, {limit_wip: {stream: 2}}]}\n")
    assert [lever.name for lever in scenario.changes["b"].levers] == ["finish_first", "limit_wip"]


def test_none_takes_a_key_of_the_other_file_out(base: Path) -> None:
    scenario = extending(base, "extends: base.yaml\nwip_limit: none\nchanges: {a: none}\n")
    assert scenario.wip_limit is None
    assert list(scenario.changes) == ["b"]


def test_none_stays_a_value_where_there_is_nothing_to_take_out(base: Path) -> None:
    scenario = extending(base, "extends: base.yaml\nsteps: {dev: {wip_limit: none}}\nchanges: {b: [{limit_wip: {stream: none}}]}\n")
    assert scenario.steps["dev"].wip_limit is None
    assert scenario.plan("b").phases[0].model.wip_limit is None


def test_a_file_may_extend_one_that_extends_another(base: Path) -> None:
    extending(base, "extends: base.yaml\nwip_limit: 9\n")
    scenario = extending(base, "extends: over.yaml\nname: top\n", "top.yaml")
    assert (scenario.name, scenario.wip_limit) == ("top", 9)


def test_the_extended_file_is_looked_for_beside_the_file(base: Path) -> None:
    (base / "below").mkdir()
    assert extending(base, "extends: ../base.yaml\n", "below/over.yaml").wip_limit == 30


def test_a_scenario_of_the_library_can_be_extended(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "folder", lambda: base)
    (base / "elsewhere").mkdir()
    assert extending(base, "extends: base\n", "elsewhere/over.yaml").wip_limit == 30


# --- data files -----------------------------------------------------------------------------------------------------------


def test_empirical_takes_the_values_of_a_column(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("id,days\n1,2\n2,4.5\n3,1\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SMALL + "handoffs: {delay: 'empirical(times.csv, days)'}\n", encoding="utf-8")
    delay = scenarios.load(tmp_path / "s.yaml").handoffs.delay
    assert delay.mean == pytest.approx(2.5)
    assert delay.support == (1, 4.5)


def test_a_data_file_belongs_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "times.csv").write_text("days;note\n2;a\n4;b\n", encoding="utf-8")
    text = SMALL + "handoffs:\n  delay: {empirical: [times.csv, days]}\n"
    (tmp_path / "below" / "base.yaml").write_text(text, encoding="utf-8")
    assert extending(tmp_path, "extends: below/base.yaml\n").handoffs.delay.mean == 3


# --- settings -------------------------------------------------------------------------------------------------------------


def test_settings_are_put_in_place_before_the_scenario_is_checked() -> None:
    scenario = scenarios.loads(SMALL, [("steps.dev.wip_limit", 4), ("teams.dev.people", "5"), ("run.seed", 7)])
    assert scenario.steps["dev"].wip_limit == 4
    assert scenario.teams["dev"].people == 5
    assert scenario.run.seed == 7


def test_a_setting_means_what_it_would_mean_in_the_file() -> None:
    scenario = scenarios.loads(
        SMALL, [("steps.dev.work", "lognormal(mean=2, cv=0.5)"), ("demand.task.size", "discrete({1: 50%, 3: 50%})")]
    )
    assert scenario.steps["dev"].work is not None
    assert (scenario.steps["dev"].work.mean, scenario.steps["dev"].work.cv) == (2, 0.5)
    assert scenario.demand["task"].size.mean == 2
    assert value_of("[1, 2]") == [1, 2]


# --- library --------------------------------------------------------------------------------------------------------------


def test_the_library_is_known_by_name_and_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workshop").mkdir()
    (tmp_path / "walls.yaml").write_text("question: why?\n" + SMALL, encoding="utf-8")
    (tmp_path / "workshop" / "penny.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert library.names() == [("walls", "why?"), ("workshop/penny", "")]
    assert scenarios.load("walls").question == "why?"
    assert scenarios.load("workshop/penny").name == "penny"


def test_a_file_goes_before_a_scenario_of_the_library_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "walls.yaml").write_text("question: library\n" + SMALL, encoding="utf-8")
    (tmp_path / "walls").write_text("question: mine\n" + SMALL, encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda: tmp_path / "library")
    monkeypatch.chdir(tmp_path)
    assert scenarios.load("walls").question == "mine"


def test_every_scenario_of_the_library_is_read() -> None:
    for name in library.all_names():
        scenario = scenarios.load(name)
        assert scenario.question
        if isinstance(scenario.document().get("uncertain"), str):
            continue  # members lie beside the scenario's own file alone; that one is written and read again with the library
        assert scenarios.loads(json.dumps(scenario.document())) == scenario


@pytest.mark.parametrize(
    "run",
    [
        {"horizon": 250},
        {"horizon": 250, "warmup": 0},
        {"horizon": "2026-09-12"},
        {"replications": 20},
        {"replications": 20, "horizon": 300},
        {"warmup": 0},
        {},
    ],
)
@pytest.mark.parametrize("work", ["exponential(1)", "exponential(between(1, 2))"])
def test_what_a_file_says_of_its_runs_is_so_too_when_it_is_written_and_read_again(run: dict[str, object], work: str) -> None:
    stated = {"name": "stated", "start": "2026-01-05", "demand": {"item": {"every": "exponential(3)"}}}
    stated |= {"steps": {"do": {"work": work}}, "teams": {"crew": {"people": 1, "does": "do"}}, "run": run}
    scenario = scenarios.loads(json.dumps(stated))
    written = scenario.document()["run"]
    assert {name: written[name] for name in run if name != "warmup"} == {name: run[name] for name in run if name != "warmup"}
    assert scenarios.loads(json.dumps(scenario.document())).run == scenario.run
    assert scenario.with_({"steps.do.wip_limit": 3}).run == scenario.run


def test_the_yaml_library_is_loaded_only_when_a_file_is_read() -> None:
    code = "import sys, vssim.scenario; assert 'ruamel.yaml' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
