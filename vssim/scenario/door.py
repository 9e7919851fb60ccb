"""The door of `vssim.scenario`: a file, a text, a mapping or a scenario with other values becomes a checked scenario."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vssim.errors import UsageError
from vssim.model.beliefs import Uncertain
from vssim.model.changes import reached
from vssim.scenario.checking import checked, planned
from vssim.scenario.documents import Document, locate, read, read_file, read_mapping, with_settings
from vssim.scenario.lengths import measured_from
from vssim.scenario.mappings import pairs
from vssim.scenario.opening import DOOR
from vssim.scenario.origins import Source
from vssim.scenario.positions import Place
from vssim.scenario.schema import Bound, Claim, Round, RunSettings, Scenario, with_parts
from vssim.scenario.uncertain import EACH
from vssim.scenario.world import comes_into_force, moment_of, replaced

__all__ = [
    "EACH",
    "Bound",
    "Claim",
    "Round",
    "RunSettings",
    "Scenario",
    "Source",
    "comes_into_force",
    "load",
    "loads",
    "measured_from",
    "moment_of",
    "moved",
    "planned",
    "replaced",
    "varied",
    "with_parts",
]


def load(scenario: str | Path, settings: Mapping[str, Any] | Sequence[tuple[str, Any]] = ()) -> Scenario:
    """The scenario in a file, or of the library by its name, with `settings` (path: value) put in place before it is checked.

    A value that is a text means what it would mean in the file; None takes out what is there. Raises ScenarioError with every
    fault.
    """
    if not isinstance(scenario, str | os.PathLike):
        raise UsageError(f"got {scenario!r}, expected a file or the name of a scenario; vssim.loads takes a text or a mapping")
    return checked(with_settings(read_file(locate(str(scenario))), pairs(settings)))


def loads(
    text: str | Mapping[str, Any], settings: Mapping[str, Any] | Sequence[tuple[str, Any]] = (), name: str | None = None
) -> Scenario:
    """The scenario that a text or a mapping describes, with `settings` as in `load`.

    `name` stands for the file in faults, and files it names are relative to here. Raises ScenarioError with every fault.
    """
    here = Path()
    document = read(text, name or "<text>", here) if isinstance(text, str) else read_mapping(text, name or "<mapping>", here)
    return checked(with_settings(document, pairs(settings)))


def _of(mapping: Any) -> Scenario:
    return loads(mapping)


def _with(scenario: Scenario, settings: Any) -> Scenario:
    """As `scenario`, with settings put in place and checked."""
    place = Place(f"<{scenario.name}>", (0, 0), (0, 0))
    content = scenario.document()
    if scenario.uncertain is not None and scenario.uncertain.members is not None:
        content["uncertain"] = scenario.uncertain  # its file is relative to a folder that nobody remembers
    return checked(with_settings(Document(content, {(): place}), pairs(settings), place.file))


DOOR.of, DOOR.altered = _of, _with


def varied(scenario: Scenario, settings: Sequence[tuple[str, Any]], change: str | None, option: str) -> Scenario:
    """The organisation of `scenario` and one change (None: the baseline), with `settings` put in place and checked.

    Everything that its runs do not need is left out (other changes, claims, texts). Faults are put down to `option`.
    """
    content = {name: value for name, value in scenario.document().items() if name not in _TOLD}
    needed = reached(scenario.changes, change)
    content["changes"] = {name: value for name, value in content.get("changes", {}).items() if name in needed}
    if scenario.uncertain is not None:
        content["uncertain"] = _of_changes(scenario.uncertain, needed)
    document = Document(content, {(): Place(scenario.name, (0, 0), (0, 0))})
    return checked(with_settings(document, settings, option))


def _of_changes(uncertain: Uncertain, names: Collection[str]) -> Any:
    """The text of `uncertain` without beliefs about changes other than these; all worlds stay the same."""
    if uncertain.members is not None:
        gone = {path for path in uncertain.members.paths if path.startswith("changes.") and path.split(".")[1] not in names}
        return uncertain.without(gone)
    kept = [belief for belief in uncertain.beliefs if not belief.path.startswith("changes.") or belief.path.split(".")[1] in names]
    facts = {fact for belief in kept for fact in belief.facts}
    together = [each for each in uncertain.correlated if facts.issuperset(each.figures)]
    return replace(uncertain, beliefs=tuple(kept), correlated=tuple(together)).document()


def moved(scenario: Scenario, settings: Sequence[tuple[str, Any]], option: str, changes: Sequence[str | None]) -> Scenario:
    """The scenario with `settings` put in place, reduced to some `changes` and what they include; checked.

    Claims, rounds and sliders are left out: they are about the whole file. Faults are put down to `option`.
    """
    content = {name: value for name, value in scenario.document().items() if name not in ("claims", "rounds", "sliders", "room")}
    needed = {name for change in changes for name in reached(scenario.changes, change)}
    content["changes"] = {name: value for name, value in content.get("changes", {}).items() if name in needed}
    if scenario.uncertain is not None:
        content["uncertain"] = _of_changes(scenario.uncertain, needed)
    return checked(with_settings(Document(content, {(): Place(scenario.name, (0, 0), (0, 0))}), settings, option))


_TOLD = ("question", "lesson", "sources", "claims", "sliders", "rounds", "room", "notes")
"""Sections of a scenario that are neither its organisation nor its changes."""
