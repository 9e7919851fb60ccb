"""The way from the schema to the functions that make checked scenarios, which stand above the schema and import it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass
class Door:
    """The functions that make and alter a scenario with all checks."""

    of: Callable[[Any], Any]
    """the scenario in a mapping"""
    altered: Callable[[Any, Any], Any]
    """a scenario with settings put in place"""


def _not_yet(kind: str) -> Callable[..., Any]:
    def opened(*given: Any) -> Any:
        # A scenario that was unpickled knows the schema alone; the module that fills the door in is above it, so it is only named.
        import_module("vssim.scenario.door")
        return getattr(DOOR, kind)(*given)

    return opened


DOOR = Door(_not_yet("of"), _not_yet("altered"))
"""Filled in by `vssim.scenario.door`."""
