"""The laws of the distributions: by kind the quantile function, exact mean, cv and support, and what parameters must satisfy.

Sources of the formulas: Law, *Simulation Modeling and Analysis* (5th ed., ch. 6); PERT as in Malcolm et al. 1959.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vssim.clock import Reals

INFINITE = math.inf


@dataclass(frozen=True)
class Law:
    """A distribution worked out: what the formulas of a kind give for its parameters."""

    quantile: Callable[[Reals], Reals]
    mean: float
    cv: float
    support: tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A kind of distribution: its parameters in order, their limits, its law, and how they scale.

    Everything special about a kind is a field here; nothing else asks for kinds by name.
    """

    forms: tuple[tuple[str, ...], ...]
    """names of the parameters, by form"""
    example: str
    law: Callable[..., Law]
    fault: Callable[..., str | None]
    """what is expected instead of such parameters; None: nothing"""
    scale: Callable[[str, Any, float], Any]
    """(name, value, factor) -> the parameter of the same shape, so many times as large"""
    implied: tuple[tuple[str, float], ...] = ()
    """parameters that are scaled too where they were left out, with the value that they have then"""
    holds: Literal["numbers", "table", "values"] = "numbers"
    """what its parameters are: numbers, or one table of values and weights, or one list of values"""
    is_number: bool = False
    """files write the bare number of its one parameter"""
    keeps_family: bool = False
    """with another cv it is one of its own family, by its mean and cv"""
    stretches: bool = True
    """a slider moves its mean, and its shape stays"""
    counts: Callable[..., bool] = lambda **_: False
    """of its parameters: whether every draw is a whole number of at least 1"""

    @property
    def is_bare(self) -> bool:
        """Whether its name alone is the distribution."""
        return self.forms == ((),)


def _constant(value: float) -> Law:
    return Law(lambda u: np.full(u.shape, value), value, 0.0, (value, value))


def _never() -> Law:
    return Law(lambda u: np.full(u.shape, INFINITE), INFINITE, 0.0, (INFINITE, INFINITE))


def _exponential(mean: float) -> Law:
    return Law(lambda u: -mean * np.log1p(-u), mean, 1.0 if mean else 0.0, (0.0, INFINITE if mean else 0.0))


_Z85 = 1.0364333894937896  # the standard normal's 85th percentile


def _lognormal(mean: float = 0, cv: float = 0, p50: float = 0, p85: float = 0) -> Law:
    if p50:
        mu, sigma = math.log(p50), math.log(p85 / p50) / _Z85
        mean, cv = math.exp(mu + sigma * sigma / 2), math.sqrt(math.expm1(sigma * sigma))
    else:
        sigma = math.sqrt(math.log1p(cv * cv))
        mu = math.log(mean) - sigma * sigma / 2
    if sigma == 0:
        return _constant(mean)

    def quantile(u: Reals) -> Reals:
        from vssim.special import ndtri

        values: Reals = np.exp(mu + sigma * ndtri(u))
        return values

    return Law(quantile, mean, cv, (0.0, INFINITE))


def _gamma_of_shape(shape: float, mean: float) -> Law:
    def quantile(u: Reals) -> Reals:
        from vssim.special import gammaincinv

        values: Reals = gammaincinv(shape, u) * (mean / shape)
        return values

    return Law(quantile, mean, 1 / math.sqrt(shape), (0.0, INFINITE))


def _gamma(mean: float, cv: float) -> Law:
    return _gamma_of_shape(1 / (cv * cv), mean) if cv else _constant(mean)


def _erlang(k: float, mean: float) -> Law:
    return _gamma_of_shape(k, mean)


def _weibull(mean: float, cv: float) -> Law:
    if cv == 0:
        return _constant(mean)
    shape = _weibull_shape(cv)
    scale = mean / math.gamma(1 + 1 / shape)
    return Law(lambda u: scale * (-np.log1p(-u)) ** (1 / shape), mean, cv, (0.0, INFINITE))


def _weibull_shape(cv: float) -> float:
    """The shape k at which Γ(1+2/k)/Γ(1+1/k)² = 1 + cv², by bisection on log k (the left side falls as k grows)."""
    low, high = math.log(0.05), math.log(1000.0)
    for _ in range(200):
        middle = (low + high) / 2
        k = math.exp(middle)
        excess = math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k) - math.log1p(cv * cv)
        low, high = (middle, high) if excess > 0 else (low, middle)
    return math.exp((low + high) / 2)


def _uniform(low: float, high: float) -> Law:
    mean = (low + high) / 2
    cv = (high - low) / math.sqrt(12) / mean if mean else 0.0
    return Law(lambda u: low + (high - low) * u, mean, cv, (low, high))


def _triangular(low: float, mode: float, high: float) -> Law:
    width = high - low
    if width == 0:
        return _constant(low)
    at_mode = (mode - low) / width

    def quantile(u: Reals) -> Reals:
        rising = low + np.sqrt(u * width * (mode - low))
        falling = high - np.sqrt((1 - u) * width * (high - mode))
        return np.where(u < at_mode, rising, falling)

    mean = (low + mode + high) / 3
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    return Law(quantile, mean, math.sqrt(variance) / mean if mean else 0.0, (low, high))


def _pert(low: float, mode: float, high: float) -> Law:
    width = high - low
    if width == 0:
        return _constant(low)
    a, b = 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width

    def quantile(u: Reals) -> Reals:
        from vssim.special import betaincinv

        values: Reals = low + width * betaincinv(a, b, u)
        return values

    mean = (low + 4 * mode + high) / 6
    variance = width**2 * a * b / ((a + b) ** 2 * (a + b + 1))
    return Law(quantile, mean, math.sqrt(variance) / mean if mean else 0.0, (low, high))


