"""Today's board in a scenario that was learned: open items with their columns and ages become items of the file.

Records do not say who works on which item. So as many of the items in columns of work are taken to be in hand as people may have
open: those at later steps first, at one step those that have been there longest. The work done on them is taken to be the time
that they have been there, at most the mean work; the remaining work is drawn under that condition. Items not in hand are untouched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from vssim.calendar import WEEKDAYS
from vssim.errors import UsageError
from vssim.forecasts.deliveries import date_of, known_on
from vssim.model.demand import ItemType
from vssim.model.teams import Team
from vssim.scenario import Scenario, with_parts
from vssim.scenario.origins import Column, Learned, Standing
from vssim.tracker.board import Board

Open = Mapping[str, Standing]


def standing(board: Board, columns: Mapping[str, Column], day: int | None = None) -> dict[str, Standing]:
    """The open items on the morning of a day [days since 1970], oldest first; by default on the day after the last move."""
    known = known_on(board, day)
    if known.moves.is_empty():
        return {}
    clock = board.clock
    morning = (int(clock.days_of(known.moves["at"]).max()) + 1) if day is None else day
    now = float(clock.at_end(np.array([morning - 1]))[0])
    lives = known.lives.filter(pl.col("done").is_null() & pl.col("gone").is_null()).select("item")
    stays = known.stays.filter(pl.col("column").is_in(list(columns)))
    begun = stays.group_by("item").agg(pl.col("entered").min().alias("begun"))
    there = stays.filter(pl.col("left").is_null()).join(lives, on="item").join(begun, on="item").sort("begun", "item")
    ages, since = (np.maximum(now - clock.of(there[name]), 0.0).round(4) for name in ("begun", "entered"))
    rows = zip(there["item"].to_list(), there["column"].to_list(), ages.tolist(), since.tolist(), strict=True)
    return {str(item): Standing(column, age, min(here, age)) for item, column, age, here in rows}


def items_of(scenario: Scenario, told: Learned, there: Open) -> list[dict[str, Any]]:
    """The open items as the scenario's file would name them, without those in columns that the scenario does not know."""
    order = list(scenario.steps)
    known = [(name, item, told.columns[item.column]) for name, item in there.items() if item.column in told.columns]
    known = [entry for entry in known if entry[2].step in order]
    free = {name: _most_open(team) for name, team in scenario.teams.items()}
    written = {}
    for name, item, column in sorted(known, key=lambda entry: (-order.index(entry[2].step), -entry[1].there)):
        written[name] = {"id": name, "step": column.step, "at": -item.age, "entered": -item.there}
        team = next((name for name, team in scenario.teams.items() if free[name] and column.step in _does(team)), None)
        if column.hands_on is not None and team is not None:
            free[team] -= 1
            written[name] |= {"entered": -min(item.there, column.hands_on), "team": team}
    return [written[name] for name, _, _ in known]


def _does(team: Team) -> set[str]:
    return {skill for group in team.groups for skill in group.does}


def _most_open(team: Team) -> int:
    """The number of items that a team's people may have in hand."""
    return int((team.headcount or 0) * team.multitasking)


def from_today(scenario: Scenario, there: Open | None = None, last: dt.date | None = None) -> Scenario:
    """The learned scenario from the working day after `last` on, with the items open then; by default after its own records.

    Open items are of the learned scenario's only type. Raises UsageError for a scenario that was not learned.
    """
    told = scenario.learned
    if told is None or told.today is None:
        raise UsageError(f"{scenario.name}: was not learned from records; vssim learn FILE -o mine.yaml makes one that is")
    known = told.open if there is None else there
    name = next(iter(scenario.demand))
    demand = dict(scenario.demand)
    if known:
        written = {**scenario.document()["demand"][name], "items": items_of(scenario, told, known)}
        demand[name] = ItemType.model_validate(written, by_alias=True, by_name=False)
    run = scenario.run.model_copy(update={"warmup": 0.0})
    return with_parts(scenario, demand=demand, run=run, start=_day_after(scenario, last or told.today))


def _day_after(scenario: Scenario, last: dt.date) -> dt.date:
    day = last + dt.timedelta(days=1)
    while WEEKDAYS[day.weekday()] not in scenario.calendar.working_days:
        day += dt.timedelta(days=1)
    return day


def today_of(scenario: Scenario, board: Board) -> Scenario:
    """The learned scenario with the board of later records, from the day after these on.

    Raises UsageError where the board has none of the columns with which the scenario was learned.
    """
    told = scenario.learned
    if told is None:
        return from_today(scenario)
    known = [name for name in board.stages.columns if name in told.columns]
    if not known:
        raise UsageError(
            f"{', '.join(board.files)}: its columns are {', '.join(board.stages.columns)}; "
            f"{scenario.name} was learned with {', '.join(told.columns)}"
        )
    last = int(board.clock.days_of(board.moves["at"]).max())
    return from_today(scenario, standing(board, told.columns), date_of(last))
