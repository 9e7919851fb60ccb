"""The forecast for several teams, each with its own part of the work: all are drawn together, as dependent as they were.

The same weeks are drawn for all teams, so that whatever affected several at once does so again. Their slow drifts are correlated as
the sums of four weeks were in the past, shrunk towards no correlation where the past is short (a Gaussian copula of the gammas).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vssim import markup
from vssim.clock import Ints, Reals
from vssim.errors import UsageError
from vssim.forecasts import growth as growths
from vssim.forecasts.deliveries import Deliveries, date_of, deliveries
from vssim.forecasts.forecast import PROBABILITIES, Forecast, date, numbers, when_done
from vssim.forecasts.methods import Method
from vssim.forecasts.promises import Told, at_most
from vssim.forecasts.throughput import MOST_DAYS, Futures, Past, days_for
from vssim.forecasts.told import day, many
from vssim.forecasts.told import warning as warning_of
from vssim.tracker.board import Board

SUMS = 4
"""The length of the sums from which the correlation of slow drifts is estimated [weeks]."""

WEIGHT = 3.0
"""The weight of the assumption of no correlation, as a number of such sums."""

FEWEST_SUMS = 4


@dataclass(frozen=True, eq=False, repr=False)
class TeamsForecast:
    """The forecast of when all teams have finished their parts."""

    names: tuple[str, ...]
    items: tuple[int, ...]
    alone: tuple[Forecast, ...]
    """the forecast of each team by itself"""
    samples: Ints
    """working days until the last team is done, in each future; shape (futures,)"""
    correlation: Reals
    """the correlation of the teams' slow drifts; shape (teams, teams)"""
    method: Method
    longest: Deliveries

    @property
    def begins(self) -> dt.date:
        """The first working day of the futures."""
        return date_of(self.longest.coming(1)[0])

    @property
    def promises(self) -> tuple[Told, ...]:
        """The promises at 50, 70, 85 and 95 %."""
        made = [(asked, at_most(self.samples, asked)) for asked in PROBABILITIES]
        return tuple(Told(asked, promise, self._date(promise.number)) for asked, promise in made)

    def _date(self, number: int) -> dt.date | None:
        return None if number > MOST_DAYS else date_of(self.longest.coming(number)[-1])

    @property
    def all_by(self) -> float:
        """The probability that all are done by the latest of the dates that the teams promise individually with 85 %."""
        return float((self.samples <= max(forecast.promise(0.85).promise.number for forecast in self.alone)).mean())

    @property
    def question(self) -> str:
        """The question in words."""
        parts = ", ".join(f"{count:,} of {name}" for count, name in zip(self.items, self.names, strict=True))
        return f"When are all of them done, from {day(self.begins)} on: {parts}?"

    @property
    def warning(self) -> str:
        """The warnings of the single teams, before everything else; empty where there are none."""
        said = [(name, warning_of(forecast)) for name, forecast in zip(self.names, self.alone, strict=True)]
        return " ".join(f"{name}: {text}" for name, text in said if text)

    @property
    def arithmetic(self) -> str:
        """A sentence on what promises of 85 % are worth together where several teams must keep them."""
        count = len(self.names)
        return (
            f"If each of {count} teams keeps a promise of 85 %, and they were independent, all would with {0.85**count:.0%}: "
            f"the latest of their own dates holds for all together with {self.all_by:.0%}."
        )

    @property
    def basis(self) -> list[str]:
        """Sentences on what the forecast is based on."""
        each = [
            f"{name} alone: {_by(forecast.promise(0.85).date)} (85 %), {forecast.past.mean * forecast.deliveries.week:.1f} a week."
            for name, forecast in zip(self.names, self.alone, strict=True)
        ]
        pairs = self.correlation[np.triu_indices(len(self.names), 1)]
        drawn = f"The same weeks are drawn for all; their slow drifts are correlated with {pairs.mean():.2f} on average."
        return [self.arithmetic, *each, drawn, "No record of all together; each team's own: vssim forecast SOURCE --record."]

    @property
    def text(self) -> str:
        """The forecast as text for a terminal."""
        lines = [f"  {told.asked:.0%}  ".replace("%", " %") + _by(told.date) for told in self.promises]
        return "\n".join([*([self.warning] if self.warning else []), self.question, *lines, *self.basis])

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import promise_entry, record_entry, whole

        entries = [promise_entry(told) for told in self.promises]
        records = [
            record_entry(forecast.record, self.method.name, f"{name}: {many(forecast.items or 0, 'item')}")
            for name, forecast in zip(self.names, self.alone, strict=True)
        ]
        return whole("teams", self.question, self.warning, self.begins, self.method.name, entries, records, self.basis)

    def table(self) -> Any:
        """One row for each promise, as a polars DataFrame."""
        from vssim.forecasts.document import table

        return table(self.promises)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        rows = [(f"{told.asked:.0%}", _by(told.date)) for told in self.promises]
        head, body = markup.title(self.question), markup.table(("probability", "promise"), rows)
        return head + markup.paragraph(self.warning) + body + markup.notes(self.basis)


