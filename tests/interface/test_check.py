"""`vssim check`: what it prints of claims, how it ends, and its document."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import polars
import pytest

from tests.interface.commands import Answer, vssim
from vssim import loads
from vssim.analysis.claims.check import Finding, Proof
from vssim.statistics import Estimate
from vssim.views.terminal.claims import figures

STREAM = """
name: Two steps
run: {horizon: 60, replications: 2}
demand: {feature: {every: 4}}
steps: {make: {work: 2}, check: {work: 1}}
teams: {makers: {people: 1, does: make}, checkers: {people: 1, does: check}}
handoffs: {delay: 1}
changes:
  no delay: [{set: {handoffs.delay: 0}}]
"""
HOLDS = "{change: no delay, metric: lead_time.p85, at_most: 80%}"
FAILS = "{change: no delay, metric: flow_efficiency, at_least: 150%}"
UNDECIDED = "{change: no delay, metric: on_time, at_least: 90%}"


def check(folder: Path, *claims: str, options: tuple[str, ...] = ()) -> Answer:
    file = folder / "stream.yaml"
    file.write_text(f"{STREAM}\nclaims: [{', '.join(claims)}]", encoding="utf-8")
    return vssim("check", str(file), "--jobs", "1", "--most", "4", *options)


@pytest.mark.parametrize(
    ("claims", "code", "last"),
    [
        ([HOLDS], 0, "ok"),
        ([HOLDS, FAILS], 1, "1 of 2 claims failed"),
        ([HOLDS, UNDECIDED], 1, "1 of 2 claims undecided"),
        ([FAILS, UNDECIDED], 1, "1 of 2 claims failed, 1 of 2 claims undecided"),
        ([], 0, "ok"),
    ],
)
def test_it_ends_with_0_only_when_all_claims_hold(tmp_path: Path, claims: list[str], code: int, last: str) -> None:
    answer = check(tmp_path, *claims)
    assert answer.code == code
    assert answer.out.splitlines()[-1] == f"{tmp_path / 'stream.yaml'}: {last}"


def test_it_says_of_every_claim_what_was_claimed_and_what_was_found(tmp_path: Path) -> None:
    out = " ".join(check(tmp_path, HOLDS, FAILS, UNDECIDED).out.split())
    assert "held no delay: lead_time.p85 at most 80 % of baseline 75 %; 4 → 3 days" in out
    assert "failed no delay: flow_efficiency at least 150 % of baseline" in out
    assert "undecided no delay: on_time at least 90 % of baseline nothing to measure; – → –; 4 replications" in out


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (130.29, 112.61, "86 %; 130.3 → 112.6 days; 20 replications"),  # 113 of 130 are 87 %
        (130.0, 65.0, "50 %; 130 → 65 days; 20 replications"),
        (0.0, 3.0, "0 → 3 days; 20 replications"),
    ],
)
def test_a_share_that_decides_is_found_in_the_figures_beside_it_with_a_calculator(before: float, after: float, said: str) -> None:
    scenario = loads(f"{STREAM}\nclaims: [{HOLDS}]")
    (claim,) = scenario.claims
    ratio = Estimate(after / before if before else None, None, None, 20)
    proof = Proof("at_most", claim.bounds["at_most"], "ratio", ratio, ())
    sides = [Estimate(side, None, None, 20) for side in (before, after)]
    assert figures(Finding(claim, 0, 20, sides[0], sides[1], (proof,)), scenario).endswith(said)


def test_of_what_is_not_known_it_says_that_claims_are_of_the_average_over_worlds(tmp_path: Path) -> None:
    said = "Claims are of the average over all worlds"
    assert said not in check(tmp_path, HOLDS).out
    file = tmp_path / "stream.yaml"
    unknown = STREAM.replace("delay: 1}", "delay: between(1, 2)}").replace("replications: 2", "replications: 100")
    file.write_text(f"{unknown}\nclaims: [{HOLDS}]", encoding="utf-8")
    assert said in " ".join(vssim("check", str(file), "--jobs", "1").out.split())


NEUTRAL = """
name: Misspelt
run: {horizon: 100, replications: 2}
demand: {feature: {every: 4}}
steps: {make: {work: 8}}
teams: {makers: {people: 1, does: make}}
changes:
  a: [{set: {steps.mak.work: 3}}]
  b: [{limit_wip: {steps: {mak: 2}}}]
  c: [limit_wip]
  d: {levers: [stop_multitasking, {set: {steps.make.work: 1}}], from: 500}
  e: {includes: c}
