"""Clients: the pages in a room. Each has an outbox in which a newer message of a kind takes the place of an older one."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from vssim.views.live.room.messages import Refused, written

RATE, BURST = 40.0, 120.0
"""Messages a second that a page may send in the long run, and at once."""

MOST_REPLIES = 100
"""Replies that wait for a page, at most; of more, the oldest are dropped."""

PATIENCE = 10.0
"""How long a page may take to receive one message, before it is let go [seconds]."""


def same_key(given: str | None, key: str) -> bool:
    """Whether it is the facilitator's key; how long that takes tells nothing of it."""
    return secrets.compare_digest((given or "").encode("utf-8", "replace"), key.encode())


class Wire(Protocol):
    """What a message goes out on."""

    async def send_text(self, data: str) -> None:
        """Send a text."""

    async def send_bytes(self, data: bytes) -> None:
        """Send bytes."""


Message = str | bytes | Callable[["Client"], str | bytes | None]
"""What is sent; or what says, for a client, what is sent to it (None: nothing)."""


@dataclass(eq=False)
class Client:
    """One page."""

    wire: Wire
    facilitator: bool = False
    page: str = ""
    """room or join; '' before it has said hello"""
    id: str = ""
    name: str = ""
    """what who sits before it wants to be called"""
    left: str | None = None
    """key of the left trace that was sent to it"""
    _outbox: dict[str, Message] = field(default_factory=dict)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: float = BURST
    _at: float = field(default_factory=time.monotonic)
    _sent: int = 0

    def count(self) -> None:
        """Count one message; Refused when they come too fast."""
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._at) * RATE) - 1
        self._at = now
        if self._tokens < 0:
            self._tokens = max(self._tokens, -BURST)
            raise Refused("too many messages; wait a moment")

    def put(self, kind: str, message: Message) -> None:
        """Send soon; an older message of the same kind that has not left yet is dropped."""
        self._outbox.pop(kind, None)
        self._outbox[kind] = message
        self._ready.set()

    def reply(self, message: str) -> None:
        """Send soon, to this one only; replies are not dropped for each other, as long as there are not absurdly many."""
        self._sent += 1
        self._outbox.pop(f"reply {self._sent - MOST_REPLIES}", None)
        self.put(f"reply {self._sent}", message)

    def heard(self, kind: str, seq: int | None) -> None:
        """Tell it that its word was heard, before all are told what came of it: what it was told before that is older."""
        if seq is not None:
            self.reply(written({"kind": kind, "seq": seq}))

    async def pump(self) -> None:
        """Send what is put, until the page is gone or too slow (TimeoutError)."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._outbox:
                message = self._outbox.pop(next(iter(self._outbox)))
                sent = message(self) if callable(message) else message
                async with asyncio.timeout(PATIENCE):
                    if isinstance(sent, bytes):
                        await self.wire.send_bytes(sent)
                    elif sent is not None:
                        await self.wire.send_text(sent)
