"""Forecasts hold what they promise on teams whose truth is known: a smaller suite of the one in `benchmarks/forecasts.py`."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.forecasts import FAMILIES, measure

SERIES = 12
"""Of each family; the full size has 34."""


@pytest.mark.slow
def test_bands_and_promises_hold_on_synthetic_teams_at_a_better_score_than_single_days() -> None:
    weeks = {family: measure(family, "weeks", SERIES) for family in FAMILIES}
    days = {family: measure(family, "days", SERIES) for family in FAMILIES}
    assert 0.74 <= np.mean([held.band for held in weeks.values()]) <= 0.86
    assert abs(np.mean([held.beyond for held in weeks.values()])) <= 0.05
    for family in FAMILIES:
        if family not in ("seasonal", "changing"):
            assert 0.70 <= weeks[family].band <= 0.92, family
    assert np.mean([held.score for held in weeks.values()]) <= np.mean([held.score for held in days.values()])
