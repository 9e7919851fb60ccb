"""The metrics of one run: every name of the catalogue, computed from the visit log alone.

Customers' items are those delivered in the window [warm-up, horizon): a delivery exactly at the warm-up counts, one at the
horizon does not. Time averages are over the same window. What is undefined (no item was delivered, a team without limit to
its people) is None.
"""

from __future__ import annotations

from collections.abc import Sequence

from vssim.analysis import board, customers, people
from vssim.analysis.deliveries import Deliveries
from vssim.analysis.window import Window
from vssim.catalogue import CATALOGUE, Metric, describe, direction, entry, unit_of
from vssim.log import Log

__all__ = ["CATALOGUE", "Metric", "describe", "direction", "entry", "measure", "unit_of"]

_ORDER = {name.partition("<")[0]: place for place, name in enumerate(CATALOGUE)}


def measure(log: Log, *, warmup: float = 0.0, since: float | None = None, within: Sequence[float] = ()) -> dict[str, float | None]:
    """Every metric by name; first those over all items, then `<metric>@<type>`.

    `warmup` and `since` [units of time]: the window begins with the later one. `within`: lead times whose share is asked.
    """
    window = Window.of(log, warmup, since)
    deliveries = Deliveries(log, window)
    table = customers.measure(deliveries, within) | board.measure(deliveries) | people.measure(log, window)
    ordered = sorted(table, key=_place)
    columns = [table[name].tolist() for name in ordered]
    found = {name: _or_none(column[0]) for name, column in zip(ordered, columns, strict=True)}
    for number, kind in enumerate(log.types, 1):
        for name, column in zip(ordered, columns, strict=True):
            found[f"{name}@{kind}"] = _or_none(column[number])
    return found


def _place(name: str) -> int:
    """Where the catalogue tells a metric; families stay together, in the order in which they come."""
    head = next((prefix for prefix in ("within.", "utilisation.", "steps.") if name.startswith(prefix)), name)
    return _ORDER[head]


def _or_none(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 -- only NaN differs from itself
