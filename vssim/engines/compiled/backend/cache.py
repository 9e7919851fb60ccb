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

from vssim.engines.compiled.backend.plain import is_checked

KEPT = 8
"""Kernels of so many versions are kept.

One would make two installations side by side (two branches, an old and a new release) compile again at every turn, each
throwing the other's away; without a number every edit of a source would leave half a megabyte for ever.
"""


BESIDE = ("clock.py", "log.py", "workload/program.py", "workload/rules.py", "workload/under_way.py")
"""Files of the package whose numbers and tables the kernel is compiled with, beside its own."""


def is_compiled() -> bool:
    """True when the kernel was compiled here before, from the sources as they are."""
    return any(any((base / _name()).rglob("*.nbc")) for base in _bases())


def read(file: Path) -> tuple[str, bytes] | None:
    """The entrance's name and the code in a file; None where the file is missing or not whole."""
    try:
        name, check, code = file.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    return (name.decode(), code) if _check(name + code) == check else None


def write(file: Path, name: str, code: bytes) -> None:
    """Keep the code in a file, all of it or nothing. Raises OSError."""
    descriptor, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(b"\n".join([name.encode(), _check(name.encode() + code), code]))
    Path(draft).chmod(0o644)  # whoever installs is not always who plays
    Path(draft).replace(file)


def _check(code: bytes) -> bytes:
    return blake2b(code, digest_size=16).hexdigest().encode()


def folder() -> Path:
    """The folder for compiled code, made if need be; a temporary one where nothing else can be written."""
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
        kernels = sorted(base.glob("kernel-*"), key=lambda kernel: kernel.stat().st_mtime, reverse=True)
        for old in kernels[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _bases() -> list[Path]:
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return [Path(given) / "vssim"]
    try:
        return [_of_user() / "vssim"]
    except RuntimeError:  # nobody's home: a container without HOME whose user has no entry
        return []


def _of_user() -> Path:
    """The user's folder for what can be made again. RuntimeError where there is no user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@cache
def of_sources() -> str:
    """A name for the kernel's sources as they are now: a hash of its own files and of `BESIDE`."""
    package = Path(__file__).parents[3]
    sources = [*sorted(Path(__file__).parents[1].rglob("*.py")), *(package / name for name in BESIDE)]
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()


@cache
def _name() -> str:
    marks = f"{of_sources()} {version('numba')} {sys.version} {is_checked()}"
    return "kernel-" + blake2b(marks.encode(), digest_size=8).hexdigest()
