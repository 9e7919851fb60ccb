"""The foreground of a room: what every page shows before the boards, be it nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from vssim.views.live.guess import Guess
from vssim.views.live.messages import Refused, Shown
from vssim.views.live.setup import Setup


class Foreground:
    """What the room looks at; `tell` has every page told of it."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.what: Shown = "boards"
        self._tell = tell
        self._shown = 0
        """how often somebody said what to look at"""

    def ask(self, what: Shown, setup: Setup, guess: Guess | None) -> None:
        """Show what a facilitator wants to be seen; Refused where there is no such thing, or not yet."""
        if what not in there(setup, guess):
            early = guess is not None and not guess.revealed
            raise Refused("first the guess" if early else f"there is no {what} to show")
        self.show(what)

    def show(self, what: Shown) -> None:
        """Look at something."""
        self.what = what
        self._shown += 1
        self._tell()

    async def leave(self, seconds: float) -> None:
        """Back to the boards after a while [seconds], unless somebody has gone on meanwhile."""
        shown = self._shown
        await asyncio.sleep(seconds)
        if shown == self._shown:
            self.show("boards")

    def settle(self, setup: Setup, guess: Guess | None) -> None:
        """What is no longer there is no longer looked at."""
        if self.what not in there(setup, guess):
            self.what = "boards"


def there(setup: Setup, guess: Guess | None) -> tuple[Shown, ...]:
    """What the room can look at now: before the answer, nothing but the boards, and how to join."""
    found: list[Shown] = ["boards", "join"]
    if setup.stage is None or (guess is not None and not guess.revealed):
        return tuple(found)
    if guess is not None:
        found.append("result")
    if setup.leg is not None and setup.leg.discuss:
        found.append("discuss")
    if setup.scenario.lesson and (setup.workshop is None or setup.number == len(setup.workshop.rounds)):
        found.append("lesson")
    return tuple(found)
