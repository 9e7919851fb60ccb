"""Every metric by name: what it means, its unit, and which direction is good where there is one.

`<step>`, `<team>`, `<days>` stand for names and numbers; every metric also exists by item type, as `<metric>@<type>`.
*Customers' items* are wholes and items that are nobody's part; *the board* holds every item, wholes and parts alike. By
type there is no such difference: `lead_time.p85@part` is a part's own lead time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vssim.errors import UsageError, nearest

Direction = Literal["up", "down"]

QUANTILES = {"p50": 0.50, "p70": 0.70, "p85": 0.85, "p95": 0.95}
"""The percentiles of times; all are interpolated linearly between the two nearest items (type 7 of Hyndman & Fan)."""

STATISTICS = ("mean", *QUANTILES)
AGE_STATISTICS = ("p50", "p85")

CAUSES = {
    "parts": "a whole waiting for its parts",
    "backlog": "waiting in the backlog",
    "transit": "under way between teams",
    "queueing": "waiting for somebody to start, or put down after a change",
    "hands_on": "being worked on (at a wait step: its time)",
    "open_waiting": "started, but attention is elsewhere (multitasking, meetings)",
    "helper": "waiting for help from another team, beyond the helper's hands-on",
    "outside": "waiting for somebody outside",
    "gate": "done, waiting at a gate or for the rest of a batch",
    "no_room": "done, waiting for room downstream, or to come back after being shelved",
}
"""Every cause with what it means, in the order of an item's journey."""


@dataclass(frozen=True)
class Metric:
    """One metric, or a family of them with a `<…>` in the name."""

    name: str
    unit: str
    """with {unit} where the scenario's unit of time goes; '1' for shares and plain numbers"""
    good: Direction | None
    """the direction that is better, if one is"""
    meaning: str


def _times(name: str, good: Direction | None, meaning: str, statistics: tuple[str, ...] = STATISTICS) -> list[Metric]:
    words = {"mean": "mean of", "p50": "half of", "p70": "70 % of", "p85": "85 % of", "p95": "95 % of"}
    said = {key: f"{word} {meaning}" + ("" if key == "mean" else ": at most this") for key, word in words.items()}
    return [Metric(f"{name}.{key}", "{unit}s", good, said[key]) for key in statistics]


_ALL = [
    *_times("lead_time", "down", "the times from arrival to delivery"),
    *_times("cycle_time", "down", "the times from leaving the backlog to delivery (a whole: from its first part's)"),
    Metric("delivered", "items", None, "customers' items delivered in the window"),
    Metric("throughput", "items/{unit}", "up", "customers' items delivered"),
    Metric("outcomes", "items/{unit}", "up", "customers' items delivered that were right for the customer"),
    *_times("time_to_outcome", "down", "the times from the first version's arrival to the delivery of one that was right"),
    Metric("value", "value/{unit}", "up", "value of the delivered items that were right"),
    Metric("on_time", "1", "up", "share of the delivered items with a due date that kept it"),
    Metric("within.<days>", "1", "up", "share of the delivered items with a lead time of at most so long"),
    Metric("rework", "{unit}s", None, "mean time that a delivered item spends in repeated stays, whatever the cause"),
    Metric("wip", "items", None, "items in progress (past the backlog, not done), time average"),
    Metric("backlog", "items", None, "items waiting in the backlog, time average"),
    Metric("growth", "items/{unit}", None, "trend of unfinished items through the window (least squares)"),
    *_times("age", None, "the times since leaving the backlog, of items in progress at the end", AGE_STATISTICS),
    Metric("unfinished", "items", None, "items arrived and not done at the end"),
    Metric("cost_of_delay", "cost/{unit}", "down", "cost of everything arrived and not done, time average"),
    Metric("defects", "items/{unit}", "down", "items that came back as defects"),
    Metric("failure_demand", "1", None, "share of the people-time at work that goes into defects"),
    Metric("stopped", "items/{unit}", None, "items dropped on their way"),
    Metric("returns", "1", None, "mean number of times that a delivered item was sent back"),
    Metric("handoffs", "1", None, "mean number of times that a delivered item passed to another team"),
    Metric("flow_efficiency", "1", "up", "hands-on time of all delivered items / their lead times"),
    Metric("value_efficiency", "1", "up", "first-pass work of all delivered items, at full proficiency / their lead times"),
    Metric("utilisation.<team>", "1", None, "share of the team's people-time that is spent on open work"),
    Metric("steps.<step>.queueing", "{unit}s", None, "mean wait from ready to started, of first visits"),
    Metric("steps.<step>.wip", "items", None, "items in the step's column, shelved ones too, time average"),
    *(Metric(f"time.{cause}", "{unit}s", None, f"mean time of a delivered item: {text}") for cause, text in CAUSES.items()),
]

CATALOGUE: dict[str, Metric] = {metric.name: metric for metric in _ALL}
"""Every metric by name, in the order in which they are told."""


def entry(metric: str) -> Metric:
    """What the catalogue says of a metric, with or without `@type`. Raises UsageError for a name it does not know."""
    name = metric.partition("@")[0]
    found = _found(name)
    if found is None:
        close = nearest(name, CATALOGUE)
        raise UsageError(f"no metric is called {metric!r}" + (f" (did you mean {close!r}?)" if close else ""))
    return found


def is_metric(metric: str) -> bool:
    """Whether a metric (without `@type`) is measured in some scenario: where there are the steps or teams that it names."""
    return _found(metric) is not None


def is_known(metric: str, steps: Iterable[str], teams: Iterable[str]) -> bool:
    """Whether a metric (without `@type`) is measured where there are these steps and teams."""
    return metric in _written_out(steps, teams) or re.fullmatch(r"within\.\d+(\.\d+)?", metric) is not None


def closest(metric: str, steps: Iterable[str], teams: Iterable[str]) -> str:
    """The metric (without `@type`) whose name comes nearest, where there are these steps and teams; '' for none."""
    return nearest(metric, _written_out(steps, teams))


def _written_out(steps: Iterable[str], teams: Iterable[str]) -> list[str]:
    """Names of all metrics, with each step and team in the place of `<step>` and `<team>`."""
    found: list[str] = []
    places = {"<step>": list(steps), "<team>": list(teams)}
    for name in CATALOGUE:
        place = next((place for place in places if place in name), None)
        found += [name] if place is None else [name.replace(place, one) for one in places[place]]
    return found


def direction(metric: str) -> Direction | None:
    """Which way is better; None for a metric that is neither good nor bad."""
    return entry(metric).good


def unit_of(metric: str, unit: str = "unit") -> str:
    """The metric's unit, with the scenario's unit of time filled in; '1' for shares and plain numbers."""
    return entry(metric).unit.format(unit=unit)


def is_share(metric: str) -> bool:
    """Whether a metric is a share, best told in per cent; False for times, items, and plain numbers such as `handoffs`."""
    return entry(metric).unit == "1" and metric.partition("@")[0] not in ("returns", "handoffs")


def describe(metric: str) -> str:
    """What the metric means, in one line."""
    return entry(metric).meaning


def _found(name: str) -> Metric | None:
    return CATALOGUE.get(name) or _family(name)


@cache
def _family(name: str) -> Metric | None:
    for metric in _ALL:
        pattern = re.sub(r"<\w+>", ".+", re.escape(metric.name))
        if "<" in metric.name and re.fullmatch(pattern, name):
            return metric
    return None
