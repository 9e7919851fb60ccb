"""The JSON document: as promised, and as its schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.interface.commands import small, vssim

PROMISED = {
    *(f"{name}.{part}" for name in ("lead_time", "cycle_time", "time_to_outcome") for part in ("mean", "p50", "p70", "p85", "p95")),
    *("throughput", "outcomes", "value", "on_time", "wip", "backlog", "age.p50", "age.p85", "unfinished", "cost_of_delay"),
    *("defects", "failure_demand", "stopped", "returns", "handoffs", "flow_efficiency", "value_efficiency"),
    *("utilisation.makers", "steps.make.queueing", "steps.check.wip", "lead_time.p85@feature"),
    *(f"time.{cause}" for cause in ("parts", "backlog", "transit", "queueing", "hands_on", "open_waiting", "helper")),
    *("time.outside", "time.gate", "time.no_room"),
}
"""Metric names that scripts rely on."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(vssim("compare", small(tmp_path_factory.mktemp("result")), "--json").out)
    return found


def test_the_document_is_valid_by_its_schema(document: dict[str, Any]) -> None:
    schema = json.loads(vssim("schema", "result").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)


def test_the_document_of_run_is_valid_too(tmp_path: Path) -> None:
    schema = json.loads(vssim("schema", "result").out)
    for more in ((), ("--change", "later"), ("--replications", "1"), ("--horizon", "10.5")):
        jsonschema.validate(json.loads(vssim("run", small(tmp_path), "--json", *more).out), schema)


def test_it_says_what_was_run(document: dict[str, Any]) -> None:
    head = {key: value for key, value in document.items() if key not in ("variants", "differences", "vssim", "family")}
    assert head == {
        "scenario": "Small",
        "unit": "day",
        "headline": "lead_time.p85",
        "seed": 3,
        "replications": 6,
        "horizon": 60,
        "warmup": 10,
    }


def test_the_baseline_and_every_change_are_variants_with_metrics_load_and_warnings(document: dict[str, Any]) -> None:
    assert list(document["variants"]) == ["baseline", "no walls", "fewer at once", "later"]
    for variant in document["variants"].values():
        assert {"metrics", "load", "warnings"} <= set(variant)
        assert set(variant["metrics"]["lead_time.mean"]) - {"skewed"} == {"mean", "low", "high", "n"}


def test_every_promised_metric_is_there(document: dict[str, Any]) -> None:
    for variant in document["variants"].values():
        assert set(variant["metrics"]) >= PROMISED - {"utilisation.makers"}
    assert set(document["variants"]["baseline"]["metrics"]) >= PROMISED


def test_a_difference_has_its_ratio_its_count_and_its_verdict(document: dict[str, Any]) -> None:
    one = document["differences"]["no walls"]["lead_time.p85"]
    assert set(one) == {"difference", "ratio", "better_in", "verdict", "variance_ratio"}
    assert set(one["ratio"]) == set(one["difference"]) == {"mean", "low", "high"}
    assert one["verdict"] == "better"


def test_where_a_scenario_was_learned_the_document_says_whether_it_plays_its_own_past(tmp_path: Path) -> None:
    file = small(tmp_path)
    text = Path(file).read_text(encoding="utf-8")
    assert "baseline_check" not in vssim("run", file, "--replications", "2", "--json").out
    learned = "learned: {records: [a.csv], first: 2026-01-05, until: 2026-03-27, verdict: roughly}\n"
    Path(file).write_text(text + learned, encoding="utf-8")
    schema = json.loads(vssim("schema", "result").out)
    store = ("--store", str(tmp_path / "kept.sqlite"))
    for command in (("compare", file), ("sweep", file, "--over", "wip_limit=4,8", *store)):
        told = json.loads(vssim(*command, "--replications", "5", "--json").out)
        assert told["baseline_check"] == "roughly", command
        jsonschema.validate(told, schema)


def test_without_an_interval_a_metric_says_why(tmp_path: Path) -> None:
    found = json.loads(
        vssim(
            "sweep",
            small(tmp_path),
            "--over",
            "wip_limit=4",
            "--replications",
            "2",
            "--store",
            str(tmp_path / "x.sqlite"),
            "--json",
        ).out
    )
    (setting,) = found["settings"]
    assert setting["metrics"]["lead_time.p85"]["reason"] == "a percentile has no interval with fewer than 5 runs"
    assert "reason" not in setting["metrics"]["throughput"]
    whole = json.loads(vssim("run", small(tmp_path), "--replications", "2", "--json").out)["variants"]["baseline"]
    assert "reason" not in whole["metrics"]["lead_time.p85"]
    assert whole["undefined"]["lead_time.p85"] == setting["metrics"]["lead_time.p85"]["reason"]


def test_a_metric_without_a_good_direction_has_no_verdict(document: dict[str, Any]) -> None:
    one = document["differences"]["no walls"]["handoffs"]
    assert one["verdict"] is None
    assert one["better_in"] is None


def test_what_is_undefined_is_null(tmp_path: Path) -> None:
    found = json.loads(vssim("run", small(tmp_path), "--replications", "1", "--json").out)
    metrics = found["variants"]["baseline"]["metrics"]
    assert metrics["lead_time.mean"]["low"] is None
    assert metrics["value"] == {"mean": None, "low": None, "high": None, "n": 0} or metrics["value"]["mean"] == 0
    assert metrics["on_time"]["mean"] is None


def test_the_causes_add_up_to_the_lead_time(document: dict[str, Any]) -> None:
    for variant in document["variants"].values():
        metrics = variant["metrics"]
        causes = sum(one["mean"] for name, one in metrics.items() if name.startswith("time.") and "@" not in name)
        assert causes == pytest.approx(metrics["lead_time.mean"]["mean"], rel=1e-12)


def test_a_change_with_a_date_says_from_when_on_its_differences_are_measured(document: dict[str, Any]) -> None:
    assert document["variants"]["later"]["since"] == 30
    assert "since" not in document["variants"]["baseline"]


def test_differences_of_a_change_with_a_date_leave_out_the_time_before_it(document: dict[str, Any]) -> None:
    late, early = document["differences"]["later"]["lead_time.mean"], document["variants"]
    whole = early["later"]["metrics"]["lead_time.mean"]["mean"] - early["baseline"]["metrics"]["lead_time.mean"]["mean"]
    assert late["difference"]["mean"] != pytest.approx(whole)
    assert late["difference"]["mean"] < whole


def test_the_schema_of_scenarios_is_one_too() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(vssim("schema").out))
    assert vssim("schema").out == vssim("schema", "scenario").out
