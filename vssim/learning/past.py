"""Whether the past is reproduced: the joint rank of the records among histories that members play (G3).

Each history has a rank in every metric, by how far out it lies. Histories are then ordered by their most extreme rank, ties by the
next one and so on (extreme rank length: Myllymäki, Mrkvička, Grabarnik, Seijo & Hahn 2017, *Global envelope tests for spatial
processes*). The records are reproduced when less than 90 % of the histories are less extreme.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.analysis.uncertain.fitting import ranks
from vssim.clock import Ints, Reals
from vssim.language import said
from vssim.learning import moments
from vssim.learning.fit import Ensemble
from vssim.learning.flow import Flow
from vssim.learning.moments import Window
from vssim.learning.replay import Replay, play
from vssim.play.executors import Staff
from vssim.play.replications import Progress
from vssim.scenario.origins import Band

HISTORIES = 999
ENVELOPE = 0.90
WIDEST = 1.5
"""Where nine tenths of the histories span more than this factor in a headline metric, they mean too little."""

ON_QUANTILES, ON_THROUGHPUT, FANO, ON_LAG, EXCEPT = 0.15, 0.05, (0.5, 2.0), 0.25, 3
"""Limits of *roughly*: shares for times and items in progress; for deliveries; a factor for dispersion; a difference of
correlations; and how many metrics may lie beyond these."""

SMALL = 0.25
"""Times that differ by less count as equal, even if that is a large share [days]."""

NOISE = 0.90
"""Luck alone is what this share of the pairs of histories of one member differ by at most."""

DELIVERED, STOCK = "delivered", "in progress"
"""The names of the series that are drawn week by week."""

LEAD = (0.5, 0.7, 0.85, 0.95)
IN_COLUMN = (0.5, 0.85)
FIRST_REPLICATION = 1_000_000
"""The first replication, so that histories have luck that the fit has not used."""


@dataclass(frozen=True)
class Metric:
    """One metric of a history."""

    name: str
    kind: str
    """time, items, rate, clumps (dispersion of weekly counts) or lag (correlation of successive weeks)"""
    headline: bool = False


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept of a played history: its metrics and series."""

    metrics: Reals
    weekly: Ints
    """deliveries in each week"""
    wip: Reals
    """items in progress on each day"""
    lead: Reals
    """quantiles of lead time from 1 to 99 %"""


def metrics_of(places: tuple[str, ...]) -> tuple[Metric, ...]:
    """The metrics in the order in which they are measured."""
    metrics = [Metric(said("lead time p{share}", share=f"{q * 100:.0f}"), "time", q in (0.5, 0.85)) for q in LEAD]
    metrics += [
        Metric(said("{place}, p{share}", place=place, share=f"{q * 100:.0f}"), "time") for place in places for q in IN_COLUMN
    ]
    metrics += [Metric(said("deliveries a week"), "rate", headline=True), Metric(said("how deliveries clump"), "clumps")]
    metrics += [Metric(said("how weeks hang together"), "lag"), Metric(said("in progress"), "items", headline=True)]
    return (*metrics, *(Metric(said("age of what is open, p{share}", share=share), "time") for share in ("50", "85")))


def measured(flow: Flow, window: Window) -> Kept:
    """The metrics of a flow; undefined ones are 0 for records and histories alike."""
    done = moments.inside(flow.done, window)
    lead = flow.lead[done]
    weekly = moments.weekly(flow.done[done], window)
    wip = moments.held(flow.start, flow.out, window)
    figures = list(_quantiles(lead, LEAD))
    for place in range(window.places):
        figures += list(_quantiles(moments.times_in(flow, place, window), IN_COLUMN))
    open_ones = window.end - flow.start[np.isnan(flow.out)]
    figures += [float(weekly.mean()), moments.clumped(weekly), moments.together(weekly), float(wip.mean())]
    figures += list(_quantiles(open_ones, IN_COLUMN))
    return Kept(np.array(figures), weekly, wip, _quantiles(lead, np.arange(1, 100) / 100))


