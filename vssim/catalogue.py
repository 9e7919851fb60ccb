"""Every metric by name: what it means, what people call it, its unit, its rank and which direction is good where there is one.

An entry here is all that views need; `vssim.metrics` measures it.

`<step>`, `<team>`, `<days>` stand for names and numbers; every metric also exists by item type, as `<metric>@<type>`.
*Customers' items* are wholes and items that are nobody's part; *the board* holds every item, wholes and parts alike. By
type there is no such difference: `lead_time.p85@part` is a part's own lead time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from vssim import parts
from vssim.causes import CAUSES, TIMES
from vssim.errors import UsageError, VssimError, nearest

Direction = Literal["up", "down"]

QUANTILES = {"p50": 0.50, "p70": 0.70, "p85": 0.85, "p95": 0.95}
"""The percentiles of times: the smallest time that at least such a share of the items took at most; nothing is interpolated."""

STATISTICS = ("mean", *QUANTILES)
DEVIATIONS = ("sd", "cv", "spread")
AGE_STATISTICS = ("p50", "p85")


@dataclass(frozen=True)
class Metric:
    """One metric, or a family of them with a `<…>` in the name."""

    name: str
    unit: str
    """with {unit} and {money} where the scenario's unit of time and currency go; '1' for shares and plain numbers"""
    good: Direction | None
    """the direction that is better, if one is"""
    meaning: str
    label: str = field(default="", kw_only=True)
    """what people call it; left out: its name with spaces"""
    short: str = field(default="", kw_only=True)
    """what a room calls it, from afar and in fewer words; left out: the label"""
    rank: int | None = field(default=None, kw_only=True)
    """its place among the rows of a verdict, the lowest first; None: it is none of them"""
    twin: str = field(default="", kw_only=True)
    """the metric beside which it is not told where both are the same"""
    share: bool = field(default=True, kw_only=True)
    """False for a number without unit that is no share, and is not told in per cent"""
    signed: bool = field(default=False, kw_only=True)
    """whether it may be below 0, so that a change in per cent would say nothing"""
    moment: bool = field(default=False, kw_only=True)
    """whether it is a moment on the run's clock, which has a date where the scenario has a start"""
    over: str = field(default="", kw_only=True)
    """of a mean or share: what it is taken over, by which runs are pooled; items (delivered, due, promised, started.<step>), or a
    sum (lead: lead times, worked: people-time); left out: every run counts alike"""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.label or self.name.replace("_", " ").replace(".", ", ")

    def phrase(self, unit: str) -> str:
        """What it is called where its figures stand alone, with the unit of time of a rate: throughput a day."""
        return f"{self.called} a {unit}" if self.unit.endswith("/{unit}") else self.called


def _times(
    name: str,
    good: Direction | None,
    meaning: str,
    statistics: tuple[str, ...] = STATISTICS,
    *,
    ranks: Mapping[str, int] = MappingProxyType({}),
    twin: str = "",
) -> list[Metric]:
    words = {"mean": "mean of", "p50": "half of", "p70": "70 % of", "p85": "85 % of", "p95": "95 % of"}
    within = {"p70": "70 % within", "p85": "85 % within", "p95": "95 % within"}
    said = {key: f"{word} {meaning}" + ("" if key == "mean" else ": at most this") for key, word in words.items()}
    spoken = name.replace("_", " ")
    return [
        Metric(
            f"{name}.{key}",
            "{unit}s",
            good,
            said[key],
            label=f"{spoken}, {within[key]}" if key in within else f"{'mean' if key == 'mean' else 'typical'} {spoken}",
            rank=ranks.get(key),
            twin=twin and f"{twin}.{key}",
        )
        for key in statistics
    ]


def _clock(
    name: str, good: Direction | None, meaning: str, *, ranks: Mapping[str, int] = MappingProxyType({}), twin: str = ""
) -> list[Metric]:
    spoken = name.replace("_", " ")
    return [
        *_times(name, good, meaning, ranks=ranks, twin=twin),
        Metric(
            f"{name}.sd",
            "{unit}s",
            good,
            f"standard deviation of {meaning}",
            label=f"{spoken}, standard deviation",
            twin=twin and f"{twin}.sd",
        ),
        Metric(
            f"{name}.cv",
            "1",
            good,
            f"coefficient of variation of {meaning}",
            label=f"{spoken}, variation",
            share=False,
            twin=twin and f"{twin}.cv",
        ),
        Metric(
            f"{name}.spread",
            "{unit}s",
            good,
            f"how far 95 % and half of {meaning} are apart (p95 − p50)",
            label=f"{spoken}, spread",
            twin=twin and f"{twin}.spread",
        ),
    ]


