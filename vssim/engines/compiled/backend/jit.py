"""How the kernel is compiled: by Numba, into object code of its own, or by Numba's public way, by the tier that is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from vssim.engines.compiled.backend.tiers import Tier, tier

F = TypeVar("F", bound=Callable[..., Any])

DISABLED = tier() is Tier.PLAIN
"""True when the kernel runs as plain Python (NUMBA_DISABLE_JIT=1)."""


def kernel(function: F, **settings: Any) -> F:
    """A part of the kernel."""
    if tier() is Tier.PLAIN:
        return function
    if tier() is Tier.STRUCTS:
        from vssim.engines.compiled.backend.structs import part as public_part

        return cast("F", public_part(function, **settings))
    from vssim.engines.compiled.backend.linking import part

    return cast("F", part(function, **settings))


def hot(function: F) -> F:
    """A part of the kernel that is taken often, compiled into each of those that call it."""
    return kernel(function, forceinline=True)


def entrance(function: F) -> F:
    """The kernel's entrance, which takes one number and returns none; only the first tier has one."""
    if tier() is not Tier.ARENA:
        return function
    from vssim.engines.compiled.backend.linking import whole

    return cast("F", whole(function))


def machine_code(entrance: Any) -> tuple[str, bytes]:
    """Compile the entrance with all its parts: its name there, and the object code. LookupError where the tier has none."""
    if tier() is not Tier.ARENA:
        raise LookupError("there is no code to keep: the fast engine plays by its second way here")
    from vssim.engines.compiled.backend.linking import machine_code as code_of

    return code_of(entrance)
