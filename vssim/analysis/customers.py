"""What customers see: lead times, throughput, outcomes, value, and where the time of their items went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vssim.analysis.breakdown import CAUSES
from vssim.analysis.deliveries import Deliveries, spread
from vssim.catalogue import STATISTICS
from vssim.clock import TICKS, Ints, Reals


def names(within: Sequence[float]) -> list[str]:
    """The customers' metrics, in the order in which they are worked out."""
    return [
        *(f"lead_time.{key}" for key in STATISTICS),
        *(f"cycle_time.{key}" for key in STATISTICS),
        "delivered",
        "throughput",
        "outcomes",
        *(f"time_to_outcome.{key}" for key in STATISTICS),
        "value",
        "on_time",
        *(f"within.{days:g}" for days in within),
        "rework",
        *(f"time.{cause}" for cause in CAUSES),
    ]


def measure(deliveries: Deliveries, within: Sequence[float]) -> dict[str, Reals]:
    """By metric: the value over customers' items, then by type (their parts too); NaN where undefined."""
    everybody = np.flatnonzero(deliveries.customers)
    columns = [_of(deliveries, everybody, within)]
    for kind in range(len(deliveries.facts.log.types)):
        rows = np.flatnonzero(deliveries.type == kind)
        columns.append(columns[0] if np.array_equal(rows, everybody) else _of(deliveries, rows, within))
    table = dict(zip(names(within), np.array(columns).T, strict=True))
    table["value"] = np.where(deliveries.facts.priced, table["value"], np.nan)
    return table


def _of(deliveries: Deliveries, rows: Ints, within: Sequence[float]) -> list[float]:
    """The metrics of the delivered items `rows` (numbers among the deliveries), in the order of `names`."""
    items, length = deliveries.facts.log.items, deliveries.window.length
    lead, at = deliveries.lead[rows], deliveries.rows[rows]
    ordered = np.sort(lead)
    times = spread(lead, ordered)
    right = items.right[at] == 1
    to_outcome = deliveries.to_outcome[rows]
    value = items.value[at[right]]
    due = items.due[at]
    kept = deliveries.left[rows][due >= 0] <= due[due >= 0]
    in_time = np.searchsorted(ordered * TICKS, [round(days * TICKS) for days in within], side="right")
    return [
        *times,
        *spread(deliveries.cycle[rows]),
        len(rows) if deliveries.window.span else np.nan,
        len(rows) / length,
        float(right.sum()) / length,
        *(times if deliveries.facts.first_version is None and right.all() else spread(to_outcome[right])),
        float(np.nansum(value)) / length,
        _mean(kept),
        *(in_time / len(rows) if len(rows) else np.full(len(within), np.nan)),
        _mean(deliveries.rework[rows]),
        *(deliveries.causes[:, rows].mean(axis=1) if len(rows) else np.full(len(CAUSES), np.nan)),
    ]


def _mean(values: Reals | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else np.nan
