"""Points: what was measured of each setting of a sweep, with its difference from the organisation as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vssim.analysis import metrics
from vssim.analysis.experiment import HEADLINE, Metrics
from vssim.analysis.statistics import Difference, Estimate, compare_pairs, estimate
from vssim.errors import UnknownName, UsageError

Values = list[float | None]


@dataclass(frozen=True, eq=False)
class Sampled:
    """What was measured of one cell."""

    windows: tuple[float, ...]
    """starts of the windows [units of time]"""
    names: tuple[str, ...]
    """of the metrics"""
    values: NDArray[np.float64]
    """float64 (windows, replications, metrics) -- NaN where undefined"""

    @classmethod
    def of(cls, windows: tuple[float, ...], samples: Sequence[Sequence[Metrics]]) -> Sampled:
        """From metrics by replication and window."""
        names = tuple(dict.fromkeys(name for replication in samples for window in replication for name in window))
        values = np.full((len(windows), len(samples), len(names)), np.nan)
        for number, replication in enumerate(samples):
            for window, found in enumerate(replication):
                values[window, number] = [np.nan if found.get(name) is None else found[name] for name in names]
        return cls(windows, names, values)

    @cached_property
    def like(self) -> Mapping[str, str]:
        """By metric: the first one that has the same values everywhere, as those by type do where there is one type only."""
        first: dict[bytes, str] = {}
        return {name: first.setdefault(self.values[:, :, at].tobytes(), name) for at, name in enumerate(self.names)}

    def metric(self, name: str, start: float) -> Values:
        """One metric by replication, over the window that begins at `start`."""
        column = self.values[self.windows.index(start), :, self.names.index(name)].tolist()
        return [None if value != value else value for value in column]  # noqa: PLR0124 - NaN is not itself


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
    _estimates: dict[str, Estimate] = field(default_factory=dict, repr=False)
    """by metric, of those alike the first"""
    _differences: dict[tuple[str, str, str | None], Difference] = field(default_factory=dict, repr=False)
    """by metric here and in the baseline, of those alike the first, and good direction"""

    def __getitem__(self, metric: str) -> Estimate:
        self._known(metric)
        like = self.sampled.like[metric]
        if like not in self._estimates:
            self._estimates[like] = estimate(self.values_of(metric))
        return self._estimates[like]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sampled.names)

    def __len__(self) -> int:
        return len(self.sampled.names)

    @property
    def replications(self) -> int:
        """How often it was played."""
        return int(self.sampled.values.shape[1])

    def values_of(self, metric: str) -> Values:
        """A metric by replication, over the whole measured time."""
        return self.sampled.metric(metric, self.sampled.windows[0])

    def differs(self, metric: str) -> bool:
        """Whether there is a difference to tell: both sides have the metric."""
        return metric in self.sampled.names and metric in self.baseline.names

    def difference(self, metric: str) -> Difference:
        """The paired difference from the organisation as it is."""
        self._known(metric)
        direction = metrics.direction(metric)
        pair = self.sampled.like[metric], self.baseline.like[metric], direction
        if pair not in self._differences:
            after = self.sampled.metric(metric, self.since)
            before = self.baseline.metric(metric, self.since)[: len(after)]
            self._differences[pair] = compare_pairs(before, after, direction)
        return self._differences[pair]

    def _known(self, metric: str) -> None:
        if metric not in self.sampled.names:
            raise UnknownName("metric", metric, self.sampled.names)

    def __str__(self) -> str:
        return ", ".join(f"{path} {value}" for path, value in self.setting.items()) or "as it is"

    def __repr__(self) -> str:
        return f"{self}: {HEADLINE} {self[HEADLINE]}"


def front(points: Sequence[Point], down: str = HEADLINE, up: str = "throughput") -> list[Point]:
    """The settings that no other beats in both: none has a mean `down` as low with a mean `up` as high, and one of them better.

    From the lowest `down` on. Settings with equal means of both stand side by side.
    """
    known = [(point[down].mean, point[up].mean, number) for number, point in enumerate(points)]
    ordered = sorted((low, -high, number) for low, high, number in known if low is not None and high is not None)
    found: list[Point] = []
    best = None
    for low, high, number in ordered:
        if best is None or high < best[1] or (low, high) == best:
            found.append(points[number])
            best = (low, high)
    return found


def bottom(points: Sequence[Point], metric: str = HEADLINE) -> Point | None:
    """The setting with the best mean of a metric, the first of equals; None where it is undefined everywhere.

    Raises UsageError for a metric that is neither good nor bad.
    """
    if metrics.direction(metric) is None:
        raise UsageError(f"{metric}: is neither good nor bad; name a metric with a good direction")
    sign = -1 if metrics.direction(metric) == "up" else 1
    known = [(sign * mean, number) for number, point in enumerate(points) if (mean := point[metric].mean) is not None]
    return points[min(known)[1]] if known else None
