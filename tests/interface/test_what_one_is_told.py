"""What one is told beside a figure: warnings once and with their variant, true shares, units of the headline, a % of a share."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import vssim as door
from tests.interface.commands import vssim
from vssim.analysis.claims.check import check
from vssim.views import labels, rows, words
from vssim.views.report.forest import forest
from vssim.views.report.verdicts import verdicts
from vssim.views.terminal import comparisons

LATE = """
run: {horizon: 20, warmup: 0, replications: 6}
demand: {task: {at: [0, 0, 0, 0, 0, 0]}}
steps: {make: {work: 5}}
teams: {makers: {people: 1, does: make}}
changes: {two people: [{set: {teams.makers.people: 2}}]}
"""
"""Six times five days of work for one person in twenty days: two are left over, and two people leave none."""

RELEASES = """
run: {horizon: 205, warmup: 5, replications: 6}
demand: {task: {every: exponential(2)}}
steps: {make: {work: 0.1}, release: {work: 0, gate: {every: 20}}}
teams: {makers: {people: 1, does: [make, release]}}
changes: {more often: [{set: {steps.release.gate.every: 1}}]}
"""

SCATTERED = """
run: {horizon: 205, warmup: 5, replications: 6}
demand: {task: {every: exponential(2)}}
steps: {make: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}}
changes: {quicker: [{set: {steps.make.work: exponential(0.5)}}]}
"""

AT_ONCE = """
run: {horizon: 50, warmup: 0, replications: 5}
demand: {task: {at: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]}}
steps: {make: {work: 1}, release: {work: 0, gate: {every: 10}}}
teams: {makers: {people: unlimited, does: [make, release]}}
changes: {two people: [{set: {teams.makers.people: 2}}]}
"""
"""Nine items wait ten days for the gate that opens then, one nine: 85 % and 100 % are within ten days."""


@pytest.fixture
def late(tmp_path: Path) -> str:
    file = tmp_path / "late.yaml"
    file.write_text(LATE, encoding="utf-8")
    return str(file)


def printed(comparison: door.Comparison) -> str:
    """As a terminal of 100 characters has it."""
    console = Console(width=100, record=True, file=StringIO())
    console.print(comparisons.comparison(comparison))
    return console.export_text()


def spoken(text: str) -> str:
    return " ".join(text.split())


def test_a_warning_stands_once_beside_the_variant_that_it_is_about(late: str) -> None:
    answer = vssim("compare", late, "--jobs", "1")
    told = spoken(answer.out)
    assert "warning" not in answer.err
    assert told.count("not all done: all demand ends") == 1
    before, _, after = told.partition("two people: better")
    assert "! as it is: not all done" in before
    assert "!" not in after.partition("where a delivered item's time went")[0]


def test_of_one_variant_alone_it_stands_below_its_name(late: str) -> None:
    answer = vssim("run", late, "--jobs", "1")
    assert "warning" not in answer.err
    assert spoken(answer.out).count("! not all done: all demand ends") == 1
    assert "not all done" not in spoken(vssim("run", late, "--change", "two people", "--jobs", "1").out)


def test_a_program_that_reads_the_document_is_warned_on_standard_error(late: str) -> None:
    answer = vssim("compare", late, "--jobs", "1", "--json")
    assert answer.err.count("warning: baseline: not all done") == 1
    assert vssim("compare", late, "--jobs", "1", "--json", "--quiet").err == ""


def test_what_is_about_the_whole_experiment_goes_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "few.yaml"
    file.write_text(RELEASES, encoding="utf-8")
    answer = vssim("compare", str(file), "--jobs", "1", "--precision", "0.1%", "--most", "6")
    assert "warning: precision: after 6 replications" in answer.err
    assert "precision: after 6" not in answer.out


def test_the_report_has_a_warning_beside_its_variant_too(late: str) -> None:
    scenario = door.load(late)
    written = verdicts(door.compare(scenario, jobs=1))
    assert written.count("not all done: all demand ends") == 1
    assert "Of the organisation as it is" in written


def test_the_true_share_is_told_where_many_items_share_that_time(tmp_path: Path) -> None:
    file = tmp_path / "at once.yaml"
    file.write_text(AT_ONCE, encoding="utf-8")
    told = spoken(vssim("compare", str(file), "--jobs", "1").out)
    assert "many share that time: as it is 100 % within 10 days" in told
    assert "lead_time.p85: many share that time: 100 % within 10 days" in spoken(vssim("run", str(file), "--jobs", "1").out)
    estimate = door.compare(door.load(file), jobs=1).variants["baseline"]["lead_time.p85"]
    assert words.true_share("lead_time.p85", estimate, "day") == "100 % within 10 days"


def test_no_true_share_is_told_where_it_is_what_the_name_says(tmp_path: Path) -> None:
    file = tmp_path / "scattered.yaml"
    file.write_text(SCATTERED, encoding="utf-8")
    assert "share that time" not in vssim("compare", str(file), "--jobs", "1").out


@pytest.mark.parametrize(
    ("metric", "figures"),
    [
        ("throughput", r"throughput: [\d.]+ → [\d.]+ a day, "),
        ("flow_efficiency", r"flow efficiency: [\d.]+ → [\d.]+ %, [+−][\d.]+ pts"),
        ("lead_time.p85", r"lead time, 85 % within: [\d.]+ → [\d.]+ days, "),
        ("handoffs", r"handoffs: [\d.]+ → [\d.]+, "),
    ],
)
def test_a_headline_has_the_unit_of_its_metric(late: str, metric: str, figures: str) -> None:
    told = spoken(vssim("compare", late, "--jobs", "1", "--metric", metric).out)
    assert re.search(figures.replace(", ", ",? "), told), told


CLAIMED = """
claims:
  - {change: more often, metric: on_promise, at_least: 85%}
  - {change: more often, metric: on_promise, at_least: 0.85}
  - {change: more often, metric: lead_time.p85, at_most: 85%}
  - {change: more often, metric: flow_efficiency, at_least: 120%}
