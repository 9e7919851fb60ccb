"""Money in words, the same on the terminal and in the report: when a change has paid back, and how deep in it was."""

from __future__ import annotations

import math

from vssim.metrics.breakeven import BreakEven
from vssim.scenario import Scenario
from vssim.statistics import Estimate
from vssim.views.words import figure, moment, plus


def paid_back(cash: BreakEven, scenario: Scenario) -> str:
    """When a change has paid back, how deep in it was, and what it has brought by the end."""
    unit, currency = scenario.unit, scenario.currency
    worst, end = cash.estimate(cash.worst), cash.estimate(-1)
    ending = f"at the end: {amount(end, currency)}"
    if worst.mean is None or worst.mean >= 0:
        return f"never costs more than it has brought; {ending}"
    if cash.worst == len(cash.at) - 1:
        return f"does not pay back by the end, and is deepest in then: {amount(end, currency)}"
    deepest = f"deepest in on {moment(float(cash.at[cash.worst]), unit, scenario.dates)}: {amount(worst, currency)}"
    if cash.time is None:
        return f"does not pay back by the end; {deepest}; {ending}"
    return f"{deepest}; pays back on {moment(cash.time, unit, scenario.dates)}{between(cash)}; {ending}"


def between(line: BreakEven) -> str:
    """The interval of a break-even; its ends may lie beyond the end of the run."""
    if line.half is None or line.earliest is None:
        return ""
    latest = "not by the end" if line.latest is None else figure(line.latest)
    return f" (95 % interval {figure(line.earliest)} … {latest})"


def amount(estimate: Estimate, currency: str) -> str:
    """An amount with its sign, its currency and its interval: +12,400 EUR (+8,100 … +16,700)."""
    ends = [] if estimate.low is None or estimate.high is None else [estimate.low, estimate.high]
    return f"{_written(estimate.mean)} {currency}" + (f" ({' … '.join(_written(end) for end in ends)})" if ends else "")


def _written(value: float | None) -> str:
    """A number with three significant digits, the rest as zeros."""
    return plus(round(value, 2 - math.floor(math.log10(abs(value)))) if value else value)
