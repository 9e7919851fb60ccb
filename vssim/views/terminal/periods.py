"""Periods on the terminal: the headline of several variants side by side, or the main figures of a single one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from vssim.analysis.compare.compare import Comparison, Period
from vssim.catalogue import is_share
from vssim.model.changes import BASELINE
from vssim.statistics import Estimate
from vssim.views import labels, rows, words

BESIDE = ("delivered", "wip", "unfinished")
"""The figures that stand beside the headline of a single variant."""


def lines(comparison: Comparison) -> Iterator[RenderableType]:
    """A line for each period; nothing where no periods were asked for."""
    if not comparison.periods:
        return
    unit, headline = comparison.scenario.unit, comparison.headline
    table = Table.grid(padding=(0, 2))
    if comparison:
        names = [BASELINE, *(differences.change for differences in rows.ranked(comparison))]
        yield Text(f"{labels.of_metric(headline, unit)}, by period", "bold")
        table.add_row("", *(Text("as it is" if name == BASELINE else name, "dim") for name in names))
        for period in comparison.periods:
            table.add_row(_named(comparison, period), *(_figure(headline, period.variants[name]) for name in names))
    else:
        metrics = dict.fromkeys((headline, *BESIDE))
        table.add_row("", *(Text(labels.of_metric(metric, unit), "dim") for metric in metrics))
        for period in comparison.periods:
            (variant,) = period.variants.values()
            table.add_row(
                _named(comparison, period), *(_figure(metric, variant, interval=metric == headline) for metric in metrics)
            )
    yield table
    yield ""


def _named(comparison: Comparison, period: Period) -> str:
    """The begin and end of a period, as dates where time has dates."""
    calendar = comparison.scenario.dates
    if calendar is None:
        return f"{comparison.scenario.unit} {words.figure(period.start, 6)} … {words.figure(period.end, 6)}"
    begins, ends = calendar.day_of(period.start), calendar.day_of(period.end, ends=True)
    return f"{begins.isoformat()} … {ends.isoformat()}"


def _figure(metric: str, side: Mapping[str, Estimate], *, interval: bool = False) -> str:
    if metric not in side:  # metrics of whole runs, such as the day on which all is done, have no value by period
        return words.UNDEFINED
    estimate = side[metric]
    figure, ends = words.as_share(estimate) if is_share(metric) else (words.figure(estimate.mean), words.interval(estimate))
    return f"{figure} ({ends})" if interval and ends else figure
