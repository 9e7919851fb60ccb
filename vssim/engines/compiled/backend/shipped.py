"""The kernel that comes with vssim: compiled when it was installed, for any processor of this machine's kind.

So nobody waits for the first run. It fits exactly the sources it was made of, on the system it was made for: its name says both.
Where it does not fit (a source was edited, a wheel was built elsewhere) the kernel is compiled here, and kept.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from vssim.engines.compiled.backend import cache
from vssim.engines.compiled.backend.plain import is_checked

FOLDER = Path(__file__).parents[1] / "shipped"


def file(folder: Path | None = None) -> Path:
    """Where the kernel is that fits these sources and this system, if there is one."""
    bits = 64 if sys.maxsize > 2**32 else 32
    return (folder or FOLDER) / f"{cache.of_sources()}-{sys.platform}-{platform.machine().lower()}-{bits}.nbc"


def is_there() -> bool:
    """True when a kernel that fits came with vssim."""
    return not is_checked() and file().is_file()


def kept() -> tuple[str, bytes] | None:
    """The entrance's name and the code; None where none fits, or where not all of it is there."""
    return None if is_checked() else cache.read(file())
