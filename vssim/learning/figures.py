"""The figures of a learned scenario: the place of each in the file, its possible values, and its source."""

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
"""By form, how the value at a path is written; a form takes all figures of its path in their order."""


@dataclass(frozen=True)
class Figure:
    """A number that is not known for certain."""

    name: str
    """its name for people"""
    paths: tuple[str, ...]
    """its places in the file; a number may stand at several"""
    prior: Prior
    source: Source
    """fitted: by playing; counted: in the records; assumed: from a prior alone"""
    why: str
    """its source in words"""
    form: str = "number"
    position: int = 0
    """its position among the numbers of a form"""
    replayed: bool = True
    """whether it is part of the replay of the past, not only of the scenario for the future"""
    told: bool = False
    """whether it depends on an answer of the team, or on its absence"""
    beside: str = ""
    """the name of the figure that takes a share of what it is drawn from: only what meetings leave of people's time is for work"""

    def shown(self, value: float) -> str:
        """A value as text for people."""
        return f"{value * 100:.3g} %" if self.form == "share" else f"{value:.3g}"


def values_at(figures: Sequence[Figure], uniform: Reals) -> Reals:
    """The values of all figures at quantiles of their laws over worlds; both (worlds, figures)."""
    laws = np.column_stack([np.asarray(figure.prior.at(uniform[:, number])) for number, figure in enumerate(figures)])
    columns = {figure.name: number for number, figure in enumerate(figures)}
    values = laws.astype(np.float64)
    for number, figure in enumerate(figures):
        if figure.beside in columns:
            values[:, number] *= 1 - laws[:, columns[figure.beside]]
    return values


def middle(figures: Sequence[Figure]) -> Reals:
    """The values at the medians of all laws; (figures,)."""
    return np.asarray(values_at(figures, np.full((1, len(figures)), 0.5))[0])


def settings(figures: Sequence[Figure], values: Reals, *, replayed: bool = False) -> dict[str, Any]:
    """By path the value that the file has there. `values`: shape (figures,); `replayed`: only paths that the replay has."""
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
    """The value of the file for these numbers (by their position) in this form."""
    ordered = [numbers[position] for position in sorted(numbers)]
    if form == "number":
        value = float(f"{ordered[0]:.4g}")
        return int(value) if value == int(value) else value
    return FORMS[form].format(*(value * 100 if form == "share" else value for value in ordered))


def paths_of(figures: Sequence[Figure]) -> tuple[str, ...]:
    """The paths of all figures, each once, in order."""
    return tuple(dict.fromkeys(path for figure in figures for path in figure.paths))
