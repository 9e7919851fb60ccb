"""The rows of a verdict, the same on the terminal and in the report: the changes best first, and which metrics tell of each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import ROWS, direction, entry, moves_apart
from vssim.language import t
from vssim.scenario import Scenario
from vssim.statistics import Estimate
from vssim.views import labels, words

Side = Mapping[str, Estimate]
"""The estimates of a variant, by metric."""

Sides = Mapping[str, Side]
"""Variants by what they are called beside each other."""


def telling(before: Side, after: Side, headline: str) -> Iterator[str]:
    """The metrics of the catalogue's rows that say something about a change, beside its headline."""
    for metric in ROWS:
        if metric != headline and metric in before and metric in after and _tells(metric, before, after):
            yield metric


def ratios(differences: Differences) -> Side:
    """How much a change makes of every figure that its verdict tells, the headline first, by metric."""
    return {
        metric: differences[metric].ratio
        for metric in (differences.headline, *telling(differences.before, differences.after, differences.headline))
    }


def uneven(told: Side, scenario: Scenario) -> str:
    """The figures whose intervals hold less often than stated because the runs are so uneven; '' where there are none.

    Where something is not known, worlds count as runs do elsewhere.
    """
    named = [labels.of_metric(metric, scenario.unit) for metric, estimate in told.items() if estimate.skewed]
    if not named:
        return ""
    count = words.figure(max(estimate.n for estimate in told.values()), 6)
    figures = ", ".join(named)
    if scenario.uncertain is None:
        return t(
            "{figures}: from {count} runs as uneven as these an interval holds about 9 times in 10", figures=figures, count=count
        )
    return t(
        "{figures}: from {count} worlds as uneven as these an interval holds about 9 times in 10", figures=figures, count=count
    )


def shown_alone(side: Side) -> Iterator[str]:
    """The metrics of the catalogue's rows that are shown of a variant alone: those that have a figure and are no repetition."""
    return (metric for metric in ROWS if metric in side and side[metric].mean and not repeats(metric, side))


def _tells(metric: str, before: Side, after: Side) -> bool:
    """False where a figure is 0 on both sides, or only repeats another one's."""
    values = before[metric].mean, after[metric].mean
    twin = entry(metric).twin
    return any(values) and (not twin or values != (before[twin].mean, after[twin].mean))


def repeats(metric: str, side: Side) -> bool:
    """True where a metric of a variant equals its twin: nobody asks for outcomes, or there is no backlog."""
    twin = entry(metric).twin
    return bool(twin) and "@" not in metric and side[metric] == side[twin]


def ranked(comparison: Comparison) -> list[Differences]:
    """The changes, the best first by the headline; in the order of the file where it has no good direction."""
    sign = {"down": 1.0, "up": -1.0, None: 0.0}[direction(comparison.headline)]

    def place(differences: Differences) -> float:
        shift = differences[differences.headline].difference.mean
        return math.inf if shift is None else sign * shift

    return sorted(comparison.values(), key=place)


def places(comparison: Comparison, metric: str) -> int | None:
    """Decimals that a metric has in all changes, so that the organisation as it is has one figure; None without any figure.

    Where changes are told in per cent, there are as many as it takes to find them with a calculator.
    """
    if moves_apart(metric):
        return places_apart(comparison, metric)
    told = (differences for differences in comparison.values() if metric in differences.before and metric in differences.after)
    sides = ((differences.before[metric].mean, differences.after[metric].mean) for differences in told)
    known = [(old, new) for old, new in sides if old is not None and new is not None]
    return words.places_told(known) if known else None


def places_apart(comparison: Comparison, metric: str) -> int | None:
    """As `places`, for numbers that have no change in per cent beside them."""
    told = (differences for differences in comparison.values() if metric in differences.before and metric in differences.after)
    sides = ((differences.before[metric].mean, differences.after[metric].mean) for differences in told)
    return max((words.places_of(old, new) for old, new in sides if old is not None and new is not None), default=None)


def places_counted(comparison: Comparison, metric: str) -> int | None:
    """As `places`, of a count of items: a calculator finds the difference where a break-even tells it, too."""
    told = (differences for differences in comparison.values() if metric in differences.before and metric in differences.after)
    sides = [(differences.before[metric].mean, differences.after[metric].mean) for differences in told]
    known = [(old, new) for old, new in sides if old is not None and new is not None]
    if known and any("items" in differences.break_even for differences in comparison.values()):
        return words.places_counted(known)
    whole = all(count == round(count) for side in known for count in side)
    return 0 if whole else places_apart(comparison, metric)


def scale(comparison: Comparison) -> tuple[float, float, float]:
    """The axis of a forest of the changes: its left end, where nothing changes, its right end.

    Shares, and what may be below 0, are drawn by their difference, everything else by a factor; of large factors the first five
    count.
    """
    none = 0.0 if moves_apart(comparison.headline) else 1.0
    ends = [none]
    for differences in comparison.values():
        shift = differences[comparison.headline].difference if none == 0 else differences[comparison.headline].ratio
        ends += [end for end in (shift.low, shift.mean, shift.high) if end is not None and math.isfinite(end)]
    return min(ends), none, max(ends) if none == 0 else min(max(ends), none + 4)
