"""Figures in words, the same in every view: numbers with the digits that matter, changes in per cent, units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from vssim.calendar import Calendar
from vssim.catalogue import QUANTILES, is_share, is_signed, unit_of
from vssim.clock import ticks
from vssim.language import numbers, t
from vssim.statistics import Difference, Estimate

UNDEFINED = "–"


def figure(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, none of them invented: 1,234 · 41.2 · 0.38 · 0."""
    if value is None or not math.isfinite(value):
        return UNDEFINED
    written = f"{value:,.{decimals(value, digits)}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return minus(written)


def from_to(before: float | None, after: float | None, places: int | None = None, digits: int = 3) -> str:
    """Two numbers with the same decimals, as many as it takes to tell them apart: 41 → 18, 8.90 → 8.26.

    With `places` as many of these as either number has among its first `digits`.
    """
    if before is None or after is None:
        return f"{figure(before)} → {figure(after)}"
    if places is None:
        own = places_of(before, after)
        return f"{_with_places(before, own)} → {_with_places(after, own)}"
    return " → ".join(_with_places(value, min(places, decimals(value, digits))) for value in (before, after))


def places_of(before: float, after: float) -> int:
    """The decimals that it takes to tell two numbers apart."""
    largest = max(abs(before), abs(after))
    far_apart = abs(before - after) >= 0.1 * largest and min(abs(before), abs(after)) >= 10
    return decimals(largest, 2 if far_apart else 3)


CHECKABLE = 4
"""Significant digits that numbers have, at most, beside a change in per cent."""


def places_told(sides: Sequence[tuple[float, float]]) -> int:
    """The decimals of numbers before and after beside the change in per cent of each two, which a calculator finds in them.

    130 → 113 is 13 % less by a calculator; of 130.4 → 112.6 it is the 14 % that stand beside it.
    """
    fewest = max(places_of(*side) for side in sides)
    told = {places: sum(_is_found(*side, places) for side in sides) for places in range(fewest, fewest + 3)}
    most = max(told.values())
    best = [places for places, count in told.items() if count == most]
    if most == len(sides):
        return best[0]
    # Four digits may not be enough for one of many changes; the others are to be found all the same, and that one nearly.
    return min(best, key=lambda places: (sum(_missed(*side, places) for side in sides), places))


COUNTED = 6
"""Significant digits that counts of items have, at most."""


def places_counted(sides: Sequence[tuple[float, float]]) -> int:
    """The decimals of counts of items, so that a calculator finds by how many they differ: 251.35 → 258.75 where it is 7.4.

    None where all are whole.
    """
    if all(count == round(count) for side in sides for count in side):
        return 0
    fewest = max(places_of(*side) for side in sides)
    return max(range(fewest, fewest + 3), key=lambda places: (sum(_is_counted(*side, places) for side in sides), -places))


def _is_counted(before: float, after: float, places: int) -> bool:
    """Whether the counts as they are written give the difference that is written, to two digits."""
    return figure(round(after, places) - round(before, places), 2) == figure(after - before, 2)


def _is_found(before: float, after: float, places: int) -> bool:
    """Whether the numbers as they are written give the change in per cent that is written."""
    return _per_cent(*_written(before, after, places)) == _per_cent(before, after)


def _missed(before: float, after: float, places: int) -> float:
    """By how much the ratio of the numbers as they are written differs from what it is."""
    seen_before, seen_after = _written(before, after, places)
    return abs(seen_after / seen_before - after / before) if before and seen_before else 0.0


def _written(before: float, after: float, places: int) -> tuple[float, float]:
    """The numbers with so many decimals, and four digits at most."""
    seen_before, seen_after = (round(value, min(places, decimals(value, CHECKABLE))) for value in (before, after))
    return seen_before, seen_after


def _per_cent(before: float, after: float) -> str:
    """A change as `shift` tells it; '' from nothing."""
    if not before:
        return ""
    ratio = after / before
    return figure(ratio, 2) if ratio >= 3 else _signed(ratio - 1)


def both(
    metric: str,
    before: float | None,
    after: float | None,
    unit: str,
    currency: str = "",
    places: int | None = None,
    digits: int = 3,
) -> str:
    """A metric before and after, with its unit; shares in per cent: 41 → 18 days, 21 → 45 %, 0.93 → 0.95 a day."""
    if is_share(metric):
        old, new = shares(before, after)
        return f"{old.removesuffix(' %')} → {new}"
    of = unit_of(metric, unit, currency)
    if of in ("1", "items"):
        return from_to(before, after, places, digits)
    named = t(f"a {unit}") if of == f"items/{unit}" else t(of)
    return f"{from_to(before, after, places, digits)} {named}".replace(f"/{unit}", f" a {unit}")


def moved(metric: str, difference: Difference, label: str = "95 % interval ") -> str:
    """How much a metric changes, with its interval: in per cent; shares in points, and what may be below 0 in its own unit."""
    if is_share(metric):
        return points(difference.difference)
    return change(difference.difference, "", label) if is_signed(metric) else shift(difference.ratio, label)


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


def plus(value: float | None) -> str:
    """A change with its sign and three significant digits: +4.2, −0.38, 0."""
    written = figure(value)
    return written if written in (UNDEFINED, "0") or written.startswith("−") else f"+{written}"


