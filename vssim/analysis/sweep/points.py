"""Points: what was measured of each setting of a sweep, with its difference from the organisation as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vssim.analysis.uncertain.answers import OverWorlds
from vssim.catalogue import direction
from vssim.errors import UsageError
from vssim.metrics.sample import Sample
from vssim.play.pooled import Compared, Pooled
from vssim.play.worlds import Worlds
from vssim.scenario.schema import HEADLINE
from vssim.statistics import Difference, Estimate, Statistic


@dataclass(frozen=True, eq=False)
class Sampled:
    """What was measured of one cell."""

    windows: tuple[float, ...]
    """starts of the windows [units of time]"""
    pooled: tuple[Pooled, ...]
    """by window: all runs together"""

    @classmethod
    def of(cls, windows: tuple[float, ...], samples: Sequence[Sequence[Sample]], each: int = 1) -> Sampled:
        """From what was measured by replication and window; so many replications, one after the other, share a world."""
        pooled = (Pooled([replication[window] for replication in samples], each) for window in range(len(windows)))
        return cls(windows, tuple(pooled))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the metrics."""
        return self.pooled[0].names

    @property
    def replications(self) -> int:
        """How often it was played."""
        return self.pooled[0].n

    def over(self, start: float) -> Pooled:
        """All runs together, over the window that begins at `start`."""
        return self.pooled[self.windows.index(start)]


@dataclass(frozen=True, eq=False)
class Point(Mapping[str, Estimate]):
    """A setting after its runs: metric -> estimate over the whole measured time."""

    setting: Mapping[str, Any]
    """path -> value, `change` among the paths where it is an axis"""
    change: str | None
    """the change in force; None: as it is"""
    since: float
    """where the window of differences begins: the warm-up, or when the change comes into force [units of time]"""
    sampled: Sampled
    baseline: Sampled
    """the organisation as it is, under the same luck"""
    headline: str = HEADLINE
    """the metric that the verdict is about"""
    worlds: Worlds | None = None
    """what is not known, the same on both sides; None: everything is"""

    @property
    def pooled(self) -> Pooled:
        """All runs together, over the whole measured time."""
        return self.sampled.pooled[0]

    def __getitem__(self, metric: str) -> Estimate:
        return self.pooled[metric]

    def __contains__(self, metric: object) -> bool:
        return metric in self.pooled

    def __iter__(self) -> Iterator[str]:
        return iter(self.sampled.names)

    def __len__(self) -> int:
        return len(self.sampled.names)

    @property
    def replications(self) -> int:
        """How often it was played."""
        return self.sampled.replications

    def statistic(self, metric: str) -> Statistic:
        """A metric over all runs, over the whole measured time."""
        return self.pooled.statistic(metric)

    def differs(self, metric: str) -> bool:
        """Whether there is a difference to tell: both sides have the metric."""
        return metric in self.pooled and metric in self.baseline.pooled[0]

    @cached_property
    def compared(self) -> Compared:
        """Beside the organisation as it is, over the window of differences; over worlds where something is not known."""
        after = self.sampled.over(self.since)
        before = self.baseline.over(self.since).first(self.replications)
        return Compared(before, after) if self.worlds is None else OverWorlds(before, after, self.worlds, self.change)

    def difference(self, metric: str) -> Difference:
        """The paired difference from the organisation as it is; its verdict counts worlds where something is not known."""
        return self.compared[metric]

    def __str__(self) -> str:
        return ", ".join(f"{path} {value}" for path, value in self.setting.items()) or "as it is"

    def __repr__(self) -> str:
        return f"{self}: {self.headline} {self[self.headline]}"


def front(points: Sequence[Point], down: str = HEADLINE, up: str = "throughput") -> list[Point]:
    """The settings that no other beats in both: none has a `down` as good with an `up` as high, and one of them better.

    From the best `down` on. Settings with equal means of both stand side by side.
    """
    sign = -1.0 if direction(down) == "up" else 1.0
    known = [(_times(sign, point[down].mean), point[up].mean, number) for number, point in enumerate(points)]
    ordered = sorted((low, -high, number) for low, high, number in known if low is not None and high is not None)
    ahead: list[Point] = []
    best = None
    for low, high, number in ordered:
        if best is None or high < best[1] or (low, high) == best:
            ahead.append(points[number])
            best = (low, high)
    return ahead


def _times(sign: float, value: float | None) -> float | None:
    return None if value is None else sign * value


def bottom(points: Sequence[Point], metric: str = HEADLINE) -> Point | None:
    """The setting with the best mean of a metric, the first of equals; None where it is undefined everywhere.

    Raises UsageError for a metric that is neither good nor bad.
    """
    if direction(metric) is None:
        raise UsageError(f"{metric}: is neither good nor bad; name a metric with a good direction")
    sign = -1 if direction(metric) == "up" else 1
    known = [(sign * mean, number) for number, point in enumerate(points) if (mean := point[metric].mean) is not None]
    return points[min(known)[1]] if known else None
