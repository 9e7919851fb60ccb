"""What compiled passes over flat arrays are written with. Importing this imports Numba: only what is being compiled needs it."""

from __future__ import annotations

from vssim.engines.compiled.backend.jit import entrance, kernel
from vssim.engines.compiled.backend.pointers import float64, high_product, int8, int16, int32, int64, numbers_at

__all__ = ["entrance", "float64", "high_product", "int8", "int16", "int32", "int64", "kernel", "numbers_at"]