def _by(date: dt.date | None) -> str:
    return f"by {day(date)}" if date is not None else f"not within {MOST_DAYS:,} working days"


def of_teams(
    boards: Sequence[Board],
    when: int | Sequence[int],
    begins: dt.date | str | None,
    *,
    method: Method,
    growth: str | float | None,
    seed: int,
    futures: int,
) -> TeamsForecast:
    """The forecast of when all teams are done; it begins for all on the day after the latest move of any."""
    items = numbers(when, len(boards))
    start = date(begins, "begins") or max(date_of(deliveries(board).begins) for board in boards)
    pasts = [deliveries(board, start) for board in boards]
    if len({past.clock.working for past in pasts}) > 1 or len({past.clock.holidays for past in pasts}) > 1:
        raise UsageError(
            "forecast: the teams' calendars differ; give them one in a reading, so that their weeks are the same weeks"
        )
    more = [None if growth is None else growths.growth_of(growth, growths.grown(board)) for board in boards]
    alone = [
        when_done(past, count, method=method, growth=grows, seed=seed, futures=futures)
        for past, count, grows in zip(pasts, items, more, strict=True)
    ]
    names = _named(boards)
    together = correlation([forecast.past.daily for forecast in alone], pasts[0].week)
    luck = np.random.default_rng([seed, 2])
    wanted = [
        np.full(futures, count, np.int64) if grows is None else grows.items(count, luck, futures)
        for count, grows in zip(items, more, strict=True)
    ]
    samples = joint([forecast.past for forecast in alone], wanted, method, together, luck)
    return TeamsForecast(names, tuple(items), tuple(alone), samples, together, method, pasts[0])


def _named(boards: Sequence[Board]) -> tuple[str, ...]:
    names = [board.files[0].split(".")[0] for board in boards]
    return tuple(name if names.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(names, 1))


def correlation(dailies: Sequence[Ints], week: int) -> Reals:
    """The correlation of the teams' sums of four weeks, shrunk towards 0; shape (teams, teams)."""
    length = SUMS * week
    count = min(len(daily) for daily in dailies) // length
    identity: Reals = np.eye(len(dailies))
    if count < FEWEST_SUMS:
        return identity
    sums = np.array([daily[-count * length :].reshape(count, length).sum(axis=1) for daily in dailies], np.float64)
    moves = sums.std(axis=1) > 0
    seen = np.eye(len(dailies))
    if moves.sum() > 1:
        seen[np.ix_(moves, moves)] = np.corrcoef(sums[moves])
    shrunk: Reals = (count * seen + WEIGHT * identity) / (count + WEIGHT)
    return shrunk


def joint(pasts: Sequence[Past], wanted: Sequence[Ints], method: Method, together: Reals, luck: np.random.Generator) -> Ints:
    """The day on which the last team is done, in each future; shape (futures,). `wanted`: items of each team in each future.

    Blocks are as long as the longest cadence of any team and end today, so that one block covers the same days for all teams.
    """
    from vssim.special import gammaincinv, ndtr

    futures, block = len(wanted[0]), max(past.block for past in pasts)
    expected = [days_for(past, float(count.mean())) for past, count in zip(pasts, wanted, strict=True)]
    normal = ndtr(luck.multivariate_normal(np.zeros(len(pasts)), together, futures, method="eigh"))
    factors = []
    for place, past in enumerate(pasts):
        spread = method.drift(past, expected[place])
        factors.append(spread * gammaincinv(1 / spread, normal[:, place]) if spread > 0 else np.ones(futures))
    blocks = _same_blocks(pasts, block)
    state, days = luck.bit_generator.state, min(MOST_DAYS, 3 * max(expected) + block)
    while True:
        luck.bit_generator.state = state
        drawn = luck.integers(0, blocks.shape[1], (futures, -(-days // block)))
        last = np.zeros(futures, np.int64)
        for team, (factor, count) in enumerate(zip(factors, wanted, strict=True)):
            totals = np.cumsum(blocks[team][drawn].reshape(futures, -1)[:, :days], axis=1) * factor[:, None]
            last = np.maximum(last, Futures(totals).until(count))
        if days >= MOST_DAYS or (last > days).mean() < 0.01:
            return last
        days = min(MOST_DAYS, 2 * days)


def _same_blocks(pasts: Sequence[Past], block: int) -> Ints:
    """Blocks of the days that all teams have in common, the latest last; shape (teams, blocks, days in a block)."""
    count = min(len(past.daily) for past in pasts) // block
    if count < 2:
        raise UsageError(
            f"forecast: the teams have {count} times {block} working days in common; 2 are needed to draw them together"
        )
    return np.array([past.daily[-count * block :].reshape(count, block) for past in pasts])
