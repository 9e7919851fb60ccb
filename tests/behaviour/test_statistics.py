"""What replications say: intervals that hold what they promise, ratios, verdicts, and cases with little to go by."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vssim.statistics import Estimate, average, compare_pairs, estimate, half_width, ratio, student

STUDIES = 3000


def covered(truth: float, found: Estimate) -> bool:
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


# --- estimates ---


def test_an_interval_is_students_t_over_replications() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    half = 3.182446305284263 * math.sqrt(5 / 3) / 2
    assert (found.mean, found.n) == (2.5, 4)
    assert [found.low, found.high] == pytest.approx([2.5 - half, 2.5 + half])


def test_one_replication_has_a_mean_and_no_interval() -> None:
    assert estimate([3.0]) == Estimate(3.0, None, None, 1)


def test_replications_in_which_a_metric_is_undefined_are_left_out() -> None:
    assert estimate([None, 2.0, float("nan"), 4.0]).n == 2
    assert estimate([None, 2.0, float("nan"), 4.0]).mean == 3
    assert estimate([None, None]) == estimate([]) == Estimate(None, None, None, 0)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert estimate([0.1] * 7) == Estimate(0.1, 0.1, 0.1, 7)


def test_an_interval_narrows_with_the_root_of_the_number_of_replications() -> None:
    assert half_width(1.0, 10_000) == pytest.approx(student(10**9) / 100, rel=1e-3)
    assert half_width(1.0, 1) == math.inf


@pytest.mark.parametrize("draw", ["normal", "exponential"])
def test_intervals_hold_the_true_mean_as_often_as_they_say(draw: str) -> None:
    rng = np.random.default_rng(11)
    studies = (rng.normal(10, 3, (STUDIES, 20)) if draw == "normal" else rng.exponential(10, (STUDIES, 20))).tolist()
    share = np.mean([covered(10, estimate(study)) for study in studies])
    assert (0.94 if draw == "normal" else 0.90) < share < 0.96


# --- ratios ---


def of(pairs: list[tuple[float, float]]) -> Estimate:
    return ratio(average([old for old, _ in pairs]), average([new for _, new in pairs]))


def test_the_ratio_is_of_the_means_not_the_mean_of_ratios() -> None:
    assert of([(1.0, 2.0), (3.0, 2.0)]).mean == 1


def test_the_ratio_of_pairs_that_all_say_the_same_has_no_width() -> None:
    found = of([(10.0, 5.0), (11.0, 5.5), (12.0, 6.0)])
    assert [found.mean, found.low, found.high] == pytest.approx([0.5, 0.5, 0.5])


def test_a_ratio_to_nothing_is_undefined_and_says_why() -> None:
    found = of([(0.0, 1.0), (0.0, 2.0)])
    assert (found, found.reason) == (Estimate(None, None, None, 2), "it is 0 as it is")
    unsure = ratio(average([-1.0, 1.5, 0.5], positive=False), average([-3.0, 2.0, 0.0], positive=False))
    assert (unsure.low, unsure.high, unsure.reason) == (None, None, "it may be 0 as it is")
    assert of([(2.0, 1.0)]) == Estimate(0.5, None, None, 1)


def test_what_a_few_uneven_runs_leave_entirely_open_says_so() -> None:
    found = of([(1e-30, 1.0), (1.0, 1e-30)])
    assert (found.low, found.high, found.reason) == (None, None, "so few and so uneven runs that it may be anything")


def test_a_ratio_to_something_of_what_became_nothing_is_nothing() -> None:
    assert of([(1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]) == Estimate(0.0, 0.0, 0.0, 3)


@pytest.mark.parametrize(("spread", "least"), [(0.1, 0.93), (0.5, 0.92), (1.0, 0.89)])
def test_ratio_intervals_hold_the_true_ratio_as_often_as_they_say(spread: float, least: float) -> None:
    rng = np.random.default_rng(17)
    held = []
    for _ in range(STUDIES):
        before = 30 * rng.gamma(1 / spread**2, spread**2, 20)
        after = 0.6 * before * rng.gamma(1 / 0.2**2, 0.2**2, 20) * 0.7 + 0.3 * 18 * rng.gamma(25, 1 / 25, 20)
        held.append(covered(0.6, of(list(zip(before.tolist(), after.tolist(), strict=True)))))
    assert least < np.mean(held) < 0.97


# --- comparisons ---


def pairs(shift: float, noise: float, n: int = 20, seed: int = 1) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    before = rng.normal(100, 15, n)
    return before.tolist(), (before + shift + rng.normal(0, noise, n)).tolist()


def test_a_clear_fall_is_better_where_down_is_good_and_worse_where_up_is() -> None:
    before, after = pairs(-20, 3)
    assert compare_pairs(before, after, "down").verdict == "better"
    assert compare_pairs(before, after, "up").verdict == "worse"
    assert compare_pairs(before, after, "down").better_in == 20
    assert compare_pairs(before, after, "up").better_in == 0


def test_the_difference_is_paired_so_common_luck_does_not_widen_it() -> None:
    found = compare_pairs(*pairs(-5, 0.5), "down")
    assert found.difference.low is not None
    assert found.difference.high is not None
    assert found.difference.high - found.difference.low < 1


def test_a_metric_with_no_good_direction_gets_no_verdict() -> None:
    found = compare_pairs(*pairs(-20, 3), None)
    assert (found.verdict, found.better_in, found.needed) == (None, None, None)
    assert found.ratio.mean == pytest.approx(0.8, abs=0.02)


def test_an_interval_inside_three_percent_is_no_real_difference_even_if_it_leaves_out_zero() -> None:
    found = compare_pairs(*pairs(-1, 0.5), "down")
    assert found.difference.high is not None
    assert found.difference.high < 0
    assert found.verdict == "no real difference"


def test_an_interval_that_leaves_it_open_is_undecided_and_says_what_would_decide() -> None:
    before, after = pairs(-3, 20, seed=4)
    found = compare_pairs(before, after, "down")
    assert found.verdict == "undecided"
    assert found.needed is not None
    step = estimate([b - a for a, b in zip(before, after, strict=True)])
    deviation = float(np.std([b - a for a, b in zip(before, after, strict=True)], ddof=1))
    narrow = max(abs(step.mean or 0), 0.03 * float(np.mean(before)) - abs(step.mean or 0))
    assert half_width(deviation, found.needed) < narrow <= half_width(deviation, found.needed - 1)


def test_the_ratio_and_the_difference_hardly_ever_disagree() -> None:
    """One is told on the log scale: at the very edge it may just hold what the other just leaves out."""
    apart = 0
    for seed in range(200):
        found = compare_pairs(*pairs(-5, 15, n=8, seed=seed), "down")
        apart += covered(0, found.difference) != covered(1, found.ratio)
    assert apart <= 10


def test_what_is_told_as_a_ratio_is_better_only_where_the_ratio_is_not_open_either() -> None:
    open_ = 0
    for seed in range(300):
        found = compare_pairs(*pairs(-20, 25, n=5, seed=seed), "down")
        if found.verdict in ("better", "worse"):
            assert not covered(1, found.ratio)
            assert not covered(0, found.difference)
        elif covered(1, found.ratio) and not covered(0, found.difference):
            open_ += 1
            assert found.verdict == "undecided"
            assert found.needed is not None
            assert found.needed >= 5
    assert open_


def test_the_ratio_of_uneven_means_is_held_as_often_as_the_difference() -> None:
    """Work that doubles where it is much: the log of the ratio bends, and what knows of the bend holds more often."""
    rng = np.random.default_rng(11)
    held = {"difference": 0, "ratio": 0}
    count, n = 600, 20
    for _ in range(count):
        before = rng.gamma(2.0, 1.0, n) ** 2
        after = 0.5 * before + rng.gamma(2.0, 0.5, n)
        found = compare_pairs(before.tolist(), after.tolist(), "down")
        held["difference"] += covered(0.5 * 6 + 1 - 6, found.difference)
        held["ratio"] += covered((0.5 * 6 + 1) / 6, found.ratio)
    assert held["ratio"] / count >= 0.92
    assert abs(held["ratio"] - held["difference"]) / count < 0.03


def test_a_change_that_changes_nothing_is_no_real_difference() -> None:
    before, _ = pairs(0, 1)
    found = compare_pairs(before, before, "down")
    assert (found.verdict, found.better_in) == ("no real difference", 0)
    assert found.difference == Estimate(0.0, 0.0, 0.0, 20)
    assert [found.ratio.mean, found.ratio.low, found.ratio.high] == pytest.approx([1, 1, 1])


def test_nothing_before_and_nothing_after_is_no_real_difference() -> None:
    found = compare_pairs([0.0] * 5, [0.0] * 5, "up")
    assert (found.verdict, found.ratio) == ("no real difference", Estimate(None, None, None, 5))


def test_something_where_there_was_nothing_gets_a_verdict_from_the_difference() -> None:
    assert compare_pairs([0.0] * 5, [1.0, 1.1, 0.9, 1.0, 1.0], "up").verdict == "better"


def test_one_replication_decides_nothing_and_cannot_say_what_would() -> None:
    found = compare_pairs([10.0], [5.0], "down")
    assert (found.verdict, found.better_in, found.n, found.needed) == ("undecided", 1, 1, None)
    assert found.difference == Estimate(-5.0, None, None, 1)
    assert found.ratio == Estimate(0.5, None, None, 1)


def test_pairs_of_which_one_half_is_undefined_are_left_out() -> None:
    found = compare_pairs([10.0, None, 12.0, 11.0], [5.0, 6.0, None, 5.5], "down")
    assert (found.n, found.better_in) == (2, 2)
    assert found.difference.mean == pytest.approx(-5.25)


def test_without_a_single_pair_there_is_nothing_to_say() -> None:
    found = compare_pairs([None, 1.0], [1.0, None], "down")
    assert (found.verdict, found.better_in, found.n) == (None, None, 0)


def test_a_verdict_is_wrong_no_more_often_than_the_interval() -> None:
    rng = np.random.default_rng(23)
    verdicts = []
    for _ in range(STUDIES):
        before = rng.normal(100, 20, 10)
        verdicts.append(compare_pairs(before.tolist(), (before + rng.normal(0, 20, 10)).tolist(), "down").verdict)
    assert np.mean([verdict in ("better", "worse") for verdict in verdicts]) < 0.06