"""


def test_it_warns_of_every_change_as_compare_does_and_says_ok_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "misspelt.yaml"
    file.write_text(NEUTRAL, encoding="utf-8")
    answer = vssim("check", str(file))
    assert (answer.code, answer.out) == (0, f"{file}: ok\n")
    warned = [line.removeprefix(f"warning: {file}: ") for line in answer.err.splitlines()]
    assert any(line.startswith("baseline: overload: makers: load 200 %") for line in warned)
    assert any(line.startswith("a: set: steps.mak.work is not there") for line in warned)
    assert "b: limit_wip: there is no step 'mak' (did you mean 'make'?)" in warned
    assert "c: limit_wip changes nothing in this model" in warned
    assert "d: comes into force at 500, after the end of the run at 100" in warned
    assert "e: c: limit_wip changes nothing in this model" in warned
    compared = vssim("compare", str(file), "--jobs", "1", "--json").err.splitlines()
    assert {f"warning: {line}" for line in warned} <= set(compared)


def test_of_a_workshop_it_says_how_many_rounds_it_has(tmp_path: Path) -> None:
    file = tmp_path / "workshop.yaml"
    rounds = ["{change: no delay, question: Longer?}", "{scenario: silos, change: both, question: And here?}"]
    file.write_text(f"{STREAM}\nclaims: [{HOLDS}]\nrounds: [{', '.join(rounds)}]", encoding="utf-8")
    quick = ("--jobs", "1", "--most", "2")
    answer = vssim("check", str(file), *quick)
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == f"{file}: ok, 2 rounds to play"
    document = json.loads(vssim("check", str(file), "--json", *quick).out)
    assert document["checked"][0]["rounds"] == 2
    jsonschema.validate(document, json.loads(vssim("schema", "result").out))


def test_a_round_that_cannot_be_played_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "workshop.yaml"
    file.write_text(f"{STREAM}\nrounds: [{{scenario: silos, change: bth, question: So?}}]", encoding="utf-8")
    answer = vssim("check", str(file))
    assert answer.code == 2
    assert "rounds.0.change: got 'bth', expected a change of silos" in answer.out
    assert "did you mean 'both'?" in answer.out


def test_a_file_that_cannot_be_read_weighs_more_than_a_claim_that_fails(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("demand: 3", encoding="utf-8")
    check(tmp_path, FAILS)
    answer = vssim("check", str(tmp_path), "--jobs", "1")
    assert answer.code == 2
    assert "1 of 1 claims failed" in answer.out


def test_settings_of_the_command_count_instead_of_the_files(tmp_path: Path) -> None:
    answer = check(tmp_path, FAILS, options=("--set", "claims.0.at_least=0.5", "--replications", "3", "--horizon", "50"))
    assert answer.code == 0
    assert "3 replications" in " ".join(answer.out.split())


def test_the_document_is_valid_by_its_schema_and_says_it_all(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("demand: 3", encoding="utf-8")
    check(tmp_path, HOLDS, FAILS, UNDECIDED)
    short = ("--most", "2", "--replications", "1", "--horizon", "160", "--jobs", "1")
    answer = vssim("check", str(tmp_path), "silos", "--json", "--quiet", *short)
    assert answer.code == 2
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads(vssim("schema", "result").out))
    broken, stream, silos = document["checked"]
    assert (broken["outcome"], stream["outcome"]) == ("refused", "failed")
    assert any("demand: got 3" in fault for fault in broken["faults"])
    assert [claim["state"] for claim in stream["claims"]] == ["held", "failed", "undecided"]
    assert stream["claims"][0]["bounds"][0]["found"]["mean"] == pytest.approx(0.75)
    assert silos["scenario"] == "Dissolve the silos"


@pytest.mark.parametrize("ending", ["json", "csv", "parquet"])
def test_it_writes_files_too(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"found.{ending}"
    assert check(tmp_path, HOLDS, UNDECIDED, options=("-o", str(file), "--quiet")).code == 1
    if ending == "json":
        assert json.loads(file.read_text(encoding="utf-8"))["checked"][0]["outcome"] == "undecided"
    else:
        table = polars.read_csv(file) if ending == "csv" else polars.read_parquet(file)
        assert table["state"].to_list() == ["held", "undecided"]
