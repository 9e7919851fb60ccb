"""How the kernel is compiled: by Numba, with no references counted, into object code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from vssim.engines.compiled.backend.plain import is_plain

F = TypeVar("F", bound=Callable[..., Any])

DISABLED = is_plain()
"""True when the kernel runs as plain Python (NUMBA_DISABLE_JIT=1)."""

_SETTINGS = {"error_model": "numpy", "_nrt": False}
"""Whole-number division without asking for 0; without reference counts, since nothing is allocated."""


def kernel(function: F, **settings: Any) -> F:
    """A part of the kernel, compiled once (constants are numbers like any others) into what calls it."""
    if DISABLED:
        return function
    from vssim.engines.compiled.backend.linking import Part

    options = {**_SETTINGS, **settings}
    part: Any = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Part, **options)(function)
    template = part.get_call_template
    part.get_call_template = lambda args, kws: template([numba.types.unliteral(argument) for argument in args], kws)
    return cast("F", part)


def hot(function: F) -> F:
    """A part of the kernel that is taken often, compiled into each of those that call it."""
    return kernel(function, forceinline=True)


def entrance(function: F) -> F:
    """The kernel's entrance, which takes one number and returns none."""
    if DISABLED:
        return function
    from vssim.engines.compiled.backend.linking import Whole

    return cast("F", numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=Whole, **_SETTINGS)(function))


def machine_code(entrance: Any) -> tuple[str, bytes]:
    """Compile the entrance with all its parts: its name there, and the object code."""
    entrance.compile((numba.types.int64,))
    (result,) = entrance.overloads.values()
    return result.fndesc.llvm_func_name, result.library.machine_code