def change(difference: Estimate, phrase: str = "", label: str = "95 % interval ") -> str:
    """A change with its 95 % interval, both with their signs: −12.1 days (95 % interval −14 … −10)."""
    ends = _ends(difference, plus)
    return f"{plus(difference.mean)} {phrase}".rstrip() + (f" ({t(label)}{ends})" if ends else "")


def percent(share: float | None) -> str:
    """A share in per cent: 91 %, 0.5 %."""
    if share is None or not math.isfinite(share):
        return UNDEFINED
    hundred = 100 * share
    return minus(f"{hundred:.0f} %") if abs(hundred) >= 10 or hundred == 0 else f"{figure(hundred, 2)} %"


def shares(before: float | None, after: float | None) -> tuple[str, str]:
    """Two shares in per cent, with the decimals that it takes to find their change in points: 1.94 % and 2.96 % beside +1.0 pts."""
    plain = percent(before), percent(after)
    if before is None or after is None or UNDEFINED in plain:
        return plain
    finer = ((_finer(before, more), _finer(after, more)) for more in (1, 2))
    told = _signed(after - before)
    return next((pair for pair in (plain, *finer) if _signed(_read(pair[1]) - _read(pair[0])) == told), plain)


def _finer(share: float, more: int) -> str:
    """A share in per cent with more decimals than it has by itself; 0 has none."""
    hundred = 100 * share
    own = 0 if abs(hundred) >= 10 else decimals(hundred, 2)
    return minus(f"{hundred:.{own + more}f} %") if hundred else percent(share)


def _read(written: str) -> float:
    """The share that is written in per cent."""
    return float(written.removesuffix(" %").replace("−", "-")) / 100


def shift(ratio: Estimate, label: str = "95 % interval ") -> str:
    """A change in per cent with its interval: −57 % (95 % interval −61 … −52); as a factor when it is large."""
    if ratio.mean is None:
        return ""
    if ratio.mean >= 3:
        ends = _ends(ratio, lambda end: figure(end, 2))
        return f"× {figure(ratio.mean, 2)}" + (f" ({t(label)}{ends})" if ends else "")
    ends = _ends(ratio, lambda end: _signed(end - 1))
    return f"{_signed(ratio.mean - 1)} %" + (f" ({t(label)}{ends})" if ends else "")


def points(difference: Estimate) -> str:
    """A change of a share in percentage points: +18 pts (+15 … +21)."""
    if difference.mean is None:
        return ""
    ends = _ends(difference, _signed)
    return f"{_signed(difference.mean)} {t('pts')}" + (f" ({ends})" if ends else "")


def _ends(estimate: Estimate, write: Callable[[float], str]) -> str:
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:  # exact: every run says the same
        return ""
    ends = f"{write(estimate.low)} … {write(estimate.high)}"
    return f"{t('roughly')} {ends}" if estimate.rough else ends


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


def true_share(metric: str, estimate: Estimate, unit: str) -> str:
    """The true share, where so many items share the time of a percentile that it is more than its name says; '' elsewhere."""
    named = QUANTILES.get(metric.partition("@")[0].rpartition(".")[2])
    if named is None or estimate.share is None or round(100 * estimate.share) <= round(100 * named):
        return ""
    return f"{math.floor(100 * estimate.share + 1e-9)} % within {figure(estimate.mean)} {unit}{'' if estimate.mean == 1 else 's'}"


def better_in(difference: Difference) -> str:
    """In how many pairs it was better: better in 20 of 20; where some had the same on both sides, in how many of them, too."""
    if difference.better_in is None:
        return ""
    return t("better in {count} of {n}", count=difference.better_in, n=difference.n) + same_in(difference)


def same_in(difference: Difference) -> str:
    """In how many pairs both were the same, after in how many it was better; '' where in none."""
    return t(", the same in {count}", count=difference.same_in) if difference.same_in else ""


def verdict(difference: Difference) -> str:
    """The verdict in words; when undecided, what would decide."""
    if difference.verdict is None:
        return ""
    more = t(" (about {count} replications would decide)", count=f"{difference.needed:,}") if difference.needed else ""
    return t(difference.verdict) + more


def minus(written: str) -> str:
    """A true minus sign."""
    return numbers(written.replace("-", "−"))


def many(number: float, unit: str) -> str:
    """1 day, 600 days."""
    return f"{figure(number, 6)} {t(unit if number == 1 else unit + 's')}"


def counted(number: str, unit: str) -> str:
    """A written number with its unit, in the plural as given: 12 items, 1 person, 2 items a person; words as they are: no limit."""
    if not unit or not number[-1:].isdigit():
        return number
    first, *rest = unit.split(" ")
    singular = "person" if first == "people" else first.removesuffix("s")
    return f"{number} {t(' '.join([singular, *rest]) if number == '1' else unit)}"


def moment(value: float | None, unit: str, calendar: Calendar | None) -> str:
    """A moment of the clock, with its date where time has one; what happens at the end of a day happens on that day."""
    if value is None or not math.isfinite(value):
        return UNDEFINED
    said = f"{unit} {figure(value)}"
    at = ticks(value)
    return said if calendar is None or not calendar.has(at) else f"{said} ({calendar.day(at, ends=True).isoformat()})"
