"""The compiled engine: Numba, written to be fast. Flat arrays, whole numbers, no allocation while it runs.

Importing this imports nothing heavy; Numba comes with the first play.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from vssim.engines.compiled.cache import is_compiled
from vssim.errors import RunError

if TYPE_CHECKING:
    from vssim.workload.program import Program, Trace

__all__ = ["can_play", "is_compiled", "is_loaded", "is_plain", "play"]

LOG = logging.getLogger("vssim.engines")


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    from vssim.engines.compiled.player import play as played

    return played(program)


def can_play() -> bool:
    """Have the kernel ready, compiled if need be; False, and said on the log `vssim.engines`, where it cannot be made."""
    from vssim.engines.compiled.player import prepare

    try:
        prepare()
    except RunError as error:
        LOG.warning("%s; the other engine plays instead: the same answer, later", error)
        return False
    return True


def is_loaded() -> bool:
    """True when the kernel has been played in this process, so that another run costs nothing but itself."""
    module = sys.modules.get("vssim.engines.compiled.player")
    ready = getattr(module, "has_played", None)  # None while another thread is still loading it
    return ready is not None and bool(ready())


def is_plain() -> bool:
    """True when Numba is told not to compile, so that the kernel would run as plain Python."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
