"""Choosing among settings: what cannot be told apart, more replications where they decide, assumptions on both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vssim
from tests.interface.commands import vssim as command
from tests.sweeps.sweeping import small
from vssim.analysis.sweep.choosing import choose
from vssim.analysis.sweep.points import Point, Sampled
from vssim.errors import UsageError
from vssim.metrics.sample import Sample
from vssim.play.pooled import Pooled
from vssim.statistics import average
from vssim.statistics.fronts import unbeaten

MONEY: dict[str, Any] = {
    "currency": "EUR",
    "run": {"horizon": 400, "warmup": 50, "replications": 4, "seed": 3},
    "demand": {"feature": {"every": "exponential(3)", "value": 3000}},
    "steps": {"make": {"work": "exponential(4)"}},
    "teams": {"makers": {"people": 2, "does": "make", "cost": 100}},
}


def point(number: int, values: np.ndarray[Any, Any], metric: str = "throughput") -> Point:
    """A setting of which one metric is known by replication."""
    sampled = Sampled((0.0,), (Pooled([Sample({metric: float(value)}) for value in values]),))
    return Point({"x": number}, None, 0.0, sampled, sampled)


def played(levels: list[float], spread: float, count: int, seed: int) -> list[Point]:
    luck = np.random.default_rng(seed)
    common = luck.normal(0, 1, count)
    return [point(number, 10 + level + common + luck.normal(0, spread, count)) for number, level in enumerate(levels)]


# --- which is best ---


def test_the_best_is_rarely_struck_however_often_it_is_looked_at() -> None:
    struck = 0
    for seed in range(200):
        luck = np.random.default_rng(seed)
        shift = luck.normal(0, 1, 640)
        table = [10 + shift + luck.normal(0, 0.6, 640) + level for level in (0.0, 0.0, -0.05, -0.1, -0.3)]

        def again(points: Any, count: int, table: Any = table) -> list[Point]:
            return [point(one.setting["x"], table[one.setting["x"]][:count]) for one in points]

        choice = choose(
            [point(number, values[:20]) for number, values in enumerate(table)], "throughput", "up", again, budget=10_000
        )
        assert choice is not None
        struck += not {0, 1} & {one.setting["x"] for one in choice.unbeaten}
    assert struck <= 10


def test_what_is_surely_worse_is_struck_and_is_played_no_more() -> None:
    asked: list[tuple[int, int]] = []

    def again(points: Any, count: int) -> list[Point]:
        asked.append((len(points), count))
        return [one for one in played([0.0, 0.0, -8.0], 1.0, count, 7) if one.setting["x"] < 2]

    choice = choose(played([0.0, 0.0, -8.0], 1.0, 20, 7), "throughput", "up", again)
    assert choice is not None
    assert {one.setting["x"] for one in choice.unbeaten} == {0, 1}
    assert asked[0] == (2, 40)


def test_with_fewer_than_20_replications_nobody_is_struck() -> None:
    choice = choose(played([0.0, -9.0], 0.1, 10, 1), "throughput", "up")
    assert choice is not None
    assert len(choice.unbeaten) == 2


def test_no_more_runs_are_added_than_there_is_a_budget_for() -> None:
    choice = choose(played([0.0] * 40, 0.3, 20, 3), "throughput", "up", lambda *_: pytest.fail("too many"), budget=100)
    assert choice is not None
    assert choice.replications == 20


def test_a_setting_that_is_a_little_better_in_every_pair_is_settled_by_more_replications() -> None:
    found = vssim.optimise(small(), {"handoffs.delay": [0, 1, 2]}, jobs=1)
    assert found.best is not None
    assert found.best.setting == {"handoffs.delay": 0}
    assert found.choice is not None
    assert found.choice.is_settled
    assert found.choice.replications >= 20


# --- any metric as goal or bound ---


def test_the_cheapest_setting_that_keeps_a_promise_is_found() -> None:
    scenario = vssim.loads({**MONEY, "promise": 20})
    found = vssim.optimise(scenario, {"teams.makers.people": range(1, 6)}, best="cost", keep="on_promise>=90%", jobs=1)
    kept = [one.setting["teams.makers.people"] for one in found.swept.points if (one["on_promise"].mean or 0) >= 0.9]
    assert found.best is not None
    assert found.best.setting["teams.makers.people"] == min(kept) > 1
    assert found.document()["search"]["unbeaten"][0] == found.best.setting


def test_margin_may_be_the_goal_and_cost_the_bound() -> None:
    scenario = vssim.loads(MONEY)
    found = vssim.optimise(scenario, {"teams.makers.people": range(1, 5)}, best="margin", keep=["cost<=200"], jobs=1)
    assert found.best is not None
    assert found.best.setting == {"teams.makers.people": 2}


def test_over_worlds_each_setting_is_best_in_some_of_them() -> None:
    text = {**MONEY, "steps": {"make": {"work": "exponential(between(2, 6))"}}}
    found = vssim.optimise(vssim.loads(text), {"teams.makers.people": [1, 2, 3]}, best="margin", replications=60, jobs=1)
    assert found.choice is not None
    assert len(found.choice.best_in) in (0, len(found.choice.unbeaten))
    assert sum(found.choice.best_in) == pytest.approx(1) or found.choice.is_settled


def test_the_command_says_what_cannot_be_told_apart(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    out = command("sweep", "focus", "--over", "wip_limit=30,31", "--best", "throughput", "--replications", "20", "--quiet").out
    told = " ".join(out.split())
    assert "Cannot be told apart from it by" in told or "It is surely the best" in told


# --- fronts ---


def test_a_setting_is_off_the_front_when_another_surely_beats_it_and_is_not_worse() -> None:
    luck = np.random.default_rng(4)
    common = luck.normal(0, 1, 30)

    def figure(level: float) -> Any:
        return average(level + common + luck.normal(0, 0.1, 30))

    lead = {"fast": figure(10), "slow": figure(14), "alike": figure(10.02), "full": figure(16)}
    rate = {"fast": figure(20), "slow": figure(20), "alike": figure(20.01), "full": figure(26)}
    assert unbeaten(lead, rate, ("down", "up")) == ("fast", "alike", "full")
    few = [{name: average(one.by_run[:10]) for name, one in side.items()} for side in (lead, rate)]
    assert unbeaten(few[0], few[1], ("down", "up")) == tuple(lead)


# --- assumptions ---


def test_what_is_assumed_is_so_in_the_organisation_as_it_is_too() -> None:
    swept = vssim.sweep(small(), assume={"steps.make.work": [1, 2]}, change="fewer at once", jobs=1)
    for one in swept.points:
        world = small().with_({"steps.make.work": one.setting["steps.make.work"]})
        alone = vssim.compare(world, only=["fewer at once"], jobs=1)["fewer at once"]
        assert one.difference("lead_time.p85").difference.mean == pytest.approx(alone["lead_time.p85"].difference.mean)
    assert swept.baseline["lead_time.p85"].mean == pytest.approx(
        vssim.compare(small(), only=[], jobs=1).variants["baseline"]["lead_time.p85"].mean
    )


def test_an_assumption_spans_a_grid_with_what_is_decided() -> None:
    swept = vssim.sweep(small(), {"wip_limit": [1, 2]}, assume={"steps.make.work": [1, 2]}, jobs=1)
    assert swept.grid.paths == ("steps.make.work", "wip_limit")
    assert [axis.assumed for axis in swept.grid.axes] == [True, False]
    before = {one.setting["steps.make.work"]: one.baseline.pooled[0]["lead_time.p85"].mean for one in swept.points}
    assert before[1] != before[2]


def test_a_change_is_no_assumption() -> None:
    with pytest.raises(UsageError, match="no part of the organisation as it is"):
        vssim.sweep(small(), assume={"changes.fewer at once.levers.0.limit_wip.stream": [1]}, change="fewer at once")


def test_an_assumption_that_moves_on_one_side_is_warned_of() -> None:
    swept = vssim.sweep(small(), {"demand.feature.every": [3, 4]}, jobs=1)
    assert any("--assume moves both" in note for note in swept.notes)
    assert not vssim.sweep(small(), {"wip_limit": [1]}, jobs=1).notes


def test_assumptions_are_not_for_a_search(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = command("sweep", "focus", "--assume", "wip_limit=3,4", "--best", "throughput")
    assert answer.code == 2
    assert "--assume: is not for --best" in answer.err


def test_the_command_tells_where_a_change_is_better(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = (
        "--assume",
        "demand.feature.every=exponential(1),exponential(3)",
        "--change",
        "AI for the testers",
        "--replications",
        "20",
    )
    out = " ".join(command("sweep", "bottleneck", *asked, "--quiet").out.split())
    assert "Against as it is under the same assumption (demand.feature.every)" in out
    assert "better: demand.feature.every exponential(1)" in out
