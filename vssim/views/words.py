"""Figures in words, the same in every view: numbers with the digits that matter, changes in per cent, units."""

from __future__ import annotations

import math
from collections.abc import Callable

from vssim.analysis.statistics import Difference, Estimate

CAUSES = {
    "hands_on": "hands-on",
    "open_waiting": "open but waiting",
    "queueing": "queueing",
    "backlog": "in the backlog",
    "transit": "in transit",
    "helper": "waiting for helpers",
    "outside": "waiting outside",
    "gate": "at gates and in batches",
    "no_room": "no room ahead",
    "parts": "waiting for parts",
}
"""What a delivered item's time went on; hands-on first, the rest is waiting of one kind or another."""

UNDEFINED = "–"


def figure(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, none of them invented: 1,234 · 41.2 · 0.38 · 0."""
    if value is None or not math.isfinite(value):
        return UNDEFINED
    written = f"{value:,.{decimals(value, digits)}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return minus(written)


def from_to(before: float | None, after: float | None) -> str:
    """Two numbers with the same decimals, as many as it takes to tell them apart: 41 → 18, 8.90 → 8.26."""
    if before is None or after is None:
        return f"{figure(before)} → {figure(after)}"
    largest = max(abs(before), abs(after))
    far_apart = abs(before - after) >= 0.1 * largest and min(abs(before), abs(after)) >= 10
    places = decimals(largest, 2 if far_apart else 3)
    return f"{_with_places(before, places)} → {_with_places(after, places)}"


def decimals(value: float, digits: int) -> int:
    """Decimals of a number with so many significant digits."""
    return max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0


def _with_places(value: float, places: int) -> str:
    written = f"{value:,.{places}f}"
    return minus(written) if float(written.replace(",", "")) else figure(value, 1)


def signed(value: float | None, places: int) -> str:
    """A change with its sign and so many decimals: +4.18, −0.10, 0.00."""
    if value is None or not math.isfinite(value):
        return UNDEFINED
    written = f"{value:+,.{places}f}"
    return minus(written) if float(written.replace(",", "")) else written[1:]


def percent(share: float | None) -> str:
    """A share in per cent: 91 %, 0.5 %."""
    if share is None or not math.isfinite(share):
        return UNDEFINED
    hundred = 100 * share
    return minus(f"{hundred:.0f} %" if abs(hundred) >= 10 or hundred == 0 else f"{figure(hundred, 2)} %")


def shift(ratio: Estimate, label: str = "95 % interval ") -> str:
    """A change in per cent with its interval: −57 % (95 % interval −61 … −52); as a factor when it is large."""
    if ratio.mean is None:
        return ""
    if ratio.mean >= 3:
        ends = _ends(ratio, lambda end: figure(end, 2))
        return f"× {figure(ratio.mean, 2)}" + (f" ({label}{ends})" if ends else "")
    ends = _ends(ratio, lambda end: _signed(end - 1))
    return f"{_signed(ratio.mean - 1)} %" + (f" ({label}{ends})" if ends else "")


def points(difference: Estimate) -> str:
    """A change of a share in percentage points: +18 pts (+15 … +21)."""
    if difference.mean is None:
        return ""
    ends = _ends(difference, _signed)
    return f"{_signed(difference.mean)} pts" + (f" ({ends})" if ends else "")


def _ends(estimate: Estimate, write: Callable[[float], str]) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{write(estimate.low)} … {write(estimate.high)}"


def _signed(share: float) -> str:
    """Per cent with its sign, to the tenth below ten: −57, +2.4, 0."""
    written = f"{100 * share:+.1f}" if abs(share) < 0.0995 else f"{100 * share:+.0f}"
    return "0" if float(written) == 0 else minus(written)


def interval(estimate: Estimate) -> str:
    """The ends of an interval: 38.1 … 44.2."""
    return _ends(estimate, figure)


def as_share(estimate: Estimate) -> tuple[str, str]:
    """A share and its interval, in per cent."""
    return percent(estimate.mean), _ends(estimate, percent)


def better_in(difference: Difference) -> str:
    """In how many pairs it was better: better in 20 of 20."""
    return "" if difference.better_in is None else f"better in {difference.better_in} of {difference.n}"


def verdict(difference: Difference) -> str:
    """The verdict in words; when undecided, what would decide."""
    if difference.verdict is None:
        return ""
    more = f" (about {difference.needed:,} replications would decide)" if difference.needed else ""
    return difference.verdict + more


def minus(written: str) -> str:
    """A true minus sign."""
    return written.replace("-", "−")


def many(number: float, unit: str) -> str:
    """1 day, 600 days."""
    return f"{figure(number, 6)} {unit if number == 1 else unit + 's'}"
