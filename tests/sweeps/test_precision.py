"""Enough replications, no more: each setting until its headline is known well enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sweeps.sweeping import LIMITS, small, written
from vssim.analysis.compare.compare import compare
from vssim.analysis.sweep.grid import grid
from vssim.analysis.sweep.run import Sweeper, opened, sweep
from vssim.errors import UsageError
from vssim.play.experiment import Precision, half_share


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


def test_how_far_it_is_counts_the_replications_that_the_precision_asks_for(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    scenario, wanted = small(), Precision(0.2, 60)
    sweeper = Sweeper.of(scenario, grid(scenario, {"wip_limit": [1, 2]}, None), "auto")
    sweep(scenario, {"wip_limit": [1, 2]}, store=store, jobs=1)
    with opened(store) as base:
        assert sweeper.status(base) == (12, 12, 2)
        runs, of_all, settings = sweeper.status(base, wanted)
    assert runs == 12 < of_all
    assert settings < 2
    found = sweep(scenario, {"wip_limit": [1, 2]}, store=store, jobs=1, precision=wanted.share, most=wanted.most)
    with opened(store) as base:
        runs, of_all, settings = sweeper.status(base, wanted)
    assert runs == of_all == found.baseline.replications + sum(point.replications for point in found.points) > 12
    assert settings == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"precision": 5}, "precision: got 5"),
        ({"precision": "5%"}, "precision: got '5%'"),
        ({"precision": 0.1, "most": 0}, "most: got 0"),
    ],
)
def test_a_precision_that_makes_no_sense_is_refused(given: Any, said: str) -> None:
    for play in (lambda: sweep(small(), LIMITS, **given), lambda: compare(small(), **given)):
        with pytest.raises(UsageError, match=f"^{said}, expected"):
            play()


def test_no_more_than_the_cap_are_played_though_there_would_be_more_without_precision() -> None:
    found = sweep(small(), LIMITS, precision=0.01, most=3, jobs=1)
    assert {point.replications for point in (found.baseline, *found.points)} == {3}
    assert compare(small(), only="no walls", precision=0.01, most=3, jobs=1).replications == 3


def test_what_stays_uncertain_is_said() -> None:
    found = sweep(small(), {"wip_limit": [1]}, precision=0.001, most=5, jobs=1)
    assert any("not known to ± 0.1 %" in text for text in found.notes)
