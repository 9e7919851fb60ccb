"""Patience: how long a silent connection may hold a place, so that silent ones keep nobody out.

A page says hello as soon as it is connected. Connections that do not, and requests that never end, are closed after a few
seconds; where there are too many of them the oldest goes first, so that whoever does speak finds a place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HELLO = 5.0
"""Within so long a page says hello, and a request has come as a whole [seconds]."""

MOST_SILENT = 100
"""Connections that have not spoken yet, at most."""

MOST_SILENT_OF_ONE = 20
"""Of these, from one address at most: a room behind one router joins in seconds."""


class Waiting:
    """Who is connected and has not spoken yet, the longest waiting first."""

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[str, Callable[[], None]]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def came(self, who: object, address: str, let_go: Callable[[], None]) -> None:
        """Somebody has come who may wait; who has waited longest is let go where there would be too many."""
        here = [other for other, (where, _) in self._waiting.items() if where == address]
        for other in here[: len(here) + 1 - MOST_SILENT_OF_ONE] if len(here) >= MOST_SILENT_OF_ONE else []:
            self._send_away(other)
        while len(self._waiting) >= MOST_SILENT:
            self._send_away(next(iter(self._waiting)))
        self._waiting[who] = (address, let_go)

    def spoke(self, who: object) -> None:
        """Somebody has spoken, or is gone."""
        self._waiting.pop(who, None)

    def _send_away(self, who: object) -> None:
        _, let_go = self._waiting.pop(who)
        let_go()


class Impatient(AutoHTTPProtocol):  # type: ignore[valid-type, misc]
    """Closes connections on which half a request stays half."""

    waiting: ClassVar[Waiting]
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody has come, and waits until it has asked for something."""
        super().connection_made(transport)
        self.waiting.came(self, self.client[0] if self.client else "", self._close)
        self._late = self.loop.call_later(HELLO, self._close)

    def data_received(self, data: bytes) -> None:
        """Something has come in; perhaps a whole request."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Answered; the next request may take as long."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._answered()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, *request: Any) -> None:
        """From here on the room looks after it."""
        self._answered()
        super().handle_websocket_upgrade(*request)

    def _look(self) -> None:
        """While a request is being answered nobody waits; between two, a half one is given as long as the first."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._answered()
        elif self._late is None and not self.transport.is_closing() and self.transport.get_protocol() is self:
            self._late = self.loop.call_later(HELLO, self._close)

    def _answered(self) -> None:
        self.waiting.spoke(self)
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close(self) -> None:
        self._answered()
        if not self.transport.is_closing():
            self.transport.close()


def impatient() -> type[asyncio.Protocol]:
    """The HTTP protocol of one server: a connection whose request does not come as a whole is closed."""
    return type("ImpatientHere", (Impatient,), {"waiting": Waiting()})
