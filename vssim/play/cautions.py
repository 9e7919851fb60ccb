"""Cautions: what a reader must know before trusting a figure. Overload and short runs before; growth, unfinished items after."""

from __future__ import annotations

from collections.abc import Mapping

from vssim.language import t
from vssim.model.load import Load
from vssim.model.memory import Memory
from vssim.statistics import Estimate

GROWING = 0.03
"""Unfinished items that grow by more than this share of the throughput are reported."""

MANY_UNFINISHED = 0.25
"""More unfinished items than this share of those delivered are reported."""


SHORT = 5
"""A measured time below so many times what a stream remembers is too short to tell of the long run."""


OVERLOAD = "overload: {binding}load {load} %; there is no steady state, and lead times grow with the horizon"
FULL = "nearly full: {binding}load {load} %; no steady state within reach: the figures are of this period"
TOO_SHORT = (
    "too short for its load: {count} people of {teams} at {load} % remember {memory} {units}, {measured} are measured; "
    "the figures are of this period, not of the long run"
)
ONE_TOO_SHORT = (
    "too short for its load: 1 person of {teams} at {load} % remembers {memory} {units}, {measured} are measured; "
    "the figures are of this period, not of the long run"
)
GROWS = (
    "growing: unfinished items grow by {rate} a {unit} (95 % interval {low} … {high}) through the measured time; "
    "longer runs would show longer lead times"
)
UNFINISHED = (
    "unfinished: {left} items at the end against {delivered} delivered{old}; the lead times are of those that were delivered"
)
AGES = "; half of those in progress are older than {half} {units}, 15 % than {many}"
EMPTIED = "a gate opened at the end of the run: {left} items are unfinished then, usual are {usual}; ages are of the usual"
LEFT_OVER = "not all done: all demand ends, but some is unfinished at the horizon; averages go to it, and no last item is told"
NOTHING = "nothing was delivered in the measured time"
TEXTS = (OVERLOAD, FULL, TOO_SHORT, ONE_TOO_SHORT, GROWS, UNFINISHED, AGES, EMPTIED, LEFT_OVER, NOTHING)
"""What is said by name: every language has all of them."""


def before(load: Load, remembered: Memory, measured: float, unit: str) -> list[str]:
    """The warnings before a run: an overload, and a measured time [units of time] that is too short for the load."""
    binding = f"{load.binding}: " if load.binding else ""
    if load.rho is not None and load.rho > 1:
        return [t(OVERLOAD, binding=binding, load=f"{100 * load.rho:.0f}")]
    if not remembered.settles:
        return [t(FULL, binding=binding, load=f"{100 * remembered.load:.0f}")]
    return _too_short(remembered, measured, unit)


def _too_short(remembered: Memory, measured: float, unit: str) -> list[str]:
    if measured >= SHORT * remembered.relaxation or remembered.busiest is None:
        return []
    count, names = round(remembered.busiest.people), remembered.busiest.teams
    teams = t(" and ").join(names) if len(names) < 3 else t("{count} teams", count=len(names))
    said = {
        "teams": teams,
        "load": f"{100 * remembered.busiest.load:.0f}",
        "memory": _two_digits(remembered.relaxation),
        "units": t(f"{unit}s"),
        "measured": _point(f"{measured:.4g}"),
    }
    if count == 1:
        return [t(ONE_TOO_SHORT, **said)]
    return [t(TOO_SHORT, count=count, **said)]


def _point(number: str) -> str:
    """A number with the decimal point of the language that is spoken."""
    return number.replace(".", t("."))


def _two_digits(value: float) -> str:
    """A number with two digits, never as a power of ten."""
    return _point(f"{float(f'{value:.2g}'):g}")


def after(metrics: Mapping[str, Estimate], unit: str) -> list[str]:
    """The warnings that the runs of a variant give rise to."""
    return [
        *_growing(metrics, unit),
        *_unfinished(metrics, unit),
        *_nothing(metrics),
        *_just_emptied(metrics),
        *_left_over(metrics),
    ]


def _growing(metrics: Mapping[str, Estimate], unit: str) -> list[str]:
    slope, delivered = metrics["growth"], metrics["throughput"].mean or 0.0
    if slope.mean is None or slope.low is None or slope.low <= 0 or slope.mean <= GROWING * delivered:
        return []
    rate, low, high = (_point(f"{value:.2g}") for value in (slope.mean, slope.low, slope.high))
    return [t(GROWS, rate=rate, unit=t(unit), low=low, high=high)]


def _unfinished(metrics: Mapping[str, Estimate], unit: str) -> list[str]:
    delivered, unfinished = metrics["delivered"].mean or 0.0, metrics["unfinished"].mean or 0.0
    if unfinished <= MANY_UNFINISHED * delivered:
        return []
    half, many = (metrics[name].mean for name in ("age.p50", "age.p85"))
    old = ""
    if half is not None and many is not None:
        old = t(AGES, half=_point(f"{half:.3g}"), many=_point(f"{many:.3g}"), units=t(f"{unit}s"))
    return [t(UNFINISHED, left=f"{unfinished:.0f}", delivered=f"{delivered:.0f}", old=old)]


def _just_emptied(metrics: Mapping[str, Estimate]) -> list[str]:
    """Warn where a gate in front of delivery opened right at the end: fewer items are left than usual."""
    usual = metrics["unfinished.usual"].mean if "unfinished.usual" in metrics else None
    if usual is None:
        return []
    left = metrics["unfinished"].mean or 0.0
    return [t(EMPTIED, left=_point(f"{left:.3g}"), usual=_point(f"{usual:.3g}"))]


def _left_over(metrics: Mapping[str, Estimate]) -> list[str]:
    """Warn where demand ends and something is left at the end, so that averages go to the horizon."""
    if "last_done" not in metrics or not (metrics["unfinished"].mean or 0.0):
        return []
    return [t(LEFT_OVER)]


def _nothing(metrics: Mapping[str, Estimate]) -> list[str]:
    lead = metrics["lead_time.mean"]
    return [t(NOTHING)] if lead.mean is None else []
