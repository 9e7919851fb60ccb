"""Whether Numba compiles at all, and whether it compiles checks."""

from __future__ import annotations

import os


def is_plain() -> bool:
    """True when Numba is told not to compile, so that the kernel would run as plain Python."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def is_checked() -> bool:
    """True when every index is to be compared with the length of its array (VSSIM_CHECK=1): slower, and never silently wrong."""
    return os.environ.get("VSSIM_CHECK", "0") not in ("", "0")
