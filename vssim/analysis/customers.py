"""What customers see: lead times, throughput, outcomes, value, and where the time of their items went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vssim.analysis.breakdown import CAUSES
from vssim.analysis.deliveries import Deliveries, spread
from vssim.catalogue import STATISTICS
from vssim.clock import TICKS, Ints, Reals
from vssim.log import Log


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
    columns = [_of(deliveries, rows, within) for rows in _populations(deliveries)]
    priced = _priced(deliveries.log)
    table = dict(zip(names(within), np.array(columns).T, strict=True))
    table["value"] = np.where(priced, table["value"], np.nan)
    return table


def _populations(deliveries: Deliveries) -> Iterator[Ints]:
    yield np.flatnonzero(deliveries.customers)
    for kind in range(len(deliveries.log.types)):
        yield np.flatnonzero(deliveries.type == kind)


def _of(deliveries: Deliveries, rows: Ints, within: Sequence[float]) -> list[float]:
    """The metrics of the delivered items `rows` (numbers among the deliveries), in the order of `names`."""
    items, length = deliveries.log.items, deliveries.window.length
    lead, at = deliveries.lead[rows], deliveries.rows[rows]
    right = items.right[at] == 1
    value = items.value[at[right]]
    due = items.due[at]
    kept = deliveries.left[rows][due >= 0] <= due[due >= 0]
    return [
        *spread(lead),
        *spread(deliveries.cycle[rows]),
        len(rows) if deliveries.window.span else np.nan,
        len(rows) / length,
        float(right.sum()) / length,
        *spread(deliveries.to_outcome[rows[right]]),
        float(np.nansum(value)) / length,
        _mean(kept),
        *(_mean(lead * TICKS <= round(days * TICKS)) for days in within),
        _mean(deliveries.rework[rows]),
        *(deliveries.causes[:, rows].mean(axis=1) if len(rows) else np.full(len(CAUSES), np.nan)),
    ]


def _mean(values: Reals | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else np.nan


def _priced(log: Log) -> NDArray[np.bool_]:
    """Whether any item states a value: over all, then by type."""
    stated = np.bincount(log.items.type[~np.isnan(log.items.value)], minlength=len(log.types)) > 0
    return np.concatenate([[stated.any()], stated])
