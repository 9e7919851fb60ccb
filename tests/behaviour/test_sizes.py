"""Sizes: what is accepted finishes; what would not is refused before it begins, with the arithmetic."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vssim
from tests.interface.commands import vssim as command
from vssim.model import size
from vssim.workload import blueprint


def stream(demand: dict[str, Any], horizon: float = 1000, **more: Any) -> vssim.Scenario:
    steps: dict[str, Any] = {"make": {"work": 1}, "check": {"work": "exponential(1)", "returns": {"to": "make", "chance": "20%"}}}
    teams = {"makers": {"people": 9, "does": ["make", "check"]}}
    return vssim.loads(
        {"run": {"horizon": horizon, "warmup": 0}, "demand": {"item": demand}, "steps": steps, "teams": teams, **more}
    )


@pytest.mark.parametrize(
    "demand",
    [
        {"every": 2},
        {"backlog": 300},
        {"every": "exponential(4)", "batch": 3},
        {"every": 1, "count": 50},
    ],
)
def test_the_size_that_is_told_is_about_the_size_that_is_played(demand: dict[str, Any]) -> None:
    scenario = stream(demand)
    expected = size.size([scenario.model], 1000)
    log = vssim.simulate(scenario).log
    assert expected.items == pytest.approx(np.sum(log.items.arrived >= 0), rel=0.15)
    assert expected.visits == pytest.approx(len(log.visits.item), rel=0.25)


def test_parts_count_as_the_items_that_they_are() -> None:
    scenario = vssim.loads(
        {
            "run": {"horizon": 1000, "warmup": 0},
            "demand": {"whole": {"every": 5, "parts": {"part": 4}}, "part": {"every": "never"}},
            "steps": {"make": {"work": 1}},
            "teams": {"makers": {"people": 9, "does": "make"}},
        }
    )
    expected = size.size([scenario.model], 1000)
    assert (expected.items, expected.visits) == (1000, 800)


@pytest.mark.parametrize(
    ("demand", "horizon"),
    [
        ({"backlog": 1_000_000_000}, 1000),
        ({"every": 1, "batch": 1_000_000}, 1000),
        ({"every": 0.001}, 1_000_000),
        ({"every": 1}, 1_000_000_000),
        ({"every": 50, "count": 999_999_999, "batch": "geometric(10000000)"}, 1000),
    ],
)
def test_more_than_can_be_played_is_refused_with_the_arithmetic_at_once(demand: dict[str, Any], horizon: float) -> None:
    began = time.monotonic()
    with pytest.raises(vssim.RunError) as caught:
        vssim.simulate(stream(demand, horizon))
    assert time.monotonic() - began < 3
    assert "items ×" in str(caught.value)
    assert "at most 20,000,000" in str(caught.value)


def test_a_run_that_takes_more_than_half_of_the_free_memory_is_refused_unless_it_is_wanted_anyway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "free_memory", lambda: 100e6)
    monkeypatch.setattr(blueprint, "SMALL", 1e6)
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    file = tmp_path / "large.yaml"
    file.write_text(
        "run: {horizon: 60, warmup: 0, replications: 1}\ndemand: {a: {backlog: 100000}}\nsteps: {x: 1}\nteams: {x: 1}\n"
    )
    refused = command("run", str(file), "--quiet", "--jobs", "1")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "GB of memory" in refused.err
    assert "about 100,000 items × 1.0 visits = 100,000" in refused.err
    played = command("run", str(file), "--quiet", "--jobs", "1", "--anyway")
    assert (played.code, played.err) == (0, "")
    del os.environ["VSSIM_ANYWAY"]


def test_what_is_free_is_known_here() -> None:
    free = size.free_memory()
    assert free is None or 0 < free < 1e15


@pytest.mark.parametrize(
    "distribution",
    [
        "gamma(mean=1, cv=1e-160)",
        "lognormal(mean=1, cv=1e-9)",
        "uniform(0, 1.7e308)",
        "exponential(1e300)",
        "exponential(1e-300)",
        "triangular(0, 1e200, 1e308)",
        "pert(0, 1, 1e308)",
        "erlang(k=1e300, mean=1)",
        "geometric(1e308)",
        {"empirical": [1e308, 1e308]},
        {"discrete": {1e308: 0.5, 1: 0.5}},
        {"constant": 1e308},
        "weibull(mean=1e-320, cv=1)",
    ],
)
def test_extreme_distributions_are_refused_with_bounds(distribution: Any) -> None:
    with pytest.raises(vssim.ScenarioError) as caught:
        stream({"every": 2}, steps={"make": {"work": distribution}}, teams={"m": {"people": 1, "does": "make"}})
    assert any("10^" in fault.expected or "0.0001" in fault.expected for fault in caught.value.faults)


@pytest.mark.parametrize(
    "distribution", ["gamma(mean=1, cv=0.0001)", "uniform(0, 1e12)", "erlang(k=10000, mean=3)", {"empirical": [0, 1e12]}]
)
def test_what_is_within_bounds_has_finite_moments_and_quantiles(distribution: Any) -> None:
    scenario = stream({"every": 2}, steps={"make": {"work": distribution}}, teams={"m": {"people": 1, "does": "make"}})
    work = scenario.steps["make"].work
    assert work is not None
    assert np.isfinite([work.mean, work.cv, *work.quantile(np.array([0.0, 0.5, 1 - 2**-53]))]).all()
