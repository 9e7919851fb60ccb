"""Machine code of compiled passes: kept beside the kernel's, loaded by LLVM alone, made where it is not there yet.

Where an installation brought it with it, nothing is compiled. A pass is an entrance of a package's own, written with
`vssim.engines.passes`; it takes the address of a list of words.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import math
import threading
import time
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from vssim.engines import compiled

LOG = logging.getLogger("vssim.engines")

Entrance = Callable[[int], None]

BESIDE = ("catalogue.py", "causes.py", "engines/passes.py")
"""Files of the package that passes are compiled with, beside their own and the kernel's."""

_LOCK = threading.Lock()
_READY: dict[str, Entrance] = {}
_FAILED: set[str] = set()
_LOOKED_AT: dict[str, float] = {}
"""By package: when its code was last looked for in vain [s]; looking costs more than the pass saves a small run."""

AGAIN = 60.0
"""For so long code that was not found is not looked for again [s]; another process may compile it meanwhile."""


def ready(package: str) -> Entrance | None:
    """A pass of a package (its module `run` has the entrance) that is loaded, or was compiled before; None where it is not."""
    if package in _READY:
        return _READY[package]
    if compiled.is_plain() or package in _FAILED or time.monotonic() < _LOOKED_AT.get(package, -math.inf) + AGAIN:
        return None
    with _LOCK:
        return _READY.get(package) or _loaded(package)


def made(package: str, entrance: str) -> Entrance | None:
    """As `ready`, but compiles what is not there; None, and a line on the log `vssim.engines`, where that fails."""
    _LOOKED_AT.pop(package, None)
    known = ready(package)
    if known is not None or compiled.is_plain() or package in _FAILED:
        return known
    from vssim.engines.compiled.backend import cache, machine
    from vssim.engines.compiled.backend.jit import machine_code

    with _LOCK:
        try:
            code = machine_code(getattr(importlib.import_module(f"{package}.run"), entrance))
            with contextlib.suppress(OSError):  # where it cannot be kept, the next process compiles again
                cache.write(_file(package), *code)
            _READY[package] = machine.load(*code)
        except Exception as error:  # Numba's insides may change
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            LOG.warning("%s cannot be compiled here (%s); the same is worked out more slowly", package, reason)
            _FAILED.add(package)
        return _READY.get(package)


def ship(package: str, entrance: str, folder: Path) -> Path:
    """Compile a pass for others, for any processor of this machine's kind, as the kernel is when vssim is installed; its file."""
    from vssim.engines.compiled.backend import cache
    from vssim.engines.compiled.backend.jit import machine_code

    file = folder / _shipped(package).name
    if cache.read(file) is None:
        folder.mkdir(parents=True, exist_ok=True)
        cache.write(file, *machine_code(getattr(importlib.import_module(f"{package}.run"), entrance)))
    for old in folder.glob(f"{package.rpartition('.')[2]}-*.pass"):
        if old != file:
            old.unlink()
    return file


def _loaded(package: str) -> Entrance | None:
    from vssim.engines.compiled.backend import cache, machine

    for file in (_shipped(package), _file(package)):
        with contextlib.suppress(Exception):  # code that was kept but cannot be loaded is made again, whatever is wrong with it
            code = cache.read(file)
            if code is not None and package not in _READY:
                _READY[package] = machine.load(*code)
    if package not in _READY:
        _LOOKED_AT[package] = time.monotonic()
    return _READY.get(package)


def _shipped(package: str) -> Path:
    """Where the code of a package is that came with vssim, if it fits these sources and this system."""
    from vssim.engines.compiled.backend import shipped

    system = shipped.file().name.partition("-")[2].removesuffix(".nbc")
    return shipped.FOLDER / f"{package.rpartition('.')[2]}-{_sources(package)}-{system}.pass"


def _file(package: str) -> Path:
    """Where the code of a package is kept that was compiled here, for this processor."""
    from vssim.engines.compiled.backend import cache, machine

    kind = blake2b(machine.kind().encode(), digest_size=4).hexdigest()
    return cache.folder() / f"{package.rpartition('.')[2]}-{_sources(package)}-{kind}.pass"


@cache
def _sources(package: str) -> str:
    """A hash of all that the code of a package depends on: its own sources, the kernel's, and those of `BESIDE`."""
    from vssim.engines.compiled.backend.cache import of_sources

    spec, root = find_spec(package), Path(__file__).parents[1]
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    sources = sorted(source for folder in folders for source in Path(folder).glob("*.py"))
    content = b"".join(source.read_bytes() for source in [*sources, *(root / name for name in BESIDE)])
    return blake2b(of_sources().encode() + content, digest_size=8).hexdigest()
