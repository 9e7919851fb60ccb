"""Scenarios: files in a language that a coach can read aloud, read and checked, every fault with its line.

`load` reads a file, or a scenario of the library by its name; `loads` reads a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vssim.model.changes import reached
from vssim.scenario.checking import checked, planned
from vssim.scenario.documents import Document, locate, read, read_file, with_settings
from vssim.scenario.positions import Place
from vssim.scenario.schema import Bound, Claim, Round, RunSettings, Scenario, Source

__all__ = ["Bound", "Claim", "Round", "RunSettings", "Scenario", "Source", "load", "loads", "moved", "planned", "varied"]


def load(scenario: str | Path, settings: Sequence[tuple[str, Any]] = ()) -> Scenario:
    """The scenario in a file, or of the library by its name, with `settings` (path, value) put in place before it is checked.

    A value that is a text means what it would mean in the file. Raises ScenarioError with every fault.
    """
    return checked(with_settings(read_file(locate(str(scenario))), settings))


def loads(text: str, settings: Sequence[tuple[str, Any]] = (), name: str = "<text>") -> Scenario:
    """The scenario that a text describes; `name` stands for the file in faults, and files it names are relative to here."""
    return checked(with_settings(read(text, name, Path()), settings))


def varied(scenario: Scenario, settings: Sequence[tuple[str, Any]], change: str | None, option: str) -> Scenario:
    """The organisation of `scenario` and one of its changes, with `settings` put in place and checked; None is the baseline.

    What is of no use to its runs (other changes, claims, what is told) is left out. Faults are put down to `option`.
    """
    content = {name: value for name, value in scenario.document().items() if name not in _TOLD}
    needed = reached(scenario.changes, change)
    content["changes"] = {name: value for name, value in content.get("changes", {}).items() if name in needed}
    document = Document(content, {(): Place(scenario.name, (0, 0), (0, 0))})
    return checked(with_settings(document, settings, option))


def moved(scenario: Scenario, settings: Sequence[tuple[str, Any]], option: str, changes: Sequence[str | None]) -> Scenario:
    """What `scenario` says of some `changes` and what they include, with `settings` put in place and checked.

    Claims, rounds and sliders are left out: they are about the whole file. Faults are put down to `option`.
    """
    content = {name: value for name, value in scenario.document().items() if name not in ("claims", "rounds", "sliders")}
    needed = {name for change in changes for name in reached(scenario.changes, change)}
    content["changes"] = {name: value for name, value in content.get("changes", {}).items() if name in needed}
    return checked(with_settings(Document(content, {(): Place(scenario.name, (0, 0), (0, 0))}), settings, option))


_TOLD = ("question", "lesson", "sources", "claims", "sliders", "rounds", "notes")
"""What a scenario says beside its organisation and its changes."""
