"""Distributions by the names of the field, each with its quantile function, exact mean, cv and support.

Everything random in vssim is a quantile function of a uniform number (inverse transform), so that a lever which changes a
parameter moves every item the same way. Durations are never negative: a distribution that could be is refused.

Sources of the formulas: Law, *Simulation Modeling and Analysis* (5th ed., ch. 6); PERT as in Malcolm et al. 1959.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vssim.clock import Reals
from vssim.errors import nearest

INFINITE = math.inf


class DistributionFault(ValueError):
    """What a distribution should have looked like; `near` is the closest right name, if one is close."""

    def __init__(self, expected: str, near: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.near = near


@dataclass(frozen=True)
class Distribution:
    """One distribution: a kind and its parameters as the file names them.

    `parameters` are (name, value) pairs; values are floats, or a tuple of (value, weight) pairs for tables.
    Quantiles, mean and support are in the unit of whatever the distribution describes (units of time for durations).
    """

    kind: str
    parameters: tuple[tuple[str, Any], ...]

    def __getitem__(self, name: str) -> Any:
        return dict(self.parameters)[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return Distribution, (self.kind, self.parameters)  # its law is worked out again where it arrives

    @cached_property
    def _law(self) -> _Law:
        return KINDS[self.kind].law(**dict(self.parameters))

    @property
    def mean(self) -> float:
        """Exact mean; infinite for `never`."""
        return self._law.mean

    @property
    def cv(self) -> float:
        """Exact coefficient of variation (standard deviation / mean); 0 where the mean is 0."""
        return self._law.cv

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value (largest may be infinite)."""
        return self._law.support

    @property
    def is_constant(self) -> bool:
        """True when every draw gives the same value."""
        return self.support[0] == self.support[1]

    def quantile(self, uniform: Reals) -> Reals:
        """The values below which shares `uniform` (in [0, 1), any shape) of all draws lie; same shape."""
        return self._law.quantile(np.asarray(uniform, dtype=np.float64))

    def scaled(self, factor: float) -> Distribution:
        """The same shape with every value multiplied by `factor` (> 0)."""
        if factor == 1:
            return self
        if self.kind == "geometric":
            return Distribution(
                self.kind, (("mean", self.mean * factor), ("step", dict(self.parameters).get("step", 1.0) * factor))
            )
        scaled = KINDS[self.kind].scale
        return Distribution(self.kind, tuple((name, scaled(name, value, factor)) for name, value in self.parameters))

    def with_cv(self, cv: float) -> Distribution:
        """A distribution of the same mean with another cv: a constant for 0, else the family's own member, or a gamma."""
        if cv == self.cv or self.kind == "never" or self.mean == 0:
            return self
        if cv <= 0:
            return constant(self.mean)
        if self.kind in ("lognormal", "weibull"):
            return Distribution(self.kind, (("mean", self.mean), ("cv", cv)))
        return Distribution("gamma", (("mean", self.mean), ("cv", cv)))

    def document(self) -> Any:
        """The distribution as a scenario file writes it."""
        if self.kind == "constant":
            return _plain(self["value"])
        if self.kind == "never":
            return "never"
        if self.kind == "discrete":
            return {"discrete": {_plain(value): _plain(weight) for value, weight in self["table"]}}
        if self.kind == "empirical":
            return {"empirical": [_plain(value) for value in self["values"]]}
        return f"{self.kind}({', '.join(f'{name}={_plain(value)!r}' for name, value in self.parameters)})"

    def __str__(self) -> str:
        return str(self.document())


