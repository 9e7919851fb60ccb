"""A page without a browser, for tests: says hello to a room, sends what it likes, and sorts what it is told."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.views.live_server import Serving

PATIENCE = 90.0
"""How long a page waits for what it expects [seconds]."""


@dataclass
class Page:
    """One page of a room."""

    wire: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)
    """everything it was told; pictures as their headers, with `kind` picture and the `traces` by side"""
    seq: int = 0

    def say(self, do: str, **what: Any) -> None:
        """Send a message."""
        self.wire.send(json.dumps({"do": do, **what}))

    def hear(self) -> dict[str, Any]:
        """The next message."""
        said = self.wire.recv(PATIENCE)
        message = _picture(said) if isinstance(said, bytes) else json.loads(said)
        self.told.append(message)
        return message

    def until(self, kind: str, **values: Any) -> dict[str, Any]:
        """The next message of a kind with these values."""
        while True:
            message = self.hear()
            if message["kind"] == kind and all(message.get(name) == value for name, value in values.items()):
                return message

    def wish(self, do: str, **what: Any) -> dict[str, Any]:
        """Ask for something, and wait for the picture or the refusal that answers it."""
        self.seq += 1
        self.say(do, seq=self.seq, **what)
        while True:
            message = self.hear()
            if message["kind"] in ("picture", "refused") and message["seq"] == self.seq:
                return message

    def last(self, kind: str) -> dict[str, Any]:
        """The latest message of a kind that it was told."""
        return next(message for message in reversed(self.told) if message["kind"] == kind)


def _picture(data: bytes) -> dict[str, Any]:
    assert data.startswith(b"VSPICT01")
    (length,) = struct.unpack_from("<I", data, 8)
    head: dict[str, Any] = json.loads(data[12 : 12 + length])
    body = data[12 + length :]
    places = [side["trace"] for side in head["sides"]]
    head["traces"] = [None if place is None else body[place[0] : place[0] + place[1]] for place in places]
    return {"kind": "picture", **head}


@contextmanager
def page(room: Serving, *, leads: bool = False, name: str = "one", kind: str = "room", **hello: Any) -> Iterator[Page]:
    """A page that has said hello, and knows the room; `leads`: with the facilitator's key."""
    with connect(f"ws://127.0.0.1:{room.port}/ws", max_size=None, max_queue=None, open_timeout=PATIENCE) as wire:
        found = Page(wire)
        found.say("hello", page=kind, id=name, key=room.key if leads else None, **hello)
        found.until("welcome", facilitator=leads)
        found.until("room")
        if kind == "room" and not found.last("room")["lobby"]:
            found.until("picture")
        yield found
