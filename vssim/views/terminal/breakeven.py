"""Worse before better, as a line of characters: how far a change is ahead in total deliveries over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from vssim.clock import Reals
from vssim.metrics.breakeven import BreakEven
from vssim.scenario import Scenario
from vssim.statistics import Estimate
from vssim.views.money import between, paid_back
from vssim.views.words import figure, interval, minus

HEIGHTS = "▁▂▃▄▅▆▇█"
MARKS = {"behind": ("−", "red"), "open": ("·", "dim"), "ahead": ("+", "green")}
"""The mark below each height: significantly behind, undecided, significantly ahead."""

LENGTH = 50
"""Characters of a line."""

NAMES = {"items": "delivered items", "value": "delivered value", "cash": "cash"}


def lines(lines_by_count: Mapping[str, BreakEven], scenario: Scenario) -> Iterator[Text]:
    """For each thing that is counted: a heading, the line, its marks, and a sentence."""
    unit = scenario.unit
    for counted, break_even in lines_by_count.items():
        if not break_even.mean.any():
            continue
        since = f"since {unit} {figure(float(break_even.at[0]), 6)}"
        name = f"{NAMES[counted]} [{scenario.currency}]" if counted == "cash" else NAMES[counted]
        yield Text("")
        yield Text(f"{name} {since} against the baseline: − behind, + ahead for sure", "dim")
        yield Text(line(break_even.mean))
        yield marks(break_even)
        yield Text(paid_back(break_even, scenario) if counted == "cash" else sentence(break_even, unit))


def line(values: Reals) -> str:
    """Values as heights from the lowest to the highest; one character for each of LENGTH stretches."""
    some = _some(values)
    low, high = float(some.min()), float(some.max())
    scale = (len(HEIGHTS) - 1) / (high - low) if high > low else 0.0
    return "".join(HEIGHTS[round((float(value) - low) * scale)] for value in some)


def marks(break_even: BreakEven) -> Text:
    """The marks below the line: what the interval says at each moment."""
    text = Text()
    half = _some(break_even.half) if break_even.half is not None else None
    for number, mean in enumerate(_some(break_even.mean)):
        spread = float("inf") if half is None else float(half[number])
        mark, colour = MARKS["ahead" if mean > spread else "behind" if mean < -spread else "open"]
        text.append(mark, colour)
    return text


def sentence(break_even: BreakEven, unit: str) -> str:
    """The break-even in words, with its interval, and the state at the end."""
    worst, end = break_even.estimate(break_even.worst), break_even.estimate(-1)
    at_worst = f"furthest behind on {unit} {figure(float(break_even.at[break_even.worst]))}: {_ahead(worst)}"
    if break_even.time is None:
        return f"no break-even by the end: {_ahead(end)}; {at_worst}"
    if worst.mean is not None and worst.mean >= 0:
        return f"never behind; at the end: {_ahead(end)}"
    return f"{at_worst}; break-even: {unit} {figure(break_even.time)}{between(break_even)}; at the end: {_ahead(end)}"


def _ahead(estimate: Estimate) -> str:
    sign = "+" if estimate.mean is not None and estimate.mean > 0 else ""
    ends = interval(estimate)
    return minus(f"{sign}{figure(estimate.mean)}") + (f" ({ends})" if ends else "")


def _some(values: Reals) -> Reals:
    """The mean of each of LENGTH stretches, without the first value, which is always 0; shape (stretches,)."""
    means: Reals = values[1:].reshape(LENGTH, -1).mean(axis=1)
    return means
