"""Where compiled code is kept between runs, and whether it is there. Knows nothing of how it is made.

It is the user's cache folder (or NUMBA_CACHE_DIR, where that is set), since an installation may be read-only; and in it a
folder named after all the kernel's sources, so that a change in one module is never missed by another.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

KEPT = 8
"""Kernels of so many versions are kept."""


def is_compiled() -> bool:
    """True when the kernel was compiled before, here, as it is now."""
    return any(any((base / _name()).rglob("*.nbc")) for base in _bases())


def folder() -> Path:
    """The folder for compiled code, made if need be; one that does not last where nothing else can be written."""
    for base in _bases():
        try:
            (base / _name()).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(base / _name(), os.W_OK):
            _forget_old_ones(base)
            return base / _name()
    return Path(tempfile.mkdtemp(prefix="vssim-"))


def _forget_old_ones(base: Path) -> None:
    """Leave the kernels that were used last, this one among them.

    Whoever loads one that goes away at this moment compiles it again; so several are left, for installations side by side.
    """
    with contextlib.suppress(OSError):
        os.utime(base / _name())
        kernels = sorted(base.glob("kernel-*"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in kernels[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _bases() -> list[Path]:
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return [Path(given) / "vssim"]
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [base / "vssim"]


@cache
def _name() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    marks = f"{version('numba')} {sys.version}".encode()
    return "kernel-" + blake2b(b"".join(source.read_bytes() for source in sources) + marks, digest_size=8).hexdigest()
