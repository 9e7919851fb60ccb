"""Curves of a data report as SVG: weeks with their limits, cumulative flow, work in progress and its age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vssim.language import numbers, t
from vssim.tracker.report import day_of
from vssim.tracker.stock import Daily
from vssim.tracker.weekly import Weeks, xmr
from vssim.views.report.markup import element, text

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 900, 260, 56, 34, 12
COLOURS = ("#0b4f8a", "#55b9f3", "#f2c14e", "#9fb7c9", "#c98fb0", "#8fbf9f", "#e08a5b", "#a53a36", "#7a4f9c", "#cdd5dc")
"""Of columns, from the last one on; done is grey."""

MOST_POINTS = 400
"""Points of a curve; a longer one is thinned."""


def by_week(weeks: Weeks, name: str) -> str:
    """One count by week as points and a line, with its mean and limits."""
    values = getattr(weeks, name)
    limits = xmr(values)
    top = max(float(values.max(initial=1)), limits.high if limits else 1.0)
    xs, scale = _across(len(values)), _down(top)
    lines = []
    if limits:
        for value, kind in ((limits.low, "4 4"), (limits.mean, "none"), (limits.high, "4 4")):
            lines.append(_line(LEFT, scale(value), WIDTH, scale(value), "#a53a36" if kind != "none" else "#777777", kind))
    points = " ".join(f"{x:.1f},{scale(value):.1f}" for x, value in zip(xs, values.tolist(), strict=True))
    lines.append(element("polyline", points=points, fill="none", stroke=COLOURS[0], stroke_width="2"))
    outside = set(limits.outside) if limits else set()
    for number, (x, value) in enumerate(zip(xs, values.tolist(), strict=True)):
        fill = "#a53a36" if number in outside else COLOURS[0]
        title = element("title", text(t("week of {day}: {count}", day=day_of(weeks.mondays[number]), count=value)))
        lines.append(element("circle", title, cx=f"{x:.1f}", cy=f"{scale(value):.1f}", r="3.5", fill=fill))
    said = t("{what} by week: mean {mean}", what=t(name), mean=_decimal(values.mean()))
    if limits:
        said += t(", limits {low} and {high}", low=_decimal(limits.low), high=_decimal(limits.high))
    return _picture(said, lines, top, [str(day_of(weeks.mondays[0])), str(day_of(weeks.mondays[-1]))] if len(values) else [])


def cumulative_flow(daily: Daily, done: Sequence[str]) -> str:
    """How many items are in each column at the end of each day, stacked from done upwards."""
    chosen = _thinned(len(daily.days))
    order = [
        *(name for name in reversed(daily.columns) if name in done),
        *(name for name in reversed(daily.columns) if name not in done),
    ]
    counts = {name: daily.counts[chosen, number] for number, name in enumerate(daily.columns)}
    total = sum(counts.values())
    top = float(np.max(total, initial=1))
    xs, scale, base, shapes = _across(len(chosen)), _down(top), np.zeros(len(chosen)), []
    place = 0
    for name in order:
        upper = base + counts[name]
        up = [f"{x:.1f},{scale(value):.1f}" for x, value in zip(xs, upper.tolist(), strict=True)]
        down = [f"{x:.1f},{scale(value):.1f}" for x, value in zip(reversed(xs), base[::-1].tolist(), strict=True)]
        colour = "#b9c2ca" if name in done else COLOURS[place % len(COLOURS)]
        place += name not in done
        shapes.append(element("polygon", element("title", text(name)), points=" ".join([*up, *down]), fill=colour))
        base = upper
    days = [str(day_of(daily.days[chosen[0]])), str(day_of(daily.days[chosen[-1]]))]
    picture = _picture(t("cumulative flow: {columns}", columns=", ".join(daily.columns)), shapes, top, days)
    return picture + _key(order, done)


def stock(daily: Daily) -> str:
    """Work in progress, and its mean age, at the end of each day."""
    chosen = _thinned(len(daily.days))
    days = [str(day_of(daily.days[chosen[0]])), str(day_of(daily.days[chosen[-1]]))]
    pictures = []
    for said, values in (
        (t("work in progress [items]"), daily.wip[chosen].astype(np.float64)),
        (t("mean age of what is in progress [working days]"), daily.age[chosen]),
    ):
        known = np.isfinite(values)
        top = float(np.max(values[known], initial=1))
        xs, scale = np.array(_across(len(values))), _down(top)
        points = " ".join(
            f"{x:.1f},{scale(value):.1f}" for x, value in zip(xs[known].tolist(), values[known].tolist(), strict=True)
        )
        line = element("polyline", points=points, fill="none", stroke=COLOURS[0], stroke_width="2")
        pictures.append(element("h3", text(said[0].upper() + said[1:])) + _picture(said, [line], top, days))
    return "".join(pictures)


def _decimal(value: float) -> str:
    return numbers(f"{value:.1f}")


def _thinned(count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(np.int64))


def _across(count: int) -> list[float]:
    return [LEFT + (WIDTH - LEFT) * (number + 0.5) / max(count, 1) for number in range(count)]


class _down:  # noqa: N801 - a scale is called like a function
    """From a value to its height in the picture."""

    def __init__(self, top: float) -> None:
        self.top = top or 1.0

    def __call__(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self.top)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str) -> str:
    return element(
        "line",
        x1=f"{x1:.1f}",
        y1=f"{y1:.1f}",
        x2=f"{x2:.1f}",
        y2=f"{y2:.1f}",
        stroke=colour,
        stroke_width="1.5",
        stroke_dasharray=dashes,
    )


def _picture(said: str, content: Sequence[str], top: float, ends: Sequence[str]) -> str:
    scale = _down(top)
    axis = [_line(LEFT, scale(0), WIDTH, scale(0), "#777777", "none")]
    for value in (0, top / 2, top):
        label = f"{value:.0f}" if top >= 4 else _decimal(value)
        axis.append(
            element(
                "text",
                text(label),
                x=str(LEFT - 8),
                y=f"{scale(value) + 5:.1f}",
                text_anchor="end",
                fill="currentColor",
                font_size="15",
            )
        )
    for day, x, anchor in zip(ends, (LEFT, WIDTH), ("start", "end"), strict=False):
        axis.append(
            element("text", text(day), x=str(x), y=str(HEIGHT - 8), text_anchor=anchor, fill="currentColor", font_size="15")
        )
    drawing = element(
        "svg",
        element("title", text(said)),
        *content,
        *axis,
        viewBox=f"0 0 {WIDTH + 8} {HEIGHT}",
        role="img",
        aria_label=said,
        width="100%",
    )
    return element("figure", drawing)


def _key(order: Sequence[str], done: Sequence[str]) -> str:
    entries, place = [], 0
    for name in order:
        colour = "#b9c2ca" if name in done else COLOURS[place % len(COLOURS)]
        place += name not in done
        square = element("svg", element("rect", width="14", height="14", fill=colour), width="14", height="14", aria_hidden="true")
        entries.append(element("li", square, text(f" {name}")))
    return element("ul", *entries)