"""


def test_a_per_cent_that_bounds_a_share_is_warned_of_with_what_to_write_instead() -> None:
    scenario = door.loads("promise: {within: 10, of: lead_time}\n" + RELEASES + CLAIMED)
    checked = check(scenario, jobs=1, most=6)
    warned = [text for text in checked.warnings if text.startswith("claims.")]
    assert warned == [
        "claims.0.at_least: 85% of on_promise as it is, which is a share itself; for 85% of everything write 0.85",
    ]


THREE = """
run: {horizon: 205, warmup: 5, replications: 6}
demand: {task: {every: exponential(2)}}
steps: {make: {work: exponential(1.5)}}
teams: {makers: {people: 1, does: make}}
changes:
  slower: [{set: {steps.make.work: exponential(1.7)}}]
  much quicker: [{set: {steps.make.work: exponential(0.5)}}]
  quicker: [{set: {steps.make.work: exponential(1)}}]
"""


def test_the_report_has_a_forest_with_the_best_change_first_about_the_same_headline_as_the_terminal() -> None:
    scenario = door.loads(THREE).with_({"headline": "lead_time.mean"})
    comparison = door.compare(scenario, jobs=1)
    table = forest(comparison)
    assert "mean lead time, best first" in table
    assert [table.index(f">{name}<") for name in ("much quicker", "quicker", "slower")] == sorted(
        table.index(f">{name}<") for name in comparison
    )
    assert table.count("<circle") == 3
    circles = [float(place) for place in re.findall(r'cx="([\d.]+)"', table)]
    assert circles == sorted(circles), "less is better: the best stands furthest to the left"
    for name in comparison:
        assert (
            words.both(
                "lead_time.mean",
                comparison[name].before["lead_time.mean"].mean,
                comparison[name].after["lead_time.mean"].mean,
                "day",
                places=rows.places(comparison, "lead_time.mean"),
                digits=words.CHECKABLE,
            )
            in table
        )


def test_the_organisation_as_it_is_has_one_figure_beside_every_change() -> None:
    comparison = door.compare(door.loads(THREE), jobs=1)
    text = printed(comparison)
    for said in ("typical lead time", "items in progress"):
        before = re.findall(rf"{said} +([\d.]+) →", text)
        assert len(before) == 3
        assert len(set(before)) == 1, before
    headline = re.findall(r"lead time, 85 % within: ([\d.]+) →", text)
    assert len(headline) == 3
    assert len(set(headline)) == 1
    assert re.search(rf"quicker +{re.escape(headline[0])} →", text)


def test_runs_so_uneven_that_intervals_hold_less_are_named() -> None:
    comparison = door.compare(door.loads(THREE), jobs=1)
    one = comparison["slower"]
    shown = [metric for metric in rows.telling(one.before, one.after, one.headline) if one[metric].ratio.skewed]
    text = " ".join(printed(comparison).split())
    assert ("from 6 runs as uneven as these an interval holds about 9 times in 10" in text) == any(
        other[metric].ratio.skewed
        for other in comparison.values()
        for metric in rows.telling(other.before, other.after, other.headline)
    )
    for metric in shown:
        assert f"{labels.of_metric(metric, 'day')}" in text


def test_a_percentile_far_out_of_few_runs_is_told_roughly() -> None:
    (variant,) = door.compare(door.loads(THREE.partition("changes:")[0]), jobs=1).variants.values()
    assert words.interval(variant["lead_time.p95"]).startswith("roughly ")
    assert not words.interval(variant["lead_time.p85"]).startswith("roughly ")


def test_without_a_change_there_is_no_forest() -> None:
    assert forest(door.compare(door.loads(THREE.partition("changes:")[0]), jobs=1)) == ""
