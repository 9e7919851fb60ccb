"""The charts beside a board: how the run goes, day by day, on the same axes for all runs that are compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from vssim.clock import Reals
from vssim.language import t
from vssim.metrics.daily import Daily
from vssim.metrics.deliveries import quantiles
from vssim.play.run import Run
from vssim.views import words
from vssim.views.player.svg import HEIGHT, WIDTH, Chart
from vssim.views.player.trace import PACE

MOMENTS = 250
"""Moments that a chart shows, at most."""

BINS = 24
"""Bars of the histogram."""

MOST_DOTS = 3000
"""Items that are drawn one by one, at most; of more, every second (third, …) is."""


@dataclass(frozen=True)
class Scales:
    """What all charts of runs that are compared share: how far the axes go, and how large they are."""

    lead: float
    pace: float
    items: float
    share: float
    width: int = WIDTH
    height: int = HEIGHT


_COURSES: WeakKeyDictionary[Run, tuple[Daily, Daily]] = WeakKeyDictionary()


def _courses(run: Run) -> tuple[Daily, Daily]:
    """The course of a run by unit of time, and by as many moments as a chart can show; kept for all charts of the run."""
    courses = _COURSES.get(run)
    if courses is None:
        horizon = run.log.length
        shown = max(1.0, float(np.ceil(horizon / MOMENTS))) if horizon > 25 else horizon / 100
        courses = _COURSES[run] = (Daily(run.log), Daily(run.log, shown))
    return courses


def _daily(run: Run) -> Daily:
    return _courses(run)[1]


def _per_week(run: Run) -> tuple[float, Reals]:
    """The length of a span, and the deliveries in each: four weeks in a long run, one in a short one."""
    _, week = PACE[run.log.unit]
    horizon = run.log.length
    span = week * max(1.0, float(np.ceil(horizon / week / 60)))
    edges = np.arange(0, horizon + span, span)
    delivered_at = _courses(run)[0].delivered_at
    counts, _ = np.histogram(delivered_at[delivered_at < horizon], edges)
    return span, counts * (week / span)


def scales(runs: Sequence[Run], fit: Callable[[float], float] = float) -> Scales:
    """The axes that hold all of the runs; `fit` may make them longer, so that small changes do not move them."""
    daily = [_daily(run) for run in runs]
    lead = max((float(course.lead.max(initial=0.0)) for course in daily), default=0.0)
    pace = max(float(_per_week(run)[1].max(initial=0.0)) for run in runs)
    items = max(float(course.arrived[-1]) for course in daily)
    along = fit(1.06 * lead or 1.0)
    return Scales(
        lead=along,
        pace=fit(1.06 * pace or 1.0),
        items=fit(1.03 * items or 1.0),
        share=fit(1.06 * max((float(_bins(run, along / 1.06).max(initial=0.0)) for run in runs), default=0.0) or 1.0),
    )


STEADY = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def steady(length: float) -> float:
    """The next longer length of a coarse ladder: axes with such lengths do not jump for small changes."""
    size = 10.0 ** math.floor(math.log10(length))
    return next((size * step for step in STEADY if size * step >= length), 10 * size)


def cumulative_flow(run: Run, scale: Scales) -> str:
    """How many were asked for, and how many were delivered: two lines, and what is between them."""
    daily = _daily(run)
    chart = _chart(run, scale, t("Asked for and delivered"), scale.items, t("items since the start"))
    asked, done = (line.astype(np.float64) for line in (daily.arrived, daily.delivered))
    chart.area("asked-for", daily.at, done, asked)
    chart.area("over", daily.at, np.zeros(len(done)), done)
    chart.names([(t("asked for"), float(asked[-1]), ""), (t("delivered"), float(done[-1]) / 2, "")])
    return chart.drawn()


def lead_times(run: Run, scale: Scales) -> str:
    """Every delivered item: when, and how long it took."""
    daily = _daily(run)
    chart = _chart(
        run, scale, t("Lead time of each delivered item"), scale.lead, t("lead time [{units}]", units=t(f"{run.log.unit}s"))
    )
    every = 1 + len(daily.lead) // MOST_DOTS
    chart.dots("dots", zip(daily.delivered_at[::every].tolist(), daily.lead[::every].tolist(), strict=True))
    lead = daily.lead[daily.delivered_at >= run.warmup]
    if len(lead):
        half, most = quantiles(lead, np.array([0.5, 0.85])).tolist()
        for level, kind in ((half, "level summary"), (most, "level strong summary")):
            chart.line(kind, 0, level, chart.across, level)
        names = [
            (f"85 % ≤ {words.figure(most)}", most, "strong summary"),
            (t("half ≤ {value}", value=words.figure(half)), half, "summary"),
        ]
        chart.names(names)
    return chart.drawn()


def delivered(run: Run, scale: Scales) -> str:
    """Deliveries a week, and their average over the measured time."""
    span, rates = _per_week(run)
    chart = _chart(run, scale, t("Delivered a week"), scale.pace, t("items delivered a week"))
    for place, rate in enumerate(rates.tolist()):
        if rate:
            left, right, top = chart.x(place * span), chart.x(min((place + 0.86) * span, chart.across)), chart.y(rate)
            chart.path("bar", f"M{left:.0f} {chart.y(0):.0f}V{top:.0f}H{max(right, left + 1):.0f}V{chart.y(0):.0f}Z")
    measured = run.log.length - run.warmup
    count = float((_courses(run)[0].delivered_at >= run.warmup).sum())
    mean = count / measured * PACE[run.log.unit][1] if measured > 0 else 0.0
    chart.line("level strong summary", run.warmup, mean, chart.across, mean)
    chart.names([(t("mean {value}", value=words.figure(mean)), mean, "strong summary")])
    return chart.drawn()


def histogram(run: Run, scale: Scales) -> str:
    """The share of the items by lead time, over the whole measured time."""
    longest, of = scale.lead / 1.06, whole(run)
    title, x_label = (
        t("Share of items by lead time, {of}, {name}", of=of, name=_name(run)),
        t("lead time [{units}]", units=t(f"{run.log.unit}s")),
    )
    chart = Chart(title, longest, scale.share, x_label, t("% of the items"), scale.width, scale.height)
    chart.text("whole", scale.width - 8, 20, of)
    width = longest / BINS
    for place, share in enumerate(_bins(run, longest).tolist()):
        if share:
            left, right, top = chart.x(place * width), chart.x((place + 0.9) * width), chart.y(share)
            chart.path("bar", f"M{left:.0f} {chart.y(0):.0f}V{top:.0f}H{right:.0f}V{chart.y(0):.0f}Z")
    daily, _ = _courses(run)
    lead = daily.lead[daily.delivered_at >= run.warmup]
    if len(lead):
        most = float(quantiles(lead, np.array([0.85]))[0])
        chart.line("level strong", most, 0, most, scale.share)
        chart.text("name strong", chart.x(most) + 6, 40, f"85 % ≤ {words.figure(most)}")
    return chart.drawn(curtain=False)


def whole(run: Run) -> str:
    """The note of a chart that has no curtain: it covers the whole measured time of the run."""
    return t("whole run from {unit} {day} on", unit=t(run.log.unit), day=f"{run.warmup:g}") if run.warmup else t("whole run")


def _bins(run: Run, longest: float) -> Reals:
    daily, _ = _courses(run)
    lead = daily.lead[daily.delivered_at >= run.warmup]
    counts, _ = np.histogram(lead, BINS, (0.0, longest or 1.0))
    return 100.0 * counts / max(len(lead), 1)


CHARTS: dict[str, tuple[str, Callable[[Run, Scales], str]]] = {
    "lead": ("Lead time of each item", lead_times),
    "delivered": ("Delivered a week", delivered),
    "histogram": ("How long items take", histogram),
    "flow": ("Asked for and delivered", cumulative_flow),
}
"""By name: the title, and what draws it."""


def _name(run: Run) -> str:
    return run.change or t("as it is")


def _chart(run: Run, scale: Scales, title: str, up: float, y_label: str) -> Chart:
    title, across = f"{title}, {_name(run)}", run.log.length
    since, date = run.log.changes, None if run.dates is None else run.dates.evening
    chart = Chart(title, across, up, t(run.log.unit), y_label, scale.width, scale.height, since, date)
    closed = [(max(begin, 0.0), min(end, across)) for begin, end in [_between(run, stretch) for stretch in run.log.closed]]
    chart.stretches("closed", t("nobody works"), [(begin, end) for begin, end in closed if begin < end])
    return chart


def _between(run: Run, stretch: tuple[int, int]) -> tuple[float, float]:
    """From ticks of a run's log to units of time since its time 0."""
    return run.log.time(stretch[0]), run.log.time(stretch[1])
