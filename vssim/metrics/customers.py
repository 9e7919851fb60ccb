"""What customers see: lead times, throughput, outcomes, value, and where the time of their items went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vssim.catalogue import STATISTICS
from vssim.causes import OPEN_WAITING
from vssim.clock import TICKS, Ints, Reals
from vssim.metrics.causes import CAUSES
from vssim.metrics.deliveries import Deliveries, deviations, spread

DEVIATIONS = ("sd", "cv", "spread")
"""What is measured of a clock beside its mean and percentiles."""


@dataclass
class Column:
    """What customers see of some items: the items of everybody, or of one type."""

    metrics: dict[str, float] = field(default_factory=dict)
    """NaN where undefined"""
    weights: dict[str, float] = field(default_factory=dict)
    """how many items, or what sum, a mean is of, where no other metric says so"""
    times: dict[str, Reals] = field(default_factory=dict)
    """by clock: the times in rising order [units of time]"""


def measure(deliveries: Deliveries, within: Sequence[float]) -> list[Column]:
    """The metrics over customers' items, then by type (their parts too)."""
    everybody = np.flatnonzero(deliveries.customers)
    columns = [_of(deliveries, everybody, within)]
    for kind in range(len(deliveries.facts.log.types)):
        rows = np.flatnonzero(deliveries.type == kind)
        same = np.array_equal(rows, everybody)
        columns.append(
            Column(dict(columns[0].metrics), columns[0].weights, columns[0].times) if same else _of(deliveries, rows, within)
        )
    for column, priced in zip(columns, deliveries.facts.priced.tolist(), strict=True):
        if not priced:
            column.metrics["value"] = np.nan
    return columns


def _of(deliveries: Deliveries, rows: Ints, within: Sequence[float]) -> Column:
    """The metrics of the delivered items `rows` (numbers among the deliveries)."""
    items, length, column = deliveries.facts.log.items, deliveries.window.length, Column()
    lead, at = deliveries.lead[rows], deliveries.rows[rows]
    ordered = _clock(column, "lead_time", lead, deviating=True)
    _clock(column, "cycle_time", deliveries.cycle[rows], deviating=True)
    _clock(column, "since_start", deliveries.since_start[rows], deviating=True)
    for name, times in deliveries.clocks.items():
        _clock(column, f"clock.{name}", times[rows][~np.isnan(times[rows])], deviating=True)
    right = items.right[at] == 1
    if deliveries.facts.first_version is None and right.all():
        column.times["time_to_outcome"] = ordered
        column.metrics |= {f"time_to_outcome.{key}": column.metrics[f"lead_time.{key}"] for key in STATISTICS}
    else:
        _clock(column, "time_to_outcome", deliveries.to_outcome[rows][right])
    due, promised = items.due[at], deliveries.kept_promise[rows]
    kept = deliveries.left[rows][due >= 0] <= due[due >= 0]
    promised = promised[~np.isnan(promised)]
    in_time = np.searchsorted(ordered * TICKS, [round(days * TICKS) for days in within], side="right")
    count = len(rows)
    column.metrics |= {
        "delivered": np.nan if deliveries.window.is_empty else count,
        "throughput": count / length,
        "outcomes": float(right.sum()) / length,
        "value": float(np.nansum(items.value[at[right]])) / length,
        "on_time": _mean(kept),
        **{f"within.{days:g}": some / count if count else np.nan for days, some in zip(within, in_time.tolist(), strict=True)},
        "rework": _mean(deliveries.rework[rows]),
    }
    if deliveries.facts.log.terms.promises or deliveries.facts.log.promises:
        column.metrics["on_promise"] = _mean(promised)
    spent = _times(deliveries.causes[:, rows]).tolist()
    column.metrics |= {f"time.{cause}": time for cause, time in zip((*CAUSES, "open_waiting"), spent, strict=True)}
    column.weights = {"due": float(len(kept)), "promised": float(len(promised))}
    return column


def _clock(column: Column, name: str, times: Reals, *, deviating: bool = False) -> Reals:
    """Enter all metrics of a clock into `column`; returns its times in rising order."""
    ordered = np.sort(times)
    column.times[name] = ordered
    column.metrics |= {f"{name}.{key}": value for key, value in zip(STATISTICS, spread(times, ordered), strict=True)}
    if deviating:
        column.metrics |= {f"{name}.{key}": value for key, value in zip(DEVIATIONS, deviations(times, ordered), strict=True)}
    return ordered


def _times(causes: Reals) -> Reals:
    """The mean of each of `causes` (causes, n), and of what is open and waiting for either reason; NaN for no items."""
    if not causes.shape[1]:
        return np.full(len(CAUSES) + 1, np.nan)
    means = causes.mean(axis=1)
    return np.append(means, means[_OPEN_WAITING].sum())


_OPEN_WAITING = [list(CAUSES).index(cause) for cause in OPEN_WAITING]


def _mean(values: Reals | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else np.nan
