"""What the board shows: how much is in progress and waiting, how old it is, and how the delivered items travelled.

The board holds parts and items that are nobody's part; a whole stands on it only while it is on its own route. What is
unfinished, stopped or gave up, and what it grows by, counts customers' items: wholes, and items that are nobody's part. By
type every item of it counts. Time averages are exact: an item counts for the time that it was there.
"""

from __future__ import annotations

import numpy as np

from vssim.catalogue import AGE_STATISTICS
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Ended, Log, Origin
from vssim.metrics.causes import CAUSES
from vssim.metrics.deliveries import Deliveries, quantiles
from vssim.metrics.ending import last_done, usual_interval
from vssim.metrics.facts import Facts, totals
from vssim.metrics.window import Window

_AGES = np.array([0.50, 0.85])

LOOKS = 20
"""Moments of an interval at which ages are looked at."""

_HANDS_ON = list(CAUSES).index("hands_on")


def measure(deliveries: Deliveries) -> dict[str, Reals]:
    """By metric: the value over all items, then by type; NaN where undefined."""
    facts, window = deliveries.facts, deliveries.window
    measured = _stock(facts, window) | _ages(facts, window) | _events(facts, window) | _journeys(deliveries)
    return measured | _growth(facts, window) | _steps(facts, window) | ending(facts.log, window)


def _stock(facts: Facts, window: Window) -> dict[str, Reals]:
    """How much was there, on average over the window and at its end."""
    items, of_all, of_customers = facts.log.items, facts.whole_and_types, facts.customers_and_types
    begin, end = window.clip(items.arrived, items.left)
    cost = np.nan_to_num(items.cost_of_delay) * (end - begin)
    costly = of_all(~np.isnan(items.cost_of_delay)) > 0
    moment = window.looked_at(facts.log)
    left = np.where(items.left == NOT_YET, np.iinfo(np.int64).max, items.left)
    unfinished = (items.arrived != NOT_YET) & (items.arrived <= moment) & (left > moment)
    average = TICKS * window.length
    return {
        "wip": of_all(window.overlap(facts.committed, items.left)) / average,
        "backlog": of_all(window.overlap(items.joined, facts.committed)) / average,
        "unfinished": of_customers(unfinished),
        "cost_of_delay": np.where(costly, of_all(cost) / average, np.nan),
    }


def _growth(facts: Facts, window: Window) -> dict[str, Reals]:
    """The slope of the least-squares line through the number of unfinished items [items/unit of time].

    A rate that stays above 0 over replications says that work piles up. The line is fitted to the whole path of that number, not
    to samples of it: an item that is there from s to e adds ∫ (t − middle) dt. It begins with the last change that comes into
    force: what a change does to the stock once would pass for growth.
    """
    items = facts.log.items
    settled = Window(max(window.start, *facts.log.phases), window.end) if facts.log.phases else window
    begin, end = settled.clip(items.arrived, items.left)
    middle = (settled.start + settled.end) / 2
    moment = ((end - middle) ** 2 - (begin - middle) ** 2) / 2 / TICKS**2
    return {"growth": facts.customers_and_types(moment) / (settled.length**3 / 12)}


def _ages(facts: Facts, window: Window) -> dict[str, Reals]:
    """How long ago the items that are in progress at the end were committed [units of time]."""
    table = [quantiles(age, _AGES) for age in ages(facts, window)]
    return {f"age.{key}": column for key, column in zip(AGE_STATISTICS, np.array(table).T, strict=True)}


def ages(facts: Facts, window: Window) -> list[Reals]:
    """The ages of the items that are in progress at the end of a window, then by type, in rising order [units of time].

    Where a gate has just emptied the stream, those at moments spread over its last whole interval instead.
    """
    log, since = facts.log, facts.committed
    end = window.looked_at(log)
    span = usual_interval(log, end)
    looks = end if span is None else end - span * (np.arange(LOOKS) + 0.5) / LOOKS
    moments = np.atleast_1d(np.rint(looks).astype(np.int64))
    left = np.where(log.items.left == NOT_YET, np.iinfo(np.int64).max, log.items.left)
    look, rows = np.nonzero((since != NOT_YET) & (since <= moments[:, None]) & (left > moments[:, None]))
    age, kind = (moments[look] - since[rows]) / TICKS, log.items.type[rows]
    return [np.sort(age), *(np.sort(age[kind == number]) for number in range(len(log.types)))]


def _events(facts: Facts, window: Window) -> dict[str, Reals]:
    """What happened so many times a unit of time."""
    items = facts.log.items
    came_back = (items.origin == Origin.DEFECT) & window.holds(items.arrived)
    dropped = (items.ended == Ended.STOPPED) & window.holds(items.left)
    return {
        "defects": facts.whole_and_types(came_back) / window.length,
        "stopped": facts.customers_and_types(dropped) / window.length,
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
    """Queueing and number of items by step; beside each queueing, as `started.<step>`, how many first visits it is the mean of."""
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
        starts = by_step(began, np.ones(len(began)))
        queueing = by_step(began, queued) / starts
    entered, left = facts.stays
    there = by_step(entered, window.overlap(visits.entered[entered], visits.left[left])) / (TICKS * window.length)
    metrics = {}
    for number, step in enumerate(log.steps):
        metrics[f"steps.{step}.queueing"] = queueing[number]
        metrics[f"started.{step}"] = starts[number]
        metrics[f"steps.{step}.wip"] = there[number]
    return metrics


def ending(log: Log, window: Window) -> dict[str, Reals]:
    """When the last item left, where demand ends; how many gave up; how much is usual where a gate has just emptied the stream."""
    facts, kinds = Facts(log), len(log.types)
    metrics = {}
    done = last_done(log)
    if log.terms.finite and window.until is None:
        metrics["last_done"] = np.array([np.nan if done is None else done, *([np.nan] * kinds)])
    if log.terms.patience:
        gone = (log.items.ended == Ended.GAVE_UP) & window.holds(log.items.left)
        metrics["gave_up"] = facts.customers_and_types(gone) / window.length
    looked = window.looked_at(log)
    span = usual_interval(log, looked)
    if span is not None and window.span:
        usual = Window(max(window.start, looked - span), looked, beginning=window.beginning)
        there = facts.customers_and_types(usual.overlap(log.items.arrived, log.items.left))
        metrics["unfinished.usual"] = there / (TICKS * usual.length)
    return metrics


def _above_zero(values: Reals) -> Reals:
    """`values`, NaN where they are 0."""
    return np.where(values > 0, values, np.nan)
