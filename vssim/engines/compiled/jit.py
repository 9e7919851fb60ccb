"""How the kernel is compiled: by Numba, without holding Python's lock, with no references counted, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from vssim.engines.compiled import cache

F = TypeVar("F", bound=Callable[..., Any])

DISABLED = bool(numba.config.DISABLE_JIT)
"""True when the kernel runs as plain Python (NUMBA_DISABLE_JIT=1)."""

_SETTINGS = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Without the GIL; whole-number division without asking for 0; without reference counts, since nothing is allocated."""


def kernel(function: F, **settings: Any) -> F:
    """A part of the kernel, compiled once (constants are numbers like any others) into what calls it."""
    if DISABLED:
        return function
    from vssim.engines.compiled.linking import Part

    options = {**_SETTINGS, **settings}
    part: Any = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Part, **options)(function)
    template = part.get_call_template
    part.get_call_template = lambda args, kws: template([numba.types.unliteral(argument) for argument in args], kws)
    return cast("F", part)


def hot(function: F) -> F:
    """A part of the kernel that is taken often, compiled into each of those that call it."""
    return kernel(function, forceinline=True)


def entrance(function: F) -> F:
    """The kernel's entrance: compiled with all its parts, and kept on disk."""
    if DISABLED:
        return function
    from vssim.engines.compiled.linking import Whole

    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache.folder())
    try:
        return cast("F", numba.njit(cache=True, pipeline_class=Whole, **_SETTINGS)(function))
    finally:
        numba.config.CACHE_DIR = before
