"""The narrow door of vssim, which plays what would happen if work were organised differently.

Everything behind it is imported when it is first used, so that `import vssim` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vssim.version import __version__

if TYPE_CHECKING:
    from vssim.analysis.compare.compare import Comparison, compare
    from vssim.analysis.explain.explain import Explanation, explain
    from vssim.analysis.sweep.run import Sweep, sweep
    from vssim.analysis.sweep.search import Search, optimise
    from vssim.catalogue import OwnMetric
    from vssim.errors import Fault, MissingExtra, RunError, ScenarioError, UsageError, VssimError
    from vssim.forecasts.door import forecast
    from vssim.forecasts.forecast import Forecast
    from vssim.learning.door import learn
    from vssim.learning.learned import Learned
    from vssim.model.levers import Lever
    from vssim.play.run import Run, simulate
    from vssim.scenario import Scenario, load, loads
    from vssim.statistics import compare_pairs
    from vssim.tracker.board import Board, read
    from vssim.views import figures

__all__ = [
    "Board",
    "Comparison",
    "Explanation",
    "Fault",
    "Forecast",
    "Learned",
    "Lever",
    "MissingExtra",
    "OwnMetric",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Search",
    "Sweep",
    "UsageError",
    "VssimError",
    "__version__",
    "compare",
    "compare_pairs",
    "explain",
    "figures",
    "forecast",
    "learn",
    "load",
    "loads",
    "optimise",
    "read",
    "simulate",
    "sweep",
]

_HOMES = {
    "vssim.catalogue": ("OwnMetric",),
    "vssim.model.levers": ("Lever",),
    "vssim.analysis.compare.compare": ("Comparison", "compare"),
    "vssim.analysis.explain.explain": ("Explanation", "explain"),
    "vssim.forecasts.door": ("forecast",),
    "vssim.forecasts.forecast": ("Forecast",),
    "vssim.learning.door": ("learn",),
    "vssim.learning.learned": ("Learned",),
    "vssim.play.run": ("Run", "simulate"),
    "vssim.analysis.sweep.run": ("Sweep", "sweep"),
    "vssim.analysis.sweep.search": ("Search", "optimise"),
    "vssim.errors": ("Fault", "MissingExtra", "RunError", "ScenarioError", "UsageError", "VssimError"),
    "vssim.scenario": ("Scenario", "load", "loads"),
    "vssim.statistics": ("compare_pairs",),
    "vssim.tracker.board": ("Board", "read"),
}
"""Which module each public name comes from."""


def __getattr__(name: str) -> Any:
    if name == "figures":
        attribute = globals()[name] = import_module("vssim.views.figures")
        return attribute
    for module, names in _HOMES.items():
        if name in names:
            attribute = globals()[name] = getattr(import_module(module), name)
            return attribute
    raise AttributeError(f"module 'vssim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
