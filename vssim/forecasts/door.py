"""The door of forecasts: one function for items, counts and single items of one board, for several boards, and for scenarios."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vssim.errors import UsageError
from vssim.forecasts import growth as growths
from vssim.forecasts.deliveries import deliveries, known_on
from vssim.forecasts.forecast import Forecast, date, done_by, numbers, when_done
from vssim.forecasts.item import ItemForecast, of_item
from vssim.forecasts.methods import METHODS, Method, method_of
from vssim.forecasts.simulation import ScenarioForecast, of_scenario
from vssim.forecasts.teams import TeamsForecast, of_teams
from vssim.forecasts.throughput import FUTURES
from vssim.scenario import Scenario
from vssim.tracker.board import Board

USUAL = next(iter(METHODS))
"""The method that is used where none is named."""


def forecast(
    board: Board | Scenario | Sequence[Board],
    *,
    when: int | str | Sequence[int] | None = None,
    by: dt.date | str | float | None = None,
    item: str | None = None,
    begins: dt.date | str | None = None,
    method: str | None = None,
    growth: str | float | None = None,
    changes: Sequence[str] = (),
    seed: int | None = None,
    futures: int | None = None,
    today: Board | None = None,
) -> Forecast | ItemForecast | TeamsForecast | ScenarioForecast:
    """When `when` items are done, how many are done by the end of the day `by`, or when one `item` is done.

    `board`: a result of `vssim.read`, or several, each of them a team; `when` may then be one number for each. `begins`: the first
    day of the forecast, by default the day after the last move; records from that day on are not used. `method`: weeks or days.
    `growth`: how much more work will appear meanwhile: "20%", "10%..30%" or "history". Raises UsageError where the question makes
    no sense, and where there were deliveries on fewer than five days.

    A scenario is played from today's board (`demand.TYPE.items`) `futures` times (default 400), as it is and with `changes`, by
    name, under the same luck; `when="items"` asks for all items that it names. Only a learned scenario has a record; its members
    begin with the items open on the last day of its records, or of later records (`today`).
    """
    asked = [name for name, value in (("when", when), ("by", by), ("item", item)) if value is not None]
    if len(asked) != 1:
        raise UsageError(f"forecast: got {' and '.join(asked) or 'nothing'}, expected one of when, by and item")
    if isinstance(board, Scenario):
        _refuse("is for records, not for a scenario", begins=begins, method=method, growth=growth)
        count = numbers(when, 1)[0] if when is not None and not isinstance(when, str) else when
        return of_scenario(board, when=count, by=by, item=item, changes=changes, seed=seed, futures=futures, today=today)
    _refuse("is for a scenario that was learned; records have their own board", today=today)
    _refuse("are for a scenario; records hold only what was", changes=changes or None)
    if isinstance(when, str) or isinstance(by, int | float):
        raise UsageError(f"forecast: got {when if by is None else by!r}, expected a number of items, or a date")
    terms = Terms(date(begins, "begins"), method_of(method or USUAL), growth, 1 if seed is None else seed, futures or FUTURES)
    boards = [board] if isinstance(board, Board) else list(board)
    if not boards:
        raise UsageError("forecast: no board")
    if item is not None:
        _alone(boards, growth, "item")
        return of_item(boards[0], item, terms.begins)
    if len(boards) > 1:
        return _together(boards, when, terms)
    return _of_board(boards[0], when, by, terms)


@dataclass(frozen=True)
class Terms:
    """How a forecast from records is made, apart from what is asked."""

    begins: dt.date | None
    method: Method
    growth: str | float | None
    seed: int
    futures: int


def _together(boards: Sequence[Board], when: int | Sequence[int] | None, terms: Terms) -> TeamsForecast:
    if when is None:
        raise UsageError("by: is for one board; of several, ask when")
    return of_teams(boards, when, terms.begins, method=terms.method, growth=terms.growth, seed=terms.seed, futures=terms.futures)


def _of_board(board: Board, when: int | Sequence[int] | None, by: dt.date | str | None, terms: Terms) -> Forecast:
    history = growths.grown(known_on(board, None))
    more = None if terms.growth is None else growths.growth_of(terms.growth, history)
    past, drawing = deliveries(board, terms.begins), {"seed": terms.seed, "futures": terms.futures}
    if when is not None:
        (items,) = numbers(when, 1)
        return when_done(past, items, method=terms.method, growth=more, history=history, **drawing)
    if more is not None:
        raise UsageError("growth: is for when: how many are done by a date does not depend on how many there are to do")
    return done_by(past, date(by, "by"), method=terms.method, history=history, **drawing)


def _refuse(why: str, **given: object) -> None:
    """Raise UsageError for every argument that was given although the source cannot use it."""
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"{name}: {why}")


def _alone(boards: Sequence[Board], growth: object, argument: str) -> None:
    if len(boards) > 1:
        raise UsageError(f"{argument}: is for one board, got {len(boards)}")
    if growth is not None:
        raise UsageError(f"growth: is for when, not for {argument}")
