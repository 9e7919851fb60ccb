"""The audience: all pages of a room, and in which order they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from vssim.views.live.room.clients import Client

HEAD_START = 0.04
"""How long whoever leads has a new picture before all others [seconds]: what a page takes to put it on the screen. On a laptop that
serves the room and shows it too, to send it to many would take that time from the page that is looked at."""


class Audience:
    """Everybody in a room."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()

    @property
    def leading(self) -> list[Client]:
        """The facilitator's pages: a slider was moved there, and it is what the room looks at."""
        return [client for client in self.clients if client.facilitator]

    @property
    def following(self) -> list[Client]:
        """All other pages."""
        return [client for client in self.clients if not client.facilitator]

    @property
    def everybody(self) -> list[Client]:
        """All pages, the facilitator's first."""
        return [*self.leading, *self.following]

    @property
    def joined(self) -> int:
        """How many phones there are; one that is open twice counts once."""
        return len({client.id for client in self.clients if client.page == "join"})

    def put(self, kind: str, text: str, page: str | None = None, to: Iterable[Client] | None = None) -> None:
        """Send a message soon, to everybody or to some; to those of one kind of page, where that is given."""
        for client in self.everybody if to is None else to:
            if client.page and page in (None, client.page):
                client.put(kind, text)

    async def follow(self, tell: Callable[[Iterable[Client]], None], holds: Callable[[], bool]) -> None:
        """Tell all others what whoever leads was told just now; where it `holds` no more they are told what came after it."""
        there = [client for client in self.following if client.page]  # who comes meanwhile is told when it says hello
        if self.leading:
            await asyncio.sleep(HEAD_START)
        if holds():
            tell(client for client in there if client in self.clients)