@dataclass(frozen=True)
class OwnMetric(Metric):
    """A metric of one's own: worked out from a run, beside those of the catalogue."""

    of: Callable[[Any], float | None] = lambda _: None
    """the function of a run, which has `log`, `visits`, `items` (tables in units of time) and `warmup`; None: undefined"""

    def value(self, run: Any) -> float | None:
        """Its value; UsageError where the function fails or gives no number."""
        try:
            answer = self.of(run)
            value = None if answer is None else float(answer)
        except VssimError:
            raise
        except Exception as error:
            raise UsageError(f"metric {self.name}: its function fails ({type(error).__name__}: {error})") from error
        return None if value is None or not math.isfinite(value) else value


_ALL = [
    *_clock("lead_time", "down", "the times from arrival to delivery", ranks={"p50": 10, "p85": 12}),
    *_clock(
        "cycle_time",
        "down",
        "the times from commitment to delivery (a whole: from its first part's)",
        ranks={"p50": 18, "p85": 20},
        twin="lead_time",
    ),
    *_clock(
        "since_start",
        "down",
        "the times from the first start to delivery (a whole: from its first part's)",
        ranks={"p85": 22},
        twin="cycle_time",
    ),
    *_clock("clock.<name>", "down", "the times of a clock of the scenario's own"),
    Metric("delivered", "items", None, "customers' items delivered in the window"),
    Metric("throughput", "items/{unit}", "up", "customers' items delivered", short="delivered", rank=30),
    Metric(
        "outcomes",
        "items/{unit}",
        "up",
        "customers' items delivered that were right for the customer",
        short="right for the customer",
        rank=40,
        twin="throughput",
    ),
    *_times(
        "time_to_outcome",
        "down",
        "the times from the first version's arrival to the delivery of one that was right",
        ranks={"p85": 50},
        twin="lead_time",
    ),
    Metric("value", "value/{unit}", "up", "value of the delivered items that were right", rank=60),
    Metric(
        "earned",
        "{money}/{unit}",
        "up",
        "what right items earned: their value, and their revenue since delivery",
        rank=62,
        twin="value",
    ),
    Metric("cost", "{money}/{unit}", "down", "what people and changes cost, but for what is paid once", rank=64),
    Metric(
        "cost_per_item", "{money}", "down", "cost / customers' items delivered", label="cost of an item", rank=66, over="delivered"
    ),
    Metric("margin", "{money}/{unit}", "up", "earned - cost", rank=68, signed=True),
    Metric("cash", "{money}", "up", "all that was earned - all that was paid, from the start to the end of the run", signed=True),
    Metric("on_time", "1", "up", "share of the delivered items with a due date that kept it", rank=80, over="due"),
    Metric("on_promise", "1", "up", "share of the delivered items with a promise to which it was kept", rank=82, over="promised"),
    Metric("within.<days>", "1", "up", "share of the delivered items with a lead time of at most so long", over="delivered"),
    Metric(
        "rework", "{unit}s", None, "mean time that a delivered item spends in repeated stays, whatever the cause", over="delivered"
    ),
    Metric(
        "wip",
        "items",
        None,
        "items in progress (committed, not done), time average",
        label="items in progress",
        short="in progress",
        rank=100,
    ),
    Metric("backlog", "items", None, "items that are not committed, time average", label="items in the backlog", rank=110),
    Metric(
        "growth",
        "items/{unit}",
        None,
        "trend of unfinished items (least squares), since the last change came into force",
        signed=True,
    ),
    *_times("age", None, "the times since commitment, of items in progress at the end", AGE_STATISTICS),
    Metric("unfinished", "items", None, "customers' items arrived and not done at the end"),
    Metric("unfinished.usual", "items", None, "the same on average over the last interval of a gate that opens at the end"),
    Metric("last_done", "{unit}s", "down", "when the last item left, where all demand ends", label="all done", moment=True),
    Metric("cost_of_delay", "cost/{unit}", "down", "cost of everything arrived and not done, time average", rank=70),
    Metric("defects", "items/{unit}", "down", "items that came back as defects"),
    Metric("failure_demand", "1", None, "share of the people-time at work that goes into defects", rank=90, over="worked"),
    Metric("stopped", "items/{unit}", None, "customers' items dropped on their way"),
    Metric("gave_up", "items/{unit}", "down", "customers' items whose time was up before anybody began them", rank=65),
    Metric("returns", "1", None, "mean number of times that a delivered item was sent back", share=False, over="delivered"),
    Metric(
        "handoffs", "1", None, "mean number of times that a delivered item passed to another team", share=False, over="delivered"
    ),
    Metric("flow_efficiency", "1", "up", "hands-on time of all delivered items / their lead times", rank=120, over="lead"),
    Metric(
        "value_efficiency", "1", "up", "first-pass work of all delivered items, at full proficiency / their lead times", over="lead"
    ),
    Metric("utilisation.<team>", "1", None, "share of the team's people-time that is spent on open work"),
    Metric("steps.<step>.queueing", "{unit}s", None, "mean wait from ready to started, of first visits", over="started.<step>"),
    Metric("steps.<step>.wip", "items", None, "items in the step's column, shelved ones too, time average"),
    *(
        Metric(
            f"time.{cause}",
            "{unit}s",
            None,
            f"mean time of a delivered item: {text}",
            over="delivered",
            label=TIMES.get(cause, ""),
        )
        for cause, text in CAUSES.items()
    ),
    Metric(
        "time.open_waiting",
        "{unit}s",
        None,
        "time.switching and time.set_aside together: started, but attention is elsewhere",
        over="delivered",
    ),
]

