"""Methods of drawing futures from a past: whole weeks with a slow drift, or single days as other tools do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vssim.clock import Ints
from vssim.errors import UnknownName
from vssim.forecasts.record import FUTURES as FEW
from vssim.forecasts.record import Record, of_counts, of_dates
from vssim.forecasts.regime import regime
from vssim.forecasts.throughput import Futures, Past, futures, when


@dataclass(frozen=True)
class Method:
    """One method of drawing futures."""

    name: str
    label: str
    drifts: bool
    """whether a slow drift of the team's capacity is drawn too"""
    by_days: bool
    """whether single days are drawn instead of weeks or the team's cadence"""

    def past(self, daily: Ints, week: int) -> Past:
        """The part of the past that this method draws from: what came before a change of regime is left out."""
        if self.by_days:
            return Past(daily, 1)
        changed = regime(daily, week)
        return Past.of(daily if changed is None else daily[changed.first :], week)

    def drift(self, past: Past, days: int) -> float:
        """The squared coefficient of variation of the drift over so many days [1]."""
        return past.drift(days) if self.drifts else 0.0

    def futures(self, past: Past, days: int, luck: np.random.Generator, count: int) -> Futures:
        """Futures of so many days, drawn by this method."""
        return futures(past, days, luck, count=count, drift=None if self.drifts else 0.0)

    def when(self, past: Past, items: int | Ints, luck: np.random.Generator, count: int) -> Ints:
        """The day on which `items` are done, in each future; shape (count,). `items`: one number, or one for each future."""
        return when(past, items, luck, count=count, drift=None if self.drifts else 0.0)

    def record_of_counts(self, daily: Ints, days: int, week: int, probability: float = 0.85) -> Record:
        """The record of what this method would have promised for each window of so many days."""
        return of_counts(
            Past(daily, week),
            days,
            probability=probability,
            draw=lambda past, length, luck: self.futures(past, length, luck, FEW).by(length),
            known=self._known(week),
        )

    def record_of_dates(self, daily: Ints, items: int, week: int, probability: float = 0.85) -> Record:
        """The record of what this method would have promised for so many items, again and again."""
        return of_dates(
            Past(daily, week),
            items,
            probability=probability,
            draw=lambda past, number, luck: self.when(past, number, luck, FEW),
            known=self._known(week),
        )

    def _known(self, week: int) -> Callable[[Ints], Past]:
        return lambda daily: self.past(daily, week)


METHODS = {
    "weeks": Method("weeks", "whole weeks with a slow drift", drifts=True, by_days=False),
    "days": Method("days", "single days, as tools do it: over-confident", drifts=False, by_days=True),
}
"""The methods by name; the first is the default."""


def method_of(name: str) -> Method:
    """The method of this name. Raises UnknownName for any other."""
    if name not in METHODS:
        raise UnknownName("method", name, METHODS)
    return METHODS[name]
