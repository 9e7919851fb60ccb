"""Figures of the pool of all items of all runs: what is said is true of them, and how far luck moves it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from vssim.metrics import keeping
from vssim.metrics.sample import Sample
from vssim.statistics import (
    Estimate,
    Pool,
    Statistic,
    average,
    combined,
    compare,
    deviation,
    family,
    interval,
    level,
    luck_in_words,
    order_statistics,
    outcome,
    percentile,
    pooled_mean,
    quantile_of,
    quantiles_of,
    share_within,
    student,
    variation,
)
from vssim.statistics.families import widths
from vssim.statistics.intervals import draws, hall
from vssim.statistics.pool import Reals


def runs(*times: list[float]) -> Pool:
    return Pool.of([np.sort(np.array(one, np.float64)) for one in times])


def exponential(n: int = 20, items: int = 200, seed: int = 1) -> list[Reals]:
    """Runs whose items hang together: good and bad runs."""
    rng = np.random.default_rng(seed)
    return [np.sort(rng.gamma(20, 1 / 20) * rng.exponential(10, items)) for _ in range(n)]


def jackknifed(pool: Pool, share: float) -> float:
    """Standard error of a percentile, runs left out one by one and smoothed by neighbours: a check from another side."""
    rng = np.random.default_rng(5)
    again = []
    for _ in range(2000):
        chosen = rng.integers(0, pool.n, pool.n)
        again.append(Pool.of([pool.times[one] for one in chosen]).quantile(share))
    return float(np.std(np.array(again, np.float64)))


# --- percentiles are true of the pool ---


def test_the_percentile_of_ten_items_is_one_of_them() -> None:
    pool = runs(list(range(1, 11)))
    assert [pool.quantile(share) for share in (0.5, 0.7, 0.85, 0.95)] == [5, 7, 9, 10]


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.7, 0.85, 0.95, 1.0])
@pytest.mark.parametrize("count", [1, 2, 7, 20, 100, 333])
def test_a_percentile_is_the_smallest_time_that_enough_items_took_at_most(share: float, count: int) -> None:
    values = np.sort(np.round(np.random.default_rng(count).exponential(20, count), 1))
    expected = min(value for value in values.tolist() if (values <= value).sum() * 1000 >= round(share * 1000) * count)
    assert quantile_of(values.tolist(), share) == quantiles_of(values, (share,))[0] == Pool.of([values]).quantile(share) == expected


def test_runs_are_pooled_item_by_item_not_run_by_run() -> None:
    pool = runs([1.0], [10.0, 10.0, 10.0], [])
    assert (pool.quantile(0.5), pool.n, pool.total) == (10.0, 3, 4)


def test_within_agrees_with_the_percentile() -> None:
    pool = Pool.of(exponential())
    for share in (0.5, 0.85, 0.95):
        value = pool.quantile(share)
        assert value is not None
        within = pool.share_within(value)
        just_below = pool.share_within(np.nextafter(value, 0))
        assert within is not None
        assert just_below is not None
        assert just_below < share <= within


def test_where_many_items_share_a_time_the_true_share_is_told() -> None:
    alike = [[5.0] * (5 + more) + [20.0] * (87 - more) + [30.0] * 8 for more in range(6)]
    found = level(percentile(runs(*alike), 0.85))
    assert (found.mean, found.share, found.low, found.reason) == (20.0, 0.92, None, "a fixed date")


def test_where_every_run_is_the_same_to_the_digit_there_is_no_luck_and_the_figure_is_exact() -> None:
    found = level(percentile(runs(*[[5.0] * 8 + [20.0] * 84 + [30.0] * 8] * 6), 0.85))
    assert (found.low, found.mean, found.high, found.share) == (20.0, 20.0, 20.0, 0.92)


def test_without_items_there_is_nothing_to_say() -> None:
    found = level(percentile(runs([], []), 0.85))
    assert (found, found.reason) == (Estimate(None, None, None, 0), "nothing to measure")


# --- order statistics stand for all items ---


def test_all_items_are_kept_if_they_are_few() -> None:
    values = np.arange(128.0)
    assert order_statistics(values) is values


@pytest.mark.parametrize("items", [129, 400, 5000])
def test_percentiles_from_order_statistics_are_right_to_less_than_half_a_point_of_share(items: int) -> None:
    times = exponential(items=items)
    whole = Pool.of(times)
    kept = Pool.of([order_statistics(one) for one in times], [len(one) for one in times])
    for share in (0.5, 0.7, 0.85, 0.95):
        value = kept.quantile(share)
        assert value is not None
        assert whole.share_within(value) == pytest.approx(share, abs=0.004)


# --- influence values ---


def test_the_influence_of_runs_on_a_ratio_is_that_of_its_two_sums() -> None:
    values, weights = [2.0, 5.0, 3.0], [10.0, 20.0, 30.0]
    found = pooled_mean(values, weights)
    assert found.value == pytest.approx((20 + 100 + 90) / 60)
    by_hand = [(value - 3.5) * weight / 20 for value, weight in zip(values, weights, strict=True)]
    assert found.influence.tolist() == pytest.approx(by_hand)
    assert found.influence.sum() == pytest.approx(0)


def test_a_run_without_items_pulls_nothing_and_counts() -> None:
    found = pooled_mean([2.0, None, 4.0], [1.0, 0.0, 1.0])
    assert (found.value, found.influence.tolist(), found.n) == (3.0, [-1.5, 0.0, 1.5], 3)


def test_littles_law_holds_for_the_figures_that_are_printed() -> None:
    delivered, spent = [10.0, 20.0, 40.0], [30.0, 90.0, 100.0]
    times = pooled_mean([total / count for total, count in zip(spent, delivered, strict=True)], delivered)
    rate, wip = average([one / 50 for one in delivered]), average([one / 50 for one in spent])
    assert times.value is not None
    assert rate.value is not None
    assert wip.value == pytest.approx(times.value * rate.value)


@pytest.mark.parametrize("share", [0.5, 0.85, 0.95])
def test_the_influence_on_a_percentile_gives_the_error_that_resampling_gives(share: float) -> None:
    pool = Pool.of(exponential(n=40, items=600))
    found = percentile(pool, share)
    assert found.error / math.sqrt(pool.n) == pytest.approx(jackknifed(pool, share), rel=0.25)


def test_the_influence_on_a_share_is_its_count_beyond_what_is_usual() -> None:
    found = share_within(runs([1.0, 9.0], [1.0, 1.0, 1.0, 9.0]), 5)
    assert found.value == pytest.approx(4 / 6)
    assert found.influence.tolist() == pytest.approx([(1 - 2 * 4 / 6) / 3, (3 - 4 * 4 / 6) / 3])


def test_deviation_and_variation_are_those_of_all_items_together() -> None:
    times = exponential(n=7, items=31)
    everything = np.concatenate(times)
    counts = [float(len(one)) for one in times]
    means = pooled_mean([float(one.mean()) for one in times], counts)
    squares = pooled_mean([float((one**2).mean()) for one in times], counts)
    spread = deviation(means, squares)
    assert spread.value == pytest.approx(everything.std())
    assert variation(means, spread).value == pytest.approx(everything.std() / everything.mean())


def test_the_influence_on_a_deviation_is_how_far_it_moves_when_a_run_counts_a_little_more() -> None:
    times = exponential(n=7, items=31)
    counts = np.array([float(len(one)) for one in times])
    columns = [np.array([float((one**power).mean()) for one in times]) for power in (1, 2)]

    def told(weights: Reals) -> Statistic:
        return deviation(pooled_mean(columns[0], weights), pooled_mean(columns[1], weights))

    whole = told(counts)
    for run in range(7):
        more = counts.copy()
        more[run] *= 1 + 1e-5
        moved = told(more).value
        assert moved is not None
        assert whole.value is not None
        assert (moved - whole.value) / 1e-5 * 7 == pytest.approx(whole.influence[run], rel=1e-3)


# --- intervals ---


def test_halls_transformation_leaves_what_is_not_skewed_alone_and_turns_round_with_the_skew() -> None:
    assert hall(2.093, 0.0) == 2.093
    assert hall(2.0, 0.3) < 2.0 < -hall(-2.0, 0.3)
    assert hall(2.0, -0.3) == pytest.approx(-hall(-2.0, 0.3))
    assert hall(2.0, 1e-5) == pytest.approx(2.0, abs=1e-4)
    assert hall(1.5, 0.4) == pytest.approx(3 / 0.4 * ((1 + 0.4 * (1.5 - 0.4 / 6)) ** (1 / 3) - 1))


def test_a_percentile_has_its_interval_on_the_log_scale() -> None:
    found = percentile(Pool.of(exponential(items=1000)), 0.85)
    low, high, _ = interval(found)
    assert low is not None
    assert high is not None
    assert found.value is not None
    assert low * high == pytest.approx(found.value**2)
    assert math.log(high / found.value) == pytest.approx(student(19) * found.error / found.value / math.sqrt(20))


def test_few_runs_have_no_interval_of_a_percentile_and_tell_the_ends_roughly() -> None:
    four, nineteen = (level(percentile(Pool.of(exponential(n=n, items=1000)), 0.95)) for n in (4, 19))
    assert (four.low, four.reason) == (None, "a percentile has no interval with fewer than 5 runs")
    assert nineteen.low is not None
    assert nineteen.rough
    assert not level(percentile(Pool.of(exponential(n=20, items=1000)), 0.95)).rough


def test_uneven_runs_are_flagged() -> None:
    assert level(average([1.0] * 19 + [50.0])).skewed
    assert not level(average([float(number) for number in range(20)])).skewed


def test_resampling_draws_the_same_runs_again_every_time() -> None:
    assert draws(7).sum(axis=1).tolist() == [7] * 1000
    assert np.array_equal(draws(9), draws(9))


@pytest.mark.parametrize("share", [0.5, 0.85, 0.95])
def test_a_resampled_percentile_is_that_of_the_runs_that_were_drawn(share: float) -> None:
    pool = Pool.of([np.round(one, 1) for one in exponential(n=6, items=23)])
    counts = draws(6)[:50]
    found = percentile(pool, share).again(counts)
    for row, value in zip(counts.tolist(), found.tolist(), strict=True):
        drawn = [times for times, count in zip(pool.times, row, strict=True) for _ in range(count)]
        assert value == Pool.of(drawn).quantile(share)


def test_outcomes_are_quantiles_over_runs_and_what_did_not_happen_is_left_out() -> None:
    values: list[float | None] = [float(number) for number in range(1, 101)]
    assert [outcome(values, share).value for share in (0.5, 0.85, 0.95)] == [50, 85, 95]
    assert outcome([3.0, None, 5.0], 0.5).value == 3.0


def test_intervals_of_outcomes_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    truth = -math.log(0.15) * 10
    held = []
    for _ in range(300):
        found = level(outcome(rng.exponential(10, 40).tolist(), 0.85))
        held.append(found.low is not None and found.high is not None and found.low <= truth <= found.high)
    assert 0.90 < np.mean(held) < 0.99


def test_intervals_of_percentiles_hold_the_truth_as_often_as_they_say() -> None:
    """Runs of 200 items that hang together; the truth is the mixture's own percentile, from two million items."""
    rng = np.random.default_rng(8)
    truth = float(np.quantile(rng.gamma(20, 1 / 20, 2_000_000) * rng.exponential(10, 2_000_000), 0.85))
    held = [
        (found := level(percentile(Pool.of(exponential(seed=seed)), 0.85))).low is not None
        and found.high is not None
        and found.low <= truth <= found.high
        for seed in range(400)
    ]
    assert 0.91 < np.mean(held) < 0.98


