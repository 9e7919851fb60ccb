"""A scenario in one world: the same file with known figures in place of unknown ones. Only what they touch is read anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.model import paths
from vssim.model.beliefs import written_date
from vssim.model.changes import Change
from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.model.steps import Step
from vssim.model.teams import Team
from vssim.scenario.moments import NoMoment, dated
from vssim.scenario.schema import Scenario, with_parts

_ENTRIES: Mapping[str, Any] = {"demand": ItemType, "steps": Step, "teams": Team, "changes": Change}
"""Sections of named entries, and what each entry is."""


def replaced(scenario: Scenario, settings: Mapping[str, Any], content: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario with other values at paths of its document (`content`, where it is at hand), all of it known.

    What the values do not touch is not read again, so that many worlds cost little. Dates meet the scenario's calendar. Raises
    pydantic's ValidationError, PathFault.
    """
    before = scenario.document() if content is None else content
    after: Mapping[str, Any] = before
    for path, value in settings.items():
        try:
            after = paths.put(after, path, dated(value, path, scenario.dates))
        except NoMoment as fault:
            raise paths.PathFault(path, fault.expected) from None
    parts: dict[str, Any] = {"uncertain": None}
    for section in after:
        if after[section] is before.get(section) or section == "uncertain":
            continue
        if section in _ENTRIES:
            old, new, kind = before.get(section, {}), after[section], _ENTRIES[section]
            same = getattr(scenario, section)
            parts[section] = {
                name: same[name] if new[name] is old.get(name) else kind.model_validate(new[name], by_alias=True, by_name=False)
                for name in new
            }
        else:
            empty: dict[str, Any] = {"demand": {}, "steps": {}, "teams": {}}
            alone = Model.model_validate(empty | {section: after[section]}, by_alias=True, by_name=False)
            parts[section] = getattr(alone, section)
    return with_parts(scenario, **parts)


def moment_of(scenario: Scenario, fact: str, value: float) -> float:
    """A value of a fact as a number that means something: of a date, which a fact counts in days, its moment [units of time]."""
    if scenario.uncertain is None or not scenario.uncertain.is_date(fact):
        return value
    return float(dated(written_date(value), scenario.uncertain.of_fact(fact)[0], scenario.dates).dated)


def comes_into_force(scenario: Scenario, change: str | None) -> float | None:
    """When a change comes into force [units of time], at the earliest that is thought possible; None for one from the start.

    Both sides are measured from then on, so that what it does is seen from its beginning in every world.
    """
    if change is None:
        return None
    beliefs = () if scenario.uncertain is None else scenario.uncertain.beliefs
    about = [each for each in beliefs if each.path.startswith((f"changes.{change}.from", f"changes.{change}.includes."))]
    known = replaced(scenario, {each.path: each.put([part.low for part in each.ranges]) for each in about}) if about else scenario
    return known.changes[change].begins