@dataclass(frozen=True)
class _Law:
    """A distribution worked out: what the formulas of a kind give for its parameters."""

    quantile: Callable[[Reals], Reals]
    mean: float
    cv: float
    support: tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A kind of distribution: its parameters in order, what they must satisfy, its law, how its parameters scale."""

    forms: tuple[tuple[str, ...], ...]
    example: str
    law: Callable[..., _Law]
    fault: Callable[..., str | None]
    scale: Callable[[str, Any, float], Any]


def _plain(value: float) -> int | float:
    """A number as a file writes it: 3 rather than 3.0."""
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def constant(value: float) -> Distribution:
    """The distribution that always gives `value`."""
    return Distribution("constant", (("value", float(value)),))


def exponential(mean: float) -> Distribution:
    """Exponential with the given mean."""
    return Distribution("exponential", (("mean", float(mean)),))


ZERO = constant(0.0)
ONE = constant(1.0)


# --- the laws -------------------------------------------------------------------------------------------------------------


def _constant(value: float) -> _Law:
    return _Law(lambda u: np.full(u.shape, value), value, 0.0, (value, value))


def _never() -> _Law:
    return _Law(lambda u: np.full(u.shape, INFINITE), INFINITE, 0.0, (INFINITE, INFINITE))


def _exponential(mean: float) -> _Law:
    return _Law(lambda u: -mean * np.log1p(-u), mean, 1.0 if mean else 0.0, (0.0, INFINITE if mean else 0.0))


_Z85 = 1.0364333894937896  # the standard normal's 85th percentile


def _lognormal(mean: float = 0, cv: float = 0, p50: float = 0, p85: float = 0) -> _Law:
    if p50:
        mu, sigma = math.log(p50), math.log(p85 / p50) / _Z85
        mean, cv = math.exp(mu + sigma * sigma / 2), math.sqrt(math.expm1(sigma * sigma))
    else:
        sigma = math.sqrt(math.log1p(cv * cv))
        mu = math.log(mean) - sigma * sigma / 2
    if sigma == 0:
        return _constant(mean)

    def quantile(u: Reals) -> Reals:
        from scipy.special import ndtri

        values: Reals = np.exp(mu + sigma * ndtri(u))
        return values

    return _Law(quantile, mean, cv, (0.0, INFINITE))


def _gamma_of_shape(shape: float, mean: float) -> _Law:
    def quantile(u: Reals) -> Reals:
        from scipy.special import gammaincinv

        values: Reals = gammaincinv(shape, u) * (mean / shape)
        return values

    return _Law(quantile, mean, 1 / math.sqrt(shape), (0.0, INFINITE))


def _gamma(mean: float, cv: float) -> _Law:
    return _gamma_of_shape(1 / (cv * cv), mean) if cv else _constant(mean)


def _erlang(k: float, mean: float) -> _Law:
    return _gamma_of_shape(k, mean)


def _weibull(mean: float, cv: float) -> _Law:
    if cv == 0:
        return _constant(mean)
    shape = _weibull_shape(cv)
    scale = mean / math.gamma(1 + 1 / shape)
    return _Law(lambda u: scale * (-np.log1p(-u)) ** (1 / shape), mean, cv, (0.0, INFINITE))


def _weibull_shape(cv: float) -> float:
    """The shape k at which Γ(1+2/k)/Γ(1+1/k)² = 1 + cv², by bisection on log k (the left side falls as k grows)."""
    low, high = math.log(0.05), math.log(1000.0)
    for _ in range(200):
        middle = (low + high) / 2
        k = math.exp(middle)
        excess = math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k) - math.log1p(cv * cv)
        low, high = (middle, high) if excess > 0 else (low, middle)
    return math.exp((low + high) / 2)


def _uniform(low: float, high: float) -> _Law:
    mean = (low + high) / 2
    cv = (high - low) / math.sqrt(12) / mean if mean else 0.0
    return _Law(lambda u: low + (high - low) * u, mean, cv, (low, high))


def _triangular(low: float, mode: float, high: float) -> _Law:
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
    return _Law(quantile, mean, math.sqrt(variance) / mean if mean else 0.0, (low, high))


def _pert(low: float, mode: float, high: float) -> _Law:
    width = high - low
    if width == 0:
        return _constant(low)
    a, b = 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width

    def quantile(u: Reals) -> Reals:
        from scipy.special import betaincinv

        values: Reals = low + width * betaincinv(a, b, u)
        return values

    mean = (low + 4 * mode + high) / 6
    variance = width**2 * a * b / ((a + b) ** 2 * (a + b + 1))
    return _Law(quantile, mean, math.sqrt(variance) / mean if mean else 0.0, (low, high))


def _geometric(mean: float, step: float = 1.0) -> _Law:
    """Multiples of `step`: 1, 2, … unless scaled."""
    chance = step / mean
    if chance == 1:
        return _constant(step)
    stay = math.log1p(-chance)
    return _Law(lambda u: step * np.maximum(1.0, np.ceil(np.log1p(-u) / stay)), mean, math.sqrt(1 - chance), (step, INFINITE))


def _table(values: Reals, weights: Reals) -> _Law:
    order = np.argsort(values, kind="stable")
    order = order[weights[order] > 0]
    values, shares = values[order], weights[order] / weights.sum()
    edges = np.cumsum(shares)
    edges[-1] = 1.0
    mean = float((values * shares).sum())
    deviation = math.sqrt(float((shares * (values - mean) ** 2).sum()))
    return _Law(
        lambda u: values[np.searchsorted(edges, u, side="right").clip(max=len(values) - 1)],
        mean,
        deviation / mean if mean else 0.0,
        (float(values[0]), float(values[-1])),
    )


def _discrete(table: tuple[tuple[float, float], ...]) -> _Law:
    return _table(np.array([value for value, _ in table]), np.array([weight for _, weight in table]))


def _empirical(values: tuple[float, ...]) -> _Law:
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


KINDS: dict[str, Kind] = {
    "constant": Kind(
        (("value",),), "constant(3)", _constant, lambda value: None if value >= 0 else "a number of at least 0", _same
    ),
    "exponential": Kind((("mean",),), "exponential(2.5)", _exponential, lambda mean: None if mean > 0 else "a mean above 0", _same),
    "lognormal": Kind((("mean", "cv"), ("p50", "p85")), "lognormal(mean=2, cv=0.8)", _lognormal, _mean_cv_fault, _same),
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
    ),
    "discrete": Kind((("table",),), "discrete({1: 50%, 2: 50%})", _discrete, _discrete_fault, _scale_table),
    "empirical": Kind(
        (("values",),),
        "empirical([1, 2, 5])",
        _empirical,
        lambda values: None if values and min(values) >= 0 else "at least one value, none below 0",
        _scale_table,
    ),
    "never": Kind(((),), "never", _never, lambda: None, _same),
}

EXAMPLES = "a number, or a distribution such as exponential(2.5) or lognormal(mean=2, cv=0.8)"


# --- reading --------------------------------------------------------------------------------------------------------------


def parse(value: Any) -> Distribution:
    """The distribution that a scenario file means by `value`: a number, a text, or a one-key mapping.

    Raises DistributionFault, whose text is what was expected instead.
    """
    if isinstance(value, Distribution):
        return value
    if isinstance(value, bool) or value is None:
        raise DistributionFault(EXAMPLES)
    if isinstance(value, int | float):
        return _build("constant", [value], {})
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, Mapping):
        return _parse_mapping(value)
    raise DistributionFault(EXAMPLES)


_CALL = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*\Z", re.DOTALL)


def _parse_text(text: str) -> Distribution:
    found = _CALL.match(text)
    if not found:
        raise DistributionFault(_quote_hint(text) or EXAMPLES)
    name, inside = found.groups()
    if name not in KINDS:
        raise DistributionFault(f"one of {', '.join(KINDS)}", nearest(name, KINDS))
    if inside is None and name != "never":
        raise DistributionFault(f"parameters, as in {KINDS[name].example}")
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for part in _split(inside or ""):
        key, equals, rest = part.partition("=")
        if equals and key.strip().isidentifier():
            named[key.strip()] = _parameter(rest, name)
        elif named:
            raise DistributionFault(f"unnamed parameters before named ones, as in {KINDS[name].example}")
        else:
            positional.append(_parameter(part, name))
    return _build(name, positional, named)


def _quote_hint(text: str) -> str:
    """The one hint that matters inside {…}: YAML cut the distribution at its comma."""
    name = text.split("(", 1)[0].strip()
    if "(" in text and not text.rstrip().endswith(")") and name in KINDS:
        return f'the whole distribution; inside {{...}} put the distribution in quotes: "{KINDS[name].example}"'
    return ""


def _split(inside: str) -> list[str]:
    """`inside` cut at the commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(inside):
        depth += (character in "[{(") - (character in "]})")
        if character == "," and depth == 0:
            parts.append(inside[start:position])
            start = position + 1
    parts.append(inside[start:])
    return [part.strip() for part in parts if part.strip()]


