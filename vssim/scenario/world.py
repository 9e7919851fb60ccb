"""A scenario in one world: the same file with known figures in place of unknown ones. Only what they touch is read anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.model import paths
from vssim.model.changes import Change
from vssim.model.demand import ItemType
from vssim.model.model import Model
from vssim.model.steps import Step
from vssim.model.teams import Team
from vssim.scenario.schema import Scenario, with_parts

_ENTRIES: Mapping[str, Any] = {"demand": ItemType, "steps": Step, "teams": Team, "changes": Change}
"""Sections of named entries, and what each entry is."""


def replaced(scenario: Scenario, settings: Mapping[str, Any], content: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario with other values at paths of its document (`content`, where it is at hand), all of it known.

    What the values do not touch is not read again, so that many worlds cost little. Raises pydantic's ValidationError, PathFault.
    """
    before = scenario.document() if content is None else content
    after: Mapping[str, Any] = before
    for path, value in settings.items():
        after = paths.put(after, path, value)
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
