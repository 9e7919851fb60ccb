"""What the library says of what is not known holds whatever the luck."""

from __future__ import annotations

import pytest

import vssim

FRESH = (101, 202, 303, 404, 505)
"""Seeds with which nothing in the file was written."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", FRESH)
def test_two_teams_are_better_on_average_and_worse_in_a_third_of_the_worlds(seed: int) -> None:
    name, metric = "two teams of everything", "lead_time.p85"
    found = vssim.compare(vssim.load("unknowns"), only=[name], seed=seed)[name]
    assert found.over_worlds is not None
    believed, would = found.over_worlds.believed(metric), found.over_worlds.deciding(metric)
    assert found["lead_time.mean"].ratio.high is not None
    assert found["lead_time.mean"].ratio.high < 0.97
    assert found[metric].verdict == "not settled"
    assert believed is not None
    assert believed.better is not None
    assert 0.5 < believed.better < 0.85
    assert would is not None
    assert would.facts[0].name.endswith("proficiency")
    assert would.facts[0].threshold is not None
    assert 0.45 < would.facts[0].threshold.value < 0.62
