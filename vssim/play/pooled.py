"""Pooled: every metric over all runs of a variant, as the statistic from which estimates, differences and verdicts are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np

from vssim.catalogue import QUANTILES, direction, is_metric, is_share_of_items, is_signed, mean_over, moves_apart
from vssim.clock import Reals
from vssim.errors import UnknownName
from vssim.metrics.sample import Sample
from vssim.statistics import (
    Difference,
    Estimate,
    Pool,
    Statistic,
    average,
    compare,
    deviation,
    level,
    percentile,
    pooled_mean,
    share_within,
    spread,
    variation,
)
from vssim.statistics.influence import Nature, grouped, nothing


def given_up(side: Mapping[str, Estimate]) -> float | None:
    """Of the items that left a side, delivered or not, the share that gave up; None where nobody can or nothing left."""
    ways = [side[way].mean or 0.0 if way in side else 0.0 for way in ("gave_up", "stopped", "throughput")]
    left = sum(ways)
    return ways[0] / left if "gave_up" in side and left else None


class Pooled(Mapping[str, Estimate]):
    """All runs of a variant over one window: metric -> estimate. Any `within.<days>` is answered, asked for before or not."""

    def __init__(self, samples: Sequence[Sample], each: int = 1) -> None:
        self.n = len(samples)
        self.each = each
        """this many consecutive replications share one world and count as one"""
        self.names, self._place, self._values = _table([sample.metrics for sample in samples])
        _, self._weight_place, self._weights = _table([sample.weights for sample in samples])
        clocks = dict.fromkeys(name for sample in samples for name in sample.times)
        self._times = {name: tuple(sample.times.get(name, _NONE) for sample in samples) for name in clocks}
        self._counts = {name: tuple(sample.count(name) for sample in samples) for name in clocks}
        self._statistics: dict[str, Statistic] = {}
        self._estimates: dict[str, Estimate] = {}
        self._pools: dict[str, Pool] = {}

    def __contains__(self, metric: object) -> bool:
        return isinstance(metric, str) and (metric in self._place or self._asked(metric) is not None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, metric: str) -> Estimate:
        if metric not in self._estimates:
            self._estimates[metric] = level(self.statistic(metric))
        return self._estimates[metric]

    def column(self, metric: str) -> Reals:
        """(n,) The metric of each run by itself; NaN where undefined."""
        column: Reals = self._values[:, self._place[metric]]
        return column

    def pool(self, clock: str) -> Pool:
        """The times of a clock (perhaps with `@type`) of all runs together."""
        if clock not in self._pools:
            self._pools[clock] = Pool.of([np.asarray(times, np.float64) for times in self._times[clock]], self._counts[clock])
        return self._pools[clock]

    def statistic(self, metric: str) -> Statistic:
        """A metric over all runs. Raises UnknownName for one that no run has."""
        if metric not in self:
            raise UnknownName("metric", metric, self.names)
        metric = self._alike(metric)
        if metric not in self._statistics:
            self._statistics[metric] = grouped(self._made(metric), self.each)
        return self._statistics[metric]

    def first(self, count: int) -> Pooled:
        """The same with the first `count` runs only."""
        if count >= self.n:
            return self
        some = Pooled((), self.each)
        some.n, some.names, some._place, some._values = count, self.names, self._place, self._values[:count]
        some._weight_place, some._weights = self._weight_place, self._weights[:count]
        some._times = {name: times[:count] for name, times in self._times.items()}
        some._counts = {name: counts[:count] for name, counts in self._counts.items()}
        return some

    def _alike(self, metric: str) -> str:
        """The name of the metric over all items in place of that by type, where there is one type and customers see all of it."""
        stem, at, kind = metric.partition("@")
        return stem if at and kind in self._only else metric

    @cached_property
    def _only(self) -> frozenset[str]:
        """The one type that all customers' items have, if there is one: what is measured of it is measured over all."""
        kinds = {name.partition("@")[2] for name in self.names if "@" in name}
        if len(kinds) != 1:
            return frozenset()
        (kind,) = kinds
        whole = [name for name in self.names if "@" not in name and f"{name}@{kind}" in self._place]
        sides = ([self._place[name + suffix] for name in whole] for suffix in ("", f"@{kind}"))
        plain, other = (self._values[:, columns] for columns in sides)
        return frozenset(kinds if np.array_equal(plain, other, equal_nan=True) else ())

    def _made(self, metric: str) -> Statistic:
        stem, at, kind = metric.partition("@")
        suffix = at + kind
        clock, _, statistic = stem.rpartition(".")
        if clock + suffix in self._times:
            return self._of_clock(clock, statistic, suffix)
        if (days := self._asked(metric)) is not None and metric not in self._place:
            return share_within(self.pool("lead_time" + suffix), days)
        nature: Nature = "share" if is_share_of_items(stem) else "mean"
        weighted = mean_over(stem)
        if weighted is not None:
            return pooled_mean(self.column(metric), self._weight(weighted, suffix), nature)
        values = self.column(metric)
        if np.isnan(values).any():
            if np.isnan(values).all():
                return nothing(self.n)
            return pooled_mean(values, (~np.isnan(values)).astype(np.float64), nature)
        return average(values, positive=not (is_metric(stem) and is_signed(stem)))

    def _of_clock(self, clock: str, statistic: str, suffix: str) -> Statistic:
        """A percentile, mean or deviation of the times of a clock."""
        name = f"{clock}.{statistic}{suffix}"
        if statistic in QUANTILES:
            pooled_statistic = percentile(self.pool(clock + suffix), QUANTILES[statistic])
            return replace(pooled_statistic, by_run=self.column(name))
        counts = self._counts[clock + suffix]
        if statistic == "mean":
            return pooled_mean(self.column(name), counts)
        if statistic == "spread":
            return spread(*(self.statistic(f"{clock}.{key}{suffix}") for key in ("p95", "p50")))
        means, deviations = self.column(f"{clock}.mean{suffix}"), self.column(f"{clock}.sd{suffix}")
        pooled_statistic = deviation(pooled_mean(means, counts), pooled_mean(deviations**2 + means**2, counts))
        pooled_statistic = variation(pooled_mean(means, counts), pooled_statistic) if statistic == "cv" else pooled_statistic
        return replace(pooled_statistic, by_run=self.column(name))

    def _weight(self, name: str, suffix: str) -> Reals:
        """(n,) The weight of each run in a mean: how many items, or which sum."""
        if name in ("delivered", "lead"):
            delivered = np.nan_to_num(self.column("delivered" + suffix))
            return delivered if name == "delivered" else delivered * np.nan_to_num(self.column("lead_time.mean" + suffix))
        place = self._weight_place.get(name + suffix)
        return np.zeros(self.n) if place is None else np.nan_to_num(self._weights[:, place])

    def _asked(self, metric: str) -> float | None:
        """The time in a `within.<days>`, where lead times were handed up; None for any other name."""
        stem, at, kind = metric.partition("@")
        if not stem.startswith("within.") or "lead_time" + at + kind not in self._times:
            return None
        try:
            days = float(stem.removeprefix("within."))
        except ValueError:
            return None
        return days if 0 <= days < np.inf else None


