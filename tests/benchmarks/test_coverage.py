"""The coverage of intervals is measured on runs that are right, and written down as a table."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import coverage
from benchmarks.coverage import KINDS, METRICS, RUNS, WINDOWS, Tally, played, table
from vssim.play.pooled import Pooled
from vssim.statistics import Estimate


def test_the_runs_are_those_of_a_queue_at_a_load_of_eighty_per_cent() -> None:
    before, after = (Pooled(side) for side in played(5000.0, 500.0, np.random.default_rng(3), 60))
    assert before["lead_time.mean"].mean == pytest.approx(1 / (1 - 0.8), rel=0.08)
    assert before["wip"].mean == pytest.approx(0.8 / (1 - 0.8), rel=0.08)
    assert after["lead_time.mean"].mean == pytest.approx(0.9 / (1 - 0.72), rel=0.08)


def test_an_experiment_without_an_interval_is_not_counted() -> None:
    tally = Tally().and_one(Estimate(3, 2, 4, 20), 3.5).and_one(Estimate(3, 2, 4, 20), 4.5).and_one(Estimate(3, None, None, 4), 3)
    assert tally == Tally(held=1, told=2)


def test_the_table_has_a_row_a_metric_and_kind_and_a_column_a_length_and_number_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "WINDOWS", ((60.0, 0.0),))
    monkeypatch.setattr(coverage, "RUNS", (5, 8))
    found = coverage.coverage(20, further=500)
    assert len(found) == len(METRICS) * len(KINDS) * 2
    # most of twenty 95 % intervals hold the truth, also of few short runs: fewer than half would be of something else
    assert all(tally.held > tally.told / 2 for tally in found.values())
    lines = table(found, 20).splitlines()
    assert len(lines) == 2 + len(METRICS) * len(KINDS) + 2
    assert lines[0].count("n = ") == 2
    assert lines[2].startswith("| mean, level | ")


def test_what_is_measured_unless_somebody_says_otherwise() -> None:
    assert (WINDOWS, RUNS) == (((250.0, 0.0), (1000.0, 200.0)), (5, 10, 20))
