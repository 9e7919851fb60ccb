"""Comparing a simulated quantity with its exact value, honestly.

Several independent replications give one number each; their mean must lie within four standard errors of the exact value,
*and* the standard error must be a small share of that value: otherwise anything would pass. Percentiles and the like are
worked out per replication, and then averaged; variances are taken about the exact mean, so that short runs are not biased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent
from typing import TYPE_CHECKING, cast

import numpy as np

import vssim
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.play.run import Run

if TYPE_CHECKING:
    from vssim.engines import Engine


class Reading:
    """A run and, worked out once, its metrics."""

    def __init__(self, run: Run) -> None:
        self.log = run.log
        self.warmup = run.warmup
        self._run = run

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """Every metric by name."""
        return self._run.metrics()


Quantity = Callable[[Reading], float]


@dataclass(frozen=True)
class Effort:
    """How hard an engine is put to the test."""

    length: float
    """how many times the length that a case states"""
    error: float
    """largest standard error [share of the exact value]"""


EFFORTS = {"reference": Effort(length=1, error=0.05), "compiled": Effort(length=45, error=0.01)}
"""A standard error falls with the root of the length: 25 times as long, five times as exact, and some to spare."""

REPLICATIONS = 20


def settles(
    engine: str,
    text: str,
    exact: Mapping[str, float],
    *,
    days: float,
    warmup: float,
    also: Mapping[str, tuple[Quantity, float]] | None = None,
    wide: Mapping[str, float] | None = None,
) -> None:
    """Require that metrics (`exact`) and quantities read off the log (`also`) settle at their exact values.

    `days`: measured time of all replications together, for an effort of 1. `wide`: how many times the engine's largest
    standard error is allowed for a quantity that is slow to settle.
    """
    effort = EFFORTS[engine]
    horizon = warmup + round(days * effort.length / REPLICATIONS)
    measured: dict[str, Quantity] = {name: metric(name) for name in exact}
    measured |= {name: quantity for name, (quantity, _) in (also or {}).items()}
    values = samples(engine, text, measured, horizon=horizon, warmup=warmup)
    wanted = dict(exact) | {name: value for name, (_, value) in (also or {}).items()}
    agree(values, wanted, {name: effort.error * (wide or {}).get(name, 1) for name in wanted})


def samples(
    engine: str,
    text: str,
    measured: Mapping[str, Quantity],
    *,
    horizon: float,
    warmup: float = 0,
    replications: int = REPLICATIONS,
    change: str | None = None,
    seed: int = 1,
) -> dict[str, list[float]]:
    """Each quantity in each replication."""
    settings = f"run: {{horizon: {horizon}, warmup: {warmup}, seed: {seed}}}\n"
    scenario = vssim.loads(dedent(text) + settings)
    found: dict[str, list[float]] = {name: [] for name in measured}
    for replication in range(replications):
        run = Reading(vssim.simulate(scenario, change=change, replication=replication, engine=cast("Engine", engine)))
        for name, quantity in measured.items():
            found[name].append(quantity(run))
    return found


def agree(values: Mapping[str, list[float]], exact: Mapping[str, float], error: Mapping[str, float]) -> None:
    """Require that the mean of each quantity's samples agrees with its exact value; tells of all that do not."""
    wrong = []
    for name, value in exact.items():
        mean, standard_error = mean_and_error(values[name])
        told = f"{name}: {mean:.6g} ± {standard_error:.3g}, exactly {value:.6g}"
        if abs(mean - value) > 4 * standard_error + 1e-9 * abs(value):
            wrong.append(f"{told}: {(mean - value) / standard_error if standard_error else np.inf:+.1f} standard errors off")
        if standard_error > error[name] * abs(value):
            wrong.append(f"{told}: the error is {standard_error / abs(value):.1%}, allowed are {error[name]:.1%}")
    assert not wrong, "\n".join(wrong)


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean of independent values and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def metric(name: str) -> Quantity:
    """A metric of the run, which must be defined."""

    def measure(run: Reading) -> float:
        value = run.metrics[name]
        assert value is not None, f"{name} is undefined"
        return float(value)

    return measure


# --- quantities read off the log ------------------------------------------------------------------------------------------


def window(run: Reading) -> tuple[int, int]:
    """From the end of the warm-up to the horizon [ticks]."""
    return round(run.warmup * TICKS), run.log.horizon


def number_between(run: Reading, starts: Ints, ends: Ints) -> float:
    """Time average of how many are between their start and their end; NOT_YET has not come."""
    low, high = window(run)
    begun = starts != NOT_YET
    until = np.where(ends[begun] == NOT_YET, high, ends[begun])
    return float((until.clip(low, high) - starts[begun].clip(low, high)).sum() / (high - low))


def time_at_levels(run: Reading, starts: Ints, ends: Ints) -> tuple[Ints, Reals]:
    """How many are between their start and their end, over time: the numbers, and the share of time that each lasts."""
    low, high = window(run)
    begun = starts != NOT_YET
    until = np.where(ends[begun] == NOT_YET, high, ends[begun]).clip(low, high)
    moments = np.concatenate([starts[begun].clip(low, high), until])
    steps = np.concatenate([np.ones(len(until), np.int64), -np.ones(len(until), np.int64)])
    order = np.argsort(moments, kind="stable")
    edges = np.concatenate([[low], moments[order], [high]])
    levels = np.concatenate([[0], np.cumsum(steps[order])])
    return levels, np.diff(edges) / (high - low)


def share_of_time(run: Reading, starts: Ints, ends: Ints, at_least: int) -> float:
    """Share of time in which at least so many are between their start and their end."""
    levels, shares = time_at_levels(run, starts, ends)
    return float(shares[levels >= at_least].sum())


def spread_of_number(run: Reading, starts: Ints, ends: Ints, mean: float) -> float:
    """Mean square distance from the exact `mean` of how many are between their start and their end, over time.

    The variance about the run's own mean would be too small in a short run.
    """
    levels, shares = time_at_levels(run, starts, ends)
    return float((shares * (levels - mean) ** 2).sum())


def spread(values: Reals, mean: float) -> float:
    """Mean square distance from the exact `mean`."""
    return float(((values - mean) ** 2).mean())


def lead_times(run: Reading) -> Reals:
    """Lead times of the items delivered in the window [units]."""
    items, (low, high) = run.log.items, window(run)
    counted = (items.left >= low) & (items.left < high) & (items.stopped == 0)
    times: Reals = (items.left[counted] - items.arrived[counted]) / TICKS
    return times


def span(run: Reading, start: str, end: str, **only: int) -> Reals:
    """Times from one moment of a visit to another, of visits that end in the window [units]."""
    rows, (low, high) = run.log.visits, window(run)
    starts, ends = getattr(rows, start), getattr(rows, end)
    counted = (ends >= low) & (ends < high)
    for column, value in only.items():
        counted &= getattr(rows, column) == value
    times: Reals = (ends[counted] - starts[counted]) / TICKS
    return times