def _geometric(mean: float, step: float = 1.0) -> Law:
    """Multiples of `step`: 1, 2, … unless scaled."""
    chance = step / mean
    if chance == 1:
        return _constant(step)
    stay = math.log1p(-chance)
    return Law(lambda u: step * np.maximum(1.0, np.ceil(np.log1p(-u) / stay)), mean, math.sqrt(1 - chance), (step, INFINITE))


def _table(values: Reals, weights: Reals) -> Law:
    order = np.argsort(values, kind="stable")
    order = order[weights[order] > 0]
    values, shares = values[order], weights[order] / weights.sum()
    edges = np.cumsum(shares)
    edges[-1] = 1.0
    mean = float((values * shares).sum())
    deviation = math.sqrt(float((shares * (values - mean) ** 2).sum()))
    return Law(
        lambda u: values[np.searchsorted(edges, u, side="right").clip(max=len(values) - 1)],
        mean,
        deviation / mean if mean else 0.0,
        (float(values[0]), float(values[-1])),
    )


def _discrete(table: tuple[tuple[float, float], ...]) -> Law:
    return _table(np.array([value for value, _ in table]), np.array([weight for _, weight in table]))


def _empirical(values: tuple[float, ...]) -> Law:
    return _table(np.array(values), np.ones(len(values)))


# --- what parameters must satisfy -----------------------------------------------------------------------------------------


def _mean_cv_fault(mean: float = 1, cv: float = 0, p50: float = 1, p85: float = 1) -> str | None:
    if mean <= 0 or p50 <= 0:
        return "a mean above 0"
    if cv < 0 or cv > 20:
        return "a cv between 0 and 20"
    return "a p85 of at least the p50" if p85 < p50 else None


def _ordered_fault(low: float, high: float, mode: float | None = None) -> str | None:
    if low < 0:
        return "a low end of at least 0"
    middle = low if mode is None else mode
    return None if low <= middle <= high else "low <= mode <= high" if mode is not None else "low <= high"


def _discrete_fault(table: tuple[tuple[float, float], ...]) -> str | None:
    if not table or any(value < 0 for value, _ in table):
        return "values of at least 0"
    if any(weight < 0 for _, weight in table):
        return "weights of at least 0"
    total = sum(weight for _, weight in table)
    return None if abs(total - 1) < 1e-6 else f"weights that add up to 100% (they add up to {total:.6g})"


def _same(name: str, value: Any, factor: float) -> Any:
    return value if name in ("cv", "k") else value * factor


def _scale_table(_: str, value: Any, factor: float) -> Any:
    return tuple((entry[0] * factor, entry[1]) if isinstance(entry, tuple) else entry * factor for entry in value)


def _is_count(value: float) -> bool:
    return value >= 1 and float(value).is_integer()


KINDS: dict[str, Kind] = {
    "constant": Kind(
        (("value",),),
        "constant(3)",
        _constant,
        lambda value: None if value >= 0 else "a number of at least 0",
        _same,
        is_number=True,
        counts=_is_count,
    ),
    "exponential": Kind((("mean",),), "exponential(2.5)", _exponential, lambda mean: None if mean > 0 else "a mean above 0", _same),
    "lognormal": Kind(
        (("mean", "cv"), ("p50", "p85")), "lognormal(mean=2, cv=0.8)", _lognormal, _mean_cv_fault, _same, keeps_family=True
    ),
    "gamma": Kind((("mean", "cv"),), "gamma(mean=2, cv=0.8)", _gamma, _mean_cv_fault, _same),
    "erlang": Kind(
        (("k", "mean"),),
        "erlang(k=2, mean=1)",
        _erlang,
        lambda k, mean: (
            "a mean above 0"
            if mean <= 0
            else None
            if k >= 1 and float(k).is_integer()
            else "a whole number of phases k of at least 1"
        ),
        _same,
    ),
    "weibull": Kind(
        (("mean", "cv"),),
        "weibull(mean=2, cv=0.8)",
        _weibull,
        lambda mean, cv: _mean_cv_fault(mean, cv) or ("a cv of 0, or between 0.002 and 20" if 0 < cv < 0.002 else None),
        _same,
        keeps_family=True,
    ),
    "uniform": Kind((("low", "high"),), "uniform(1, 9)", _uniform, _ordered_fault, _same),
    "triangular": Kind((("low", "mode", "high"),), "triangular(1, 2, 5)", _triangular, _ordered_fault, _same),
    "pert": Kind((("low", "mode", "high"),), "pert(1, 2, 5)", _pert, _ordered_fault, _same),
    "geometric": Kind(
        (("mean",), ("mean", "step")),
        "geometric(4)",
        _geometric,
        lambda mean, step=1.0: None if 0 < step <= mean else f"a mean of at least {step:g}",
        _same,
        implied=(("step", 1.0),),
        stretches=False,
        counts=lambda **parameters: _geometric(**parameters).support[0] == 1,
    ),
    "discrete": Kind(
        (("table",),),
        "discrete({1: 50%, 2: 50%})",
        _discrete,
        _discrete_fault,
        _scale_table,
        holds="table",
        stretches=False,
        counts=lambda table: all(_is_count(value) for value, _ in table),
    ),
    "empirical": Kind(
        (("values",),),
        "empirical([1, 2, 5])",
        _empirical,
        lambda values: None if values and min(values) >= 0 else "at least one value, none below 0",
        _scale_table,
        holds="values",
        stretches=False,
        counts=lambda values: all(_is_count(value) for value in values),
    ),
    "never": Kind(((),), "never", _never, lambda: None, _same, stretches=False),
}