def _parameter(text: str, kind: str) -> Any:
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        pairs = [entry.rpartition(":") for entry in _split(text[1:-1])]
        return {_parameter(value, kind): _parameter(weight, kind) for value, _, weight in pairs}
    if text.startswith("[") and text.endswith("]"):
        return [_parameter(entry, kind) for entry in _split(text[1:-1])]
    return _plain_number(text, kind)


def _plain_number(value: Any, kind: str) -> float:
    expected = f"numbers, as in {KINDS[kind].example}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise DistributionFault(expected)
    try:
        text = value.strip() if isinstance(value, str) else ""
        number = float(text[:-1]) / 100 if text.endswith("%") else float(value)
    except (ValueError, OverflowError):
        raise DistributionFault(expected) from None
    if not math.isfinite(number):
        raise DistributionFault("a finite number")
    return number


def _parse_mapping(value: Mapping[Any, Any]) -> Distribution:
    if len(value) != 1:
        cut = next((str(entry) for entry in value.values() if isinstance(entry, str)), "")
        hint = next((_quote_hint(str(key)) for key in value if _quote_hint(str(key))), "") or _quote_hint(cut)
        raise DistributionFault(hint or "one distribution, as in {lognormal: {mean: 2, cv: 0.8}}")
    ((name, inside),) = value.items()
    if name not in KINDS:
        raise DistributionFault(f"one of {', '.join(KINDS)}", nearest(str(name), KINDS))
    if name in ("discrete", "empirical"):
        return _build(name, [inside], {})
    if isinstance(inside, Mapping):
        return _build(name, [], {str(key): entry for key, entry in inside.items()})
    return _build(name, list(inside) if isinstance(inside, list | tuple) else [inside], {})


