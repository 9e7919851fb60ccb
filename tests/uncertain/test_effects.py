"""An effect over worlds: what is not known told apart from luck, whatever there is of either."""

from __future__ import annotations

import numpy as np
import pytest

from vssim.analysis.uncertain.effects import Effect, effect, verdict


def played(
    seed: int, worlds: int = 200, centre: float = -3.0, between: float = 4.0, luck: float = 3.0
) -> tuple[Effect, np.ndarray]:
    """The effect that was seen in worlds of which the true ones are known."""
    chance = np.random.default_rng(seed)
    true = chance.normal(-3.0, between, 200)
    found = effect(true[:, None] + chance.normal(0, luck, (200, 2)))
    assert found is not None
    return found, true


def test_what_is_not_known_is_told_apart_from_luck_without_bias() -> None:
    several = [played(seed)[0] for seed in range(60)]
    assert np.mean([each.not_known for each in several]) == pytest.approx(16, rel=0.05)
    assert np.mean([each.luck for each in several]) == pytest.approx(3, rel=0.05)
    assert np.mean([each.kappa for each in several]) == pytest.approx(16 / (16 + 4.5), rel=0.05)


def test_where_all_is_luck_the_estimate_is_nothing_on_average_and_not_clipped() -> None:
    several = [played(seed, between=0.0)[0] for seed in range(80)]
    assert np.mean([each.not_known for each in several]) == pytest.approx(0, abs=0.15)
    assert min(each.not_known for each in several) < 0
    assert not any(each.is_told for each in several)


def test_ones_own_world_lies_in_the_range_nine_times_in_ten() -> None:
    kept = []
    for seed in range(120):
        found, _ = played(seed)
        low, high = found.in_your_world
        kept.append(low <= np.random.default_rng(1000 + seed).normal(-3, 4) <= high)
    assert 0.85 <= np.mean(kept) <= 0.95


def test_the_share_of_worlds_is_not_drawn_to_a_half_by_luck() -> None:
    several = [played(seed, luck=8.0)[0] for seed in range(40)]
    truth = 0.7734  # of a normal distribution with mean −3 and σ 4 below 0
    raw = np.mean([(each.by_world < 0).mean() for each in several])
    calmed = np.mean([each.share_better(-1) for each in several])
    assert raw < 0.72
    assert calmed == pytest.approx(truth, abs=0.03)


def test_the_interval_of_the_share_holds_it() -> None:
    held = []
    for seed in range(25):
        low, high = played(seed)[0].share_interval(-1)
        held.append(low <= 0.7734 <= high)
    assert np.mean(held) >= 0.85


def test_a_change_is_better_when_it_surely_is_in_nine_of_ten_worlds() -> None:
    assert [verdict(share) for share in ((0.93, 0.99), (0.01, 0.05), (0.6, 0.8), (0.85, 0.97))] == [
        "better",
        "worse",
        "not settled",
        "not settled",
    ]


@pytest.mark.parametrize("worlds", [2, 4, 10, 25, 50])
def test_a_handful_of_worlds_that_agree_is_seldom_sure_of_what_is_not_so(worlds: int) -> None:
    """In 0.9 of all that is thought possible it is better, no more: to call that better is wrong, at most 1 time in 40."""
    chance, called = np.random.default_rng(7), 0
    for _ in range(400):
        true = chance.normal(-1.2816, 1.0, worlds)
        change = effect(true[:, None] + chance.normal(0, 0.3, (worlds, 2)))
        assert change is not None
        called += verdict(change.share_interval(-1)) == "better"
    assert called <= 400 / 40 + 12  # and four standard deviations


@pytest.mark.parametrize(("worlds", "sure"), [(2, False), (10, True), (50, True)])
def test_worlds_that_agree_far_from_nothing_are_believed_when_they_are_not_too_few(worlds: int, sure: bool) -> None:
    chance = np.random.default_rng(8)
    several = [effect(chance.normal(-10, 1.0, (worlds, 1)) + chance.normal(0, 0.5, (worlds, 2))) for _ in range(20)]
    assert np.mean([change is not None and verdict(change.share_interval(-1)) == "better" for change in several]) == pytest.approx(
        float(sure), abs=0.1
    )


def test_worlds_without_a_result_are_left_out_and_one_replication_tells_nothing() -> None:
    table = np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, 5.0]])
    found = effect(table)
    assert found is not None
    assert found.by_world.tolist() == [1.5, 4.5]
    assert effect(table[:, :1]) is None
    assert effect(table[:1]) is None
