"""The kernel as machine code: kept on disk, and loaded from there by LLVM alone, so that Numba is only needed to compile it.

A file holds the name of the entrance, a check of it and of what follows, and the object code. Each kind of processor has its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import pickle
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from llvmlite import binding

from vssim.engines.compiled.backend import cache

Entrance = Callable[[int], None]
"""Plays the world whose list of addresses begins at a number; other threads of Python run meanwhile."""


def kept() -> tuple[str, bytes] | None:
    """The entrance's name and the code, as they were kept; None when there are none, or not all of them."""
    return cache.read(_file())


def keep(name: str, code: bytes) -> None:
    """Keep the code for the next process; where that cannot be done, the next one compiles again."""
    with contextlib.suppress(OSError):
        cache.write(_file(), name, code)


def load(name: str, code: bytes) -> Entrance:
    """The entrance, ready to be called."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), binding.Target.from_default_triple().create_target_machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(name)
    if not address:
        raise LookupError(f"there is no {name} in the code")  # to call it would be the end of the process
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)(address)

    def play(world: int) -> None:
        """Numba's functions take two places more, for what they return and for errors. IndexError from a kernel with checks."""
        places = (ctypes.c_void_p * 2)()
        wrong = function(ctypes.addressof(places), ctypes.addressof(places) + ctypes.sizeof(ctypes.c_void_p), world)
        if wrong:
            raise IndexError(_said(places[1]))

    play.engine = engine  # type: ignore[attr-defined]  # the code lives as long as it does
    return play


def _said(address: int | None) -> str:
    """What an error of compiled code says: pickled, its address and length stand at `address`."""
    if not address:
        return "the kernel ended in an error"
    where, length = ctypes.c_void_p.from_address(address).value, ctypes.c_int32.from_address(address + 8).value
    _, arguments, *_ = pickle.loads(ctypes.string_at(where, length))  # type: ignore[arg-type]  # it is our own code that said it
    return " ".join(map(str, arguments or ()))


def kind() -> str:
    """What kind of processor this is."""
    return f"{binding.get_process_triple()} {binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _file() -> Path:
    return cache.folder() / f"{blake2b(kind().encode(), digest_size=8).hexdigest()}.nbc"
