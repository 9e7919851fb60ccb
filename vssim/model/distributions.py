"""Distributions by the names of the field, each with its quantile function, exact mean, cv and support.

Everything random in vssim is a quantile function of a uniform number (inverse transform), so that a lever which changes a
parameter moves every item the same way. Durations are never negative: a distribution that could be is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np

from vssim import parts
from vssim.clock import Reals
from vssim.errors import nearest
from vssim.model.laws import KINDS, Kind, Law

__all__ = ["EXAMPLES", "KINDS", "ONE", "ZERO", "Distribution", "DistributionFault", "constant", "exponential", "parse"]


class DistributionFault(ValueError):
    """What was expected in place of a distribution; `near` is the closest right name, if one is close."""

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
    def _law(self) -> Law:
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
    def is_never(self) -> bool:
        """True where every draw is infinite."""
        return math.isinf(self.support[0])

    @property
    def counts(self) -> bool:
        """True where every draw is a whole number of at least 1."""
        return KINDS[self.kind].counts(**dict(self.parameters))

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
        kind, given = KINDS[self.kind], dict(self.parameters)
        given |= {name: value for name, value in kind.implied if name not in given}
        return Distribution(self.kind, tuple((name, kind.scale(name, value, factor)) for name, value in given.items()))

    def with_cv(self, cv: float) -> Distribution:
        """A distribution of the same mean with another cv: a constant for 0, else the family's own member, or a gamma."""
        if cv == self.cv or self.is_never or self.mean == 0:
            return self
        if cv <= 0:
            return constant(self.mean)
        if KINDS[self.kind].keeps_family:
            return Distribution(self.kind, (("mean", self.mean), ("cv", cv)))
        return Distribution("gamma", (("mean", self.mean), ("cv", cv)))

    def document(self) -> Any:
        """The distribution as a scenario file writes it."""
        kind = KINDS[self.kind]
        if kind.is_bare:
            return self.kind
        if kind.is_number:
            ((_, number),) = self.parameters
            return _plain(number)
        if kind.holds == "table":
            ((_, table),) = self.parameters
            return {self.kind: {_plain(value): _plain(weight) for value, weight in table}}
        if kind.holds == "values":
            ((_, values),) = self.parameters
            return {self.kind: [_plain(value) for value in values]}
        return f"{self.kind}({', '.join(f'{name}={_plain(value)!r}' for name, value in self.parameters)})"

    def __str__(self) -> str:
        return str(self.document())


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


@lru_cache(maxsize=1024)  # a lever that writes a model down and reads it again meets the same few texts
def _parse_text(text: str) -> Distribution:
    call = _CALL.match(text)
    if not call:
        raise DistributionFault(_quote_hint(text) or EXAMPLES)
    name, inside = call.groups()
    if name not in KINDS:
        raise DistributionFault(f"one of {', '.join(KINDS)}", nearest(name, KINDS))
    if inside is None and not KINDS[name].is_bare:
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
    """A hint for distributions inside {…}, where YAML cuts them at their comma."""
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
    if KINDS[name].holds != "numbers":
        return _build(name, [inside], {})
    if isinstance(inside, Mapping):
        return _build(name, [], {str(key): entry for key, entry in inside.items()})
    return _build(name, list(inside) if isinstance(inside, list | tuple) else [inside], {})


def _build(kind: str, positional: list[Any], named: dict[str, Any]) -> Distribution:
    """Check parameters against the forms of a kind; percentages and numbers become floats."""
    entry = KINDS[kind]
    if entry.holds == "values" and positional and not isinstance(positional[0], list | tuple):
        raise DistributionFault(f"values in brackets, as in {entry.example}, or {kind}(file.csv, column)")
    form = next((form for form in entry.forms if set(named) <= set(form) and (named or form == entry.forms[0])), None)
    if form is None:
        wrong = next((key for key in named if all(key not in form for form in entry.forms)), next(iter(named)))
        known = [name for form in entry.forms for name in form]
        raise DistributionFault(f"the parameters of {entry.example}", nearest(wrong, known))
    given = dict(zip(form, positional, strict=False)) | named
    if len(positional) > len(form) or len(given) != len(positional) + len(named) or set(given) != set(form):
        raise DistributionFault(f"{len(form)} parameter{'s' * (len(form) != 1)}, as in {entry.example}")
    parameters = tuple((name, _table_parameter(kind, given[name])) for name in form)
    fault = _beyond(parameters) or entry.fault(**dict(parameters))
    if fault:
        raise DistributionFault(fault if entry.is_number else f"{fault} in {kind}")
    return Distribution(kind, parameters)


LARGEST, SMALLEST, NARROWEST = 1e12, 1e-12, 1e-4
"""Values that a clock of whole ticks can tell, and the smallest cv that is not the same as none."""


def _beyond(parameters: tuple[tuple[str, Any], ...]) -> str | None:
    """What numbers have to be, so that no formula leaves what a computer's numbers can hold; None where they are."""
    for name, value in parameters:
        values = [entry[0] if isinstance(entry, tuple) else entry for entry in value] if isinstance(value, tuple) else [value]
        if max((abs(value) for value in values), default=0) > LARGEST:
            return "numbers of at most 10^12"
        if name == "cv" and 0 < value < NARROWEST:
            return f"a cv of 0, or of at least {NARROWEST:g}"
        if min((abs(value) for value in values if value), default=1) < SMALLEST:
            return "numbers of 0, or of at least 10^-12"
    return None


def _table_parameter(kind: str, value: Any) -> Any:
    holds = KINDS[kind].holds
    if holds == "table":
        if not isinstance(value, Mapping):
            raise DistributionFault(f"values with their shares, as in {KINDS[kind].example}")
        return tuple((_plain_number(key, kind), _plain_number(share, kind)) for key, share in value.items())
    if holds == "values":
        return tuple(_plain_number(entry, kind) for entry in value)
    return _plain_number(value, kind)


# --- of other packages ----------------------------------------------------------------------------------------------------


def _fault(name: str, part: Any) -> str | None:
    """What another package's kind should have been; None where it is one like ours."""
    if not isinstance(part, Kind) or not part.forms:
        return "a vssim.model.laws.Kind"
    KINDS[name] = part
    try:
        example = parse(part.example)
        drawn = example.quantile(np.array([0.01, 0.5, 0.99]))
    except Exception as error:  # whatever its formulas raise
        return f"an example that can be read and drawn from ({type(error).__name__}: {error})"
    finally:
        del KINDS[name]
    if example.kind != name:
        return f"an example that begins with {name}("
    sound = drawn.shape == (3,) and bool((np.diff(drawn) >= 0).all()) and drawn[0] >= 0 and math.isfinite(example.mean)
    return None if sound and example.cv >= 0 else "quantiles that rise with the share and are not negative, a finite mean, a cv"


@cache
def with_others() -> None:
    """Add the kinds of other packages, which may import modules above this one, so not while this one is imported."""
    KINDS.update(parts.load("distributions", _fault, KINDS))