# --- differences ---


def test_common_luck_narrows_a_difference_and_it_is_told_how_much() -> None:
    times = exponential()
    before, after = (percentile(Pool.of([factor * one for one in times]), 0.85) for factor in (1.0, 0.8))
    found = compare(before, after, "down")
    assert found.verdict == "better"
    assert found.better_in == 20
    assert found.ratio.mean == pytest.approx(0.8)
    assert found.variance_ratio is not None
    assert found.variance_ratio == pytest.approx((1 + 0.64) / 0.04, rel=0.1)
    assert luck_in_words(found) == "about 50 times as many runs would have been needed without common luck"


def test_a_change_that_changes_nothing_is_no_real_difference_even_where_nothing_can_move() -> None:
    fixed = percentile(runs(*[[5.0] * 10] * 6), 0.85)
    assert compare(fixed, fixed, "down").verdict == "no real difference"


def test_without_an_interval_it_is_undecided_and_says_why() -> None:
    sides = [percentile(Pool.of([factor * one for one in exponential(n=3)]), 0.85) for factor in (1.0, 0.5)]
    found = compare(sides[0], sides[1], "down")
    assert (found.verdict, found.reason) == ("undecided", "a percentile has no interval with fewer than 5 runs")
    assert found.needed is not None
    assert found.needed >= 5


