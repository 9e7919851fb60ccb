"""Pictures of forecasts: the fan after the past course, burn-up, the distribution of dates, and how promises were kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vssim.errors import UsageError
from vssim.forecasts.forecast import Forecast
from vssim.forecasts.item import ItemForecast, curve
from vssim.forecasts.promises import usual_range
from vssim.forecasts.records import Records
from vssim.forecasts.simulation import ScenarioForecast
from vssim.forecasts.teams import TeamsForecast
from vssim.forecasts.throughput import MOST_DAYS
from vssim.forecasts.told import many
from vssim.views import words
from vssim.views.figures import style

if TYPE_CHECKING:
    from vssim.forecasts.record import Record

Dates = NDArray[np.datetime64]

BANDS = ((0.05, 0.95, 0.16), (0.1, 0.9, 0.22), (0.25, 0.75, 0.32))
"""The bands of a fan: lower and upper quantile, opacity."""

PROMISED = (0.5, 0.85, 0.95)
"""The probabilities of the promises that a picture marks."""

FEWEST_SHOWN = 8
"""The fewest weeks of the past that a fan shows."""

FORECAST_FIGURES = {
    "fan": "what was delivered until today, and the band in which deliveries go on",
    "burn_up": "with --when: the way to so many items, with what may turn up meanwhile, and the dates that may be promised",
    "dates": "how probable each date, or each number of items, is; of several teams each alone, too",
    "calibration": "what was promised in the past against what was kept",
}
"""By name, what every picture of a forecast shows."""


def needs(name: str, kind: str) -> None:
    """Raise UsageError, before the work, for a picture with nothing to show. `kind`: when, by, item, teams or record."""
    fitting = {
        "fan": ("when", "by"),
        "burn_up": ("when",),
        "dates": ("when", "by", "item", "teams", "scenario"),
        "calibration": ("when", "by", "record"),
    }[name]
    if kind not in fitting:
        asked = {"item": "--item", "by": "--by", "record": "--record", "when": "--when"}
        asked |= {"teams": "several teams", "scenario": "a scenario"}
        raise UsageError(f"{name}: is for {', '.join(asked[option] for option in fitting)}, not for {asked[kind]}")


@style.slide
def fan(forecast: Forecast) -> Figure:
    """What was delivered until today, and the bands in which deliveries go on: 50, 80 and 90 % of the futures lie in them."""
    needs("fan", forecast.kind)
    ahead = _ahead(forecast)
    shown = min(len(forecast.deliveries.daily), max(2 * ahead, FEWEST_SHOWN * forecast.deliveries.week))
    past = np.cumsum(forecast.deliveries.daily[-shown:])
    drawn, (panel,) = style.figure(_title(forecast), f"bands: 50, 80 and 90 % of the futures · {_basis(forecast)}")
    panel.plot(_dates(forecast.deliveries.days[-shown:]), past, color=style.INK, linewidth=2.2, label="delivered")
    dates = _fan(panel, forecast, ahead, float(past[-1]))
    if forecast.kind == "when" and forecast.items is not None:
        _, middle, _ = _to_do(forecast)
        height = float(past[-1]) + middle
        panel.axhline(height, color=style.SOFT, linestyle=(0, (4, 3)), linewidth=1.4)
        said = f"{forecast.items:,} more" if forecast.growth is None else f"{forecast.items:,} more, with growth {middle:,.0f}"
        panel.annotate(said, (dates[0], height), xytext=(-8, 5), textcoords="offset points", ha="right")
        _promised_dates(panel, forecast, height)
    else:
        _promised_counts(panel, forecast, dates[-1], float(past[-1]))
    panel.axvline(dates[0], color=style.SOFT, linewidth=1.2)
    panel.set_ylabel("items delivered")
    panel.set_ylim(bottom=0)
    panel.legend(loc="upper left", frameon=False)
    return drawn


@style.slide
def burn_up(forecast: Forecast) -> Figure:
    """The way to so many items: the bands of deliveries, what there is to do with what may turn up, and the dates of promises."""
    needs("burn_up", forecast.kind)
    ahead, items = _ahead(forecast), forecast.items or 0
    drawn, (panel,) = style.figure(_title(forecast), f"bands: 50, 80 and 90 % of the futures · {_basis(forecast)}")
    dates = _fan(panel, forecast, ahead, 0.0)
    low, middle, high = _to_do(forecast)
    label = f"{items:,} items to do" + (
        "" if forecast.growth is None else f", with growth {middle:,.0f} ({low:,.0f} to {high:,.0f})"
    )
    panel.axhspan(low, high, color=style.INK, alpha=0.12, linewidth=0)
    panel.axhline(middle, color=style.INK, linewidth=2, label=label)
    _promised_dates(panel, forecast, middle)
    panel.set_ylabel("items delivered from now on")
    panel.set_ylim(bottom=0)
    panel.set_xlim(left=dates[0])
    panel.legend(loc="upper left", frameon=False)
    return drawn


@style.slide
def dates(forecast: Forecast | ItemForecast | TeamsForecast | ScenarioForecast) -> Figure:
    """How probable it is to be done by each date (or to have delivered each number of items); promises are marked."""
    if isinstance(forecast, ScenarioForecast):
        return _sides(forecast)
    asked = _title(forecast)
    caption = f"never more than 95 % · {forecast.basis[0]}" if not isinstance(forecast, Forecast) else _basis(forecast)
    drawn, (panel,) = style.figure(asked, caption)
    if isinstance(forecast, ItemForecast):
        _item(panel, forecast)
    elif isinstance(forecast, TeamsForecast):
        for index, (name, alone) in enumerate(zip(forecast.names, forecast.alone, strict=True)):
            _done_by(panel, alone, alone.samples, style.OTHERS[(index + 1) % len(style.OTHERS)], f"{name} alone", 1.4)
        _done_by(panel, forecast.alone[0], forecast.samples, style.BEFORE, "all of them", 3)
    elif forecast.kind == "when":
        _done_by(panel, forecast, forecast.samples, style.BEFORE, "", 3)
    else:
        _counts(panel, forecast)
    if not (isinstance(forecast, Forecast) and forecast.kind == "by"):
        _mark(panel, [(told.probability, told.date) for told in forecast.promises])
        panel.set_ylim(0, 1.02)
    panel.yaxis.set_major_formatter(lambda share, _: words.percent(share))
    if panel.get_legend_handles_labels()[1]:
        panel.legend(loc="lower right", frameon=False)
    return drawn


@style.slide
def calibration(forecast: Forecast | Records) -> Figure:
    """What was promised in the past against what was kept: on the diagonal promises are worth what they say."""
    named = _records(forecast)
    caption = "grey: where nine of ten records of so many windows lie, if the probabilities are right · " + " · ".join(
        f"{name}: {many(len(record.windows), 'window')}" for name, record in named
    )
    title = "What was promised, and what was kept"
    drawn, (panel,) = style.figure(title, caption if named else "no record: the past holds too few windows")
    panel.plot([0, 1], [0, 1], color=style.SOFT, linewidth=1.2, linestyle=(0, (4, 3)))
    levels = np.linspace(0.05, 0.95, 19)
    if named:
        fewest = min((record for _, record in named), key=lambda record: len(record.windows))
        count = len(fewest.windows)
        ends = [usual_range([float(level)] * count) for level in levels]
        lows, highs = np.array([low for low, _ in ends]) / count, np.array([high for _, high in ends]) / count
        panel.fill_between(levels, lows, highs, color=style.GRID, alpha=0.7, linewidth=0)
    else:
        style.nothing(panel, "no record")
    for index, (name, record) in enumerate(named):
        places = np.array([window.place for window in record.windows])
        kept = [float((places >= 1 - level).mean() if record.kind == "counts" else (places <= level).mean()) for level in levels]
        line: Any = style.LINES[index % len(style.LINES)]
        panel.plot(levels, kept, color=style.OTHERS[index % len(style.OTHERS)], linestyle=line, linewidth=2.4, label=name)
    for axis, label in ((panel.xaxis, "promised"), (panel.yaxis, "kept")):
        axis.set_major_formatter(lambda share, _: words.percent(share))
        axis.set_label_text(label)
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    if named:
        panel.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return drawn


def _records(forecast: Forecast | Records) -> list[tuple[str, Record]]:
    """The records to show: that of the question, or the nearest with enough windows; without a question, all records of counts."""
    if isinstance(forecast, Records):
        first = [shown for shown in forecast.shown if shown.record.kind == "counts"]
        return [(f"{shown.length}, {shown.method}", shown.record) for shown in first[: len(style.OTHERS)]]
    if forecast.record.is_shown:
        length = many(forecast.days or 0, "working day") if forecast.kind == "by" else many(forecast.items or 0, "item")
        return [(length, forecast.record)]
    return [] if forecast.near is None else [(many(forecast.near[0], "week"), forecast.near[1])]


def _to_do(forecast: Forecast) -> tuple[float, float, float]:
    """The number of items to be done, including growth: the 10 %, 50 % and 90 % quantiles over futures."""
    items = forecast.items or 0
    if forecast.growth is None:
        return items, items, items
    wanted = forecast.growth.items(items, np.random.default_rng([forecast.seed, 1]), len(forecast.samples))
    low, middle, high = np.quantile(wanted, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)


def _ahead(forecast: Forecast) -> int:
    """How many working days ahead are drawn."""
    if forecast.days is not None:
        return forecast.days
    return min(MOST_DAYS, max(2, int(1.1 * forecast.quantile(0.95)) + 1))


def _fan(panel: Axes, forecast: Forecast, ahead: int, start: float) -> Dates:
    """Draw the bands of the futures from `start` items on; returns their dates."""
    totals = np.concatenate([np.zeros((2_000, 1)), forecast.paths(ahead)], axis=1) + start
    when = _dates([forecast.deliveries.days[-1], *forecast.deliveries.coming(ahead)])
    for low, high, dark in BANDS:
        ends = np.quantile(totals, [low, high], axis=0)
        panel.fill_between(when, ends[0], ends[1], color=style.BEFORE, alpha=dark, linewidth=0)
    middle = np.median(totals, axis=0)
    panel.plot(when, middle, color=style.BEFORE, linewidth=2, label="median of the futures")
    return when


def _promised_dates(panel: Axes, forecast: Forecast, height: float) -> None:
    """Mark the promised dates on the line of what is to be done; their labels are staggered, so that none covers another."""
    top = panel.get_ylim()[1]
    for place, asked in enumerate(PROMISED):
        date = forecast.promise(asked).date
        if date is None:
            continue
        at = np.datetime64(date)
        panel.plot([at], [height], marker="D", markersize=8, color=style.AFTER, linestyle="")
        panel.vlines(at, 0, height, color=style.AFTER, linewidth=1.2, linestyle=(0, (4, 3)))
        said = f"{words.percent(asked)}: {_brief(date)}"
        place_of_name = (at, top * (0.02 + 0.055 * place))
        panel.annotate(said, place_of_name, xytext=(6, 0), textcoords="offset points", fontsize=12, annotation_clip=False)


def _promised_counts(panel: Axes, forecast: Forecast, at: np.datetime64, start: float) -> None:
    numbers = [start + forecast.promise(asked).promise.number for asked in PROMISED]
    low, high = panel.get_ylim()
    places = style.apart(numbers, 0.055 * (high - low))
    for asked, number, place in zip(PROMISED, numbers, places, strict=True):
        panel.plot([at], [number], marker="D", markersize=7, color=style.AFTER, linestyle="", clip_on=False)
        said = f"at least {number - start:,.0f} ({words.percent(asked)})"
        panel.annotate(said, (at, place), xytext=(10, -4), textcoords="offset points", fontsize=12, annotation_clip=False)


def _done_by(panel: Axes, forecast: Forecast, samples: Any, colour: str, label: str, width: float) -> None:
    """Draw the share of the futures that are done by each day."""
    last = int(np.quantile(samples, 0.99, method="inverted_cdf"))
    first = max(1, int(np.quantile(samples, 0.002, method="inverted_cdf")) - 1)
    days = np.arange(first, min(last, MOST_DAYS) + 1)
    shares = np.searchsorted(np.sort(samples), days, side="right") / len(samples)
    when = _dates(forecast.deliveries.coming(int(days[-1]))[days - 1])
    panel.step(when, np.minimum(shares, 1.0), where="post", color=colour, linewidth=width, label=label or None)
    panel.set_ylabel("done by then")


def _sides(forecast: ScenarioForecast) -> Figure:
    """The picture for a scenario: as it is and with changes, each with its 85 % promise."""
    drawn, (panel,) = style.figure(forecast.question, f"never more than 95 % · {forecast.basis[-2]}")
    for index, side in enumerate(forecast.sides):
        colour, line = style.OTHERS[index % len(style.OTHERS)], style.LINES[index % len(style.LINES)]
        told = forecast.promise(0.85, side.change)
        label = f"{style.short(side.name)}: {forecast.said(told)} (85 %)"
        if forecast.kind == "by":
            counts = np.arange(int(side.samples.min()), int(side.samples.max()) + 2)
            shares = [float((side.samples >= count).mean()) for count in counts]
            panel.step(counts, shares, where="post", color=colour, linestyle=line, linewidth=3, label=label)
            continue
        known = side.samples[np.isfinite(side.samples)]
        ends = np.unique(np.maximum(1, np.ceil(known - 1e-9)))
        shares = [float((side.samples <= end + 1e-9).mean()) for end in ends]
        at = [forecast.date_of(float(end)) or forecast.begin + end for end in ends]
        panel.step(at, shares, where="post", color=colour, linestyle=line, linewidth=3, label=label)  # type: ignore[arg-type]
    if forecast.kind == "by":
        panel.set_xlabel("items")
    elif forecast.begins is None:
        panel.set_xlabel(f"{forecast.scenario.unit}s")
    panel.set_ylabel("at least so many" if forecast.kind == "by" else "done by then")
    panel.set_ylim(0, 1.02)
    panel.yaxis.set_major_formatter(lambda share, _: words.percent(share))
    panel.legend(loc="lower left" if forecast.kind == "by" else "lower right", frameon=False)
    return drawn


def _item(panel: Axes, forecast: ItemForecast) -> None:
    """Draw the share of comparable items that were done by each day, as far as any promise reaches."""
    times, left = curve(forecast.others.remained, forecast.others.done)
    whole = np.maximum(1, np.ceil(times - 1e-9)).astype(int)
    inside = whole <= len(forecast.coming)
    if inside.any():
        when = _dates(forecast.coming[whole[inside] - 1])
        panel.step(when, 1 - left[inside], where="post", color=style.BEFORE, linewidth=3)
    else:
        style.nothing(panel, "too few others took that long")
    panel.set_ylabel("done by then")


def _counts(panel: Axes, forecast: Forecast) -> None:
    """Draw the share of the futures in which at least so many items are delivered."""
    low, high = (int(end) for end in np.quantile(forecast.samples, [0.005, 0.995], method="inverted_cdf"))
    counts = np.arange(max(0, low - 1), high + 2)
    ordered = np.sort(forecast.samples)
    shares = 1 - np.searchsorted(ordered, counts, side="left") / len(ordered)
    panel.step(counts, shares, where="post", color=style.BEFORE, linewidth=3)
    for asked in PROMISED:
        told = forecast.promise(asked)
        panel.plot([told.promise.number], [told.promise.probability], marker="D", markersize=8, color=style.AFTER, linestyle="")
        said = f"at least {told.promise.number:,}: {words.percent(told.probability)}"
        at = (told.promise.number, told.promise.probability)
        panel.annotate(said, at, xytext=(9, 5), textcoords="offset points", fontsize=12)
    panel.set_xlabel("items")
    panel.set_ylabel("at least so many")


def _mark(panel: Axes, promises: Sequence[tuple[float, dt.date | None]]) -> None:
    known = [(probability, date) for probability, date in promises if date is not None]
    places = style.apart([probability for probability, _ in known], 0.055, 1.0)
    for (probability, date), place in zip(known, places, strict=True):
        at = np.datetime64(date)
        panel.plot([at], [probability], marker="D", markersize=8, color=style.AFTER, linestyle="")
        said = f"{words.percent(probability)}: {_brief(date)}"
        panel.annotate(said, (at, place), xytext=(11, -5), textcoords="offset points", fontsize=12)


def _title(forecast: Forecast | ItemForecast | TeamsForecast) -> str:
    """The question, short enough for the title of a slide."""
    begins = f", from {_brief(forecast.begins)} on"
    if isinstance(forecast, ItemForecast):
        return f"When is {forecast.item} done{begins}?"
    if isinstance(forecast, TeamsForecast):
        return f"When are the parts of all {len(forecast.names)} teams done{begins}?"
    if forecast.by is not None:
        return f"How many are done by {_brief(forecast.by)}{begins}?"
    more = f" (and {forecast.growth.words} more)" if forecast.growth else ""
    return f"When are {many(forecast.items or 0, 'item')}{more} done{begins}?"


def _brief(date: dt.date) -> str:
    """A short date, such as 14 Aug 2024."""
    return f"{date.day} {date:%b %Y}"


def _basis(forecast: Forecast) -> str:
    past = f"from {many(round(len(forecast.past.daily) / forecast.deliveries.week), 'week')} of deliveries"
    return f"{past}, {forecast.method.label} · seed {forecast.seed}"


def _dates(days: Any) -> Dates:
    """Days since 1970 as dates."""
    return np.asarray(days, np.int64).astype("datetime64[D]")
