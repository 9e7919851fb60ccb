"""The foreground of a room: what every page shows in front of the boards, which may be nothing."""

from __future__ import annotations

from collections.abc import Callable

from vssim.views.live.room.guess import Guess
from vssim.views.live.room.messages import Refused, Shown
from vssim.views.live.room.setup import Setup


class Foreground:
    """What the room looks at; `tell` sends it to every page."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.shown: Shown = "boards"
        self._tell = tell

    def check(self, shown: Shown, setup: Setup, guess: Guess | None) -> None:
        """Raise Refused where there is no such thing to look at, or not yet."""
        if shown not in there(setup, guess):
            early = guess is not None and not guess.revealed
            raise Refused("first the guess" if early else f"there is no {shown} to show")

    def show(self, shown: Shown) -> None:
        """Look at something."""
        self.shown = shown
        self._tell()

    def settle(self, setup: Setup, guess: Guess | None) -> None:
        """Go back to the boards when what is looked at is not there any more."""
        if self.shown not in there(setup, guess):
            self.shown = "boards"


def there(setup: Setup, guess: Guess | None) -> tuple[Shown, ...]:
    """What the room can look at now: before the answer, only the boards and how to join."""
    shown: list[Shown] = ["boards", "join"]
    if setup.stage is None or (guess is not None and not guess.revealed):
        return tuple(shown)
    if guess is not None:
        shown.append("result")
    if setup.leg is not None and setup.leg.discuss:
        shown.append("discuss")
    over = setup.workshop is not None and setup.number == len(setup.workshop.rounds) and setup.asked is None
    if over and (setup.scenario.lesson or setup.number):
        shown.append("lesson")
    return tuple(shown)
