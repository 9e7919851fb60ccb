"""Facts on which a change depends, although the records from which a scenario was learned say nothing about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vssim.analysis.uncertain.deciding import Deciding

MOST, SURELY = 0.5, 0.35
"""A fact must explain more than the first share of an effect's uncertainty, and significantly more than the second."""


@dataclass(frozen=True)
class Hangs:
    """A fact on which a change depends although the records say nothing about it."""

    name: str
    """the fact's name for people"""
    share: float
    """the share of the effect's uncertainty that it explains [1]"""
    low: float
    high: float
    """after / before at the ends of nine tenths of the fact's values, averaged over the other facts; in ascending order"""

    @property
    def sentence(self) -> str:
        """In words."""
        return f"hangs on what you told us about {self.name}: between × {self.low:.2f} and × {self.high:.2f}"


def hangs(deciding: Deciding | None, silent: Mapping[str, str], before: float | None) -> tuple[Hangs, ...]:
    """The silent facts on which an effect depends. `before`: the metric as it is; the effect is a difference from it."""
    if deciding is None or not before:
        return ()
    hanging = []
    for fact in deciding.facts:
        if fact.name in silent and fact.share > MOST and fact.low > SURELY:
            low, high = sorted((1 + fact.at_low / before, 1 + fact.at_high / before))
            hanging.append(Hangs(silent[fact.name], fact.share, low, high))
    return tuple(hanging)
