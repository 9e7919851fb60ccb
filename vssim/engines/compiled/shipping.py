"""Compiling the kernel for others: for any processor of this machine's kind, into a folder, when vssim is installed."""

from __future__ import annotations

from pathlib import Path

from vssim.engines.compiled.backend import cache, shipped
from vssim.engines.compiled.backend.jit import machine_code
from vssim.engines.compiled.loop import run_at


def ship(folder: Path) -> Path:
    """Compile the kernel into a folder, where nothing older is left; its file. NUMBA_CPU_NAME says for which processors."""
    file = shipped.file(folder)
    if cache.read(file) is None:
        folder.mkdir(parents=True, exist_ok=True)
        cache.write(file, *machine_code(run_at))
    for old in folder.glob("*.nbc"):
        if old != file:
            old.unlink()
    return file
