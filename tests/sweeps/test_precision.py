"""Enough replications, no more: each setting until its headline is known well enough."""

from __future__ import annotations

from pathlib import Path

from tests.sweeps.sweeping import LIMITS, small, written
from vssim.analysis.experiment import half_share
from vssim.analysis.sweep.run import sweep


def test_each_setting_is_played_until_it_is_known_or_the_cap_is_reached() -> None:
    found = sweep(small(), LIMITS, precision=0.25, most=12, jobs=1)
    assert len({point.replications for point in found.points}) > 1
    for point in found.points:
        headline = point["lead_time.p85"]
        assert half_share((headline, headline.mean or 0)) <= 0.25 or point.replications == 12


def test_how_often_each_is_played_does_not_depend_on_what_is_there_already(tmp_path: Path) -> None:
    alone = written(sweep(small(), LIMITS, precision=0.25, most=12, jobs=1))
    sweep(small(), LIMITS, replications=7, store=tmp_path / "store.sqlite", jobs=1)
    again = written(sweep(small(), LIMITS, precision=0.25, most=12, store=tmp_path / "store.sqlite", jobs=1))
    assert again == alone


def test_what_stays_uncertain_is_said() -> None:
    found = sweep(small(), {"wip_limit": [1]}, precision=0.001, most=5, jobs=1)
    assert any("not known to ± 0.1%" in text for text in found.notes)
