"""The reference engine: SimPy, written to be read. One item is one process; decisions are taken once per tick, after all facts."""

from vssim.engines.reference.play import play, stopped

__all__ = ["play", "stopped"]