_SHORT = {
    "lead_time.mean": "mean lead time",
    "lead_time.p50": "typical item",
    "lead_time.p85": "85 % within",
    "lead_time.p95": "95 % within",
    "cycle_time.p50": "typical time on the board",
    "cycle_time.p85": "85 % through the board within",
}
"""What a room calls the times that it talks of most."""

CATALOGUE: dict[str, Metric] = {metric.name: replace(metric, short=metric.short or _SHORT.get(metric.name, "")) for metric in _ALL}
"""Every metric by name, in the order in which they are told."""

ROWS = [
    metric.name for metric in sorted((metric for metric in _ALL if metric.rank is not None), key=lambda metric: metric.rank or 0)
]
"""The metrics that a verdict tells of, beside its headline, in order."""


OWN: dict[str, OwnMetric] = {}
"""Metrics that somebody added while this process runs."""


@cache
def installed() -> dict[str, OwnMetric]:
    """The metrics of other packages, by name."""
    return parts.load("metrics", _own_fault, CATALOGUE)


def _own_fault(name: str, part: Any) -> str | None:
    if not isinstance(part, OwnMetric):
        return "a vssim.OwnMetric"
    if part.name != name:
        return f"the name {name!r}"
    return (
        None if callable(part.of) and part.meaning and part.good in (None, "up", "down") else "what it means, and how it is found"
    )


def add(metric: OwnMetric) -> None:
    """Register a metric of a caller's own under its name. UsageError where that is no name, or is taken."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ .-]*", metric.name):
        raise UsageError(f"metrics: got the name {metric.name!r}, expected letters, digits, _, - and dots")
    if _built_in(metric.name) is not None or metric.name in installed():
        raise UsageError(f"metrics: {metric.name!r} is a metric already; give yours another name")
    if not callable(metric.of):
        raise UsageError(f"metrics: {metric.name}: got {metric.of!r}, expected a function of a run")
    OWN[metric.name] = metric


def entry(metric: str) -> Metric:
    """What the catalogue says of a metric, with or without `@type`. Raises UsageError for a name it does not know."""
    name = metric.partition("@")[0]
    known = _known(name)
    if known is None:
        close = nearest(name, CATALOGUE)
        raise UsageError(f"no metric is called {metric!r}" + (f" (did you mean {close!r}?)" if close else ""))
    return known


def is_metric(metric: str) -> bool:
    """Whether a metric (without `@type`) is measured in some scenario: where there are the steps or teams that it names."""
    return _known(metric) is not None


def is_known(metric: str, steps: Iterable[str], teams: Iterable[str], clocks: Iterable[str] = ()) -> bool:
    """Whether a metric (without `@type`) is measured where there are these steps, teams, and clocks of the scenario's own."""
    return metric in _written_out(steps, teams, clocks) or re.fullmatch(r"within\.\d+(\.\d+)?", metric) is not None


