"""Levers: lean changes as pure functions from model to model, one module per theme, and the type that reads them from a file.

The classes are imported when they are first asked for; what a list tells of them (`vssim.model.levers.shelves`) takes none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vssim.model.levers.base import Lever
    from vssim.model.levers.registry import LEVERS, LeverField

__all__ = ["LEVERS", "Lever", "LeverField"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        module = "base" if name == "Lever" else "registry"
        attribute = globals()[name] = getattr(import_module(f"vssim.model.levers.{module}"), name)
        return attribute
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
