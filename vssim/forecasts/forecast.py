"""Forecasts from a board's records: when items are done, or how many are done by a date, with the record of such promises.

Promises are quantiles over futures, each with its own probability. Dates are rounded up and counts down, and nothing is promised
with more than 95 %.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from vssim.clock import Ints, Reals
from vssim.errors import UsageError
from vssim.forecasts import growth as growths
from vssim.forecasts.deliveries import Deliveries, date_of
from vssim.forecasts.methods import METHODS, Method
from vssim.forecasts.promises import MOST, Told, at_least, at_most
from vssim.forecasts.record import FEWEST_ACTIVE, Record, active
from vssim.forecasts.regime import Regime, regime
from vssim.forecasts.throughput import FUTURES, MOST_DAYS, Past

PROBABILITIES = (0.5, 0.7, 0.85, 0.95)
"""The probabilities for which every forecast states a promise."""

ROUGH = 13
"""A past of fewer weeks makes a forecast rough [weeks]."""

Kind = Literal["when", "by"]


@dataclass(frozen=True, eq=False, repr=False)
class Forecast:
    """The forecast of when a number of items is done, or of how many are done by a date."""

    kind: Kind
    items: int | None
    """the number of items; None where it is what is asked"""
    days: int | None
    """the number of working days; None where it is what is asked"""
    deliveries: Deliveries
    past: Past
    """the past from which futures are drawn"""
    regime: Regime | None
    method: Method
    growth: growths.Growth | None
    history: Reals
    """growth of scope in the past, one share for each parent [1]"""
    samples: Ints
    """the outcome of each future: working days until the items are done (from 1), or items; shape (futures,)"""
    seed: int

    @property
    def begins(self) -> dt.date:
        """The first working day of the futures."""
        return date_of(self.deliveries.coming(1)[0])

    @property
    def by(self) -> dt.date | None:
        """The last day of the futures, where counts are asked for."""
        return None if self.days is None else date_of(self.deliveries.coming(self.days)[-1])

    def promise(self, probability: float) -> Told:
        """What can be promised with at least this probability. Raises UsageError above 95 %."""
        if not 0 < probability <= MOST:
            raise UsageError(
                f"probability: got {probability:g}, expected one above 0 and up to {MOST:g}: nothing is surer than that"
            )
        if self.kind == "by":
            return Told(probability, at_least(self.samples, probability), None, counts=True)
        promise = at_most(self.samples, probability)
        return Told(probability, promise, self._date(promise.number))

    @cached_property
    def promises(self) -> tuple[Told, ...]:
        """The promises at 50, 70, 85 and 95 %."""
        return tuple(self.promise(probability) for probability in PROBABILITIES)

    def quantile(self, share: float) -> int:
        """The outcome below which this share of the futures lies: working days, or items."""
        return int(np.quantile(self.samples, share, method="inverted_cdf"))

    def _date(self, day: int) -> dt.date | None:
        return None if day > MOST_DAYS else date_of(self.deliveries.coming(day)[-1])

    @cached_property
    def record(self) -> Record:
        """How often promises of 85 % of this kind would have been kept in the past."""
        return self.record_by(self.method)

    def record_by(self, method: Method) -> Record:
        """The record of the same question, answered by another method."""
        past = self.deliveries
        if self.kind == "by":
            return method.record_of_counts(past.daily, int(self.days or 1), past.week)
        return method.record_of_dates(past.daily, int(self.items or 1), past.week)

    @cached_property
    def near(self) -> tuple[int, Record] | None:
        """Where the question's own windows are too few: the longest whole number of weeks that has a record, and that record."""
        if self.record.is_shown:
            return None
        for weeks in (8, 4, 2, 1):
            record = self.method.record_of_counts(self.deliveries.daily, weeks * self.deliveries.week, self.deliveries.week)
            if record.is_shown:
                return weeks, record
        return None

    @property
    def is_rough(self) -> bool:
        """Whether the past is so short that the forecast can only be rough."""
        return len(self.past.daily) / self.deliveries.week < ROUGH

    def paths(self, days: int, count: int = 2_000) -> Reals:
        """Items delivered by the end of each coming day, for `count` futures; shape (count, days)."""
        return self.method.futures(self.past, days, np.random.default_rng(self.seed), count).totals

    @property
    def text(self) -> str:
        """The forecast as text for a terminal."""
        from vssim.forecasts.told import lines

        return "\n".join(lines(self))

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import document

        return document(self)

    def table(self) -> Any:
        """One row for each promise, as a polars DataFrame."""
        from vssim.forecasts.document import table

        return table(self.promises)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from vssim.forecasts.told import html

        return html(self)


