"""The rounds of a workshop: what a file may say of them, what is wrong with them, and what each of them plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from vssim import scenario as scenarios
from vssim.errors import Fault, ScenarioError
from vssim.play.identity import key_of
from vssim.scenario import Round, Scenario, varied
from vssim.scenario.workshop import workshop

SMALL = """\
name: Small
demand: {task: {every: exponential(2)}}
steps: {ux: 1, dev: 3, qa: 2}
teams: {ux: 1, dev: 3, qa: 2}
changes:
  limit: [{limit_wip: {stream: 5}}]
  mixed: [cross_functional_teams]
"""

ROUNDS = """\
notes: Bring dots.
rounds:
  - title: Look
    change: limit
    question: Longer or shorter?
  - scenario: other.yaml
    change: mixed
    against: limit
    question: And now?
    reveal: [lead_time.p85, utilisation.ux@task, "within.5"]
    chart: time
    discuss: [Why?, "Who waits?"]
    minutes: 7.5
    notes: Let them count.
"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with another scenario that rounds may name."""
    written(tmp_path, "other.yaml", SMALL.replace("Small", "Other").replace("[cross_functional_teams]", "[finish_first]"))
    return tmp_path


def faults(file: Path) -> list[Fault]:
    with pytest.raises(ScenarioError) as caught:
        scenarios.load(file)
    return list(caught.value.faults)


def faults_of(folder: Path, *rounds: str) -> list[Fault]:
    """The faults of a file with these rounds, which must have some."""
    return faults(written(folder, "s.yaml", SMALL + "rounds:\n" + "".join(f"  - {one}\n" for one in rounds)))


# --- what they say --------------------------------------------------------------------------------------------------------


def test_a_round_says_what_it_leaves_out_by_its_defaults(folder: Path) -> None:
    first, second = scenarios.load(written(folder, "s.yaml", SMALL + ROUNDS)).rounds
    assert first == Round(title="Look", change="limit", question="Longer or shorter?")
    assert (first.scenario, first.against, first.reveal, first.chart) == (None, "baseline", (), "progress")
    assert (first.discuss, first.minutes, first.notes) == ((), None, "")
    assert second.reveal == ("lead_time.p85", "utilisation.ux@task", "within.5")
    assert (second.against, second.chart, second.minutes) == ("limit", "time", 7.5)


def test_one_metric_and_one_thing_to_discuss_need_no_list() -> None:
    (one,) = scenarios.loads(SMALL + "rounds: [{change: limit, question: So?, reveal: wip, discuss: Why?}]").rounds
    assert (one.reveal, one.discuss) == (("wip",), ("Why?",))


def test_a_workshop_written_out_reads_back_the_same(folder: Path) -> None:
    from vssim.yaml import write

    scenario = scenarios.load(written(folder, "s.yaml", SMALL + ROUNDS))
    assert scenarios.load(written(folder, "again.yaml", write(scenario.document()))) == scenario
    assert scenario.notes == "Bring dots."


def test_rounds_and_notes_are_not_inherited(folder: Path) -> None:
    written(folder, "s.yaml", SMALL + ROUNDS)
    over = scenarios.load(written(folder, "over.yaml", "extends: s.yaml\n"))
    assert (over.rounds, over.notes) == ((), "")


def test_a_file_that_lists_only_rounds_extends_the_one_they_are_about(folder: Path) -> None:
    file = written(folder, "only.yaml", "extends: other.yaml\nrounds: [{change: mixed, against: limit, question: So?}]\n")
    assert [leg.change for leg in workshop(file).rounds] == ["mixed"]


def test_what_a_workshop_says_plays_no_part_in_figures_or_in_the_keys_of_a_sweep(folder: Path) -> None:
    plain = scenarios.load(written(folder, "p.yaml", SMALL))
    told = scenarios.load(written(folder, "s.yaml", SMALL + ROUNDS))
    assert key_of(plain, "limit", 0) == key_of(told, "limit", 0)
    assert varied(plain, [], "limit", "x") == varied(told, [], "limit", "x")


