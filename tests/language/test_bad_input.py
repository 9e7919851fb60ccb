"""Every fault of a scenario is named at once, with file, line, column, path, value, expectation and the nearest right name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import vssim
from vssim import scenario as scenarios
from vssim.analysis.sweep.grid import values_of
from vssim.errors import Fault, ScenarioError, UnknownName, nearest
from vssim.play.settings import change_named
from vssim.scenario import library

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")

SMALL = """\
demand:
  task: {every: exponential(2)}
  bug: {every: never}
steps:
  dev: {work: 2}
  qa: {work: 1}
teams:
  dev: {people: 3, does: dev}
  qa: {people: 2, does: qa}
"""


def faults_of(text: str, settings: Any = ()) -> list[Fault]:
    """The faults of a text, which must have some."""
    with pytest.raises(ScenarioError) as caught:
        scenarios.loads(text, settings, name="s.yaml")
    return list(caught.value.faults)


def only_fault(text: str, settings: Any = ()) -> Fault:
    """The one fault of a text, which must have exactly one."""
    found = faults_of(text, settings)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def changed(old: str, new: str, text: str = SMALL) -> str:
    """A text with one piece of it replaced."""
    assert old in text
    return text.replace(old, new, 1)


# --- the form of a fault --------------------------------------------------------------------------------------------------


def test_a_fault_is_one_line_with_place_path_value_and_expectation() -> None:
    fault = only_fault(changed("chance: 25%", "chance: 130%", EXAMPLE))
    assert str(fault) == "s.yaml:37:36: steps.test.returns.chance: got '130%', expected a chance from 0 to 1, or 0% to 100%"


def test_an_unknown_key_is_refused_at_the_key_with_the_nearest_right_name() -> None:
    fault = only_fault(changed("helps:", "helpz:", EXAMPLE))
    line = next(number for number, text in enumerate(EXAMPLE.splitlines(), 1) if "helps: {develop" in text)
    assert (fault.line, fault.path, fault.nearest) == (line, "teams.testers.helpz", "helps")
    assert EXAMPLE.splitlines()[fault.line - 1][fault.column - 1 :].startswith("helps:")
    assert "people, does, helps" in fault.expected


def test_the_nearest_name_is_one_of_that_very_place() -> None:
    assert only_fault(changed("{work: 1}", "{work: 1, wip_limti: 3}")).nearest == "wip_limit"
    assert only_fault(SMALL + "run: {horizn: 3}").nearest == "horizon"
    assert only_fault(changed("people: 2, does: qa", "people: [{cout: 2, does: qa}]")).nearest == "count"
    assert only_fault(SMALL + "changes: {a: [{limit_wip: {step: {dev: 1}}}]}").nearest == "steps"


def test_a_misspelt_key_is_one_fault_also_when_it_had_to_be_there() -> None:
    fault = only_fault(changed("{people: 2", "{peple: 2"))
    assert (fault.path, fault.nearest) == ("teams.qa.peple", "people")
    assert only_fault(changed("teams:", "team:")).nearest == "teams"


def test_a_missing_key_is_named_with_what_it_is() -> None:
    fault = only_fault(changed("{people: 2, does: qa}", "{does: qa}"))
    assert (fault.line, fault.path, fault.value) == (9, "teams.qa.people", "")
    assert "how many people" in fault.expected
    assert "missing" in fault.expected


def test_what_a_lever_refuses_when_it_is_pulled_is_named_beside_a_misspelt_one_and_the_other_refusals() -> None:
    text = """\
demand: {task: {every: 2}}
steps: {dev: 1}
teams: {dev: {people: 1, does: dev}}
changes:
  a: [limit_wpi, {set: {steps.dev.wip_limit: lots}}]
  b: [{set: {steps.dev.wip_limit: few}}, {set: {teams.dev.people: many}}]
  c: {includes: a, levers: [{limit_wip: {strem: 3}}, {set: {steps.dev.work: -1}}], every: 5}
"""
    assert {fault.path for fault in faults_of(text)} == {
        "changes.a.levers.0",
        "changes.a.levers.1.set.steps.dev.wip_limit",
        "changes.b.levers.0.set.steps.dev.wip_limit",
        "changes.b.levers.1.set.teams.dev.people",
        "changes.c.levers.0.limit_wip.strem",
        "changes.c.levers.1.set.steps.dev.work",
    }


def test_every_fault_is_named_at_once_those_of_sense_too() -> None:
    text = """\