def test_what_adds_up_by_run_adds_up_to_the_figure() -> None:
    found = percentile(Pool.of(exponential()), 0.85)
    assert found.as_if_by_run.mean() == pytest.approx(found.value)
    assert combined([(2.0, found), (-1.0, found)], 5.0).value == pytest.approx((found.value or 0) + 5)


# --- families ---


def alternatives(*means: float, n: int = 20, seed: int = 3) -> dict[str, Statistic]:
    """Alternatives that meet the same luck."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(0, 5, n)
    return {f"{mean:g}": average((mean + luck + rng.normal(0, 1, n)).tolist()) for mean in means}


def test_a_family_keeps_what_is_not_surely_beaten_and_says_what_choosing_costs_at_most() -> None:
    found = family(alternatives(100, 100.2, 120), "down")
    assert found is not None
    assert found.unbeaten == ("100", "100.2")
    assert found.relative
    assert found.costs_at_most["120"] == pytest.approx(0.2, abs=0.03)
    assert 0 <= found.costs_at_most["100"] < 0.02


def test_more_is_better_turns_a_family_round() -> None:
    found = family(alternatives(100, 120), "up")
    assert found is not None
    assert found.unbeaten == ("120",)


def test_the_widths_of_a_family_are_paired_bonferroni() -> None:
    rng = np.random.default_rng(1)
    influence = rng.normal(0, 1, (4, 12))
    from scipy.special import stdtrit

    t = float(stdtrit(11, 1 - 0.05 / 3))
    expected = t * np.std(influence[0] - influence[2], ddof=1) / math.sqrt(12)
    assert widths(influence, 0.05)[0, 2] == pytest.approx(expected)


def test_one_alternative_is_no_family() -> None:
    assert family(alternatives(100), "down") is None


def test_a_family_holds_the_best_as_often_as_it_says() -> None:
    held = []
    for seed in range(400):
        found = family(alternatives(100, 100.5, 101, 110, seed=seed), "down")
        assert found is not None
        held.append("100" in found.unbeaten)
    assert np.mean(held) >= 0.95


# --- what a sweep keeps of a run ---


def kept(items: int = 400) -> Sample:
    """A run as a sweep keeps it, with the clocks of a scenario of one type."""
    rng = np.random.default_rng(4)
    lead = np.sort(np.round(rng.exponential(20, items), 6))
    cycle = np.sort(np.round(lead * 0.7, 6))
    clocks = {"lead_time": lead, "cycle_time": cycle, "since_start": cycle, "time_to_outcome": lead, "age": lead[:9]}
    times = {name + suffix: values for suffix in ("", "@feature") for name, values in clocks.items()}
    figures = {"lead_time.p85": 31.5, "value": None, "throughput": rng.random()}
    metrics = figures | {f"{name}@feature": value for name, value in figures.items()}
    return Sample(metrics, {"due": 7.0}, times).thinned()


def of_two_types(items: int = 900) -> Sample:
    """As `kept`, of two types whose times and figures differ."""
    rng = np.random.default_rng(7)
    times = {name: np.sort(np.round(rng.exponential(20, items), 6)) for name in ("lead_time", "lead_time@bug", "lead_time@epic")}
    figures: dict[str, float | None] = {"wip": 3.5, "value": None, "wip@bug": 1.25, "value@bug": 2.0, "wip@epic": 2.25}
    return Sample(figures, {"due": 7.0, "due@bug": 3.0}, times).thinned()


def same(one: Sample, other: Sample) -> bool:
    """Whether two samples are the same, down to the order of their metrics."""
    return (
        list(one.metrics.items()) == list(other.metrics.items())
        and (one.weights, one.counts) == (other.weights, other.counts)
        and {name: values.tolist() for name, values in one.times.items()}
        == {name: values.tolist() for name, values in other.times.items()}
    )


def test_what_a_sweep_keeps_comes_back_as_it_was() -> None:
    nothing = Sample({"wip": 0.0}, {}, {"lead_time": np.empty(0)}).thinned()
    windows = [kept(), of_two_types(), nothing, kept(5), Sample({})]
    text, beside = keeping.kept(windows)
    again = keeping.restored(text, beside)
    assert len(again) == len(windows)
    assert all(same(one, other) for one, other in zip(windows, again, strict=True))


def test_people_can_read_the_figures_over_all_types() -> None:
    sample = of_two_types()
    text, _ = keeping.kept([sample])
    assert json.loads(text) == [{"wip": 3.5, "value": None}]


def test_what_a_sweep_keeps_beside_the_figures_takes_hardly_any_room() -> None:
    """At most 1.1 kB, not a digit lost, for three clocks that differ; figures and times of the only type next to nothing."""
    sample = kept()
    _, beside = keeping.kept([sample])
    assert len(beside) <= 1100
    whole = Sample(
        {name: value for name, value in sample.metrics.items() if "@" not in name},
        sample.weights,
        {name: values for name, values in sample.times.items() if "@" not in name},
        {name: count for name, count in sample.counts.items() if "@" not in name},
    )
    assert len(beside) - len(keeping.kept([whole])[1]) <= 100


def test_clocks_of_the_only_type_share_what_is_kept() -> None:
    sample = kept()
    assert sample.times["lead_time@feature"] is sample.times["lead_time"]
    assert sample.count("lead_time@feature") == sample.count("lead_time") == 400


def test_whole_numbers_are_kept_exactly() -> None:
    values = np.arange(0.0, 60_000, 47)
    sample = Sample({}, {}, {"lead_time": values}).thinned()
    assert set(sample.times["lead_time"].tolist()) <= set(values.tolist())
