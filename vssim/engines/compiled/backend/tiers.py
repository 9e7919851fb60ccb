"""Which way the kernel is compiled: by the arena, which stands on Numba's insides, or by structures that Numba offers to all.

Decided once a process, before any part of the kernel is imported, since every part is decorated as it is imported.
"""

from __future__ import annotations

import logging
from enum import Enum
from functools import cache
from importlib.metadata import version

from vssim.engines.compiled.backend.plain import is_plain

LOG = logging.getLogger("vssim.engines")

TRIED = {"numba": ((0, 61), (0, 69)), "llvmlite": ((0, 44), (0, 51))}
"""Versions for which the first tier is tested: from one on, below the other; pyproject.toml says the same."""


class Tier(Enum):
    """A way to play on Numba."""

    PLAIN = "uncompiled, as plain Python"
    ARENA = "one block of memory by its addresses: the fast one"
    STRUCTS = "public structures of arrays: some six times slower, and some forty times faster than the reference engine"


@cache
def tier() -> Tier:
    """The way that is taken here. Says so on the log `vssim.engines` where it is the second one."""
    if is_plain():
        return Tier.PLAIN
    reason = _untried() or _fails()
    if reason is None:
        return Tier.ARENA
    LOG.warning("%s: the fast engine plays by its second way, the same answer, some six times slower", reason)
    return Tier.STRUCTS


def _untried() -> str | None:
    """A library of a version that nobody has tried the first tier with."""
    for name, (least, below) in TRIED.items():
        is_there = version(name)
        major, minor = (int(part) for part in is_there.split(".")[:2])
        if not least <= (major, minor) < below:
            return f"{name} {is_there} is not one that the fast engine was tried with"
    return None


def _fails() -> str | None:
    """Why a kernel of a few lines cannot be compiled by way of the arena; None where it can, and gives what it should."""
    # Without this try a change of Numba's insides would show only after the parts of the kernel are decorated for the arena,
    # and then nothing but the reference engine would be left.
    try:
        from vssim.engines.compiled.backend.trial import succeeds

        return None if succeeds() else "Numba compiles something else here than it should"
    except Exception as error:  # whatever it is, there is another way
        return f"{type(error).__name__}: {error}".splitlines()[0]
