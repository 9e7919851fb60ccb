"""What the board shows: how much is in progress and waiting, how old it is, and how the delivered items travelled.

The board holds every item, wholes and parts alike. Time averages are exact: an item counts for the time that it was there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vssim.analysis.breakdown import CAUSES, bounds, pulled
from vssim.analysis.deliveries import Deliveries, in_progress_since, quantiles
from vssim.analysis.window import Window
from vssim.catalogue import AGE_STATISTICS
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Kind, Log, Origin, Visits

_AGES = np.array([0.50, 0.85])
Mask = NDArray[np.bool_]

_HANDS_ON = list(CAUSES).index("hands_on")


def measure(deliveries: Deliveries) -> dict[str, Reals]:
    """By metric: the value over all items, then by type; NaN where undefined."""
    log, window = deliveries.log, deliveries.window
    return _stock(log, window) | _ages(log) | _events(log, window) | _journeys(deliveries) | _steps(log, window)


def growth_rate(log: Log, window: Window) -> Reals:
    """Slope of the least-squares line through the number of unfinished items over the window [items/unit of time].

    Over all items, then by type. A rate that stays above 0 over replications says that work piles up. The line is fitted to
    the whole path of that number, not to samples of it: an item that is there from s to e adds ∫ (t − middle) dt.
    """
    begin, end = window.clip(log.items.arrived, log.items.left)
    middle = (window.start + window.end) / 2
    moment = ((end - middle) ** 2 - (begin - middle) ** 2) / 2 / TICKS**2
    return _whole_and_types(log, moment) / (window.length**3 / 12)


def _stock(log: Log, window: Window) -> dict[str, Reals]:
    """How much was there, on average over the window and at its end."""
    items, since = log.items, pulled(log)
    cost = np.nan_to_num(items.cost_of_delay) * window.overlap(items.arrived, items.left)
    costly = _whole_and_types(log, ~np.isnan(items.cost_of_delay)) > 0
    average = TICKS * window.length
    return {
        "wip": _whole_and_types(log, window.overlap(since, items.left)) / average,
        "backlog": _whole_and_types(log, window.overlap(items.joined, since)) / average,
        "growth": growth_rate(log, window),
        "unfinished": _whole_and_types(log, (items.arrived != NOT_YET) & (items.left == NOT_YET)),
        "cost_of_delay": np.where(costly, _whole_and_types(log, cost) / average, np.nan),
    }


def _ages(log: Log) -> dict[str, Reals]:
    """How long ago the items that are in progress at the end had left the backlog [units of time]."""
    since = in_progress_since(log)
    rows = np.flatnonzero((since != NOT_YET) & (log.items.left == NOT_YET))
    age, kind = (log.horizon - since[rows]) / TICKS, log.items.type[rows]
    table = [quantiles(age, _AGES)] + [quantiles(age[kind == number], _AGES) for number in range(len(log.types))]
    return {f"age.{key}": column for key, column in zip(AGE_STATISTICS, np.array(table).T, strict=True)}


def _events(log: Log, window: Window) -> dict[str, Reals]:
    """What happened so many times a unit of time."""
    items = log.items
    came_back = (items.origin == Origin.DEFECT) & window.holds(items.arrived)
    dropped = (items.stopped == 1) & window.holds(items.left)
    return {
        "defects": _whole_and_types(log, came_back) / window.length,
        "stopped": _whole_and_types(log, dropped) / window.length,
    }


def _journeys(deliveries: Deliveries) -> dict[str, Reals]:
    """How the items delivered in the window travelled."""
    log = deliveries.log
    opens = _opens_stay(log.visits)
    first, end = (edge[deliveries.rows] for edge in bounds(log))

    def over_visits(counted: Mask) -> Ints:
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(counted, dtype=np.int64)])
        found: Ints = total[end] - total[first]
        return found

    def by_type(values: Ints | Reals) -> Reals:
        return _totals(deliveries.type, values, len(log.types))

    lead = by_type(deliveries.lead)
    counts = by_type(np.ones(len(deliveries.rows)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "returns": by_type(over_visits(opens & _goes_back(log.visits, opens))) / counts,
            "handoffs": by_type(over_visits(opens & (log.visits.handoff == 1))) / counts,
            "flow_efficiency": by_type(deliveries.causes[_HANDS_ON]) / _above_zero(lead),
            "value_efficiency": by_type(log.items.work[deliveries.rows] / TICKS) / _above_zero(lead),
        }


def _steps(log: Log, window: Window) -> dict[str, Reals]:
    """Queueing and number of items by step."""
    visits, kinds = log.visits, len(log.types)
    cells = visits.step * kinds + log.items.type[visits.item]

    def by_step(rows: Ints, values: Ints | Reals) -> Reals:
        table = np.bincount(cells[rows], values, len(log.steps) * kinds).reshape(len(log.steps), kinds)
        return np.concatenate([table.sum(axis=1)[:, None], table], axis=1)

    began = _first_starts(visits)
    began = began[window.holds(visits.started[began])]
    with np.errstate(divide="ignore", invalid="ignore"):
        queueing = by_step(began, (visits.started - visits.ready)[began] / TICKS) / by_step(began, np.ones(len(began)))
    entered, left = _stays(visits)
    there = by_step(entered, window.overlap(visits.entered[entered], visits.left[left])) / (TICKS * window.length)
    found = {}
    for number, step in enumerate(log.steps):
        found[f"steps.{step}.queueing"] = queueing[number]
        found[f"steps.{step}.wip"] = there[number]
    return found


def _first_starts(visits: Visits) -> Ints:
    """Rows of the first own work of each stay that is not rework."""
    work = np.flatnonzero((visits.kind == Kind.WORK) & (visits.rework == 0))
    same = (visits.item[work[1:]] == visits.item[work[:-1]]) & (visits.stay[work[1:]] == visits.stay[work[:-1]])
    first: Ints = work[np.concatenate([np.ones(min(len(work), 1), bool), ~same])]
    return first


def _stays(visits: Visits) -> tuple[Ints, Ints]:
    """Rows of the first and of the last visit of every stay."""
    first = np.flatnonzero(_opens_stay(visits))
    return first, np.concatenate([first[1:], np.full(min(len(first), 1), len(visits.item))]) - 1


def _opens_stay(visits: Visits) -> Mask:
    """True for the first visit of a stay; shape (visits,)."""
    opens = np.ones(len(visits.item), bool)
    opens[1:] = (visits.item[1:] != visits.item[:-1]) | (visits.stay[1:] != visits.stay[:-1])
    return opens


def _goes_back(visits: Visits, opens: Mask) -> Mask:
    """True for the first visit of a stay at the step of the item's stay before, or at an earlier one: it was sent back."""
    back = np.zeros_like(opens)
    back[1:] = opens[1:] & (visits.item[1:] == visits.item[:-1]) & (visits.step[1:] <= visits.step[:-1])
    return back


def _whole_and_types(log: Log, values: Ints | Reals | Mask) -> Reals:
    """`values` (items,) summed: over all items, then by type."""
    return _totals(log.items.type, values, len(log.types))


def _totals(kind: Ints, values: Ints | Reals | Mask, kinds: int) -> Reals:
    totals = np.bincount(kind, values, kinds)
    return np.concatenate([[totals.sum()], totals])


def _above_zero(values: Reals) -> Reals:
    """`values`, NaN where they are 0."""
    return np.where(values > 0, values, np.nan)
