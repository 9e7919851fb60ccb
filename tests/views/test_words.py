"""Figures in words: the digits that matter, none invented, and bars of the right length."""

from __future__ import annotations

import random

import pytest
from rich.console import Console

from vssim.statistics import Estimate, compare_pairs
from vssim.views import labels, words
from vssim.views.labels import MARKS
from vssim.views.terminal.bars import WIDTH, bars


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (41.234, "41.2"),
        (1234.5, "1,234"),
        (0.3842, "0.384"),
        (0, "0"),
        (-2.5, "−2.5"),
        (None, "–"),
        (float("inf"), "–"),
        (8.0, "8"),
    ],
)
def test_a_number_has_three_significant_digits(value: float | None, written: str) -> None:
    assert words.figure(value) == written


@pytest.mark.parametrize(
    ("sides", "places"),
    [
        ([(251.35, 258.75)], 2),  # 251 → 259 would be 8, 251.3 → 258.8 would be 7.5, and it is 7.4
        ([(418.6, 426.3)], 1),
        ([(200.0, 200.0)], 0),
        ([(488.2, 529.9)], 0),  # 488 → 530 is 42
        ([(488.2, 529.9), (488.2, 490.8)], 1),
    ],
)
def test_counts_have_the_decimals_with_which_a_calculator_finds_by_how_many_they_differ(
    sides: list[tuple[float, float]], places: int
) -> None:
    assert words.places_counted(sides) == places


@pytest.mark.parametrize(
    ("sides", "places"),
    [
        ([(73.4, 56.2)], 0),  # 73 → 56 is −23 %, as 73.4 → 56.2 is
        ([(130.4, 112.6)], 1),  # 130 → 113 would be −13 %, and it is −14 %
        ([(0.93056, 0.94711)], 4),  # 0.931 → 0.947 would be +1.7 %, and it is +1.8 %
        ([(73.4, 56.2), (130.4, 112.6)], 1),
        ([(0.0, 11.2)], 1),
        ([(144.43, 141.3)], 1),  # −2.2 % needs a digit that none has: −2.15 % of 144.4 → 141.3 is nearer than −2.08 % of 144 → 141
        ([(127.1, 119.2), (127.1, 126.7005)], 1),  # −6.2 % is found in 127.1 → 119.2, though −0.3 % needs a digit that none has
    ],
)
def test_two_numbers_have_as_many_decimals_as_give_their_change(sides: list[tuple[float, float]], places: int) -> None:
    assert words.places_told(sides) == places


def test_a_calculator_finds_the_change_in_the_numbers_beside_it() -> None:
    luck = random.Random(6)
    found = []
    for _ in range(400):
        before = 10 ** luck.uniform(-2, 3)
        after = before * luck.choice([luck.uniform(0.3, 0.9), luck.uniform(1.1, 2.5)])
        said = words.from_to(before, after, words.places_told([(before, after)]), words.CHECKABLE).replace(",", "")
        seen = [float(number) for number in said.split(" → ")]
        found.append(f"{100 * (seen[1] / seen[0] - 1):+.0f}" == f"{100 * (after / before - 1):+.0f}")
    assert sum(found) >= 0.99 * len(found)


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (41.2, 17.7, "41 → 18"),
        (41.2, 40.8, "41.2 → 40.8"),
        (8.9, 8.26, "8.90 → 8.26"),
        (0, 11.2, "0 → 11.2"),
        (100.0, 0.02, "100 → 0.02"),
        (None, 3.0, "– → 3"),
    ],
)
def test_two_numbers_have_as_many_decimals_as_tell_them_apart(before: float | None, after: float | None, written: str) -> None:
    assert words.from_to(before, after) == written


def test_a_ratio_is_a_change_in_per_cent_with_its_interval() -> None:
    assert words.shift(Estimate(0.43, 0.39, 0.48, 20)) == "−57 % (95 % interval −61 … −52)"
    assert words.shift(Estimate(1.024, 0.99, 1.06, 20), "") == "+2.4 % (−1.0 … +6.0)"


def test_a_large_ratio_is_a_factor_and_an_unknown_one_is_nothing() -> None:
    assert words.shift(Estimate(4.2, 3.9, 4.6, 20), "") == "× 4.2 (3.9 … 4.6)"
    assert words.shift(Estimate(None, None, None, 0)) == ""


def test_one_replication_has_no_interval() -> None:
    assert words.shift(Estimate(0.5, None, None, 1)) == "−50 %"


def test_one_day_is_no_days() -> None:
    assert words.many(1, "day") == "1 day"
    assert words.many(600, "day") == "600 days"


def test_every_cause_has_its_own_mark() -> None:
    assert len({mark for mark, _ in MARKS.values()}) == len(MARKS) == len(labels.CAUSES)


def test_bars_are_on_one_scale_and_as_long_as_their_total() -> None:
    none = dict.fromkeys(labels.CAUSES, 0.0)
    first, second, _ = bars([("before", none | {"hands_on": 3.3, "queueing": 6.7}), ("after", none | {"hands_on": 5.0})])
    assert drawn(first).count("█") == round(0.33 * WIDTH)
    assert drawn(first).count("█") + drawn(first).count("░") == WIDTH
    assert drawn(second).count("█") == WIDTH // 2


def test_nothing_delivered_draws_nothing() -> None:
    assert list(bars([("before", dict.fromkeys(labels.CAUSES, 0.0))])) == []


def drawn(part: object) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(part)
    return capture.get()


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (0.21, 0.35, ("21 %", "35 %")),
        (0.0194, 0.0296, ("1.94 %", "2.96 %")),  # 1.9 → 3 % would be +1.1 pts, and it is +1.0
        (0.2144, 0.4462, ("21.4 %", "44.6 %")),  # 45 − 21 is 24, and it is +23 pts
        (0.0, 0.1549, ("0 %", "15 %")),
        (None, 0.5, ("–", "50 %")),
    ],
)
def test_shares_have_the_decimals_that_their_change_in_points_needs(
    before: float | None, after: float | None, written: tuple[str, str]
) -> None:
    assert words.shares(before, after) == written


def test_a_calculator_finds_the_points_in_the_shares_beside_them() -> None:
    luck = random.Random(7)
    found = []
    for _ in range(400):
        before, after = luck.choice([0.0, luck.random(), luck.random() / 20]), luck.random() ** 2
        seen = [float(text.removesuffix(" %")) for text in words.shares(before, after)]
        found.append(
            words.points(Estimate((seen[1] - seen[0]) / 100, None, None, 2))
            == words.points(Estimate(after - before, None, None, 2))
        )
    assert sum(found) >= 0.99 * len(found)


def test_many_share_a_time_of_one_day() -> None:
    assert words.true_share("lead_time.p85", Estimate(1.0, None, None, 1, share=0.97), "day") == "97 % within 1 day"
    assert words.true_share("lead_time.p85", Estimate(2.0, None, None, 1, share=0.97), "day") == "97 % within 2 days"


def test_it_is_told_in_how_many_pairs_both_sides_had_the_same() -> None:
    told = [
        words.better_in(compare_pairs([3.0, 3.0, 3.0], after, "down"))
        for after in ([2.0, 1.0, 2.5], [2.0, 3.0, 3.0], [3.0, 4.0, 3.0])
    ]
    assert told == ["better in 3 of 3", "better in 1 of 3, the same in 2", "better in 0 of 3, the same in 2"]
