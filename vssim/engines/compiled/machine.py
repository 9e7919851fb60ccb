"""The kernel as machine code: kept on disk, and loaded from there by LLVM alone, so that Numba is only needed to compile it.

A file holds the name of the entrance, a check of what follows, and the object code. Each kind of processor has its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from llvmlite import binding

from vssim.engines.compiled import cache

Entrance = Callable[[int], None]
"""Plays the world whose list of addresses begins there; other threads of Python run meanwhile."""


def kept() -> tuple[str, bytes] | None:
    """The entrance's name and the code, as they were kept; None when there are none, or not all of them."""
    try:
        name, check, code = _file().read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    return (name.decode(), code) if _check(code) == check else None


def keep(name: str, code: bytes) -> None:
    """Keep the code for the next process; where that cannot be done, the next one compiles again."""
    file = _file()
    with contextlib.suppress(OSError):
        descriptor, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(b"\n".join([name.encode(), _check(code), code]))
        Path(draft).replace(file)


def load(name: str, code: bytes) -> Entrance:
    """The entrance, ready to be called."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), binding.Target.from_default_triple().create_target_machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)(engine.get_function_address(name))

    def play(address: int) -> None:
        """Numba's functions take two places more, for what they return and for errors; this one has neither."""
        places = (ctypes.c_void_p * 2)()
        function(ctypes.addressof(places), ctypes.addressof(places) + ctypes.sizeof(ctypes.c_void_p), address)

    play.engine = engine  # type: ignore[attr-defined]  # the code lives as long as it does
    return play


def _check(code: bytes) -> bytes:
    return blake2b(code, digest_size=16).hexdigest().encode()


def _file() -> Path:
    kind = f"{binding.get_process_triple()} {binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"
    return cache.folder() / f"{blake2b(kind.encode(), digest_size=8).hexdigest()}.nbc"
