"""Forecasts from a scenario: its board, its people and rules, competing arrivals; changes under the same luck.

Each future is one replication. The question is put to the organisation as it is and to every change under the same luck, so that
differences come from the change. A learned scenario begins with the board on the last day of its records, or of later ones, and has
a record. No other scenario has one, since nothing was ever promised with it, and the forecast says so.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from vssim import markup
from vssim.clock import NOT_YET, TICKS, Ints, Reals, ticks
from vssim.errors import UnknownName, UsageError
from vssim.forecasts import foretold
from vssim.forecasts.promises import MOST, NEVER, Told, at_least, at_most
from vssim.forecasts.today import from_today, today_of
from vssim.forecasts.told import day, many
from vssim.log import Ended, Log, Origin
from vssim.play.experiment import Experiment
from vssim.play.settings import adjusted, change_named
from vssim.scenario import Scenario, measured_from
from vssim.tracker.board import Board

FUTURES = 400
"""Replications of each variant; the share of futures within the 85 % promise is then known to ± 3.5 points."""

ENOUGH = 0.97
"""Share of the futures that must have an outcome; below it a longer time is played."""

LONGER = 4
"""How many times the played time is doubled at most."""

PROBABILITIES = (0.5, 0.7, 0.85, 0.95)

AS_IT_IS = "as it is"

ALL = "items"
"""As the question: when are all items done that the file names?"""

NO_RECORD = "No record: it is what the scenario says, not what was seen; it is as good as its assumptions."

Kind = Literal["when", "by", "item", "items"]


@dataclass(frozen=True, eq=False)
class Side:
    """The futures of the organisation as it is, or with one change."""

    change: str | None
    samples: Reals
    """the outcome of each future: items, or the time from the first day on until they are done, inf where that lies beyond the
    played time [units of time]; shape (futures,)"""

    @property
    def name(self) -> str:
        """The change's name, or that of the organisation as it is."""
        return AS_IT_IS if self.change is None else self.change