def _build(kind: str, positional: list[Any], named: dict[str, Any]) -> Distribution:
    """Check parameters against the forms of a kind; percentages and numbers become floats."""
    entry = KINDS[kind]
    if kind == "empirical" and positional and not isinstance(positional[0], list | tuple):
        raise DistributionFault("values in brackets, as in empirical([1, 2, 5]), or empirical(file.csv, column)")
    form = next((form for form in entry.forms if set(named) <= set(form) and (named or form == entry.forms[0])), None)
    if form is None:
        wrong = next((key for key in named if all(key not in form for form in entry.forms)), next(iter(named)))
        known = [name for form in entry.forms for name in form]
        raise DistributionFault(f"the parameters of {entry.example}", nearest(wrong, known))
    given = dict(zip(form, positional, strict=False)) | named
    if len(positional) > len(form) or len(given) != len(positional) + len(named) or set(given) != set(form):
        raise DistributionFault(f"{len(form)} parameter{'s' * (len(form) != 1)}, as in {entry.example}")
    parameters = tuple((name, _table_parameter(kind, given[name])) for name in form)
    fault = entry.fault(**dict(parameters))
    if fault:
        raise DistributionFault(fault if kind == "constant" else f"{fault} in {kind}")
    return Distribution(kind, parameters)


def _table_parameter(kind: str, value: Any) -> Any:
    if kind == "discrete":
        if not isinstance(value, Mapping):
            raise DistributionFault(f"values with their shares, as in {KINDS[kind].example}")
        return tuple((_plain_number(key, kind), _plain_number(share, kind)) for key, share in value.items())
    if kind == "empirical":
        return tuple(_plain_number(entry, kind) for entry in value)
    return _plain_number(value, kind)