def when_done(
    past: Deliveries,
    items: int,
    *,
    method: Method = METHODS["weeks"],
    growth: growths.Growth | None = None,
    history: Reals | None = None,
    seed: int = 1,
    futures: int = FUTURES,
) -> Forecast:
    """The forecast of when so many items are done."""
    used, changed = _used(past, method)
    luck = np.random.default_rng(seed)
    wanted: int | Ints = items if growth is None else growth.items(items, np.random.default_rng([seed, 1]), futures)
    samples = method.when(used, wanted, luck, futures)
    known = np.zeros(0) if history is None else history
    return Forecast("when", items, None, past, used, changed, method, growth, known, samples, seed)


def done_by(
    past: Deliveries,
    last: dt.date | None,
    *,
    method: Method = METHODS["weeks"],
    history: Reals | None = None,
    seed: int = 1,
    futures: int = FUTURES,
) -> Forecast:
    """The forecast of how many items are done by the end of a day."""
    used, changed = _used(past, method)
    days = past.until(last) if last is not None else 0
    if days < 1:
        first = date_of(past.coming(1)[0])
        raise UsageError(f"by: got {last}, expected {first} or a later day: that is the first working day of the forecast")
    if days > MOST_DAYS:
        raise UsageError(f"by: got {last}, which is {days:,} working days ahead; nothing is forecast beyond {MOST_DAYS:,}")
    samples = method.futures(used, days, np.random.default_rng(seed), futures).by(days)
    known = np.zeros(0) if history is None else history
    return Forecast("by", None, days, past, used, changed, method, None, known, samples, seed)


def _used(past: Deliveries, method: Method) -> tuple[Past, Regime | None]:
    changed = None if method.by_days else regime(past.daily, past.week)
    used = method.past(past.daily, past.week)
    if not active(used.daily):
        days = int((used.daily > 0).sum())
        since = "after the first one"
        if changed is not None:
            day = date_of(past.days[changed.first])
            since = f"since {day}, when deliveries changed from {changed.before:.1f} to {changed.after:.1f} a week"
        raise UsageError(f"{days} days with deliveries {since}: nothing is forecast from fewer than {FEWEST_ACTIVE} of them")
    if len(used.daily) < 2 * used.block:
        raise UsageError(f"{len(used.daily)} working days of records: nothing is forecast from fewer than {2 * used.block}")
    return used, changed


def numbers(given: int | Sequence[int], count: int) -> list[int]:
    """The numbers of items, one for each team. Raises UsageError unless all are whole and above 0."""
    each = [given] * count if isinstance(given, int) else list(given)
    each = each * count if len(each) == 1 else each
    if len(each) != count:
        raise UsageError(f"when: got {len(each)} numbers of items for {count} boards, expected one for all or one for each")
    wrong = [number for number in each if isinstance(number, bool) or int(number) != number or number < 1]
    if wrong:
        raise UsageError(f"when: got {wrong[0]}, expected a whole number of items of at least 1")
    return [int(number) for number in each]


def date(given: dt.date | str | None, name: str) -> dt.date | None:
    """A date, also from a text such as 2025-03-31. Raises UsageError for any other text."""
    if given is None or (isinstance(given, dt.date) and not isinstance(given, dt.datetime)):
        return given
    if isinstance(given, dt.datetime):
        return given.date()
    try:
        return dt.date.fromisoformat(str(given).strip())
    except ValueError:
        raise UsageError(f"{name}: got {given!r}, expected a date such as 2025-03-31") from None
