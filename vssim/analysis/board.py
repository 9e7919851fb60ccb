"""What the board shows: how much is in progress and waiting, how old it is, and how the delivered items travelled.

The board holds every item, wholes and parts alike. Time averages are exact: an item counts for the time that it was there.
"""

from __future__ import annotations

import numpy as np

from vssim.analysis.breakdown import CAUSES
from vssim.analysis.deliveries import Deliveries, quantiles
from vssim.analysis.facts import Facts, totals
from vssim.analysis.window import Window
from vssim.catalogue import AGE_STATISTICS
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Origin

_AGES = np.array([0.50, 0.85])

_HANDS_ON = list(CAUSES).index("hands_on")


def measure(deliveries: Deliveries) -> dict[str, Reals]:
    """By metric: the value over all items, then by type; NaN where undefined."""
    facts, window = deliveries.facts, deliveries.window
    return _stock(facts, window) | _ages(facts) | _events(facts, window) | _journeys(deliveries) | _steps(facts, window)


def _stock(facts: Facts, window: Window) -> dict[str, Reals]:
    """How much was there, on average over the window and at its end.

    Growth is the slope of the least-squares line through the number of unfinished items over the window [items/unit of time]:
    a rate that stays above 0 over replications says that work piles up. The line is fitted to the whole path of that number,
    not to samples of it: an item that is there from s to e adds ∫ (t − middle) dt.
    """
    items, of_all = facts.log.items, facts.whole_and_types
    begin, end = window.clip(items.arrived, items.left)
    cost = np.nan_to_num(items.cost_of_delay) * (end - begin)
    costly = of_all(~np.isnan(items.cost_of_delay)) > 0
    middle = (window.start + window.end) / 2
    moment = ((end - middle) ** 2 - (begin - middle) ** 2) / 2 / TICKS**2
    average = TICKS * window.length
    return {
        "wip": of_all(window.overlap(facts.pulled, items.left)) / average,
        "backlog": of_all(window.overlap(items.joined, facts.pulled)) / average,
        "growth": of_all(moment) / (window.length**3 / 12),
        "unfinished": of_all((items.arrived != NOT_YET) & (items.left == NOT_YET)),
        "cost_of_delay": np.where(costly, of_all(cost) / average, np.nan),
    }


def _ages(facts: Facts) -> dict[str, Reals]:
    """How long ago the items that are in progress at the end had left the backlog [units of time]."""
    log, since = facts.log, facts.in_progress_since
    rows = np.flatnonzero((since != NOT_YET) & (log.items.left == NOT_YET))
    age, kind = (log.horizon - since[rows]) / TICKS, log.items.type[rows]
    table = [quantiles(age, _AGES)] + [quantiles(age[kind == number], _AGES) for number in range(len(log.types))]
    return {f"age.{key}": column for key, column in zip(AGE_STATISTICS, np.array(table).T, strict=True)}


def _events(facts: Facts, window: Window) -> dict[str, Reals]:
    """What happened so many times a unit of time."""
    items = facts.log.items
    came_back = (items.origin == Origin.DEFECT) & window.holds(items.arrived)
    dropped = (items.stopped == 1) & window.holds(items.left)
    return {
        "defects": facts.whole_and_types(came_back) / window.length,
        "stopped": facts.whole_and_types(dropped) / window.length,
    }


def _journeys(deliveries: Deliveries) -> dict[str, Reals]:
    """How the items delivered in the window travelled."""
    facts, rows = deliveries.facts, deliveries.rows
    log = facts.log

    def by_type(values: Ints | Reals) -> Reals:
        return totals(deliveries.type, values, len(log.types))

    lead = by_type(deliveries.lead)
    counts = by_type(np.ones(len(rows)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "returns": by_type(facts.returns[rows]) / counts,
            "handoffs": by_type(facts.handoffs[rows]) / counts,
            "flow_efficiency": by_type(deliveries.causes[_HANDS_ON]) / _above_zero(lead),
            "value_efficiency": by_type(log.items.work[rows] / TICKS) / _above_zero(lead),
        }


def _steps(facts: Facts, window: Window) -> dict[str, Reals]:
    """Queueing and number of items by step."""
    log = facts.log
    visits, kinds = log.visits, len(log.types)

    def by_step(rows: Ints, values: Ints | Reals) -> Reals:
        cells = visits.step[rows] if kinds == 1 else visits.step[rows].astype(np.int64) * kinds + log.items.type[visits.item[rows]]
        table = np.bincount(cells, values, len(log.steps) * kinds).reshape(len(log.steps), kinds)
        return np.concatenate([table.sum(axis=1)[:, None], table], axis=1)

    began = facts.first_starts
    began = began[window.holds(visits.started[began])]
    queued = (visits.started[began] - visits.ready[began]) / TICKS
    with np.errstate(divide="ignore", invalid="ignore"):
        queueing = by_step(began, queued) / by_step(began, np.ones(len(began)))
    entered, left = facts.stays
    there = by_step(entered, window.overlap(visits.entered[entered], visits.left[left])) / (TICKS * window.length)
    found = {}
    for number, step in enumerate(log.steps):
        found[f"steps.{step}.queueing"] = queueing[number]
        found[f"steps.{step}.wip"] = there[number]
    return found


def _above_zero(values: Reals) -> Reals:
    """`values`, NaN where they are 0."""
    return np.where(values > 0, values, np.nan)