def closest(metric: str, steps: Iterable[str], teams: Iterable[str], clocks: Iterable[str] = ()) -> str:
    """The metric (without `@type`) whose name comes nearest, where there are these steps, teams and clocks; '' for none."""
    return nearest(metric, _written_out(steps, teams, clocks))


def _written_out(steps: Iterable[str], teams: Iterable[str], clocks: Iterable[str] = ()) -> list[str]:
    """Names of all metrics, with each step, team and clock in the place of `<step>`, `<team>` and `<name>`."""
    names: list[str] = []
    places = {"<step>": list(steps), "<team>": list(teams), "<name>": list(clocks)}
    for name in (*CATALOGUE, *installed(), *OWN):
        place = next((place for place in places if place in name), None)
        names += [name] if place is None else [name.replace(place, part) for part in places[place]]
    return names


def direction(metric: str) -> Direction | None:
    """Which way is better; None for a metric that is neither good nor bad."""
    return entry(metric).good


def unit_of(metric: str, unit: str = "unit", currency: str = "") -> str:
    """The metric's unit, with the scenario's unit of time and currency filled in; '1' for shares and plain numbers."""
    return entry(metric).unit.format(unit=unit, money=currency or "money")


def is_money(metric: str) -> bool:
    """Whether a metric is money, which only a scenario with a currency has."""
    return "{money}" in entry(metric).unit


def is_share(metric: str) -> bool:
    """Whether a metric is a share, best told in per cent; False for times, items, and plain numbers such as `handoffs`."""
    return entry(metric).unit == "1" and entry(metric).share


def is_signed(metric: str) -> bool:
    """Whether a metric may be below 0, so that a change of it is told in its unit, not in per cent."""
    return entry(metric).signed


def mean_over(metric: str) -> str | None:
    """What a metric (without `@type`) is a mean over; None for what is no such mean, and for what is no metric."""
    known = _known(metric)
    if known is None or not known.over:
        return None
    named = re.fullmatch(re.escape(known.name).replace("<step>", "(.+)"), metric)
    return known.over if named is None or "<step>" not in known.over else known.over.replace("<step>", named[1])


def is_share_of_items(metric: str) -> bool:
    """Whether a metric (without `@type`) is a share of items: each of them counts 0 or 1."""
    known = _known(metric)
    return known is not None and known.unit == "1" and known.share and known.over in ("delivered", "due", "promised")


def is_moment(metric: str) -> bool:
    """Whether a metric is a moment on the run's clock, so that a date may be claimed of it."""
    return entry(metric).moment


def moves_apart(metric: str) -> bool:
    """Whether a change of the metric is told as a difference (shares, what may be below 0), not as a factor."""
    return is_share(metric) or is_signed(metric)


def label_of(metric: str) -> str:
    """What people call a metric, the same everywhere: lead time, 85 % within."""
    return _called(metric, entry(metric).called)


def short_of(metric: str) -> str:
    """What a room calls a metric, from afar and in fewer words: 85 % within."""
    metric_entry = entry(metric)
    return _called(metric, metric_entry.short or metric_entry.called)


def phrase_of(metric: str, unit: str, currency: str = "") -> str:
    """What a metric is called where its figures stand alone, with the unit of time of a rate and the currency: cost a day [EUR]."""
    return _called(metric, entry(metric).phrase(unit)) + (f" [{currency}]" if currency and is_money(metric) else "")


def _called(metric: str, words: str) -> str:
    name, at, kind = metric.partition("@")
    return (name if "<" in words else words) + (f" of {kind}" if at else "")


def describe(metric: str) -> str:
    """What the metric means, in one line."""
    return entry(metric).meaning


def _known(name: str) -> Metric | None:
    return _built_in(name) or OWN.get(name) or installed().get(name)


def _built_in(name: str) -> Metric | None:
    return CATALOGUE.get(name) or _family(name)


@cache
def _family(name: str) -> Metric | None:
    for metric in _ALL:
        pattern = re.sub(r"<\w+>", ".+", re.escape(metric.name))
        if "<" in metric.name and re.fullmatch(pattern, name):
            return metric
    return None
