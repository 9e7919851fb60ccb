"""The compiled engine: Numba, written to be fast. Flat arrays, whole numbers, no allocation while it runs."""

from vssim.engines.compiled.play import play

__all__ = ["play"]
