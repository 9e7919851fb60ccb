"""A number that is too large, one with a leading zero, a key that is no text, a link to nowhere: each is told for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import vssim
from tests.interface.commands import vssim as command
from vssim import scenario as scenarios
from vssim.errors import Fault, ScenarioError

PLAIN = """\
run: {horizon: 20, warmup: 0, replications: 2, seed: 1}
demand:
  task: {at: [0, 0, 6]}
steps:
  dev: {work: 5}
teams:
  devs: {people: 1, does: dev}
changes:
  limit: [{limit_wip: {stream: 3}}]
"""


def faults_of(old: str, new: str) -> list[Fault]:
    """What is wrong with the scenario once a piece of it is replaced."""
    assert old in PLAIN
    with pytest.raises(ScenarioError) as caught:
        scenarios.loads(PLAIN.replace(old, new), name="s.yaml")
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "path", "value", "most"),
    [
        ("seed: 1", "seed: 18446744073709551616", "run.seed", "'18446744073709551616'", "9,223,372,036,854,775,807"),
        ("horizon: 20", "horizon: 1e13", "run.horizon", "10000000000000", "1,000,000,000"),
        ("warmup: 0", "warmup: 1e13", "run.warmup", "10000000000000", "1,000,000,000"),
        ("replications: 2", "replications: 1e12", "run.replications", "1000000000000", "1,000,000,000"),
        ("people: 1", "people: 1e9", "teams.devs.people", "1000000000", "1,000,000"),
        ("people: 1", "people: {0: 1, 5: 1e9}", "teams.devs.people", "1000000000", "1,000,000"),
        ("stream: 3", "stream: 1e10", "changes.limit.levers.0.limit_wip.stream", "10000000000", "1,000,000,000"),
        ("work: 5}", "work: 5, wip_limit: 1e10}", "steps.dev.wip_limit", "10000000000", "1,000,000,000"),
        ("does: dev", "does: dev, drift: {cv: 10%, over: 1e10}", "teams.devs.drift.over", "10000000000", "1,000,000,000"),
        ("run:", "promise: 1e10\nrun:", "promise", "10000000000", "1,000,000,000"),
    ],
)
def test_a_number_that_is_too_large_is_called_that_with_the_most_that_it_may_be(
    old: str, new: str, path: str, value: str, most: str
) -> None:
    (fault,) = faults_of(old, new)
    assert (fault.path, fault.value, fault.expected) == (path, value, f"at most {most}; it is too large")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("--seed", str(2**64)), f"seed: got {2**64}, expected at most 9,223,372,036,854,775,807; it is too large"),
        (("--horizon", "1e13"), "horizon: got 10000000000000.0, expected at most 1,000,000,000; it is too large"),
        (("--replications", "1000000000000"), "replications: got 1000000000000, expected at most 1,000,000,000; it is too large"),
    ],
)
def test_so_is_one_of_the_command_line(settings: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(PLAIN, encoding="utf-8")
    result = command("run", str(tmp_path / "s.yaml"), *settings)
    assert (result.code, result.err.strip()) == (2, said)


def test_a_key_that_is_no_text_is_named_as_it_stands_there() -> None:
    fault, *others = faults_of("  dev: {work: 5}", "  true: {work: 5}")
    assert (fault.line, fault.path, fault.value, fault.expected) == (
        5,
        "steps.true",
        "true",
        "a text as the key; put it in quotes",
    )
    assert [other.path for other in others] == ["teams.devs.does"]
    (fault,) = faults_of("seed: 1", "true: 1")
    assert (fault.path, fault.value) == ("run.true", "true")


@pytest.mark.parametrize("skill", ["1", "true", "2.5"])
def test_what_is_theirs_to_do_is_named_or_each_with_a_proficiency(skill: str) -> None:
    (fault,) = faults_of("does: dev", f"does: {skill}")
    assert (fault.path, fault.value) == ("teams.devs.does", skill)
    assert fault.expected.startswith("a step or skill, a list of them, or each with its proficiency")


def test_a_leading_zero_is_not_guessed_at() -> None:
    (fault,) = faults_of("people: 1", "people: 010")
    assert (fault.line, fault.column, fault.path, fault.value) == (7, 18, "teams.devs.people", "010")
    assert fault.expected.startswith("a number without a leading zero")
    (key,) = faults_of("  limit:", "  010:")
    assert (key.path, key.value) == ("changes.010", "010")


def test_a_leading_zero_in_a_text_a_date_or_a_fraction_is_fine() -> None:
    text = PLAIN.replace("limit:", '"010":').replace("run:", "start: 2026-01-05\nrun:").replace("work: 5", "work: 0.5")
    assert list(scenarios.loads(text).changes) == ["010"]


def test_a_link_that_leads_to_itself_is_told_as_that(tmp_path: Path) -> None:
    here, there = tmp_path / "here.yaml", tmp_path / "there.yaml"
    here.symlink_to(there)
    there.symlink_to(here)
    with pytest.raises(vssim.VssimError, match=r"got a link to .*there\.yaml, expected a link that leads to a file"):
        vssim.load(here)


@pytest.mark.parametrize("option", [("-o", "x.json"), ("--figure", "changes=x.png")])
def test_nothing_is_written_where_a_link_leads_to_itself(option: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(PLAIN, encoding="utf-8")
    ending = Path(option[1]).suffix
    place, other = tmp_path / f"x{ending}", tmp_path / f"y{ending}"
    place.symlink_to(other)
    other.symlink_to(place)
    said = option[1].replace("x.", f"{tmp_path}/x.")
    result = command("compare", str(tmp_path / "s.yaml"), option[0], said)
    assert result.code == 2
    assert "cannot be written" in result.err
    assert "Traceback" not in result.err
