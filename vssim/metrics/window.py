"""The window of a run that is measured: (start, end], and what of a span of time falls into it.

What happens on the last moment counts; what happens at the start counted before it, unless there is no before: from 0 on, all does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import TICKS, Ints
from vssim.log import Log
from vssim.metrics.ending import measured_to


@dataclass(frozen=True)
class Window:
    """What happens at `end` counts; what happens at `start` does only where that is the beginning."""

    start: int
    """[ticks] -- the warm-up, or the moment a change came into force if that is later"""
    end: int
    """[ticks] -- the horizon, or the last departure where all demand has ended and nothing is left"""
    until: int | None = None
    """[ticks] -- of a period that ends before the run does, when it ends; None: with the run"""
    beginning: int = 0
    """when the run begins [ticks]: there is no before"""

    @classmethod
    def of(cls, log: Log, warmup: float, since: float | None = None, until: float | None = None) -> Window:
        """The window of `log` from `warmup`, or from `since` if that is later, to the horizon or to `until` [units]."""
        start, last = log.tick(max(warmup, since or 0.0)), measured_to(log)
        if until is None or until >= log.length:
            return cls(start, last, beginning=log.origin)
        return cls(start, min(last, log.tick(until)), log.tick(until), log.origin)

    def looked_at(self, log: Log) -> int:
        """The moment at which what is there at the end is counted [ticks]."""
        return log.horizon if self.until is None else self.until

    @property
    def span(self) -> int:
        """Length [ticks]; 0 when the warm-up leaves nothing."""
        return max(self.end - self.start, 0)

    @property
    def is_empty(self) -> bool:
        """True when no moment is inside: nothing can be counted. A run that is over as it begins has one moment, and its counts."""
        return self.end < self.start or (self.end == self.start > self.beginning)

    @property
    def length(self) -> float:
        """Length [units of time]; NaN when the warm-up leaves nothing, so that every rate is undefined."""
        return self.span / TICKS if self.span else np.nan

    def holds(self, times: Ints) -> NDArray[np.bool_]:
        """True for the moments [ticks] inside the window; same shape."""
        after = times > self.start if self.start > self.beginning else times >= self.beginning
        return after & (times <= self.end)

    def overlap(self, begin: Ints, end: Ints) -> Ints:
        """Ticks of the spans [begin, end) inside the window; a begin not yet come gives 0, an end not yet come is open."""
        first, last = self.clip(begin, end)
        return last - first

    def clip(self, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
        """The spans [begin, end) cut to the window [ticks]; empty ones have their begin as end."""
        first, last = self._cut(begin), self._cut(end)
        return first, np.maximum(first, last)

    def _cut(self, times: Ints) -> Ints:
        """Times cut to the window; read without their sign, NOT_YET is later than all others."""
        late: Ints = np.minimum(np.maximum(times.view(np.uint64), self.start), max(self.start, self.end)).view(np.int64)
        return late
