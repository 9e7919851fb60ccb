"""The special functions of SciPy that vssim uses: quantiles and distribution functions, each a NumPy ufunc.

Importing `scipy.special` also imports its support of other array libraries, and even NumPy's translator of Fortran: two thirds of
the time that a small comparison takes to start. The functions are in one compiled module of it, which is imported alone.
"""

from __future__ import annotations

import sys
import threading
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

_PACKAGE = "scipy.special"
_FUNCTIONS = ("betaincinv", "chdtrc", "gammaincinv", "nctdtrinc", "ndtr", "ndtri", "stdtrit")

_LOOKING = threading.Lock()


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        attribute = globals()[name] = getattr(_home(), name)
        return attribute
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _home() -> ModuleType:
    """The module that has the functions: the compiled one alone, or scipy.special where that is imported already or needed."""
    with _LOOKING:
        if _PACKAGE in sys.modules:
            return sys.modules[_PACKAGE]
        try:
            home = _alone()
        except Exception:  # SciPy's insides may change; the door is the same
            home = None
        if home is None or any(not hasattr(home, name) for name in _FUNCTIONS):
            return import_module(_PACKAGE)
        return home


def _alone() -> ModuleType:
    # A module is imported after the package that it is in, so for a moment there is a package by that name that is nothing but
    # its folder. It has to go again whatever happens: the next `import scipy.special` would find an empty one.
    import scipy

    package = ModuleType(_PACKAGE)
    package.__path__ = [f"{folder}/special" for folder in scipy.__path__]
    sys.modules[_PACKAGE] = package
    try:
        return import_module(f"{_PACKAGE}._ufuncs")
    finally:
        del sys.modules[_PACKAGE]
