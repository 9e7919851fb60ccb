"""What a change hangs on that only the team could tell: facts of which the records it was learned from say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vssim.analysis.uncertain.deciding import Deciding

MOST, SURELY = 0.5, 0.35
"""A fact explains more than the first of what is not known of an effect, and surely more than the second."""


@dataclass(frozen=True)
class Hangs:
    """A change hangs on a fact."""

    name: str
    """what people call the fact"""
    share: float
    """of what is not known of the effect, that it explains [1]"""
    low: float
    high: float
    """after / before where the fact is at the ends of nine tenths of its worlds, averaged over the rest; in order"""

    @property
    def sentence(self) -> str:
        """In words."""
        return f"hangs on what you told us about {self.name}: between × {self.low:.2f} and × {self.high:.2f}"


def hangs(deciding: Deciding | None, silent: Mapping[str, str], before: float | None) -> tuple[Hangs, ...]:
    """On which of the silent facts an effect hangs. `before`: the metric as it is, of which the effect is a difference."""
    if deciding is None or not before:
        return ()
    hanging = []
    for fact in deciding.facts:
        if fact.name in silent and fact.share > MOST and fact.low > SURELY:
            low, high = sorted((1 + fact.at_low / before, 1 + fact.at_high / before))
            hanging.append(Hangs(silent[fact.name], fact.share, low, high))
    return tuple(hanging)
