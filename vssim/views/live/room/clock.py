"""The clock of a room: where the play is. Every page plays on by itself; the server knows where all of them are."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Clock:
    """A day, and how fast it goes on."""

    horizon: float = 0.0
    """where it stops [days]"""
    day: float = 0.0
    """where it was `at`"""
    playing: bool = False
    speed: float = 10.0
    """[days a second]"""
    at: float = field(default_factory=time.monotonic)
    """when it was there [seconds, monotonic]"""

    def now(self) -> float:
        """Where it is [days]."""
        passed = (time.monotonic() - self.at) * self.speed if self.playing else 0.0
        return min(self.horizon, self.day + passed)

    def set(self, day: float, playing: bool, speed: float) -> None:
        """Go somewhere, and go on from there or not."""
        self.day, self.playing, self.speed, self.at = min(day, self.horizon), playing, speed, time.monotonic()

    def told(self) -> dict[str, Any]:
        """As pages are told."""
        day = self.now()
        return {"day": round(day, 3), "playing": self.playing and day < self.horizon, "speed": self.speed}
