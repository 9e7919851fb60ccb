"""The metrics of one run: every name of the catalogue, computed from the visit log alone.

Customers' items are those delivered in the window [warm-up, horizon): a delivery exactly at the warm-up counts, one at the
horizon does not. Time averages are over the same window. What is undefined (no item was delivered, a team without limit to
its people) is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from vssim.analysis import board, customers, people
from vssim.analysis.deliveries import Deliveries, spread
from vssim.analysis.facts import Facts
from vssim.analysis.window import Window
from vssim.catalogue import CATALOGUE, STATISTICS, Metric, describe, direction, entry, is_share, unit_of
from vssim.log import Log

__all__ = ["CATALOGUE", "Metric", "describe", "direction", "entry", "is_share", "lead_times", "measure", "unit_of"]

_ORDER = {name.partition("<")[0]: place for place, name in enumerate(CATALOGUE)}


def measure(log: Log, *, warmup: float = 0.0, since: float | None = None, within: Sequence[float] = ()) -> dict[str, float | None]:
    """Every metric by name; first those over all items, then `<metric>@<type>`.

    `warmup` and `since` [units of time]: the window begins with the later one. `within`: lead times whose share is asked.
    """
    return over(Facts(log), Window.of(log, warmup, since), within)


def lead_times(log: Log, *, warmup: float = 0.0) -> dict[str, float | None]:
    """The metrics `lead_time.…` over all items, as `measure` has them; nothing else is worked out."""
    deliveries = Deliveries(Facts(log), Window.of(log, warmup))
    found = spread(deliveries.lead[deliveries.customers])
    return {f"lead_time.{key}": _or_none(value) for key, value in zip(STATISTICS, found, strict=True)}


def over(facts: Facts, window: Window, within: Sequence[float]) -> dict[str, float | None]:
    """As `measure`, over a window of a run of which some facts may be known already."""
    log, deliveries = facts.log, Deliveries(facts, window)
    table = customers.measure(deliveries, within) | board.measure(deliveries) | people.measure(log, window, facts.open_spans)
    ordered = _in_order(tuple(table))
    columns = np.array([table[name] for name in ordered]).T.tolist()
    found = {name: _or_none(value) for name, value in zip(ordered, columns[0], strict=True)}
    for kind, column in zip(log.types, columns[1:], strict=True):
        found |= {f"{name}@{kind}": _or_none(value) for name, value in zip(ordered, column, strict=True)}
    return found


@lru_cache(maxsize=64)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of metrics in the order of the catalogue."""
    return tuple(sorted(names, key=_place))


def _place(name: str) -> int:
    """Where the catalogue tells a metric; families stay together, in the order in which they come."""
    head = next((prefix for prefix in ("within.", "utilisation.", "steps.") if name.startswith(prefix)), name)
    return _ORDER[head]


def _or_none(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 -- only NaN differs from itself
