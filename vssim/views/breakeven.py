"""Worse before better, as a line in characters: how far a change is ahead in what has been delivered, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from vssim.analysis.breakeven import BreakEven
from vssim.analysis.statistics import Estimate
from vssim.clock import Reals
from vssim.views.words import figure, interval, minus

HEIGHTS = "▁▂▃▄▅▆▇█"
MARKS = {"behind": ("−", "red"), "open": ("·", "dim"), "ahead": ("+", "green")}
"""Under each height: surely behind, nobody knows, surely ahead."""

LENGTH = 50
"""Characters of a line."""

NAMES = {"items": "delivered items", "value": "delivered value"}


def lines(found: Mapping[str, BreakEven], unit: str) -> Iterator[Text]:
    """By what is counted: a heading, the line, its marks, and a sentence."""
    for what, one in found.items():
        if not one.mean.any():
            continue
        since = f"since {unit} {figure(float(one.at[0]), 6)}"
        yield Text("")
        yield Text(f"{NAMES[what]} {since} against the baseline: − behind, + ahead for sure", "dim")
        yield Text(line(one.mean))
        yield marks(one)
        yield Text(sentence(one, unit))


def line(values: Reals) -> str:
    """Values as heights, the lowest as the lowest; one character for each of LENGTH stretches."""
    some = _some(values)
    low, high = float(some.min()), float(some.max())
    scale = (len(HEIGHTS) - 1) / (high - low) if high > low else 0.0
    return "".join(HEIGHTS[round((float(value) - low) * scale)] for value in some)


def marks(one: BreakEven) -> Text:
    """What the interval says at the moments of the line."""
    text = Text()
    half = _some(one.half) if one.half is not None else None
    for number, mean in enumerate(_some(one.mean)):
        spread = float("inf") if half is None else float(half[number])
        mark, colour = MARKS["ahead" if mean > spread else "behind" if mean < -spread else "open"]
        text.append(mark, colour)
    return text


def sentence(one: BreakEven, unit: str) -> str:
    """Break-even in words, with its interval, and how it ends."""
    worst, end = one.estimate(one.worst), one.estimate(-1)
    at_worst = f"furthest behind on {unit} {figure(float(one.at[one.worst]))}: {_ahead(worst)}"
    if one.time is None:
        return f"no break-even by the end: {_ahead(end)}; {at_worst}"
    if worst.mean is not None and worst.mean >= 0:
        return f"never behind; at the end: {_ahead(end)}"
    return f"{at_worst}; break-even: {unit} {figure(one.time)}{_between(one)}; at the end: {_ahead(end)}"


def _between(one: BreakEven) -> str:
    """The interval of the break-even; its ends may lie beyond the end of the run."""
    if one.half is None or one.earliest is None:
        return ""
    latest = "not by the end" if one.latest is None else figure(one.latest)
    return f" (95 % interval {figure(one.earliest)} … {latest})"


def _ahead(one: Estimate) -> str:
    sign = "+" if one.mean is not None and one.mean > 0 else ""
    ends = interval(one)
    return minus(f"{sign}{figure(one.mean)}") + (f" ({ends})" if ends else "")


def _some(values: Reals) -> Reals:
    """The mean of each of LENGTH stretches, without the first moment, at which nothing has happened yet."""
    found: Reals = values[1:].reshape(LENGTH, -1).mean(axis=1)
    return found
