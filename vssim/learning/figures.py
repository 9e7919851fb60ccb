"""The figures of a learned scenario: where each stands in the file, what is thought possible of it, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vssim.clock import Reals
from vssim.learning.priors import Prior

Source = Literal["counted", "fitted", "told", "assumed"]

FORMS = {
    "number": "{0:.4g}",
    "share": "{0:.4g}%",
    "exponential": "exponential({0:.4g})",
    "lognormal": "lognormal(mean={0:.4g}, cv={1:.4g})",
    "gamma": "gamma(mean={0:.4g}, cv={1:.4g})",
}
"""How the value at a path is written, by form; a form takes the figures of its path in their order."""


@dataclass(frozen=True)
class Figure:
    """One number that is not known for sure."""

    name: str
    """what people call it"""
    paths: tuple[str, ...]
    """where it stands in the file: one number may stand at several places"""
    prior: Prior
    source: Source
    """fitted: by playing; counted: in the records themselves; assumed: neither"""
    why: str
    """where it comes from, in words"""
    form: str = "number"
    position: int = 0
    """which of the numbers of a form it is"""
    replayed: bool = True
    """whether it stands in the scenario that replays the past; else only in that of the time to come"""
    told: bool = False
    """whether it hangs on what the team told, or did not"""

    def value(self, uniform: Reals) -> Reals:
        """Its values where shares `uniform` of the worlds lie below; same shape."""
        return np.asarray(self.prior.at(uniform), np.float64)

    def shown(self, value: float) -> str:
        """A value as people read it."""
        return f"{value * 100:.3g} %" if self.form == "share" else f"{value:.3g}"


def settings(figures: Sequence[Figure], values: Reals, *, replayed: bool = False) -> dict[str, Any]:
    """By path the value there. `values`: (figures,); `replayed`: only paths that the replay has."""
    numbers: dict[str, dict[int, float]] = {}
    forms: dict[str, str] = {}
    for figure, value in zip(figures, values, strict=True):
        if replayed and not figure.replayed:
            continue
        for path in figure.paths:
            numbers.setdefault(path, {})[figure.position] = float(value)
            forms[path] = figure.form
    return {path: written(forms[path], numbers[path]) for path in numbers}


def written(form: str, numbers: Mapping[int, float]) -> Any:
    """The value that a file has for these numbers in this form."""
    ordered = [numbers[position] for position in sorted(numbers)]
    if form == "number":
        value = float(f"{ordered[0]:.4g}")
        return int(value) if value == int(value) else value
    return FORMS[form].format(*(value * 100 if form == "share" else value for value in ordered))


def paths_of(figures: Sequence[Figure]) -> tuple[str, ...]:
    """All paths, each once, in order."""
    return tuple(dict.fromkeys(path for figure in figures for path in figure.paths))