unit: days
demand:
  task: {every: -2, route: [qa, dev], skips: {de: 10%}}
  bug: {every: never, defects: {chance: 3, as: bgu}}
steps:
  dev: {work: .inf}
  qa: {work: 1, returns: {to: dve, chance: 20%}}
  ops: {work: 1}
teams:
  dev: {people: 0, does: dev}
  qa: {people: 2, does: [qa, sing]}
changes:
  a: {includes: [b], levers: [finish_frist]}
claims:
  - {change: c, metric: wip, at_most: 3}
run: {horizon: 10, warmup: 20}
"""
    found = {fault.path: fault for fault in faults_of(text)}
    assert set(found) == {
        "unit",
        "demand.task.every",
        "demand.task.route.1",
        "demand.task.skips.de",
        "demand.bug.defects.chance",
        "demand.bug.defects.as",
        "steps.dev.work",
        "steps.qa.returns.to",
        "steps.ops",
        "teams.dev.people",
        "teams.qa.does.1",
        "changes.a.includes.0",
        "changes.a.levers.0",
        "claims.0.change",
        "run.warmup",
    }
    assert found["steps.qa.returns.to"].nearest == "dev"
    assert found["changes.a.levers.0"].nearest == "finish_first"
    assert [fault.line for fault in found.values()] == sorted(fault.line for fault in found.values())


def test_what_only_follows_from_another_fault_is_not_named() -> None:
    assert only_fault(changed("does: qa", "does: 3")).path == "teams.qa.does"
    assert only_fault(changed("{work: 1}", "5 apples")).path == "steps.qa.work"
    assert only_fault(changed("{people: 2, does: qa}", "[1]")).path == "teams.qa"
    assert only_fault(changed("every: exponential(2)", "every: exponential(-2)")).path == "demand.task.every"


def test_a_fault_in_a_list_keeps_its_number_when_others_before_it_are_faulty_too() -> None:
    text = SMALL + "claims: [{change: baseline, metric: wip}, {change: x, metric: wip, at_most: 1}]"
    assert [fault.path for fault in faults_of(text)] == ["claims.0", "claims.1.change"]


# --- values ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("work: 1", "work: -1", "steps.qa.work", "at least 0"),
        ("work: 1", "work: .inf", "steps.qa.work", "finite"),
        ("work: 1", "work: .nan", "steps.qa.work", "finite"),
        ("work: 1", "work: never", "steps.qa.work", "finite"),
        ("work: 1", "work: exponentail(3)", "steps.qa.work", "exponential"),
        ("work: 1", "work: uniform(3)", "steps.qa.work", "2 parameters"),
        ("work: 1", "work: {lognormal: {mean: 2, sd: 3}}", "steps.qa.work", "lognormal"),
        ("work: 1", "work: 1, gate: {every: 0}", "steps.qa.gate.every", "above 0"),
        ("work: 1", "work: 1, wip_limit: 0", "steps.qa.wip_limit", "at least 1"),
        ("work: 1", "work: 1, wip_limit: 2.5", "steps.qa.wip_limit", "at least 1"),
        ("work: 1", "work: 1, wait: 1", "steps.qa", "either work or wait"),
        ("people: 2", "people: many", "teams.qa.people", "whole number"),
        ("people: 2", "people: -2", "teams.qa.people", "at least 1"),
        ("people: 2", "people: 2, meetings: 100%", "teams.qa.meetings", "below 100%"),
        ("people: 2", "people: 2, pull: lifo", "teams.qa.pull", "finish_first"),
        ("people: 2", "people: 2, helps: {dev: 0}", "teams.qa.helps.dev", "above 0%"),
        ("people: 2", "people: 2, helps: {dev: 150%}", "teams.qa.helps.dev", "at most 100%"),
        ("every: never", "every: never, skips: {dev: 150%}", "demand.bug.skips.dev", "100%"),
        ("every: never", "every: never, backlog: 3", "demand.bug", "one of every, backlog, at and history"),
        ("every: never", "every: never, expedite: perhaps", "demand.bug.expedite", "true or false"),
        ("every: never", "at: [1, -2]", "demand.bug.at.1", "at least 0"),
        ("every: never", "every: never, batch: 1.5", "demand.bug.batch", "whole number"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_was_expected(old: str, new: str, path: str, expected: str) -> None:
    fault = only_fault(changed(old, new))
    assert fault.path == path
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("name: 5", "name"),
        ("unit: year", "unit"),
        ("unit: hour", "hours_per_day"),
        ("hours_per_day: 25", "hours_per_day"),
        ("start: 2026-02-30", "start"),
        ("run: {horizon: 0}", "run.horizon"),
        ("run: {horizon: 100, warmup: 100}", "run.warmup"),
        ("run: {warmup: soon}", "run.warmup"),
        ("run: {replications: 0}", "run.replications"),
        ("run: {seed: -1}", "run.seed"),
        ("discipline: random", "discipline"),
        ("wip_limit: -3", "wip_limit"),
        ("wip_limit: 99999999999999999999999", "wip_limit"),
        ("handoffs: {batch: 0}", "handoffs.batch"),
        ("handoffs: {batch: 2, wait_at_most: -1}", "handoffs.wait_at_most"),
        ("handoffs: {batch: 2, wait_at_most: soon}", "handoffs.wait_at_most"),
        ("handoffs: {into: {qa: {batch: 2, wait_at_most: exponential(1)}}}", "handoffs.into.qa.wait_at_most"),
        ("handoffs: {into: {qaa: {batch: 2}}}", "handoffs.into.qaa"),
        ("sources: [{name: x}]", "sources.0.from"),
        ("claims: [{change: baseline, metric: wip}]", "claims.0"),
        ("claims: [{change: baseline, metric: 'Lead Time', at_most: 3}]", "claims.0.metric"),
        ("claims: [{change: baseline, metric: wip@bgu, at_most: 3}]", "claims.0.metric"),
        ("claims: [{change: baseline, metric: wip, at_most: lots}]", "claims.0.at_most"),
        ("sliders: [steps.dev.wip_limits]", "sliders.0"),
        ("sliders: [steps.dve.wip_limit]", "sliders.0"),
    ],
)
def test_settings_of_the_whole_scenario_are_checked(line: str, path: str) -> None:
    assert only_fault(SMALL + line).path == path


def test_a_slider_names_the_nearest_path() -> None:
    assert only_fault(SMALL + "sliders: [steps.dve.wip_limit]").nearest == "steps.dev.wip_limit"


@pytest.mark.parametrize("name", ["a.b", "a,b", "a=b", "a:b", "a@b"])
def test_names_may_not_contain_what_paths_are_written_with(name: str) -> None:
    assert only_fault(changed("bug:", f"'{name}':")).path == f"demand.{name}"
    assert only_fault(changed("bug:", f"'{name}':")).value
    if name != "a,b":
        assert only_fault(SMALL + f"changes: {{'{name}': [finish_first]}}").path == f"changes.{name}"


def test_names_of_changes_may_have_commas_and_are_found_however_they_are_written() -> None:
    scenario = scenarios.loads(SMALL + "changes: {'first, slowly': [finish_first], limit WIP: [{limit_wip: {stream: 2}}]}")
    assert change_named(scenario, "first, slowly") == change_named(scenario, "'first, slowly'") == "first, slowly"
    assert values_of('baseline,"first, slowly",limit WIP', names=True) == ("baseline", "first, slowly", "limit WIP")
    for wrong, near in (("limit-wip", "limit WIP"), ("limit_wip", "limit WIP"), ("First slowly", "first, slowly")):
        with pytest.raises(UnknownName, match=f"did you mean '{near}'"):
            change_named(scenario, wrong)


def test_a_name_that_yaml_takes_for_a_number_needs_quotes() -> None:
    fault = only_fault(changed("bug:", "404:"))
    assert (fault.line, fault.value) == (3, "404")
    assert "quotes" in fault.expected


# --- distributions in braces ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["lognormal(mean=2, cv=0.8)", "pert(1, 2, 3)", "uniform( 1,2 )", "erlang(k=2, mean=1)"])
def test_a_whole_distribution_in_braces_is_taken_although_yaml_cuts_it_at_its_commas(written: str) -> None:
    in_braces = scenarios.loads(changed("work: 1}", f"work: {written}, wip_limit: 3}}"))
    quoted = scenarios.loads(changed("work: 1}", f'work: "{written}", wip_limit: 3}}'))
    assert in_braces == quoted
    assert in_braces.steps["qa"].wip_limit == 3


def test_a_distribution_in_a_list_in_braces_is_taken_too() -> None:
    needs = scenarios.loads(changed("work: 1}", "work: 1, needs: [{from: dev, work: gamma(mean=1, cv=1)}]}")).steps["qa"].needs
    assert str(needs[0].work) == "gamma(mean=1, cv=1)"


def test_a_distribution_in_braces_that_is_not_whole_is_one_fault() -> None:
    assert any(
        "quotes" in fault.expected for fault in faults_of(changed("work: 1}", "work: lognormal(mean=2, cv=0.8, wip_limit: 3}"))
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("steps: [1, 2\n", 1, "the […] that begins here"),
        ("a: 1\nsteps: {x: 1\n\nteams: {}\n", 2, "the {…} that begins here"),
        ("demand:\n  a: 1\n b: 2\n", 3, "look at the indentation"),
        ("name: a: b\n", 1, "a text with a colon needs quotes"),
        ("demand: {a: 1}\npeople:3\ndoes: x\n", 2, "a space after the colon"),
        ('name: x\nlesson: "abc\n\n', 2, "the quote that begins here"),
        ("name: @a\n", 1, "needs quotes"),
        ("steps:\n\tx: 1\n", 2, "YAML does not indent with tabs"),
    ],
)
def test_a_fault_of_syntax_is_told_in_a_coachs_words_where_it_begins(text: str, line: int, words: str) -> None:
    fault = only_fault(text)
    assert fault.line == line
    assert words in fault.expected
    assert "block" not in fault.expected
    assert "<" not in fault.expected


def test_a_number_with_a_comma_gets_a_hint() -> None:
    assert "20000" in only_fault(changed("work: 1}", "work: 1}\nwip_limit: 20,000")).expected


def test_a_number_with_a_comma_inside_braces_gets_the_same_hint_and_nothing_else() -> None:
    fault = only_fault(changed("{work: 1}", "{work: 20,000}"))
    assert fault.value == "20,000"
    assert fault.expected.endswith("inside {…}: 20000")
    assert vssim.loads(changed("{work: 1}", '{"work": 100, "wip_limit": 150}')), "a key in quotes is no rest of a number"
    million = only_fault(changed("{work: 1}", "{work: 1,000,000, wip_limit: 3}"))
    assert (million.value, million.expected[-7:]) == ("1,000,000", "1000000")


def test_a_table_that_yaml_cannot_read_asks_for_quotes() -> None:
    assert "put the distribution in quotes" in only_fault(changed("work: 1", "work: discrete({1: 50%, 2: 50%})")).expected
    assert "put the distribution in quotes" in only_fault(changed("{work: 1}", "\n    work: discrete({1: 50%, 2: 50%})")).expected


# --- sense ----------------------------------------------------------------------------------------------------------------


def test_a_step_that_nobody_can_do_is_refused() -> None:
    fault = only_fault(changed("  qa: {work: 1}", "  qa: {work: 1}\n  ops: {work: 1}"))
    assert (fault.line, fault.path) == (7, "steps.ops")


def test_a_team_that_nobody_needs_is_refused() -> None:
    assert only_fault(SMALL + "  choir: {people: 2, does: sing}").path == "teams.choir.does"


def test_a_family_that_never_dies_out_is_refused() -> None:
    text = changed("every: never", "every: never, defects: {chance: 100%, as: bug}")
    assert any("demand.bug" in fault.path or fault.path == "demand" for fault in faults_of(text))


def test_a_limit_that_a_batch_cannot_gather_under_is_refused_with_the_arithmetic() -> None:
    text = changed("work: 1}", "work: 1}\nhandoffs: {batch: 5}\nwip_limit: 3")
    found = faults_of(text)
    assert any(fault.path == "wip_limit" and "5" in fault.expected for fault in found)


def test_changes_that_include_each_other_in_a_circle_are_refused_at_each_of_them() -> None:
    found = faults_of(SMALL + "changes: {a: {includes: b}, b: {includes: [c]}, c: {includes: a}, d: {includes: a}}")
    assert {fault.path for fault in found} >= {"changes.a.includes", "changes.b.includes.0", "changes.c.includes"}
    assert all("circle" in fault.expected for fault in found)


def test_an_included_change_that_there_is_not_is_refused_with_the_nearest() -> None:
    fault = only_fault(SMALL + "changes: {limit WIP: [finish_first], all: {includes: [limit WPI]}}")
    assert (fault.path, fault.nearest) == ("changes.all.includes.0", "limit WIP")


def test_no_change_may_be_called_baseline() -> None:
    assert only_fault(SMALL + "changes: {baseline: [finish_first]}").path == "changes.baseline"


def test_a_shorter_horizon_does_not_make_a_change_that_comes_later_a_fault() -> None:
    late = "changes: {a: {levers: [finish_first, stop_multitasking], from: 200, every: 60}}"
    assert scenarios.loads(SMALL + late, settings=[("run.horizon", 100)]).changes["a"].from_ == 200


def test_what_a_change_makes_of_the_organisation_must_make_sense_too() -> None:
    fault = only_fault(SMALL + "changes: {a: [{set: {teams.qa.does: dev}}]}")
    assert (fault.line, fault.path) == (10, "changes.a")
    assert "steps.qa" in fault.expected


def test_a_value_that_a_lever_sets_is_checked_at_its_place() -> None:
    fault = only_fault(SMALL + "changes:\n  a: [{set: {steps.qa.wip_limit: 0}}]")
    assert fault.line == 11
    assert fault.path.startswith("changes.a.levers.0.set")


def test_a_setting_is_named_as_such() -> None:
    assert str(only_fault(SMALL, [("steps.qa.wip_limit", "0")])).startswith("--set: steps.qa.wip_limit: got 0, expected a limit")
    assert only_fault(SMALL, [("steps.qaa.wip_limit", "3")]).nearest == "qa"
    assert only_fault(SMALL, [("steps.qa.wip_limti", "3")]).nearest == "wip_limit"
    assert only_fault(SMALL, [("steps.qa.work", "[")]).file == "--set"


def test_a_setting_may_go_into_lists_and_levers() -> None:
    fault = only_fault(EXAMPLE, [("changes.limit WIP.levers.0.limit_wip.stream", "0")])
    assert (fault.file, fault.path) == ("--set", "changes.limit WIP.levers.0.limit_wip.stream")
    assert only_fault(EXAMPLE, [("steps.test.returns.0.chance", "2")]).file == "--set"
    assert only_fault(EXAMPLE, [("steps.develop.needs.1.chance", "2")]).file == "--set"


def test_a_setting_that_changes_nothing_takes_no_fault_of_the_file_upon_itself() -> None:
    fault = only_fault(changed("work: 1", "work: -1"), [("teams.qa.people", 2)])
    assert (fault.file, fault.line) == ("s.yaml", 6)


def test_more_names_than_any_organisation_has_are_refused_before_they_are_checked() -> None:
    many = ", ".join(f"s{number}: 1" for number in range(600))
    assert only_fault(f"demand: {{t: {{every: 1}}}}\nsteps: {{{many}}}\nteams: {{crew: 1}}").value == "600 names"


# --- files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 0, "a scenario"),
        ("# nothing yet\n", 0, "a scenario"),
        ("- a\n- b\n", 1, "a mapping"),
        ("hello", 1, "a mapping"),
        ("demand:\n\ttask: {every: 1}\n", 2, "spaces"),
        (SMALL + "---\nname: other\n", 10, "one document"),
        (SMALL + "name: !!python/name:os.system x\n", 10, "without a tag"),
        (SMALL + "name: a: b\n", 10, "quotes"),
        (SMALL + "name: \x01\n", 10, "printable"),
        (SMALL + "handoffs: *work\n", 10, "an anchor"),
        (SMALL + "handoffs: &h {delay: *h}\n", 10, "an anchor"),
        (SMALL + "? [a, b]\n: 3\n", 10, "a text"),
        ("[" * 1000, 1, "levels of nesting"),
        (SMALL + "name: {" + "a: {" * 60 + "}" * 60 + "}\n", 10, "levels of nesting"),
    ],
)
def test_a_text_that_is_no_scenario_is_refused_with_its_line(text: str, line: int, expected: str) -> None:
    fault = only_fault(text)
    assert fault.line == line
    assert expected in fault.expected


def test_a_key_that_stands_twice_is_refused_at_its_second_place() -> None:
    fault = only_fault(changed("  qa: {work: 1}", "  qa: {work: 1}\n  dev: {work: 5}"))
    assert (fault.line, fault.column, fault.path) == (7, 3, "steps.dev")
    assert "line 5" in fault.expected


def test_aliases_that_explode_are_refused_before_they_do() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    fault = only_fault("\n".join(rows))
    assert "with aliases expanded" in fault.expected


def test_merge_keys_that_explode_are_refused_before_they_do() -> None:
    rows = ["a: &a {" + ", ".join(f"k{n}: 1" for n in range(400)) + "}", "b: {<<: [" + ", ".join(["*a"] * 400) + "]}"]
    assert "with aliases expanded" in only_fault("\n".join(rows)).expected


def refused(path: str | Path) -> Fault:
    """The one fault with which a file is refused."""
    with pytest.raises(ScenarioError) as caught:
        scenarios.load(path)
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


def test_a_huge_file_is_refused_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"a: 1\n" * 2_000_000)
    fault = refused(tmp_path / "big.yaml")
    assert "10,000,000 bytes" in fault.value
    assert "500,000" in fault.expected


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(bytes(range(256)))
    assert "UTF-8" in refused(tmp_path / "picture.yaml").expected


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path).value == "a folder"


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "silos.yaml").write_text(SMALL, encoding="utf-8")
    assert refused(tmp_path / "silo.yaml").nearest == "silos.yaml"
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert refused("sillos").nearest == "silos"


def test_files_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")
    (tmp_path / "self.yaml").write_text("extends: self.yaml\n", encoding="utf-8")
    assert "circle (a.yaml → b.yaml → a.yaml)" in refused(tmp_path / "a.yaml").expected
    assert "circle" in refused(tmp_path / "self.yaml").expected


@pytest.mark.parametrize(("name", "near"), [("mian.yaml", "mine.yaml"), ("nothere.yaml", ""), ("mine.yml", "mine.yaml")])
def test_a_file_is_only_suggested_where_its_name_is_really_close(tmp_path: Path, name: str, near: str) -> None:
    for there in ("mine.yaml", "over.yaml"):
        (tmp_path / there).write_text(SMALL, encoding="utf-8")
    assert refused(tmp_path / name).nearest == near


def test_a_file_that_is_not_there_is_not_taken_for_a_scenario_of_the_library() -> None:
    assert refused("nothere.yaml").nearest == ""


def test_what_swaps_letters_is_the_nearest() -> None:
    assert nearest("lead_time.p58", ("lead_time.p50", "lead_time.p85", "lead_time.p95")) == "lead_time.p85"


def test_a_step_that_nobody_does_is_named_where_it_begins() -> None:
    fault = only_fault(changed("does: qa", "helps: dev"))
    assert str(fault) == "s.yaml:6:3: steps.qa: expected a team that does it, or helps at it; nobody does"


def test_a_misspelt_lever_is_quoted_and_the_list_left_out() -> None:
    fault = only_fault(f"{SMALL}\nchanges: {{it: [{{cross_functional_team: {{count: 1}}}}]}}")
    assert str(fault).endswith(
        "changes.it.levers.0: got 'cross_functional_team', expected a lever (did you mean 'cross_functional_teams'?)"
    )


def test_a_metric_that_no_scenario_has_is_named_among_other_faults() -> None:
    claims = "claims: [{change: it, metric: lead_time.p58, at_most: 3}]"
    rounds = "rounds: [{change: it, question: Longer?}, {change: it, question: Longer?, reveal: [leadtime]}]"
    text = f"{changed('does: qa', 'does: qaa')}\nchanges: {{it: [limit_wpi]}}\n{claims}\n{rounds}"
    found = {fault.path: fault for fault in faults_of(text)}
    assert {"claims.0.metric", "rounds.1.reveal.0", "changes.it.levers.0", "steps.qa"} <= set(found)
    assert found["claims.0.metric"].expected == "a metric; `vssim reference` tells them all"
    assert found["claims.0.metric"].nearest == "lead_time.p85"
    assert found["rounds.1.reveal.0"].nearest.startswith("lead_time.")


def test_a_metric_that_no_scenario_has_is_named_even_where_there_are_no_teams() -> None:
    text = f"{SMALL.partition('teams:')[0]}\nclaims: [{{change: it, metric: lead_time.p58, at_most: 3}}]"
    rounds = "rounds: [{change: it, question: Longer?, reveal: [throughput, leadtime@task]}]"
    metrics = {"claims.0.metric", "rounds.0.reveal.1"}
    assert {"teams", "claims.0.change", "rounds.0.change"} | metrics == {fault.path for fault in faults_of(f"{text}\n{rounds}")}


@pytest.mark.parametrize("lost", ["demand", "steps", "teams"])
def test_what_a_lost_section_does_not_decide_is_named_with_it(lost: str) -> None:
    document = {
        "demand": {"task": {"every": 2, "parts": {"bgu": 1}}, "bug": {"every": 9}},
        "steps": {"dev": {"work": 1}, "qa": {"work": 1, "returns": {"to": "dve", "chance": "20%"}}},
        "teams": {"dev": {"people": 2, "does": ["dev", "sing"]}, "qa": {"people": 1, "does": "qa"}},
        "changes": {"it": {"includes": ["thta"]}},
        "headline": "lead_tmie",
        "run": {"horizon": 10, "warmup": 20},
    }
    about = {"demand": {"demand.task.parts.bgu"}, "steps": {"steps.qa.returns.to"}, "teams": {"teams.dev.does.1"}}
    everywhere = {"changes.it.includes.0", "headline", "run.warmup"}
    with pytest.raises(ScenarioError) as every:
        scenarios.loads({"name": "s", "unit": "day", **document})
    assert {fault.path for fault in every.value.faults} == everywhere.union(*about.values())
    with pytest.raises(ScenarioError) as without:
        scenarios.loads({"name": "s", "unit": "day", **document, lost: 3})
    told = everywhere.union(*(paths for section, paths in about.items() if section != lost))
    told -= about["teams"] if lost == "steps" else set()  # whether a step is called so is not known then
    assert {fault.path for fault in without.value.faults} == told | {lost}


def test_what_a_change_sets_is_judged_beside_names_that_there_are_not() -> None:
    text = changed("does: qa", "does: [qa, sing]")
    sets = "changes: {it: [{set: {teams.qa.people: -1}}, {set: {teams.qa.peopel: 2}}]}"
    paths = {"changes.it.levers.0.set.teams.qa.people", "changes.it.levers.1.set.teams.qa.peopel"}
    assert {fault.path for fault in faults_of(f"{text}\n{sets}")} == paths | {"teams.qa.does.1"}


def test_a_missing_extended_file_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x\nextends: bases.yaml\n", encoding="utf-8")
    (tmp_path / "base.yaml").write_text(SMALL, encoding="utf-8")
    fault = refused(tmp_path / "a.yaml")
    assert (fault.line, fault.column, fault.path, fault.nearest) == (2, 10, "extends", "base.yaml")


def test_a_fault_of_an_extended_file_has_the_place_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(changed("work: 1", "work: -1"), encoding="utf-8")
    (tmp_path / "over.yaml").write_text("extends: base.yaml\nsteps: {qa: {wip_limit: 3}, dev: {wip_limit: 0}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        scenarios.load(tmp_path / "over.yaml")
    places = {(Path(fault.file).name, fault.line, fault.path) for fault in caught.value.faults}
    assert places == {("base.yaml", 6, "steps.qa.work"), ("over.yaml", 2, "steps.dev.wip_limit")}


def test_data_files_are_checked_cell_by_cell(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("id,days\n1,2\n2,soon\n3,-1\n4,\n", encoding="utf-8")

    def faults(written: str) -> tuple[Fault, ...]:
        (tmp_path / "s.yaml").write_text(SMALL + f"handoffs:\n  delay: {written}\n", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            scenarios.load(tmp_path / "s.yaml")
        return caught.value.faults

    cells = faults("empirical(times.csv, days)")
    assert [(Path(fault.file).name, fault.line, fault.value) for fault in cells] == [
        ("times.csv", 3, "'soon'"),
        ("times.csv", 4, "'-1'"),
        ("times.csv", 5, "''"),
    ]
    (column,) = faults("empirical(times.csv, dayz)")
    assert (Path(column.file).name, column.line, column.nearest) == ("s.yaml", 11, "days")
    (file,) = faults("empirical(time.csv, days)")
    assert (file.path, file.nearest) == ("handoffs.delay", "times.csv")