@dataclass(frozen=True, eq=False, repr=False)
class ScenarioForecast:
    """The forecast for items of a scenario, or for their number by a date: as it is, and with changes."""

    kind: Kind
    scenario: Scenario
    asked: int | str | None
    """the number of items, or the name of the one item"""
    last: float | None
    """the end of counting, where counts are asked for [units of time]"""
    begin: float
    """the beginning of counting: 0, or the end of the warm-up where the file names no items [units of time]"""
    played: float
    """the time that was played [units of time]"""
    board: int
    """the number of items that the file names"""
    sides: tuple[Side, ...]

    @property
    def begins(self) -> dt.date | None:
        """The first day; None where the scenario has no start."""
        calendar = self.scenario.dates
        return None if calendar is None else calendar.day_of(self.begin)

    def promise(self, probability: float, change: str | None = None) -> Told:
        """What can be promised with at least this probability, as it is or with a change. Raises UsageError above 95 %."""
        if not 0 < probability <= MOST:
            within = f"above 0 and up to {MOST:g}: nothing is surer than that"
            raise UsageError(f"probability: got {probability:g}, expected one {within}")
        known = {side.change: side for side in self.sides}
        if change not in known:
            raise UnknownName("change", str(change), [name for name in known if name is not None])
        return self._told(known[change], probability)

    def _told(self, side: Side, probability: float) -> Told:
        if self.kind == "by":
            return Told(probability, at_least(side.samples.astype(np.int64), probability), None, counts=True)
        whole: Ints = np.where(np.isinf(side.samples), NEVER, np.maximum(1, np.ceil(side.samples - 1e-9))).astype(np.int64)
        made = at_most(whole, probability)
        return Told(probability, made, None if made.number >= NEVER else self.date_of(made.number))

    def date_of(self, number: float) -> dt.date | None:
        """The day on which so much time since the first day is over; None where the scenario has no start."""
        calendar = self.scenario.dates
        return None if calendar is None else calendar.day_of(self.begin + number, ends=True)

    def said(self, told: Told) -> str:
        """A promise in words, such as by Fri 14 March 2025, within 34 days, at least 12."""
        if told.counts:
            return f"at least {told.promise.number:,}"
        if told.promise.number >= NEVER:
            return f"not within {_lasting(self.played - self.begin, self.scenario.unit)}"
        return f"within {_lasting(told.promise.number, self.scenario.unit)}" if told.date is None else f"by {day(told.date)}"

    @cached_property
    def question(self) -> str:
        """The question in words."""
        begins = f"from {day(self.begins)} on" if self.begins else f"from {self.scenario.unit} {self.begin:g} on"
        if self.kind == "by":
            calendar, last = self.scenario.dates, float(self.last or 0.0)
            until = f"{self.scenario.unit} {last:g}" if calendar is None else day(calendar.day_of(last, ends=True))
            return f"How many are done {begins}, until {until}?"
        subjects = {"when": f"are {many(int(self.asked or 0), 'item')}" if self.kind == "when" else "", "item": f"is {self.asked}"}
        return f"When {subjects.get(self.kind, f'are all {self.board:,} items of the file')} done, {begins}?"

    @property
    def warning(self) -> str:
        """A warning that belongs before everything else; empty where there is none."""
        if self.scenario.learned is not None:
            return "" if self.record is None else self.record.warning
        if self.board:
            return ""
        built = f"as {_lasting(self.begin, self.scenario.unit)} of play make it" if self.begin else "empty"
        return f"The file names no items of today: the board is {built}, not yours (demand.TYPE.items says what is on it)."

    @property
    def basis(self) -> list[str]:
        """Sentences on what the forecast is based on."""
        futures, learned = len(self.sides[0].samples), self.scenario.learned
        rests = (
            f"From {futures:,} futures of {self.scenario.name}: its people and rules, arrivals that compete, the same luck for all."
        )
        if learned is None:
            return [*self._moves(), rests, NO_RECORD]
        verdict = learned.sentence[:1].upper() + learned.sentence[1:]
        return [*self._moves(), rests, f"{verdict}.", *([foretold.NONE] if self.record is None else self.record.sentences)]

    @cached_property
    def record(self) -> foretold.Told | None:
        """The record whose windows are about as long as this forecast; None where there is none."""
        if self.last is not None:
            days = self.last - self.begin
        else:
            reached = self.sides[0].samples[np.isfinite(self.sides[0].samples)]
            days = float(np.median(reached)) if len(reached) else self.played - self.begin
        return foretold.nearest(foretold.told(self.scenario), days)

    def _moves(self) -> list[str]:
        """Sentences on how much each change moves the outcome, compared future by future."""
        now, told = self.sides[0].samples, []
        for side in self.sides[1:]:
            both = np.isfinite(now) & np.isfinite(side.samples)
            if not both.any():
                continue
            moved = (side.samples - now)[both]
            middle = float(np.median(moved))
            better = float(((side.samples > now) if self.kind == "by" else (side.samples < now)).mean())
            said, other = ("more", "fewer") if self.kind == "by" else ("earlier", "later")
            size = f"{abs(middle):.2g}" if self.kind == "by" else _lasting(abs(middle), self.scenario.unit)
            ahead = middle > 0 if self.kind == "by" else middle < 0
            how = f"{size} {said if ahead else other}" if middle else "the same"
            told.append(f"With {side.change}: {how} in the middle of the futures, {said} in {better:.0%} of them.")
        return told

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """One row for each probability, one cell for each side."""
        written = [f"{asked:.0%}".replace("%", " %") for asked in PROBABILITIES]
        told = [[self.said(self._told(side, asked)) for side in self.sides] for asked in PROBABILITIES]
        return [(asked, *cells) for asked, cells in zip(written, told, strict=True)]

    @property
    def text(self) -> str:
        """The forecast as text for a terminal."""
        names = [("", *(side.name for side in self.sides))] if len(self.sides) > 1 else []
        rows = [*names, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.sides) + 1)]
        lines = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*([self.warning] if self.warning else []), self.question, *lines, *self.basis])

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        from vssim.forecasts.document import whole

        return whole(
            self.kind, self.question, self.warning, self.begins, "simulation", self._entries(), self._records(), self.basis
        )

    def _records(self) -> list[Any]:
        from vssim.forecasts.document import record_entry

        return [] if self.record is None else [record_entry(self.record.record, "simulation", self.record.length)]

    def table(self) -> Any:
        """One row for each promise, as a polars DataFrame."""
        from vssim.forecasts.document import entries_table

        return entries_table(self._entries())

    def _entries(self) -> list[Any]:
        from vssim.forecasts.document import promise_entry

        return [promise_entry(self._told(side, asked), change=side.change) for side in self.sides for asked in PROBABILITIES]

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        head, body = markup.title(self.question), markup.table(("probability", *(side.name for side in self.sides)), self.rows)
        return head + markup.paragraph(self.warning) + body + markup.notes(self.basis)


