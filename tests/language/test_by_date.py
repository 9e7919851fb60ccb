"""One file with everything that a scenario can say of dates, people, items, limits and what is not known: it loads and runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import vssim
from vssim.scenario import Scenario

FILE = Path(__file__).parent / "by_date" / "scenario.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return vssim.load(str(FILE))


def test_it_loads_with_the_tables_beside_it(scenario: Scenario) -> None:
    history = scenario.demand["bug"].history
    assert history is not None
    assert history.weeks.count == 4
    assert [item.id for item in scenario.demand["change request"].items] == ["CR-1", "CR-2", "CR-3", "CR-4"]
    assert scenario.uncertain is not None
    assert scenario.run.horizon == 208  # the evening of 31 March


def test_both_engines_play_every_change_of_it_alike(scenario: Scenario) -> None:
    for change in (None, *scenario.changes):
        runs = [vssim.simulate(scenario, change, engine=engine) for engine in ("reference", "compiled")]
        assert runs[0].visits.equals(runs[1].visits)
        assert runs[0].items.equals(runs[1].items)