# --- what is wrong with them ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "path", "near"),
    [
        ("{question: So?}", "rounds.0.change", ""),
        ("{change: limit}", "rounds.0.question", ""),
        ("{change: limti, question: So?}", "rounds.0.change", "limit"),
        ("{change: limit, against: mixde, question: So?}", "rounds.0.against", "mixed"),
        ("{change: limit, against: limit, question: So?}", "rounds.0.change", ""),
        ("{change: baseline, question: So?}", "rounds.0.change", ""),
        ("{change: limit, question: So?, reveal: lead_tmie.p85}", "rounds.0.reveal", "lead_time.p85"),
        ("{change: limit, question: So?, reveal: [wip, utilisation.de]}", "rounds.0.reveal.1", "utilisation.dev"),
        ("{change: mixed, question: So?, reveal: utilisation.dev}", "rounds.0.reveal", ""),
        ("{change: limit, question: So?, reveal: wip@taks}", "rounds.0.reveal", "task"),
        ("{change: limit, question: So?, reveal: []}", "rounds.0.reveal", ""),
        ("{change: limit, question: So?, reveal: [[wip]]}", "rounds.0.reveal.0", ""),
        ("{change: limit, question: So?, reveal: Lead Time}", "rounds.0.reveal", ""),
        ("{change: limit, question: So?, chart: progres}", "rounds.0.chart", "progress"),
        ("{change: limit, question: So?, minutes: 0}", "rounds.0.minutes", ""),
        ("{change: limit, question: So?, minutes: ten}", "rounds.0.minutes", ""),
        ("{change: limit, question: So?, discuss: 3}", "rounds.0.discuss", ""),
        ("{change: limit, question: 3}", "rounds.0.question", ""),
        ("{change: limit, qestion: So?}", "rounds.0.qestion", "question"),
        ("{scenario: othre.yaml, change: limit, question: So?}", "rounds.0.scenario", "other.yaml"),
        ("{scenario: 3, change: limit, question: So?}", "rounds.0.scenario", ""),
        ("{scenario: ., change: limit, question: So?}", "rounds.0.scenario", ""),
        ("{scenario: other.yaml, change: limti, question: So?}", "rounds.0.change", "limit"),
        ("{scenario: other.yaml, change: limit, question: So?, reveal: utilisation.test}", "rounds.0.reveal", "utilisation.dev"),
        ("{scenario: silos, change: both, question: So?, reveal: steps.develp.wip}", "rounds.0.reveal", "steps.develop.wip"),
        ("limit", "rounds.0", ""),
    ],
)
def test_a_fault_of_a_round_is_named_with_its_place_and_the_nearest_right_name(
    folder: Path, line: str, path: str, near: str
) -> None:
    (fault,) = faults_of(folder, line)
    assert (fault.path, fault.nearest, fault.line) == (path, near, 9)
    assert Path(fault.file).name == "s.yaml"


def test_all_faults_of_all_rounds_are_named_at_once(folder: Path) -> None:
    found = faults_of(
        folder,
        "{change: limti, question: So?, reveal: lead_tmie.p50, chart: flwo}",
        "{scenario: nowhere.yaml, change: a, question: So?, minutes: -1}",
        "{scenario: other.yaml, change: unlike anything, against: limti, question: So?}",
    )
    assert [fault.path for fault in found] == [
        "rounds.0.change",
        "rounds.0.reveal",
        "rounds.0.chart",
        "rounds.1.scenario",
        "rounds.1.minutes",
        "rounds.2.change",
        "rounds.2.against",
    ]


def test_faults_inside_a_named_scenario_are_named_once_with_its_own_file(folder: Path) -> None:
    written(
        folder,
        "broken.yaml",
        SMALL.replace("dev: 3, qa: 2}\nchanges", "dev: three, qa: 2}\nchanges").replace("stream: 5", "stream: 0"),
    )
    one = "{scenario: broken.yaml, change: limit, question: So?}"
    found = faults_of(folder, one, one, "{change: limti, question: So?}")
    assert [(Path(fault.file).name, fault.path) for fault in found] == [
        ("s.yaml", "rounds.2.change"),
        ("broken.yaml", "teams.dev.people"),
        ("broken.yaml", "changes.limit.levers.0.limit_wip.stream"),
    ]


