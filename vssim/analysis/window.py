"""The window of a run that is measured: [start, end), and what of a span of time falls into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import TICKS, Ints, ticks
from vssim.log import Log


@dataclass(frozen=True)
class Window:
    """What happens at `start` counts, what happens at `end` does not."""

    start: int
    """[ticks] -- the warm-up, or the moment a change came into force if that is later"""
    end: int
    """[ticks] -- the horizon"""

    @classmethod
    def of(cls, log: Log, warmup: float, since: float | None = None) -> Window:
        """The window of `log` from `warmup`, or from `since` if that is later [units], to the horizon."""
        return cls(max(ticks(warmup), ticks(since or 0.0)), log.horizon)

    @property
    def span(self) -> int:
        """Length [ticks]; 0 when the warm-up leaves nothing."""
        return max(self.end - self.start, 0)

    @property
    def length(self) -> float:
        """Length [units of time]; NaN when the warm-up leaves nothing, so that every rate is undefined."""
        return self.span / TICKS if self.span else np.nan

    def holds(self, times: Ints) -> NDArray[np.bool_]:
        """True for the moments [ticks] inside the window; same shape."""
        return (times >= self.start) & (times < self.end)

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
