"""The narrow door of vssim, which plays what would happen if work were organised differently.

Everything behind it is imported when it is first used, so that `import vssim` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vssim.analysis.compare import Comparison, compare
    from vssim.analysis.run import Run, simulate
    from vssim.errors import Fault, MissingExtra, RunError, ScenarioError, UsageError, VssimError
    from vssim.scenario import Scenario, load, loads
    from vssim.views import figures

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Fault",
    "MissingExtra",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "UsageError",
    "VssimError",
    "__version__",
    "compare",
    "figures",
    "load",
    "loads",
    "simulate",
]

_ROOMS = {
    "vssim.analysis.compare": ("Comparison", "compare"),
    "vssim.analysis.run": ("Run", "simulate"),
    "vssim.errors": ("Fault", "MissingExtra", "RunError", "ScenarioError", "UsageError", "VssimError"),
    "vssim.scenario": ("Scenario", "load", "loads"),
}
"""Which module each public name comes from."""


def __getattr__(name: str) -> Any:
    if name == "figures":
        found = globals()[name] = import_module("vssim.views.figures")
        return found
    for room, names in _ROOMS.items():
        if name in names:
            found = globals()[name] = getattr(import_module(room), name)
            return found
    raise AttributeError(f"module 'vssim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
