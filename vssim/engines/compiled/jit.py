"""How the kernel is compiled: by Numba, without holding Python's lock, kept on disk between runs.

Compiled code is kept in the user's cache folder (Numba's own setting NUMBA_CACHE_DIR, where it is given), under a name made of
all the kernel's sources: an installation may be read-only, and a change in one module is never missed by another.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

DISABLED = bool(numba.config.DISABLE_JIT)
"""True when the kernel runs as plain Python (NUMBA_DISABLE_JIT=1)."""


def kernel(function: F) -> F:
    """A part of the kernel, compiled once into what calls it."""
    part: Any = numba.njit(nogil=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    if not DISABLED:
        template = part.get_call_template
        part.get_call_template = lambda args, kws: template([numba.types.unliteral(argument) for argument in args], kws)
    return cast(F, part)


inner = kernel


def entrance(function: F) -> F:
    """The kernel's entrance: compiled with all its parts, once, and kept on disk."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder())
    try:
        compiled: F = numba.njit(nogil=True, error_model="numpy", _nrt=False, cache=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return compiled


def cache_folder() -> Path:
    """Where compiled code is kept; made if need be."""
    name = f"kernel-{_fingerprint()}"
    for base in _bases():
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="vssim-"))


def _bases() -> list[Path]:
    if numba.config.CACHE_DIR:
        return [Path(numba.config.CACHE_DIR) / "vssim"]
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [base / "vssim", Path(tempfile.gettempdir()) / f"vssim-cache-{getattr(os, 'getuid', int)()}"]


def _fingerprint() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    text = b"".join(source.read_bytes() for source in sources)
    text += f"{numba.__version__} {sys.version}".encode()
    return blake2b(text, digest_size=8).hexdigest()
