"""Metrics of a caller's own: functions of a run, worked out beside those of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vssim.catalogue import OwnMetric, add
from vssim.errors import UsageError
from vssim.log import Log
from vssim.metrics.sample import Metrics
from vssim.play.run import Run
from vssim.scenario import Scenario


@dataclass(frozen=True)
class OwnMetrics:
    """The metrics that a caller brings along, for the variants of a scenario."""

    metrics: tuple[OwnMetric, ...]
    scenario: str
    seed: int
    changes: tuple[str | None, ...]
    """by number of the variant"""

    @classmethod
    def of(
        cls, metrics: Mapping[str, Callable[[Run], float | None] | OwnMetric], scenario: Scenario, changes: Sequence[str | None]
    ) -> OwnMetrics:
        """The metrics in a mapping, registered under their names. Raises UsageError for a value that is no metric."""
        if not isinstance(metrics, Mapping):
            raise UsageError(f'metrics: got {metrics!r}, expected functions by name, as in {{"mine": lambda run: …}}')
        metrics_of_own = tuple(_metric(name, how) for name, how in metrics.items())
        for metric in metrics_of_own:
            add(metric)
        return cls(metrics_of_own, scenario.name, scenario.run.seed, tuple(changes))

    def __call__(self, log: Log, variant: int, replication: int, warmup: float) -> Metrics:
        """Their values for one run, measured from `warmup` on [units of time]."""
        run = Run(self.scenario, self.changes[variant], self.seed, replication, warmup, log)
        return {metric.name: metric.value(run) for metric in self.metrics}


def _metric(name: Any, how: Any) -> OwnMetric:
    if isinstance(how, OwnMetric):
        if how.name != name:
            raise UsageError(f"metrics: got {how.name!r} under the name {name!r}, expected the same name")
        return how
    meaning = (getattr(how, "__doc__", None) or "a metric of your own").strip().splitlines()[0]
    return OwnMetric(str(name), "", None, meaning, how)
