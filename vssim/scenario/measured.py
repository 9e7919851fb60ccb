"""What is measured: a metric that a file names must exist in every variant that it is claimed or shown of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vssim.catalogue import CATALOGUE, closest, is_known, is_metric, is_moment, is_money
from vssim.errors import nearest
from vssim.model.changes import Plan
from vssim.model.faults import ModelFault
from vssim.scenario.schema import Claim

Path_ = tuple[Any, ...]

A_METRIC = "a metric; `vssim reference` tells them all"


def unmeasured(metric: str, path: Path_, types: Mapping[str, Any], plans: Sequence[Plan]) -> Iterator[ModelFault]:
    """What is wrong with a metric that stands at `path`: its item type, or a step or team that not all of `plans` have.

    With no plans (they cannot be made) only the item type is looked at, and whether any scenario could have such a metric.
    """
    name, _, item_type = metric.partition("@")
    if item_type and item_type not in types:
        yield ModelFault(path, metric, f"an item type after the @: {', '.join(types)}", nearest(item_type, types))
    if not is_metric(name):
        yield ModelFault(path, metric, A_METRIC, closest(name, (), ()))
        return
    if not plans:
        return
    steps = _in_all([[step for phase in plan.phases for step in phase.model.steps] for plan in plans])
    teams = _in_all([[team for phase in plan.phases for team in phase.model.teams] for plan in plans])
    clocks = [clock for clock, _ in plans[0].terms.clocks]
    if is_money(name) and plans[0].terms.money is None:
        yield ModelFault(path, metric, "a currency in the file, since this metric is money")
    if not is_known(name, steps, teams, clocks):
        there = {"steps": f" (steps: {', '.join(steps) or 'none'})", "utilisation": f" (teams: {', '.join(teams) or 'none'})"}
        expected = f"a metric of all variants it speaks of{there.get(name.partition('.')[0], '')}; `vssim reference` tells them all"
        yield ModelFault(path, metric, expected, closest(name, steps, teams, clocks))


def timeless(claim: Claim, path: Path_) -> Iterator[ModelFault]:
    """The dates that a claim at `path` states for a metric that has none."""
    if not is_metric(claim.metric.partition("@")[0]) or is_moment(claim.metric):
        return
    moments = ", ".join(name for name in CATALOGUE if is_moment(name))
    for name, bound in claim.bounds.items():
        if bound.dated is not None:
            yield ModelFault((*path, name), bound.document(), f"a share or a number: a date is claimed of a moment ({moments})")


def immeasurable(content: Mapping[str, Any]) -> Iterator[ModelFault]:
    """The metrics of the headline, in claims and rounds that no scenario has, where too little can be read to say more of them."""
    headline = content.get("headline")
    if isinstance(headline, str) and not is_metric(headline.partition("@")[0]):
        yield ModelFault(("headline",), headline, A_METRIC, closest(headline, (), ()))
    for section, key in (("claims", "metric"), ("rounds", "reveal")):
        entries = content.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            named = entry.get(key) if isinstance(entry, Mapping) else None
            for place, metric in enumerate(named if isinstance(named, list) else [named]):
                if isinstance(metric, str) and not is_metric(metric.partition("@")[0]):
                    path = (section, index, key, *((place,) if isinstance(named, list) else ()))
                    yield ModelFault(path, metric, A_METRIC, closest(metric, (), ()))


def _in_all(sides: Sequence[Sequence[str]]) -> list[str]:
    """The names that are on every side, each once."""
    return [name for name in dict.fromkeys(sides[0]) if all(name in side for side in sides)]