def of_scenario(
    scenario: Scenario,
    *,
    when: int | str | None = None,
    by: dt.date | str | float | None = None,
    item: str | None = None,
    changes: Sequence[str] = (),
    seed: int | None = None,
    futures: int | None = None,
    today: Board | None = None,
) -> ScenarioForecast:
    """The forecast of when `when` items (a number, or "items": all in the file) or one `item` are done, or how many until `by`.

    `changes`: names of changes of the scenario, to which the same question is put. `today`: later records for a learned scenario.
    Raises UsageError where there is no such item or change, and where `by` is not after the first day.
    """
    is_learned = scenario.learned is not None and scenario.learned.today is not None
    if is_learned:
        scenario = from_today(scenario) if today is None else today_of(scenario, today)
    names = [None, *dict.fromkeys(change_named(scenario, name) for name in changes if change_named(scenario, name))]
    known = listed(scenario)
    if item is not None and item not in [name for name, _, _ in known]:
        raise UnknownName("item", item, [name for name, _, _ in known if name])
    if when == ALL and not known:
        raise UsageError("when: the file names no items; demand.TYPE.items says what is on the board")
    begin = 0.0 if known or is_learned else measured_from(scenario)
    last = None if by is None else _until(scenario, by)
    if last is not None and last <= begin:
        raise UsageError(f"by: got {by}, expected a day after the first one of the forecast")
    kind: Kind = "by" if last is not None else "item" if item is not None else "items" if when == ALL else "when"
    asked = item if item is not None else when
    outcome = _outcome(kind, asked, begin, last, known)
    horizon = last if last is not None else scenario.run.horizon
    count = futures or FUTURES
    for attempt in range(LONGER + 1):
        played = adjusted(scenario, horizon=horizon * 2**attempt, seed=seed, replications=count)
        study = Experiment.of(played, names).study.settled(count * len(names))
        study.expect([(at, luck) for at in range(len(names)) for luck in range(count)])
        sides = [Side(name, np.array([outcome(study.log(at, luck)) for luck in range(count)])) for at, name in enumerate(names)]
        if kind == "by" or min(float(np.isfinite(side.samples).mean()) for side in sides) >= ENOUGH:
            break
    return ScenarioForecast(kind, scenario, asked, last, begin, played.run.horizon, len(known), tuple(sides))


def listed(scenario: Scenario) -> list[tuple[str | None, str, int]]:
    """The items that the file names: name, type and arrival [ticks since time 0], in the order of the file."""
    kinds = scenario.model.demand
    return [(item.id, kind, ticks(item.arrived)) for kind, of in kinds.items() for item in of.items for _ in range(item.count)]


def rows_of(log: Log, known: Sequence[tuple[str | None, str, int]]) -> Ints:
    """The rows of the log's items that the file names; shape (items,), in the order of `known`.

    Of items of one type that arrive at once, those that the file names come last, in its order.
    """
    places: dict[tuple[str, int], list[int]] = {}
    for place, (_, kind, arrived) in enumerate(known):
        places.setdefault((kind, arrived + log.origin), []).append(place)
    numbers_by_place = np.full(len(known), NOT_YET, np.int64)
    root = (log.items.origin == Origin.DEMAND) & (log.items.parent < 0)
    for (kind, arrived), there in places.items():
        rows = np.flatnonzero(root & (log.items.type == log.types.index(kind)) & (log.items.arrived == arrived))
        numbers_by_place[there] = rows[len(rows) - len(there) :]
    return numbers_by_place


def _outcome(
    kind: Kind, asked: int | str | None, begin: float, last: float | None, known: Sequence[tuple[str | None, str, int]]
) -> Callable[[Log], float]:
    """A function that reads the outcome of one future from its log."""

    def delivered(log: Log) -> Ints:
        done = (log.items.left != NOT_YET) & (log.items.ended == Ended.DELIVERED) & (log.items.parent < 0)
        times: Ints = np.sort(log.items.left[done & (log.items.left > log.tick(begin))])
        return times

    if kind == "by":
        return lambda log: float(np.searchsorted(delivered(log), log.tick(float(last or 0.0)), side="right"))
    if kind == "when":
        number = int(asked or 0)

        def nth(log: Log) -> float:
            times = delivered(log)
            return log.time(int(times[number - 1])) - begin if len(times) >= number else math.inf

        return nth
    wanted = [place for place, (name, _, _) in enumerate(known) if kind == "items" or name == asked]

    def gone(log: Log) -> float:
        left = log.items.left[rows_of(log, known)[wanted]]
        return math.inf if (left == NOT_YET).any() else max(log.time(int(left.max())) - begin, 1 / TICKS)

    return gone


def _until(scenario: Scenario, by: dt.date | str | float) -> float:
    """The end of the day `by`, or `by` itself where it is a moment [units of time]. Raises UsageError."""
    from vssim.forecasts.forecast import date

    if isinstance(by, str) and by.replace(".", "", 1).isdigit():
        by = float(by)
    if isinstance(by, int | float):
        return float(by)
    calendar = scenario.dates
    if calendar is None:
        raise UsageError(f"by: got {by}, expected a time in {scenario.unit}s: the scenario has no start, so time has no dates")
    wanted = date(by, "by")
    assert wanted is not None
    return calendar.number(wanted, ends=True)


def _lasting(number: float, unit: str) -> str:
    said = f"{number:,.0f}" if number >= 100 else f"{number:.2g}"
    return f"{said} {unit if said == '1' else unit + 's'}"
