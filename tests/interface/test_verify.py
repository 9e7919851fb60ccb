"""`vssim verify`: two engines, one answer, and what is said when there are two."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.interface.commands import SMALL, small, vssim
from vssim import loads
from vssim.analysis.claims import verify
from vssim.engines.agreement import Difference
from vssim.views.schema import schema

SCENARIO = loads(SMALL)

VARIANTS = 1 + len(SCENARIO.changes)

RUNS = SCENARIO.run.replications * VARIANTS
"""Every replication of the organisation as it is, and of each change."""


def test_it_says_how_many_rows_agree(tmp_path: Path) -> None:
    answer = vssim("verify", small(tmp_path))
    assert answer.code == 0
    assert re.search(rf"small.yaml: [\d,]{{4,}} rows of {RUNS} runs agree", answer.out)


def test_it_plays_all_replications_of_the_file_of_every_variant_or_as_many_as_it_is_told(tmp_path: Path) -> None:
    told = [json.loads(vssim("verify", small(tmp_path), *more, "--json").out) for more in ((), ("--replications", "3"))]
    own, fewer = (document["verified"][0] for document in told)
    assert own["runs"] == RUNS
    assert fewer["runs"] == 3 * VARIANTS
    assert own["rows"] > fewer["rows"] > 100


def test_many_replications_are_bounded_and_what_was_left_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "first_difference", lambda program: None)
    many = small(tmp_path, re.sub(r"replications: *\d+", "replications: 200", SMALL))
    answer = vssim("verify", many)
    assert f"rows of {40 * VARIANTS} runs agree (40 of 200 replications; --replications 200 plays all)" in answer.out
    whole = json.loads(vssim("verify", many, "--replications", "200", "--json").out)["verified"][0]
    assert whole["runs"] == 200 * VARIANTS
    assert "not_played" not in whole


def test_a_folder_stands_for_its_scenarios(tmp_path: Path) -> None:
    small(tmp_path)
    assert "small.yaml" in vssim("verify", str(tmp_path)).out


def test_a_difference_is_shown_and_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Difference(item=3, visit=1, column="started", values=(5, 6), engines=("reference", "compiled"))
    monkeypatch.setattr(verify, "first_difference", lambda program: found)
    answer = vssim("verify", small(tmp_path))
    assert answer.code == 1
    assert "as it is, replication 0: item 3, visit 1, started: reference 5, compiled 6" in answer.out


def test_programs_are_told_the_same_by_a_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.yaml").write_text("steps: {}", encoding="utf-8")
    small(tmp_path)
    found = Difference(item=3, visit=None, column="item_left", values=(5, 6), engines=("reference", "compiled"))
    monkeypatch.setattr(verify, "first_difference", lambda program: found)
    answer = vssim("verify", str(tmp_path), "silos", "--replications", "1", "--json")
    document = json.loads(answer.out)
    jsonschema.validate(document, schema())
    bad, differs, library = document["verified"]
    assert answer.code == 2
    assert bad["outcome"] == "refused"
    assert any("demand" in fault for fault in bad["faults"])
    assert differs["outcome"] == library["outcome"] == "differ"
    assert differs["difference"] == {
        "variant": "baseline",
        "replication": 0,
        "item": 3,
        "column": "item_left",
        "values": {"reference": 5, "compiled": 6},
    }


def test_a_scenario_that_cannot_be_read_does_not_keep_the_others_from_being_verified(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("steps: {}", encoding="utf-8")
    small(tmp_path)
    answer = vssim("verify", str(tmp_path))
    assert answer.code == 2
    assert "bad.yaml" in answer.out
    assert f"rows of {RUNS} runs agree" in answer.out
