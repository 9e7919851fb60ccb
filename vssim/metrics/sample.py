"""What one run hands up: its own figures, and what it takes to pool them with those of other runs.

A mean is pooled by how many items (or what sum) it is of; a percentile from the times themselves. `run` and `compare` keep the
times of all items; a sweep keeps of each run 128 order statistics a clock (those of the shares (k + ½) / 128; all items if
there are no more), of the clocks by type 32. Percentiles from them are those of all items to 0.4 points of share, by type to
1.6.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vssim.clock import TICKS, Reals
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
        """The sample with no more times of each clock than a sweep keeps."""
        times: dict[str, Times] = {}
        counts: dict[str, float] = {}
        for name, ordered in self.times.items():
            kept = order_statistics(np.asarray(ordered, np.float64), KEPT_BY_TYPE if "@" in name else KEPT)
            same = next(
                (other for other, values in times.items() if len(values) == len(kept) and np.array_equal(values, kept)), None
            )
            times[name] = kept if same is None else times[same]
            if len(kept) < self.count(name):
                counts[name] = self.count(name)
        return Sample(self.metrics, self.weights, times, counts)

    def written(self) -> dict[str, Any]:
        """As JSON has it: the metrics by name, and under '' what pooling takes. Times that several clocks share are there once."""
        times: dict[str, str] = {}
        first: dict[int, str] = {}
        for name, values in self.times.items():
            other = first.setdefault(id(values), name)
            times[name] = _packed(values) if other == name else f"={other}"
        return {**self.metrics, "": {"weights": dict(self.weights), "times": times, "counts": dict(self.counts)}}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Sample:
        """The sample that `written` has put into JSON."""
        times: dict[str, Times] = {}
        kept = written[""]
        for name, text in kept["times"].items():
            times[name] = times[text[1:]] if text.startswith("=") else _unpacked(text)
        return cls({name: value for name, value in written.items() if name}, kept["weights"], times, kept["counts"])


def weighted_by(metric: str) -> str | None:
    """What a metric (without `@type`) is a mean over; None for what is no mean over items."""
    stem, _, rest = metric.partition(".")
    if metric in ("rework", "returns", "handoffs", "cost_per_item") or stem in ("time", "within"):
        return "delivered"
    if metric in ("flow_efficiency", "value_efficiency"):
        return "lead"
    if stem == "steps" and rest.endswith(".queueing"):
        return f"started.{rest.removesuffix('.queueing')}"
    return {"on_time": "due", "on_promise": "promised", "failure_demand": "worked"}.get(metric)


def _packed(values: Times) -> str:
    """Times as text: what each tick count adds to the one before, bytes of all values side by side, compressed.

    Nothing is rounded, so that a sweep's figures are those of a comparison wherever no more items were timed than are kept.
    """
    steps = np.diff(np.rint(np.asarray(values, np.float64) * TICKS).astype(np.int64), prepend=0)
    width = 4 if len(steps) == 0 or int(steps.max()) < 2**32 else 8
    bits = np.ascontiguousarray(steps.astype(f"<u{width}")).view(np.uint8).reshape(len(steps), width)
    return f"{width}{base64.b85encode(zlib.compress(bits.T.tobytes(), 9)).decode('ascii')}"


def _unpacked(text: str) -> Times:
    width, packed = int(text[0]), np.frombuffer(zlib.decompress(base64.b85decode(text[1:])), np.uint8)
    steps = np.ascontiguousarray(packed.reshape(width, -1).T).view(f"<u{width}").reshape(-1)
    return np.cumsum(steps.astype(np.int64)) / TICKS
