"""Scenarios: files in a language that a coach can read aloud, read and checked, every fault with its line.

`load` reads a file, or a scenario of the library by its name; `loads` reads a text. The modules that read and check are imported
at the first use, so that the library can be listed without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vssim.scenario.door import (
        EACH,
        Bound,
        Claim,
        Round,
        RunSettings,
        Scenario,
        Source,
        comes_into_force,
        load,
        loads,
        measured_from,
        moment_of,
        moved,
        planned,
        replaced,
        varied,
        with_parts,
    )

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


def __getattr__(name: str) -> Any:
    if name in __all__:
        attribute = globals()[name] = getattr(import_module("vssim.scenario.door"), name)
        return attribute
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