def _quantiles(values: Reals, shares: Reals | tuple[float, ...]) -> Reals:
    return np.asarray(np.quantile(values, shares)) if len(values) else np.zeros(len(shares))


def keep(replay: Replay, flow: Flow) -> Kept:
    """The kept part of a played history."""
    return measured(flow, replay.window)


@dataclass(frozen=True)
class Line:
    """One metric of the records, compared with that of the histories."""

    metric: Metric
    recorded: float
    middle: float
    low: float
    high: float
    """the ends of nine tenths of the histories"""
    rank: float
    """share of the histories that lie below the records [1]"""
    off: bool
    """whether the records lie outside the joint envelope here"""
    near: bool
    """whether they are near the median of the histories even so"""

    @property
    def range(self) -> str:
        """The range of the histories, for people."""
        return f"{self.middle:.3g} ({self.low:.3g} … {self.high:.3g})"


@dataclass(frozen=True, eq=False)
class Past:
    """The records compared with played histories."""

    lines: tuple[Line, ...]
    further_in: float
    """the share of histories that are less extreme than the records [1]"""
    recorded: Kept
    histories: tuple[Kept, ...]

    @property
    def inside(self) -> bool:
        """Whether the records lie within the joint envelope."""
        return self.further_in <= ENVELOPE

    @property
    def off(self) -> tuple[Line, ...]:
        """Metrics for which the records lie outside the envelope, the furthest first."""
        return tuple(sorted((line for line in self.lines if line.off), key=lambda line: abs(line.rank - 0.5), reverse=True))

    @property
    def wide(self) -> tuple[Line, ...]:
        """Headline metrics whose histories differ too much to mean anything."""
        return tuple(line for line in self.lines if line.metric.headline and line.high > WIDEST * max(line.low, 1e-9))

    @property
    def rough(self) -> bool:
        """Whether at most three metrics are not near."""
        return sum(not line.near for line in self.lines) <= EXCEPT


def past(replay: Replay, ensemble: Ensemble, staff: Staff, progress: Progress | None = None, count: int = HISTORIES) -> Past:
    """The records compared with histories that the members play in turn, each with its own luck."""
    values = ensemble.values
    chosen = values[np.arange(count) % len(values)]
    histories: list[Kept] = play(replay, keep, chosen, FIRST_REPLICATION, staff, progress)
    names = metrics_of(replay.baseline.shape.place_names)
    return beside(measured(replay.baseline.history.flow, replay.window), histories, names, len(values))


def beside(recorded: Kept, histories: list[Kept], metrics: tuple[Metric, ...], members: int) -> Past:
    """The records compared with these histories, which so many members played in turn."""
    table = np.vstack([recorded.metrics, *(history.metrics for history in histories)])
    extreme = further_out(table)
    within = table[extreme >= 1 - ENVELOPE]
    low, high = within.min(axis=0), within.max(axis=0)
    played = table[1:]
    luck = noise(played, members)
    lines = []
    for number, metric in enumerate(metrics):
        value, column = float(recorded.metrics[number]), played[:, number]
        middle = float(np.median(column))
        rank = float((column < value).mean() + (column == value).mean() / 2)
        ends = np.quantile(column, [0.05, 0.95])
        off = bool(value < low[number] - 1e-9 or value > high[number] + 1e-9)
        close = near(metric, value, middle, float(luck[number]))
        lines.append(Line(metric, value, middle, float(ends[0]), float(ends[1]), rank, off, close))
    return Past(tuple(lines), float(1 - extreme[0]), recorded, tuple(histories))


def weekly(past: Past, week: int) -> dict[str, Band]:
    """The series that are drawn week by week: cumulative deliveries, and weekly means of items in progress."""
    whole = len(past.recorded.wip) // week * week

    def stock(kept: Kept) -> Reals:
        return np.asarray(kept.wip[:whole].reshape(-1, week).mean(axis=1), np.float64)

    def delivered(kept: Kept) -> Reals:
        return np.asarray(np.cumsum(kept.weekly), np.float64)

    drawn = ((DELIVERED, delivered), (STOCK, stock))
    return {name: _band(of(past.recorded), [of(history) for history in past.histories]) for name, of in drawn}