def test_rounds_of_a_scenario_that_a_round_names_play_no_part(folder: Path) -> None:
    one = "rounds: [{{scenario: {0}, change: limit, question: So?}}]\n"
    here = written(folder, "here.yaml", SMALL + one.format("there.yaml"))
    written(folder, "there.yaml", SMALL + one.format("here.yaml"))
    written(folder, "itself.yaml", SMALL + one.format("itself.yaml"))
    written(folder, "wrong.yaml", SMALL + one.format("nowhere.yaml"))
    assert [leg.change for leg in workshop(here).rounds] == ["limit"]
    assert workshop(folder / "itself.yaml").rounds[0].scenario.rounds == ()
    assert scenarios.load(written(folder, "to wrong.yaml", SMALL + one.format("wrong.yaml"))).rounds
    assert faults(folder / "wrong.yaml")


def test_too_many_rounds_are_refused_before_any_is_looked_at() -> None:
    text = SMALL + "rounds: [" + ", ".join(["{change: no, question: So?}"] * 501) + "]"
    with pytest.raises(ScenarioError, match="501 rounds, expected at most 500"):
        scenarios.loads(text)


# --- what each plays ------------------------------------------------------------------------------------------------------


def test_each_round_comes_with_the_scenario_that_it_plays(folder: Path) -> None:
    file = written(folder, "s.yaml", SMALL + ROUNDS)
    found = workshop(file)
    first, second = found.rounds
    assert found.scenario == scenarios.load(file)
    assert (found.source, found.notes) == (str(file), "Bring dots.")
    assert first.scenario is found.scenario
    assert first.source == found.source
    assert (second.scenario.name, second.title, second.change, second.against) == ("Other", "", "mixed", "limit")
    assert (second.discuss, second.notes, second.minutes) == (("Why?", "Who waits?"), "Let them count.", 7.5)
    assert scenarios.load(second.source).name == "Other"


def test_a_named_scenario_is_found_beside_the_workshop_or_in_the_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    one = "rounds:\n  - {{scenario: {}, change: {}, question: So?}}\n"
    beside = workshop(written(folder, "below/w.yaml", SMALL + one.format("../other.yaml", "limit")))
    assert beside.rounds[0].scenario.name == "Other"
    assert workshop(written(folder, "w.yaml", SMALL + one.format("silos", "both"))).rounds[0].scenario == without_rounds("silos")


def without_rounds(name: str) -> Scenario:
    return scenarios.load(name).model_copy(update={"rounds": ()})


def test_a_scenario_that_several_rounds_name_is_read_once(folder: Path) -> None:
    one = "  - {scenario: other.yaml, change: limit, question: So?}\n"
    same = "  - {scenario: ./other.yaml, change: mixed, question: So?}\n"
    first, second = workshop(written(folder, "s.yaml", SMALL + "rounds:\n" + one + same)).rounds
    assert first.scenario is second.scenario


def test_settings_are_for_the_file_of_the_workshop_alone(folder: Path) -> None:
    first, second = workshop(written(folder, "s.yaml", SMALL + ROUNDS), [("teams.dev.people", 9)]).rounds
    assert first.scenario.teams["dev"].headcount == 9
    assert second.scenario.teams["dev"].headcount == 3


def test_a_scenario_without_rounds_is_a_workshop_without_any() -> None:
    found = workshop("silos")
    assert (found.rounds, found.minutes, found.scenario.name) == ((), None, "Dissolve the silos")


def test_a_workshop_knows_how_long_it_takes_where_every_round_says_so(folder: Path) -> None:
    text = SMALL + "rounds: [{change: limit, question: So?, minutes: 10}, {change: mixed, question: So?MORE}]"
    assert workshop(written(folder, "a.yaml", text.replace("MORE", ", minutes: 5.5"))).minutes == 15.5
    assert workshop(written(folder, "b.yaml", text.replace("MORE", ""))).minutes is None


def test_a_workshop_with_faults_is_refused_as_a_scenario_is(folder: Path) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'limit'"):
        workshop(written(folder, "s.yaml", SMALL + "rounds: [{change: limti, question: So?}]"))
