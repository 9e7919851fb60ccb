"""How a change plays out over time, over many lucks: deliveries and items in progress, day by day, against as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.analysis.daily import Daily
from vssim.analysis.experiment import Experiment
from vssim.analysis.replications import Progress, Study, Workers
from vssim.analysis.statistics import half_width
from vssim.clock import Reals

MOMENTS = 300
"""Moments that a course has, at most."""


@dataclass(frozen=True, eq=False)
class Courses:
    """Two variants of an experiment, replication by replication with the same luck. Arrays of shape (replications, moments)."""

    change: str
    unit: str
    since: float
    """when the change comes into force [units of time]"""
    seed: int
    at: Reals
    """(moments,) [units of time]"""
    delivered: tuple[Reals, Reals]
    """customers' items delivered until then: as it is, with the change"""
    in_progress: tuple[Reals, Reals]

    @property
    def gain(self) -> tuple[Reals, Reals]:
        """Items delivered more than as it is, until each moment: mean and half the width of its 95 % interval."""
        return mean_and_half(self.delivered[1] - self.delivered[0])

    @property
    def break_even(self) -> float | None:
        """From when on the change has delivered at least as much as would have been delivered without it, until the end.

        None when it never gets there; `since` when it was never behind [units of time].
        """
        mean, _ = self.gain
        behind = np.flatnonzero((mean < 0) & (self.at >= self.since))
        if not len(behind):
            return self.since
        last = int(behind[-1])
        return None if last == len(mean) - 1 else float(self.at[last + 1])


def courses(experiment: Experiment, variant: int, *, jobs: int | None = None, progress: Progress | None = None) -> Courses:
    """The courses of the first variant and of the one numbered `variant`, over as many replications as the scenario says."""
    replications = experiment.scenario.run.replications
    tasks = [(number, replication) for number in (0, variant) for replication in range(replications)]
    with Workers(experiment.study, jobs) as workers:
        found = np.array(workers.map(course, tasks, progress))
    before, after = found[:replications], found[replications:]
    one = experiment.variants[variant]
    every = spacing(experiment.study.horizon)
    return Courses(
        change=one.name,
        unit=experiment.scenario.unit,
        since=one.since or 0.0,
        seed=experiment.study.seed,
        at=np.arange(found.shape[2], dtype=np.float64) * every,
        delivered=(before[:, 0], after[:, 0]),
        in_progress=(before[:, 1], after[:, 1]),
    )


def course(study: Study, variant: int, replication: int) -> Reals:
    """Deliveries and items in progress of one run; shape (2, moments)."""
    daily = Daily(study.log(variant, replication), spacing(study.horizon))
    return np.array([daily.delivered, daily.in_progress], np.float64)


def spacing(horizon: float) -> float:
    """Time between the moments of a course [units of time]."""
    return max(1.0, float(np.ceil(horizon / MOMENTS))) if horizon > 30 else horizon / 100


def mean_and_half(values: Reals) -> tuple[Reals, Reals]:
    """By moment: the mean over replications, and half the width of its 95 % interval (0 for a single replication)."""
    mean: Reals = values.mean(axis=0)
    n = len(values)
    if n < 2:
        return mean, np.zeros_like(mean)
    return mean, half_width(1.0, n) * values.std(axis=0, ddof=1)
