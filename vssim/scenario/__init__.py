"""Scenarios: files in a language that a coach can read aloud, read and checked, every fault with its line.

`load` reads a file, or a scenario of the library by its name; `loads` reads a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vssim.scenario.checking import checked
from vssim.scenario.documents import locate, read, read_file, with_settings
from vssim.scenario.schema import Bound, Claim, RunSettings, Scenario, Source

__all__ = ["Bound", "Claim", "RunSettings", "Scenario", "Source", "load", "loads"]


def load(scenario: str | Path, settings: Sequence[tuple[str, Any]] = ()) -> Scenario:
    """The scenario in a file, or of the library by its name, with `settings` (path, value) put in place before it is checked.

    A value that is a text means what it would mean in the file. Raises ScenarioError with every fault.
    """
    return checked(with_settings(read_file(locate(str(scenario))), settings))


def loads(text: str, settings: Sequence[tuple[str, Any]] = (), name: str = "<text>") -> Scenario:
    """The scenario that a text describes; `name` stands for the file in faults, and files it names are relative to here."""
    return checked(with_settings(read(text, name, Path()), settings))
