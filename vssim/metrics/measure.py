"""The metrics of one run: every name of the catalogue, computed from the visit log alone.

Customers' items are those delivered in the window (warm-up, horizon]: a delivery exactly at the horizon counts, one at the
warm-up does not, unless that is 0. Time averages are over the same window. Where all demand ends and nothing is left, it ends
with the last departure. What is undefined (no item was delivered, a team without limit to its people) is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from vssim.catalogue import CATALOGUE, STATISTICS, Metric, describe, direction, entry, installed, is_share, unit_of
from vssim.clock import Reals
from vssim.log import Log
from vssim.metrics import customers, money, people, stock
from vssim.metrics.deliveries import Deliveries, spread
from vssim.metrics.facts import Facts
from vssim.metrics.played import Played
from vssim.metrics.sample import Sample
from vssim.metrics.window import Window

__all__ = ["CATALOGUE", "Metric", "describe", "direction", "entry", "is_share", "lead_times", "measure", "unit_of"]

_ORDER = {name.partition("<")[0]: place for place, name in enumerate(CATALOGUE)}


def measure(log: Log, *, warmup: float = 0.0, since: float | None = None, within: Sequence[float] = ()) -> dict[str, float | None]:
    """Every metric by name; first those over all items, then `<metric>@<type>`.

    `warmup` and `since` [units of time]: the window begins with the later one. `within`: lead times whose share is asked.
    """
    return over(Facts(log), Window.of(log, warmup, since), within)


def lead_times(log: Log, *, warmup: float = 0.0) -> dict[str, float | None]:
    """The metrics `lead_time.{mean,p50,…}` over all items, as `measure` has them; nothing else is worked out."""
    deliveries = Deliveries(Facts(log), Window.of(log, warmup))
    figures = spread(deliveries.lead[deliveries.customers])
    return {f"lead_time.{key}": _or_none(value) for key, value in zip(STATISTICS, figures, strict=True)}


def over(facts: Facts, window: Window, within: Sequence[float]) -> dict[str, float | None]:
    """As `measure`, over a window of a run of which some facts may be known already."""
    return sample(facts, window, within).metrics


def sample(facts: Facts, window: Window, within: Sequence[float]) -> Sample:
    """What a run hands up over a window: its figures, and what it takes to pool them with those of other runs."""
    log, deliveries = facts.log, Deliveries(facts, window)
    columns = customers.measure(deliveries, within)
    table = stock.measure(deliveries) | people.measure(log, window, facts.open_spans) | money.measure(facts, window)
    inside = {name: table.pop(name) for name in [name for name in table if name.partition(".")[0] in HANDED_UP]}
    ordered = _in_order((*columns[0].metrics, *table))
    metrics: dict[str, float | None] = {}
    weights: dict[str, float] = {}
    times: dict[str, Reals] = {}
    ages = stock.ages(facts, window)
    for number, suffix in enumerate(["", *(f"@{kind}" for kind in log.types)]):
        column = columns[number]
        row = column.metrics | {name: float(values[number]) for name, values in table.items()}
        metrics |= {name + suffix: _or_none(row[name]) for name in ordered}
        weighing = column.weights | {name: float(values[number]) for name, values in inside.items()}
        weights |= {name + suffix: value for name, value in weighing.items() if value}
        times |= {name + suffix: values for name, values in column.times.items()}
        times["age" + suffix] = ages[number] if number == 0 or len(ages[number]) != len(ages[0]) else ages[0]
    if own := installed():
        played = Played(log, log.time(window.start))
        metrics |= {name: metric.value(played) for name, metric in own.items()}
    return Sample(metrics, weights, times)


HANDED_UP = ("started", "worked")
"""Values that are handed up though they are no metrics: how many first visits a mean queueing is of, and people-time worked."""


@lru_cache(maxsize=64)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of metrics in the order of the catalogue."""
    return tuple(sorted(names, key=_place))


def _place(name: str) -> int:
    """Where the catalogue tells a metric; families stay together, in the order in which they come."""
    head = next((prefix for prefix in ("within.", "utilisation.", "steps.", "clock.") if name.startswith(prefix)), name)
    return _ORDER[head]


def _or_none(value: float) -> float | None:
    return value if value == value else None  # noqa: PLR0124 -- only NaN differs from itself
