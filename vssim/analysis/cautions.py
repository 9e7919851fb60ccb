"""Cautions: what a reader must know before trusting a figure. Overload before the run; growth and unfinished items after it."""

from __future__ import annotations

from collections.abc import Mapping

from vssim.analysis.statistics import Estimate
from vssim.model.load import Load

GROWING = 0.03
"""Unfinished items that grow by more than this share of the throughput are reported."""

MANY_UNFINISHED = 0.25
"""More unfinished items than this share of those delivered are reported."""


def before(load: Load) -> list[str]:
    """What the load says before the run."""
    if load.rho is None or load.rho <= 1:
        return []
    binding = f"{load.binding}: " if load.binding else ""
    return [f"overload: {binding}load {load.rho:.0%}; there is no steady state, and lead times grow with the horizon"]


def after(metrics: Mapping[str, Estimate], unit: str) -> list[str]:
    """What the runs of a variant say."""
    return [*_growing(metrics, unit), *_unfinished(metrics, unit), *_nothing(metrics)]


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


def _nothing(metrics: Mapping[str, Estimate]) -> list[str]:
    lead = metrics["lead_time.mean"]
    return ["nothing was delivered in the measured time"] if lead.mean is None else []
