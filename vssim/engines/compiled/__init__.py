"""The compiled engine: Numba, written to be fast. Flat arrays, whole numbers, no allocation while it runs.

Importing this imports nothing heavy; Numba comes with the first play.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from vssim.engines.compiled.backend import cache, shipped
from vssim.engines.compiled.backend.plain import is_plain
from vssim.errors import RunError

if TYPE_CHECKING:
    from vssim.workload.program import Program
    from vssim.workload.trace import Trace
    from vssim.workload.under_way import UnderWay

__all__ = ["can_play", "is_compiled", "is_loaded", "is_plain", "play", "stopped"]

LOG = logging.getLogger("vssim.engines")


def is_compiled() -> bool:
    """True when the kernel need not be compiled: it came with vssim, or was compiled before, here, as it is now."""
    return shipped.is_there() or cache.is_compiled()


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    from vssim.engines.compiled.player import play as played

    return played(program)


def stopped(program: Program) -> UnderWay:
    """What is under way at the last tick of a run that ends at the program's horizon."""
    from vssim.engines.compiled.player import stopped as stopped_there

    return stopped_there(program)


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
