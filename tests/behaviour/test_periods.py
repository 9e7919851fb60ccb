"""`--by PERIOD`: the measured time in pieces, each with every metric; what is counted in them adds up to the whole."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import jsonschema
import pytest

import vssim
from tests.interface.commands import vssim as command
from vssim.errors import UsageError
from vssim.log import Log
from vssim.metrics import measure
from vssim.metrics.facts import Facts
from vssim.metrics.window import Window
from vssim.play.periods import periods

STREAM = """
run: {horizon: 130, warmup: 20, replications: 8, seed: 4}
demand: {task: {every: exponential(1.5)}}
steps: {make: {work: exponential(1)}, release: {work: 0, gate: {every: 13}}}
teams: {makers: {people: 1, does: [make, release]}}
changes: {two people: [{set: {teams.makers.people: 2}}], later: {levers: [{set: {teams.makers.people: 2}}], from: 60}}
"""
DATED = "start: 2026-01-28\n" + STREAM


def cut(comparison: vssim.Comparison) -> list[tuple[float, float]]:
    return [(period.start, period.end) for period in comparison.periods]


def test_periods_of_a_length_begin_with_the_measured_time_and_end_with_the_run() -> None:
    scenario = vssim.loads(STREAM)
    assert periods(scenario, 40) == ((20, 60), (60, 100), (100, 130))
    assert periods(scenario, "55") == ((20, 75), (75, 130))
    assert periods(scenario, 1000) == ((20, 130),)


@pytest.mark.parametrize(
    ("by", "firsts"),
    [
        ("week", ["2026-03-02", "2026-03-09"]),
        ("month", ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"]),
        ("quarter", ["2026-04-01", "2026-07-01"]),
        ("year", []),
    ],
)
def test_those_of_the_calendar_begin_on_the_first_day_of_a_month_quarter_week_or_year(by: str, firsts: list[str]) -> None:
    scenario = vssim.loads(DATED)
    calendar = scenario.dates
    assert calendar is not None
    edges = [begin for begin, _ in periods(scenario, by)[1:]]
    told = [calendar.day_of(edge).isoformat() for edge in edges]
    worked = [calendar.day_of(calendar.number(type(calendar.start).fromisoformat(first))).isoformat() for first in firsts]
    assert told[: len(worked)] == worked
    assert (len(told) > 15) if by == "week" else len(told) == len(worked)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("quater", "by: got 'quater', expected a number of days above 0, or week, month, quarter, year (did you mean 'quarter'?)"),
        ("quarter", "by: got 'quarter', expected a number of days: a quarter needs a scenario with a start"),
        (0, "by: got 0, expected a number of days above 0, or week, month, quarter, year"),
        ("-3", "by: got '-3', expected a number of days above 0, or week, month, quarter, year"),
        ("nan", "by: got 'nan', expected a number of days above 0, or week, month, quarter, year"),
        (0.01, "by: got 0.01, expected longer periods: at most 500 of them"),
    ],
)
def test_what_is_no_period_is_refused_with_what_would_be(by: float | str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        periods(vssim.loads(STREAM), by)
    assert str(caught.value) == said


def pieces(log: Log, edges: list[float]) -> list[dict[str, float | None]]:
    facts = Facts(log)
    spans = itertools.pairwise(edges)
    return [measure.over(facts, Window.of(log, begin, until=end), (5.0,)) for begin, end in spans]


@pytest.mark.parametrize("change", [None, "two people", "later"])
def test_what_is_counted_by_period_adds_up_to_the_whole(change: str | None) -> None:
    run = vssim.simulate(vssim.loads(STREAM.replace("warmup: 20", "warmup: 0")), change)
    edges = [0.0, 33.5, 70.0, 77.0, 130.0]
    whole, parts = run.metrics(), pieces(run.log, edges)
    lengths = [end - begin for begin, end in itertools.pairwise(edges)]
    assert sum(part["delivered"] or 0 for part in parts) == whole["delivered"]
    assert parts[-1]["unfinished"] == whole["unfinished"]
    for metric in ("wip", "steps.make.wip", "throughput"):
        average = sum((part[metric] or 0) * length for part, length in zip(parts, lengths, strict=True)) / 130
        assert average == pytest.approx(whole[metric])
    spent = sum((part["lead_time.mean"] or 0) * (part["delivered"] or 0) for part in parts)
    assert spent / (whole["delivered"] or 1) == pytest.approx(whole["lead_time.mean"])


def test_what_is_unfinished_at_the_end_of_a_period_has_arrived_and_not_left_by_then() -> None:
    run = vssim.simulate(vssim.loads(STREAM.replace("warmup: 20", "warmup: 0")), None)
    so_far = 0.0
    for end, part in zip((33.5, 70.0, 77.0), pieces(run.log, [0.0, 33.5, 70.0, 77.0]), strict=True):
        so_far += part["delivered"] or 0
        arrived = int((run.log.items.arrived <= end * 1_000_000).sum() - (run.log.items.arrived < 0).sum())
        assert part["unfinished"] == arrived - so_far


def test_the_last_period_of_a_run_is_measured_as_the_whole_run_is_to_its_end() -> None:
    scenario = vssim.loads(STREAM)
    by = vssim.compare(scenario, by=1000, jobs=1)
    (period,) = by.periods
    for name, variant in by.variants.items():
        for metric in ("lead_time.p85", "wip", "unfinished", "age.p85", "unfinished.usual", "utilisation.makers"):
            assert period.variants[name][metric] == variant[metric]


def test_a_period_after_the_last_departure_has_nothing_to_measure() -> None:
    finite = vssim.loads(STREAM.replace("every: exponential(1.5)", "backlog: 10").replace("warmup: 20", "warmup: 0"))
    comparison = vssim.compare(finite, by=65, jobs=1)
    first, second = (period.variants["baseline"] for period in comparison.periods)
    assert first["delivered"].mean == 10
    assert (second["throughput"].mean, second["lead_time.p85"].mean) == (None, None)
    assert "last_done" not in first


def test_the_document_has_every_metric_of_every_variant_by_period(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(STREAM, encoding="utf-8")
    document = json.loads(command("compare", str(file), "--by", "40", "--json", "--quiet", "--jobs", "1").out)
    jsonschema.validate(document, json.loads(command("schema", "result").out))
    assert [(period["from"], period["to"]) for period in document["periods"]] == [(20, 60), (60, 100), (100, 130)]
    for period in document["periods"]:
        assert list(period["variants"]) == list(document["variants"])
        for name, variant in period["variants"].items():
            usual = {"unfinished.usual", "unfinished.usual@task"}  # where a gate opens at the end of a period
            assert set(variant["metrics"]) - usual == set(document["variants"][name]["metrics"]) - usual
    assert "periods" not in json.loads(command("compare", str(file), "--json", "--quiet", "--jobs", "1").out)


def test_the_terminal_tells_the_headline_by_period_in_dates_where_there_are_some(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(STREAM, encoding="utf-8")
    told = command("compare", str(file), "--by", "40", "--metric", "throughput", "--jobs", "1").out
    assert "throughput a day, by period" in told
    assert "day 60 … 100" in told
    file.write_text(DATED, encoding="utf-8")
    alone = command("run", str(file), "--by", "quarter", "--jobs", "1").out
    assert "2026-02-25 …" in alone
    assert "items in progress" in alone


def test_growth_is_measured_after_the_last_change_in_force_never_across_one() -> None:
    text = """
run: {horizon: 200, warmup: 0, replications: 3}
demand: {task: {every: 1}}
steps: {make: {work: 2}}
teams: {makers: {people: 1, does: make}}
changes: {enough people: {levers: [{set: {teams.makers.people: 9}}], from: 100}}
"""
    comparison = vssim.compare(vssim.loads(text), jobs=1)
    assert comparison.variants["baseline"]["growth"].mean == pytest.approx(0.5, abs=0.02)
    after = comparison.variants["enough people"]["growth"].mean
    # from day 100 on 50 left-over items are worked off by nine people in about two weeks; before, half an item a day piled up
    assert after is not None
    assert after < 0
    assert not any(text.startswith("growing") for text in comparison.variants["enough people"].warnings)
