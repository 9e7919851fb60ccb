"""Cautions: what a reader must know before trusting a figure. Overload and short runs before; growth, unfinished items after."""

from __future__ import annotations

from collections.abc import Mapping

from vssim.model.load import Load
from vssim.model.memory import Memory
from vssim.statistics import Estimate

GROWING = 0.03
"""Unfinished items that grow by more than this share of the throughput are reported."""

MANY_UNFINISHED = 0.25
"""More unfinished items than this share of those delivered are reported."""


SHORT = 5
"""A measured time below so many times what a stream remembers is too short to tell of the long run."""


def before(load: Load, remembered: Memory, measured: float, unit: str) -> list[str]:
    """The warnings before a run: an overload, and a measured time [units of time] that is too short for the load."""
    binding = f"{load.binding}: " if load.binding else ""
    if load.rho is not None and load.rho > 1:
        return [f"overload: {binding}load {100 * load.rho:.0f} %; there is no steady state, and lead times grow with the horizon"]
    if not remembered.settles:
        full = f"nearly full: {binding}load {100 * remembered.load:.0f} %"
        return [f"{full}; no steady state within reach: the figures are of this period"]
    return _too_short(remembered, measured, unit)


def _too_short(remembered: Memory, measured: float, unit: str) -> list[str]:
    if measured >= SHORT * remembered.relaxation or remembered.busiest is None:
        return []
    count, teams = round(remembered.busiest.people), remembered.busiest.teams
    who = f"{count} {'person' if count == 1 else 'people'} of {' and '.join(teams) if len(teams) < 3 else f'{len(teams)} teams'}"
    memory = (
        f"at {100 * remembered.busiest.load:.0f} % remember{'s' if count == 1 else ''} {_two_digits(remembered.relaxation)} {unit}s"
    )
    ends = f"{measured:.4g} are measured; the figures are of this period, not of the long run"
    return [f"too short for its load: {who} {memory}, {ends}"]


def _two_digits(value: float) -> str:
    """A number with two digits, never as a power of ten."""
    return f"{float(f'{value:.2g}'):g}"


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
    rate = f"{slope.mean:.2g} a {unit} (95 % interval {slope.low:.2g} … {slope.high:.2g})"
    return [f"growing: unfinished items grow by {rate} through the measured time; longer runs would show longer lead times"]


def _unfinished(metrics: Mapping[str, Estimate], unit: str) -> list[str]:
    delivered, unfinished = metrics["delivered"].mean or 0.0, metrics["unfinished"].mean or 0.0
    if unfinished <= MANY_UNFINISHED * delivered:
        return []
    ages = [metrics[name].mean for name in ("age.p50", "age.p85")]
    old = "" if None in ages else f"; half of those in progress are older than {ages[0]:.3g} {unit}s, 15 % than {ages[1]:.3g}"
    counts = f"{unfinished:.0f} items at the end against {delivered:.0f} delivered"
    return [f"unfinished: {counts}{old}; the lead times are of those that were delivered"]


def _just_emptied(metrics: Mapping[str, Estimate]) -> list[str]:
    """Where a gate behind which items are delivered opened at the end, what is left is less than usual."""
    usual = metrics["unfinished.usual"].mean if "unfinished.usual" in metrics else None
    if usual is None:
        return []
    left = metrics["unfinished"].mean or 0.0
    return [
        f"a gate opened at the end of the run: {left:.3g} items are unfinished then, usual are {usual:.3g}; ages are of the usual"
    ]


def _left_over(metrics: Mapping[str, Estimate]) -> list[str]:
    """Where demand ends and something is still there at the end, averages go to the horizon."""
    if "last_done" not in metrics or not (metrics["unfinished"].mean or 0.0):
        return []
    return ["not all done: all demand ends, but some is unfinished at the horizon; averages go to it, and no last item is told"]


def _nothing(metrics: Mapping[str, Estimate]) -> list[str]:
    lead = metrics["lead_time.mean"]
    return ["nothing was delivered in the measured time"] if lead.mean is None else []