_NONE = np.empty(0)


def _table(rows: Sequence[Mapping[str, float | None]]) -> tuple[tuple[str, ...], Mapping[str, int], Reals]:
    """Names, the column of each, and (rows, names) values, NaN where a row has none."""
    names, place = _named(tuple(dict.fromkeys(name for row in rows for name in row)))
    values = np.full((len(rows), len(names)), np.nan)
    for number, row in enumerate(rows):
        for name, value in row.items():
            if value is not None:
                values[number, place[name]] = value
    return names, place, values


@lru_cache(maxsize=64)
def _named(names: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Names and their places; one object for all settings of a sweep."""
    return names, {name: number for number, name in enumerate(names)}


class Compared(Mapping[str, Difference]):
    """Two variants over the same window and luck: metric -> difference, worked out when it is asked for."""

    def __init__(self, before: Pooled, after: Pooled) -> None:
        self.before, self.after = before, after
        self._differences: dict[str, Difference] = {}

    def __contains__(self, metric: object) -> bool:
        return metric in self.before and metric in self.after

    def __iter__(self) -> Iterator[str]:
        return (metric for metric in self.after if metric in self.before)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, metric: str) -> Difference:
        if metric not in self._differences:
            before, after = self.before.statistic(metric), self.after.statistic(metric)
            self._differences[metric] = compare(before, after, direction(metric), by_ratio=not moves_apart(metric))
        return self._differences[metric]
