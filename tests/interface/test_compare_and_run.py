"""`vssim compare` and `vssim run`: what they print, and the options that they share."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import polars
import pytest

from tests.interface.commands import process, small, vssim, without_a_kernel


@pytest.fixture
def file(tmp_path: Path) -> str:
    return small(tmp_path)


def document(*arguments: str) -> dict:  # type: ignore[type-arg]
    answer = vssim(*arguments, "--json", "--jobs", "1")
    assert answer.code == 0, answer.err
    found: dict[str, object] = json.loads(answer.out)
    return found


def test_the_question_comes_first_and_the_lesson_last(file: str) -> None:
    lines = vssim("compare", file).out.strip().splitlines()
    assert lines[0] == "Small"
    assert lines[1] == "Is two steps one too many?"
    assert lines[-1] == "Lesson: It was."


def test_every_change_has_its_headline_in_words(file: str) -> None:
    out = " ".join(vssim("compare", file).out.split())
    assert "no walls: better lead time, 85 % within:" in out
    assert "% (95 % interval −" in out
    assert "better in 6 of 6" in out


def test_a_change_tells_throughput_wip_flow_efficiency_load_and_where_the_time_went(file: str) -> None:
    out = vssim("compare", file).out
    for word in (
        "throughput",
        "items in progress",
        "flow efficiency",
        "load",
        "delivered",
        "unfinished",
        "before  █",
        "after   █",
        "» on the way",
        "█ hands-on",
    ):
        assert word in out


def test_a_change_with_a_date_says_from_when_on_it_was_measured(file: str) -> None:
    assert "measured from day 30 on, on both sides" in vssim("compare", file).out


def test_the_verdict_fits_eighty_columns(file: str) -> None:
    assert max(len(line.rstrip()) for line in vssim("compare", file).out.splitlines()) <= 80


def test_what_is_piped_has_no_colours(file: str, tmp_path: Path) -> None:
    assert "\x1b" not in process("compare", file, "--jobs", "1", folder=tmp_path).out


def test_a_terminal_without_unicode_gets_plain_characters(file: str, tmp_path: Path) -> None:
    answer = process("compare", file, "--jobs", "1", folder=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0, answer.err
    assert "before  #" in answer.out
    assert "->" in answer.out


def test_only_compares_with_the_changes_that_are_named(file: str) -> None:
    assert list(document("compare", file, "--only", "later", "--only", "no walls")["differences"]) == ["no walls", "later"]


def test_run_plays_the_organisation_as_it_is(file: str) -> None:
    found = document("run", file)
    assert list(found["variants"]) == ["baseline"]
    assert found["differences"] == {}


def test_run_plays_a_change_alone_with_the_figures_that_compare_gives_it(file: str) -> None:
    alone, compared = document("run", file, "--change", "no walls"), document("compare", file)
    assert alone["variants"]["no walls"]["metrics"] == compared["variants"]["no walls"]["metrics"]


def test_run_prints_metrics_with_intervals_and_where_the_time_went(file: str) -> None:
    out = vssim("run", file).out
    for word in ("lead_time.p85", "95 % interval", "utilisation.makers", "load, the highest", "█ hands-on"):
        assert word in out


def test_options_stand_in_for_what_the_file_says(file: str) -> None:
    found = document("compare", file, "--replications", "2", "--seed", "9", "--horizon", "40", "--warmup", "5")
    assert [found[key] for key in ("replications", "seed", "horizon", "warmup")] == [2, 9, 40, 5]


def test_an_automatic_warmup_is_resolved_once_for_all_variants(file: str) -> None:
    assert 0 <= document("compare", file, "--warmup", "auto")["warmup"] <= 30


def test_set_puts_a_value_anywhere_in_the_scenario(file: str) -> None:
    slow = document("run", file, "--set", "steps.make.work=exponential(3)", "--set", "teams.makers.people=9")
    quick = document("run", file)
    assert slow["variants"]["baseline"]["load"]["makers"] < quick["variants"]["baseline"]["load"]["makers"]
    assert mean(slow, "time.hands_on") > mean(quick, "time.hands_on")


def mean(found: dict, metric: str) -> float:  # type: ignore[type-arg]
    value: float = found["variants"]["baseline"]["metrics"][metric]["mean"]
    return value


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(file: str) -> None:
    first, second, other = (vssim("compare", file, "--json", "--seed", seed).out for seed in ("1", "1", "2"))
    assert first == second
    assert first != other


def test_the_number_of_jobs_changes_nothing(file: str, tmp_path: Path) -> None:
    arguments = ("compare", file, "--json", "--horizon", "2000", "--replications", "8")
    assert process(*arguments, "--jobs", "2", folder=tmp_path).out == vssim(*arguments, "--jobs", "1").out


def test_json_is_all_that_is_printed(file: str) -> None:
    answer = vssim("compare", file, "--json")
    assert answer.out.startswith("{\n")
    assert answer.out.endswith("}\n")


def test_the_result_is_written_in_the_format_of_the_ending(file: str, tmp_path: Path) -> None:
    for ending in ("json", "csv", "parquet"):
        answer = vssim("compare", file, "-o", str(tmp_path / f"out.{ending}"))
        assert answer.code == 0
        assert "wrote" in answer.err
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == document("compare", file)
    table = polars.read_csv(tmp_path / "out.csv")
    assert table.columns == polars.read_parquet(tmp_path / "out.parquet").columns
    assert table["variant"].unique(maintain_order=True).to_list() == ["baseline", "no walls", "fewer at once", "later"]


@pytest.mark.parametrize("ending", ["txt", "yaml", ""])
def test_an_unknown_ending_is_refused_before_the_work(file: str, tmp_path: Path, ending: str) -> None:
    answer = vssim("compare", file, "-o", str(tmp_path / f"out.{ending}"))
    assert answer.code == 2
    assert ".json, .csv, .parquet" in answer.err
    assert answer.out == ""


def test_precision_adds_replications_until_the_interval_is_narrow(file: str) -> None:
    found = document("compare", file, "--only", "no walls", "--precision", "8%", "--replications", "3", "--most", "100")
    ratio = found["differences"]["no walls"]["lead_time.p85"]["ratio"]
    assert 3 < found["replications"] < 100
    assert (ratio["high"] - ratio["low"]) / 2 <= 0.08


def test_precision_that_is_out_of_reach_stops_at_most_and_says_so(file: str) -> None:
    answer = vssim("compare", file, "--precision", "0.1%", "--replications", "2", "--most", "5", "--json")
    assert json.loads(answer.out)["replications"] == 5
    assert "after 5 replications" in answer.err


def test_quiet_leaves_out_warnings(file: str) -> None:
    loud = vssim("compare", file, "--set", "demand.feature.every=0.5", "--json")
    quiet = vssim("compare", file, "--set", "demand.feature.every=0.5", "--json", "--quiet")
    assert "overload" in loud.err
    assert quiet.err == ""
    assert quiet.out == loud.out


def test_quiet_silences_what_is_logged_as_well_and_only_then(file: str) -> None:
    engines = logging.getLogger("vssim.engines")
    vssim("run", file, "--quiet")
    assert not engines.isEnabledFor(logging.WARNING)
    vssim("run", file)
    assert engines.isEnabledFor(logging.WARNING)


@pytest.mark.slow
@pytest.mark.parametrize(("options", "lines"), [((), 1), (("--quiet",), 0)])
def test_a_kernel_that_has_to_be_compiled_is_one_line_unless_quiet(options: tuple[str, ...], lines: int, tmp_path: Path) -> None:
    arguments = ("run", small(tmp_path), "--engine", "compiled", *options)
    nowhere = {"PYTHONPATH": str(without_a_kernel(tmp_path)), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    answer = process(*arguments, folder=tmp_path, **nowhere)
    assert answer.code == 0
    assert sum("compiling" in line for line in answer.err.splitlines()) == lines


def test_overload_names_the_binding_team_and_the_number(file: str) -> None:
    answer = vssim("run", file, "--set", "demand.feature.every=0.8")
    told = " ".join(answer.out.split())
    assert "overload: makers: load 125 %" in told or "overload: checkers: load 125 %" in told


def test_work_that_grows_and_is_left_unfinished_is_reported_with_numbers(file: str) -> None:
    told = " ".join(vssim("run", file, "--set", "demand.feature.every=0.5").out.split())
    assert "growing: unfinished items grow by" in told
    assert "items at the end against" in told


def test_an_included_changes_own_date_does_not_carry_over_and_is_told(tmp_path: Path) -> None:
    text = Path(small(tmp_path)).read_text(encoding="utf-8") + "  again: {includes: later, levers: [finish_first]}\n"
    assert "warning: again:" in vssim("compare", small(tmp_path, text), "--json").err


RIGHT_OR_NOT = """
run: {horizon: 60, replications: 2}
demand: {feature: {every: exponential(2), value: 3, cost_of_delay: 1, due: 9, outcome: {right: 60%, after: 3, work: 50%}}}
steps: {make: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}}
changes: {talk: [{talk_to_customers: {share: 60%}}]}
"""
OUTCOMES = ("outcomes a day", "time to outcome", "value a day", "cost of delay a day", "on time")


def test_outcomes_stand_beside_output_where_the_scenario_has_them(tmp_path: Path) -> None:
    out = vssim("compare", small(tmp_path, RIGHT_OR_NOT), "--jobs", "1").out
    assert [name for name in OUTCOMES if name not in out] == []
    assert out.index("throughput a day") < out.index("outcomes a day")


def test_nothing_is_said_of_outcomes_where_there_are_none(tmp_path: Path) -> None:
    out = vssim("compare", small(tmp_path), "--only", "no walls", "--jobs", "1").out
    assert [name for name in (*OUTCOMES, "failure demand") if name in out] == []


def test_a_change_with_a_date_shows_its_break_even(tmp_path: Path) -> None:
    out = " ".join(vssim("compare", small(tmp_path), "--jobs", "1").out.split())
    assert out.count("delivered items since day 30 against the baseline") == 1
    assert "at the end: " in out
