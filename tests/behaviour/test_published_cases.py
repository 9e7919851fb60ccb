"""Cases with published or worked-out answers: what a calculator says of them is what is told."""

from __future__ import annotations

import numpy as np
import polars
import pytest

import vssim
from vssim.analysis.claims.check import check
from vssim.views.terminal import comparisons

LADDER = """
run: {horizon: 1500, replications: 40}
demand: {story: {backlog: 200}}
steps: {ux: {work: exponential(1), wip_limit: 1}, dev: {work: exponential(3)}, qa: {work: exponential(2)}}
teams: {ux: 1, dev: 1, qa: 1}
changes:
  second developer: [{set: {teams.dev.people: 2}}]
  WIP 10: [{limit_wip: {stream: 10}}]
  WIP 5: [{limit_wip: {stream: 5}}]
  WIP 2: [{limit_wip: {stream: 2}}]
  full stack:
    - {set: {steps.ux.wip_limit: none}}
    - {cross_functional_teams: {count: 1, proficiency: 100%}}
    - finish_first
    - {limit_wip: {stream: 3}}
claims:
  - {change: WIP 10, metric: cycle_time.mean, at_most: 30.5}
"""
"""Two hundred stories pushed into a stream of three people, and what becomes of it with limits."""

CREW = """
run: {horizon: 500, warmup: 150, replications: 20}
demand: {story: {every: exponential(1.35)}}
steps:
  specify: {work: "lognormal(mean=2, cv=0.8)"}
  develop: {work: "lognormal(mean=6, cv=0.9)"}
  test: {work: lognormal(mean=2, cv=0.8), returns: {to: develop, chance: 20%, work: 30%}}
teams:
  crew:
    wip_limit: 40
    people: [{count: 2, does: specify}, {count: 5, does: develop}, {count: 2, does: test}]
    multitasking: 5
    switching_cost: 10%
changes:
  limits: [{limit_wip: {teams: {crew: 22}}}]
"""
"""A team whose own limit holds nothing back while the pull is commitment."""

TEN = """
run: {horizon: 100, replications: 5}
demand: {a: {backlog: 10}}
steps: {dev: {work: 1}}
teams: {devs: {people: 1, does: dev}}
changes: {x: [finish_first]}
claims:
  - {change: x, metric: within.8.65, at_least: 0.85}
  - {change: x, metric: lead_time.p85, at_most: 8.65}
  - {change: x, metric: within.9, at_least: 0.85}
  - {change: x, metric: lead_time.p85, at_most: 9}
"""


def shown(comparison: vssim.Comparison) -> str:
    """What the terminal tells, on one line."""
    from rich.console import Console

    console = Console(width=120, file=None, record=True, quiet=False)
    with console.capture() as captured:
        console.print(comparisons.comparison(comparison))
    return " ".join(captured.get().split())


def test_of_a_ladder_of_limits_the_rate_is_that_of_the_time_in_which_there_is_work() -> None:
    comparison = vssim.compare(vssim.loads(LADDER))
    rates = [variant["throughput"].mean for variant in comparison.variants.values()]
    assert rates == pytest.approx([0.33, 0.49, 0.33, 0.31, 0.24, 0.50], abs=0.015)
    assert comparison["WIP 2"].before["cycle_time.mean"].mean == pytest.approx(213, rel=0.05)
    assert comparison["WIP 2"].after["cycle_time.mean"].mean == pytest.approx(8.1, rel=0.03)
    ten = comparison.variants["WIP 10"]
    little = (ten["throughput"].mean or 0) * (ten["cycle_time.mean"].mean or 0)
    assert ten["wip"].mean == pytest.approx(little, rel=0.01)
    assert 9 < little <= 10
    assert "typical cycle time" in shown(comparison)


def test_ten_items_are_told_alike_by_a_percentile_and_by_the_share_within_it() -> None:
    checked = check(vssim.loads(TEN), most=5)
    assert [finding.state for finding in checked.findings] == ["failed", "failed", "held", "held"]
    found = vssim.simulate(vssim.loads(TEN), "x").metrics()
    assert found["lead_time.p85"] == 9


def test_a_teams_limit_is_kept_by_what_is_started_and_what_waits_for_it_is_backlog() -> None:
    scenario = vssim.loads(f"committed: started{CREW}")
    run = vssim.simulate(scenario, "limits")
    starts = {item: start for item, start in run.visits.group_by("item").agg(polars.col("started").min()).iter_rows() if start}
    stays = {
        item: (came, left if left is not None else END) for item, came, left in run.items["item", "arrived", "left"].iter_rows()
    }
    going = sorted(moment for item, start in starts.items() for moment in ((start, 1), (stays[item][1], -1)))
    assert max(np.cumsum([step for _, step in going])) == 22
    started = [(start, stays[item][1]) for item, start in starts.items()]
    waiting = [(came, starts.get(item, left)) for item, (came, left) in stays.items()]
    assert run.metrics()["wip"] == pytest.approx(_mean_there(started), abs=1e-6)
    assert run.metrics()["backlog"] == pytest.approx(_mean_there(waiting), abs=1e-6)
    comparison = vssim.compare(scenario, replications=5)
    assert "holds nothing in the backlog" not in shown(comparison)


END = 500.0


def _mean_there(stays: list[tuple[float, float]]) -> float:
    """How many are there on average from day 150 to the end."""
    return sum(max(min(left, END) - max(came, 150.0), 0.0) for came, left in stays) / (END - 150.0)


def test_where_the_pull_is_commitment_one_is_told_that_a_teams_limit_holds_nothing_in_the_backlog() -> None:
    comparison = vssim.compare(vssim.loads(CREW), replications=5)
    assert comparison.variants["limits"]["backlog"].mean == 0
    assert "limits: a team's limit (crew) holds nothing in the backlog" in shown(comparison)


def test_load_counts_what_switching_among_five_items_takes() -> None:
    one_at_a_time = vssim.loads(CREW).with_({"teams.crew.switching_cost": "0%"})
    with_switching, without = (
        vssim.compare(one, replications=1).variants["baseline"].load.rho for one in (vssim.loads(CREW), one_at_a_time)
    )
    assert without is not None
    assert without == pytest.approx(0.96, abs=0.01)
    # five at a time, each of the other four takes a tenth
    assert with_switching == pytest.approx(without * 1.4, rel=0.01)


def test_a_run_too_short_for_its_load_is_warned_of_and_a_file_without_run_gets_a_length_that_fits() -> None:
    text = """
demand: {item: {every: exponential(1.25)}}
steps: {serve: {work: exponential(1)}}
teams: {crew: {people: 1, does: serve}}
"""
    fitting = vssim.loads(text)
    assert fitting.run.horizon > 1000
    (variant,) = vssim.compare(fitting).variants.values()
    assert not variant.warnings
    # one server at 80 %: lead times are exponential with mean 5, and 85 % of them within 5 · ln(1/0.15)
    assert variant["lead_time.p85"].mean == pytest.approx(9.49, rel=0.06)
    short = vssim.compare(fitting, horizon=120, warmup=0)
    (caution,) = [one for one in short.variants["baseline"].warnings if one.startswith("too short")]
    assert "1 person of crew at 80 % remembers" in caution