def _band(recorded: Reals, played: list[Reals]) -> Band:
    low, middle, high = (tuple(row.round(2).tolist()) for row in np.quantile(np.array(played), [0.05, 0.5, 0.95], axis=0))
    return Band(recorded=tuple(recorded.round(2).tolist()), low=low, middle=middle, high=high)


def further_out(table: Reals) -> Reals:
    """For each row the share of rows that are at least as extreme, by extreme rank length; (rows,). Small values are extreme."""
    count = len(table)
    places = np.column_stack([ranks(column) for column in table.T])
    extremes = np.sort(np.minimum(places, 1 - places), axis=1)
    order = np.lexsort(extremes.T[::-1])
    place = np.empty(count)
    place[order] = np.arange(1, count + 1)
    _, same = np.unique(extremes, axis=0, return_inverse=True)
    last = np.zeros(same.max() + 1)
    np.maximum.at(last, same.reshape(-1), place)
    return np.asarray(last[same.reshape(-1)] / count)


def noise(played: Reals, members: int) -> Reals:
    """By metric what histories (rows) of one member commonly differ by; 0 where none of these members in turn played two.

    Only luck is in it: members differ from each other as well, and being unsure of the figures must not excuse a wrong middle.
    """
    if len(played) <= members:
        return np.zeros(played.shape[1])
    return np.asarray(np.quantile(np.abs(played[members:] - played[:-members]), NOISE, axis=0))


def near(metric: Metric, recorded: float, played: float, luck: float) -> bool:
    """Whether a played metric is about that of the records, or no further from it than luck alone."""
    if abs(recorded - played) <= luck:
        return True
    if metric.kind == "lag":
        return abs(recorded - played) <= ON_LAG
    if metric.kind == "clumps":
        return FANO[0] * recorded <= played <= FANO[1] * recorded
    if metric.kind == "time" and abs(recorded - played) <= SMALL:
        return True
    share = ON_THROUGHPUT if metric.kind == "rate" else ON_QUANTILES
    return abs(played - recorded) <= share * max(abs(recorded), 1e-9)


def reasons(past: Past, *, returns_hidden: bool) -> tuple[str, ...]:
    """Sentences on what is not reproduced, with a likely reason where there is one; the furthest first, at most three."""
    return tuple(_said(line, returns_hidden=returns_hidden) for line in past.off[:3])


def _too(metric: Metric, share: float) -> str:
    values = {"metric": metric.name, "share": f"{abs(share):.0%}"}
    if metric.kind == "time":
        return said("{metric} {share} too long", **values) if share > 0 else said("{metric} {share} too short", **values)
    return said("{metric} {share} too many", **values) if share > 0 else said("{metric} {share} too few", **values)


def _said(line: Line, *, returns_hidden: bool) -> str:
    metric = line.metric
    text: str
    if metric.kind == "lag":
        recorded, played = f"{line.recorded:.2f}", f"{line.middle:.2f}"
        text = said("{metric}: {recorded}, played {played}", metric=metric.name, recorded=recorded, played=played)
    else:
        text = _too(metric, line.middle / line.recorded - 1 if line.recorded else 0.0)
    hints = {
        "clumps": said("is much closed on one day, or are there better and worse months?"),
        "lag": said("do good and bad weeks have a reason, a season or people away?"),
        "items": said("did it begin with much that was never finished?"),
    }
    hint: str = hints.get(metric.kind, "")
    if metric.kind == "time" and "," in metric.name and returns_hidden:
        hint = said("are returns hidden in this kind of export?")
    elif metric.name in ("lead time p95", "lead time p85") or metric.name.startswith("age"):
        hint = said("are there two kinds of items, or some that wait for others?")
    return said("{what}: {hint}", what=text, hint=hint) if hint else text
