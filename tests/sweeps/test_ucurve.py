"""The U-curve: too much work in progress is slow, and so is too little."""

from __future__ import annotations

import pytest

from vssim.analysis.sweep.run import sweep
from vssim.scenario import load


@pytest.mark.slow
def test_the_scenario_on_multitasking_has_its_optimum_inside() -> None:
    found = sweep(load("focus"), {"wip_limit": [8, 12, 16, 24, 40]}, replications=4)
    best = found.best()
    assert best is not None
    assert 8 < best.setting["wip_limit"] < 40
    means = [point["lead_time.p85"].mean or 0.0 for point in found.points]
    assert means[0] > min(means) < means[-1]
