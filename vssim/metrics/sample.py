"""What one run hands up: its own figures, and what it takes to pool them with those of other runs.

A mean is pooled by how many items (or what sum) it is of; a percentile from the times themselves. `run` and `compare` keep the
times of all items; a sweep keeps of each run 128 order statistics a clock (those of the shares (k + ½) / 128; all items if
there are no more), of the clocks by type 32. Percentiles from them are those of all items to 0.4 points of share, by type to
1.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vssim.clock import Reals
from vssim.statistics import order_statistics
from vssim.statistics.pool import KEPT

KEPT_BY_TYPE = KEPT // 4
"""Order statistics that are kept of a clock by type."""

Metrics = dict[str, float | None]

Times = Reals
"""Times in rising order [units of time], each a whole number of ticks."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One run, measured over one window."""

    metrics: Metrics
    """by name, then `<metric>@<type>`; None where undefined"""
    weights: Mapping[str, float] = field(default_factory=dict)
    """what a mean is of, where no other metric says so: `due`, `promised`, `worked`, `started.<step>`, each also by type"""
    times: Mapping[str, Times] = field(default_factory=dict)
    """by clock (also by type): times in rising order [units of time]"""
    counts: Mapping[str, float] = field(default_factory=dict)
    """by clock: how many items the times stand for, where not all were kept"""

    def get(self, metric: str) -> float | None:
        """The run's own figure; None where it is undefined."""
        return self.metrics.get(metric)

    def having(self, more: Metrics) -> Sample:
        """The sample with further metrics, each of them a figure of the run as a whole."""
        return replace(self, metrics=self.metrics | more)

    def __getitem__(self, metric: str) -> float | None:
        return self.metrics[metric]

    def count(self, clock: str) -> float:
        """How many items a clock has timed."""
        return self.counts.get(clock, float(len(self.times[clock]))) if clock in self.times else 0.0

    def thinned(self) -> Sample:
        """The sample with no more times of each clock than a sweep keeps; clocks that timed the same share what is kept."""
        times: dict[str, Times] = {}
        counts: dict[str, float] = {}
        for name, ordered in self.times.items():
            same = next((time for time in times if np.array_equal(self.times[time], ordered)), None)
            most = KEPT_BY_TYPE if "@" in name else KEPT
            kept = order_statistics(np.asarray(ordered, np.float64), most) if same is None else times[same]
            times[name] = kept
            if len(kept) < self.count(name):
                counts[name] = self.count(name)
        return Sample(self.metrics, self.weights, times, counts)
