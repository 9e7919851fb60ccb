"""What the distributions of the language promise: their quantiles, their exact mean and cv, and how they are written."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vssim.model.distributions import KINDS, Distribution, DistributionFault, constant, exponential, parse

TEXTS = [
    *(kind.example for name, kind in KINDS.items() if name != "never"),
    "lognormal(p50=3, p85=8)",
    "lognormal(mean=2, cv=0)",
    "gamma(mean=3, cv=0.3)",
    "gamma(mean=3, cv=1.2)",
    "weibull(mean=2, cv=1.5)",
    "weibull(mean=2, cv=1)",
    "erlang(k=5, mean=2.5)",
    "uniform(0, 2)",
    "uniform(3, 3)",
    "triangular(0, 0, 3)",
    "triangular(1, 4, 4)",
    "pert(0, 1, 8)",
    "geometric(1)",
    "geometric(1.5)",
    "geometric(mean=2, step=0.5)",
    "discrete({0: 20%, 1.5: 0.3, 8: 50%})",
    "discrete({5: 50%, 1: 50%, 3: 0%})",
    "empirical([3, 1, 1, 2.5])",
]
ANY = st.sampled_from(TEXTS).map(parse)
MIDDLES = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize("text", TEXTS)
def test_the_stated_mean_and_cv_are_those_of_the_quantiles(text: str) -> None:
    distribution = parse(text)
    values = distribution.quantile(MIDDLES)
    assert values.mean() == pytest.approx(distribution.mean, rel=2e-3)
    assert values.std() == pytest.approx(distribution.cv * distribution.mean, rel=1e-2, abs=1e-12)


@given(ANY, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_quantiles_rise_and_stay_within_the_support(distribution: Distribution, one: float, other: float) -> None:
    low, high = distribution.quantile(np.array(sorted([one, other])))
    smallest, largest = distribution.support
    assert smallest * (1 - 1e-12) <= low <= high <= largest * (1 + 1e-12)
    assert low >= 0


@given(ANY, st.floats(0.01, 100), st.floats(0, 0.999999))
def test_scaling_multiplies_every_quantile(distribution: Distribution, factor: float, uniform: float) -> None:
    at = np.array([uniform])
    scaled = distribution.scaled(factor)
    assert scaled.quantile(at) == pytest.approx(distribution.quantile(at) * factor, rel=1e-9, abs=1e-300)
    assert scaled.mean == pytest.approx(distribution.mean * factor)
    assert scaled.cv == pytest.approx(distribution.cv)


@given(ANY)
def test_scaling_by_one_changes_nothing(distribution: Distribution) -> None:
    assert distribution.scaled(1) is distribution


@given(ANY, st.floats(0.01, 3))
def test_another_cv_keeps_the_mean(distribution: Distribution, cv: float) -> None:
    other = distribution.with_cv(cv)
    assert other.mean == pytest.approx(distribution.mean)
    assert other.cv == pytest.approx(cv)


@given(ANY)
def test_a_cv_of_nought_makes_a_constant_and_the_own_cv_changes_nothing(distribution: Distribution) -> None:
    assert distribution.with_cv(distribution.cv) is distribution
    assert distribution.with_cv(0).is_constant


@given(ANY)
def test_a_distribution_is_written_so_that_reading_gives_the_same(distribution: Distribution) -> None:
    assert parse(distribution.document()) == distribution
    assert parse(distribution) is distribution


def test_never_is_never() -> None:
    never = parse("never")
    assert never.quantile(np.array([0.0, 0.9])).tolist() == [math.inf, math.inf]
    assert never.with_cv(0) == never
    assert never.document() == "never"


def test_the_mapping_form_means_the_same_as_the_text() -> None:
    assert parse({"lognormal": {"mean": 2, "cv": 0.8}}) == parse("lognormal(mean=2, cv=0.8)") == parse("lognormal(2, 0.8)")
    assert parse({"exponential": 2}) == parse("exponential(2)") == exponential(2)
    assert parse({"uniform": [1, 9]}) == parse("uniform(1, 9)")
    assert parse({"discrete": {1: "50%", 2: "50%"}}) == parse("discrete({1: 50%, 2: 50%})")
    assert parse({"empirical": [1, 2]}) == parse("empirical([1, 2])")
    assert parse(3) == parse("constant(3)") == constant(3)


def test_a_lognormal_goes_through_the_percentiles_by_which_people_estimate() -> None:
    values = parse("lognormal(p50=3, p85=8)").quantile(np.array([0.5, 0.85]))
    assert values == pytest.approx([3, 8])


def test_an_exponential_has_its_textbook_quantiles() -> None:
    assert exponential(2).quantile(np.array([0.0, 0.5])) == pytest.approx([0, 2 * math.log(2)])


def test_an_erlang_of_one_phase_is_an_exponential() -> None:
    assert parse("erlang(k=1, mean=2)").quantile(MIDDLES[:100]) == pytest.approx(exponential(2).quantile(MIDDLES[:100]))


def test_a_value_without_weight_is_never_drawn() -> None:
    certain = parse("discrete({1: 100%, 7: 0%})")
    assert certain.support == (1, 1)
    assert certain.quantile(np.array([0.0, np.nextafter(1, 0)])).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("value", "expected", "near"),
    [
        ("exponental(2)", "one of constant, exponential", "exponential"),
        ("exponential", "parameters, as in exponential(2.5)", ""),
        ("exponential(0)", "a mean above 0 in exponential", ""),
        ("exponential(-1)", "a mean above 0 in exponential", ""),
        ("lognormal(mean=2)", "2 parameters, as in lognormal(mean=2, cv=0.8)", ""),
        ("lognormal(maen=2, cv=0.8)", "the parameters of lognormal(mean=2, cv=0.8)", "mean"),
        ("lognormal(mean=2, cv=-1)", "a cv between 0 and 20", ""),
        ("lognormal(p50=8, p85=3)", "a p85 of at least the p50", ""),
        ("lognormal(mean=2", "in quotes", ""),
        ("lognormal(mean=2, 0.8)", "unnamed parameters before named ones", ""),
        ({"lognormal(mean=2": None, "cv=0.8)": None}, "in quotes", ""),
        ("uniform(3, 1)", "low <= high", ""),
        ("uniform(-1, 1)", "a low end of at least 0", ""),
        ("triangular(1, 9, 5)", "low <= mode <= high", ""),
        ("erlang(k=1.5, mean=2)", "a whole number of phases", ""),
        ("geometric(0.5)", "a mean of at least 1", ""),
        ("discrete({1: 50%, 2: 20%})", "weights that add up to 100%", ""),
        ("empirical([])", "at least one value", ""),
        ("empirical(3)", "values in brackets", ""),
        ("exponential(nan)", "a finite number", ""),
        ("constant(inf)", "a finite number", ""),
        (10**400, "numbers", ""),
        (-1, "a number of at least 0", ""),
        (True, "a number, or a distribution", ""),
        (None, "a number, or a distribution", ""),
        ("three", "one of constant, exponential", ""),
        ([1, 2], "a number, or a distribution", ""),
    ],
)
def test_what_is_no_distribution_is_told_what_one_looks_like(value: object, expected: str, near: str) -> None:
    with pytest.raises(DistributionFault) as caught:
        parse(value)
    assert expected in caught.value.expected
    assert caught.value.near == near
