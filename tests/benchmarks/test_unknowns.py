"""What is said over worlds is held against a truth that is right, and mostly holds; the whole measure is `benchmarks.unknowns`."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import unknowns
from benchmarks.unknowns import CASES, FACTS, SAYS, Findings, Truth, difference, experiments, table

TRUTHS = {name: Truth.of(case, 60_000, np.random.default_rng([8, number])) for number, (name, case) in enumerate(CASES.items())}


def test_the_truth_is_what_very_many_runs_show() -> None:
    truth = TRUTHS["several do"]
    for every, factor in ((1.2, 0.85), (1.45, 0.97)):
        runs = difference(np.full(40_000, every), np.full(40_000, factor), np.random.default_rng(3))
        error = runs.std() / np.sqrt(len(runs))
        assert float(truth.at(np.array([[every, factor, 0.7]]))[0]) == pytest.approx(runs.mean() + 0.7, abs=4 * error + 0.1)


def test_work_that_stays_as_it_is_changes_nothing_but_the_time_that_the_change_takes() -> None:
    assert not difference(np.full(50, 1.3), np.ones(50), np.random.default_rng(1)).any()


def test_shares_of_facts_and_turning_points_of_the_truth_are_those_of_a_sum() -> None:
    """The time that a change takes is added: its share is its own variance, and it turns where it makes up for the rest."""
    truth = TRUTHS["several do"]
    low, high = truth.case.takes
    effects = truth.everywhere[1]
    assert truth.share(2) == pytest.approx((high - low) ** 2 / 12 / effects.var(), rel=0.05)
    turns = truth.turns(2)
    assert turns is not None
    assert turns == pytest.approx((low + high) / 2 - truth.mean, abs=0.03)
    assert sum(truth.share(fact) for fact in range(3)) < 1.01


@pytest.fixture(scope="module")
def found() -> dict[str, Findings]:
    """Two dozen experiments a case."""
    return {name: experiments(truth, 24, 100, np.random.default_rng(17)) for name, truth in TRUTHS.items()}


@pytest.mark.parametrize(("what", "least"), [("average", 0.85), ("better", 0.8), ("share", 0.85), ("turns", 0.85)])
def test_most_of_what_is_said_holds(found: dict[str, Findings], what: str, least: float) -> None:
    told = [found[name].tallies[what] for name in ("one fact decides", "several do")]
    assert sum(tally.told for tally in told) >= 20
    assert sum(tally.held for tally in told) / sum(tally.told for tally in told) >= least


@pytest.mark.parametrize("name", ["one fact decides", "several do"])
def test_ones_own_world_lies_where_it_is_said_to_lie_nine_times_in_ten(found: dict[str, Findings], name: str) -> None:
    assert 0.85 <= np.mean(found[name].own) <= 0.95


def test_where_luck_hides_it_the_range_is_told_as_at_most(found: dict[str, Findings]) -> None:
    assert np.mean(found["luck is larger"].own) > 0.95


def test_luck_is_found_as_large_as_it_is(found: dict[str, Findings]) -> None:
    for each in found.values():
        assert np.mean(each.luck) == pytest.approx(1, abs=0.2)


def test_where_luck_hides_it_no_turning_point_is_made_up(found: dict[str, Findings]) -> None:
    hidden = found["luck is larger"]
    assert hidden.tallies["told"].held <= 4
    assert "better" not in hidden.tallies or hidden.tallies["better"].told < 24, "the share of worlds is told where κ allows it"


def test_the_table_has_a_row_a_sentence_and_a_column_a_case(found: dict[str, Findings]) -> None:
    lines = table({(name, 100): each for name, each in found.items()}, 24).splitlines()
    assert len(lines) == 2 + len(SAYS) + 2
    assert lines[0].count("100 worlds") == len(CASES)
    assert (unknowns.WORLDS, unknowns.EACH, len(FACTS)) == ((100, 200), 2, 3)
