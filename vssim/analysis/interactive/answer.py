"""The answer: one pair of numbers, one word and one per cent, worked out once and shown word for word wherever it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vssim.catalogue import direction, is_share, moves_apart, unit_of
from vssim.metrics.sample import Sample
from vssim.play.pooled import Pooled, given_up
from vssim.scenario import Scenario
from vssim.statistics import Difference, Estimate, compare


def headline_of(scenario: Scenario) -> str:
    """The metric that the verdict on a scenario is about."""
    return scenario.headline


@dataclass(frozen=True)
class Answer:
    """What so many lucks say about a change, in one metric."""

    metric: str
    before: Estimate
    after: Estimate
    difference: Difference
    unit: str
    """the scenario's unit of time"""
    currency: str = ""
    """of its money"""
    gave_up: tuple[float | None, float | None] = (None, None)
    """of what left on each side, the share that gave up; None where nobody can"""

    @property
    def lucks(self) -> int:
        """How many pairs it rests on."""
        return self.difference.n

    @property
    def is_time(self) -> bool:
        """True for what is long or short, rather than much or little."""
        return unit_of(self.metric, "day") == "days"

    @property
    def is_share(self) -> bool:
        """True for what is told in per cent."""
        return is_share(self.metric)

    @property
    def rises(self) -> bool | None:
        """Whether it is surely more with the change (True) or less (False); None: no real difference, or undecided."""
        verdict, good = self.difference.verdict, direction(self.metric)
        if good is None:
            low, high = self.difference.difference.low, self.difference.difference.high
            return None if low is None or high is None or low <= 0 <= high else low > 0
        return (verdict == "better") == (good == "up") if verdict in ("better", "worse") else None

    @property
    def is_close(self) -> bool:
        """True where it is too close to tell: neither better nor worse, nor surely the same."""
        if direction(self.metric) is None:
            return self.rises is None and self.difference.difference.low != self.difference.difference.high
        return self.difference.verdict == "undecided"


def answer(metric: str, played: Sequence[tuple[Sample, Sample]], unit: str) -> Answer:
    """The answer of pairs of runs, each with the same luck on both sides; as a comparison has it."""
    before, after = (Pooled([pair[side] for pair in played]) for side in (0, 1))
    difference = compare(before.statistic(metric), after.statistic(metric), direction(metric), by_ratio=not moves_apart(metric))
    return Answer(metric, before[metric], after[metric], difference, unit, gave_up=(given_up(before), given_up(after)))
