"""What is not known: ranges, worlds spread evenly over them, beliefs that go together."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.model.beliefs import Range, is_belief, read
from vssim.model.distributions import DistributionFault
from vssim.model.worlds import FIRST, Tie, uniforms


def test_two_numbers_are_a_range_in_which_all_is_alike() -> None:
    (belief,) = read("wip", "between(4, 6)").ranges
    assert [belief.at(u) for u in (0.0, 0.25, 0.999999)] == [4, 4.5, pytest.approx(6, abs=1e-5)]
    assert belief.middle == 5


def test_three_numbers_are_low_likely_and_high() -> None:
    (belief,) = read("wip", "between(2, 3, 8)").ranges
    drawn = np.array([belief.at(u) for u in (np.arange(4000) + 0.5) / 4000])
    assert drawn.mean() == pytest.approx((2 + 4 * 3 + 8) / 6, rel=1e-3)
    assert (drawn.min() >= 2, drawn.max() <= 8, belief.middle) == (True, True, 3)
    (around_nothing,) = read("wip", "between(-1, 0, 4)").ranges
    assert np.mean([around_nothing.at(u) for u in (np.arange(2000) + 0.5) / 2000]) == pytest.approx((-1 + 0 + 4) / 6, abs=2e-3)


def test_whole_numbers_have_each_value_from_low_to_high_alike() -> None:
    belief = Range(2, 4, whole=True)
    drawn = [belief.at((number + 0.5) / 3000) for number in range(3000)]
    assert {value: drawn.count(value) for value in (2, 3, 4)} == {2: 1000, 3: 1000, 4: 1000}


def test_percentages_stay_percentages() -> None:
    belief = read("chance", "between(10%, 30%)")
    assert belief.value((0.5,)) == "20%"
    assert str(belief.ranges[0]) == "between(10%, 30%)"


def test_a_distribution_with_unknown_parameters_is_one_with_known_ones_in_every_world() -> None:
    belief = read("steps.test.work", "lognormal(mean=between(1, 2), cv=between(0.5, 0.9))")
    assert belief.facts == ("steps.test.work.mean", "steps.test.work.cv")
    assert belief.value((0.5, 0.25)) == "lognormal(mean=1.5, cv=0.6)"
    assert read("x", "pert(1, between(2, 3), 5)").facts == ("x.1",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between(1)", "two numbers, or three"),
        ("between(1, 2, 3, 4)", "two numbers, or three"),
        ("between(5, 2)", "the lower number first"),
        ("between(1, 5, 2)", "numbers that rise"),
        ("between(10%, 3)", "either percentages or numbers"),
        ("between(a, b)", "two numbers, or three"),
        ("normal(mean=between(1, 2))", "one of"),
        ("between(1, 2) and more between", "two numbers"),
    ],
)
def test_what_is_no_belief_is_refused_with_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(DistributionFault, match=expected):
        read("x", text)


def test_only_the_word_itself_makes_a_belief() -> None:
    assert is_belief("between(1, 2)")
    assert not is_belief("between the lines")
    assert not is_belief("exponential(2)")


@pytest.mark.parametrize("count", [FIRST, 2 * FIRST, 8 * FIRST])
def test_each_part_of_a_belief_has_one_world(count: int) -> None:
    table = uniforms(["a", "b"], (), 1, count)
    for column in table.T:
        assert sorted(np.floor(column * count).astype(int)) == list(range(count))


def test_more_worlds_keep_those_that_there_are_and_another_belief_moves_none() -> None:
    few = uniforms(["a", "b"], (), 1, 30)
    assert np.array_equal(uniforms(["a", "b", "c"], (), 1, 200)[:30, :2], few)
    assert not np.allclose(uniforms(["a", "b"], (), 2, 30), few)


def test_beliefs_go_together_as_closely_as_is_said_and_each_stays_even() -> None:
    table = uniforms(["a", "b", "c"], (Tie(0, 1, 0.6), Tie(1, 2, -0.3)), 5, 3200)
    ranks = np.argsort(np.argsort(table, axis=0), axis=0)
    observed = np.asarray(np.corrcoef(ranks.T)).tolist()
    assert observed[0][1] == pytest.approx(0.6, abs=0.04)
    assert observed[1][2] == pytest.approx(-0.3, abs=0.05)
    for column in table.T:
        assert abs(np.sort(column) - (np.arange(3200) + 0.5) / 3200).max() < 0.04
