"""A pool: interchangeable people who share their attention among open items (processor sharing by virtual time)."""

from __future__ import annotations

from vssim.clock import MILLION, NO_LIMIT
from vssim.engines.reference.item import Item


def ceil_div(dividend: int, divisor: int) -> int:
    """⌈dividend / divisor⌉."""
    return -(-dividend // divisor)


class Pool:
    """People, what they have open, and how far that is."""

    def __init__(self, number: int, team: int) -> None:
        self.number = number
        self.team = team
        self.people = 0
        """0 means unlimited"""
        self.cap = 0
        self.rates: list[int] = [MILLION, MILLION]
        self.pace = MILLION
        self.open: dict[Item, tuple[int, int]] = {}
        """item -> (target in virtual time, proficiency), in the order of starting"""
        self.progress = 0
        """virtual time V [millionths of a tick]"""
        self.since = 0
        """when V was brought up to date [ticks]"""

    @property
    def has_place(self) -> bool:
        """True when the people may open one more item."""
        return len(self.open) < self.cap

    @property
    def rate(self) -> int:
        """Progress of each open item [millionths]."""
        if not self.open:
            return 0
        return ceil_div(self.rates[min(len(self.open), len(self.rates) - 1)] * self.pace, MILLION)

    def less_busy(self, other: Pool) -> bool:
        """True when open/people here is below that of `other`; unlimited people count as never busy."""
        mine = 0 if self.cap == NO_LIMIT else len(self.open)
        others = 0 if other.cap == NO_LIMIT else len(other.open)
        return mine * max(1, other.people) < others * max(1, self.people)

    def up_to(self, now: int) -> None:
        """Bring the progress up to `now`, at the rate that held until now."""
        self.progress = self.progress + self.rate * (now - self.since) if self.open else 0
        self.since = now

    def take(self, item: Item, effective: int, proficiency: int) -> None:
        """Open an item that takes `effective` ticks of work."""
        self.open[item] = (self.progress + effective * MILLION, proficiency)

    def done(self) -> list[Item]:
        """Close and return the items whose target is reached."""
        finished = [item for item, (target, _) in self.open.items() if target <= self.progress]
        for item in finished:
            del self.open[item]
        return finished

    def put_down(self, item: Item) -> tuple[int, int]:
        """Close an item that is not done; (effective ticks left, work left at proficiency 1), both rounded up."""
        target, proficiency = self.open.pop(item)
        ticks_left = max(0, ceil_div(target - self.progress, MILLION))
        return ticks_left, ceil_div(ticks_left * proficiency, MILLION)

    def ticks_to_next(self) -> int | None:
        """Ticks until the next open item is done; None when none is open or nothing moves. A target reached is done at any rate."""
        if not self.open:
            return None
        ahead = min(target for target, _ in self.open.values()) - self.progress
        if ahead <= 0:
            return 0
        return ceil_div(ahead, self.rate) if self.rate else None
