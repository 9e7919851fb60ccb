"""A room for tests: a real server on a free port of loopback, in a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from vssim.scenario.workshop import Workshop, workshop
from vssim.views.live.room.director import Director
from vssim.views.live.serving import serve as room

KEY = "the-key-of-the-tests"


@dataclass
class Serving:
    """A room that is open."""

    address: str
    """the facilitator's, with the key"""
    key: str
    port: int
    server: uvicorn.Server

    @property
    def room(self) -> str:
        """The projector page, without the key."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def join(self) -> str:
        """The page for phones."""
        return f"{self.room}join"

    @property
    def director(self) -> Director:
        """What is behind it."""
        found: Director = self.server.config.app.director  # type: ignore[union-attr]
        return found


@contextmanager
def serving(source: str | None, key: str = KEY, port: int = 0) -> Iterator[Serving]:
    """A room with a scenario in it (None: the library), open until the block ends."""

    def opener(name: str) -> Workshop:
        return workshop(name)

    ready = threading.Event()
    there = room.bound("127.0.0.1", port)
    with there:
        server = room.server(opener, source, there, key, lambda _: ready.set())
        thread = threading.Thread(target=server.run, args=([there],))
        thread.start()
        try:
            assert ready.wait(240), "the room did not open"  # a machine that is busy may have to compile first
            number = there.getsockname()[1]
            yield Serving(f"http://127.0.0.1:{number}/#key={key}", key, number, server)
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive(), "the room did not close"
