"""Serving: a room on an address, from the first page to Ctrl-C."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

from vssim.errors import UsageError
from vssim.views.live.room.director import Director
from vssim.views.live.room.messages import MOST_BYTES
from vssim.views.live.room.setup import Opener
from vssim.views.live.serving import invitation
from vssim.views.live.serving.patience import impatient
from vssim.views.live.serving.server import app

PORT = 8731
"""The port, unless it is taken; then any free one, unless it was asked for."""


@dataclass(frozen=True)
class Address:
    """Where a room is."""

    facilitator: str
    """with the key: whoever has it leads the room"""
    room: str
    """the projector page, for everybody"""
    join: str | None
    """the page for phones; None where no phone can come in"""


def bound(host: str, port: int | None) -> socket.socket:
    """A socket at the address; UsageError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in (PORT, 0) if port is None else (port,):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, tried))
        except (OSError, OverflowError, UnicodeError) as error:
            listening.close()
            reason = error
        else:
            return listening
    if isinstance(reason, socket.gaierror | UnicodeError) or getattr(reason, "errno", None) == errno.EADDRNOTAVAIL:
        raise UsageError(f"--host: got {host!r}, expected an address of this machine, or 0.0.0.0 for all that it has")
    option = "--port" if isinstance(reason, OSError) and port is not None else "--host"
    text = getattr(reason, "strerror", None) or str(reason)
    raise UsageError(f"{option}: {host} {port or ''}: the room cannot be there ({text}); try another {option}")


def address(host: str, port: int, key: str) -> Address:
    """The addresses of a room."""
    name = invitation.reached_as(host)
    join = None if invitation.is_loopback(host) else invitation.url(name, port, "join")
    return Address(invitation.url(name, port, f"#key={key}"), invitation.url(name, port), join)


def serve(opener: Opener, source: str | None, there: socket.socket, key: str, ready: Callable[[Address], None]) -> None:
    """Serve one room until it is interrupted, which is how it ends; `ready` is called once the first page may come."""
    with suppress(KeyboardInterrupt):
        server(opener, source, there, key, ready).run([there])


def server(opener: Opener, source: str | None, there: socket.socket, key: str, ready: Callable[[Address], None]) -> uvicorn.Server:
    """What serves one room, not running yet."""
    host, port = there.getsockname()[:2]
    where = address(host, port, key)
    director = Director(opener, key, source, where.join)
    hosts = (*invitation.LOOPBACK, host) if invitation.is_loopback(host) else None
    config = uvicorn.Config(
        app(director, hosts),
        http=impatient(),
        ws="websockets-sansio",
        ws_max_size=4 * MOST_BYTES,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    return _Server(config, lambda: ready(where))


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
